"""Build the template data of the client's module: the client class with its groups, and `connect`."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.generator.code import STEP, Bracket, Code, docstring, lay_out, literal, noqa_comment
from ovcgen.generator.view import exports
from ovcgen.generator.view.actors import (
    GroupView,
    LazyClassView,
    lazy_attribute,
    lazy_attribute_named,
    lazy_checker_imports,
    lazy_runtime_imports,
)
from ovcgen.generator.view.connect_address import AddressView, address
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.generator.view.waiters import CLASS
from ovcgen.model.api import Api
from ovcgen.model.runtime_specs import wire_logins
from ovcgen.normalise.dialect import Dialect

CONNECT = """Talk to the {service} at that address; nothing is sent before the first call.

{address}auth: {logins}; a list of several, or a dict by the names of their schemes; None calls as a guest.
timeout: Seconds that one call may take, from sending it to the end of its answer.
verify: False to accept any certificate, or the path of a file with those to trust.
cert: The path of a client certificate with its key, or a pair of paths.
app_id: The name of your application, for the User-Agent header; else that in OVCGEN_APP_ID."""


@dataclass(frozen=True, slots=True)
class ClientModule:
    """The template data of the client's module.

    Attributes:
        title, docstring: The docstrings of the module and of the client's class.
        base: The runtime's module of the base class, which has the same name.
        class_name: The name of the client's class.
        connect: The docstring of the function `connect`.
        address: How `connect` finds the address of the service.
        base_path, schemes, security: The constants with which the class calls the service, as literals.
        parts: The attributes that load their class, of a group or of the waiters, when they are first used.
        imports, checking: The import lines for `parts`, at run time and for type checkers.
        remark: The comment for style checkers; "" for none.
    """

    title: Code
    base: Code
    remark: Code
    class_name: Code
    docstring: Code
    connect: Code
    address: AddressView
    base_path: Code
    schemes: Code
    security: Code
    parts: tuple[LazyClassView, ...]
    imports: tuple[Code, ...]
    checking: tuple[Code, ...]


def client_module(api: Api, dialect: Dialect, groups: tuple[GroupView, ...], name: str) -> ClientModule:
    """Return the template data of the module with the client class.

    Args:
        api: The API of the release.
        dialect: The family of the document; it gives the names of the client and of its class.
        groups: The groups of operations, which become attributes of the client.
        name: The release's name in prose, as in `Petstore 1.0`.
    """
    scope = ScopedNames(frozenset(group.name for group in groups))
    schemes, security = wire_logins(api)
    waits = [waiter.name for waiter, _ in api.waits()]
    text = f"Waits until objects are as wanted: {', '.join(waits)}."
    parts = (
        *(lazy_attribute(group, scope) for group in groups),
        *([lazy_attribute_named("wait", "._waiters", CLASS, text, scope)] if waits else []),
    )
    return ClientModule(
        title=docstring(f"The {dialect.wording.client} of {name}.", 0),
        base=Code(dialect.wording.client),
        remark=noqa_comment(functions=[part.name for part in parts]),
        class_name=Code(dialect.wording.class_name),
        docstring=docstring(f"A {dialect.wording.client} of {name}.", STEP),
        connect=docstring(_connect(api, dialect), STEP),
        address=address(api),
        base_path=Code(literal("" if api.servers else api.base_path)),
        schemes=_schemes(schemes),
        security=_security(security),
        parts=parts,
        imports=lazy_runtime_imports(parts, scope),
        checking=lazy_checker_imports(parts),
    )


def _schemes(schemes: dict[str, tuple[str, ...]]) -> Code:
    """Return the declared security schemes, laid out as an argument."""
    items = tuple(f"{literal(name)}: {literal(declared)}" for name, declared in sorted(schemes.items()))
    return lay_out(Bracket("{", items, "}"), indent=2 * STEP, before=len("schemes="), after=1)


def _security(security: tuple[tuple[str, ...], ...] | None) -> Code:
    """Return the alternatives of operations without their own `security`, laid out as an argument."""
    if security is None:
        return Code("None")
    items = tuple(literal(alternative) for alternative in security)
    return lay_out(Bracket("(", items, ")", lone_comma=True), indent=2 * STEP, before=len("security="), after=1)


def _connect(api: Api, dialect: Dialect) -> str:
    *others, last = exports.logins(api, dialect)
    names = f"{', '.join(others)} or {last}"
    return CONNECT.format(service=dialect.wording.service, address=address(api).docs, logins=names)
