"""Find callbacks and webhooks that were added or removed: requests that the service sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ovcgen.diff.change import INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import OPENAPI3, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Callback, Operation

rule = OPENAPI3.operations.rule
api_rule = OPENAPI3.api.rule


@rule("callback.added", wire=INFO, sdk=INFO)
def callback_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call can have the service send requests of one more kind.

    Nobody breaks: old calls work as before.
    """
    for name in _lacking(old.callbacks, new.callbacks):
        yield Finding("is new.", Location(callback=name))


@rule("callback.removed", wire=WARNING, sdk=WARNING)
def callback_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The service no longer sends the requests of a callback.

    The call works as before, but code that waits for these requests waits for nothing. Ask for the state instead.
    """
    for name in _lacking(new.callbacks, old.callbacks):
        yield Finding("is gone.", Location(callback=name), hint="Don't wait for it.")


@rule("callback.url-added", wire=INFO, sdk=INFO)
def callback_url_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """The service takes the URL of a callback from one more place.

    Nobody breaks.
    """
    for name, urls in _urls(old, new):
        yield from (
            Finding(f"is sent to {quoted(url)} too.", Location(callback=name, field=url), after=url) for url in urls
        )


@rule("callback.url-removed", wire=WARNING, sdk=INFO)
def callback_url_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The service no longer takes the URL of a callback from a certain place.

    Callers that pass the URL there get no requests. Pass it where the new release reads it.
    """
    for name, urls in _urls(new, old):
        for url in urls:
            hint = "Pass the URL where the new release reads it."
            place = Location(callback=name, field=url)
            yield Finding(f"is no longer sent to {quoted(url)}.", place, before=url, hint=hint)


@rule("callback.operation.added", wire=INFO, sdk=INFO)
def callback_operation_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A callback is sent with one more verb.

    Nobody breaks.
    """
    for name, url, method in _methods(old.callbacks, new.callbacks):
        place = Location(callback=name, field=url, callback_method=method)
        yield Finding(f"is sent by {quoted(method)} too.", place, after=method)


@rule("callback.operation.removed", wire=WARNING, sdk=WARNING)
def callback_operation_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A callback is no longer sent with a verb.

    Code that waits for such requests waits for nothing.
    """
    for name, url, method in _methods(new.callbacks, old.callbacks):
        place = Location(callback=name, field=url, callback_method=method)
        yield Finding(f"is no longer sent by {quoted(method)}.", place, before=method)


@api_rule("webhook.added", wire=INFO, sdk=INFO)
def webhook_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The service sends one more kind of request on its own.

    Nobody breaks.
    """
    for name in _lacking(old.api.webhooks, new.api.webhooks):
        yield Finding("is new.", Location(webhook=name))


@api_rule("webhook.removed", wire=WARNING, sdk=WARNING)
def webhook_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The service no longer sends a kind of request.

    Code that waits for it waits for nothing. Ask for the state instead.
    """
    for name in _lacking(new.api.webhooks, old.api.webhooks):
        yield Finding("is gone.", Location(webhook=name), hint="Don't wait for it.")


@api_rule("webhook.operation.added", wire=INFO, sdk=INFO)
def webhook_operation_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A webhook is sent with one more verb.

    Nobody breaks.
    """
    for name, _, method in _methods(old.api.webhooks, new.api.webhooks):
        yield Finding(f"is sent by {quoted(method)} too.", Location(webhook=name, method=method), after=method)


@api_rule("webhook.operation.removed", wire=WARNING, sdk=WARNING)
def webhook_operation_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A webhook is no longer sent with a verb.

    Code that waits for such requests waits for nothing.
    """
    for name, _, method in _methods(new.api.webhooks, old.api.webhooks):
        yield Finding(f"is no longer sent by {quoted(method)}.", Location(webhook=name, method=method), before=method)


def _lacking(old: Iterable[Callback], new: Iterable[Callback]) -> list[str]:
    """Return the names that only `new` has."""
    return sorted(_names_of(new).keys() - _names_of(old).keys())


def _urls(old: Operation, new: Operation) -> Iterator[tuple[str, list[str]]]:
    """Yield the URLs that only `new` has, by the names of callbacks that both have."""
    had, has = _names_of(old.callbacks), _names_of(new.callbacks)
    for name in sorted(had.keys() & has.keys()):
        yield name, sorted(_urls_of(has[name]) - _urls_of(had[name]))


def _methods(old: Iterable[Callback], new: Iterable[Callback]) -> Iterator[tuple[str, str, str]]:
    """Yield the (name, URL, method) that only `new` has, for names and URLs that both have."""
    had, has = _names_of(old), _names_of(new)
    for name in sorted(had.keys() & has.keys()):
        known = _urls_of(had[name])
        for url, method in sorted(_methods_of(has[name]) - _methods_of(had[name])):
            if url in known:
                yield name, url, method


def _names_of(requests: Iterable[Callback]) -> dict[str, list[Callback]]:
    """Return the requests by name."""
    found: dict[str, list[Callback]] = {}
    for request in requests:
        found.setdefault(request.name, []).append(request)
    return found


def _urls_of(requests: Sequence[Callback]) -> set[str]:
    """Return the URLs to which requests of one name are sent."""
    return {request.expression for request in requests}


def _methods_of(requests: Sequence[Callback]) -> set[tuple[str, str]]:
    """Return the (URL, method) pairs of requests of one name."""
    return {(request.expression, request.operation.method) for request in requests}
