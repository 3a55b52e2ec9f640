"""Documents as they were in git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ovcgen.errors import SpecRefused, UsageError
from ovcgen.workflows.diff_inputs import diff_input
from ovcgen.workflows.git_documents import at_revision
from ovcgen.workflows.resolve import load

SPECS = Path(__file__).parents[2] / "specs"
NOBODY = {f"GIT_{who}_{what}": "nobody@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with release 2.4.4 under another name, of which all is gone in the second commit but a file."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SPECS / "2.4.4", tmp_path / "specs" / "9.0")
    shutil.copy(SPECS / "overlay.json", tmp_path / "specs")
    (tmp_path / "my pets.yaml").write_text("swagger: '2.0'\ninfo: {title: pets, version: '1'}\npaths: {}\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    git("rm", "-rq", "specs")
    git("commit", "-qm", "second")
    return tmp_path


def git(*words):
    """Run it, as nobody."""
    subprocess.run(["git", *words], check=True, env={**os.environ, **NOBODY})


def no_portal(url):
    """Nothing is asked here."""
    raise AssertionError(url)


@pytest.mark.usefixtures("repository")
def test_a_file_as_it_was():
    """JSON or YAML, by its name."""
    found = diff_input("git:HEAD~1:my pets.yaml", no_portal)

    assert (found.spec.release, found.file, found.past, found.yaml) == ("pets-1", "my pets.yaml", True, True)
    assert found.content().startswith(b"swagger: ")


@pytest.mark.usefixtures("repository")
def test_a_release_with_its_corrections():
    """As the library would have loaded it then."""
    pinned = load("2.4.4")

    spec = diff_input("git:HEAD~1:specs/9.0", no_portal).spec

    assert spec.release == "9.0"
    assert (spec.document, spec.overlay, spec.origin) == (pinned.document, pinned.overlay, pinned.origin)


def test_a_path_may_be_told_from_here(repository, monkeypatch):
    """As git itself has it, with ./ in front."""
    (repository / "below").mkdir()
    monkeypatch.chdir(repository / "below")

    assert at_revision("git:HEAD:../my pets.yaml").data == at_revision("git:HEAD:my pets.yaml").data


@pytest.mark.parametrize(
    "source",
    [
        "git:",
        "git:HEAD",
        "git::path",
        "git:HEAD:",
        "git:-c:path",
        "git:--output=x:path",
        "git:HEAD:a\nHEAD:b",
        "git:a\0:b",
    ],
)
def test_what_names_no_file_is_refused(source):
    """Before git is asked; nothing can be an option to it."""
    with pytest.raises(UsageError, match="which revision and which path"):
        at_revision(source)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("git:HEAD:specs/9.0", "git knows no such file"),
        ("git:nobody:my pets.yaml", "git knows no such file"),
        ("git:HEAD~1:specs", "that folder has no swagger.json"),
        ("git:HEAD:--help", "git knows no such file"),
    ],
)
def test_what_git_does_not_have_is_said(source, said):
    """In two sentences."""
    with pytest.raises(UsageError, match=said):
        at_revision(source)


def test_outside_of_a_repository(tmp_path, monkeypatch):
    """What git says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UsageError, match="not a git repository"):
        at_revision("git:HEAD:swagger.json")


def test_where_there_is_no_git(tmp_path, monkeypatch):
    """That is said too."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UsageError, match="git is not installed"):
        at_revision("git:HEAD:swagger.json")


def test_an_edited_release_is_refused_there_too(repository):
    """Its hash is checked as on disk."""
    git("checkout", "-q", "HEAD~1", "--", "specs")
    path = repository / "specs" / "9.0" / "swagger.json"
    path.write_text(path.read_text().replace("cloudspaces", "cloudspacez", 1))
    git("commit", "-qam", "third")

    with pytest.raises(SpecRefused, match="was edited"):
        at_revision("git:HEAD:specs/9.0")
