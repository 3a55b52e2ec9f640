"""Corrections: what they can do, and that they never miss in silence."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.errors import OverlayMissesTarget
from ovcgen.normalise import overlay
from ovcgen.workflows.resolve import load

PATH = "/paths/~1cloudapi~1machines~1get/post"
NAME = {"name": "name", "in": "formData", "type": "string", "description": "text"}


def catalog(*extra: str) -> dict[str, Any]:
    """A catalog with one call, and those at the extra paths."""
    operation = {"parameters": [NAME], "responses": {"200": {"schema": {"type": "string"}}}}
    paths = {path: {"post": copy.deepcopy(operation)} for path in ("/cloudapi/machines/get", *extra)}
    return {"swagger": "2.0", "paths": paths}


def action(target: str = PATH, **does: Any) -> dict[str, Any]:
    """One correction, called `it`."""
    return {"name": "it", "why": "a test", "target": target, **does}


def applied(*actions: dict[str, Any], **more: Any) -> Any:
    """The call after these corrections."""
    document = overlay.apply(catalog(), {"actions": list(actions), **more}, release="2.4.5")
    return document["paths"]["/cloudapi/machines/get"]["post"]


def test_set_replaces_a_value() -> None:
    """One that is there."""
    done = applied(action(f"{PATH}/responses/200/schema", set={"type": "array"}))

    assert done["responses"]["200"] == {"schema": {"type": "array"}}


def test_merge_adds_keys() -> None:
    """And keeps the others."""
    done = applied(action(merge={"x-retry": "read"}))

    assert (done["x-retry"], done["parameters"]) == ("read", [NAME])


def test_add_puts_to_the_end_of_a_list() -> None:
    """Nowhere else: a wrong digit in a pointer must not find another place."""
    done = applied(action(f"{PATH}/parameters/-", add={"name": "new"}))

    assert [parameter["name"] for parameter in done["parameters"]] == ["name", "new"]


@pytest.mark.parametrize("place", ["parameters/0", "parameters/1", "x-guest", "description"])
def test_add_is_for_the_end_of_a_list_only(place: str) -> None:
    """Keys are added with `merge`, to an object that is there."""
    with pytest.raises(OverlayMissesTarget):
        applied(action(f"{PATH}/{place}", add=True))


@pytest.mark.parametrize(("said", "fits"), [({"name": "name"}, True), ({"name": "other"}, False), ({"x": 1}, False)])
def test_where_says_what_the_object_must_be(said: dict[str, Any], fits: bool) -> None:
    """A parameter stands at a number; its name tells whether that is still the one."""
    wanted = action(f"{PATH}/parameters/0", where=said, merge={"x-validator": "name"})
    if fits:
        assert applied(wanted)["parameters"][0]["x-validator"] == "name"
        return
    with pytest.raises(OverlayMissesTarget):
        applied(wanted)


def test_remove_takes_away() -> None:
    """From lists and objects."""
    done = applied(action(f"{PATH}/parameters/0/description", remove=True), action(f"{PATH}/responses", remove=True))

    assert done == {"parameters": [{"name": "name", "in": "formData", "type": "string"}]}


def test_expect_holds() -> None:
    """Then the correction is done."""
    assert applied(action(f"{PATH}/parameters/0/type", expect="string", set="integer"))["parameters"][0]["type"]


def test_targets_are_many() -> None:
    """All of them, in their order."""
    several = {"name": "it", "targets": [PATH, f"{PATH}/x-a"], "merge": {"x-b": 1}}

    assert applied(action(merge={"x-a": {}}), several)["x-a"] == {"x-b": 1}


def test_common_corrections_are_used_by_name() -> None:
    """They come first, and so do the shapes that all releases share."""
    common = {"actions": {"guest": action(merge={"x-guest": True})}, "definitions": {"A": {"type": "string"}, "B": {}}}
    whole = {"common": common, "use": ["guest"], "definitions": {"A": {"type": "integer"}}}
    done = overlay.apply(catalog() | {"definitions": {"C": {}}}, whole, release="2.4.5")

    assert done["paths"]["/cloudapi/machines/get"]["post"]["x-guest"] is True
    assert done["definitions"] == {"A": {"type": "integer"}, "B": {}, "C": {}}


def test_a_common_correction_of_unknown_name_is_named() -> None:
    """It is a spelling mistake."""
    with pytest.raises(OverlayMissesTarget, match="`guests`"):
        overlay.apply(catalog(), {"use": ["guests"]}, release="2.4.5")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(action("/paths/~1cloudapi~1machines~1gone/post", merge={}), id="no such operation"),
        pytest.param(action(f"{PATH}/parameters/1/type", set="x"), id="no such parameter"),
        pytest.param(action(f"{PATH}/parameters/-1", remove=True), id="an index from the end"),
        pytest.param(action(f"{PATH}/parameters/x", set=1), id="no index at all"),
        pytest.param(action(f"{PATH}/parameters/7", add={}), id="an index too far"),
        pytest.param(action(f"{PATH}/parameters/-", set={}), id="the end is only for add"),
        pytest.param(action(f"{PATH}/x-none", set=1), id="nothing to set"),
        pytest.param(action(f"{PATH}/x-none", remove=True), id="nothing to remove"),
        pytest.param(action(f"{PATH}/parameters", add=[]), id="added already"),
        pytest.param(action(f"{PATH}/parameters", merge={}), id="a list is not merged"),
        pytest.param(action(f"{PATH}/parameters/0/type/0", set="x"), id="below a text"),
        pytest.param(action(f"{PATH}/parameters/0/type", expect="integer", set="x"), id="not as expected"),
        pytest.param(action(f"{PATH}/parameters/0", expect=True, remove=True), id="another kind than expected"),
        pytest.param(action("paths/x", set=1), id="no pointer"),
        pytest.param(action("/paths/~3", set=1), id="a broken escape"),
        pytest.param(action("", set={}), id="the whole document"),
        pytest.param(action(None, set={}), id="null"),  # type: ignore[arg-type]
        pytest.param(action(PATH), id="does nothing"),
        pytest.param(action(PATH, set={}, remove=True), id="does two things"),
        pytest.param({"name": "it", "set": 1}, id="without a target"),
    ],
)
def test_a_correction_that_does_not_fit_is_named(wrong: dict[str, Any]) -> None:
    """With its entry, whatever is wrong with it, and the release it was written for."""
    with pytest.raises(OverlayMissesTarget, match=r"overlay of 2\.4\.5 names `it`"):
        applied(wrong)


pointers = st.lists(st.sampled_from(["paths", "0", "-", "-1", "", "~1a", "~", "post", "é"]), max_size=4).map("/".join)


@settings(max_examples=200, deadline=None)
@given(pointers | st.text(max_size=20), st.sampled_from(overlay.DOES))
def test_no_pointer_breaks_it(pointer: str, verb: str) -> None:
    """It fits, or it is an error of ours."""
    before = catalog()
    with contextlib.suppress(OverlayMissesTarget):
        overlay.apply(before, {"actions": [action(pointer, **{verb: {}})]}, release="2.4.5")
    assert before == catalog()


def test_the_corrections_stay_as_they_were() -> None:
    """What they bring is copied in."""
    brought: dict[str, Any] = {"x-a": []}
    applied(action(merge={"x-new": brought}), action(f"{PATH}/x-new/x-a/-", add=1))

    assert brought == {"x-a": []}


def fitted(document: dict[str, Any], *actions: dict[str, Any], reference: Any = None) -> tuple[list[str], list[str]]:
    """The targets that are kept, and the names of what was skipped; what is kept can be applied."""
    kept, skipped = overlay.applicable_part({"actions": list(actions)}, reference or catalog(), document)
    overlay.apply(document, kept, release="live")
    return [target for action in kept["actions"] for target in action["targets"]], list(skipped)


def test_what_is_the_same_is_corrected() -> None:
    """Texts don't count."""
    document = catalog()
    document["paths"]["/cloudapi/machines/get"]["post"]["parameters"][0]["description"] = "other words"

    assert fitted(document, action(merge={"x-retry": "read"})) == ([PATH], [])


def test_a_definition_of_the_overlay_is_corrected_everywhere() -> None:
    """A definition that the overlay adds is corrected, and one of the document only if it is the same there."""
    added = {"definitions": {"Thing": {"properties": {"old": {}, "new": {}}}}}
    targets = ("/definitions/Thing/properties/old", "/definitions/Other/properties/old")
    wanted = {**added, "actions": [action(target, remove=True) for target in targets]}

    kept, skipped = overlay.applicable_part(wanted, catalog(), catalog())

    assert overlay.apply(catalog(), kept, release="live")["definitions"]["Thing"] == {"properties": {"new": {}}}
    assert len(skipped) == 1


def test_what_differs_is_skipped() -> None:
    """A parameter more, and the correction may be wrong."""
    document = catalog()
    document["paths"]["/cloudapi/machines/get"]["post"]["parameters"].append({"name": "more", "in": "formData"})

    assert fitted(document, action(merge={"x-retry": "read"})) == ([], ["it"])


def test_what_is_gone_from_a_group_is_skipped() -> None:
    """The group is there, the operation is not."""
    document = catalog("/cloudapi/machines/list")
    del document["paths"]["/cloudapi/machines/get"]

    assert fitted(document, action(merge={"x-retry": "read"})) == ([], ["it"])


def test_a_group_that_was_not_fetched_counts_for_nothing() -> None:
    """Nothing was missed there."""
    broker = "/paths/~1cloudbroker~1machine~1get/post"
    both = {"name": "both", "targets": [PATH, broker], "merge": {"x-guest": True}}
    reference = catalog("/cloudbroker/machine/get")

    assert fitted(catalog(), both, action(broker, merge={}), reference=reference) == ([PATH], [])


def test_what_expects_other_words_is_skipped() -> None:
    """The operation is the same, the text that was to be corrected is not."""
    document = catalog()
    document["paths"]["/cloudapi/machines/get"]["post"]["parameters"][0]["description"] = "other words"
    wrong = action(f"{PATH}/parameters/0/description", expect="text", set="true words")

    assert fitted(document, wrong) == ([], ["it"])


def test_corrections_may_build_on_each_other() -> None:
    """The second needs the first."""
    first, second = action(merge={"x-a": {"x-b": 1}}), action(f"{PATH}/x-a/x-b", set=2)

    assert fitted(catalog(), first, second) == ([PATH, f"{PATH}/x-a/x-b"], [])


@pytest.mark.parametrize("group", ["cloudapi", "cloudbroker", "system"])
def test_one_group_of_a_release_misses_no_correction(group: str) -> None:
    """As when a portal of just that release is asked for one group."""
    spec = load("2.4.5")
    paths = {path: item for path, item in spec.document["paths"].items() if path.startswith(f"/{group}/")}
    kept, skipped = overlay.applicable_part(spec.overlay, spec.document, {**spec.document, "paths": paths})

    assert skipped == ()
    assert kept["actions"]
