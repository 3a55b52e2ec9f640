"""What a comparison promises, for any two documents: tried with random ones, and with jsonschema as the judge."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from ovcgen.diff import breaks, compare, report_of
from ovcgen.diff.change import INFO, Change
from ovcgen.model.api import Api
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from tests.diff.documents import Shape, pairs, value

DICE = st.randoms(use_true_random=False)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


def api(document: Shape, release: str = "1") -> Api:
    """The API of a document."""
    return read(normalise(document), release)


@SLOW
@given(pairs())
def test_nothing_differs_from_itself(pair: tuple[Shape, Shape]) -> None:
    """Whatever it holds."""
    assert compare(api(pair[0]), api(pair[0])) == []


@SLOW
@given(pairs(), DICE)
def test_the_order_of_keys_and_lists_changes_nothing(pair: tuple[Shape, Shape], dice: Random) -> None:
    """But that parameters stand in another order, which is said and breaks nobody."""
    old, new = pair
    shuffled = compare(api(_shuffled(old, dice)), api(_shuffled(new, dice)))

    assert _but_order(shuffled) == _but_order(compare(api(old), api(new)))


@SLOW
@given(pairs())
def test_forth_and_back_mirror(pair: tuple[Shape, Shape]) -> None:
    """As much changes at the same places, and what came on the way there goes on the way back."""
    there, back = compare(api(pair[0]), api(pair[1])), compare(api(pair[1]), api(pair[0]))

    assert sorted(map(_place, there)) == sorted(map(_place, back))
    came, went = (
        [change for change in changes if change.id.startswith("parameter.added")] for changes in (there, back)
    )
    assert len(came) == sum(change.id == "parameter.removed" for change in back)
    assert len(went) == sum(change.id == "parameter.removed" for change in there)


@SLOW
@given(pairs())
def test_a_major_step_fails_and_nothing_else_does(pair: tuple[Shape, Shape]) -> None:
    """The exit code, the suggested bump and the counts of the json output agree."""
    changes = compare(api(pair[0]), api(pair[1]))
    for only in ("", "wire", "sdk"):
        report = report_of("1", "2", changes, only=only)

        assert breaks(report) == (report.bump == "major")
        assert breaks(report) == any(counts["breaking"] for counts in report.counts().values())


@SLOW
@given(pairs(), DICE)
def test_a_request_that_worked_still_does_unless_that_is_said(pair: tuple[Shape, Shape], dice: Random) -> None:
    """Of the body, and of fields beside it."""
    old, new = pair
    changes = [change for change in compare(api(old), api(new)) if change.location.place]
    for place in ("body", "query"):
        if all(change.wire is INFO for change in changes if change.location.place == place):
            before, after = (_taken(shape, place) for shape in pair)

            assert [each for each in _fitting(before, old, dice) if not _fits(each, after, new)] == []


@SLOW
@given(pairs(), DICE)
def test_an_answer_holds_nothing_new_unless_that_is_said(pair: tuple[Shape, Shape], dice: Random) -> None:
    """What the new release answers, the old one could have answered."""
    old, new = pair
    changes = [change for change in compare(api(old), api(new)) if change.location.response]
    if all(change.wire is INFO for change in changes):
        before, after = (shape["paths"]["/pets"]["post"]["responses"]["200"]["schema"] for shape in pair)

        assert [each for each in _fitting(after, new, dice) if not _fits(each, before, old)] == []


def _taken(document: Shape, place: str) -> Shape:
    """The shape of all that a call takes at that place."""
    *fields, body = document["paths"]["/pets"]["post"]["parameters"]
    if place == "body":
        return dict(body["schema"])
    kept = {
        field["name"]: {key: field[key] for key in field if key not in ("in", "name", "required")} for field in fields
    }
    return {"type": "object", "properties": kept, "required": [field["name"] for field in fields if field["required"]]}


def _fitting(shape: Shape, document: Shape, dice: Random) -> list[Any]:
    """Some values of that shape."""
    tried = [value(shape, document["definitions"], dice) for _ in range(12)]
    return [each for each in tried if _fits(each, shape, document)]


def _fits(what: Any, shape: Shape, document: Shape) -> bool:
    definitions = {name: _judged(each) for name, each in document["definitions"].items()}
    return bool(Draft4Validator({"allOf": [_judged(shape)], "definitions": definitions}).is_valid(what))


def _judged(shape: Any) -> Any:
    """The same in JSON Schema, which has another word for null and wants at least one required member."""
    if isinstance(shape, list):
        return [_judged(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    told = {key: _judged(each) for key, each in shape.items() if not (key == "required" and each == [])}
    return {"anyOf": [told, {"type": "null"}]} if shape.get("x-nullable") is True else told


def _shuffled(part: Any, dice: Random) -> Any:
    """The same document, written in another order."""
    if isinstance(part, list):
        return dice.sample([_shuffled(each, dice) for each in part], len(part))
    if isinstance(part, dict):
        return {key: _shuffled(part[key], dice) for key in dice.sample(list(part), len(part))}
    return part


def _but_order(changes: list[Change]) -> list[Change]:
    return [change for change in changes if change.id != "parameter.order-changed"]


def _place(change: Change) -> tuple[str, ...]:
    where = change.location
    return (change.id.split(".")[0], where.path, where.place, where.response, where.constraint)
