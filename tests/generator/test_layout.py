"""Whatever a document says, `ruff` finds nothing to change in its SDK, neither in its layout nor in its style."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ovcgen.generator import sdk_files
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise

Json = dict[str, Any]
FORMAT = ("format", "--diff")
CHECK = ("check", "--select", "E,F,I,UP,B", "--output-format", "concise")
LONG = "updateNetworkDeviceManagementInterfaceSettings"

NAMES = st.sampled_from(
    [
        *("a", "l", "O", "I", "class", "Task", "Path", "Any", "Literal", "date", "datetime", "list", "types"),
        *("获取用户", "名" * 40, "straße", LONG, LONG * 2, "x" * 60, "x" * 79, "page-size", "_a", "__a", "\U0001f600"),
    ]
) | st.text("abcO_l", min_size=1, max_size=75)
TEXTS = st.sampled_from(
    ['"Update" a volume', "ends with \\", '"""', "'", "- a\n  b\n", " a", "word " * 30, "x" * 130]
) | st.text(max_size=130)
SCALARS = st.sampled_from(
    [
        *({"type": kind} for kind in ("string", "integer", "number", "boolean")),
        *({"type": "string", "format": literal} for literal in ("date", "date-time", "int-or-string")),
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "enum": ["x" * 20, "it's", '"']},
        {"type": "string", "enum": ["word" * 5] * 1 + [f"{number} {'y' * 20}" for number in range(6)]},
        {"type": "integer", "enum": [1, 2]},
        {"type": "string", "x-nullable": True},
    ]
)
DEFAULTS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(),
    st.booleans(),
    TEXTS,
    st.sampled_from([1e30, "x" * 150]),
)


@st.composite
def shapes(draw: st.DrawFn, definitions: list[str]) -> Json:
    """Anything a value can be."""
    return draw(
        st.recursive(
            SCALARS | st.sampled_from([{"$ref": f"#/definitions/{name}"} for name in definitions]),
            lambda inner: st.one_of(
                inner.map(lambda items: {"type": "array", "items": items}),
                inner.map(lambda values: {"type": "object", "additionalProperties": values}),
                st.dictionaries(NAMES, inner, max_size=4).map(lambda each: {"type": "object", "properties": each}),
            ),
            max_leaves=4,
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> Json:
    """A document with long, odd and wide names, and texts and defaults of every kind."""
    definitions = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    shape = shapes(definitions)
    texts = {"description": TEXTS}
    field = st.fixed_dictionaries({"name": NAMES, "in": st.sampled_from(["query", "header"])}, optional=texts)
    parameter = st.builds(
        lambda field, kind, default, required: {**field, **kind, "required": required, **default},
        field,
        SCALARS,
        st.fixed_dictionaries({}, optional={"default": DEFAULTS}),
        st.booleans(),
    )
    body = st.builds(lambda name, schema: {"name": name, "in": "body", "schema": schema}, NAMES, shape)
    operation = st.fixed_dictionaries(
        {
            "operationId": NAMES,
            "tags": st.lists(NAMES, min_size=1, max_size=1),
            "parameters": st.builds(
                lambda several, bodies: [*several, *bodies],
                st.lists(parameter, max_size=4, unique_by=lambda each: (each["name"], each["in"])),
                st.lists(body, max_size=1),
            ),
            "responses": st.dictionaries(
                st.sampled_from(["200", "201", "204", "404", "default"]),
                st.fixed_dictionaries({"description": TEXTS}, optional={"schema": shape}),
                min_size=1,
            ),
        },
        optional={"summary": TEXTS, "description": TEXTS, "deprecated": st.booleans()},
    )
    paths = draw(st.lists(operation, min_size=1, max_size=5))
    return {
        "swagger": "2.0",
        "info": {"title": "Layout", "version": "1", "description": draw(TEXTS)},
        "tags": [{"name": draw(NAMES), "description": draw(TEXTS)}],
        "paths": {f"/{number}/{draw(NAMES)}": {"post": each} for number, each in enumerate(paths)},
        "definitions": {name: draw(shape) for name in definitions},
    }


def faults(document: Json) -> str:
    """What ruff would change in the SDK of that document; the runtime is not generated."""
    files = sdk_files(read(normalise(document, dialect="plain"), "layout-1"), sha256="")
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            if name.endswith(".py") and "/_runtime/" not in name:
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        found = ""
        for command in (FORMAT, CHECK):
            call = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length", "120", folder]
            done = subprocess.run(call, capture_output=True, text=True, check=False)
            found += done.stdout + done.stderr if done.returncode else ""
        return found


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_ruff_changes_nothing(document: Json) -> None:
    """One function lays out code, as `ruff format` would."""
    assert faults(document) == ""


def one(definitions: Json | None = None, **operation: Json) -> Json:
    """A document of one operation."""
    call = {"operationId": "a", "responses": {"200": {"description": "ok"}}, **operation}
    return {
        "swagger": "2.0",
        "info": {"title": "Layout", "version": "1"},
        "paths": {"/a": {"put": call}},
        "definitions": definitions or {},
    }


def field(name: str, **shape: Any) -> Json:
    return {"name": name, "in": "query", "type": "string", **shape}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(one(summary='"Update" a volume'), id="a text that begins with a quote"),
        pytest.param(
            one(
                {"Task": {"properties": {"id": {"type": "integer"}}}},
                responses={"200": {"description": "", "schema": {"$ref": "#/definitions/Task"}}},
            ),
            id="a definition that is called like a class of ours",
        ),
        pytest.param(
            one(
                operationId=LONG,
                parameters=[{"name": LONG, "in": "body", "schema": {"properties": {"x": {"type": "string"}}}}],
            ),
            id="a long argument of a long type",
        ),
        pytest.param(one(parameters=[field("q", required=True, default="x" * 150)]), id="a default that fits no line"),
        pytest.param(one(parameters=[field("f", type="number", required=True, default=1e30)]), id="a large number"),
        pytest.param(one(parameters=[field(name) for name in "lOI"], operationId="l", tags=["O"]), id="one letter"),
        pytest.param(
            one(
                {"I": {"properties": {name: {"type": "string", "format": "date"} for name in ("l", "O", "date")}}},
                parameters=[{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/I"}}],
            ),
            id="members of one letter, and dates",
        ),
    ],
)
def test_ruff_changes_none_of_these(document: Json) -> None:
    """Documents that people write, and that came out wrong once."""
    assert faults(document) == ""
