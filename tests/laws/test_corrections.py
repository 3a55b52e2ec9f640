"""What is known of a release reaches its SDK: a known answer has a type."""

from __future__ import annotations

import pytest

from ovcgen.model.schema import Anything
from ovcgen.releases.library import Library, bundled
from ovcgen.workflows.resolve import resolve

ANYTHING = {
    "POST /cloudbroker/grid/purgeLogs",  # whatever the job says that it starts
    "POST /libcloud/libvirt/retreiveInfo",  # what somebody has stored
    "POST /cloudbroker/image/enable",  # three values or a sentence, in old releases
    "POST /cloudbroker/image/disable",
}
RELEASES = Library(bundled()).releases()


@pytest.mark.parametrize("release", RELEASES)
def test_every_known_answer_has_a_type(release: str) -> None:
    """`Any` is left for what nobody knows, and for the few that answer whatever was stored."""
    resolved = resolve(release)
    known = {
        (verb.upper(), path)
        for path, item in resolved.document["paths"].items()
        for verb, body in item.items()
        if "x-answer" in body
    }

    untyped = {
        operation.place
        for operation in resolved.api.callable_operations
        if (operation.method, operation.path) in known and isinstance(operation.result, Anything)
    }

    assert not [place for place in untyped if "/cloudapi/" in place]
    assert untyped <= ANYTHING
