"""Store the state of a portal in a SQLite file: one transaction per call, and one process at a time.

The changes of a call are written before its response is sent, so they survive if the process is killed. A power
failure can lose the last calls, but never stores half a call.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ovcgen.errors import UsageError
from ovcgen.simulator import state_as_json
from ovcgen.simulator.change_tracking_dict import TrackedDict
from ovcgen.simulator.state import PortalState, Table

MAGIC = b"SQLite format 3\0"
OURS = 0x6F766373  # SQLite's application id: bytes 68 to 71 of the file
Inode = tuple[int, int]
OPEN: set[Inode] = set()  # state files that this process has open
LAYOUT = 1  # SQLite's user version: bytes 60 to 63
TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE number (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    place INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
    UNIQUE (name, key)
);
"""
KEEP = """INSERT INTO record (name, key, kind, value) VALUES (?, ?, ?, ?)
ON CONFLICT (name, key) DO UPDATE SET kind = excluded.kind, value = excluded.value"""
DROP = "DELETE FROM record WHERE name = ? AND key = ?"
COUNT = "INSERT INTO number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last"
TELL = "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class ForeignState(UsageError):
    """An error: a file is no state file, or of another version or release, or broken. It was not changed.

    `reason` is a phrase such as `it is broken`.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} can't be used as a state file: {reason}.",
            fix="It was left as it is; pass another name for a new one, or move it away.",
        )


class StateInUse(UsageError):
    """An error: another simulator, in this process or another one, uses the state file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in use by another simulator.", fix="End that one first, or pass another name for a new file."
        )


class Unwritable(UsageError):
    """An error: the state file can't be created or written. `reason` is a phrase, such as the system's message."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Can't keep the state in {path}: {reason}.", fix="Choose a file in a folder you may write to."
        )


class StateFile:
    """The open SQLite file that keeps the state of a simulated portal between runs. It belongs to one release.

    Args:
        path: The file; created if it does not exist.
        release: The release of the portal.

    Raises:
        ForeignState: the file is no state file of this version and release, or it is broken.
        StateInUse: another simulator uses the file.
        Unwritable: the file can't be created or written.
    """

    def __init__(self, path: Path, release: str) -> None:
        self._path = path
        self._numbers: dict[str, int] = {}
        self._inode = _checked(path)
        self._file = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._begin(release)
        except BaseException:
            self.close()
            raise

    @property
    def ahead(self) -> float:
        """Return the seconds by which the portal's clock was ahead of the real time, as stored; 0.0 for a new file."""
        return float(self._fact("ahead") or 0.0)

    def load(self) -> PortalState | None:
        """Return the stored state, or None if the file is new. Changes of the returned state are tracked for `write`.

        Raises:
            ForeignState: a record can't be read by this version.
        """
        if self._fact("begun") is None:
            return None
        state = PortalState()
        try:
            self._fill(state)
        except (state_as_json.UnknownRecord, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ForeignState(self._path, f"it holds what this version can't read ({error})") from error
        self._follow(state)
        return state

    def begin(self, state: PortalState) -> None:
        """Replace the stored state by `state`, and track the changes of `state` for `write` from now on."""
        with self._file:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute("DELETE FROM record")
            self._file.execute("DELETE FROM number")
            self._numbers = {}
            for name, tracked in _containers(state):
                tracked.changes = dict.fromkeys(tracked, False)
                self._keep(name, tracked)
            self._count(state)
            self._file.execute(TELL, ("begun", "true"))
        self._follow(state)

    def write(self, state: PortalState) -> None:
        """Write what has changed in `state` since the last write, in one transaction; without changes, do nothing.

        `state` must come from `load`, or have been passed to `begin`.

        Raises:
            sqlite3.Error: the file can't be written. The next call tries to write the same changes again.
        """
        changed = [(name, tracked) for name, tracked in _containers(state) if tracked.changes]
        if not changed:
            return
        with self._file:
            self._file.execute("BEGIN IMMEDIATE")
            for name, tracked in changed:
                self._keep(name, tracked)
            self._count(state)
        for _, tracked in changed:
            tracked.changes = {}

    def save_clock_offset(self, ahead: float) -> None:
        """Store the seconds by which the portal's clock is ahead of the real time; `ahead` returns them."""
        self._file.execute(TELL, ("ahead", json.dumps(ahead)))

    def close(self) -> None:
        """Close the file, so that another simulator can use it."""
        self._file.close()
        OPEN.discard(self._inode)

    def _begin(self, release: str) -> None:
        """Lock the file, create its tables if it is new, and check its content."""
        try:
            self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.execute("BEGIN EXCLUSIVE")
            if not self._file.execute("SELECT 1 FROM sqlite_master").fetchone():
                self._make(release)
            self._file.execute("COMMIT")
            self._check(release)
            self._file.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StateInUse(self._path) from error
            raise Unwritable(self._path, str(error)) from error
        except sqlite3.DatabaseError as error:
            raise ForeignState(self._path, f"it is broken ({error})") from error

    def _make(self, release: str) -> None:
        for statement in TABLES.split(";"):
            self._file.execute(statement)
        self._file.execute(TELL, ("release", release))
        self._file.execute(f"PRAGMA application_id = {OURS}")
        self._file.execute(f"PRAGMA user_version = {LAYOUT}")

    def _check(self, release: str) -> None:
        (verdict,) = self._file.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise ForeignState(self._path, "it is broken")
        kept = self._fact("release")
        if kept != release:
            raise ForeignState(self._path, f"it is of release {kept}, not of {release}")

    def _fact(self, name: str) -> str | None:
        row = self._file.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _fill(self, state: PortalState) -> None:
        """Read all records into a state, in the order in which they were first written."""
        found: dict[str, list[tuple[Any, Any]]] = {}
        for name, key, kind, value in self._file.execute("SELECT name, key, kind, value FROM record ORDER BY place"):
            found.setdefault(name, []).append((json.loads(key), state_as_json.from_json(kind, value)))
        self._numbers = dict(self._file.execute("SELECT name, last FROM number"))
        for name, rows in found.items():
            container = getattr(state, name)
            for key, value in rows:
                if isinstance(container, Table):
                    container.put(value)
                else:
                    container[key] = value
        for name, last in self._numbers.items():
            getattr(state, name).last = last

    def _keep(self, name: str, tracked: TrackedDict[Any, Any]) -> None:
        changes = tracked.changes or {}
        gone = [(name, json.dumps(key)) for key, was_gone in changes.items() if was_gone]
        kept = [(name, json.dumps(key), *state_as_json.to_json(tracked[key])) for key in changes if key in tracked]
        if gone:
            self._file.executemany(DROP, gone)
        self._file.executemany(KEEP, kept)

    def _count(self, state: PortalState) -> None:
        for name, table in vars(state).items():
            if isinstance(table, Table) and self._numbers.get(name) != table.last:
                self._file.execute(COUNT, (name, table.last))
                self._numbers[name] = table.last

    def _follow(self, state: PortalState) -> None:
        for _, tracked in _containers(state):
            tracked.changes = {}


def _containers(state: PortalState) -> Iterator[tuple[str, TrackedDict[Any, Any]]]:
    """Yield the name and the tracked dictionary of every table and mapping of a state."""
    for name, container in vars(state).items():
        yield name, container.records if isinstance(container, Table) else container


def _checked(path: Path) -> Inode:
    """Check that a file is empty or a state file of this version, and return its inode. A missing file is created.

    SQLite has not opened it yet. POSIX file locks belong to the process: closing a second handle of a file releases the
    locks of the first. So a file that this process already uses must not be opened again.

    Raises:
        StateInUse: this process uses the file already.
        ForeignState: it is no state file of this version.
        Unwritable: it can't be created or opened.
    """
    try:
        if path.exists() and _inode(path.stat()) in OPEN:
            raise StateInUse(path)
        with open(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "rb") as file:  # private: it has passwords
            head, inode = file.read(100), _inode(os.fstat(file.fileno()))
    except OSError as error:
        raise Unwritable(path, error.strerror or type(error).__name__) from error
    if head:
        _check_head(path, head)
    OPEN.add(inode)
    return inode


def _check_head(path: Path, head: bytes) -> None:
    if len(head) < 100 or not head.startswith(MAGIC) or int.from_bytes(head[68:72], "big") != OURS:
        raise ForeignState(path, "it is none")
    layout = int.from_bytes(head[60:64], "big")
    if layout != LAYOUT:
        raise ForeignState(path, f"it is of another version of ovcgen (layout {layout}, here {LAYOUT})")


def _inode(status: os.stat_result) -> Inode:
    return status.st_dev, status.st_ino
