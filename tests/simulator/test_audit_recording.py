"""How much a portal remembers of what was done."""

from ovcgen.simulator.audit_recording import KEPT


def test_no_more_than_so_many_calls_are_noted(alice, simulator):
    """The oldest is forgotten first, and none that only reads or is a guest's is noted."""
    for _ in range(3):
        alice.value("/cloudapi/machines/get", machineId=1)
    assert len(simulator.state.audits) == 0
    for _ in range(KEPT + 5):
        alice.value("/cloudapi/machines/stop", machineId=1)

    assert len(simulator.state.audits) == KEPT
    assert next(iter(simulator.state.audits)).id == 6
