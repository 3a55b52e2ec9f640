"""The folder of pinned catalogs."""

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ovcgen.documents.document import canonical, sha256_of
from ovcgen.documents.errors import ForeignReference, NotJson
from ovcgen.errors import SpecRefused, UnknownRelease, UnwritableTarget
from ovcgen.model.release_names import BadReleaseName
from ovcgen.releases.library import DamagedSpec, EditedSpec, Library, NoCommonOverlay, bundled, find
from ovcgen.releases.spec import Origin, Spec


def spec(release="2.4.5", *, title="JumpScale Actors", **more):
    """A catalog with nothing in it."""
    document = {"swagger": "2.0", "info": {"title": title, "version": "7.0"}, "paths": {}}
    return Spec(document, release, Origin("file", sha256_of(document), ("cloudapi",)), **more)


def names(folder):
    """Everything in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


def test_what_is_saved_is_loaded_again(tmp_path):
    """Document and origin come back as they were."""
    library = Library(tmp_path / "specs")

    assert library.save(spec()) == tmp_path / "specs" / "2.4.5"
    assert library.load("2.4.5") == spec()


def test_files_are_canonical_text(tmp_path):
    """Sorted keys and a closing newline: git shows what a portal changed, and nothing else."""
    home = Library(tmp_path).save(spec())

    assert (home / "swagger.json").read_text() == canonical(spec().document)
    assert names(home) == ["origin.json", "swagger.json"]
    assert names(tmp_path) == ["2.4.5"]


def test_releases_are_in_their_natural_order(tmp_path):
    """2.10.0 comes last; files and hidden folders are no releases."""
    library = Library(tmp_path)
    for release in ("2.10.0", "2.2.6", "2.1.6"):
        library.save(spec(release))
    (tmp_path / ".git").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "overlay.json").write_text("{}")

    assert library.releases() == ("2.1.6", "2.2.6", "2.10.0")
    assert (library.following("2.2.6"), library.preceding("2.2.6")) == ("2.10.0", "2.1.6")
    assert (library.following("2.10.0"), library.preceding("2.1.6")) == (None, None)
    assert library.following("2.3") == "2.10.0"


def test_a_folder_that_does_not_exist_holds_no_releases(tmp_path):
    """A new project starts with none."""
    assert Library(tmp_path / "specs").releases() == ()


def test_an_unknown_release_is_answered_with_the_known_ones(tmp_path):
    """A reader sees at once what there is."""
    library = Library(tmp_path)
    library.save(spec("2.4.4"))
    library.save(spec("2.4.5"))

    with pytest.raises(UnknownRelease, match=r"Release 3\.0 is not pinned; pinned are: 2\.4\.4, 2\.4\.5\."):
        library.load("3.0")


@pytest.mark.parametrize("release", ["../secret", "/etc", ".", "-x"])
def test_a_release_is_no_path(tmp_path, release):
    """Neither reading nor writing leaves the folder."""
    with pytest.raises(BadReleaseName):
        Library(tmp_path).load(release)
    with pytest.raises(BadReleaseName):
        Library(tmp_path).save(spec(release))


def test_an_edited_document_is_refused(tmp_path):
    """What was pinned is what is used."""
    home = Library(tmp_path).save(spec())
    (home / "swagger.json").write_text(canonical(spec(title="Mine").document))

    with pytest.raises(EditedSpec, match=r"swagger\.json was edited"):
        Library(tmp_path).load("2.4.5")


def test_another_layout_is_no_edit(tmp_path):
    """An editor may have indented the file anew."""
    home = Library(tmp_path).save(spec())
    (home / "swagger.json").write_text(json.dumps(spec().document))

    assert Library(tmp_path).load("2.4.5") == spec()


def test_a_pinned_document_is_no_more_trusted_than_a_served_one(tmp_path):
    """Whoever can write a document can write its hash."""
    document = {**spec().document, "definitions": {"A": {"$ref": "http://127.0.0.1/"}}}
    Library(tmp_path).save(replace(spec(), document=document, origin=Origin("file", sha256_of(document))))

    with pytest.raises(ForeignReference):
        Library(tmp_path).load("2.4.5")


@pytest.mark.parametrize(
    ("file", "text", "error"),
    [
        ("origin.json", None, DamagedSpec),
        ("origin.json", "{}", DamagedSpec),
        ("origin.json", '{"kind": 1, "sha256": "x"}', DamagedSpec),
        ("origin.json", "[]", NotJson),
        ("overlay.json", '{"a": 1, "a": 2}', NotJson),
        ("swagger.json", '{"swagger": "2.0"', NotJson),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path, file, text, error):
    """The message names the file."""
    path = Library(tmp_path).save(spec()) / file
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_text(text)

    with pytest.raises(error, match=file) as caught:
        Library(tmp_path).load("2.4.5")
    assert isinstance(caught.value, SpecRefused)


def test_corrections_come_with_the_catalog(tmp_path):
    """The release's own, and those that several releases use."""
    home = Library(tmp_path).save(spec())
    (home / "overlay.json").write_text('{"actions": [1]}')
    (tmp_path / "overlay.json").write_text('{"actions": {"files": 2}}')

    assert Library(tmp_path).load("2.4.5").overlay == {"actions": [1], "common": {"actions": {"files": 2}}}


def test_a_new_catalog_leaves_the_corrections_alone(tmp_path):
    """They were written by hand, and so was whatever else lies there."""
    home = Library(tmp_path).save(spec())
    (home / "overlay.json").write_text('{"mine": 1}')
    (home / "notes").mkdir()
    (home / "notes" / "swagger.json").write_text("notes")

    Library(tmp_path).save(spec(title="Newer", overlay={"other": 2}))

    assert Library(tmp_path).load("2.4.5").overlay == {"mine": 1}
    assert (home / "notes" / "swagger.json").read_text() == "notes"
    assert names(tmp_path) == ["2.4.5"]


def test_the_first_catalog_brings_its_corrections(tmp_path):
    """Those of a release copied from one library to another; the common ones belong to a library."""
    Library(tmp_path).save(spec(overlay={"mine": 1, "common": {"theirs": 2}}))

    assert Library(tmp_path).load("2.4.5").overlay == {"mine": 1}


def test_the_version_of_an_sdk_rises_with_its_document(tmp_path):
    """The same document keeps its number, another one gets the next."""
    library = Library(tmp_path)
    versions = []
    for title in ("A", "A", "B", "A"):
        library.save(spec(title=title))
        versions.append(library.load("2.4.5").origin.sdk_version)

    assert versions == ["1.0", "1.0", "1.1", "1.2"]


def test_a_higher_version_is_believed(tmp_path):
    """The surface or the overlay may have changed instead; 1.10 is more than 1.9."""
    library = Library(tmp_path)
    for version in ("1.9", "1.10", "1.3"):
        library.save(replace(spec(), origin=replace(spec().origin, sdk_version=version)))

    assert library.load("2.4.5").origin.sdk_version == "1.10"


def test_a_target_that_can_t_be_written_is_said_so(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "specs").write_text("")

    with pytest.raises(UnwritableTarget, match="Can't write"):
        Library(tmp_path / "specs").save(spec())


def test_a_failed_save_changes_nothing(tmp_path):
    """The old catalog stays, and no half of the new one lies around."""
    library = Library(tmp_path)
    library.save(spec())
    (tmp_path / ".2.4.5.replaced").write_text("in the way")

    with pytest.raises(UnwritableTarget):
        library.save(spec(title="Newer"))

    assert library.load("2.4.5") == spec()
    assert names(tmp_path) == [".2.4.5.replaced", "2.4.5"]


def test_a_writer_that_died_between_two_renamings_loses_nothing(tmp_path):
    """The old folder is still read under its other name, and kept by the next writer."""
    library = Library(tmp_path)
    home = library.save(spec())
    (home / "overlay.json").write_text('{"mine": 1}')
    home.rename(tmp_path / ".2.4.5.replaced")

    assert library.releases() == ("2.4.5",)
    assert library.load("2.4.5").overlay == {"mine": 1}

    library.save(spec(title="Newer"))
    assert library.load("2.4.5").overlay == {"mine": 1}
    assert names(tmp_path) == ["2.4.5"]


def test_a_killed_writer_leaves_a_whole_catalog(tmp_path):
    """Whenever it dies, what is there can be loaded."""
    Library(tmp_path).save(spec())
    code = """
import sys
from pathlib import Path
from ovcgen.releases.library import Library
from ovcgen.documents.document import sha256_of
from ovcgen.releases.spec import Origin, Spec
print("ready", flush=True)
for number in range(100_000):
    document = {"swagger": "2.0", "info": {"title": str(number), "version": "1"}, "paths": {}}
    Library(Path(sys.argv[1])).save(Spec(document, "2.4.5", Origin("file", sha256_of(document))))
"""
    for tenths in range(1, 5):
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            writer.stdout.readline()
            time.sleep(tenths / 13)
            writer.send_signal(signal.SIGKILL)

        assert Library(tmp_path).load("2.4.5").release == "2.4.5"


def test_what_a_killed_writer_leaves_behind_is_removed_by_the_next(tmp_path):
    """The folder that a writer was filling goes; one that a living writer is filling stays."""
    hold = """
import sys, time
from pathlib import Path
from ovcgen.releases.library import _building
with _building(Path(sys.argv[1])) as folder:
    (folder / "swagger.json").write_text("{")
    print(folder.name, flush=True)
    time.sleep(600)
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", hold, str(tmp_path / "2.4.4")], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    with writers[0] as killed, writers[1] as living:
        left, filling = (writer.stdout.readline().strip() for writer in writers)
        killed.kill()
        killed.wait()

        Library(tmp_path).save(spec())

        assert names(tmp_path) == sorted([filling, "2.4.5"])
        assert left not in names(tmp_path)
        living.kill()


def test_the_folder_that_was_asked_for_is_read_alone(tmp_path):
    """Even when it does not exist yet."""
    found = find(tmp_path / "mine", here=tmp_path)

    assert (found.folder, found.releases(), found.hidden()) == (tmp_path / "mine", (), ())


def test_a_projects_own_specs_lie_over_the_bundled_ones(tmp_path):
    """A release that is pinned there hides the bundled one of that name, and no other."""
    Library(tmp_path / "specs").save(spec("2.4.5"))
    Library(tmp_path / "specs").save(spec("9.9"))

    found = find(here=tmp_path)

    assert found.folder == tmp_path / "specs"
    assert found.releases() == (*Library(bundled()).releases(), "9.9")
    assert found.hidden() == ("2.4.5",)
    assert found.load("2.4.5") == spec("2.4.5")
    assert found.load("2.4.4") == Library(bundled()).load("2.4.4")
    assert found.preceding("9.9") == "2.4.5"


def test_a_copy_of_a_bundled_release_hides_nothing(tmp_path):
    """Its common corrections are those that come with ovcgen, as long as the project has no own ones."""
    shutil.copytree(bundled() / "2.4.5", tmp_path / "specs" / "2.4.5")

    found = find(here=tmp_path)

    assert found.hidden() == ()
    assert found.load("2.4.5") == Library(bundled()).load("2.4.5")


def test_common_corrections_that_are_missing_are_named(tmp_path):
    """A release that was copied without the file beside it."""
    shutil.copytree(bundled() / "2.4.5", tmp_path / "2.4.5")

    with pytest.raises(NoCommonOverlay) as caught:
        Library(tmp_path).load("2.4.5")

    assert str(tmp_path / "overlay.json") in caught.value.what
    assert str(bundled() / "overlay.json") in caught.value.fix


def test_without_own_specs_the_bundled_ones_are_read(tmp_path):
    """They are not empty."""
    assert find(here=tmp_path).folder == bundled()
    assert find(here=bundled().parent).folder == bundled()
    assert Library(bundled()).releases()
    assert isinstance(bundled(), Path)
