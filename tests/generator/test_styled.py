"""SDKs of documents with styles, media types, streams and servers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ovcgen

EVENTS, LINES = "text/event-stream", "application/jsonl"
ITEM = {"type": "object", "properties": {"a": {"type": "integer"}}}
FILE = {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}
STYLED = {
    *(
        "styled_bodies",
        "file_and_text_bodies",
        "urlencoded_forms",
        "multipart",
        "styled_responses",
        "response_streams",
        "record_parsers",
        "servers",
    ),
    *("styled_argument_checks", "styled_operation", "styled_parameters", "styled_requests", "parameter_styles"),
}


def answers(**contents: Any) -> dict[str, Any]:
    """An operation with these media types of its answer."""
    return {"tags": ["things"], "responses": {"200": {"description": "", "content": contents}}}


def generated(tmp_path: Path, **paths: Any) -> dict[str, str]:
    """The files of an SDK, by their path in the package."""
    operations = {f"/{name}": {method: {"operationId": name, **body}} for name, (method, body) in paths.items()}
    document = {
        "openapi": "3.2.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://h/v1"}],
        "paths": operations,
    }
    source = tmp_path / "things.json"
    source.write_text(json.dumps(document))
    return {path.partition("/")[2] or path: text for path, text in ovcgen.generate(source).items()}


@pytest.mark.parametrize(
    ("contents", "results"),
    [
        ({"application/json": {"schema": ITEM}, EVENTS: {}}, ["types.CallResult", "Stream[ServerSentEvent]"]),
        ({EVENTS: {"itemSchema": ITEM}}, ["str", "Stream[ServerSentEvent]"]),
        ({LINES: {"itemSchema": ITEM}}, ["list[types.CallResultItem]", "Stream[types.CallResultItem]"]),
        ({LINES: {"schema": {"type": "array", "items": ITEM}}}, ["list[types.CallResultItem]"]),
        ({LINES: {"schema": {"type": "string"}}}, ["list[Any]", "Stream[Any]"]),
        ({LINES: {"schema": ITEM}, EVENTS: {}}, ["list[types.CallResultItem] | str", "Stream[Any]"]),
    ],
)
def test_streams_have_types(tmp_path: Path, contents: dict[str, Any], results: list[str]) -> None:
    """A call returns the whole answer, or a stream with `_stream=True`."""
    text = generated(tmp_path, call=("get", answers(**contents)))["things/__init__.py"]

    assert f"def call(self, *, _stream: Literal[False] = False) -> {results[0]}: ..." in text
    assert all(f"-> {result}: ..." in text for result in results)


def test_a_body_has_the_types_of_all_its_media_types(tmp_path: Path) -> None:
    """Files can be bytes, paths, open files, iterators and parts."""
    kinds = {"application/json": {"schema": ITEM}, "multipart/form-data": {"schema": FILE}, "image/*": {}}
    upload = {"tags": ["things"], "requestBody": {"required": True, "content": kinds}}
    files = generated(tmp_path, send=("post", upload))

    body = "types.SendBody | types.SendBodyFormData | FileLike"
    assert f"body: {body}," in files["things/__init__.py"]
    assert "f: NotRequired[FileLike]" in files["types.py"]


@pytest.mark.parametrize(
    ("kind", "annotation"),
    [
        ("image/png", "FileLike"),
        ("application/xml", "str | FileLike"),
        ("text/plain", "str | FileLike"),
        ("application/x-www-form-urlencoded", "types.SendBody"),
        ("application/x-ndjson", "list[types.SendBodyItem]"),
    ],
)
def test_a_body_of_one_media_type(tmp_path: Path, kind: str, annotation: str) -> None:
    """Structured types have their own type, all others are files or texts."""
    upload = {"tags": ["things"], "requestBody": {"required": True, "content": {kind: {"schema": ITEM}}}}

    assert f"body: {annotation}," in generated(tmp_path, send=("post", upload))["things/__init__.py"]


def test_what_callers_need_is_public(tmp_path: Path) -> None:
    """The classes of parts, streams and events."""
    upload = {"tags": ["things"], "requestBody": {"content": {"multipart/form-data": {"schema": FILE}}}}
    files = generated(tmp_path, watch=("get", answers(**{EVENTS: {}})), upload=("post", upload))

    for name in ("Part", "Stream", "ServerSentEvent"):
        assert f'"{name}"' in files["__init__.py"]
    assert {f"_runtime/{name}.py" for name in STYLED} <= files.keys()


def test_other_sdks_have_none_of_it(tmp_path: Path) -> None:
    """An SDK carries only the modules that it reaches."""
    source = tmp_path / "pets.json"
    pets = {"get": {"responses": {"200": {"description": ""}}}}
    source.write_text(json.dumps({"swagger": "2.0", "info": {"title": "P", "version": "1"}, "paths": {"/pets": pets}}))
    carried = {Path(path).stem for path in ovcgen.generate(source) if "/_runtime/" in path}

    assert carried & STYLED == set()


def test_usual_values_are_not_written(tmp_path: Path) -> None:
    """Descriptions stay short."""
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in "ab"]
    call = {"tags": ["things"], "parameters": parameters, "responses": {"204": {"description": ""}}}
    text = generated(tmp_path, call=("get", call))["things/_operations.py"]

    assert '(StyledParameter("a", "string"), StyledParameter("b", "string"))' in " ".join(text.split())


def test_asynchronous_modules_offer_streams(tmp_path: Path) -> None:
    """Of the asynchronous class; what they use is imported there, and nothing else is."""
    files = generated(
        tmp_path,
        watch=("get", answers(**{LINES: {"itemSchema": ITEM}})),
        send=("post", {**answers(), "requestBody": {"required": True, "content": {"image/png": {"schema": ITEM}}}}),
    )
    blocking, asynchronous = files["things/__init__.py"], files["aio/things/__init__.py"]
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith("_runtime/"):
            (tmp_path / "sdk" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "sdk" / path).write_text(text)
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--line-length", "120"]
    done = subprocess.run([*ruff, "--select", "E,F,I", str(tmp_path / "sdk")], capture_output=True, check=False)

    assert done.stdout.strip() == b"All checks passed!"
    for text, name in ((blocking, "Stream"), (asynchronous, "AsyncStream as Stream")):
        assert "_stream: Literal[True]) -> Stream[types.WatchResultItem]: ..." in text
        assert f"_runtime.response_streams import {name}\n" in text
    assert "from .._runtime.response_streams import AsyncStream as Stream\n" in files["aio/__init__.py"]
    assert "_runtime.file_and_text_bodies import" in asynchronous
