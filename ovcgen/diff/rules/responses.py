"""Find changes of the declared responses and their headers."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import OPERATION_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Header, Operation, Response
from ovcgen.model.media import status_range
from ovcgen.model.schema import Anything, Nothing

rule = OPERATION_RULES.rule


@rule("response.added", wire=INFO, sdk=INFO)
def response_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call may answer with a status that was not declared before.

    Clients that refuse undeclared statuses must learn a new success; another error is just one more error.
    """
    for status in sorted(by_status(new).keys() - by_status(old).keys()):
        level = WARNING if _success(status) else INFO
        yield Finding("is new.", Location(response=status), wire=level, sdk=level)


@rule("response.removed", wire=Directed(BREAKING, WARNING), sdk=Directed(BREAKING, INFO))
def response_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call no longer declares that answer.

    Code that reads this success never gets it any more: look at what the call answers instead. A dropped error breaks
    nobody, and neither does a code that a range such as `2XX` includes.
    """
    has = by_status(new)
    for status in sorted(by_status(old).keys() - has.keys()):
        felt = _success(status) and status_range(status) not in has
        hint = f"It may answer {_statuses(new)}: read that." if felt else ""
        level = None if felt else INFO
        yield Finding("is gone.", Location(response=status), hint=hint, wire=level, sdk=level)


@rule("response.schema-added", wire=INFO, sdk=INFO)
def response_schema_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An answer that had no content has some now.

    Nobody breaks; there is something to read.
    """
    for status, before, after in _both(old, new):
        if not has_content(before) and has_content(after):
            yield Finding("has content now.", Location(response=status))


@rule("response.schema-removed", wire=BREAKING, sdk=BREAKING)
def response_schema_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An answer that had content has none any more.

    Code that reads the content gets None. Ask for the object in another way.
    """
    for status, before, after in _both(old, new):
        if has_content(before) and not has_content(after):
            yield Finding("has no content any more.", Location(response=status), hint="Don't read what it returns.")


@rule("response-header.added", wire=INFO, sdk=INFO)
def response_header_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An answer carries one more header.

    Nobody breaks.
    """
    for status, before, after in _both(old, new):
        for header in _lacking(before, after):
            yield Finding("is new.", Location(response=status, header=header.name))


@rule("response-header.removed", wire=WARNING, sdk=INFO)
def response_header_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An answer no longer carries a header.

    Code that reads that header finds nothing. Do without it.
    """
    for status, before, after in _both(old, new):
        for header in _lacking(after, before):
            yield Finding("is gone.", Location(response=status, header=header.name), hint="Don't rely on it.")


def by_status(operation: Operation) -> dict[str, Response]:
    """Return the declared responses by their status as the document writes it, such as `200`, `4XX` or `default`."""
    return {response.status: response for response in operation.responses}


def has_content(response: Response) -> bool:
    """Return whether the response declares a body with a schema.

    In OpenAPI 3 a body counts only if the schema of at least one media type does not allow any value. In Swagger 2.0 a
    schema that allows any value counts, too.
    """
    if response.contents and all(content.schema == Anything() for content in response.contents):
        return False
    return response.schema is not None and not isinstance(response.schema, Nothing)


def headers(response: Response) -> dict[str, Header]:
    """Return the declared headers by lower-case name, because header names ignore case; of two, the last one counts."""
    return {header.name.lower(): header for header in response.headers}


def paired_responses(old: Operation, new: Operation) -> list[tuple[Response, Response]]:
    """Return the (old, new) pairs of responses by status, sorted. Those without a partner are left out.

    A code that only the old release declares is paired with the range that includes it, as `200` with `2XX`. `default`
    is paired with `default` only.
    """
    has = {response.status: response for response in new.responses}
    pairs = (
        (response, has.get(response.status) or has.get(status_range(response.status))) for response in old.responses
    )
    return sorted(((before, after) for before, after in pairs if after is not None), key=lambda pair: pair[0].status)


def _lacking(response: Response, other: Response) -> list[Header]:
    """Return the headers that only `other` has."""
    return [header for name, header in sorted(headers(other).items()) if name not in headers(response)]


def _both(old: Operation, new: Operation) -> Iterator[tuple[str, Response, Response]]:
    had, has = by_status(old), by_status(new)
    for status in sorted(had.keys() & has.keys()):
        yield status, had[status], has[status]


def _success(status: str) -> bool:
    return status.startswith("2")


def _statuses(operation: Operation) -> str:
    return ", ".join(quoted(status) for status in sorted(by_status(operation))) or "anything"
