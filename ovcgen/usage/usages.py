"""What a project does with a portal, as values: looks calls up, makes them, reads what they answer."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.usage.values import PassedArguments, SourceSpan


@dataclass(frozen=True, slots=True)
class Lookup:
    """`portal.cloudapi.machines.create`, whether it is called there or not.

    Here and below, `doubt` says why nobody can be sure that this really is a portal's; "" where it is.
    """

    place: SourceSpan
    dotted: str
    doubt: str


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A call that is made, with what is passed; `looked_up` is where its method came from."""

    place: SourceSpan
    dotted: str
    given: PassedArguments
    doubt: str
    looked_up: SourceSpan
    used: bool  # is anything done with what it answers?


@dataclass(frozen=True, slots=True)
class Read:
    """A piece of an answer that is used, "" for the whole; not `strict` where it may be missing, as in `.get()`."""

    place: SourceSpan
    dotted: str
    member: str
    strict: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class Loose:
    """Something below `path` is used, and only the running program knows what."""

    place: SourceSpan
    path: tuple[str, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class Escape:
    """A call that is handed to something that is not followed, which will make it with what nobody sees."""

    place: SourceSpan
    dotted: str
    doubt: str
    looked_up: SourceSpan


Use = Lookup | OperationCall | Read | Loose | Escape


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names operations and is not followed, and why; `looked_up` where only its call is not seen."""

    place: SourceSpan
    operations: tuple[str, ...]
    why: str
    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """A call or keyword that the release does not have for which the code is said to be written."""

    place: SourceSpan
    dotted: str
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A statement that imports a pinned SDK; `module` is the module's whole name."""

    place: SourceSpan
    module: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of one, that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Usage:
    """All that was found in a project."""

    uses: tuple[Use, ...]
    imports: tuple[Import, ...]
    files: int
    unread: tuple[Unread, ...] = ()
    mentions: tuple[Mention, ...] = ()
    absent: tuple[Absent, ...] = ()
