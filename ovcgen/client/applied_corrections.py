"""Define the record of the corrections that were applied to a portal's catalog."""

from __future__ import annotations

from typing import NamedTuple


class Corrections(NamedTuple):
    """Which release's corrections were applied to the document of a portal.

    Attributes:
        release: The pinned release that the catalog resembles most; without one, the release of the document itself.
        exact: Whether the catalog is exactly that of the release.
        skipped: The names of the release's corrections that did not fit the catalog.
    """

    release: str
    exact: bool
    skipped: tuple[str, ...]
