"""`generate`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, SPECS, Run, expected


def test_generate_says_what_is_written(run: Run) -> None:
    """Where it is on stdout, how much on stderr; a second time nothing is written."""
    shown = []
    for line in expected("generate.txt").splitlines():
        if line.startswith("$ ovcgen "):
            ended = run(*line.removeprefix("$ ovcgen ").split())
            shown += [line, *ended.err.splitlines(), *ended.out.splitlines()]

    assert re.sub(r"in \d+ files", "in N files", "\n".join(shown) + "\n") == expected("generate.txt")


def test_the_same_sdk_is_not_written_again(run: Run, here: Path) -> None:
    """Its files keep their times, so that nothing is built anew."""
    run("generate", "2.4.5")
    file = here / "generated" / "openvcloud-2.4.5" / "README.md"
    before = file.stat()

    run("generate", "2.4.5")

    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.slow
def test_asynchronous_modules_can_be_left_out(run: Run, here: Path) -> None:
    """`--no-aio` is remembered by the SDK: `--check` and `verify` without the option find nothing to change."""
    package = here / "generated" / "openvcloud-2.4.5" / "openvcloud_2_4_5"
    run("generate", "2.4.5", "--no-aio")

    assert not (package / "aio").exists()
    assert run("generate", "2.4.5", "--check").code == 0
    assert "ok, no SDK" not in run("verify").out.split("\n2.4.5 ")[1]
    assert run("generate", "2.4.5", "--check", "--aio").code == 1
    run("generate", "2.4.5", "--aio")
    assert (package / "aio" / "cloudapi" / "machines.py").is_file()


def test_a_file_that_was_edited_is_kept(run: Run, here: Path) -> None:
    """And so is one that ovcgen did not write."""
    run("generate", "2.4.5")
    edited = here / "generated" / "openvcloud-2.4.5" / "README.md"
    edited.write_text("mine")
    (edited.parent / "foreign.py").write_text("mine")

    check, write = run("generate", "2.4.5", "--check"), run("generate", "2.4.5")

    assert (check.code, check.two_lines, write.code, write.two_lines) == (1, True, 2, True)
    assert "foreign.py" in write.err
    assert "README.md (changed by hand)" in write.err
    assert (edited.read_text(), (edited.parent / "foreign.py").read_text()) == ("mine", "mine")


@pytest.mark.parametrize("out", ["afile", "afile/below", "/proc", "/proc/here"])
def test_an_unwritable_target_is_said(run: Run, here: Path, out: str) -> None:
    """And what stood in the way still stands there."""
    (here / "afile").write_text("mine")

    ended = run("generate", "2.4.5", "--out", out)

    assert (ended.code, ended.two_lines) == (2, True)
    assert (here / "afile").read_text() == "mine"
    assert [path.name for path in here.iterdir()] == ["afile"]


def test_a_check_of_all_names_what_is_stale_in_all(run: Run) -> None:
    """Not only in the first."""
    run("generate", "2.4.5")

    ended = run("generate", "--all", "--check")

    assert ended.code == 1
    assert "openvcloud-2.1.6/README.md" in ended.err
    assert "generated/openvcloud-2.4.5 is up to date." in ended.err


@pytest.mark.parametrize(
    ("name", "words", "folder"),
    [
        pytest.param("mine.json", ["--release", "7.7"], "openvcloud-7.7", id="told"),
        pytest.param("openvcloud-3.1.json", [], "openvcloud-3.1", id="by the file's name"),
        pytest.param("mine.json", [], "openvcloud-2.4.5", id="by what is in it"),
    ],
)
def test_the_release_of_a_file(run: Run, here: Path, name: str, words: list[str], folder: str) -> None:
    """--release, then the name, then the fingerprint."""
    shutil.copy(SPECS / "2.4.5" / "swagger.json", here / name)

    assert run("generate", name, "--group", "libcloud", *words).out == f"generated/{folder}\n"


def test_the_release_of_any_other_file(run: Run, here: Path) -> None:
    """Its own title and version."""
    operation = {"operationId": "list", "tags": ["pets"], "responses": {"200": {"description": "all"}}}
    plain = {"swagger": "2.0", "info": {"title": "Pet Store", "version": "1.0"}, "paths": {"/pets": {"get": operation}}}
    (here / "pets.json").write_text(json.dumps(plain))

    ended = run("generate", "pets.json")

    assert ended.out == "generated/pet-store-1.0\n"
    assert ended.err.startswith("1 operation of pets.json in ")


def test_it_is_installed() -> None:
    """`ovcgen` is a command."""
    assert PROGRAM.is_file()


def test_next_says_which_release_decides_what_is_deprecated(run: Run, here: Path) -> None:
    """A release that is not there is an error, `none` marks nothing, and the default is the one that follows."""
    module = here / "generated" / "openvcloud-2.4.0" / "openvcloud_2_4_0" / "cloudbroker" / "computenode.py"

    unknown = run("generate", "2.4.0", "--next", "9.9")
    run("generate", "2.4.0", "--next", "none")
    without = module.read_text()
    run("generate", "2.4.0")

    assert (unknown.code, unknown.two_lines) == (2, True)
    assert "@deprecated" not in without
    assert "is not in release 2.4.4: use cloudbroker.node.enable()." in module.read_text()


PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {"/pets": {"get": {"operationId": "listPets", "tags": ["pets"], "responses": {"204": {}}}}},
}


def test_a_package_has_the_name_and_version_that_the_user_chose(run: Run, here: Path) -> None:
    """The folder and the import follow the name."""
    (here / "pets.json").write_text(json.dumps(PETS))

    ended = run("generate", "pets.json", "--package-name", "acme-pets", "--package-version", "3.1", "--naming", "pep8")

    assert ended.out.splitlines() == [str(Path("generated") / "acme-pets")]
    project = (here / "generated" / "acme-pets" / "pyproject.toml").read_text()
    assert 'name = "acme-pets"\nversion = "3.1"' in project
    assert "def list_pets(" in (here / "generated" / "acme-pets" / "acme_pets" / "pets" / "__init__.py").read_text()


@pytest.mark.parametrize("name", ["requests", "json", "class", "1pets", "acme pets", "acme/pets", "pets-", "ovcgen"])
def test_a_name_that_no_package_can_have_is_refused(run: Run, here: Path, name: str) -> None:
    """Also one that would hide what the SDK itself imports."""
    (here / "pets.json").write_text(json.dumps(PETS))

    ended = run("generate", "pets.json", "--package-name", name)

    assert "can't be the name of an SDK's package" in ended.err
    assert not (here / "generated").exists()


def test_a_package_has_the_author_and_licence_that_the_user_chose(run: Run, here: Path) -> None:
    """Options set the author and the licence of a package instead of the document's contact and licence."""
    info = {**PETS["info"], "license": {"name": "MIT"}, "contact": {"name": "Somebody"}}
    (here / "pets.json").write_text(json.dumps({**PETS, "info": info}))

    run("generate", "pets.json", "--package-author", "Acme <pets@acme.example>", "--package-license", "Apache 2.0")

    project = (here / "generated" / "pets-1" / "pyproject.toml").read_text()
    assert 'authors = [{ name = "Acme", email = "pets@acme.example" }]\nlicense = "Apache-2.0"' in project


def test_a_template_of_the_user_replaces_ours(run: Run, here: Path) -> None:
    """A user's template replaces the built-in one for that file only; --check compares with the same templates."""
    (here / "pets.json").write_text(json.dumps(PETS))
    (here / "mine" / "{package}").mkdir(parents=True)
    (here / "mine" / "README.md.jinja").write_text("# Ours: {{ sdk.distribution }}\n")
    (here / "mine" / "{package}" / "py.typed").write_text("partial\n")

    run("generate", "pets.json", "--templates", "mine")

    sdk = here / "generated" / "pets-1"
    assert (sdk / "README.md").read_text() == "# Ours: pets-1\n"
    assert (sdk / "pets_1" / "py.typed").read_text() == "partial\n"
    assert "def listPets(" in (sdk / "pets_1" / "pets" / "__init__.py").read_text()
    assert run("generate", "pets.json", "--templates", "mine", "--check").code == 0
    assert run("generate", "pets.json", "--check").code == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("REAMDE.md.jinja", "", r"REAMDE\.md\.jinja replaces no template.*README\.md\.jinja", id="a typo"),
        pytest.param("README.md.jinja", "a\n{% for %}", r"README\.md\.jinja, line 2: ", id="a syntax error"),
        pytest.param("README.md.jinja", "\n\n{{ sdk.nmae }}", r"line 3: .*nmae", id="an unknown name"),
        pytest.param("README.md.jinja", "{{ 1 }}", r"line 1: .*no finished code", id="a value that is no code"),
        pytest.param("README.md.jinja", "{{ 1 // 0 }}", r"line 1: .*zero", id="an error of Python"),
    ],
)
def test_a_wrong_template_is_named(run: Run, here: Path, name: str, text: str, message: str) -> None:
    """A template with a mistake is an error with file, line and advice; nothing is written."""
    (here / "pets.json").write_text(json.dumps(PETS))
    (here / "mine").mkdir()
    (here / "mine" / name).write_text(text)

    ended = run("generate", "pets.json", "--templates", "mine")

    assert re.search(message, " ".join(ended.err.split()))
    assert ended.code == 2
    assert not (here / "generated").exists()
