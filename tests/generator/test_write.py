"""Trees of files on a disk: whole or not at all, and never over somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ovcgen.errors import ForeignFiles, UnwritableTarget
from ovcgen.generator.write import check, write

OLD = {"a.py": "old\n", "pkg/b.py": "old\n", "pkg/gone.py": "old\n"}
NEW = {"a.py": "new\n", "pkg/b.py": "new\n", "pkg/c/d.py": "new\n"}


def content(folder: Path) -> dict[str, str]:
    """Every file below, without the manifest."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in sorted(files.items()) if name != ".ovcgen.json"}


def test_a_tree_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """What is no longer made is gone, and nothing is left beside it."""
    assert write(OLD, tmp_path / "sdk")
    assert write(NEW, tmp_path / "sdk")

    assert content(tmp_path / "sdk") == NEW
    assert os.listdir(tmp_path) == ["sdk"]


def test_an_equal_tree_is_left_alone(tmp_path: Path) -> None:
    """Not even a date changes."""
    write(OLD, tmp_path / "sdk")
    before = (tmp_path / "sdk" / "a.py").stat()

    assert not write(OLD, tmp_path / "sdk")
    assert (tmp_path / "sdk" / "a.py").stat() == before


def test_check_names_what_differs(tmp_path: Path) -> None:
    """Changed, missing and no longer made."""
    write(OLD, tmp_path / "sdk")

    assert check(OLD, tmp_path / "sdk") == []
    assert check(NEW, tmp_path / "sdk") == [".ovcgen.json", "a.py", "pkg/b.py", "pkg/c/d.py", "pkg/gone.py"]


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    """Everybody may read an SDK, and nobody else may write it."""
    before = os.umask(0)
    try:
        write(NEW, tmp_path / "sdk")
    finally:
        os.umask(before)

    assert oct((tmp_path / "sdk" / "pkg" / "c").stat().st_mode)[-3:] == "755"
    assert oct((tmp_path / "sdk" / "a.py").stat().st_mode)[-3:] == "644"


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    """It is named, and nothing is changed."""
    write(OLD, tmp_path / "sdk")
    (tmp_path / "sdk" / "notes.txt").write_text("mine")

    with pytest.raises(ForeignFiles, match=r"notes\.txt"):
        write(NEW, tmp_path / "sdk")

    assert content(tmp_path / "sdk") == {**OLD, "notes.txt": "mine"}


def test_a_file_changed_by_hand_stays(tmp_path: Path) -> None:
    """Nothing of the user's is lost."""
    write(OLD, tmp_path / "sdk")
    (tmp_path / "sdk" / "a.py").write_text("mine")

    with pytest.raises(ForeignFiles, match=r"a\.py \(changed by hand\)"):
        write(NEW, tmp_path / "sdk")


def test_a_folder_without_a_manifest_is_somebody_elses(tmp_path: Path) -> None:
    """Unless what is there is what would be written."""
    (tmp_path / "sdk").mkdir()
    (tmp_path / "sdk" / "a.py").write_text("mine")

    with pytest.raises(ForeignFiles):
        write(NEW, tmp_path / "sdk")
    assert write({"a.py": "mine"}, tmp_path / "sdk")


@pytest.mark.parametrize("name", ["__pycache__/a.pyc", "pkg/__pycache__/b.pyc", ".mypy_cache/CACHEDIR.TAG"])
def test_caches_of_tools_are_nobodys(tmp_path: Path, name: str) -> None:
    """Whoever imports an SDK where it was written can write it again."""
    write(OLD, tmp_path / "sdk")
    (tmp_path / "sdk" / name).parent.mkdir()
    (tmp_path / "sdk" / name).write_text("")

    assert write(NEW, tmp_path / "sdk")


@pytest.mark.parametrize("name", ["", "a.py", "pkg"])
def test_links_are_refused(tmp_path: Path, name: str) -> None:
    """Writing never leaves the target, and what a link leads to is not touched."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("mine")
    if name:
        (tmp_path / "sdk").mkdir()
    (tmp_path / "sdk" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ForeignFiles):
        write(NEW, tmp_path / "sdk")

    assert content(tmp_path / "elsewhere") == {"precious": "mine"}


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "a//b", ".", "", "a\\b", "C:x"])
def test_a_path_stays_below_the_target(tmp_path: Path, path: str) -> None:
    """Anything else is refused before a folder is made."""
    with pytest.raises(UnwritableTarget):
        write({path: "x"}, tmp_path / "out" / "sdk")

    assert os.listdir(tmp_path) == []


def test_a_target_that_can_not_be_written_says_why(tmp_path: Path) -> None:
    """Two sentences instead of a traceback."""
    (tmp_path / "file").write_text("")

    with pytest.raises(UnwritableTarget, match=r"Can't write .*sdk: "):
        write(NEW, tmp_path / "file" / "sdk")


@pytest.mark.parametrize("half", ["new", "old"])
def test_what_a_killed_run_left_is_cleaned_up(tmp_path: Path, half: str) -> None:
    """The next run finds its own leftovers by their manifest."""
    write(OLD, tmp_path / "sdk")
    write(OLD, tmp_path / f".sdk.ovcgen-{half}")

    assert write(NEW, tmp_path / "sdk")
    assert os.listdir(tmp_path) == ["sdk"]


def test_a_tree_that_was_set_aside_comes_back(tmp_path: Path) -> None:
    """A run killed between two renames, where they can't be one, has lost nothing."""
    write(OLD, tmp_path / ".sdk.ovcgen-old")

    assert not write(OLD, tmp_path / "sdk")
    assert content(tmp_path / "sdk") == OLD


def test_a_folder_that_only_looks_like_a_leftover_stays(tmp_path: Path) -> None:
    """Without a manifest it is not ours."""
    (tmp_path / ".sdk.ovcgen-new").mkdir()
    (tmp_path / ".sdk.ovcgen-new" / "precious").write_text("mine")

    with pytest.raises(ForeignFiles):
        write(NEW, tmp_path / "sdk")


SWAP = """
import sys
from pathlib import Path
from ovcgen.generator.write import write
files = [{f"pkg/{number}.py": text for number in range(20)} for text in ("old\\n", "new\\n")]
print("ready", flush=True)
while True:
    for each in files:
        write(each, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("after", [0.0, 0.013, 0.031, 0.05])
def test_a_killed_run_leaves_a_whole_tree(tmp_path: Path, after: float) -> None:
    """Whenever it is killed, all files are of one tree, and the next run goes through."""
    target = tmp_path / "sdk"
    write({f"pkg/{number}.py": "old\n" for number in range(20)}, target)
    with subprocess.Popen([sys.executable, "-c", SWAP, str(target)], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        time.sleep(after)
        child.kill()

    assert len(content(target)) == 20
    assert len(set(content(target).values())) == 1
    assert write({"a.py": "done"}, target)
    assert os.listdir(tmp_path) == ["sdk"]
