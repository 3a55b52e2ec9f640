"""A whole SDK, from an API to files that import, call and type check."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.write import write
from ovcgen.model.api import Api, SecurityDefinition, Tag
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from tests.build import INTEGER, api, listed, machines, must, must_have, named, operation, parameter, record

ROOT = Path(__file__).parents[2]
SPACE = record(id=must_have(INTEGER), publicipaddress=must_have(record()))
MACHINE = record(id=must_have(INTEGER), spaces=listed(named("Space")))
API = replace(
    api(
        machines(must(parameter("name")), parameter("sizeId", INTEGER), result=INTEGER, tasks=True, doc="Makes one."),
        operation("/cloudapi/machines/list", parameter("ids", listed(INTEGER)), result=listed(named("Machine"))),
        operation("/cloudapi/sizes/list", result=listed(INTEGER), tags=("cloudapi__sizes",)),
        operation("/system/task/get", must(replace(parameter("taskguid"), task=True))),
        Machine=MACHINE,
        Space=SPACE,
    ),
    tags=(Tag("cloudapi__sizes", "Sizes on offer."),),
)
PLAIN = api(
    replace(operation("/pets"), group="pets", actor="", name="findPets"),
    replace(operation("/pets/{id}", must(parameter("id", place="path"))), group="pets", actor="", name="getPet"),
    release="Petstore 1.0",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to import the SDKs from."""
    folder = tmp_path_factory.mktemp("sdk")
    for described in (API, PLAIN):
        write(sdk_files(described, sha256="0" * 64), folder / described.release.split()[0])
    return folder


def run(script: str, folder: Path) -> str:
    """What a program prints that finds the SDK there."""
    whole = f"import sys; sys.path.insert(0, {str(folder)!r})\n{script}"
    done = subprocess.run([sys.executable, "-I", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_sdk_has_these_files() -> None:
    """One module an actor and one of its requests, one folder a group, and the runtime."""
    names = [file for file in sdk_files(API, sha256="") if "/_runtime/" not in file]

    assert names == [
        "README.md",
        "openvcloud_2_4_5/__init__.py",
        "openvcloud_2_4_5/_client.py",
        "openvcloud_2_4_5/aio/__init__.py",
        "openvcloud_2_4_5/aio/_client.py",
        "openvcloud_2_4_5/aio/cloudapi/__init__.py",
        "openvcloud_2_4_5/aio/cloudapi/machines.py",
        "openvcloud_2_4_5/aio/cloudapi/sizes.py",
        "openvcloud_2_4_5/aio/system/__init__.py",
        "openvcloud_2_4_5/aio/system/task.py",
        "openvcloud_2_4_5/cloudapi/__init__.py",
        "openvcloud_2_4_5/cloudapi/_machines_operations.py",
        "openvcloud_2_4_5/cloudapi/_sizes_operations.py",
        "openvcloud_2_4_5/cloudapi/machines.py",
        "openvcloud_2_4_5/cloudapi/sizes.py",
        "openvcloud_2_4_5/names.json",
        "openvcloud_2_4_5/py.typed",
        "openvcloud_2_4_5/system/__init__.py",
        "openvcloud_2_4_5/system/_task_operations.py",
        "openvcloud_2_4_5/system/task.py",
        "openvcloud_2_4_5/types.py",
        "pyproject.toml",
    ]


def test_the_runtime_is_copied_byte_for_byte() -> None:
    """What is tested in ovcgen is what runs in an SDK."""
    files = sdk_files(API, sha256="")
    prefix = "openvcloud_2_4_5/_runtime/"

    copied = {name.removeprefix(prefix): text.encode() for name, text in files.items() if name.startswith(prefix)}

    runtime = ROOT / "ovcgen" / "runtime"
    originals = {path.relative_to(runtime).as_posix(): path.read_bytes() for path in runtime.rglob("*.py")}
    assert copied == {name: originals[name] for name in copied}


def test_an_sdk_carries_only_the_runtime_that_it_uses() -> None:
    """An SDK for another service has no portal modules, and OAuth 2 modules only if its document declares OAuth 2."""

    def carried(described: Api) -> set[str]:
        return {name.rpartition("/")[2] for name in sdk_files(described, sha256="") if "/_runtime/" in name}

    of_a_portal = {
        "portal.py",
        "portal_auth.py",
        "portal_errors.py",
        "portal_login.py",
        "tasks.py",
        "portal_validators.py",
    }
    assert of_a_portal <= carried(API)
    assert carried(PLAIN) & {*of_a_portal, "waiters.py", "oauth.py", "login_requests.py"} == set()
    granted = replace(PLAIN, security_definitions=(SecurityDefinition("user", "oauth2"),))
    assert carried(granted) - carried(PLAIN) == {"oauth.py", "login_requests.py"}


def test_the_project_file_names_the_package() -> None:
    """Several releases install side by side, each with `requests` only."""
    project = tomllib.loads(sdk_files(API, sha256="", version="1.3")["pyproject.toml"])["project"]

    assert (project["name"], project["version"]) == ("openvcloud-2.4.5", "1.3")
    assert project["dependencies"] == ["requests>=2.32.4"]


def test_the_readme_says_what_changed() -> None:
    """In the words that it was given, and not at all where there are none."""
    assert (
        "\n## What changed\n\n- `sizeId` went away\n"
        in sdk_files(API, sha256="", changes="- `sizeId` went away")["README.md"]
    )
    assert "What changed" not in sdk_files(API, sha256="")["README.md"]


def test_only_the_groups_that_are_asked_for() -> None:
    """Nothing of the others is there."""
    assert not [name for name in sdk_files(API, sha256="", groups=["cloudapi"]) if "/system/" in name]


def test_names_can_be_pythons_own() -> None:
    """The wire stays as it is."""
    files = sdk_files(API, sha256="", naming="pep8")

    assert "size_id: int | None = None" in files["openvcloud_2_4_5/cloudapi/machines.py"]
    sent = files["openvcloud_2_4_5/cloudapi/_machines_operations.py"]
    assert 'ParameterSpec("sizeId", "integer", key="size_id")' in sent


def test_importing_an_sdk_loads_nothing(installed: Path) -> None:
    """Neither `requests` nor the calls nor the types, before they are asked for."""
    script = """
import openvcloud_2_4_5 as ovc
assert not {"requests", "typing"} & set(sys.modules)
assert {"connect", "Task", "NotFound", "RELEASE"} <= set(dir(ovc))
portal = ovc.connect("https://portal.example")
assert "openvcloud_2_4_5.cloudapi" not in sys.modules
portal.cloudapi
assert "openvcloud_2_4_5.cloudapi.machines" not in sys.modules
assert {"machines", "sizes"} <= set(dir(portal.cloudapi))
assert "create" in dir(portal.cloudapi.machines)
print(portal.cloudapi is portal.cloudapi)
"""
    assert run(script, installed / "2.4.5") == "True"


def test_an_sdk_of_any_document_knows_no_ovc_error(installed: Path) -> None:
    """An SDK for OpenvCloud has OvcError as another name of ClientError; other SDKs have no OvcError."""
    assert run("import openvcloud_2_4_5 as ovc; print(ovc.OvcError is ovc.ClientError)", installed / "2.4.5") == "True"
    found = run(
        "import petstore_1_0 as api; print(api.ClientError.__name__, hasattr(api, 'OvcError'))", installed / "Petstore"
    )
    assert found == "ClientError False"


def test_every_public_name_is_there(installed: Path) -> None:
    """A name that is not public is an AttributeError, as for any module."""
    script = """
import openvcloud_2_4_5 as ovc
assert ovc.__all__ == sorted(ovc.__all__)
assert all(callable(getattr(ovc, name)) for name in ovc.__all__ if name != "types")
assert {"Portal", "types"} <= set(ovc.__all__) <= set(dir(ovc))
assert ovc.types.Machine.__name__ == "Machine"
print(hasattr(ovc, "nothing"), ovc.RELEASE, ovc.__version__, ovc.SPEC_SHA256 == "0" * 64)
"""
    assert run(script, installed / "2.4.5") == "False 2.4.5 1.0 True"


CALL = """
import inspect
import {package}
from {package}._client import {client} as Client

class Recorder(Client):
    def call(self, operation, arguments):
        print(operation.name, dict(arguments))

portal = Recorder("https://portal.example")
"""
CALL_A_PORTAL = CALL.format(package="openvcloud_2_4_5", client="Portal")
CALL_AN_API = CALL.format(package="petstore_1_0", client="Client")


def test_a_method_hands_over_what_it_was_given(installed: Path) -> None:
    """A method passes all its arguments to the client's `call`, including unknown ones."""
    script = CALL_A_PORTAL + 'portal.cloudapi.machines.create(name="web", nmae=1)'

    assert run(script, installed / "2.4.5") == ("cloudapi.machines.create {'name': 'web', 'nmae': 1}")


def test_help_shows_a_real_signature(installed: Path) -> None:
    """And the portal's own words."""
    script = CALL_A_PORTAL + (
        "create = portal.cloudapi.machines.create; print(inspect.signature(create), create.__doc__.split()[0])"
    )

    assert run(script, installed / "2.4.5") == (
        "(*, name: 'str', sizeId: 'int | None' = None, _async: 'bool' = False) -> 'int | Task[int]' Makes"
    )


def test_a_plain_document_has_its_calls_in_the_group(installed: Path) -> None:
    """There is no actor between."""
    script = CALL_AN_API + 'portal.pets.getPet(id="3")'

    assert run(script, installed / "Petstore") == "pets.getPet {'id': '3'}"


USER = """
import openvcloud_2_4_5 as ovc
from openvcloud_2_4_5.types import Machine

with ovc.connect("https://portal.example", auth=ovc.Bearer("t")) as portal:
    reveal_type(portal.cloudapi.machines.create(name="web"))
    reveal_type(portal.cloudapi.machines.create(name="web", _async=True))
    machine: Machine = portal.cloudapi.machines.list()[0]
    reveal_type(machine["id"])
    machine["nothing"]
    portal.cloudapi.machines.create(name="web", nmae=1)
    portal.cloudapi.machines.create()
    portal.system.task.get(taskguid=portal.cloudapi.machines.create(name="web", _async=True))
"""


@pytest.mark.slow
def test_type_checkers_see_what_calls_take_and_answer(installed: Path, tmp_path: Path) -> None:
    """An int or a Task[int], a wrong key and a wrong argument; and the SDK itself is strictly typed."""
    (tmp_path / "user.py").write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "--no-error-summary"]
    package = installed / "2.4.5" / "openvcloud_2_4_5"

    done = subprocess.run(
        [*command, "user.py", str(package)],
        cwd=tmp_path,
        env={"MYPYPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    told = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if line.startswith("user.py")]
    assert [line for line in done.stdout.splitlines() if not line.startswith("user.py")] == []
    assert told[:3] == [
        'note: Revealed type is "int"',
        'note: Revealed type is "openvcloud_2_4_5._runtime.tasks.Task[int]"',
        'note: Revealed type is "int"',
    ]
    assert [line.partition("[")[2] for line in told if line.startswith("error")] == [
        "typeddict-item]",
        "call-overload]",
        "call-overload]",
        "call-overload]",
    ]


def test_ruff_has_nothing_to_say(installed: Path) -> None:
    """What is made is laid out as the formatter would."""
    ruff = [sys.executable, "-m", "ruff"]
    common = ["--no-cache", "--config", ROOT / "pyproject.toml", "--exclude", "_runtime", installed / "2.4.5"]

    subprocess.run([*ruff, "format", "--check", *common], check=True)
    subprocess.run([*ruff, "check", *common], check=True)


def shuffled(value: Any) -> Any:
    """The same JSON with its keys the other way round."""
    if isinstance(value, Mapping):
        return {key: shuffled(value[key]) for key in sorted(value, reverse=True)}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


DOCUMENT = {
    "swagger": "2.0",
    "info": {"title": "JumpScale Actors", "version": "7.0"},
    "basePath": "/restmachine/",
    "tags": [{"name": "cloudapi__disks", "description": "Disks."}],
    "definitions": {"b c": {"properties": {"y": {"type": "string"}, "x": {"$ref": "#/definitions/BC"}}}, "BC": {}},
    "paths": {
        f"/cloudapi/disks/{name}": {
            "post": {
                "tags": ["cloudapi__disks"],
                "operationId": f"post__cloudapi_disks_{name}",
                "parameters": [
                    {"name": literal, "in": "formData", "type": "integer"} for literal in ("diskId", "size")
                ],
                "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/b c"}}},
            }
        }
        for name in ("resize", "list", "get")
    },
}


def document_api(document: dict[str, Any]) -> Api:
    return read(normalise(document, release="2.4.5"), "2.4.5")


def test_the_order_of_keys_changes_nothing() -> None:
    """Two downloads of one catalog make one SDK."""
    assert sdk_files(document_api(DOCUMENT), sha256="") == sdk_files(document_api(shuffled(DOCUMENT)), sha256="")


def test_neither_hash_seed_nor_locale_nor_place_changes_anything(tmp_path: Path) -> None:
    """The same bytes on every machine."""
    script = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from tests.generator.test_sdk import *;"
        "print(hashlib.sha256(repr(sdk_files(API, sha256='')).encode()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script, str(ROOT)], cwd=folder, env=env, capture_output=True, check=True
        ).stdout
        for folder, env in [
            (ROOT, {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
            (tmp_path, {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
        ]
    }
    assert len(hashes) == 1
