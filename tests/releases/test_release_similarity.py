"""Which release a document looks like."""

import copy
import random

import pytest

from ovcgen.releases.library import Library, bundled
from ovcgen.releases.release_similarity import fingerprints, similarities


def operation(*parameters, answer=None, text=""):
    """One call that takes these parameters."""
    answers = {"200": {"description": text, "schema": answer or {"type": "string"}}}
    return {"post": {"description": text, "parameters": list(parameters), "responses": answers}}


def parameter(name, kind="integer", **more):
    """One thing that a caller sends."""
    return {"name": name, "in": "formData", "type": kind, "required": False, **more}


def document(**operations):
    """A document with these calls of cloudapi."""
    return {"swagger": "2.0", "paths": {f"/cloudapi/machines/{name}": body for name, body in operations.items()}}


GET = operation(parameter("machineId", required=True))
OLD = document(get=GET, stop=GET)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(document(get=GET, stop=GET, start=GET), id="an operation more"),
        pytest.param(document(get=GET), id="an operation less"),
        pytest.param(document(get=GET, halt=GET), id="another path"),
        pytest.param(document(get=GET, stop={"get": GET["post"]}), id="another verb"),
        pytest.param(document(get=GET, stop=operation(parameter("id", required=True))), id="another name"),
        pytest.param(document(get=GET, stop=operation(parameter("machineId"))), id="no longer required"),
        pytest.param(document(get=GET, stop=operation(parameter("machineId", "string", required=True))), id="type"),
        pytest.param(
            document(get=GET, stop=operation(parameter("machineId", required=True, default=0))), id="a default"
        ),
        pytest.param(document(get=GET, stop={"post": {**GET["post"], "responses": {}}}), id="no answer declared"),
        pytest.param(
            document(
                get=GET, stop=operation(parameter("machineId", required=True), answer={"$ref": "#/definitions/object"})
            ),
            id="another answer",
        ),
    ],
)
def test_what_a_caller_sends_and_gets_counts(other):
    """Each of these makes another fingerprint."""
    assert fingerprints(other) != fingerprints(OLD)


def test_the_items_of_a_list_count():
    """A list of numbers is no list of texts."""
    numbers = document(get=operation(parameter("ids", "array", items={"type": "integer"})))
    texts = document(get=operation(parameter("ids", "array", items={"type": "string"})))

    assert fingerprints(numbers) != fingerprints(texts)


def test_defaults_of_different_types_differ():
    """For Python 0, 0.0 and False are equal; for a portal they are not."""
    kinds = [document(get=operation(parameter("size", default=value))) for value in (0, 0.0, False, None, "0")]

    assert len({fingerprints(each)["cloudapi"] for each in (*kinds, document(get=operation(parameter("size"))))}) == 6


def test_texts_do_not_count():
    """A portal may be translated."""
    told = operation(parameter("machineId", required=True, description="Which."), text="Gets it.")

    assert fingerprints(document(get=told, stop=told)) == fingerprints(OLD)


def test_a_property_called_title_counts():
    """It is a shape there, and no text."""
    named = document(get=operation(answer={"type": "object", "properties": {"title": {"type": "string"}}}))
    unnamed = document(get=operation(answer={"type": "object", "properties": {}, "title": "Machine"}))

    assert fingerprints(named) != fingerprints(unnamed)
    assert fingerprints(unnamed) == fingerprints(document(get=operation(answer={"type": "object", "properties": {}})))


def test_order_does_not_count():
    """Portals serve keys, tags and parameters in any order."""
    pinned = Library(bundled()).load("2.4.5").document
    shuffled = copy.deepcopy(pinned)
    chance = random.Random(5)  # noqa: S311 - a shuffle for a test
    paths = list(shuffled["paths"].items())
    chance.shuffle(paths)
    for _, item in paths:
        for each in item.values():
            chance.shuffle(each.get("parameters", []))

    assert fingerprints({**shuffled, "paths": dict(paths)}) == fingerprints(pinned)


def test_each_group_has_a_fingerprint_of_its_own():
    """A portal may have patched one of them."""
    both = {"paths": {**OLD["paths"], "/system/task/get": GET}}

    assert sorted(fingerprints(both)) == ["cloudapi", "system"]
    assert fingerprints(both)["cloudapi"] == fingerprints(OLD)["cloudapi"]


def test_an_exact_fit_is_found():
    """Its score is 1, and nothing differs."""
    best, other = similarities(OLD, {"2.4.4": OLD, "2.4.5": document(get=GET)})

    assert (best.release, best.is_exact, best.score, best.groups) == ("2.4.4", True, 1.0, ("cloudapi",))
    assert not best.differences
    assert (other.release, other.is_exact) == ("2.4.5", False)


def test_of_several_exact_fits_the_newest_comes_first():
    """Two releases can be equal in the groups that were fetched."""
    found = similarities(OLD, {"2.2.6": OLD, "2.10.0": OLD, "2.3.0": document(get=GET), "2.4.5": OLD})

    assert [resemblance.release for resemblance in found] == ["2.10.0", "2.4.5", "2.2.6", "2.3.0"]
    assert [resemblance.is_exact for resemblance in found] == [True, True, True, False]


def test_only_the_groups_of_the_document_are_compared():
    """A catalog of cloudapi alone still is that release's."""
    whole = {"paths": {**OLD["paths"], "/system/task/get": GET}}

    assert similarities(OLD, {"2.4.5": whole})[0].is_exact
    assert similarities(whole, {"2.4.5": OLD})[0].differences.added == ("POST /system/task/get",)


def test_the_nearest_release_is_named_with_what_differs():
    """Operations that were added, removed and changed."""
    near = document(get=operation(parameter("machineId")), stop=GET, pause=GET)
    far = document(list=GET)

    best, worst = similarities(document(get=GET, stop=GET, resume=GET), {"2.1.6": far, "2.4.5": near})

    assert (best.release, worst.release) == ("2.4.5", "2.1.6")
    assert best.differences.added == ("POST /cloudapi/machines/resume",)
    assert best.differences.removed == ("POST /cloudapi/machines/pause",)
    assert best.differences.changed == ("POST /cloudapi/machines/get",)
    assert (best.score, best.differences.count, worst.score) == (0.25, 3, 0.0)


@pytest.mark.parametrize("release", Library(bundled()).releases())
def test_every_pinned_release_is_recognised(release):
    """Whole or only for its end users."""
    pinned = {release: Library(bundled()).load(release).document for release in Library(bundled()).releases()}
    whole = pinned[release]
    users = {path: item for path, item in whole["paths"].items() if path.startswith("/cloudapi/")}

    assert [resemble.release for resemble in similarities(whole, pinned) if resemble.is_exact] == [release]
    assert release in [
        resemble.release for resemble in similarities({**whole, "paths": users}, pinned) if resemble.is_exact
    ]


def test_extensions_beside_the_paths_are_no_operations() -> None:
    """`x-...` may stand anywhere, and hold anything."""
    document = {"paths": {"/cloudapi/machines/get": {"post": {"responses": {}}, "x-note": "get"}, "x-all": {"get": 1}}}

    assert fingerprints(document) == fingerprints({"paths": {"/cloudapi/machines/get": {"post": {"responses": {}}}}})
