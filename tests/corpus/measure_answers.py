"""Check that what the clients of a document return is what their types say, against a mock of its own examples.

    python -m tests.corpus.measure_answers DIR [--only WORD] [--largest KIB] [--json FILE]

A mock answers each operation with the examples of the document and with samples of its schemas. jsonschema says which
of these are valid, and pydantic whether what a client returns, or the body of an error, has the declared type.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import builtins
import importlib
import json
import re
import sys
import tempfile
import typing
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce
from http.server import ThreadingHTTPServer
from inspect import Parameter, signature, unwrap
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ovcgen.errors import SpecRefused
from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.generator.view.operation_schemas import error_key
from ovcgen.generator.view.schema_annotations import NamedTypes, named_types
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.generator.write import write
from ovcgen.model.media import error_schemas, is_content
from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import Samples
from ovcgen.model.schema import Array
from ovcgen.workflows.build_sdk import sdk_of
from ovcgen.workflows.connect import connect
from ovcgen.workflows.resolve import resolve
from tests.corpus.document_values import Document
from tests.corpus.forks import Row, in_a_fork, load_once
from tests.corpus.reading import document_at, documents_in
from tests.corpus.receiving import AnyMethod, in_a_thread

IS_OF_TYPES = re.compile(r"[^/]+/types(/_part_\d+)?\.py")
SEQUENCES = ("application/jsonl", "application/x-ndjson", "application/x-jsonlines")
REPEATED = ("401", "408", "419", "421", "425", "429", "502", "503", "504")  # clients repeat these calls, or log in anew
SHOWN = 12
COUNTS = (
    *("operations", "unmatched", "called", "answers", "invalid", "unjudged", "unwanted"),
    *("checked", "any", "misfits", "failed", "unsent", "errors", "runtime", "asynchronous"),
)


class Answer(NamedTuple):
    """One response of the mock, and the value that a client should return for it."""

    status: int
    kind: str
    body: bytes
    value: Any


class Mock(ThreadingHTTPServer):
    """Answers every request with `answer`, and counts the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answer = Answer(204, "", b"", None)
        self.requests = 0
        self.accepted = ""
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Answering(AnyMethod):
    server: Mock

    def respond(self) -> None:
        """Send the present answer."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests += 1
        self.server.accepted = self.headers.get("Accept", "*/*")
        answer = self.server.answer
        lines = [f"HTTP/1.1 {answer.status} Mock", *([f"Content-Type: {answer.kind}"] if answer.kind else [])]
        lines += [] if answer.status in (204, 205, 304) else [f"Content-Length: {len(answer.body)}"]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        self.wfile.write(head + (b"" if self.command == "HEAD" else answer.body))


def answers(document: Document, operation: Any, counts: Counter[str]) -> Iterator[Answer]:
    """Yield the responses of the mock for one operation of the document, valid ones only."""
    responses = operation.get("responses") or {}
    if not any(str(key).startswith("2") or key == "default" for key in responses):
        yield Answer(204, "", b"", None)
    for key, declared in responses.items():
        response = document.followed(declared)
        status = _status(str(key), responses)
        if not status or not isinstance(response, dict):
            continue
        contents = response.get("content") or {}
        if not contents or status in (204, 205, 304):
            yield Answer(status, "", b"", None)
            continue
        for kind, described in contents.items():
            yield from _of_media_type(document, status, kind, document.followed(described), counts)


def _status(key: str, responses: Any) -> int:
    """Return a status for the key of a response; 0 for what is neither a success nor an error that ends a call."""
    declared = {str(other).upper() for other in responses}
    if key.lower() == "default" and any(other.startswith("2") for other in declared):
        return next(
            (status for status in (500, 501, 400, 418) if {str(status), f"{status // 100}XX"}.isdisjoint(declared)), 0
        )
    if key.lower() == "default":
        return 200
    if re.fullmatch("[245](XX|xx)", key):
        first = int(key[0]) * 100 + (18 if key[0] == "4" else 3)
        return next(status for status in range(first, first + 80) if str(status) not in {*declared, *REPEATED})
    is_status = re.fullmatch("[245][0-9][0-9]", key) and key not in REPEATED
    return int(key) if is_status else 0


def _of_media_type(
    document: Document, status: int, kind: str, described: Any, counts: Counter[str]
) -> Iterator[Answer]:
    described = described if isinstance(described, dict) else {}
    sent_kind = kind.replace("application/*", "application/json").replace("*/*", "application/json").replace("*", "x")
    plain = sent_kind.partition(";")[0].strip().lower()
    if plain.endswith(("/json", "+json")) and plain != "application/json-seq":
        schema = described.get("schema", described.get("itemSchema", {}))
        values = _examples(document, described) + document.samples(schema)
        for value in values if status < 300 else values[:2]:
            is_valid = document.allows(schema, value)
            counts["answers" if is_valid else "invalid" if is_valid is False else "unjudged"] += 1
            if is_valid:
                yield Answer(status, sent_kind, json.dumps(value).encode(), value)
    elif plain in SEQUENCES and "itemSchema" in described:
        items = [
            item for item in document.samples(described["itemSchema"]) if document.allows(described["itemSchema"], item)
        ]
        counts["answers"] += 1
        yield Answer(status, sent_kind, "".join(f"{json.dumps(item)}\n" for item in items).encode(), items)
    elif plain.endswith("/xml"):
        counts["answers"] += 1
        yield Answer(status, sent_kind, b"<a>b</a>", "<a>b</a>")
    elif plain.startswith("text/") and plain != "text/event-stream":
        counts["answers"] += 1
        yield Answer(status, sent_kind, b"a text", "a text")
    elif plain.startswith(("image/", "audio/", "video/")) or plain in ("application/octet-stream", "application/pdf"):
        counts["answers"] += 1
        text = "<svg/>" if plain.endswith("+xml") else b"\x89\x00bytes"
        yield Answer(status, sent_kind, text.encode() if isinstance(text, str) else text, text)


def _examples(document: Document, described: dict[str, Any]) -> list[Any]:
    """Return the examples of a media type."""
    found = [described["example"]] if "example" in described else []
    named = described.get("examples")
    for each in named.values() if isinstance(named, dict) else ():
        example = document.followed(each)
        if isinstance(example, dict):
            found += [example[key] for key in ("value", "dataValue") if key in example]
    return found


class Clients(NamedTuple):
    """The clients of one document: the package of its SDK, its blocking client, and the runtime client."""

    package: Any
    blocking: Any
    runtime: Any


class Checks:
    """Calls operations and counts what came of it."""

    def __init__(self, server: Mock, clients: Clients, document: Document, known_types: NamedTypes) -> None:
        self._server = server
        self._clients = clients
        self._document = document
        self._shapes = known_types
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        self._repeated: list[tuple[Any, dict[str, Any], Answer]] = []
        self.counts: Counter[str] = Counter()
        self.remarks: list[str] = []

    def check(self, operation: Any, arguments: dict[str, Any], raw: Any) -> None:
        """Call one operation through the blocking client, once for each answer; the first one through the others."""
        self.counts["operations"] += 1
        method = reduce(getattr, operation.dotted.split("."), self._clients.blocking)
        is_head = operation.method == "HEAD"
        has_been_called = False
        for answer in answers(self._document, raw, self.counts):
            wanted = answer._replace(value=None) if is_head else answer
            before = self._server.requests
            self._server.answer = wanted
            value = self._outcome(method, arguments, wanted)
            if self._server.requests == before:
                self.counts["unsent"] += 1
                self._remark(operation, f"not sent: {value!r}")
                return
            if answer.status < 300 and answer.kind and not is_accepted(answer.kind, self._server.accepted):
                self.counts["unwanted"] += 1
                continue
            self._compare(operation, method, wanted, value)
            if not has_been_called and answer.status < 300:
                self.counts["called"] += 1
                has_been_called = True
                self._repeated.append((operation, arguments, wanted))
                other = reduce(getattr, operation.dotted.split("."), self._clients.runtime)
                self._compare_other(operation, "runtime", wanted, self._outcome(other, arguments, wanted))

    async def check_asynchronously(self) -> None:
        """Repeat the first call of each operation through the asynchronous client."""
        async with self._clients.package.aio.connect(self._server.url) as client:
            for operation, arguments, answer in self._repeated:
                self._server.answer = answer
                try:
                    value = await reduce(getattr, operation.dotted.split("."), client)(**arguments)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
                    value = error
                self._compare_other(operation, "asynchronous", answer, value)

    def _outcome(self, method: Any, arguments: dict[str, Any], answer: Answer) -> Any:
        """Return the value of a call, the exception that it raised, or the body of the expected error."""
        try:
            return method(**arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
            is_expected = answer.status >= 300 and getattr(error, "status", 0) == answer.status
            return error.body if is_expected and hasattr(error, "body") else error

    def _compare(self, operation: Any, method: Any, answer: Answer, value: Any) -> None:
        if answer.status >= 300:
            self.counts["errors"] += 1
            is_hidden = "***" in repr(value)  # secrets in errors
            is_json = answer.kind.partition(";")[0].endswith("json")
            if isinstance(value, Exception) or (value != answer.value and is_json and not is_hidden):
                self.counts["failed"] += 1
                self._remark(operation, f"{answer.status} {answer.kind}: {answer.body[:80]!r} became {value!r:.200}")
            elif (
                is_json
                and answer.value is not None
                and not is_hidden
                and (text := self._error_type(operation, answer.status))
            ):
                self._check_type(operation, text, answer, value)
        elif is_changed(answer, value):
            self.counts["failed"] += 1
            self._remark(operation, f"{answer.status} {answer.kind}: {answer.body[:80]!r} became {value!r:.200}")
        else:
            self._check_type(operation, return_annotation(method), answer, value)

    def _compare_other(self, operation: Any, client: str, answer: Answer, value: Any) -> None:
        self.counts[client] += 1
        if is_changed(answer, value):
            self.counts["failed"] += 1
            self._remark(operation, f"{client} client: {answer.body[:80]!r} became {value!r:.200}")

    def _error_type(self, operation: Any, status: int) -> str:
        """Return the annotation of an error of an operation; "" if its type is not declared."""
        declared = dict(error_schemas(operation))
        known = {response.status for response in operation.responses}
        key = next((key for key in (str(status), f"{status // 100}XX", "default") if key in known), "")
        names = ScopedNames(types="types")
        return self._shapes.annotation(declared[key], error_key(operation, key), names) if key in declared else ""

    def _check_type(self, operation: Any, text: str, answer: Answer, value: Any) -> None:
        if text not in self._adapters:
            self._adapters[text] = TypeAdapter(self._declared(text))
        self.counts["checked"] += 1
        self.counts["any"] += text == "Any"
        try:
            self._adapters[text].validate_python(value, strict=True)
        except ValidationError as error:
            self.counts["misfits"] += 1
            whole = "; ".join(
                f"{'.'.join(map(str, each['loc']))} {each['msg']} ({each['input']!r:.60})"
                for each in error.errors(include_url=False)[:3]
            )
            self._remark(operation, f"{answer.status} {answer.kind} does not fit {text}: {whole}")

    def _declared(self, text: str) -> Any:
        known = {**vars(typing), "Mapping": Mapping, "builtins": builtins, "types": self._clients.package.types}
        holder = type("Holder", (), {"__annotations__": {"value": text}})
        return typing.get_type_hints(holder, globalns=known, localns=known)["value"]

    def _remark(self, operation: Any, text: str) -> None:
        self.remarks.append(f"{operation.place} {text}"[:700])


def is_changed(answer: Answer, value: Any) -> bool:
    """Return whether a client returned something else than the mock sent. A text may come as bytes."""
    return isinstance(value, Exception) or (value != answer.value and value != answer.body)


def is_accepted(kind: str, header: str) -> bool:
    """Return whether an `Accept` header prefers that media type: no other is sent to such a caller."""
    plain = kind.partition(";")[0].strip().lower()
    listed = {each.partition(";")[0].strip().lower() for each in header.split(",") if "q=0" not in each}
    return not listed.isdisjoint({plain, f"{plain.partition('/')[0]}/*", "*/*"})


def return_annotation(method: Any) -> str:
    """Return the annotation of what a method returns when no keyword of the client's own is given."""
    function = unwrap(method.__func__)
    for overload in typing.get_overloads(function):
        own = [each for each in signature(overload).parameters.values() if each.name.startswith("_")]
        if all(each.default is not Parameter.empty for each in own):
            function = overload
            break
    text = str(function.__annotations__["return"])
    return "bytes" if text == "Path" else text  # of overloads with a decorator, Python knows the last one only


def checkable(types: str) -> str:
    """Return a module of types as pydantic reads it: aliases that can contain themselves, TypedDicts of any Python."""
    lines = types.splitlines(keepends=True)
    aliases = [node for node in ast.parse(types).body if isinstance(node, ast.AnnAssign)]
    for node in reversed(aliases):
        name = ast.unparse(node.target)
        lines[node.lineno - 1 : node.end_lineno] = [f"{name} = TypeAliasType({name!r}, {ast.unparse(node.value)})\n"]
    extended = "from typing_extensions import TypeAliasType\nfrom typing_extensions import"
    return "".join(lines).replace("from typing import", extended, 1)


def measured(path: Path) -> Row:
    """Measure one document, in this process."""

    try:
        resolved, sdk = resolve(path), sdk_of(path)
    except SpecRefused as error:
        return {"result": "refused", "detail": [" ".join(str(error).split())[:300]]}
    with tempfile.TemporaryDirectory() as folder:
        return _checked(path, resolved.api, _imported(sdk.files, Path(folder)))


def _checked(path: Path, api: Any, package: Any) -> Row:

    document = Document(document_at(path))
    with (
        in_a_thread(Mock()) as server,
        package.connect(server.url) as blocking,
        connect(server.url, spec=path) as runtime,
    ):
        checks = Checks(server, Clients(package, blocking, runtime), document, named_types(api))
        samples = _ArgumentSamples(Resolver(api.schemas))
        for operation in api.callable_operations:
            raw = _declared_operation(document, operation)
            if raw is None:
                checks.counts["unmatched"] += 1
                continue
            examples = {key: value for key, value in (example_arguments(operation, {}) or {}).items() if value != {}}
            checks.check(operation, samples.arguments(operation) | examples, raw)
        asyncio.run(checks.check_asynchronously())
    return {"result": "called", **dict.fromkeys(COUNTS, 0), **checks.counts, "detail": checks.remarks}


def _declared_operation(document: Document, operation: Any) -> Any:
    item = document.followed((document.raw.get("paths") or {}).get(operation.path))
    if not isinstance(item, dict):
        return None
    others = item.get("additionalOperations") or {}
    return item.get(operation.method.lower(), others.get(operation.method))


class _ArgumentSamples(Samples):
    """Makes arguments of operations that have no example: no list is empty, and no object in the outermost levels."""

    def value(self, schema: Any, depth: int = 0) -> Any:
        """Return a value of a schema."""
        found = super().value(schema, depth)
        whole = self.resolver.resolved(schema)
        if found == [] and isinstance(whole, Array) and depth < 2:
            return [self.value(whole.prefix[0] if whole.prefix else whole.items, depth + 1)]
        return found if found not in ({}, None) or depth > 1 else {"key": "a"}

    def is_included(self, member: Any, depth: int) -> bool:
        """Return whether an object has a member."""
        return depth == 0 or super().is_included(member, depth)

    def arguments(self, operation: Any) -> dict[str, Any]:
        """Return a value for each required argument."""
        needed = [parameter for parameter in operation.parameters if parameter.required]
        return {
            parameter.key: b"bytes" if is_content(parameter, operation) else self.value(parameter.schema)
            for parameter in needed
        }


def _imported(files: dict[str, str], folder: Path) -> Any:
    """Return the package of an SDK, completely loaded: its folder does not stay."""

    name = next(name.partition("/")[0] for name in files if name.endswith("/_client.py"))
    types = {path: checkable(text) for path, text in files.items() if IS_OF_TYPES.fullmatch(path)}
    write({**files, **types}, folder)
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(name)
        for path in sorted((folder / name).rglob("*.py")):
            importlib.import_module(".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"))
    finally:
        sys.path.remove(str(folder))
    return package


def main() -> None:
    """Print a line for each document as soon as it is known, and totals at the end."""
    options = _options()
    load_once()
    rows = []
    found = [path for path in documents_in(Path(options.folder)) if options.only in str(path)]
    for path in sorted(found, key=lambda path: path.stat().st_size):
        if path.stat().st_size <= options.largest * 1024:
            rows.append(in_a_fork(measured, path))
            print(line(rows[-1]), flush=True)
    called = [row for row in rows if row["result"] == "called"]
    print(f"\n{len(rows)} documents, {len(called)} of them called")
    print(", ".join(f"{name} {sum(row.get(name, 0) for row in called)}" for name in COUNTS))
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder")
    parser.add_argument("--only", default="", metavar="WORD", help="documents with this in their names")
    parser.add_argument("--largest", type=int, default=10**6, metavar="KIB", help="leave out larger documents")
    parser.add_argument("--json", metavar="FILE", help="write the rows there, too")
    return parser.parse_args()


def line(row: Row) -> str:
    """Return the line of one document, with its remarks below it."""
    counts = " ".join(f"{name} {row[name]}" for name in COUNTS if row.get(name))
    remarks = "".join(f"\n    {remark}" for remark in row.get("detail", [])[:SHOWN])
    return f"{row['document']:60.60} {row['result']:8} {row.get('seconds', ''):>5} {counts}{remarks}"


if __name__ == "__main__":
    main()
