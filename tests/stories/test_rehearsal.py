"""Test the rehearsal of an upgrade with a nightly script."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ovcgen.rehearsal.render import as_text
from ovcgen.rehearsal.run_records import OutputLine
from ovcgen.workflows.rehearse_upgrade import RehearsalOptions, rehearse

SCRIPT = Path(__file__).with_name("nightly_maintenance.py")
RUNTIME_SCRIPT = """
import os, ovcgen
auth = ovcgen.Credentials(os.environ["OVC_USERNAME"], os.environ["OVC_PASSWORD"])
with ovcgen.connect(os.environ["OVC_URL"], auth=auth, groups=["cloudapi", "cloudbroker"]) as portal:
    try:
        portal.cloudapi.users.getResetPasswordInformation(resettoken="t")
    except (AttributeError, ovcgen.ApiError):
        pass
    portal.cloudbroker.computenode.enable(id=1, gid=66, message="checked")
"""
pytestmark = pytest.mark.slow


def test_a_script_breaks_in_three_ways_and_the_rehearsal_shows_them() -> None:
    """The rehearsal shows a renamed call, a name that the recycle bin keeps, and a right that a level has lost."""
    printed: list[tuple[str, str]] = []

    def keep(release: str, line: OutputLine) -> None:
        printed.append((release, line.text))

    found = rehearse([sys.executable, str(SCRIPT)], "2.2.6", "2.4.5", RehearsalOptions(admin=True), keep)

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


def test_a_call_that_the_client_does_not_have_any_more_gets_its_new_name() -> None:
    """A call that the new release lacks is not sent by a client of its catalog; its hint has what replaces the call."""
    terms = RehearsalOptions(admin=True)

    found = rehearse([sys.executable, "-c", RUNTIME_SCRIPT], "2.2.6", "2.4.5", terms, lambda *_: None)

    hints = {each.subject.rpartition(".")[2]: each.hint for each in found.of_kind("only-old")}
    assert found.new.exit.code == 1
    assert "AttributeError" in found.new.last_error_line
    assert hints["getResetPasswordInformation"] == (
        "2.4.5 has no `cloudapi.users.getResetPasswordInformation`, and no call that replaces it is known."
    )
    assert hints["enable"] == (
        "Call `cloudbroker.node.enable` instead of `cloudbroker.computenode.enable`. Pass `nid` in every call."
    )
