"""Where a correction says what to use instead, it is right."""

from __future__ import annotations

import pytest

from ovcgen.generator import with_removals_since
from ovcgen.releases.library import Library, bundled
from ovcgen.workflows.resolve import api_of

LIBRARY = Library(bundled())
WITH_NEXT = LIBRARY.releases()[:-1]


@pytest.mark.parametrize("release", WITH_NEXT)
def test_a_replacement_is_there_when_the_call_goes(release: str) -> None:
    """In the first release that lacks the call, there is what the correction names."""
    unmet = {operation.dotted for operation in api_of(release).callable_operations if operation.use_instead}
    at: str | None = release
    while unmet and (at := LIBRARY.following(at)):
        apart = with_removals_since(api_of(release), api_of(at)).callable_operations
        gone = {operation.dotted for operation in apart if operation.removed_in and operation.dotted in unmet}
        assert [operation.dotted for operation in apart if operation.dotted in gone and not operation.use_instead] == []
        unmet -= gone

    assert unmet == set()
