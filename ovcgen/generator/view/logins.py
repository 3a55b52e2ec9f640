"""How examples log in: the ways that a document declares, or those of its dialect."""

from __future__ import annotations

import re

from ovcgen.generator.code import literal
from ovcgen.model.api import Api, SecurityDefinition
from ovcgen.normalise.dialect import Login, Wording

HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?", re.IGNORECASE)


def logins(api: Api, wording: Wording) -> tuple[Login, ...]:
    """One for each way to log in; none where nothing is known of any."""
    return wording.logins or tuple(declared(each) for each in api.security_definitions)


def declared(definition: SecurityDefinition) -> Login:
    """What a document declares, with all that it says of names, places and addresses."""
    remark = f"declared as {literal(definition.name)}"
    match definition.kind, definition.setting("flow"):
        case "basic", _:
            return Login("Basic", "schemes", "username, password", remark)
        case "apiKey", _:
            name, place = (literal(str(definition.setting(key))) for key in ("name", "in"))
            return Login("ApiKey", "schemes", f"key, name={name}, place={place}", remark)
        case "oauth2", "application" | "password" as flow:
            user = ", username=username, password=password" if flow == "password" else ""
            address = literal(str(definition.setting("tokenUrl")))
            return Login("OAuth2", "oauth", f"{address}, client_id, client_secret{user}", remark, renews=True)
        case _:
            return Login("Bearer", "auth", "token", f"{remark}; a token that you have")


def written(login: Login, wording: Wording) -> str:
    """The call of it, as a user of the package writes it."""
    return f"{wording.alias}.{login.name}({login.arguments})"


def first_login(api: Api, wording: Wording) -> str:
    """The one that examples use; "" for none."""
    if wording.first_login:
        return f"{wording.alias}.{wording.first_login}"
    return next((written(each, wording) for each in logins(api, wording)), "")


def address(api: Api) -> str:
    """Where the document says that its API is, or an invented place."""
    scheme = "http" if api.schemes == ("http",) else "https"
    return f"{scheme}://{api.host if HOST.fullmatch(api.host) else 'api.example'}"


def opening(api: Api, wording: Wording) -> str:
    """`api.connect("https://...", auth=...)`: the call that gives a client."""
    login = first_login(api, wording)
    arguments = [literal(wording.address or address(api)), *([f"auth={login}"] if login else [])]
    return f"{wording.alias}.connect({', '.join(arguments)})"
