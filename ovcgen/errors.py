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
    """An error: a name, file or option can't be used as given. The command exits with 2."""


class UnknownRelease(UsageError):
    """An error: the release is not pinned, so that ovcgen has no document of it.

    Args:
        release: The name of the release.
        known: The names of the pinned releases; the message lists them.
    """

    def __init__(self, release: str, known: Iterable[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(
            f"Release {release} is not pinned; pinned are: {names}.",
            fix="Pass one of these, a file, or pin it with `ovcgen fetch URL --release R`.",
        )


class UnwritableTarget(UsageError):
    """An error: the output can't be written to the target file or folder; nothing was changed.

    Args:
        target: The path of the file or folder.
        reason: Why, as the end of a sentence, such as `Permission denied`.
    """

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"Can't write {target}: {reason}.", fix="Choose another folder, or change its permissions.")


class ForeignFiles(ClientError):
    """An error: the target folder holds files that ovcgen did not write, or that were changed by hand since.

    They are never overwritten or deleted. The error is raised, too, for a target that is a file or a link.

    Args:
        target: The path of the folder, for the message.
        files: The paths of the files; the message lists the first five.
    """

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(
            f"{target} holds files that ovcgen did not write: {listed}.",
            fix="Move them away, or generate into another folder with --out.",
        )


class OutOfDate(ClientError):
    """An error: the generated files differ from what would be generated now.

    Args:
        target: The path of the folder, for the message.
        files: The paths of the files that differ; the message lists the first five.
    """

    def __init__(self, target: str, files: Iterable[str]) -> None:
        names = sorted(files)
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        super().__init__(f"{target} is out of date: {listed}.", fix="Run `ovcgen generate` without --check.")


class MissingExtra(UsageError):
    """An error: an optional library is not installed.

    Args:
        doing: What needs the library, as the beginning of a sentence.
        library: The name of the library.
        extra: The extra of ovcgen that installs it.
    """

    def __init__(self, doing: str, library: str, extra: str) -> None:
        super().__init__(
            f"{doing} needs {library}, which is not installed.", fix=f"Run `pip install 'ovcgen[{extra}]'`."
        )


class SpecRefused(ClientError):
    """An error: a document is refused, because it is not a complete and harmless Swagger 2.0 or OpenAPI 3 document.

    The command exits with 8.
    """


class OverlayMissesTarget(SpecRefused):
    """An error: an overlay corrects something that its release does not have, or has with another content.

    Args:
        target: What the overlay names and the release lacks, as the message shows it: the correction and its target.
        release: The name of the release.
    """

    def __init__(self, target: str, release: str) -> None:
        super().__init__(
            f"The overlay of {release} names {target}, which that release does not have as expected.",
            fix=f"Delete or correct that entry of specs/{release}/overlay.json.",
        )
