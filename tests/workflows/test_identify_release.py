"""Which release is it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ovcgen.releases.release_similarity import Differences
from ovcgen.workflows.identify_release import differences_text, identify
from ovcgen.workflows.resolve import load

SPECS = Path(__file__).parents[2] / "specs"


def test_a_pinned_release_is_itself() -> None:
    """Exactly, whatever the others are."""
    identity = identify(load("2.3.0", specs=SPECS).document, SPECS)

    assert identity.best is not None
    assert (identity.best.release, identity.best.is_exact) == ("2.3.0", True)
    assert len(identity.found) == 6


def test_what_is_no_portals_is_like_no_release() -> None:
    """It has a fingerprint all the same."""
    operation = {"responses": {"200": {"description": "all"}}}
    identity = identify({"swagger": "2.0", "paths": {"/pets": {"get": operation}}}, SPECS)

    assert identity.best is None
    assert list(identity.groups) == ["pets"]
    assert identity.as_json()["differences"] == {"added": [], "removed": [], "changed": []}


@pytest.mark.parametrize(
    "paths", [{"/pets": {"get": {"responses": {}}}}, {"/pets": 5}, None, [], {"/a": {"get": {"tags": 5}}}]
)
def test_an_openapi_3_document_is_like_no_release(paths: Any) -> None:
    """Catalogs are Swagger 2.0, so its operations are not looked at: they may have any mistake."""
    identity = identify({"openapi": "3.1.0", "paths": paths}, SPECS)

    assert (identity.best, identity.groups) == (None, {})


def test_many_differences_are_told_shortly() -> None:
    """How many, and the first three."""
    differences = Differences(added=("POST /a", "POST /b", "POST /c", "POST /d"), changed=("POST /e",))

    assert differences_text(differences) == "4 added: POST /a, POST /b, POST /c and 1 more; 1 changed: POST /e"
