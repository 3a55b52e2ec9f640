"""Try ovcgen on a folder of Swagger or OpenAPI documents, each in a process of its own, and print what came of it.

    python -m tests.corpus.measure DIR [--no-mypy] [--pyright] [--only WORD] [--json FILE]

A document ends as `generated`, `refused` (exit code 8, with a pointer), `crashed` or `timeout`. What is generated is
imported, every call of it is looked up, mypy and ruff read it, and what the document says is looked for in it. pyright
reads many SDKs at once, when all are there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

from tests.corpus.reading import documents_in

SECONDS, MEMORY = 60, 2**30
PYRIGHT_LINES = 60_000  # of the SDKs that pyright reads in one process, which then needs 2 GiB
CONCISE = ("--no-cache", "--output-format", "concise")
RUFF = (["check", "--select", "E,F,I,UP,B", "--line-length", "120"], ["format", "--check", "--line-length", "120"])
FAULT = re.compile(r"^\S+\.py:", re.MULTILINE)  # one of ruff's lines; its closing line is none
PLACE = re.compile(r"/\S+|\(document\)")
RESULTS = ("generated", "refused", "crashed", "timeout")
Row = dict[str, Any]
COLUMNS = {"document": 60, "result": 10, "operations": 10, "seconds": 7, "mib": 5, "imports": 8, "mypy": 5, "ruff": 5}


def main() -> None:
    """The table on the standard output, a line a document as soon as it is known, and totals at the end."""
    options = _options()
    if options.one:
        _limited_child(Path(options.folder), Path(options.one))
        return
    documents = [path for path in documents_in(Path(options.folder)) if options.only in str(path)]
    print(
        f"{'document':60} {'result':10} {'ops':>5} {'sec':>6} {'MiB':>5} {'import':7} {'mypy':>5} {'ruff':>5}  detail"
    )
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.at_once) as workers:
        measure = Measure(Path(options.folder), Path(options.keep or folder).resolve(), mypy=not options.no_mypy)
        rows = []
        for row in workers.map(measure, documents):
            rows.append(row)
            print(line(row), flush=True)
        if options.pyright:
            print_pyright(measure.folder / "sdks")
    print("\n" + "\n".join(totals(rows, mypy=not options.no_mypy)))
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder")
    parser.add_argument("--no-mypy", action="store_true", help="leave out what takes longest")
    parser.add_argument("--pyright", action="store_true", help="let pyright in its strict mode read all SDKs, too")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="documents at a time")
    parser.add_argument("--only", default="", metavar="WORD", help="documents with this in their names")
    parser.add_argument("--json", metavar="FILE", help="write the rows there, too")
    parser.add_argument("--keep", metavar="DIR", help="leave the SDKs there")
    parser.add_argument("--one", metavar="DIR", help=argparse.SUPPRESS)
    return parser.parse_args()


class Measure:
    """What one of the `documents` comes to; `folder` is for SDKs and caches."""

    def __init__(self, documents: Path, folder: Path, *, mypy: bool) -> None:
        self.documents = documents
        self.folder = folder
        self.mypy = mypy
        self._own = local()

    def __call__(self, document: Path) -> Row:
        name = document.name if document.parent == self.documents else f"{document.parent.name}.{document.name}"
        target = self.folder / "sdks" / name
        target.mkdir(parents=True, exist_ok=True)
        row = {"document": name, **self._generated(document, target)}
        if row["result"] == "generated":
            row |= {"ruff": self._ruff(target)}
            row |= self._types(target, str(row["package"])) if self.mypy else {}
        return row

    def _generated(self, document: Path, target: Path) -> Row:
        command = [sys.executable, "-m", "tests.corpus.measure", str(document.resolve()), "--one", str(target)]
        begun = time.monotonic()
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return {"result": "timeout", "seconds": SECONDS}
        told = {"seconds": round(time.monotonic() - begun, 1)}
        lines = done.stdout.splitlines()
        if done.returncode == 0 and lines:
            return {"result": "generated", **told, **json.loads(lines[-1])}
        last = (done.stderr.strip().splitlines() or [""])[-1]
        if done.returncode == 8:
            said = " ".join(done.stderr.split())
            pointer = PLACE.search(said.partition("#")[2] or said.replace(str(document.resolve()), ""))
            return {"result": "refused", **told, "pointer": pointer.group() if pointer else "", "detail": said[:200]}
        return {"result": "crashed", **told, "detail": f"{done.returncode}: {last}"}

    def _ruff(self, target: Path) -> int:
        found = 0
        for command in RUFF:
            call = [sys.executable, "-m", "ruff", *command, *CONCISE, str(target)]
            done = subprocess.run(call, capture_output=True, text=True, check=False)
            found += len(FAULT.findall(done.stdout)) or (done.returncode != 0)
            self._note(target, "" if done.returncode == 0 else done.stdout + done.stderr)
        return found

    def _types(self, target: Path, package: str) -> Row:
        cache = self.folder / f"mypy-{self._worker()}"
        (sdk,) = (path for path in target.iterdir() if path.is_dir())
        call = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={cache}", "-p", package]
        done = subprocess.run(call, cwd=sdk, capture_output=True, text=True, check=False)
        self._note(target, "" if done.returncode == 0 else done.stdout + done.stderr)
        said = re.search(r"Found (\d+) error", done.stdout)
        return {"mypy": int(said.group(1)) if said else int(done.returncode != 0)}

    def _note(self, target: Path, text: str) -> None:
        if text:
            with target.with_name(f"{target.name}.txt").open("a") as file:
                file.write(text)

    def _worker(self) -> int:
        """One cache a thread: mypy writes it while it runs."""
        if not hasattr(self._own, "number"):
            self._own.number = len(list(self.folder.glob("mypy-*")))
            (self.folder / f"mypy-{self._own.number}").mkdir()
        return int(self._own.number)


def print_pyright(sdks: Path) -> None:
    """Print pyright's errors in the SDKs below a folder, batch by batch, without the runtime in each SDK."""
    batches: list[list[str]] = [[]]
    length = 0
    for sdk in sorted(path for target in sdks.iterdir() if target.is_dir() for path in target.iterdir()):
        own = sum(path.read_bytes().count(b"\n") for path in sdk.rglob("*.py") if "_runtime" not in path.parts)
        if batches[-1] and length + own > PYRIGHT_LINES:
            batches.append([])
            length = 0
        batches[-1].append(str(sdk.relative_to(sdks)))
        length += own
    for batch in batches:
        config: Row = {"typeCheckingMode": "strict", "include": batch, "exclude": ["**/_runtime"]}
        config["executionEnvironments"] = [{"root": sdk} for sdk in batch]
        (sdks / "pyrightconfig.json").write_text(json.dumps(config))
        command = [
            sys.executable,
            "-m",
            "basedpyright",
            "--outputjson",
            "--pythonpath",
            sys.executable,
            "-p",
            str(sdks),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.stdout:
            print(f"pyright failed on {', '.join(batch)}: {done.stderr.strip()[:200]}", flush=True)
            continue
        told = json.loads(done.stdout)
        for each in told["generalDiagnostics"]:
            print(f"{each['file']}:{each['range']['start']['line'] + 1}: {each['message']}")
        print("pyright: {errorCount} errors in {filesAnalyzed} files".format(**told["summary"]), flush=True)


def _limited_child(document: Path, target: Path) -> None:
    """Generate, import and look up every call; the result is one line of JSON, the exit code ovcgen's own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ.pop("OVCGEN_DEBUG", None)
    from ovcgen.errors import SpecRefused
    from ovcgen.generator.write import write
    from ovcgen.workflows.build_sdk import sdk_of
    from tests.corpus.nothing_lost import lost, number_of_calls
    from tests.corpus.reading import document_at

    try:
        sdk = sdk_of(document)
    except SpecRefused as error:
        print(f"#{error}", file=sys.stderr)
        sys.exit(8)
    write(sdk.files, target / sdk.folder)
    package = next(name.partition("/")[0] for name in sdk.files if name.endswith("/_client.py"))
    told = {"operations": sdk.operations, "package": package, "imports": _imports(target / sdk.folder, package)}
    raw = document_at(document)
    told["said"], told["lost"] = lost(raw, sdk.files, sdk.problems)
    told["calls"] = number_of_calls(raw)
    told["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(told))


def _imports(folder: Path, package: str) -> str:
    """`ok` if every module loads and every call is where the client should have it."""
    sys.path.insert(0, str(folder))
    from importlib import import_module

    try:
        for path in sorted((folder / package).rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            import_module(name)
        client = import_module(package).connect("https://api.example")
        for name in [each for each in dir(type(client)) if each[0] != "_"]:
            getattr(client, name)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the result
        return type(error).__name__
    return "ok"


def line(row: Row) -> str:
    """One row of the table."""
    cells = [f"{row.get(name, '')!s:{width}}" for name, width in COLUMNS.items()]
    missing = f"lost: {', '.join(row['lost'][:3])}" if row.get("lost") else ""
    return " ".join([*cells, row.get("detail", ""), missing]).rstrip()


def totals(rows: list[Row], *, mypy: bool) -> list[str]:
    """How many of each result, and how many SDKs are without a fault."""
    counted = {result: sum(row["result"] == result for row in rows) for result in RESULTS}
    clean = [
        row
        for row in rows
        if row["result"] == "generated" and row["imports"] == "ok" and not row["ruff"] and not row.get("mypy", 0)
    ]
    every = len(rows) or 1
    kinds = "imports, mypy --strict, ruff" if mypy else "imports, ruff"
    without = [row["document"] for row in rows if row["result"] == "refused" and not row["pointer"]]
    gone = sum(len(row.get("lost", ())) for row in rows)
    return [
        f"{len(rows)} documents: " + ", ".join(f"{number} {result}" for result, number in counted.items()),
        f"{len(clean)} without a fault ({kinds}): {len(clean) / every:.1%}",
        "{} of {} calls generated".format(*(sum(row.get(key, 0) for row in rows) for key in ("operations", "calls"))),
        f"{gone} of {sum(row.get('said', 0) for row in rows)} calls and parameters neither in the SDK nor in a warning",
        f"{len(without)} refused without a pointer: {', '.join(without[:5])}",
    ]


if __name__ == "__main__":
    main()
