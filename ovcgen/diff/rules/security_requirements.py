"""Find changes of the logins that an operation requires: alternatives (OR), each of one or more logins (AND)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.rules.registry import OPERATION_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation

rule = OPERATION_RULES.rule

Logins = frozenset[str]  # the logins of one alternative, all of which are required
NO_LOGIN: Logins = frozenset()


@rule("security.added", wire=INFO, sdk=INFO)
def security_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation accepts one more login, or requires one where it required none.

    If it required none, calls without a login are refused now: log in. Otherwise nobody breaks.
    """
    had, has = _alternatives(old), _alternatives(new)
    closed = NO_LOGIN in had and NO_LOGIN not in has
    for logins in _listed(has.keys() - had.keys() - {NO_LOGIN}):
        level = BREAKING if closed else INFO
        says = f"wants login {quoted(logins)}; it wanted none." if closed else f"takes login {quoted(logins)} too."
        hint = f"Log in with {quoted(logins)}." if closed else ""
        yield Finding(says, after=logins, hint=hint, wire=level, sdk=level, pointer="/security" if new.security else "")


@rule("security.removed", wire=BREAKING, sdk=BREAKING)
def security_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation no longer accepts a login, or no longer requires one.

    Callers that use only that login are refused, unless a part of it is still accepted alone: log in as the new release
    requires. If no login is required any more, nobody breaks.
    """
    had, has = _alternatives(old), _alternatives(new)
    for logins in had.keys() - has.keys() - {NO_LOGIN}:
        enough = any(other <= logins for other in has)
        others = ", ".join(map(quoted, _listed(has.keys()))) or "none"
        says = f"no longer wants login {quoted('+'.join(sorted(logins)))}."
        level = INFO if enough else BREAKING
        hint = "" if enough else f"Log in with one of {others}."
        yield Finding(says, before="+".join(sorted(logins)), hint=hint, wire=level, sdk=level)


@rule("security.scope-added", wire=BREAKING, sdk=BREAKING)
def security_scope_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation requires one more scope of a login.

    Tokens without that scope are refused: ask for a token with it.
    """
    for login, scope in _scopes(new, old):
        hint = f"Ask for a token with {quoted(scope)}."
        yield Finding(
            f"wants the scope {quoted(scope)} of {quoted(login)}.", Location(security=login), None, scope, hint
        )


@rule("security.scope-removed", wire=INFO, sdk=INFO)
def security_scope_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """An operation requires one scope less of a login.

    Nobody breaks.
    """
    for login, scope in _scopes(old, new):
        yield Finding(f"no longer wants the scope {quoted(scope)} of {quoted(login)}.", Location(security=login), scope)


def _alternatives(operation: Operation) -> Mapping[Logins, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the scopes of each alternative by its set of logins; one without logins if nothing is declared."""
    declared = operation.security or ((),)
    return {frozenset(login for login, _ in alternative): alternative for alternative in declared}


def _listed(alternatives: Iterable[Logins]) -> list[str]:
    return sorted("+".join(sorted(alternative)) for alternative in alternatives if alternative)


def _scopes(wants: Operation, other: Operation) -> Iterator[tuple[str, str]]:
    """Yield (login, scope) pairs that only `wants` requires, for alternatives that both have."""
    has, had = _alternatives(wants), _alternatives(other)
    found = {
        (login, scope)
        for logins in has.keys() & had.keys()
        for login, scopes in has[logins]
        for scope in set(scopes) - set(dict(had[logins])[login])
    }
    yield from sorted(found)
