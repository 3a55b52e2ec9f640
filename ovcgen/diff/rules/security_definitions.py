"""Find changes of the declared security schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import OAuthFlow, SecurityDefinition

rule = API_RULES.rule

HTTP_KINDS = ("basic", "bearer", "http")  # all are of the type `http` in OpenAPI 3
FIELDS: dict[str, Callable[[SecurityDefinition], str | None]] = {
    "in": attrgetter("location"),
    "name": attrgetter("parameter"),
    "flow": attrgetter("flow"),
    "authorizationUrl": attrgetter("authorization_url"),
    "tokenUrl": attrgetter("token_url"),
    "openIdConnectUrl": lambda definition: definition.discovery_url or None,
    "bearerFormat": attrgetter("bearer_format"),
}
# Where tokens come from, and what they look like; requests stay the same.
LEVELS = {"authorizationUrl": WARNING, "tokenUrl": WARNING, "openIdConnectUrl": WARNING, "bearerFormat": INFO}
OF_ONE_FLOW = ("flow", "authorizationUrl", "tokenUrl")


@rule("security-definition.added", wire=INFO, sdk=INFO)
def security_definition_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The document declares one more security scheme.

    Nobody breaks; operations that require it report so themselves.
    """
    for name in sorted(_logins(new).keys() - _logins(old).keys()):
        yield Finding("is new.", Location(security=name))


@rule("security-definition.removed", wire=WARNING, sdk=WARNING)
def security_definition_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The document no longer declares a security scheme.

    Operations that required it report what they require instead. Use that.
    """
    for name in sorted(_logins(old).keys() - _logins(new).keys()):
        yield Finding("is gone.", Location(security=name), hint="Log in in another way.")


@rule("security-definition.changed", wire=BREAKING, sdk=WARNING)
def security_definition_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A login is sent in another way, or asked for at another address.

    Requests that carry it as before are refused: send it as the new release wants. Where only an address is new,
    tokens come from there; what is sent is the same.
    """
    for name, before, after in _both(old, new):
        for field, had, has in _fields(before, after, is_openapi3=bool(old.api.openapi or new.api.openapi)):
            message = f"has {field} {_quoted_value(has)} now; it was {_quoted_value(had)}."
            level = LEVELS.get(field, BREAKING)
            if field == "flows":
                level = INFO if had is None else WARNING
            hint = "Send and get it as the new release wants." if level else ""
            sdk = None if level else INFO
            yield Finding(message, Location(security=name, field=field), had, has, hint, wire=level, sdk=sdk)


@rule("security-definition.scope-added", wire=INFO, sdk=INFO)
def security_definition_scope_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A security scheme has one more scope.

    Nobody breaks; operations that require it report so themselves.
    """
    for name, before, after in _of_one_type(old, new):
        for scope in sorted(set(after.scopes) - set(before.scopes)):
            yield Finding(f"knows the scope {quoted(scope)} now.", Location(security=name, scope=scope))


@rule("security-definition.scope-removed", wire=WARNING, sdk=INFO)
def security_definition_scope_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A security scheme has one scope less.

    Callers that ask for a token with that scope may be refused. Ask for a token without it.
    """
    for name, before, after in _of_one_type(old, new):
        for scope in sorted(set(before.scopes) - set(after.scopes)):
            hint = f"Ask for tokens without {quoted(scope)}."
            place = Location(security=name, scope=scope)
            yield Finding(f"no longer knows the scope {quoted(scope)}.", place, hint=hint)


def _fields(
    old: SecurityDefinition, new: SecurityDefinition, *, is_openapi3: bool
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (field, old value, new value) of the fields that differ; in OpenAPI 3 only the type if that does."""
    if not _is_one_type(old, new) and is_openapi3:
        yield "type", old.kind, new.kind
        return
    if not _is_one_type(old, new):
        yield "type", old.kind, new.kind
    elif (old.kind, old.http_scheme) != (new.kind, new.http_scheme):
        yield "scheme", old.http_scheme or old.kind, new.http_scheme or new.kind
    has_flows = bool(old.flows and new.flows)
    for field, value_of in FIELDS.items():
        had, has = value_of(old), value_of(new)
        if had != has and not (has_flows and field in OF_ONE_FLOW):
            yield field, had, has
    if has_flows:
        yield from _flows({flow.kind: flow for flow in old.flows}, {flow.kind: flow for flow in new.flows})


def _flows(old: Mapping[str, OAuthFlow], new: Mapping[str, OAuthFlow]) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the flows that only one release has, and the URLs of the others that differ."""
    yield from (("flows", kind, None) for kind in sorted(old.keys() - new.keys()))
    yield from (("flows", None, kind) for kind in sorted(new.keys() - old.keys()))
    for kind in sorted(old.keys() & new.keys()):
        had, has = old[kind], new[kind]
        if had.authorization_url != has.authorization_url:
            yield "authorizationUrl", had.authorization_url or None, has.authorization_url or None
        if had.token_url != has.token_url:
            yield "tokenUrl", had.token_url or None, has.token_url or None


def _is_one_type(old: SecurityDefinition, new: SecurityDefinition) -> bool:
    return old.kind == new.kind or {old.kind, new.kind} <= {*HTTP_KINDS}


def _of_one_type(
    old: ReleaseOperations, new: ReleaseOperations
) -> Iterator[tuple[str, SecurityDefinition, SecurityDefinition]]:
    """Yield the (name, old, new) security schemes that both have; in OpenAPI 3 only those of one type."""
    is_swagger = not (old.api.openapi or new.api.openapi)
    return (found for found in _both(old, new) if is_swagger or _is_one_type(*found[1:]))


def _logins(side: ReleaseOperations) -> dict[str, SecurityDefinition]:
    return {definition.name: definition for definition in side.api.security_definitions}


def _both(
    old: ReleaseOperations, new: ReleaseOperations
) -> Iterator[tuple[str, SecurityDefinition, SecurityDefinition]]:
    had, has = _logins(old), _logins(new)
    for name in sorted(had.keys() & has.keys()):
        yield name, had[name], has[name]


def _quoted_value(value: str | None) -> str:
    return "nothing" if value is None else quoted(value)
