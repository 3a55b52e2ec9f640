"""How examples log in: the ways that a document declares, or those of its dialect."""

from __future__ import annotations

import re

from ovcgen.generator.code import WIDTH, Bracket, Code, laid_out, literal
from ovcgen.model.api import Api, SecurityDefinition
from ovcgen.normalise.dialect import LoginExample, Wording

VARIABLE = re.compile(r"(?:\w+=)?([a-z_]+)")  # `username`, and `username=username`
HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?", re.IGNORECASE)


def logins(api: Api, wording: Wording) -> tuple[LoginExample, ...]:
    """One for each way to log in; none where nothing is known of any."""
    return wording.logins or tuple(declared(definition) for definition in api.security_definitions)


def declared(definition: SecurityDefinition) -> LoginExample:
    """What a document declares, with all that it says of names, places and addresses."""
    remark = f"declared as {literal(definition.name)}"
    match definition.kind, definition.setting("flow"):
        case "basic", _:
            return LoginExample("Basic", "auth_schemes", ("username", "password"), remark)
        case "apiKey", _:
            name, place = (literal(str(definition.setting(key))) for key in ("name", "in"))
            return LoginExample("ApiKey", "auth_schemes", ("key", f"name={name}", f"place={place}"), remark)
        case "oauth2", "application" | "password" as flow:
            user = ("username=username", "password=password") if flow == "password" else ()
            address = literal(str(definition.setting("tokenUrl")))
            return LoginExample("OAuth2", "oauth", (address, "client_id", "client_secret", *user), remark, renews=True)
        case _:
            return LoginExample("Bearer", "auth", ("token",), f"{remark}; a token that you have")


def shown(login: LoginExample, wording: Wording) -> Code:
    """The call of it, as a user of the package writes it, and what to know of it: behind it, or above."""
    call = _call(login, wording)
    line = f"{call.flat}  # {login.remark}"
    return Code(line if len(line) <= WIDTH else f"# {login.remark}\n{laid_out(call)}")


def _call(login: LoginExample, wording: Wording, *, before: str = "") -> Bracket:
    return Bracket(f"{before}{wording.alias}.{login.name}(", login.arguments, ")")


def _first_login(api: Api, wording: Wording) -> tuple[Bracket | str, ...]:
    """The argument that examples log in with; none where there is no way to."""
    if wording.first_login:
        return (f"auth={wording.alias}.{wording.first_login}",)
    return tuple(_call(login, wording, before="auth=") for login in logins(api, wording)[:1])


def placeholders(api: Api, wording: Wording) -> tuple[Code, ...]:
    """Return `key = "..."` for each name that the login of `opening` uses, so that the example runs when copied."""
    if wording.first_login:
        return ()
    arguments = [argument for login in logins(api, wording)[:1] for argument in login.arguments]
    names = [found[1] for argument in arguments if (found := VARIABLE.fullmatch(argument))]
    return tuple(Code(f'{name} = "..."  # yours') for name in names)


def address(api: Api) -> str:
    """Where the document says that its API is, or an invented place."""
    scheme = "http" if api.schemes == ("http",) else "https"
    return f"{scheme}://{api.host if HOST.fullmatch(api.host) else 'api.example'}"


def opening(api: Api, wording: Wording, *, indent: int = 0, before: int = 0, after: int = 0) -> Code:
    """`api.connect("https://...", auth=...)`: the call that gives a client, where that much stands around it."""
    arguments = (literal(wording.address or address(api)), *_first_login(api, wording))
    return laid_out(Bracket(f"{wording.alias}.connect(", arguments, ")"), indent=indent, before=before, after=after)
