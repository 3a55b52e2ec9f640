"""Define the errors of ovcgen's commands and functions; those of a call are in `runtime/errors.py`.

ClientError (ovcgen exports it as OvcError, too)
├── UsageError            a wrong name, file or option
│   ├── UnknownRelease    the release is not pinned
│   ├── UnwritableTarget  the output can't be written
│   └── MissingExtra      an optional library is not installed
├── ForeignFiles          the target holds files that ovcgen did not write
├── OutOfDate             generated files differ from what would be generated now
└── SpecRefused           a document that can't be trusted: invalid, partial or hostile
    └── OverlayMissesTarget  a correction whose target does not exist
"""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.runtime.errors import ClientError


class UsageError(ClientError):
    """A name, file or option that can't be used as given."""


class UnknownRelease(UsageError):
    """The release is not pinned: ovcgen has no document of it."""

    def __init__(self, release: str, known: Iterable[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(
            f"Release {release} is not pinned; pinned are: {names}.",
            fix="Pass one of these, a file, or pin it with `ovcgen fetch URL --release R`.",
        )


class UnwritableTarget(UsageError):
    """The output can't be written to the target file or folder; nothing was changed."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"Can't write {target}: {reason}.", fix="Choose another folder, or change its permissions.")


class ForeignFiles(ClientError):
    """The target holds files that ovcgen did not write. They are never overwritten or deleted."""

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(
            f"{target} holds files that ovcgen did not write: {listed}.",
            fix="Move them away, or generate into another folder with --out.",
        )


class OutOfDate(ClientError):
    """The generated files differ from what would be generated now."""

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(f"{target} is out of date: {listed}.", fix="Run `ovcgen generate` without --check.")


class MissingExtra(UsageError):
    """An optional library is not installed."""

    def __init__(self, doing: str, library: str, extra: str) -> None:
        super().__init__(
            f"{doing} needs {library}, which is not installed.", fix=f"Run `pip install 'ovcgen[{extra}]'`."
        )


class SpecRefused(ClientError):
    """A document is refused: it is not a complete and harmless Swagger 2.0 document."""


class OverlayMissesTarget(SpecRefused):
    """An overlay corrects something that its release does not have."""

    def __init__(self, target: str, release: str) -> None:
        super().__init__(
            f"The overlay of {release} names {target}, which that release does not have as expected.",
            fix=f"Delete or correct that entry of specs/{release}/overlay.json.",
        )
