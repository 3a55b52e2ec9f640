"""States that change by themselves."""

import pytest

from ovcgen.simulator.timing import changing, steady


@pytest.mark.parametrize(("now", "status"), [(9, "A"), (10, "A"), (11.9, "A"), (12, "B"), (14, "B"), (15, "C")])
def test_a_status_is_what_it_is_when_one_looks(now, status):
    """Also before it began."""
    assert changing(10, "A", (2, "B"), (5, "C")).at(now) == status


def test_at_once_is_at_once():
    """Of several changes at one time the last counts."""
    assert changing(10, "A", (0, "B"), (0, "C")).at(10) == "C"


def test_a_steady_status_stays():
    """For ever."""
    assert steady("A").at(0) == steady("A").at(1e12) == "A"
