"""Build the example code for logins: those that a document declares, or those of its dialect."""

from __future__ import annotations

import re

from ovcgen.generator.code import WIDTH, Bracket, Code, lay_out, literal
from ovcgen.model.api import Api, SecurityDefinition
from ovcgen.normalise.dialect import LoginExample, Wording
from ovcgen.runtime.urls import joined_url

VARIABLE = re.compile(r"(?:\w+=)?([a-z_]+)")  # `username` or `username=username`
HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?", re.IGNORECASE)


def logins(api: Api, wording: Wording) -> tuple[LoginExample, ...]:
    """Return the example logins of the dialect; if it has none, one for each security scheme of the document.

    Schemes of the kind `mutualTLS` are left out. The result is () if no scheme is declared.
    """
    if wording.logins:
        return wording.logins
    base = f"{service_url(api)}{api.base_path.rstrip('/')}/"
    signing = [definition for definition in api.security_definitions if definition.kind != "mutualTLS"]
    return tuple(declared_login(definition, base) for definition in signing)


def declared_login(definition: SecurityDefinition, base: str) -> LoginExample:
    """Return an example of a login for a declared security scheme.

    OAuth2 flows that are not supported use a bearer token. `base` is the URL of the service, to which relative URLs of
    the scheme are joined.
    """
    remark = f"declared as {literal(definition.name)}"
    match definition.kind, definition.flow:
        case "basic", _:
            return LoginExample("Basic", "basic_and_api_key", ("username", "password"), remark)
        case "apiKey", _:
            name, place = literal(definition.parameter or ""), literal(definition.location or "")
            return LoginExample("ApiKey", "basic_and_api_key", ("key", f"name={name}", f"place={place}"), remark)
        case "oauth2", "application" | "password" as flow:
            user = ("username=username", "password=password") if flow == "password" else ()
            address = literal(joined_url(base, definition.token_url or ""))
            return LoginExample("OAuth2", "oauth", (address, "client_id", "client_secret", *user), remark, renews=True)
        case "openIdConnect", _ if definition.discovery_url:
            address = literal(joined_url(base, definition.discovery_url))
            return LoginExample("OpenIdConnect", "openid", (address, "client_id", "client_secret"), remark, renews=True)
        case "http", _ if definition.http_scheme:
            return LoginExample("Bearer", "auth", ("token", f"scheme={literal(definition.http_scheme)}"), remark)
        case _:
            return LoginExample("Bearer", "auth", ("token",), f"{remark}; a token that you have")


def example_code(login: LoginExample, wording: Wording) -> Code:
    """Return the source of the example, with its remark as a comment behind it or, if that is too long, above it."""
    call = _call(login, wording)
    line = f"{call.flat}  # {login.remark}"
    return Code(line if len(line) <= WIDTH else f"# {login.remark}\n{lay_out(call)}")


def _call(login: LoginExample, wording: Wording, *, before: str = "") -> Bracket:
    return Bracket(f"{before}{wording.alias}.{login.name}(", login.arguments, ")")


def _first_login(api: Api, wording: Wording) -> tuple[Bracket | str, ...]:
    """Return the `auth` argument of examples; () if no login is known."""
    if wording.first_login:
        return (f"auth={wording.alias}.{wording.first_login}",)
    return tuple(_call(login, wording, before="auth=") for login in logins(api, wording)[:1])


def placeholders(api: Api, wording: Wording) -> tuple[Code, ...]:
    """Return `key = "..."` for each variable that `opening_call` uses for the login, so that copied examples run.

    The result is () if the login needs no variables.
    """
    if wording.first_login:
        return ()
    arguments = [argument for login in logins(api, wording)[:1] for argument in login.arguments]
    names = [found[1] for argument in arguments if (found := VARIABLE.fullmatch(argument))]
    return tuple(Code(f'{name} = "..."  # yours') for name in names)


def service_url(api: Api) -> str:
    """Return scheme and host of the document as a URL, without the base path.

    The host is `api.example` if the document declares no valid one.
    """
    scheme = "http" if api.schemes == ("http",) else "https"
    return f"{scheme}://{api.host if HOST.fullmatch(api.host) else 'api.example'}"


def opening_call(api: Api, wording: Wording, *, indent: int = 0, before: int = 0, after: int = 0) -> Code:
    """Return the source of the call that opens a client, as in `api.connect("https://...", auth=...)`.

    Args:
        api: The API.
        wording: The words of its dialect.
        indent: The number of blanks before the first line.
        before, after: The columns that surrounding code uses in front of the call and behind it.
    """
    arguments = (literal(wording.address or service_url(api)), *_first_login(api, wording))
    return lay_out(Bracket(f"{wording.alias}.connect(", arguments, ")"), indent=indent, before=before, after=after)
