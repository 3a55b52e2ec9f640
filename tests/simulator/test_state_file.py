"""What a portal remembers, in a file."""

import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from ovcgen.simulator.change_tracking_dict import TrackedDict
from ovcgen.simulator.seed import seeded
from ovcgen.simulator.state import PortalState, Table
from ovcgen.simulator.state_file import ForeignState, StateFile, StateInUse, Unwritable
from ovcgen.simulator.state_records import NEW, Disk, UserSession
from ovcgen.simulator.timing import steady


@pytest.fixture
def path(tmp_path):
    """A file that is not there yet."""
    return tmp_path / "portal.state"


def contents(state):
    """All that a state holds, in its order, and the last numbers given."""
    tables = {name: (list(each), each.last) for name, each in vars(state).items() if isinstance(each, Table)}
    return tables | {name: list(each.items()) for name, each in vars(state).items() if isinstance(each, TrackedDict)}


def reopened(path, release="2.4.5"):
    """What a new process finds there."""
    journal = StateFile(path, release)
    try:
        return journal.load()
    finally:
        journal.close()


def begun(path):
    """A state file with the demo's records, and its state."""
    journal, state = StateFile(path, "2.4.5"), seeded("demo", now=1000.0)
    journal.begin(state)
    return journal, state


def disk(name, machine_id=1):
    return Disk(NEW, name, "D", 10, 1, steady("CREATED"), machine_id)


def test_a_new_file_remembers_nothing(path):
    """And nobody else may read it."""
    assert reopened(path) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_is_there_again(path):
    """Records, sessions, numbers; in the same order."""
    journal, state = begun(path)
    state.sessions["k"] = UserSession("alice", 5.0)
    state.counters["/x"] += 3
    second = state.disks.add(disk("second"))
    state.disks.add(disk("third"))
    state.disks.put(replace(second, machine_id=None))
    state.machines.put(replace(state.machines.find(1), name="renamed"))
    journal.write(state)
    before = contents(state)
    journal.close()

    assert contents(reopened(path)) == before


def test_a_number_is_never_given_twice(path):
    """Not even that of a record that is gone."""
    journal, state = begun(path)
    gone = state.disks.add(disk("gone"))
    state.disks.drop(gone.id)
    journal.write(state)
    journal.close()

    assert reopened(path).disks.add(disk("new")).id == gone.id + 1


def test_what_was_dropped_stays_away_and_what_moved_comes_last(path):
    """The order is that of the portal."""
    journal, state = begun(path)
    boot = state.disks.find(1)
    state.disks.put(replace(boot, machine_id=None))
    state.disks.put(boot)
    journal.write(state)
    before = [disk.id for disk in state.disks_of(1)]
    journal.close()

    assert [disk.id for disk in reopened(path).disks_of(1)] == before == [2, 1]


def test_what_was_not_written_is_not_there(path):
    """Changes are kept when they are written, and not before."""
    journal, state = begun(path)
    state.disks.add(disk("unwritten"))
    journal.close()

    assert len(reopened(path).disks) == 2


def test_a_new_beginning_replaces_everything(path):
    """As after a reset."""
    journal, state = begun(path)
    state.disks.add(disk("old"))
    journal.write(state)
    fresh = seeded("empty", now=2000.0)
    journal.begin(fresh)
    journal.close()

    assert contents(reopened(path)) == contents(fresh)


def test_a_turned_clock_stays_turned(path):
    """Or what has ended would begin again."""
    journal, _ = begun(path)
    journal.save_clock_offset(12.5)
    journal.close()
    again = StateFile(path, "2.4.5")

    assert again.ahead == 12.5
    again.close()


def test_every_memory_of_a_portal_is_one_that_notes():
    """Whatever is added to the state survives a restart."""
    assert {type(var) for var in vars(PortalState()).values()} <= {Table, TrackedDict, *TrackedDict.__subclasses__()}


FOREIGN = {
    "a text": b"my diary\n" * 30,
    "a short text": b"x",
    "another database": None,
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_is_none_of_ours_is_left_alone(path, kind):
    """Byte for byte."""
    if FOREIGN[kind] is None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE diary (day TEXT)")
        other.close()
    else:
        path.write_bytes(FOREIGN[kind])
    before = path.read_bytes()

    with pytest.raises(ForeignState) as refused:
        StateFile(path, "2.4.5")
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert "left as it is" in refused.value.fix


def test_a_file_of_another_release_is_left_alone(path):
    """It names both."""
    journal, _ = begun(path)
    journal.close()
    before = path.read_bytes()

    with pytest.raises(ForeignState, match=r"of release 2\.4\.5, not of 2\.3\.0"):
        StateFile(path, "2.3.0")
    assert path.read_bytes() == before


def test_a_file_of_another_version_is_left_alone(path):
    """Its layout is not guessed at."""
    journal, _ = begun(path)
    journal.close()
    with path.open("r+b") as file:
        file.seek(60)
        file.write((99).to_bytes(4, "big"))

    with pytest.raises(ForeignState, match="layout 99"):
        StateFile(path, "2.4.5")


@pytest.mark.parametrize("broken", ["cut", "noise"])
def test_a_broken_file_is_refused(path, broken):
    """In two sentences, not with a traceback of SQLite's."""
    journal, _ = begun(path)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if broken == "cut" else whole[:4096] + os.urandom(len(whole) - 4096))

    with pytest.raises(ForeignState, match="broken"):
        StateFile(path, "2.4.5")


def test_records_that_nobody_can_read_are_refused(path):
    """A kind that this version does not have."""
    journal, _ = begun(path)
    journal.close()
    file = sqlite3.connect(path)
    with file:
        file.execute("UPDATE record SET kind = 'Spaceship' WHERE kind = 'Machine'")
    file.close()
    journal = StateFile(path, "2.4.5")

    with pytest.raises(ForeignState, match="Spaceship"):
        journal.load()
    journal.close()


def test_a_file_is_for_one_at_a_time(path):
    """In this process, and in another; afterwards it is free."""
    journal, _ = begun(path)
    script = (
        "import sys; from pathlib import Path; from ovcgen.simulator.state_file import StateFile, StateInUse\n"
        "try: StateFile(Path(sys.argv[1]), '2.4.5').close()\n"
        "except StateInUse as error: print(error.what)"
    )

    def another():
        return subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, timeout=60).stdout

    with pytest.raises(StateInUse):
        StateFile(path, "2.4.5")
    assert another() == f"{path} is in use by another simulator.\n"
    journal.close()
    assert another() == ""
    StateFile(path, "2.4.5").close()


@pytest.mark.parametrize("where", ["missing/portal.state", "."])
def test_a_place_that_can_not_be_written_is_explained(tmp_path, where):
    """No such folder, or no file at all."""
    with pytest.raises(Unwritable):
        StateFile(tmp_path / where, "2.4.5")
