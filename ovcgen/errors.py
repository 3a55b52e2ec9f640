"""The errors of ovcgen itself; those of a call are in `runtime/errors.py`, and both have one base.

OvcError
├── UsageError            a wrong name, file or option
│   ├── UnknownRelease    no such release among the pinned ones
│   └── UnwritableTarget  the output can't be written
├── ForeignFiles          the target holds files that ovcgen did not write
├── OutOfDate             what is on disk is not what would be written
└── SpecRefused           a document that can't be trusted: invalid, partial, hostile
    └── OverlayMissesTarget  a correction whose target is gone
"""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.runtime.errors import OvcError


class UsageError(OvcError):
    """A name, file or option that can't be used as given."""


class UnknownRelease(UsageError):
    """No release of that name is pinned."""

    def __init__(self, release: str, known: Iterable[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(
            f"Release {release} is not pinned; pinned are: {names}.",
            fix="Pass one of these, a file, or pin it with `ovcgen fetch URL --release R`.",
        )


class UnwritableTarget(UsageError):
    """The output can't be written there; nothing was changed."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"Can't write {target}: {reason}.", fix="Choose another folder, or change its permissions.")


class ForeignFiles(OvcError):
    """The target holds files that ovcgen did not write; they are never overwritten or deleted."""

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(
            f"{target} holds files that ovcgen did not write: {shown}.",
            fix="Move them away, or generate into another folder with --out.",
        )


class OutOfDate(OvcError):
    """What is on disk is not what would be written today."""

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(f"{target} is out of date: {shown}.", fix="Run `ovcgen generate` without --check.")


class MissingExtra(UsageError):
    """A library that is optional, and not installed."""

    def __init__(self, doing: str, library: str, extra: str) -> None:
        super().__init__(
            f"{doing} needs {library}, which is not installed.", fix=f"Run `pip install 'ovcgen[{extra}]'`."
        )


class SpecRefused(OvcError):
    """A document that is not a whole, harmless Swagger 2.0 catalog."""


class OverlayMissesTarget(SpecRefused):
    """An overlay corrects something that this release does not have."""

    def __init__(self, target: str, release: str) -> None:
        super().__init__(
            f"The overlay of {release} names {target}, which that release does not have as expected.",
            fix=f"Delete or correct that entry of specs/{release}/overlay.json.",
        )
