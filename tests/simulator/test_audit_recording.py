"""How much a portal remembers of what was done."""

from ovcgen.simulator import LOGINS
from ovcgen.simulator.audit_recording import KEPT, LASTS
from ovcgen.simulator.auth import log_in


def test_no_more_than_so_many_calls_are_noted(alice, simulator):
    """The oldest is forgotten first, and none that only reads or is a guest's is noted."""
    for _ in range(3):
        alice.value("/cloudapi/machines/get", machineId=1)
    assert len(simulator.state.audits) == 0
    for _ in range(KEPT + 5):
        alice.value("/cloudapi/machines/stop", machineId=1)

    assert len(simulator.state.audits) == KEPT
    assert next(iter(simulator.state.audits)).id == 6


def test_all_old_calls_are_forgotten(alice, simulator, clock):
    """After a jump of the clock, the next call deletes all audits that are older than 30 days."""
    for _ in range(3):
        alice.value("/cloudapi/machines/stop", machineId=1)
    clock.now += LASTS + 1
    alice.key = log_in(simulator.state, LOGINS.user.username, now=clock.now)
    alice.value("/cloudapi/machines/stop", machineId=1)

    assert [audit.id for audit in simulator.state.audits] == [4]
