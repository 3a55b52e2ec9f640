"""Corrected responses are those that an overlay has set."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.normalise import overlay
from ovcgen.normalise.corrected_responses import corrected_responses

PLACE = "/paths/~1pets/post/responses/200"


def corrected(**does: Any) -> dict[str, Any]:
    """Return the corrected responses after one action on the 200 response of an operation."""
    document = {"swagger": "2.0", "paths": {"/pets": {"post": {"responses": {"200": {"description": "ok"}}}}}}
    target = does.pop("target", PLACE)
    actions = [{"name": "it", "why": "a test", "target": target, **does}]
    return corrected_responses(overlay.apply(document, {"actions": actions}, release="1"))


@pytest.mark.parametrize(
    ("does", "found"),
    [
        ({"set": {"schema": {"type": "string"}}}, {"POST /pets": {"type": "string"}}),
        ({"set": {"description": "none"}}, {"POST /pets": None}),
        ({"set": None}, {}),
        ({"remove": True}, {}),
        ({"remove": True, "target": f"{PLACE}/description"}, {"POST /pets": None}),
        ({"merge": {"x-retry": "read"}, "target": "/paths/~1pets/post"}, {}),
    ],
)
def test_only_a_response_that_is_there_is_corrected(does: dict[str, Any], found: dict[str, Any]) -> None:
    """An operation whose response an action removed has no corrected response."""
    assert corrected(**does) == found
