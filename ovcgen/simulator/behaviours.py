"""List the differences between releases: one row per behaviour, with its value in each range of releases.

An actor asks by name, with `ActorCall.does` (boolean) or `ActorCall.how` (text), and never compares releases itself.
`behaviours("2.2.6")` returns all behaviours of that release. A new release needs a new value only where it differs
from the previous one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ovcgen.model.release_names import order

Value = bool | str
FIRST = "0"  # older than every release
NUMBERED = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour.

    Attributes:
        name: The name that actors ask for.
        doc: What a true value means, or what each text means.
        since: The first release of each range, oldest first, and the value in that range.
    """

    name: str
    doc: str
    since: Mapping[str, Value]

    def at(self, release: str) -> Value:
        """Return the value for a release. A release name without a number (a file, an unknown portal) counts as the
        newest.
        """
        values = list(self.since.values())
        if not NUMBERED.match(release):
            return values[-1]
        passed = [value for first, value in self.since.items() if order(first) <= order(release)]
        return passed[-1]


def _until(first: str, name: str, doc: str) -> Row:
    """Return a row that is true before the release `first`."""
    return Row(name, doc, {FIRST: True, first: False})


def _from(first: str, name: str, doc: str) -> Row:
    """Return a row that is true from the release `first` on."""
    return Row(name, doc, {FIRST: False, first: True})


def _between(first: str, end: str, name: str, doc: str) -> Row:
    """Return a row that is true from the release `first` on, and false again from `end` on."""
    return Row(name, doc, {FIRST: False, first: True, end: False})


RECYCLE_BINS = (
    _from("2.3.0", "machines have a bin", "A deleted machine is DELETED with its disks, not DESTROYED."),
    _from("2.4.0", "physical disks end their machine", "A deleted machine with a disk of type P is DESTROYED."),
    _from("2.4.4", "cloudspaces have a bin", "A deleted cloudspace is DELETED, not DESTROYED."),
    _from("2.4.4", "accounts have a bin", "A deleted account is DELETED, not DESTROYED."),
    _from("2.4.4", "images have a bin", "A deleted image is DELETED; before, its record is removed."),
    Row(
        "disks in the bin",
        "Which deleted disks are TOBEDELETED, not DESTROYED: none, unattached (those that no machine had), or all.",
        {FIRST: "none", "2.4.4": "unattached", "2.4.5": "all"},
    ),
    Row(
        "deletionTime of disks",
        "The key deletionTime of disks: absent, zero (it is always 0), or stored.",
        {FIRST: "absent", "2.4.4": "zero", "2.4.5": "stored"},
    ),
    _from("2.4.4", "permanently is heard", "`permanently` destroys; before, it is an unknown parameter."),
    _from("2.4.4", "deletions check the name", "A `name` that is not the object's name is a 400."),
    _until("2.4.0", "bin blocks cloudspaces", "A DELETED machine keeps its cloudspace from being deleted."),
    _between("2.4.0", "2.4.4", "bin frees names", "The name of a DELETED machine can be given again."),
    _from("2.4.5", "accounts take their disks", "Disks that no machine has go and come back with their account."),
    _from("2.4.5", "deleted parents are refused", "Nothing is made in a DELETED cloudspace or account."),
    _from("2.4.5", "lists hide deleted spaces", "cloudspaces/list needs `includedeleted` to show DELETED ones."),
)
GONE = (
    _until("2.4.4", "destroyed spaces are missing", "Every call of ordinary users on a DESTROYED cloudspace is a 404."),
    _between("2.4.0", "2.4.4", "destroyed accounts stay as they are", "accounts/update of a DESTROYED one is a 400."),
    _from("2.4.4", "broker finds objects first", "Accounts and deletions in cloudbroker look up ids at first: 404."),
    Row(
        "broker on a destroyed account",
        "How cloudbroker/account answers for a DESTROYED account: missing (404), wrong (400), or accepted.",
        {FIRST: "missing", "2.4.0": "wrong", "2.4.4": "accepted"},
    ),
    Row(
        "broker on an unknown account",
        "The text of its 404; empty where the rights check has found that out before.",
        {FIRST: "Account name not found", "2.4.0": "Account not found", "2.4.4": ""},
    ),
    _from("2.4.0", "deleting nothing is fine", "cloudbroker answers null for deleting what is gone or unknown."),
    _from(
        "2.4.0", "broker refuses destroyed spaces", "cloudbroker calls on a DESTROYED cloudspace's firewall are a 400."
    ),
    _between("2.3.0", "2.4.4", "unknown images are deleted", "cloudbroker/image/delete of an unknown image is true."),
)
ROWS = (*RECYCLE_BINS, *GONE)


@cache
def behaviours(release: str) -> Mapping[str, Value]:
    """Return all behaviours of a release by name."""
    return {row.name: row.at(release) for row in ROWS}
