"""The history of the pinned releases is derived once, kept in a file and used only while it is up to date."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ovcgen.cli.app import run
from ovcgen.releases.library import Library, bundled
from ovcgen.resources import PACKAGE, code_digest
from ovcgen.workflows.build_sdk import sdk_of
from ovcgen.workflows.release_history import CODE, PinnedReleases, keep_history
from ovcgen.workflows.verify_releases import verify

OLD, NEW = "2.4.4", "2.4.5"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Return a folder with two releases and their history."""
    folder = tmp_path / "specs"
    for release in (OLD, NEW):
        shutil.copytree(bundled() / release, folder / release)
    shutil.copy(bundled() / "overlay.json", folder)
    keep_history(PinnedReleases(folder))
    return folder


def rewrite(specs: Path, release: str, **values: object) -> None:
    """Change values of one release in the history, and update the file's hashes."""
    library = Library(specs)
    history = library.history()
    assert history is not None
    told = {**history.releases[release], **values}
    library.keep_history(history._replace(releases={**history.releases, release: told}))


def test_an_sdk_is_the_same_with_and_without_a_history(specs: Path) -> None:
    """An SDK is the same whether the history is read from its file or derived again."""
    kept = [sdk_of(release, specs=specs).files for release in (OLD, NEW)]
    assert PinnedReleases(specs).stored_histories.keys() == {OLD, NEW}

    (specs / "history.json").unlink()

    assert [sdk_of(release, specs=specs).files for release in (OLD, NEW)] == kept


def test_a_history_is_used_where_it_is_kept(specs: Path) -> None:
    """The list of changes in an SDK is taken from the kept history."""
    rewrite(specs, NEW, changes="- told by the history\n")

    assert any("told by the history" in text for text in sdk_of(NEW, specs=specs).files.values())


@pytest.mark.parametrize("file", [f"{OLD}/overlay.json", f"{NEW}/overlay.json", "overlay.json"])
def test_a_history_of_other_corrections_is_not_used(specs: Path, file: str) -> None:
    """A change of one byte in an overlay makes the history out of date."""
    (specs / file).write_text((specs / file).read_text() + "\n")

    assert PinnedReleases(specs).stored_histories == {}


def test_a_history_of_other_releases_is_not_used(specs: Path) -> None:
    """Another pinned release makes the history out of date, because neighbouring releases are compared."""
    shutil.copytree(bundled() / "2.4.0", specs / "2.4.0")

    assert PinnedReleases(specs).stored_histories == {}


def test_an_edited_history_is_not_used_and_named(specs: Path) -> None:
    """A history that does not match its own hash is ignored, and `verify` reports it."""
    file = specs / "history.json"
    file.write_text(file.read_text().replace('"removals": null', '"removals": {}'))

    assert PinnedReleases(specs).stored_histories == {}
    assert ["history.json is out of date" in " ".join(found.problems) for found in verify(specs)] == [True, True]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"inputs": 1, "releases": 2, "sha256": 3}', "[" * 100_000])
def test_a_damaged_history_is_not_used(specs: Path, text: str) -> None:
    """An invalid history file is ignored, and `keep_history` repairs it."""
    (specs / "history.json").write_text(text)
    assert PinnedReleases(specs).stored_histories == {}

    keep_history(PinnedReleases(specs))

    assert PinnedReleases(specs).stored_histories.keys() == {OLD, NEW}


def test_a_history_that_says_something_else_than_today_is_named(specs: Path) -> None:
    """`verify` derives the history again and reports one whose hash is right but whose values are wrong."""
    rewrite(specs, OLD, types={})
    rewrite(specs, NEW, types={})

    assert ["history.json is out of date" in " ".join(found.problems) for found in verify(specs)] == [False, True]


def test_the_digest_of_the_code_covers_every_module_of_its_parts(tmp_path: Path) -> None:
    """Changing, adding or renaming a module changes the digest."""
    (tmp_path / "diff").mkdir()
    (tmp_path / "diff" / "one.py").write_text("A = 1\n")
    digests = [code_digest(["diff"], tmp_path)]
    (tmp_path / "diff" / "one.py").write_text("A = 2\n")
    digests.append(code_digest(["diff"], tmp_path))
    (tmp_path / "diff" / "two.py").write_text("")
    digests.append(code_digest(["diff"], tmp_path))
    (tmp_path / "diff" / "two.py").rename(tmp_path / "diff" / "three.py")
    digests.append(code_digest(["diff"], tmp_path))

    assert len(set(digests)) == 4


def test_all_code_that_derives_a_history_is_in_its_digest() -> None:
    """Deriving a history loads only modules in the digest, and a few that can't change the result."""
    script = (
        "import sys; from ovcgen.workflows.release_history import History, PinnedReleases; p = PinnedReleases(); "
        "History(p.corrected('2.4.5'), p).as_json(); "
        "print(*sorted({name.split('.')[1] for name in sys.modules if name.startswith('ovcgen.')}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) - set(CODE) <= {
        *("_version", "errors", "files", "resources", "fast_jsonschema_import"),
        "plugins",  # their names and versions are inputs themselves
    }
    assert all((PACKAGE / part).is_dir() for part in CODE)


def test_generate_all_keeps_the_history(specs: Path, tmp_path: Path) -> None:
    """`generate --all` writes the history of all pinned releases."""
    (specs / "history.json").unlink()

    assert run(["generate", "--all", "--specs", str(specs), "--out", str(tmp_path / "out")]) == 0
    assert PinnedReleases(specs).stored_histories.keys() == {OLD, NEW}
    assert [path.name for path in specs.iterdir() if path.name.startswith(".")] == []
