"""Find changes of host, base path, schemes and content types."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.operations import operation_location
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation, Server, ServerAddress

api_rule = API_RULES.rule
rule = OPERATION_RULES.rule

Servers = tuple[Server, ...]


@api_rule("base-path.changed", wire=BREAKING, sdk=INFO)
def base_path_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """All calls are at another path.

    Requests to the old one are refused; the new SDK knows the new one. Change the address.
    """
    for place, before, after in _addresses(old, new):
        had, has = before.base_path, after.base_path
        if had != has:
            says = f"is below {quoted(has)} now; it was {quoted(had)}."
            hint, pointer = f"Send requests below {quoted(has)}.", _pointer(new, "/basePath")
            yield Finding(says, place, before=had, after=has, hint=hint, pointer=pointer)


@api_rule("host.changed", wire=WARNING, sdk=INFO)
def host_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The document names another host.

    Callers that take the address from the document call another service; callers that pass an address see no
    difference. Check which host is meant.
    """
    for place, before, after in _addresses(old, new):
        had, has = before.host, after.host
        if had != has:
            says = f"is at {_quoted_host(has)} now; it was {_quoted_host(had)}."
            hint, pointer = "Check the address that you call.", _pointer(new, "/host") if has else ""
            yield Finding(says, place, before=had or None, after=has or None, hint=hint, pointer=pointer)


@api_rule("scheme.added", wire=INFO, sdk=INFO)
def scheme_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The API, or one of its calls, can be reached by one more protocol.

    Nobody breaks.
    """
    for place, had, has in _schemes(old, new):
        for scheme in sorted(set(has) - set(had)):
            yield Finding(
                f"can be reached by {quoted(scheme)}.", place, after=scheme, pointer=_pointer(new, "/schemes")
            )


@api_rule("scheme.removed", wire=BREAKING, sdk=INFO)
def scheme_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The API, or one of its calls, can't be reached by a protocol any more.

    Requests by that protocol are refused. Use one that is left. Where none is named any more, the service decides.
    """
    for place, had, has in _schemes(old, new):
        for scheme in sorted(set(had) - set(has)):
            others = " or ".join(quoted(ha) for ha in sorted(set(has)))
            yield Finding(
                f"can't be reached by {quoted(scheme)} any more.",
                place,
                before=scheme,
                hint=f"Use {others}." if others else "",
                wire=BREAKING if has else WARNING,
            )


@rule("consumes.added", wire=INFO, sdk=INFO)
def consumes_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation accepts one more content type for its request body (`consumes` of Swagger 2.0).

    Nobody breaks.
    """
    for kind in sorted(set(new.consumes) - set(old.consumes)) if _is_swagger(old, new) else ():
        yield Finding(f"takes {quoted(kind)} too.", after=kind)


@rule("consumes.removed", wire=BREAKING, sdk=INFO)
def consumes_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation no longer accepts a content type for its request body (`consumes` of Swagger 2.0).

    Requests of that type are refused; the new SDK sends another. Send one that is left. An operation without a body and
    without form fields sends no content type, so for such an operation this is a warning.
    """
    has_content = any(parameter.location in ("body", "formData") for parameter in old.parameters)
    for kind in sorted(set(old.consumes) - set(new.consumes)) if _is_swagger(old, new) else ():
        left = _left(new.consumes)
        hint = f"Send it as {left}." if left else ""
        level = BREAKING if has_content else WARNING
        yield Finding(f"no longer takes {quoted(kind)}.", before=kind, hint=hint, wire=level)


@rule("produces.added", wire=INFO, sdk=INFO)
def produces_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation answers in one more content type (`produces` of Swagger 2.0).

    Callers that say which types they accept do not break.
    """
    for kind in sorted(set(new.produces) - set(old.produces)) if _is_swagger(old, new) else ():
        yield Finding(f"answers {quoted(kind)} too.", after=kind)


@rule("produces.removed", wire=BREAKING, sdk=INFO)
def produces_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation no longer answers in a content type (`produces` of Swagger 2.0).

    Callers that accept nothing else are refused, or get what they can't read. Accept a type that is left.
    """
    for kind in sorted(set(old.produces) - set(new.produces)) if _is_swagger(old, new) else ():
        left = _left(new.produces)
        yield Finding(f"no longer answers {quoted(kind)}.", before=kind, hint=f"Accept {left}." if left else "")


def _schemes(
    old: ReleaseOperations, new: ReleaseOperations
) -> Iterator[tuple[Location, tuple[str, ...], tuple[str, ...]]]:
    """Yield (location, old, new) schemes of the API, and of operations that have their own."""
    if old.api.servers and new.api.servers:
        yield from ((place, had.schemes, has.schemes) for place, had, has in _addresses(old, new))
        return
    had, has = old.api.schemes, new.api.schemes
    yield Location(), had, has
    for before, after in old.calls.both:
        if (before.schemes, after.schemes) != (had, has):
            yield operation_location(before), before.schemes, after.schemes


def compared_servers(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[tuple[Location, Servers, Servers]]:
    """Yield (location, old servers, new servers) of the whole API, and of each operation that has its own servers.

    An operation has its own if it has some in at least one release; in the other one, those of the API count. Yields
    nothing if one of the APIs has no servers, as in Swagger 2.0 (unless it was converted to the form of OpenAPI 3).
    """
    if not (old.api.servers and new.api.servers):
        return
    yield Location(), old.api.servers, new.api.servers
    for before, after in old.calls.both:
        if before.servers or after.servers:
            yield operation_location(before), before.servers or old.api.servers, after.servers or new.api.servers


def is_one_for_one(old: Servers, new: Servers) -> bool:
    """Return whether both releases have exactly one server, so that the changed part of its address can be reported."""
    return len(old) == len(new) == 1


def _addresses(
    old: ReleaseOperations, new: ReleaseOperations
) -> Iterator[tuple[Location, ServerAddress, ServerAddress]]:
    """Yield (location, old, new) addresses; of OpenAPI 3 only where one server took the place of another."""
    if not (old.api.servers and new.api.servers):
        had, has = (ServerAddress(side.api.base_path, side.api.host, side.api.schemes) for side in (old, new))
        yield Location(), had, has
    for place, before, after in compared_servers(old, new):
        if is_one_for_one(before, after) and before[0].url != after[0].url:
            yield place, before[0].address, after[0].address


def _pointer(new: ReleaseOperations, key: str) -> str:
    """Return the pointer of a key of the address in the new document."""
    return "/servers" if new.api.openapi else key


def _is_swagger(old: Operation, new: Operation) -> bool:
    """Return whether both are of Swagger 2.0. In OpenAPI 3 each body has its own media types."""
    return not (old.openapi or new.openapi)


def _left(kinds: tuple[str, ...]) -> str:
    return " or ".join(quoted(kind) for kind in sorted(set(kinds)))


def _quoted_host(host: str) -> str:
    return quoted(host) if host else "an address that is not said"
