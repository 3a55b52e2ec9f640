"""Build the template data of how `connect` finds the address of the service."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.generator.code import Bracket, Code, lay_out
from ovcgen.generator.view.methods import record_literal
from ovcgen.model.api import Api
from ovcgen.model.styled_runtime_specs import server_specs

OPTIONAL, REQUIRED = 'url: str = "",', "url: str,"
SERVER, VARIABLES = "server: int | str = 0,", "variables: dict[str, str] | None = None,"
DOCS = {
    OPTIONAL: "url: The address if it is not a declared one. If it has no path, that of the declared one follows.\n",
    REQUIRED: "url: The address. If it has no path, that of the declared one follows.\n",
    SERVER: "server: The declared address, by its position in the document or by its name.\n",
    VARIABLES: "variables: The values of variables in the declared address, by name.\n",
}


@dataclass(frozen=True, slots=True)
class AddressView:
    """The template data of how `connect` finds the address, in pieces of source.

    Attributes:
        url: The first parameter.
        expression: The expression for the address, in the body of `connect`.
        options: Further parameters that choose among the declared servers.
        servers: The assignment to the constant with the declared servers; () if the document declares none.
        arguments: Further arguments of the client's class.
        imports: What the expression and the constant need from the runtime: `_runtime.<module> import <names>`.
        docs: The lines about these parameters in the docstring of `connect`.
    """

    url: Code
    expression: Code
    options: tuple[Code, ...] = ()
    servers: tuple[Code, ...] = ()
    imports: tuple[Code, ...] = ()
    arguments: tuple[Code, ...] = ()
    docs: str = ""


def address(api: Api) -> AddressView:
    """Return the template data of how `connect` finds the address of the service.

    If no declared server has a host, as in Swagger 2.0, where servers are not declared, the first parameter of
    `connect` is required; otherwise it has a default.
    """
    servers = server_specs(api.servers)
    if not servers:
        return AddressView(Code(REQUIRED), Code("url"))
    url = OPTIONAL if any("//" in server.url for server in servers) else REQUIRED
    options = {SERVER: len(servers) > 1, VARIABLES: any(server.variables for server in servers)}
    chosen = [option for option, is_there in options.items() if is_there]
    given = ["_SERVERS", *(f"{name}={name}" for name in (option.partition(":")[0] for option in chosen)), "url=url"]
    items = tuple(record_literal(server) for server in servers)
    has_others = any(operation.servers for operation in api.callable_operations)
    others = f"other_address=other_addresses({'variables' if VARIABLES in chosen else 'None'}, url),"
    names = ["ServerSpec", *(["other_addresses"] if has_others else []), "server_url"]
    return AddressView(
        url=Code(url),
        expression=Code(f"server_url({', '.join(given)})"),
        options=tuple(map(Code, chosen)),
        servers=(lay_out(Bracket("_SERVERS = (", items, ")", lone_comma=True), indent=0),),
        imports=(Code(f"_runtime.servers import {', '.join(names)}"),),
        arguments=(Code(others),) if has_others else (),
        docs="".join(DOCS[option] for option in (url, *chosen)),
    )
