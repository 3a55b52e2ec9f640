"""Find changes of the servers of an OpenAPI 3 document: the addresses that a client can choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import OPENAPI3, Finding
from ovcgen.diff.rules.transport import Servers, compared_servers, is_one_for_one
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Server, ServerVariable

rule = OPENAPI3.api.rule


@rule("server.added", wire=INFO, sdk=INFO)
def server_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The document lists one more server to choose from.

    Nobody breaks. Where the only server became another one, `base-path.changed`, `host.changed` or `scheme.removed`
    reports it instead.
    """
    for place, had, has in _lists(old, new):
        for server in _lacking(had, has):
            yield Finding("is new.", replace(place, server=server.url), after=server.url)


@rule("server.removed", wire=WARNING, sdk=INFO)
def server_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A server is no longer among those that the document lists.

    Callers of that server may find nothing there. Choose another server. Where the only server became another one,
    `base-path.changed`, `host.changed` or `scheme.removed` reports it instead.
    """
    for place, had, has in _lists(old, new):
        for server in _lacking(has, had):
            hint = f"Call {quoted(has[0].url)}." if has else ""
            yield Finding("is gone.", replace(place, server=server.url), before=server.url, hint=hint)


@rule("server.order-changed", wire=WARNING, sdk=INFO)
def server_order_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """Another server is the first in the list, which clients call if no server is chosen.

    Callers that choose no server call another address. Choose a server.
    """
    for place, had, has in _lists(old, new):
        both = {_key(server) for server in had} & {_key(server) for server in has}
        if _key(had[0]) != _key(has[0]) and both.issuperset((_key(had[0]), _key(has[0]))):
            says = f"has {quoted(has[0].url)} as the first server now; it was {quoted(had[0].url)}."
            yield Finding(says, place, before=had[0].url, after=has[0].url, hint="Choose a server.")


@rule("server-variable.default-changed", wire=WARNING, sdk=INFO)
def server_variable_default_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A variable of a server's address has another default.

    Callers that choose no value call another address. Choose the old value to keep it.
    """
    for place, before, after in _variables(old, new):
        if before.default != after.default:
            yield Finding(
                f"is {quoted(after.default)} by default now; it was {quoted(before.default)}.",
                place,
                before=before.default,
                after=after.default,
                hint=f"Choose {quoted(before.default)} to keep the address.",
            )


@rule("server-variable.enum-value-added", wire=INFO, sdk=INFO)
def server_variable_value_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A variable of a server's address can have one more value, or any value.

    Nobody breaks.
    """
    for place, before, after in _variables(old, new):
        if before.values and not after.values:
            yield Finding("can be anything now.", place)
        for value in sorted(set(after.values) - set(before.values)) if before.values else ():
            yield Finding(f"may be {quoted(value)} too.", place, after=value)


@rule("server-variable.enum-value-removed", wire=BREAKING, sdk=WARNING)
def server_variable_value_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A variable of a server's address can't have a certain value any more, or is limited to certain values now.

    Callers that choose such a value find nothing there. Choose another value.
    """
    for place, before, after in _variables(old, new):
        if after.values and not before.values:
            listed = ", ".join(map(quoted, after.values))
            yield Finding(f"can only be one of {listed} now.", place, after=list(after.values), wire=WARNING)
        for value in sorted(set(before.values) - set(after.values)) if after.values else ():
            yield Finding(f"can't be {quoted(value)} any more.", place, before=value, hint="Choose another value.")


def _lists(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[tuple[Location, Servers, Servers]]:
    return (place for place in compared_servers(old, new) if not is_one_for_one(*place[1:]))


def _variables(
    old: ReleaseOperations, new: ReleaseOperations
) -> Iterator[tuple[Location, ServerVariable, ServerVariable]]:
    """Yield the (old, new) variables of servers with one URL, with their location."""
    for place, had, has in compared_servers(old, new):
        known = {_key(server): server for server in had}
        for server in has:
            before = known.get(_key(server))
            variables = {variable.name: variable for variable in before.variables} if before else {}
            for variable in server.variables:
                if variable.name in variables:
                    yield replace(place, server=server.url, name=variable.name), variables[variable.name], variable


def _key(server: Server) -> str:
    """Return the URL without the slash at its end, which has no meaning."""
    return server.url.rstrip("/")


def _lacking(old: Servers, new: Servers) -> list[Server]:
    """Return the servers that only `new` has."""
    known = {_key(server) for server in old}
    return [server for server in new if _key(server) not in known]
