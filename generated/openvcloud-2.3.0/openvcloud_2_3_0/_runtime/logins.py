"""Choose the logins that sign a call: those whose scheme the operation asks for, and no others.

A document declares schemes by name, and for each operation alternatives (OR) of schemes that go together (AND).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from requests import PreparedRequest
from requests.auth import AuthBase

from .auth import Bearer, Granted, NoAuth
from .auth_schemes import ApiKey, Basic
from .errors import ArgumentError
from .operation import OperationSpec, ParameterSpec

AnyLogin: TypeAlias = AuthBase | Iterable[AuthBase] | Mapping[str, AuthBase] | None
Security: TypeAlias = tuple[tuple[str, ...], ...] | None
AUTHORIZATION = ("header", "authorization")


class Scheme(NamedTuple):
    """One way to log in, as a document declares it: `kind` is basic, apiKey or oauth2.

    `name` and `location` are those of an API key; `format` is JWT where a token has to be one.
    """

    kind: str
    name: str = ""
    location: str = ""
    format: str = ""

    @property
    def target(self) -> tuple[str, str]:
        """Where such a login is written: the location, and a name."""
        return _target(self.location, self.name) if self.kind == "apiKey" else AUTHORIZATION

    def shown(self) -> str:
        """The login to pass for it, as Python."""
        match self.kind, self.target:
            case "basic", _:
                return "Basic(username, password)"
            case "apiKey", ("query", "authkey"):
                return "AuthKey(secret)"
            case "apiKey", target if target != AUTHORIZATION:
                return f"ApiKey(value, name={self.name!a}, place={self.location!a})"
            case "oauth2", _:
                return "OAuth2(...)"
        return "Bearer(token)"


class Several(AuthBase):
    """Several logins in one request."""

    def __init__(self, logins: Iterable[AuthBase]) -> None:
        self._logins = tuple(logins)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        for login in self._logins:
            request = login(request)
        return request

    def renew(self, request: PreparedRequest) -> bool:
        """Renew those that can be renewed; return whether there were any."""
        renewing = [getattr(login, "renew", None) for login in self._logins]
        renewed = [renew(request) for renew in renewing if renew]  # all of them, not only the first
        return any(renewed)


class Logins:
    """The logins of one client.

    Args:
        auth: One login, several, or a dict of logins by the name of their scheme.
        schemes: What the document declares, by name.
        security: The alternatives for operations without their own; None where the document asks for logins nowhere,
            so that every login goes to every call.

    Raises:
        ArgumentError: a login that no scheme asks for, or that is none.
    """

    def __init__(self, auth: AnyLogin, schemes: Mapping[str, tuple[str, ...]], security: Security) -> None:
        self._schemes = {name: Scheme(*declared) for name, declared in schemes.items()}
        self._security = security
        named, listed = _given(auth)
        self._every = (*named.values(), *listed)
        self._by_scheme = self._assigned(named, listed)

    def of(self, operation: OperationSpec) -> tuple[AuthBase, ...]:
        """Return the logins that sign a call of that operation."""
        wanted = self._security if operation.security is None else operation.security
        if wanted is None:
            return self._every
        found: list[list[AuthBase | None]] = [[self._login(name) for name in alternative] for alternative in wanted]
        whole = [each for each in found if each and None not in each]
        if whole:
            return _distinct(whole[0])
        if () in wanted:
            return ()
        nothing: list[AuthBase | None] = []
        return _distinct(max(found, key=lambda each: len(each) - each.count(None), default=nothing))

    def _login(self, name: str) -> AuthBase | None:
        """The login for a scheme; for one that is asked for and never declared, the first there is."""
        if name in self._schemes:
            return self._by_scheme.get(name)
        return self._every[0] if self._every else None

    def advice(self, operation: OperationSpec, hint: str) -> str:
        """Return what to do after a 401 or 419 of that operation; "" where its error says it. `hint` names a login."""
        wanted = self._security if operation.security is None else operation.security
        names = dict.fromkeys(name for alternative in wanted or () for name in alternative)
        listed = " or ".join(dict.fromkeys(self._schemes[name].shown() for name in names if name in self._schemes))
        if not self._every:
            return f"No login was passed: pass auth={hint or listed or 'Bearer(token)'}."
        signing = self.of(operation)
        if not signing:
            return f"None of the logins that were passed is for this call: it takes {listed or 'none'}."
        sources = [source for base in signing if (source := getattr(base, "source", ""))]
        return f"Check {' and '.join(sources)}: the login was refused." if sources else ""

    def _assigned(self, named: Mapping[str, AuthBase], listed: list[AuthBase]) -> dict[str, AuthBase]:
        """The login for each scheme: the one that was named for it, else the one that fits best."""
        for name in named:
            if name not in self._schemes:
                known = ", ".join(map(repr, self._schemes)) or "none"
                raise ArgumentError(f"There is no login {name!a} in the document.", fix=f"Those it declares: {known}.")
        found = dict(named)
        for name, scheme in self._schemes.items():
            fitting = [base for base in listed if _fit(base, scheme)]
            if name not in found and fitting:
                found[name] = max(fitting, key=lambda each: _fit(each, scheme))
        unused = [base for base in listed if not any(base is other for other in found.values())]
        if unused and self._schemes and self._security is not None:
            raise ArgumentError(
                f"{unused[0]!r} is no login that this document declares, or another one goes before it.",
                fix=f"It takes {self._declared()}. auth={{{next(iter(self._schemes))!a}: ...}} names the scheme.",
            )
        jwt = {name: each for name, each in found.items() if self._schemes[name].format == "JWT"}
        return {**found, **{name: each.for_jwt() for name, each in jwt.items() if isinstance(each, Bearer)}}

    def _declared(self) -> str:
        return ", ".join(f"{scheme.shown()} (declared as {name!a})" for name, scheme in self._schemes.items())


def signer_of(logins: tuple[AuthBase, ...]) -> AuthBase:
    """Return one login that does what all of them do; of those that write the same place, the first counts."""
    places: set[tuple[str, str]] = set()
    kept = []
    for login in logins:
        target = target_of(login)
        if target is None or target not in places:
            kept.append(login)
            places.update([target] if target else [])
    return kept[0] if len(kept) == 1 else Several(kept) if kept else NoAuth()


def target_of(login: AuthBase) -> tuple[str, str] | None:
    """Return where a login is written: the location, and a name. None for a login that is not ours."""
    match login:
        case ApiKey():
            return _target(login.place, login.name)
        case Bearer() | Basic() | Granted():
            return AUTHORIZATION
    return ("query", "authkey") if hasattr(login, "source") else None


def parameter_target(parameter: ParameterSpec) -> tuple[str, str]:
    """Return the place that a parameter is written to, in the words of `target_of`."""
    return _target("query" if parameter.place == "form" else parameter.place, parameter.name)


def _target(location: str, name: str) -> tuple[str, str]:
    return location, name.lower() if location == "header" else name


def _fit(login: AuthBase, scheme: Scheme) -> int:
    """How well a login fits a scheme; 0 for not at all. An AuthBase of the caller's own fits each a little."""
    target = target_of(login)
    if target is None:
        return 1
    if target != scheme.target:
        return 0
    best: tuple[type[Any], ...] = {"basic": (Basic,), "oauth2": (Granted,)}.get(scheme.kind, (ApiKey, Bearer))
    if scheme.kind == "basic":
        return 3 if isinstance(login, best) else 2 if isinstance(login, ApiKey) else 0
    if scheme.kind == "oauth2" and isinstance(login, Basic):
        return 0
    return 4 if isinstance(login, best) else 2 if isinstance(login, Basic) else 3


def _distinct(logins: list[AuthBase | None]) -> tuple[AuthBase, ...]:
    found = {id(login): login for login in logins if login is not None}
    return tuple(found.values())


def _given(auth: object) -> tuple[dict[str, AuthBase], list[AuthBase]]:
    """The logins by the names of their schemes, and those without a name."""
    named: dict[str, Any] = {str(name): each for name, each in auth.items()} if isinstance(auth, Mapping) else {}
    listed: list[Any] = []
    if isinstance(auth, Iterable) and not isinstance(auth, (AuthBase, Mapping, str, bytes)):
        listed = list(auth)
    elif auth is not None and not isinstance(auth, Mapping):
        listed = [auth]
    every = (*named.values(), *listed)
    for each in every:
        if not isinstance(each, AuthBase):
            wrong = each if any(isinstance(other, AuthBase) for other in every) else auth
            raise ArgumentError(
                f"auth= takes a way to log in, not a {type(wrong).__name__}.",
                fix="Pass Bearer(...), Basic(...), OAuth2(...) or another of our logins, or an AuthBase of your own.",
            )
    return named, listed
