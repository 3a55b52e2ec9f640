"""What editors offer while a user types: names and signatures, found by reading the SDK, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from pathlib import Path

import jedi
import pytest

from tests.generator.conftest import ROOT, Made
from tests.language_server import LanguageServer, pyright_server

PORTAL = 'import {package} as ovc\nportal = ovc.connect("https://portal.example")\n'
PLAIN = 'import {package} as api\nclient = api.connect("https://pets.example")\n'
OWN = "import ovcgen\n"
OFFERED = [
    pytest.param("ovc.", {"connect", "ItsYouOnline", "NotFound", "Portal", "Task", "types", "RELEASE"}, id="package"),
    pytest.param("ovc.types.", {"Machine", "CloudspaceSummary"}, id="types"),
    pytest.param("portal.", {"cloudapi", "cloudbroker", "system", "wait", "task", "close"}, id="client"),
    pytest.param("portal.cloudapi.", {"machines", "accounts"}, id="group"),
    pytest.param("portal.cloudapi.machines.", {"create", "get", "list"}, id="actor"),
    pytest.param("portal.cloudapi.machines.create(", {"cloudspaceId=", "name=", "vcpus="}, id="arguments"),
    pytest.param("portal.wait.", {"machine_running", "cloudspace_deployed"}, id="waiters"),
    pytest.param("portal.cloudapi.machines.stop(machineId=1, _async=True).", {"result", "guid"}, id="task"),
    pytest.param("with ovc.connect('x') as opened:\n    opened.", {"cloudapi", "wait"}, id="with"),
]
OFFERED_BY_OTHERS = [
    pytest.param("api.", {"connect", "ApiKey", "NotFound", "Client", "types"}, id="package"),
    pytest.param("client.", {"pets", "close"}, id="client"),
    pytest.param("client.pets.", {"listPets", "getPet"}, id="group"),
    pytest.param("client.pets.getPet(", {"petId=", "details="}, id="arguments"),
]
OF_OVCGEN = {"connect", "simulate", "generate", "ItsYouOnline", "NotFound"}


class Jedi:
    """Jedi, which completes in IPython, Jupyter, Vim and others; it reads files and imports none."""

    def __init__(self, *sources: Path) -> None:
        self._project = jedi.Project(ROOT, added_sys_path=list(map(str, sources)), smart_sys_path=False)

    def completions(self, code: str) -> Set[str]:
        """Return the names that are offered at the end of the code."""
        return {each.name for each in jedi.Script(code, project=self._project).complete()}

    def signatures(self, code: str) -> list[list[str]]:
        """Return the parameters of each signature that is shown at the end of the code."""
        shown = jedi.Script(code, project=self._project).get_signatures()
        return [[param.to_string() for param in signature.params] for signature in shown]


@pytest.fixture(
    scope="module", params=["jedi", pytest.param("pyright", marks=pytest.mark.slow)], ids=["jedi", "pyright"]
)
def editor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, portal_sdk: Made, plain_sdk: Made
) -> Iterator[Jedi | LanguageServer]:
    """What an editor asks for completions."""
    sources = (portal_sdk.folder, plain_sdk.folder, ROOT)
    if request.param == "jedi":
        yield Jedi(*sources)
    else:
        with pyright_server(tmp_path_factory.mktemp("editor"), *sources) as server:
            yield server


@pytest.mark.parametrize(("code", "names"), OFFERED)
def test_an_editor_offers_names(editor: Jedi | LanguageServer, code: str, names: Set[str], portal_sdk: Made) -> None:
    """Whatever a portal's SDK has is offered where it can be written."""
    assert names <= editor.completions(PORTAL.format(package=portal_sdk.package) + code)


@pytest.mark.parametrize(("code", "names"), OFFERED_BY_OTHERS)
def test_an_editor_offers_names_of_any_service(
    editor: Jedi | LanguageServer, code: str, names: Set[str], plain_sdk: Made
) -> None:
    """The same holds for the SDK of a document that is not OpenvCloud's."""
    assert names <= editor.completions(PLAIN.format(package=plain_sdk.package) + code)


def test_an_editor_offers_the_names_of_ovcgen(editor: Jedi | LanguageServer) -> None:
    """The public names of ovcgen are offered, though they load at their first use only."""
    assert editor.completions(f"{OWN}ovcgen.") >= OF_OVCGEN


def test_an_editor_shows_signatures(editor: Jedi | LanguageServer, portal_sdk: Made) -> None:
    """Inside the brackets of a call its arguments are shown with their types."""
    shown = editor.signatures(PORTAL.format(package=portal_sdk.package) + "portal.cloudapi.machines.create(")

    assert shown
    assert all("cloudspaceId: int" in parameters for parameters in shown)
    assert all("vcpus: int | None = None" in map(plain_default, parameters) for parameters in shown)


def test_modules_of_classes_hold_nothing_else(portal_sdk: Made, plain_sdk: Made) -> None:
    """Constants of requests are not in the modules with the classes: pyright evaluates them for each completion."""
    for sdk in (portal_sdk, plain_sdk):
        package = sdk.folder / sdk.package
        modules = [path for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "_runtime"]
        calls = [path for path in modules if "self._client.call(" in path.read_text()]

        statements = {type(each) for path in calls for each in ast.parse(path.read_text()).body}

        assert calls
        assert statements == {ast.Expr, ast.ImportFrom, ast.If, ast.ClassDef} | (statements & {ast.Import})


def plain_default(parameter: str) -> str:
    """Return a parameter with blanks around its `=`, as the two editors differ in them."""
    return parameter.replace(" = ", "=").replace("=", " = ")
