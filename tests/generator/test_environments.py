"""Type checkers find nothing wrong, and every wrong name, whatever a user has installed beside an SDK or ovcgen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.generator.conftest import ROOT, Made

pytestmark = pytest.mark.slow

STUBS = ("types-requests", "types-PyYAML", "types-jsonschema")
LOWEST_STUBS, LOWEST, NEWEST_STUBS, NEWEST = ENVIRONMENTS = [
    pytest.param((oldest, stubs), id=f"{'lowest' if oldest else 'newest'} requests, {'' if stubs else 'no '}stubs")
    for oldest in (True, False)
    for stubs in (True, False)
]
USER = """
import {package} as api
import ovcgen

def run(client: api.{client}, shape: api.types.{type}, error: ovcgen.ApiError) -> None:
    client.nothing  # error
    print(client, shape, error)

api.conect  # error
ovcgen.conect  # error
print(api.connect("https://api.example", auth=api.Bearer("token")), api.NotFound, api.RELEASE, api.__version__)
print(ovcgen.connect("https://api.example", auth=ovcgen.Bearer("token")).cloudapi, ovcgen.__version__)
"""


def lowest_requests() -> str:
    """Return the requirement of the lowest release of requests that we allow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (found,) = (dependency for dependency in project["dependencies"] if re.match(r"requests\b", dependency))
    return str(found).replace(">=", "==")


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment like the one that runs, but with another requests, and with stub packages."""
    oldest, stubs = request.param
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    wanted = [lowest_requests() if oldest else "requests", *(STUBS if stubs else ())]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--target", packages, *wanted], check=True)
    for other in Path(sysconfig.get_path("purelib")).iterdir():
        ours = other.name.split("-")[0] == "requests" or (packages / other.name).exists() or other.suffix == ".pth"
        if not ours:
            (packages / other.name).symlink_to(other)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def sdks(portal_sdk: Made, plain_sdk: Made, torture_sdk: Made) -> list[Made]:
    """SDKs of a portal and of other services."""
    return [portal_sdk, plain_sdk, torture_sdk]


def mypy(python: Path, folder: Path, *arguments: str, path: list[Made]) -> list[str]:
    """Return what mypy says in its strict mode; `path` are the SDKs to import."""
    options = ["--strict", "--no-error-summary", "--hide-error-context", "--cache-dir", str(folder / "cache")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--python-executable", str(python), *arguments],
        cwd=folder,
        env={"MYPYPATH": ":".join(str(made.folder) for made in path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def pyright(python: Path, folder: Path, *files: Path, path: list[Made]) -> list[dict[str, Any]]:
    """Return what pyright says in its strict mode; `path` are the SDKs to import."""
    sources = [{"root": str(made.folder)} for made in path]
    user = {"root": str(folder), "extraPaths": [str(made.folder) for made in path]}
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": list(map(str, files))}
    (folder / "pyrightconfig.json").write_text(json.dumps({**config, "executionEnvironments": [*sources, user]}))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", str(python), "-p", str(folder)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert told["summary"]["filesAnalyzed"] >= len(files)
    return list(told["generalDiagnostics"])


@pytest.mark.parametrize("python", ENVIRONMENTS, indirect=True)
def test_mypy_has_nothing_to_say_of_sdks(python: Path, sdks: list[Made], tmp_path: Path) -> None:
    """`mypy --strict` with no settings of ours finds nothing in an SDK, its runtime included."""
    packages = [word for sdk in sdks for word in ("-p", sdk.package)]

    assert mypy(python, tmp_path, "--config-file=", *packages, path=sdks) == []


@pytest.mark.parametrize("python", [LOWEST_STUBS, NEWEST], indirect=True)  # it brings stubs of its own
def test_pyright_has_nothing_to_say_of_sdks(python: Path, sdks: list[Made], tmp_path: Path) -> None:
    """Pyright in its strict mode finds nothing in an SDK, its runtime included."""
    assert pyright(python, tmp_path, *(sdk.folder for sdk in sdks), path=sdks) == []


@pytest.mark.parametrize("python", [LOWEST, NEWEST_STUBS], indirect=True)
def test_mypy_has_nothing_to_say_of_ovcgen(python: Path, tmp_path: Path) -> None:
    """`mypy --strict` finds nothing in ovcgen itself."""
    assert mypy(python, tmp_path, "--config-file", str(ROOT / "pyproject.toml"), str(ROOT / "ovcgen"), path=[]) == []


@pytest.fixture
def users(portal_sdk: Made, plain_sdk: Made, tmp_path: Path) -> list[Path]:
    """Two files that use an SDK and ovcgen, with wrong names in the lines that end in `# error`."""
    portal, plain = tmp_path / "portal_user.py", tmp_path / "plain_user.py"
    portal.write_text(USER.format(package=portal_sdk.package, client="Portal", type="Machine"))
    plain.write_text(USER.format(package=plain_sdk.package, client="Client", type="Pet"))
    return [portal, plain]


def wrong_lines(users: list[Path]) -> list[tuple[str, int]]:
    """Return the file and the number of each line of theirs that has to be an error."""
    numbers = [number for number, line in enumerate(USER.splitlines(), start=1) if line.endswith("# error")]
    return sorted((file.name, number) for file in users for number in numbers)


def test_mypy_knows_all_names(users: list[Path], sdks: list[Made], tmp_path: Path) -> None:
    """Public names of an SDK and of ovcgen are known to mypy as ovcgen is installed here, and no others."""
    told = mypy(Path(sys.executable), tmp_path, "--config-file=", *map(str, users), path=sdks)

    errors = [line.split(":") for line in told if ": error: " in line]
    assert sorted((Path(file).name, int(number)) for file, number, *_ in errors) == wrong_lines(users)
    assert all("[attr-defined]" in line[-1] for line in errors)


def test_pyright_knows_all_names(users: list[Path], sdks: list[Made], tmp_path: Path) -> None:
    """Public names of an SDK and of ovcgen are known to pyright as ovcgen is installed here, and no others."""
    told = pyright(Path(sys.executable), tmp_path, *users, path=sdks)

    unknown = [each for each in told if each["rule"] == "reportAttributeAccessIssue"]
    places = [(Path(each["file"]).name, each["range"]["start"]["line"] + 1) for each in unknown]
    assert sorted(places) == wrong_lines(users)
    assert {each["rule"] for each in told} <= {
        "reportAttributeAccessIssue",
        "reportUnknownArgumentType",
        "reportUnknownMemberType",
        "reportUnusedExpression",
    }


def test_checkers_have_nothing_to_say_of_a_user_of_ovcgen(tmp_path: Path) -> None:
    """ovcgen ships its types: both checkers, in their strict modes, know what its functions give."""
    user = tmp_path / "user.py"
    user.write_text(Path(__file__).with_name("ovcgen_sample.py").read_text())

    assert mypy(Path(sys.executable), tmp_path, "--config-file=", str(user), path=[]) == []
    assert pyright(Path(sys.executable), tmp_path, user, path=[]) == []
