"""The comparison of two releases leaves out differences that only one release's corrections cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ovcgen.diff.one_sided_corrections import CorrectedApi, without_one_sided
from ovcgen.workflows.compare_releases import _comparable, changes_between
from ovcgen.workflows.resolve import resolve


@pytest.mark.parametrize(("old", "new"), [("2.1.6", "2.2.6"), ("2.2.6", "2.4.5")])
def test_unchanged_paths_need_no_look_at_what_is_declared(old: str, new: str) -> None:
    """The compared APIs are those that come from all declared operations."""
    before, after = resolve(old), resolve(new)

    assert _comparable(before, after) == without_one_sided(
        CorrectedApi(before.api, before.declared()), CorrectedApi(after.api, after.declared())
    )


def test_a_pinned_release_can_be_compared_with_a_document_of_openapi_3(tmp_path: Path) -> None:
    """All operations of the release are removed then."""
    webhook = {"ping": {"post": {"responses": {"200": {"description": "done"}}}}}
    operation = {"get": {"responses": {"200": {"description": "done"}}}}
    document = {"openapi": "3.1.0", "info": {"title": "Other", "version": "1"}, "paths": {"/a": operation}}
    path = tmp_path / "other.json"
    path.write_text(json.dumps({**document, "webhooks": webhook}))

    changes = changes_between(resolve("2.4.5"), resolve(path))

    assert len([change for change in changes if change.id == "operation.removed"]) > 200
