"""Choose the logins that sign a call: those that the operation's security requirements name.

A document declares schemes by name. Each operation lists alternatives (OR) of schemes that go together (AND).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from requests import PreparedRequest  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from .auth import Bearer, NoAuth, TokenLogin
from .basic_and_api_key import ApiKey, Basic
from .call_flow import Needs
from .errors import ArgumentError
from .operation import OperationSpec, ParameterSpec
from .typeguards import is_iterable, is_mapping

AnyLogin: TypeAlias = AuthBase | Iterable[AuthBase] | Mapping[str, AuthBase] | None
Security: TypeAlias = tuple[tuple[str, ...], ...] | None
AUTHORIZATION = ("header", "authorization")
TLS = "mutualTLS"
BEST_LOGINS: dict[str, tuple[type[Any], ...]] = {
    "basic": (Basic,),
    "bearer": (Bearer,),
    "http": (Bearer,),
    "oauth2": (TokenLogin,),
    "openIdConnect": (TokenLogin,),
}
EXAMPLES: dict[tuple[str, str], str] = {}  # code of special logins by location and name; filled by their modules


class Scheme(NamedTuple):
    """A security scheme that a document declares.

    Attributes:
        kind: `basic`, `bearer`, `http` (another scheme of HTTP), `apiKey`, `oauth2`, `openIdConnect` or `mutualTLS`.
        name: The name of an API key's header, query field or cookie; for `http`, the scheme.
        location: `header`, `query` or `cookie`, for an API key.
        format: `JWT` if a token must be a JWT.
    """

    kind: str
    name: str = ""
    location: str = ""
    format: str = ""

    @property
    def target(self) -> tuple[str, str]:
        """Return where a login of this scheme is written: a location (`header`, `query` or `cookie`) and a name.

        Header names are in lower case. For all kinds but `apiKey` it is the header `authorization`.
        """
        return _target(self.location, self.name) if self.kind == "apiKey" else AUTHORIZATION

    def example_code(self) -> str:
        """Return Python code that creates a login for this scheme, such as `Bearer(token)`, for an error."""
        match self.kind, self.target:
            case "basic", _:
                return "Basic(username, password)"
            case "apiKey", target if target in EXAMPLES:
                return EXAMPLES[target]
            case "apiKey", target if target != AUTHORIZATION:
                return f"ApiKey(value, name={self.name!a}, place={self.location!a})"
            case "oauth2", _:
                return "OAuth2(...)"
            case "openIdConnect", _:
                return "OpenIdConnect(...)"
            case "http", _:
                return f"Bearer(token, scheme={self.name!a})"
            case _:
                return "Bearer(token)"


class Certificate(NoAuth):
    """The login for a scheme `mutualTLS`. It adds nothing to a request: the connection has the client certificate."""

    source = "the client certificate"


class CombinedLogin(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login that consists of several logins, all of which sign the request, in the given order."""

    def __init__(self, logins: Iterable[AuthBase]) -> None:
        self._logins: tuple[Any, ...] = tuple(logins)
        self._ours: tuple[Any, ...] = tuple(login for login in self._logins if hasattr(login, "missing"))

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        for login in self._logins:
            request = login(request)
        return request

    def missing(self, request: PreparedRequest) -> Needs:
        """Return the flows that the logins need before they can sign `request`, in order; () if none needs any."""
        return tuple(need for login in self._ours for need in login.missing(request))

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request with all logins and return it. Our own logins do no I/O here.

        Carry out what `missing` returns first: logins without credentials write empty ones.
        """
        for login in self._logins:
            request = getattr(login, "sign", login)(request)
        return request

    def refuse(self, request: PreparedRequest) -> bool:
        """Tell all logins that the request was refused; return whether a new login may help with any of them."""
        own = [renew(request) for login in self._logins if (renew := getattr(login, "renew", None))]
        ours = [login.refuse(request) for login in self._ours]  # a list, so that all of them know
        return any(own) or any(ours)


class Logins:
    """The logins of one client.

    Args:
        auth: One login, several logins, a dict of logins by scheme name, or None.
        schemes: The schemes that the document declares, by name; each is a tuple of the fields of Scheme.
        security: The security requirements for operations without their own; None if the document has none, so that
            every login signs every call.
        has_certificate: Whether connections have a client certificate, which `mutualTLS` wants.

    Raises:
        ArgumentError: a login is not an AuthBase, its scheme name is not declared, or the document has schemes and
            security requirements and the login signs none, because it fits none or another login fits better.
    """

    def __init__(
        self,
        auth: AnyLogin,
        schemes: Mapping[str, tuple[str, ...]],
        security: Security,
        *,
        has_certificate: bool = False,
    ) -> None:
        self._schemes = {name: Scheme(*declared) for name, declared in schemes.items()}
        self._security = security
        named, listed = _given(auth)
        self._every = (*named.values(), *listed)
        self._by_scheme = self._assigned(named, listed)
        if has_certificate:
            tls = [name for name, scheme in self._schemes.items() if scheme.kind == TLS]
            self._by_scheme = {**dict.fromkeys(tls, Certificate()), **self._by_scheme}

    def of(self, operation: OperationSpec) -> tuple[AuthBase, ...]:
        """Return the logins that sign a call of that operation.

        Of the alternatives in the operation's security requirements, the first one for which there are all logins is
        used. If there is none: () for an operation that can be called without a login, else the logins of the
        alternative for which there are the most, which may be (). Without security requirements, all logins sign.
        Nothing is raised: a call without a login that it needs is sent, and refused by the service.
        """
        wanted = self._security if operation.security is None else operation.security
        if wanted is None:
            return self._every
        found: list[list[AuthBase | None]] = [[self._login(name) for name in alternative] for alternative in wanted]
        whole = [values for values in found if values and None not in values]
        if whole:
            return _distinct(whole[0])
        if () in wanted:
            return ()
        nothing: list[AuthBase | None] = []
        return _distinct(max(found, key=lambda values: len(values) - values.count(None), default=nothing))

    def _login(self, name: str) -> AuthBase | None:
        """Return the login for a scheme; the first login for a scheme that is required but not declared; else None."""
        if name in self._schemes:
            return self._by_scheme.get(name)
        return self._every[0] if self._every else None

    def advice(self, operation: OperationSpec, hint: str) -> str:
        """Return a sentence with what to do after a 401 of that operation; "" if the error's own advice is enough.

        It says that no login was passed, that none of them is for the call, or which one to check. `hint` is Python
        code of the login to suggest; "" suggests logins for the declared schemes.
        """
        wanted = self._security if operation.security is None else operation.security
        names = dict.fromkeys(name for alternative in wanted or () for name in alternative)
        schemes = [self._schemes[name] for name in names if name in self._schemes]
        listed = " or ".join(dict.fromkeys(scheme.example_code() for scheme in schemes if scheme.kind != TLS))
        certificate = "cert= with a client certificate" if any(scheme.kind == TLS for scheme in schemes) else ""
        signing = self.of(operation)
        if not self._every and not signing:
            login = f"auth={hint or listed or 'Bearer(token)'}" if listed or not certificate else ""
            return f"No login was passed: pass {' or '.join(filter(None, (login, certificate)))}."
        if not signing:
            takes = " or ".join(filter(None, (listed, certificate)))
            return f"None of the logins that were passed is for this call: it takes {takes or 'none'}."
        sources = [source for login in signing if (source := getattr(login, "source", ""))]
        return f"Check {' and '.join(sources)}: the login was refused." if sources else ""

    def _assigned(self, named: Mapping[str, AuthBase], listed: list[AuthBase]) -> dict[str, AuthBase]:
        """Return the login for each scheme: the one named for it, else the one that fits best."""
        for name in named:
            if name not in self._schemes:
                known = ", ".join(map(repr, self._schemes)) or "none"
                raise ArgumentError(f"There is no login {name!a} in the document.", fix=f"Those it declares: {known}.")
        found = dict(named)
        for name, scheme in self._schemes.items():
            fitting = [login for login in listed if _fit(login, scheme)]
            if name not in found and fitting:
                found[name] = max(fitting, key=lambda login: _fit(login, scheme))
        unused = [login for login in listed if not any(login is other for other in found.values())]
        if unused and self._schemes and self._security is not None:
            raise ArgumentError(
                f"{unused[0]!r} is no login that this document declares, or another one goes before it.",
                fix=f"It takes {self._declared()}. auth={{{next(iter(self._schemes))!a}: ...}} names the scheme.",
            )
        jwt = {name: login for name, login in found.items() if self._schemes[name].format == "JWT"}
        return {**found, **{name: login.for_jwt() for name, login in jwt.items() if isinstance(login, Bearer)}}

    def _declared(self) -> str:
        return ", ".join(f"{scheme.example_code()} (declared as {name!a})" for name, scheme in self._schemes.items())


def signer_of(logins: tuple[AuthBase, ...]) -> AuthBase:
    """Return one AuthBase that applies all logins; of logins for the same header or field, only the first.

    A single login is returned itself. NoAuth if there are no logins.
    """
    places: set[tuple[str, str]] = set()
    kept: list[AuthBase] = []
    for login in logins:
        target = target_of(login)
        if target is None or target not in places:
            kept.append(login)
            places.update([target] if target else [])
    return kept[0] if len(kept) == 1 else CombinedLogin(kept) if kept else NoAuth()


def target_of(login: AuthBase) -> tuple[str, str] | None:
    """Return where a login is written: a location (`header`, `query` or `cookie`) and a name.

    None if that is not known, such as for an AuthBase of the caller's own.
    """
    match login:
        case ApiKey():
            return _target(login.place, login.name)
        case Bearer() | Basic() | TokenLogin():
            return AUTHORIZATION
        case _:
            target: tuple[str, str] | None = getattr(login, "target", None)
            return target


def parameter_target(parameter: ParameterSpec) -> tuple[str, str]:
    """Return (location, name) of a parameter in a request, to compare with `target_of`.

    Header names are in lower case; a form field counts as `query`. Other locations, such as `body`, are unchanged.
    """
    return _target("query" if parameter.place == "form" else parameter.place, parameter.name)


def _target(location: str, name: str) -> tuple[str, str]:
    return location, name.lower() if location == "header" else name


def _fit(login: AuthBase, scheme: Scheme) -> int:
    """Return how well a login fits a scheme, 0 for not at all. An AuthBase of the caller's own fits each with 1."""
    target = target_of(login)
    if scheme.kind == TLS:
        return 0
    if target is None:
        return 1
    if target != scheme.target:
        return 0
    best = BEST_LOGINS.get(scheme.kind, (ApiKey, Bearer))
    if scheme.kind == "basic":
        return 3 if isinstance(login, best) else 2 if isinstance(login, ApiKey) else 0
    if scheme.kind != "apiKey" and isinstance(login, Basic):
        return 0
    return 4 if isinstance(login, best) else 2 if isinstance(login, Basic) else 3


def _distinct(logins: list[AuthBase | None]) -> tuple[AuthBase, ...]:
    """Return the logins without None and without repetitions."""
    found = {id(login): login for login in logins if login is not None}
    return tuple(found.values())


def _given(auth: object) -> tuple[dict[str, AuthBase], list[AuthBase]]:
    """Return the logins by scheme name, and those without a name; raise ArgumentError for what is not an AuthBase."""
    named: dict[str, Any] = {}
    listed: list[Any] = []
    if is_mapping(auth):
        named = {str(name): login for name, login in auth.items()}
    elif is_iterable(auth) and not isinstance(auth, (AuthBase, str, bytes)):
        listed = list(auth)
    elif auth is not None:
        listed = [auth]
    every: list[Any] = [*named.values(), *listed]
    for login in every:
        if not isinstance(login, AuthBase):
            wrong: object = login if any(isinstance(other, AuthBase) for other in every) else auth
            raise ArgumentError(
                f"auth= takes a way to log in, not a {type(wrong).__name__}.",
                fix="Pass Bearer(...), Basic(...) or another of our logins, or an AuthBase of your own.",
            )
    return named, listed
