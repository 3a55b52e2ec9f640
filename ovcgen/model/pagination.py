"""Recognise how an operation returns a long list page by page.

Evidence is a declared `Link` header (RFC 8288), or parameters with the usual names together with a response that has
a list of records or a cursor. Pagination that could be understood in two ways is not recognised.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, Record, Scalar, Schema
from ovcgen.runtime.operation import PageScheme

# Names in lower case without separators. An offset counts records, a page number pages.
CURSORS = frozenset({"cursor", "pagetoken", "nexttoken", "continuationtoken", "nextcursor", "nextpagetoken", "marker"})
OFFSETS = frozenset({"offset", "skip", "startat"})
PAGE_NUMBERS = frozenset({"page", "pagenumber", "pageno"})
SIZES = frozenset({"limit", "perpage", "pagesize", "maxresults", "top", "take", "count", "size", "itemsperpage"})


def page_scheme(operation: Operation, resolver: Resolver) -> PageScheme | None:
    """Return how the operation splits its result into pages; None if it has no pages, or if that is not certain.

    The kind of the scheme is `link`, `cursor`, `offset` or `page`; a declared `Link` header has precedence. Only GET
    operations of the dialect `plain` and of OpenAPI 3 are looked at. Upper and lower case and the signs `-_$.` in names
    of parameters make no difference. `resolver` follows the references in the operation's schemas.
    """
    if operation.method != "GET" or not operation.plain:
        return None
    if _declares_link(operation):
        return PageScheme("link")
    result = resolver.resolved(operation.result)
    found = {_bare(parameter.name): parameter for parameter in operation.parameters if parameter.location == "query"}
    if cursors := [found[name] for name in sorted(found.keys() & CURSORS)]:
        return _by_cursor(cursors, result, resolver)
    records = _list_inside(result, resolver)
    if records is None or not found.keys() & SIZES:
        return None
    counting = [(kind, found[name]) for kind, names in _COUNTED for name in sorted(found.keys() & names)]
    if len(counting) != 1 or not isinstance(resolver.resolved(counting[0][1].schema), Scalar):
        return None
    [(kind, parameter)] = counting
    if getattr(resolver.resolved(parameter.schema), "kind", "") != "integer":
        return None
    return PageScheme(kind, parameter.key, records)


_COUNTED = (("offset", OFFSETS), ("page", PAGE_NUMBERS))


def _declares_link(operation: Operation) -> bool:
    """Return whether a successful response has the header `Link`."""
    return any(
        header.name.lower() == "link"
        for response in operation.responses
        if response.status.startswith("2")
        for header in response.headers
    )


def _by_cursor(cursors: list[Parameter], result: Schema, resolver: Resolver) -> PageScheme | None:
    """Return the scheme of an operation with a cursor; None unless exactly one response member has the next cursor."""
    if len(cursors) != 1:
        return None
    name = _bare(cursors[0].name)
    wanted = {f"next{name.removeprefix('next')}", *(["continuationtoken"] if name == "continuationtoken" else [])}
    members = [path for path, found in _members(result, resolver) if found in wanted]
    return PageScheme("cursor", cursors[0].key, members[0]) if len(members) == 1 else None


def _members(result: Schema, resolver: Resolver) -> Iterator[tuple[str, str]]:
    """Yield (dotted path, normalised name) of the scalar members of a record and of the records directly in it."""
    if not isinstance(result, Record):
        return
    for member in result.properties:
        inner = resolver.resolved(member.schema)
        if isinstance(inner, Scalar):
            yield member.name, _bare(member.name)
        for below in inner.properties if isinstance(inner, Record) else ():
            if isinstance(resolver.resolved(below.schema), Scalar):
                yield f"{member.name}.{below.name}", _bare(below.name)


def _list_inside(result: Schema, resolver: Resolver) -> str | None:
    """Return the member with the records of a page, the only list; "" for the result itself, None if unclear."""
    if isinstance(result, Array):
        return ""
    if not isinstance(result, Record):
        return None
    lists = [member.name for member in result.properties if isinstance(resolver.resolved(member.schema), Array)]
    return lists[0] if len(lists) == 1 else None


def _bare(name: str) -> str:
    return name.lower().translate({ord(mark): None for mark in "-_$."})
