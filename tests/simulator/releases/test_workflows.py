"""Test the fifteen workflows on each release, with the differences that the release has."""

import pytest

from ovcgen.release_behaviours import BY_ID, behaviour_ids
from tests.simulator.conftest import Clock
from tests.simulator.releases.workflows import WORKFLOWS
from tests.simulator.releases.world import World

RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
NULL = "null"


@pytest.fixture(scope="module", params=RELEASES)
def world(request, pinned):
    """Return a portal of each release in turn."""
    return World(request.param, *pinned(request.param), Clock())


def resolved(value, answers):
    """Return the value, with `$name.part` replaced by that part of the response to the step of that name."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    name, *parts = value[1:].split(".")
    found = answers.get(name, 0)
    for part in parts:
        found = found[int(part) if part.isdecimal() else part] if found else 0
    return found


def expected(step, release):
    """Return status and value that a step should get; the first entry of `otherwise` that the release has decides."""
    other = next((step.otherwise[name] for name in step.otherwise if name in behaviour_ids(release)), None)
    if other is None:
        return step.status, step.answer
    if isinstance(other, int) and not isinstance(other, bool):
        return other, None
    return 200, other


def is_as(answer, wanted):
    """Return whether a response value has the wanted type, has the wanted items, or is equal to the wanted value."""
    if wanted is None:
        return True
    if wanted == NULL:
        return answer is None
    if isinstance(wanted, type):
        return type(answer) is wanted
    if isinstance(wanted, dict):
        return wanted.items() <= answer.items()
    return answer == wanted


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_on_a_release(world, name):
    """Each step of a workflow gets the status and the value that are expected for the release."""
    answers = {}
    world.renew()
    for number, step in enumerate(WORKFLOWS[name], start=1):
        values = {key: resolved(value, answers) for key, value in step.values.items()}
        who = getattr(world, step.who)
        reply = (who.get if step.verb == "GET" else who.post)(step.path, **values)
        status, answer = expected(step, world.release)
        assert reply.status == status, (number, step.path, reply.text)
        if status == 200:
            assert is_as(reply.value, answer), (number, step.path, reply.text)
            answers[step.name] = reply.value
        world.later()


def test_what_differs_has_a_record():
    """Every name in `otherwise` is the id of a recorded behaviour."""
    steps = [step for steps in WORKFLOWS.values() for step in steps]

    assert len(WORKFLOWS) == 15
    assert {name for step in steps for name in step.otherwise} <= BY_ID.keys()
