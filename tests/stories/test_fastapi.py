"""A developer has a FastAPI application: it is called in four ways, changes, and a script moves along.

FastAPI writes an OpenAPI 3.1 document by itself. Nothing about it is known here but the address.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import fastapi
import pytest
import requests
import uvicorn
from pydantic import BaseModel, Field

import ovcgen.aio
from tests.cli.conftest import Run
from tests.cli.conftest import here as here
from tests.cli.conftest import run as run

FELIX = {"kind": "cat", "name": "Felix", "lives": 7}
REX = {"kind": "dog", "name": "Rex", "tricks": ["roll", "wait"]}


class Cat(BaseModel):
    """A cat, told apart by its kind."""

    kind: Literal["cat"]
    name: str
    lives: int = 9


class Dog(BaseModel):
    """A dog, told apart by its kind."""

    kind: Literal["dog"]
    name: str
    tricks: list[str] = []


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


def first_version() -> fastapi.FastAPI:
    """The application as the developer's script knows it."""
    app = fastapi.FastAPI(title="Pets", version="1")
    pets: list[Cat | Dog] = []

    @app.post("/pets", status_code=201, tags=["pets"])
    def add(pet: Pet) -> int:
        pets.append(pet)
        return len(pets)

    @app.get("/pets", tags=["pets"])
    def find(kind: Annotated[list[str] | None, fastapi.Query()] = None, limit: int = 10) -> list[Pet]:
        return [pet for pet in pets if not kind or pet.kind in kind][:limit]

    @app.get("/pets/{pet_id}", tags=["pets"])
    def read(pet_id: int) -> Pet:
        if pet_id > len(pets):
            raise fastapi.HTTPException(404, "no such pet")
        return pets[pet_id - 1]

    return app


def second_version() -> fastapi.FastAPI:
    """The application after a change: `limit` is gone, and `read` wants to know who asks."""
    app = fastapi.FastAPI(title="Pets", version="2")

    @app.post("/pets", status_code=201, tags=["pets"])
    def add(pet: Pet) -> int:
        return len(pet.name)

    @app.get("/pets", tags=["pets"])
    def find(kind: Annotated[list[str] | None, fastapi.Query()] = None) -> list[Pet]:
        return [Cat(kind="cat", name=name) for name in kind or []]

    @app.get("/pets/{pet_id}", tags=["pets"])
    def read(pet_id: int, owner: str) -> Pet:
        return Cat(kind="cat", name=owner, lives=pet_id)

    return app


@contextmanager
def served(app: fastapi.FastAPI) -> Iterator[str]:
    """The application in a thread, at the address that is given."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def document_of(app: fastapi.FastAPI, path: Path) -> Path:
    """The document that the application serves, as a file."""
    with served(app) as url:
        path.write_bytes(requests.get(f"{url}/openapi.json", timeout=10).content)
    return path


@pytest.fixture
def sdk(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SDK of the first version, generated on the command line and imported."""
    document_of(first_version(), here / "pets.json")
    assert run("generate", "pets.json", "--out", "sdks").code == 0
    monkeypatch.syspath_prepend(str(here / "sdks" / "pets-1"))
    importlib.invalidate_caches()
    yield importlib.import_module("pets_1")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pets_1"]:
        del sys.modules[name]


def call_blocking(client: Any, not_found: type[Exception]) -> None:
    """Call all operations, as a script does."""
    felix, rex = client.pets.add(body=FELIX), client.pets.add(body=REX)
    assert client.pets.read(pet_id=felix) == FELIX
    assert client.pets.find(kind=["dog"]) == [REX]
    assert client.pets.find(kind=["cat", "dog"], limit=1) == [FELIX]
    with pytest.raises(not_found, match="no such pet"):
        client.pets.read(pet_id=rex + 1)


async def call_asynchronously(opened: Any, not_found: type[Exception]) -> None:
    """Call all operations, as a script on an event loop does."""
    async with opened as client:
        felix, rex = await client.pets.add(body=FELIX), await client.pets.add(body=REX)
        both = await asyncio.gather(client.pets.read(pet_id=felix), client.pets.read(pet_id=rex))
        assert list(both) == [FELIX, REX]
        assert await client.pets.find(kind=["cat", "dog"], limit=1) == [FELIX]
        with pytest.raises(not_found, match="no such pet"):
            await client.pets.read(pet_id=rex + 1)


def test_the_application_is_called_in_four_ways(sdk: Any) -> None:
    """At run time and from generated code, blocking and on an event loop."""
    with served(first_version()) as url, ovcgen.connect(url, spec=f"{url}/openapi.json") as client:
        call_blocking(client, ovcgen.NotFound)
    with served(first_version()) as url, sdk.connect(url) as client:
        call_blocking(client, sdk.NotFound)
    with served(first_version()) as url:
        asyncio.run(call_asynchronously(ovcgen.aio.connect(url, spec=f"{url}/openapi.json"), ovcgen.NotFound))
    with served(first_version()) as url:
        aio = importlib.import_module("pets_1.aio")
        asyncio.run(call_asynchronously(aio.connect(url), sdk.NotFound))


def test_a_shell_calls_it(run: Run) -> None:
    """The body is JSON after `:=`; a list is given by repeating its name."""
    with served(first_version()) as url:
        spec = ("--spec", f"{url}/openapi.json")
        run("call", url, "pets.add", *spec, f"body:={json.dumps(REX)}")

        found = run("call", url, "pets.find", *spec, "kind=dog", "kind=cat", "--output", "json")

    assert (found.code, json.loads(found.out)) == (0, [REX])


@pytest.mark.usefixtures("sdk")
def test_the_change_is_seen_where_it_breaks_the_script(here: Path, run: Run) -> None:
    """`diff` says what changed, `impact` which lines break, and `migrate` mends what can be mended."""
    document_of(second_version(), here / "new.json")
    (here / "script.py").write_text(
        "import pets_1 as api\n"
        'client = api.connect("http://pets.example")\n'
        "print(client.pets.find(limit=5))\n"
        "print(client.pets.read(pet_id=1))\n"
    )

    changes = json.loads(run("diff", "pets.json", "new.json", "--output", "json").out)["changes"]
    broken = json.loads(run("impact", "script.py", "--from", "pets.json", "--to", "new.json", "--output", "json").out)
    migrated = run("migrate", "script.py", "--from", "pets.json", "--to", "new.json")

    assert {(change["id"], change["operation"]) for change in changes if change["level"] != "info"} == {
        ("parameter.removed", "GET /pets"),
        ("parameter.added-required", "GET /pets/{pet_id}"),
    }
    assert [(place["line"], place["kind"], place["fix"]) for place in broken["breaks"]] == [
        (3, "parameter.removed", "Stop passing `limit`: its value has no effect any more."),
        (4, "parameter.added-required", "Pass `owner` in every call."),
    ]
    assert "+print(client.pets.find())" in migrated.out.splitlines()
    assert "script.py:4:7: pets.read() wants `owner` in Pets-2" in migrated.err
