"""Property: the runtime client and the SDK of any document send the same requests, blocking and asynchronous."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ovcgen
import ovcgen.aio
from ovcgen.generator.write import write
from ovcgen.model.api import Api, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, Array, File, Map, Record, Scalar, Schema, Union
from ovcgen.workflows.resolve import api_of
from tests.runtime.conftest import Listener, Seen, answer
from tests.runtime.conftest import portal as portal

HARBOUR = Path(__file__).parents[1] / "generator" / "harbour.yaml"
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
LOGIN = {"key": ovcgen.ApiKey("k3y", name="sid", place="cookie"), "user": ovcgen.Basic("u", "p")}

texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]) | st.sampled_from("é&=+/%;,."), max_size=6)
scalars = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "enum": ["a", "b c"]},
        {"type": "integer"},
        {"type": "number"},
        {"type": "boolean"},
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {},
    ]
)
flat = scalars | st.builds(lambda items: {"type": "array", "items": items}, scalars)
flat |= st.builds(lambda one: {"type": "object", "properties": {"x": one, "y-z": one}}, scalars)
files = st.just({"type": "string", "format": "binary"})
members = st.dictionaries(st.sampled_from(["a", "b", "from", "x-y"]), flat | files, min_size=1)
forms = st.builds(lambda properties: {"type": "object", "properties": properties}, members)
STYLES = {
    "path": ["simple", "label", "matrix"],
    "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
    "header": ["simple"],
    "cookie": ["form"],
}


@st.composite
def parameters(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """One parameter, anywhere but in the path."""
    place = draw(st.sampled_from(["query", "header", "cookie"]))
    names = ["p", "X-P"] if place == "header" else ["p", "X-P", "f[p]", "$p"]
    return {"name": f"{draw(st.sampled_from(names))}{number}", **draw(written_in(place))}


@st.composite
def written_in(draw: st.DrawFn, place: str) -> dict[str, Any]:
    """How a parameter is written, and its type."""
    if draw(st.integers(0, 7)) == 0:
        return {"in": place, "required": place == "path", "content": {JSON: {"schema": draw(flat)}}}
    style = {"style": draw(st.sampled_from(STYLES[place])), "explode": draw(st.booleans())}
    own = {**(style if draw(st.booleans()) else {}), **({"allowReserved": True} if draw(st.booleans()) else {})}
    return {"in": place, "required": place == "path" or draw(st.booleans()), "schema": draw(flat), **own}


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A request body of one to three media types."""
    schemas = {JSON: flat, "application/vnd.x+json": flat, FORM: forms, MULTIPART: forms, "image/*": files}
    chosen = draw(st.lists(st.sampled_from([*schemas, "text/plain"]), min_size=1, max_size=3, unique=True))
    content = {kind: {"schema": draw(schemas.get(kind, scalars))} for kind in chosen}
    return {"content": content, "required": draw(st.booleans())}


@st.composite
def operations(draw: st.DrawFn, number: int) -> tuple[str, dict[str, Any]]:
    """The path of an operation, and its path item."""
    own = [draw(parameters(index)) for index in range(draw(st.integers(0, 3)))]
    is_below = draw(st.booleans())
    own += [{"name": "id", **draw(written_in("path"))}] if is_below else []
    method = draw(st.sampled_from(["get", "post", "put", "patch", "delete", "head", "options", "trace"]))
    body = {"requestBody": draw(bodies())} if method in ("post", "put", "patch") else {}
    security = draw(st.sampled_from([[], [{"key": []}], [{"key": [], "user": []}], [{}, {"user": []}]]))
    call = {"tags": ["s"], "operationId": f"call{number}", "parameters": own, "security": security, **body}
    return f"/v{number}{'/{id}' if is_below else ''}", {method: {**call, "responses": {"200": {"description": ""}}}}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document of OpenAPI 3 with a few operations."""
    cookie, basic = {"type": "apiKey", "in": "cookie", "name": "sid"}, {"type": "http", "scheme": "basic"}
    return {
        "openapi": draw(st.sampled_from(["3.0.3", "3.1.0", "3.2.0"])),
        "info": {"title": f"same {uuid.uuid4().hex}", "version": "1"},
        "components": {"securitySchemes": {"key": cookie, "user": basic}},
        "paths": dict(draw(operations(number)) for number in range(draw(st.integers(1, 4)))),
    }


def values(schema: Schema, resolver: Resolver, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a schema, and a few that are not: both clients must refuse the same."""
    found = resolver.resolved(schema)
    if enum := getattr(found.traits, "enum", ()):
        return st.sampled_from([value.value for value in enum])
    match found:
        case Scalar("integer"):
            return st.integers(-9, 9)
        case Scalar("number"):
            return st.sampled_from([0.5, 2, 1e20])
        case Scalar("boolean"):
            return st.booleans()
        case Scalar():
            return texts | st.just("2030-01-02T03:04:05Z")
        case Array(items) if depth < 3:
            return st.lists(values(items, resolver, depth + 1), max_size=2)
        case Record(properties) if depth < 3:
            return st.fixed_dictionaries(
                {each.name: values(each.schema, resolver, depth + 1) for each in properties if each.required},
                optional={
                    each.name: values(each.schema, resolver, depth + 1) for each in properties if not each.required
                },
            )
        case Map(inner) if depth < 3:
            return st.dictionaries(st.sampled_from("kl"), values(inner, resolver, depth + 1), max_size=1)
        case File():
            return st.binary(max_size=3)
        case Union(members) if depth < 3:
            return st.one_of([values(member, resolver, depth + 1) for member in members])
        case Anything():
            return texts | st.just({"a": 1}) | st.just([1, "b"])
    return st.just({})


@st.composite
def arguments(draw: st.DrawFn, needed: tuple[Parameter, ...], api: Api) -> dict[str, Any]:
    """Arguments of one call; required ones are mostly there."""
    resolver = Resolver(api.schemas)
    chosen = [each for each in needed if draw(st.integers(0, 9)) > (0 if each.needed else 4)]
    return {each.key: draw(values(each.schema, resolver)) for each in chosen}


@contextmanager
def four_clients(source: Path, folder: Path, url: str, auth: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The four clients of a document by name: the blocking ones, and how to open the asynchronous ones."""
    written = ovcgen.generate(source)
    write(written, folder)
    sys.path.insert(0, str(folder))
    sdk: ModuleType = importlib.import_module(next(n.partition("/")[0] for n in written if n.endswith("/_client.py")))
    aio = importlib.import_module(f"{sdk.__name__}.aio")
    with ovcgen.connect(url, spec=source, auth=auth) as runtime, sdk.connect(url, auth=auth) as generated:
        yield {
            "runtime": runtime,
            "sdk": generated,
            "runtime on a loop": lambda: ovcgen.aio.connect(url, spec=source, auth=auth),
            "sdk on a loop": lambda: aio.connect(url, auth=auth),
        }
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == sdk.__name__]:
        del sys.modules[name]


def method_of(client: Any, dotted: str) -> Any:
    """The method of an operation."""
    for name in dotted.split("."):
        client = getattr(client, name)
    return client


def worded(error: Exception) -> str:
    """An error that says which argument is wrong; each SDK has classes of its own."""
    assert type(error).__name__ in ("ArgumentError", "TypeError")
    return f"{type(error).__name__}: {error}"


async def _await_all(opening: Any, calls: list[tuple[str, dict[str, Any]]], outcomes: list[str]) -> None:
    async with opening as client:
        for dotted, given_ in calls:
            try:
                await method_of(client, dotted)(**given_)
                outcomes.append("")
            except (TypeError, ValueError) as error:
                outcomes.append(worded(error))


def outcomes_of(client: Any, calls: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Make calls one after the other; return the error of each, "" for none."""
    outcomes: list[str] = []
    if callable(client):
        asyncio.run(_await_all(client(), calls, outcomes))
        return outcomes
    for dotted, given_ in calls:
        try:
            method_of(client, dotted)(**given_)
            outcomes.append("")
        except (TypeError, ValueError) as error:
            outcomes.append(worded(error))
    return outcomes


def shown(seen: Seen) -> tuple[Any, ...]:
    """A request without what differs between two equal calls: the boundary, and the name of the client."""
    boundary = re.search("boundary=([^;]+)", seen.header("Content-Type"))
    mark = boundary[1].strip('"') if boundary else "no boundary"
    headers = {name.lower(): value.replace(mark, "B") for name, value in seen.headers if name.lower() != "user-agent"}
    return seen.method, seen.target, tuple(sorted(headers.items())), seen.body.replace(mark.encode(), b"B")


def check_same(served: Mapping[str, Any] | Path, portal: Listener, data: st.DataObject) -> None:
    """Make the same calls with all four clients and compare what they send, and their errors."""
    portal.says(answer(b"", 204, ""))
    with tempfile.TemporaryDirectory() as folder:
        source = served if isinstance(served, Path) else Path(folder) / "document.json"
        if not isinstance(served, Path):
            source.write_text(json.dumps(served))
        api = api_of(source)
        operations = data.draw(st.lists(st.sampled_from(api.callable_operations), min_size=1, max_size=8))
        calls = [(each.dotted, data.draw(arguments(each.parameters, api))) for each in operations]
        found = {}
        auth = LOGIN if api.security_definitions else None
        with four_clients(source, Path(folder) / "sdk", portal.url, auth) as clients:
            for name, client in clients.items():
                portal.seen.clear()
                outcomes = outcomes_of(client, calls)
                found[name] = outcomes, [shown(seen) for seen in portal.seen]
    for name, (outcomes, requests) in found.items():
        for mine, other in zip_longest((*outcomes, *requests), (*found["runtime"][0], *found["runtime"][1])):
            assert mine == other, f"{name}, for {calls}"


FEW = settings(  # to shrink an example takes minutes
    max_examples=15, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.explicit, Phase.generate]
)


@pytest.mark.slow
@given(documents(), st.data())
@FEW
def test_all_clients_send_the_same(portal: Listener, served: dict[str, Any], data: st.DataObject) -> None:
    """For any document."""
    check_same(served, portal, data)


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
@pytest.mark.parametrize("source", [HARBOUR], ids=lambda path: path.stem)
def test_all_clients_send_the_same_for(source: Path, portal: Listener) -> None:
    """For a document with all kinds of types."""

    @given(st.data())
    @settings(FEW, max_examples=5)
    def check(data: st.DataObject) -> None:
        check_same(source, portal, data)

    check()
