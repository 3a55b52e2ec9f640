"""Test requests as values, and as they are sent to another release."""

from __future__ import annotations

import pytest

from ovcgen.recordings.wire_request import Request, for_other_release
from tests.impact.documents import DONE, field, version


@pytest.mark.parametrize(
    ("before", "after", "slots"),
    [
        pytest.param("/o/{org}/pets/{id}", "/o/{owner}/pets/{pet}", {"owner": "acme", "pet": "7"}, id="both differ"),
        pytest.param("/o/{org}/pets/{id}", "/o/{org}/pets/{pet}", {"org": "acme", "pet": "7"}, id="one differs"),
        pytest.param("/o/{org}/pets/{id}", "/pets/{id}", {"id": "7"}, id="one is gone"),
        pytest.param("/o/{org}/pets/{id}", "/o/{org}/pets/{id}", {"org": "acme", "id": "7"}, id="the same"),
    ],
)
def test_path_parameters_with_other_names_keep_their_places(before: str, after: str, slots: dict[str, str]) -> None:
    """The order in which the other release declares its parameters does not count."""
    declared = [field(name, place="path", required=True) for name in reversed(slots)]
    api = version({after: {"get": {"parameters": declared, "responses": DONE}}}).api
    request = Request("GET", before, {"path": {"org": ["acme"], "id": ["7"]}})

    sent = for_other_release(request, api.operations[0])

    assert sent.path == after
    assert sent.texts["path"] == {name: [text] for name, text in slots.items()}
