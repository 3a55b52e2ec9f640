"""Define the records for the use of an API in source code."""

from __future__ import annotations

from dataclasses import dataclass, field

from ovcgen.usage.values import PassedArguments, SourceSpan


@dataclass(frozen=True, slots=True)
class Lookup:
    """An operation method that is looked up (`portal.cloudapi.machines.create`), called or not.

    Attributes:
        place: Position in the source; of a call by URL, that of the call.
        dotted: Name of the operation.
        doubt: Why it may not be an operation of the API; empty if it certainly is.
    """

    place: SourceSpan
    dotted: str
    doubt: str


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A call of an operation.

    Attributes:
        place: Position of the call.
        dotted: Name of the operation.
        given: The arguments. Those that are passed by position are keywords as well; they are in `given.values` only if
            it is not known which parameters they are for.

        doubt: Why it may not be an operation of the API; empty if it certainly is.
        looked_up: Position where the method was looked up; `place` for a call by URL.
        used: Whether the result is used.
    """

    place: SourceSpan
    dotted: str
    given: PassedArguments
    doubt: str
    looked_up: SourceSpan
    used: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A part of a response that is read.

    Attributes:
        place: Position in the source.
        dotted: Name of the operation.
        member: Path of the part, such as `[].id`; empty for the whole response.
        strict: False if the part may be missing, as in `.get()`.
        doubt: Why it may not be a response of the operation; empty if it certainly is.
    """

    place: SourceSpan
    dotted: str
    member: str
    strict: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class DynamicLookup:
    """An attribute of a client, group or actor whose name is only known at run time, as in `getattr(client, name)`.

    Attributes:
        place: Position in the source.
        path: The names of the group and actor; empty for the client itself.
        doubt: Why it may not be a client of the API; empty if it certainly is.
    """

    place: SourceSpan
    path: tuple[str, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class Escape:
    """An operation method that is passed to code that is not followed and may call it with unknown arguments.

    Attributes:
        place: Position where it is passed.
        dotted: Name of the operation.
        doubt: Why it may not be an operation of the API; empty if it certainly is.
        looked_up: Position where the method was looked up.
    """

    place: SourceSpan
    dotted: str
    doubt: str
    looked_up: SourceSpan


Use = Lookup | OperationCall | Read | DynamicLookup | Escape


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names operations and was not followed.

    Attributes:
        place: Position in the source.
        operations: Dotted names of the operations that it may mean.
        why: Why it was not followed.
        looked_up: True if the lookup of the method was understood and only its call was not found.
    """

    place: SourceSpan
    operations: tuple[str, ...]
    why: str
    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class UnknownRead:
    """A constant key that is read from a value of which nothing is known, so that it may be a part of a response."""

    place: SourceSpan
    key: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A use of an operation or keyword that the analysed release does not have.

    Attributes:
        place: Position in the source.
        dotted: Name of the operation.
        keyword: The keyword; empty if the operation itself is missing.
    """

    place: SourceSpan
    dotted: str
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A statement that imports the SDK.

    Attributes:
        place: Position in the source.
        module: Full name of the imported module.
    """

    place: SourceSpan
    module: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, or not completely.

    Attributes:
        file: Its path as the user writes it.
        reason: Why it could not be read.
        notebook: The content of a Jupyter notebook, which counts only if it mentions the client; else empty.
    """

    file: str
    reason: str
    notebook: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """The use of an API in a project.

    Attributes:
        uses: All uses that were followed, in the order of their positions.
        imports: Statements that import the SDK.
        files: Number of parsed files, also of those that can't use a client.
        unread: Files that could not be read, or not completely.
        mentions: Places that name an operation and were not followed.
        absent: Uses of operations and keywords that the release does not have.
        unknown_reads: Keys that are read from unknown values.
    """

    uses: tuple[Use, ...]
    imports: tuple[Import, ...]
    files: int
    unread: tuple[Unread, ...] = ()
    mentions: tuple[Mention, ...] = ()
    absent: tuple[Absent, ...] = ()
    unknown_reads: tuple[UnknownRead, ...] = ()
