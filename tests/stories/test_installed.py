"""Real installations: SDKs with only `requests`, ovcgen from its wheel with nothing around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import ovcgen
from ovcgen.releases.library import Library, bundled
from tests.locked import constrained

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"
RELEASES = Library(bundled()).releases()

SCRIPT = """
import importlib, json, sys
release, url, client_id, client_secret, itsyouonline = sys.argv[1:]
before = set(sys.modules)
ovc = importlib.import_module("openvcloud_" + release.replace(".", "_"))
light = not {"requests", "urllib3"} & (set(sys.modules) - before)
told = {"release": ovc.RELEASE, "light": light}
with ovc.connect(url, auth=ovc.ItsYouOnline(client_id, client_secret, url=itsyouonline)) as portal:
    told["spaces"] = [space["name"] for space in portal.cloudapi.cloudspaces.list()]
    if hasattr(portal.system, "task"):
        task = portal.cloudapi.accounts.list(_async=True)
        told["accounts"] = [account["name"] for account in task.result(timeout=20)]
    try:
        portal.cloudapi.machines.get(machineId=4711)
    except ovc.NotFound as error:
        told["error"] = [type(error).__name__, error.status]
    try:
        portal.cloudapi.machines.get(machineId="12")
    except ovc.ArgumentError as error:
        told["argument"] = type(error).__name__
told["ovcgen"] = "ovcgen" in sys.modules
print(json.dumps(told))
"""

ASYNC_SCRIPT = """
import asyncio, json, sys
import openvcloud_2_4_5.aio as ovc
url, client_id, client_secret, itsyouonline = sys.argv[1:]

async def main():
    async with ovc.connect(url, auth=ovc.ItsYouOnline(client_id, client_secret, url=itsyouonline)) as portal:
        task = await portal.cloudapi.accounts.list(_async=True)
        spaces = await portal.cloudapi.cloudspaces.list()
        return [space["name"] for space in spaces] + [account["name"] for account in await task.result(timeout=20)]

print(json.dumps([asyncio.run(main()), "ovcgen" in sys.modules]))
"""


def environment(folder: Path, *packages: str) -> Path:
    """The Python of a new virtual environment that has these packages."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        env={**os.environ, **constrained(folder)},
        check=True,
    )
    return python


@pytest.fixture(scope="module")
def sdk_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the SDKs of all releases side by side, installed as their users do."""
    folders = [str(GENERATED / f"openvcloud-{release}") for release in RELEASES]
    return environment(tmp_path_factory.mktemp("sdks"), *folders)


@pytest.mark.slow
def test_sdks_bring_requests_and_nothing_else(sdk_python: Path) -> None:
    """What pip installed beside the SDKs is requests with its own needs."""
    listed = subprocess.run(
        [sdk_python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True
    ).stdout

    names = {load["name"].lower() for load in json.loads(listed)}

    own = {f"openvcloud-{release}" for release in RELEASES}
    assert names - own <= {"pip", "setuptools", "requests", "urllib3", "idna", "certifi", "charset-normalizer"}
    assert own <= names


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_an_sdk_stands_alone(release: str, sdk_python: Path, tmp_path: Path) -> None:
    """It imports without loading requests, logs in, calls, waits for a task and raises its own errors."""
    with ovcgen.simulate(release) as server:
        arguments = [release, server.url, server.client_id, server.client_secret, server.itsyouonline]
        done = subprocess.run(
            [sdk_python, "-c", SCRIPT, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)
    expected = {
        "release": release,
        "light": True,
        "spaces": ["production"],
        "error": ["NotFound", 404],
        "argument": "ArgumentError",
        "ovcgen": False,
    }
    assert told in (expected, {**expected, "accounts": ["acme"]})
    assert ("accounts" in told) == (release != "2.1.6")


@pytest.mark.slow
def test_the_extra_brings_all_that_asynchronous_modules_need(tmp_path: Path) -> None:
    """`pip install "<SDK>[aio]"` is enough to log in, call and wait for a task on an event loop."""
    python = environment(tmp_path / "venv", f"{GENERATED / 'openvcloud-2.4.5'}[aio]")
    with ovcgen.simulate("2.4.5") as server:
        arguments = [server.url, server.client_id, server.client_secret, server.itsyouonline]
        done = subprocess.run(
            [python, "-c", ASYNC_SCRIPT, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert done.stderr == ""
    assert json.loads(done.stdout) == [["production", "acme"], False]


@pytest.mark.slow
def test_an_sdk_without_the_extra_says_what_to_install(sdk_python: Path, tmp_path: Path) -> None:
    """Importing its asynchronous modules is an ImportError of two sentences: what is missing, and the command."""
    script = "try:\n    import openvcloud_2_4_5.aio\nexcept ImportError as error:\n    print(error.what, error.fix)"
    done = subprocess.run([sdk_python, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    expected = "Asynchronous clients need anyio. pip install 'openvcloud_2_4_5[aio]'"
    assert done.stdout.strip() == expected


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_an_sdk_is_strictly_typed(release: str) -> None:
    """`mypy --strict` finds nothing, without stub packages."""
    package = f"openvcloud_{release.replace('.', '_')}"
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", os.devnull, "-p", package],
        cwd=GENERATED / f"openvcloud-{release}",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.slow
def test_the_sdks_are_clean() -> None:
    """ruff has nothing to say about what is generated, nor to format."""
    for command in (["check", "--select", "E,F,I,UP,B", "--line-length", "120"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(GENERATED)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_ovcgen_works_from_its_wheel(tmp_path: Path) -> None:
    """Built, installed into an empty environment without extras, far from the checkout: it lists, generates, diffs."""
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT],
        env={**os.environ, **constrained(tmp_path)},
        check=True,
    )
    [wheel] = tmp_path.glob("ovcgen-*.whl")
    assert "ovcgen/py.typed" in ZipFile(wheel).namelist()
    python = environment(tmp_path / "venv", str(wheel))

    def run(*words: str) -> str:
        done = subprocess.run(
            [python, "-m", "ovcgen", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    assert [line.split()[0] for line in run("releases", "--output", "text").splitlines()] == list(RELEASES)
    assert run("generate", "2.4.5").strip() == "generated/openvcloud-2.4.5"
    assert run("diff", "2.3.0", "2.4.0").startswith("2.3.0 -> 2.4.0: 6 breaking")
    assert len(run("serve", "--operations").splitlines()) > 10
    reading = "print(len(r.urlopen(server.url + %r).read()))"
    page = f"import ovcgen, urllib.request as r\nwith ovcgen.simulate() as server: {reading}"
    for path in ("/", "/swagger-ui/swagger-ui-bundle.js", "/swagger-ui/swagger-ui.css"):
        done = subprocess.run([python, "-c", page % path], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert int(done.stdout) > 100_000
