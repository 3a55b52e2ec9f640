"""From a name or a file to a spec."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ovcgen
from ovcgen.documents.errors import TooLarge
from ovcgen.errors import UnknownRelease
from ovcgen.workflows.resolve import (
    NoSuchFolder,
    NothingPinned,
    PinnedAlready,
    UnreadableDocument,
    load,
    pinned,
    resolve,
)

SPECS = Path(__file__).parents[2] / "specs"


def test_a_name_is_a_pinned_release_and_a_path_is_a_file(tmp_path: Path) -> None:
    """A file may have the name of a release; with a folder before it, it is a file."""
    shutil.copy(SPECS / "2.4.4" / "swagger.json", tmp_path / "2.4.5")

    assert load("2.4.5", specs=SPECS).origin.kind == "compiled"
    assert load(str(tmp_path / "2.4.5"), specs=SPECS).release == "2.4.4"


def test_a_spec_is_itself() -> None:
    """What was loaded can be passed on."""
    spec = load("2.4.5", specs=SPECS)

    assert load(spec) is spec


def test_an_unknown_release_names_the_known_ones() -> None:
    """All of them."""
    with pytest.raises(UnknownRelease, match=r"2\.1\.6, 2\.2\.6"):
        load("9.9", specs=SPECS)


def test_a_pinned_release_keeps_its_name() -> None:
    """To say it again is no mistake; another one would be ignored."""
    assert load("2.4.5", release="2.4.5", specs=SPECS).release == "2.4.5"
    with pytest.raises(PinnedAlready):
        ovcgen.generate("2.4.5", release="2.4.6")


@pytest.mark.parametrize("path", ["nowhere.json", "/", "/dev/null/x"])
def test_a_file_that_can_not_be_read(path: str) -> None:
    """The system's reason is told."""
    with pytest.raises(UnreadableDocument, match="Can't read"):
        load(path)


def test_no_more_is_read_than_a_catalog_can_have() -> None:
    """A file without an end is refused like a large one."""
    with pytest.raises(TooLarge):
        load("/dev/zero")


def test_a_folder_that_is_not_there_is_no_empty_folder(tmp_path: Path) -> None:
    """A misspelt --specs does not mean: no releases."""
    with pytest.raises(NoSuchFolder):
        pinned(tmp_path / "nowhere")
    with pytest.raises(NothingPinned):
        pinned(tmp_path)


def test_a_file_gets_the_corrections_of_the_release_it_equals(tmp_path: Path) -> None:
    """So it has the names and the answers of the pinned one."""
    shutil.copy(SPECS / "2.4.5" / "swagger.json", tmp_path / "mine.json")

    assert resolve(str(tmp_path / "mine.json"), specs=SPECS).api == resolve("2.4.5", specs=SPECS).api


@pytest.mark.parametrize("version", ["swagger: '2.0'", "openapi: 3.0.0"])
@pytest.mark.parametrize(("info", "release"), [("", "shop"), ("info: {title: ' ', version: '7'}", "shop-7")])
def test_a_document_without_a_title_has_the_name_of_its_file(
    tmp_path: Path, version: str, info: str, release: str
) -> None:
    """Otherwise all such documents had one name, and the SDK of one replaced that of another."""
    (tmp_path / "shop.yaml").write_text(f"{version}\n{info}\npaths: {{/a: {{get: {{responses: {{}}}}}}}}\n")

    assert load(tmp_path / "shop.yaml").release == release
