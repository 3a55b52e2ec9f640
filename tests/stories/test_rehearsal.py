"""Test the rehearsal of an upgrade with a nightly script."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ovcgen.rehearsal.exchange import OutputLine
from ovcgen.rehearsal.render import as_text
from ovcgen.workflows.rehearse import RehearsalTerms, rehearse

SCRIPT = Path(__file__).with_name("nightly_maintenance.py")
pytestmark = pytest.mark.slow


def test_a_script_breaks_in_three_ways_and_the_rehearsal_shows_them() -> None:
    """The rehearsal shows a renamed call, a name that the recycle bin keeps, and a right that a level has lost."""
    printed: list[tuple[str, str]] = []

    def keep(release: str, line: OutputLine) -> None:
        printed.append((release, line.text))

    found = rehearse([sys.executable, str(SCRIPT)], "2.2.6", "2.4.5", RehearsalTerms(admin=True), keep)

    renamed, kept_name, right = found.of_kind("newly-refused")
    assert (found.old.exit.code, found.new.exit.code) == (0, 1)
    assert (found.old.refused, found.new.refused) == (0, 3)
    assert (renamed.subject, renamed.new.partition(",")[0]) == (
        "cloudbroker.computenode.maintenance",
        "404 Could not find method",
    )
    assert "Call `cloudbroker.node.maintenance` instead" in renamed.hint
    assert (kept_name.subject, kept_name.new) == ("cloudapi.machines.create", "409 Selected name already exists")
    assert (right.subject, right.new.partition(" ")[0]) == ("cloudbroker.machine.list", "403")
    assert "`behaviour.broker-needs-level`" in right.hint
    assert ("machine nightly", "DESTROYED", "DELETED") in [
        (each.subject, each.old, each.new) for each in found.of_kind("object")
    ]
    endings = [(release, line) for release, line in printed if line.endswith(" failures")]  # beside what stderr has
    assert endings == [("2.2.6", "0 failures"), ("2.4.5", "3 failures")]
    assert not any("-password" in line for line in (*as_text(found).splitlines(), *(text for _, text in printed)))
