"""Test that all four clients read a long list page by page as its document says, or raise an error."""

from __future__ import annotations

import asyncio
import http.server
import importlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

import ovcgen
import ovcgen.aio
from ovcgen.generator.write import write
from tests.generator.checkers import Found, expected, seen_by_mypy, seen_by_pyright

RECORDS = [{"id": number} for number in range(7)]
INTEGER, TEXT = {"type": "integer"}, {"type": "string"}
RECORD = {"type": "object", "properties": {"id": INTEGER}}
LIST = {"type": "array", "items": RECORD}
LINKED = {"headers": {"Link": {"schema": TEXT}}}


def query(name: str, schema: dict[str, Any] = INTEGER) -> dict[str, Any]:
    """Return an optional query parameter."""
    return {"name": name, "in": "query", "schema": schema}


def listing(schema: dict[str, Any], *parameters: dict[str, Any], **response: Any) -> dict[str, Any]:
    """Return an operation whose response is JSON of that schema."""
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}, **response}
    return {"tags": ["lists"], "parameters": list(parameters), "responses": {"200": answer}}


def properties(**schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with these properties."""
    return {"type": "object", "properties": schemas}


NEXT = properties(next_cursor=TEXT)
OPERATIONS = {
    "linked": listing(LIST, query("page"), query("per_page"), **LINKED),
    "linked_elsewhere": listing(LIST, query("per_page"), **LINKED),
    "linked_badly": listing(LIST, query("page"), **LINKED),
    "cursor": listing(properties(items=LIST, meta=NEXT), query("cursor", TEXT)),
    "cursor_again": listing(properties(items=LIST, next_cursor=TEXT), query("cursor", TEXT)),
    "offset": listing(LIST, query("offset"), query("limit")),
    "deaf": listing(LIST, query("offset"), query("limit")),
    "numbered": listing(properties(total=INTEGER, items=LIST), query("page", {**INTEGER, "minimum": 1}), query("size")),
    "unclear": listing(LIST, query("page"), query("size")),
    "whole": listing(LIST, query("name", TEXT)),
}


class Lists(http.server.BaseHTTPRequestHandler):
    """A service with seven records in pages of at most three; the path selects the kind of pagination."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        value, link = answer(parts.path.strip("/"), given)
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def answer(path: str, given: dict[str, str]) -> tuple[Any, str]:
    """Return the body and the Link header of the response to a request."""
    if path == "linked_elsewhere":
        return RECORDS[:3], '<https://elsewhere.example/x?secret_position=3>; rel="next"'
    if path == "linked_badly":
        return RECORDS[:3], '<http://[/linked_badly?page=2>; rel="next"'
    if path == "linked":
        page, size = int(given.get("page", 1)), min(3, int(given.get("per_page", 3)))
        more = f'</linked?{urlencode({"page": page + 1, "per_page": size})}>; rel="next"'
        is_last = page * size >= len(RECORDS)
        return RECORDS[(page - 1) * size : page * size], '</linked>; rel="first"' if is_last else more
    if path in ("cursor", "cursor_again"):
        start = int(given.get("cursor", "0").removeprefix("at-"))
        following = "at-3" if path == "cursor_again" else f"at-{start + 3}" if start + 3 < len(RECORDS) else None
        place = {"next_cursor": following}
        return {"items": RECORDS[start : start + 3], **(place if path == "cursor_again" else {"meta": place})}, ""
    if path == "offset":
        start = int(given.get("offset", 0))
        return RECORDS[start : start + min(3, int(given.get("limit", 3)))], ""
    if path == "numbered":
        start = 3 * (int(given.get("page", 1)) - 1)
        return {"total": 7, "items": RECORDS[start : start + 3]}, ""
    return RECORDS[:3], ""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Start the service and return its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lists) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the service's document."""
    paths = {f"/{name}": {"get": {"operationId": name, **operation}} for name, operation in OPERATIONS.items()}
    document = {"openapi": "3.0.3", "info": {"title": "Paged lists", "version": "1"}, "paths": paths}
    path: Path = tmp_path_factory.mktemp("paged") / "lists.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def sdk(file: Path) -> Iterator[Any]:
    """Return the generated SDK of the document."""
    write(ovcgen.generate(file), file.parent / "sdk")
    sys.path.insert(0, str(file.parent / "sdk"))
    yield importlib.import_module("paged_lists_1")
    sys.path.remove(str(file.parent / "sdk"))


Pages = Callable[..., list[Any]]


@pytest.fixture(params=["runtime", "sdk", "asynchronous runtime", "asynchronous sdk"])
def pages(request: pytest.FixtureRequest, url: str, file: Path, sdk: Any) -> Pages:
    """Return a function that reads all pages of an operation, or the first `most`, with one of the four clients."""
    *asynchronous, kind = request.param.split()
    package: Any = sdk if kind == "sdk" else ovcgen
    options = {} if kind == "sdk" else {"spec": file}

    def blocking(name: str, most: int | None = None, **given: Any) -> list[Any]:
        with package.connect(url, **options) as client:
            return list(islice(package.paginate(getattr(client.lists, name), **given), most))

    def on_a_loop(name: str, most: int | None = None, **given: Any) -> list[Any]:
        aio = importlib.import_module(f"{package.__name__}.aio")

        async def collect() -> list[Any]:
            found: list[Any] = []
            async with aio.connect(url, **options) as client:
                async for page in aio.paginate(getattr(client.lists, name), **given):
                    found.append(page)
                    if len(found) == most:
                        break
            return found

        return asyncio.run(collect())

    return on_a_loop if asynchronous else blocking


@pytest.mark.parametrize(
    ("name", "given"),
    [
        pytest.param("linked", {}, id="links"),
        pytest.param("offset", {}, id="an offset"),
        pytest.param("offset", {"limit": 100}, id="a limit that the service lowers"),
    ],
)
def test_every_record_comes_once(pages: Pages, name: str, given: dict[str, Any]) -> None:
    """Every record is read once; pages of a list are lists, and an empty last page is left out."""
    found = pages(name, **given)

    assert [len(page) for page in found] == [3, 3, 1]
    assert [record for page in found for record in page] == RECORDS


@pytest.mark.parametrize("name", ["cursor", "numbered"])
def test_a_page_may_be_an_object(pages: Pages, name: str) -> None:
    """A page is the value that the call itself returns, which can be an object."""
    assert [record for page in pages(name) for record in page["items"]] == RECORDS


def test_arguments_are_kept_from_page_to_page(pages: Pages) -> None:
    """The caller's page size is used for all pages, and the caller's first page is the first one read."""
    assert [len(page) for page in pages("linked", per_page=2, page=2)] == [2, 2, 1]
    assert pages("unclear", most=1, page=0) == [RECORDS[:3]]


def test_pages_are_requested_when_they_are_needed(pages: Pages) -> None:
    """A page is requested only when the caller reads it, so an error of a later page is not raised before."""
    assert pages("deaf", most=1) == [RECORDS[:3]]


@pytest.mark.parametrize("name", ["deaf", "cursor_again", "linked_badly"])
def test_pages_that_never_end_are_an_error(pages: Pages, name: str) -> None:
    """If the service sends the same page again, or a link that is no URL, RepeatedPage is raised."""
    with pytest.raises(Exception, match="same page again") as caught:
        pages(name)
    assert type(caught.value).__name__ == "RepeatedPage"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("whole", "does not say how the result of lists.whole.. is divided", id="no scheme"),
        pytest.param("unclear", "begin with 0 or 1.*page=1", id="no first page"),
        pytest.param("linked_elsewhere", "'secret_position', which the document does not", id="a link to an argument"),
    ],
)
def test_what_is_not_certain_is_an_error(pages: Pages, name: str, text: str) -> None:
    """If the document does not tell how to read all pages, a ValueError is raised and no incomplete list returned."""
    with pytest.raises(ValueError, match=text):
        pages(name)


@pytest.mark.slow
@pytest.mark.parametrize("seen", [seen_by_pyright, seen_by_mypy])
def test_pages_have_types_and_arguments_are_checked(seen: Callable[..., Found], sdk: Any, tmp_path: Path) -> None:
    """Type checkers know the type of a page, and report a wrong argument on its line."""
    sample = Path(__file__).with_name("paged_sample.py")

    assert seen(tmp_path, sample, [Path(sdk.__file__).parents[1]]) == expected(sample)


def test_only_methods_of_a_client_have_pages() -> None:
    """A function that is no method of a client is refused with ArgumentError."""
    with pytest.raises(ovcgen.ArgumentError, match="can't make the call len"):
        next(ovcgen.paginate(len, []))


def test_an_sdk_without_pages_does_not_carry_them(openvcloud_2_4_5: Any) -> None:
    """An SDK whose document has no pagination has no `paginate` and no module for it."""
    assert not hasattr(openvcloud_2_4_5, "paginate")
    assert not (Path(openvcloud_2_4_5.__file__).parent / "_runtime" / "pagination.py").exists()
