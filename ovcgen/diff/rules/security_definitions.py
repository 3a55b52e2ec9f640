"""Find changes of the declared security schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import SecurityDefinition

rule = API_RULES.rule

FIELDS: dict[str, Callable[[SecurityDefinition], str | None]] = {
    "type": attrgetter("kind"),
    "in": attrgetter("location"),
    "name": attrgetter("parameter"),
    "flow": attrgetter("flow"),
    "authorizationUrl": attrgetter("authorization_url"),
    "tokenUrl": attrgetter("token_url"),
}
ADDRESSES = ("authorizationUrl", "tokenUrl")  # URLs that give tokens; requests stay the same


@rule("security-definition.added", wire=INFO, sdk=INFO)
def security_definition_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """There is another way to log in.

    Nobody breaks; calls that want it say so themselves.
    """
    for name in sorted(_logins(new).keys() - _logins(old).keys()):
        yield Finding("is new.", Location(security=name))


@rule("security-definition.removed", wire=WARNING, sdk=WARNING)
def security_definition_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A way to log in is gone.

    Calls that wanted it say themselves what they want instead. Use that.
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
        for field, value_of in FIELDS.items():
            had, has = value_of(before), value_of(after)
            if had != has:
                message = f"has {field} {_quoted_value(has)} now; it was {_quoted_value(had)}."
                level = WARNING if field in ADDRESSES else BREAKING
                hint = "Send and get it as the new release wants."
                yield Finding(message, Location(security=name, field=field), had, has, hint, wire=level)


@rule("security-definition.scope-added", wire=INFO, sdk=INFO)
def security_definition_scope_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A login knows one more scope.

    Nobody breaks; calls that want it say so themselves.
    """
    for name, before, after in _both(old, new):
        for scope in sorted(set(after.scopes) - set(before.scopes)):
            yield Finding(f"knows the scope {quoted(scope)} now.", Location(security=name, scope=scope))


@rule("security-definition.scope-removed", wire=WARNING, sdk=INFO)
def security_definition_scope_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A login knows one scope less.

    Who asks for a token with that scope may be refused. Ask without it.
    """
    for name, before, after in _both(old, new):
        for scope in sorted(set(before.scopes) - set(after.scopes)):
            hint = f"Ask for tokens without {quoted(scope)}."
            place = Location(security=name, scope=scope)
            yield Finding(f"no longer knows the scope {quoted(scope)}.", place, hint=hint)


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
