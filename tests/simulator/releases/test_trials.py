"""Test each behaviour on a release that has it and on its neighbours that do not."""

import pytest

from ovcgen.model.release_names import order
from ovcgen.release_behaviours import BEHAVIOURS
from ovcgen.releases.library import Library
from tests.simulator.conftest import SPECS, Clock
from tests.simulator.releases import (  # noqa: F401 - they register their trials
    account_trials,
    cloudspace_trials,
    copy_trials,
    core_trials,
    deletion_trials,
    disk_trials,
    machine_trials,
    node_trials,
)
from tests.simulator.releases.world import TRIALS, World

RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
PATHS = {release: Library(SPECS).load(release).document["paths"] for release in RELEASES}
SIMULATED = [behaviour for behaviour in BEHAVIOURS if behaviour.simulated]


def tried(behaviour):
    """Return the last release that has the behaviour, the nearest earlier one and the nearest later one."""
    having = [release for release in RELEASES if behaviour.is_in(release)]
    before = [release for release in RELEASES if order(release) < order(having[0])][::-1]
    after = [release for release in RELEASES if order(release) > order(having[-1])]
    return sorted({having[-1], *nearest(behaviour, before), *nearest(behaviour, after)}, key=order)


def nearest(behaviour, releases):
    """Return the first of the releases that has an operation of the behaviour, else the first release; at most one."""
    having = [release for release in releases if any(behaviour.touches(path) for path in PATHS[release])]
    return (having or releases)[:1]


CASES = [
    pytest.param(behaviour, release, id=f"{behaviour.id}-{release}")
    for behaviour in SIMULATED
    for release in tried(behaviour)
]


@pytest.fixture(scope="module")
def worlds(pinned):
    """Return a function that returns the world of a release with a new state."""
    made = {}

    def world(release):
        if release not in made:
            made[release] = World(release, *pinned(release), Clock())
        return made[release].renew()

    return world


def expected(behaviour, release):
    """Return the expected result of a behaviour's trial in a release."""
    known = TRIALS[behaviour.id]
    if behaviour.is_in(release):
        return known.has
    before = behaviour.since and order(release) < order(behaviour.since)
    return known.earlier if before else known.later


@pytest.mark.parametrize(("behaviour", "release"), CASES)
def test_a_release_behaves_as_its_records_say(worlds, behaviour, release):
    """A trial has the result `has` in releases with the behaviour, and `earlier` or `later` in the others."""
    assert TRIALS[behaviour.id].look(worlds(release)) == expected(behaviour, release)


def test_every_simulated_behaviour_is_tried():
    """Every simulated behaviour has a trial, and every trial has a behaviour."""
    assert TRIALS.keys() == {behaviour.id for behaviour in SIMULATED}
