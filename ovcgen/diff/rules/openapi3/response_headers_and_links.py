"""Find changes of response headers that OpenAPI 3 can declare, and of links."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.model.api import Header, Response

rule = OPENAPI3.headers.rule
link_rule = OPENAPI3.responses.rule


@rule("response-header.became-optional", wire=Directed(INFO, BREAKING), sdk=INFO)
def response_header_became_optional(old: Header, new: Header) -> Iterator[Finding]:
    """A header of an answer was always there and may be missing now.

    Code that reads it must be ready to find nothing.
    """
    if old.required and not new.required:
        says = "may be missing now; it was always there."
        yield Finding(says, before=True, after=False, hint="Be ready to find nothing.")


@rule("response-header.became-required", wire=INFO, sdk=INFO)
def response_header_became_required(old: Header, new: Header) -> Iterator[Finding]:
    """A header of an answer is always there.

    Nobody breaks.
    """
    if new.required and not old.required:
        yield Finding("is always there now.", before=False, after=True)


@rule("response-header.deprecated", wire=INFO, sdk=INFO)
def response_header_deprecated(old: Header, new: Header) -> Iterator[Finding]:
    """A header of an answer is announced to go away.

    Nobody breaks today. Stop reading it before the release that removes it.
    """
    if new.deprecated and not old.deprecated:
        yield Finding("is deprecated: a later release may drop it.", before=False, after=True)


@rule("response-header.undeprecated", wire=INFO, sdk=INFO)
def response_header_undeprecated(old: Header, new: Header) -> Iterator[Finding]:
    """A header of an answer is no longer announced to go away.

    Nobody breaks.
    """
    if old.deprecated and not new.deprecated:
        yield Finding("is no longer deprecated.", before=True, after=False)


@link_rule("link.added", wire=INFO, sdk=INFO)
def link_added(old: Response, new: Response) -> Iterator[Finding]:
    """An answer says which call may follow.

    Nobody breaks: links are hints.
    """
    for name in sorted(dict(new.links).keys() - dict(old.links).keys()):
        yield Finding("is new.", Location(link=name))


@link_rule("link.removed", wire=INFO, sdk=INFO)
def link_removed(old: Response, new: Response) -> Iterator[Finding]:
    """An answer no longer says which call may follow.

    Nobody breaks: no call depends on a link.
    """
    for name in sorted(dict(old.links).keys() - dict(new.links).keys()):
        yield Finding("is gone.", Location(link=name))


@link_rule("link.changed", wire=INFO, sdk=INFO)
def link_changed(old: Response, new: Response) -> Iterator[Finding]:
    """A link of an answer leads to another call, or passes other values.

    Nobody breaks: no call depends on a link. Code that follows it calls something else.
    """
    had, has = dict(old.links), dict(new.links)
    for name in sorted(had.keys() & has.keys()):
        if had[name] != has[name]:
            yield Finding("leads elsewhere now.", Location(link=name), before=had[name].value, after=has[name].value)
