"""Call every operation of every document in a folder through both clients, on a real socket, and judge the requests.

    python -m tests.corpus.measure_wire DIR [--only WORD] [--json FILE] [--seed N]

Each document has a process of its own. The columns: operations, those that both clients have, calls made, calls for
which no arguments were found, calls that differ between the clients, calls that a client refused, requests that
were judged by the document as it was written, and those with an objection. bravado-core judges those of Swagger 2.0.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
import warnings
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

from tests.corpus.document_values import Document
from tests.corpus.forks import Row, in_a_fork, load_once
from tests.corpus.openapi3_requests import DocumentArguments, RequestJudge
from tests.corpus.reading import document_at, documents_in
from tests.corpus.receiving import Judge, Recorder, in_a_thread
from tests.corpus.values import NoValue, Values

SHOWN = 5
COUNTS = ("operations", "both", "calls", "unmade", "different", "refused", "judged", "objected")


def main() -> None:
    """The table on the standard output, and totals at its end."""
    options = _options()
    warnings.simplefilter("ignore")
    load_once()
    documents = [path for path in documents_in(Path(options.folder)) if options.only in path.name]
    documents = sorted(documents, key=lambda path: path.stat().st_size)
    print(f"{'document':60} {'result':8} {' '.join(f'{name:>10}' for name in COUNTS)}")
    rows = []
    for path in documents:
        row = in_a_fork(lambda document: measured(document, options.seed), path)
        rows.append(row)
        counts = " ".join(f"{row.get(name, ''):>10}" for name in COUNTS)
        print(f"{row['document'][:60]:60} {row['result']:8} {counts}  {row.get('detail', '')}"[:1500], flush=True)
    called = [row for row in rows if row["result"] == "called"]
    print(f"\n{len(rows)} documents, {len(called)} of them called through both clients")
    print(", ".join(f"{name} {sum(row[name] for row in called)}" for name in COUNTS))
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder")
    parser.add_argument("--only", default="", metavar="WORD", help="documents with this in their names")
    parser.add_argument("--json", metavar="FILE", help="write the rows there, too")
    parser.add_argument("--seed", type=int, default=4, help="another one makes other arguments")
    return parser.parse_args()


def measured(document: Path, seed: int) -> Row:
    """One document, in this process."""
    from ovcgen.errors import SpecRefused
    from ovcgen.generator.write import write
    from ovcgen.workflows.build_sdk import sdk_of
    from ovcgen.workflows.connect import connect
    from ovcgen.workflows.resolve import resolve

    try:
        resolved = resolve(document)
        sdk = sdk_of(document)
    except SpecRefused as error:
        return {"result": "refused", "detail": " ".join(str(error).split())}
    with tempfile.TemporaryDirectory() as folder, in_a_thread(Recorder()) as server:
        write(sdk.files, Path(folder))
        package = _imported(folder, next(name.partition("/")[0] for name in sdk.files if name.endswith("/_client.py")))
        with package.connect(server.url) as static, connect(server.url, spec=document) as dynamic:
            comparison = Comparison(server, static, dynamic, document_at(document))
            for operation in resolved.api.callable_operations:
                comparison.compare(operation, resolved.api, seed)
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{package.__name__}.")]:
        del sys.modules[name]  # another SDK may have the same name
    return {"result": "called", **comparison.counts, "detail": "; ".join(comparison.remarks)}


def _imported(folder: str, name: str) -> Any:
    """The package, and all of it: its folder does not stay."""
    sys.path.insert(0, folder)
    try:
        package = importlib.import_module(name)
        for path in sorted(Path(folder, name).rglob("*.py")):
            importlib.import_module(".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"))
    finally:
        sys.path.remove(folder)
    return package


def _judge(document: Any) -> Judge | str:
    """bravado-core, or the name of what keeps it from loading the document."""
    try:
        return Judge(document)
    except Exception as error:  # noqa: BLE001 - its own limits are not what is measured here
        return type(error).__name__


class Comparison:
    """Both clients of one document, and what came of the calls so far."""

    def __init__(self, server: Recorder, static: Any, dynamic: Any, document: Any) -> None:
        self._server = server
        self._clients = (static, dynamic)
        self._openapi3 = Document(document) if "openapi" in document else None
        self._judge = RequestJudge(self._openapi3) if self._openapi3 else _judge(document)
        self.counts = dict.fromkeys(COUNTS, 0)
        self.remarks = [f"no judge: {self._judge}"] if isinstance(self._judge, str) else []

    def compare(self, operation: Any, api: Any, seed: int) -> None:
        """Call it with all arguments, and with the least."""
        self.counts["operations"] += 1
        try:
            methods = [reduce(getattr, operation.dotted.split("."), client) for client in self._clients]
        except AttributeError as error:
            self._remark(str(error))
            return
        self.counts["both"] += 1
        for arguments in self._arguments(operation, api, seed):
            self._call(operation, methods, arguments)

    def _arguments(self, operation: Any, api: Any, seed: int) -> Iterator[dict[str, Any]]:
        for turn, all_of_them in enumerate((True, False)):
            own_seed = seed * 1000 + turn
            values = DocumentArguments(self._openapi3, own_seed) if self._openapi3 else Values(api, own_seed)
            try:
                yield values.arguments(operation, all_of_them=all_of_them)
            except (NoValue, RecursionError):
                self.counts["unmade"] += 1

    def _call(self, operation: Any, methods: list[Any], arguments: dict[str, Any]) -> None:
        self.counts["calls"] += 1
        outcomes = [self._outcome(method, arguments) for method in methods]
        told = [repr(outcome.without_boundary()) if hasattr(outcome, "body") else outcome for outcome in outcomes]
        if told[0] != told[1]:
            self.counts["different"] += 1
            self._remark(f"{operation.place} differs: {told[0][:300]} and {told[1][:300]}")
        if isinstance(outcomes[0], str):
            self.counts["refused"] += 1
            self._remark(f"{operation.place} refused: {outcomes[0]}")
        elif not isinstance(self._judge, str):
            self.counts["judged"] += 1
            if objection := self._judge.objection(outcomes[0], operation, arguments):
                self.counts["objected"] += 1
                self._remark(f"{operation.place} objected: {objection}")

    def _outcome(self, method: Any, arguments: dict[str, Any]) -> Any:
        """The request that arrived, or the words of a refusal."""
        before = len(self._server.received)
        try:
            method(**arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, both clients have to say it
            if len(self._server.received) == before:
                return f"{type(error).__name__}: {error}"
        return self._server.received[-1] if len(self._server.received) > before else "nothing was sent"

    def _remark(self, text: str) -> None:
        if len(self.remarks) < SHOWN:
            self.remarks.append(text[:700])


if __name__ == "__main__":
    main()
