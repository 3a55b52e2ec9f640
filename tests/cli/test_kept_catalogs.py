"""Test that `call` caches the catalog of a portal: the next call sends one request, and a bad cache does no harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ovcgen.simulator.http_server import serving
from tests.cli.conftest import Run

LIST = "cloudapi.things.list"
CATALOG = "/restmachine/system/docgenerator/prepareCatalog"
CALL = "/restmachine/cloudapi/things/list"


class CountingPortal:
    """A portal that counts requests, and whose catalog a test can change.

    Attributes:
        operations: The parameters of each operation by its path.
        missing: Whether calls are answered with 404.
        paths: The path of each request.
    """

    def __init__(self) -> None:
        self.url = ""
        self.operations: dict[str, list[str]] = {"/cloudapi/things/list": []}
        self.missing = False
        self.paths: list[str] = []

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.paths.append(path)
        found = path == CATALOG or not self.missing
        body = json.dumps(self.catalog() if path == CATALOG else ["a"] if found else "No such thing").encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK" if found else "404 Not Found", headers)
        return [body]

    def catalog(self) -> dict[str, Any]:
        """Return the catalog as the portal serves it."""
        paths = {
            path: {
                "post": {
                    "operationId": path.strip("/").replace("/", "_"),
                    "tags": ["cloudapi__things"],
                    "parameters": [{"name": name, "in": "formData", "type": "string"} for name in names],
                    "responses": {"200": {"description": "all"}},
                }
            }
            for path, names in self.operations.items()
        }
        info = {"title": "small", "version": "1"}
        return {"swagger": "2.0", "info": info, "basePath": "/restmachine", "paths": paths}


@pytest.fixture(scope="module")
def served() -> Iterator[CountingPortal]:
    made = CountingPortal()
    with serving(made) as made.url:
        yield made


@pytest.fixture
def portal(served: CountingPortal) -> CountingPortal:
    """Return the portal in its initial state: no call received, and the first catalog."""
    url = served.url
    served.__init__()  # type: ignore[misc]
    served.url = url
    return served


def kept() -> list[Path]:
    """Return the files of the cache."""
    return sorted((Path(os.environ["OVCGEN_CACHE_DIR"]) / "catalogs").iterdir())


def test_the_second_call_is_one_request(run: Run, portal: CountingPortal) -> None:
    """The first call fetches the catalog; the second call sends a single request."""
    first, second = run("call", portal.url, LIST), run("call", f"{portal.url}/", LIST)

    assert first == second == (0, '[\n  "a"\n]\n', "")
    assert portal.paths == [CATALOG, CALL, CALL]


def test_refresh_fetches_the_catalog(run: Run, portal: CountingPortal) -> None:
    """--refresh fetches the catalog again, even if it was fetched a moment ago."""
    run("call", portal.url, LIST)
    run("call", portal.url, LIST, "--refresh")

    assert portal.paths == [CATALOG, CALL, CATALOG, CALL]


def test_only_the_user_can_read_what_is_kept(run: Run, portal: CountingPortal) -> None:
    """Cache files have the mode 0600, and their folder has the mode 0700."""
    run("call", portal.url, LIST)

    assert {path.stat().st_mode & 0o777 for path in kept()} == {0o600}
    assert kept()[0].parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        ({"/cloudapi/things/list": [], "/cloudapi/things/get": []}, ["cloudapi.things.get"]),
        ({"/cloudapi/things/list": ["name"]}, [LIST, "name=a"]),
    ],
)
def test_what_the_kept_catalog_lacks_is_looked_up_in_a_new_one(
    run: Run, portal: CountingPortal, operations: dict[str, list[str]], words: list[str]
) -> None:
    """An operation or parameter that the cached catalog lacks is looked up in a newly fetched catalog."""
    run("call", portal.url, LIST)
    portal.operations = operations

    assert run("call", portal.url, *words).code == 0
    assert portal.paths[2:] == [CATALOG, f"/restmachine/{words[0].replace('.', '/')}"]


def test_a_mistyped_operation_is_refused_after_a_look_at_the_portal(run: Run, portal: CountingPortal) -> None:
    """A mistyped operation is refused after the catalog is fetched again; the message suggests the nearest name."""
    run("call", portal.url, LIST)
    ended = run("call", portal.url, "cloudapi.things.lst")

    assert (ended.code, ended.two_lines, "Did you mean cloudapi.things.list?" in ended.err) == (2, True, True)
    assert portal.paths == [CATALOG, CALL, CATALOG]


@pytest.mark.parametrize("is_changed", [True, False])
def test_after_404_the_catalog_is_compared_with_that_of_the_portal(
    run: Run, portal: CountingPortal, is_changed: bool
) -> None:
    """After a 404 the advice says whether the portal's catalog has changed. The call is not repeated."""
    run("call", portal.url, LIST)
    portal.missing = True
    if is_changed:
        portal.operations = {"/cloudapi/others/list": []}

    ended = run("call", portal.url, LIST)

    assert (ended.code, ended.two_lines) == (4, True)
    assert ("catalog has changed" in ended.err) == is_changed
    assert portal.paths[2:] == [CALL, CATALOG]


@pytest.mark.parametrize("kind", ["catalog", "document", "index"])
def test_a_damaged_file_is_reported_and_made_anew(run: Run, portal: CountingPortal, kind: str) -> None:
    """A cache file whose hash is wrong is reported, not used, and written again."""
    run("call", portal.url, LIST)
    damaged = next(path for path in kept() if path.name.startswith(kind))
    damaged.write_bytes(damaged.read_bytes().replace(b"things", b"thinks").replace(b"fetched", b"fetchet"))

    ended = run("call", portal.url, LIST)

    assert ended.code == 0
    assert ended.err == f"warning: {damaged} was damaged or edited, and is not used.\n"
    assert portal.paths[2:] == [CALL] if kind == "index" else [CATALOG, CALL]
    assert run("call", portal.url, LIST).err == ""


def test_a_document_in_place_of_another_is_not_used(run: Run, portal: CountingPortal) -> None:
    """A cached document under the name of another one is not used, because the name is the hash of the content."""
    run("call", portal.url, LIST)
    own = next(path for path in kept() if path.name.startswith("document"))
    portal.operations = {"/cloudapi/others/list": []}
    run("call", portal.url, "cloudapi.others.list")
    other = next(path for path in kept() if path.name.startswith("document") and path != own)
    own_content = own.read_bytes()
    other.write_bytes(own_content)

    ended = run("call", portal.url, "cloudapi.others.list")

    assert (ended.code, "was damaged" in ended.err) == (0, True)


def test_a_cache_that_others_can_change_is_not_used(run: Run, portal: CountingPortal) -> None:
    """A cache that others can change is not used; the call is sent, and a warning gives the reason."""
    run("call", portal.url, LIST)
    kept()[0].parent.chmod(0o777)
    ended = run("call", portal.url, LIST)

    assert (ended.code, ended.err.count("warning: No catalog can be kept")) == (0, 1)
    assert portal.paths[2:] == [CATALOG, CALL]


def test_the_cache_can_be_turned_off(run: Run, portal: CountingPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty OVCGEN_CACHE_DIR turns the cache off."""
    monkeypatch.setenv("OVCGEN_CACHE_DIR", "")
    assert [run("call", portal.url, LIST).err for _ in range(2)] == ["", ""]
    assert portal.paths == [CATALOG, CALL] * 2


def test_a_second_call_loads_nothing_that_reads_documents(run: Run, portal: CountingPortal) -> None:
    """A second call imports neither bravado nor jsonschema nor YAML, since importing bravado takes too long."""
    run("call", portal.url, LIST)
    script = f"""
import sys
from ovcgen.cli import main
try:
    main(["call", {portal.url!r}, {LIST!r}])
except SystemExit:
    pass
heavy = {{"bravado", "bravado_core", "charset_normalizer", "jsonschema", "yaml", "ovcgen.model.api"}}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
    assert portal.paths == [CATALOG, CALL, CALL]
