"""List the public names of an SDK and the module of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

from ovcgen.generator.code import Bracket, Code, literal, packed
from ovcgen.generator.view.asynchronous import ASYNC_NAMES
from ovcgen.model.api import Api
from ovcgen.model.media import MULTIPART
from ovcgen.model.pagination import page_scheme
from ovcgen.model.resolve import Resolver
from ovcgen.model.styled_runtime_specs import streams
from ovcgen.normalise.dialect import Dialect
from ovcgen.runtime import errors, portal_errors
from ovcgen.runtime.media_types import plain_type

OTHERS = "basic_and_api_key"
LOGINS = {"Bearer": "auth", "ApiKey": OTHERS, "Basic": OTHERS}  # of every document: module by name
GRANTED = {"OAuth2": "oauth"}  # of documents that declare OAuth 2 or OpenID Connect
DISCOVERED = {"OpenIdConnect": "openid"}  # of documents that say where the metadata of a login server is
RESPONSES = ("FullResponse", "Headers")
TASKS = ("Task", "Waited", "as_completed", "wait")
TYPES = "types"  # the module of the types, itself a public name
CONSTANTS = ("RELEASE", "SPEC_SHA256", "__version__")  # of the package, beside its public names
TASKS_HOME, ASYNC_TASKS_HOME = "_runtime.tasks", "_runtime.aio.tasks"
PAGES = ("RepeatedPage", "paginate")
PAGES_HOME, ASYNC_PAGES_HOME = "_runtime.pagination", "_runtime.aio.pagination"
ASYNC_HOMES = {TASKS_HOME: ASYNC_TASKS_HOME, PAGES_HOME: ASYNC_PAGES_HOME}


@dataclass(frozen=True, slots=True)
class Export:
    """The template data of one public name of a package, as code.

    Attributes:
        name, literal: The name, bare and as a string literal.
        module: The module to import it from in `from <module> import <name>`.
        home: The module to load for it at run time, as a string literal.
    """

    name: Code
    literal: Code
    module: Code
    home: Code


def exports(api: Api, dialect: Dialect) -> tuple[Export, ...]:
    """Return all public names of an SDK package, in the order of its sorted imports."""
    module_of_types = Export(Code(TYPES), Code(literal(TYPES)), Code("."), Code(literal(f".{TYPES}")))
    return (
        module_of_types,
        *(
            Export(Code(name), Code(literal(name)), Code(f".{home}"), Code(literal(f".{home}")))
            for home, names in sorted(_homes(api, dialect).items())
            for name in names
        ),
    )


def async_imports(api: Api, dialect: Dialect) -> tuple[Code, ...]:
    """Return the import line of each public name of the asynchronous package.

    The names are those of the blocking package.
    """
    homes = {ASYNC_HOMES.get(home, home): names for home, names in _homes(api, dialect).items()}
    own = homes.pop("_client")
    shared = [(f"..{home}", name) for home, names in sorted(homes.items()) for name in names]
    return tuple(
        Code(f"from {module} import {name if module == '..' else ASYNC_NAMES.get(name, name)} as {name}")
        for module, name in [
            *(("..", name) for name in (*CONSTANTS, TYPES)),
            *shared,
            *(("._client", name) for name in own),
        ]
    )


def all_assignment(given: Iterable[Export]) -> Code:
    """Return the source of the assignment to `__all__`, with the names sorted."""
    names = Bracket("[", tuple(literal(name) for name in sorted(export.name for export in given)), "]")
    return packed(Bracket("__all__ = ", (names,), ""))


def home_assignment(given: Iterable[Export]) -> Code:
    """Return the source of the assignment to `_HOME`, a dict from each public name to its module."""
    modules = Bracket("{", tuple(f"{export.literal}: {export.home}" for export in given), "}")
    return packed(Bracket("_HOME = ", (modules,), ""))


def logins(api: Api, dialect: Dialect) -> tuple[str, ...]:
    """Return the names of the login classes that an SDK exports, those of the dialect first."""
    own = [login.name for login in dialect.wording.logins]
    return tuple(dict.fromkeys([*own, *sorted(_logins(api, dialect))]))


def _homes(api: Api, dialect: Dialect) -> dict[str, tuple[str, ...]]:
    """Return the public names of an SDK, grouped by the module that defines them."""
    by_home: dict[str, list[str]] = {}
    for name, home in _logins(api, dialect).items():
        by_home.setdefault(f"_runtime.{home}", []).append(name)
    return {
        "_client": (dialect.wording.class_name, "connect"),
        "_runtime.errors": _raised(errors),
        "_runtime.full_response": RESPONSES,
        **{home: tuple(sorted(names)) for home, names in by_home.items()},
        **(_of_tasks() if dialect.tasks else {}),
        **_of_media(api),
        **_of_pages(api),
    }


def _of_tasks() -> dict[str, tuple[str, ...]]:
    """Return the public names that SDKs with tasks have in addition, grouped by the module that defines them."""
    return {
        "_runtime.polling": ("Progress",),
        "_runtime.portal_errors": _raised(portal_errors),
        TASKS_HOME: TASKS,
    }


def _of_media(api: Api) -> dict[str, tuple[str, ...]]:
    """Return the public names of SDKs with parts of forms and streams of records, by the module that defines them."""
    contents = [content for operation in api.operations if (body := operation.body) for content in body.contents]
    has_parts = any(plain_type(content.media_type) == MULTIPART for content in contents)
    has_streams = any(streams(operation) for operation in api.operations if operation.openapi)
    return {
        **({"_runtime.file_and_text_bodies": ("Part",)} if has_parts else {}),
        **({"_runtime.response_streams": ("Stream",)} if has_streams else {}),
        **({"_runtime.record_parsers": ("ServerSentEvent",)} if has_streams else {}),
    }


def _of_pages(api: Api) -> dict[str, tuple[str, ...]]:
    """Return the public names for results in pages, by module; an empty mapping if no result has pages."""
    resolver = Resolver(api.schemas)
    has_pages = any(page_scheme(operation, resolver) for operation in api.callable_operations)
    return {PAGES_HOME: PAGES} if has_pages else {}


def _logins(api: Api, dialect: Dialect) -> dict[str, str]:
    """Return the runtime module of each login class, by class name: for any service, and of the dialect.

    OAuth2 classes are included if the document declares OAuth2 or the dialect has logins of its own.
    """
    kinds = {definition.kind for definition in api.security_definitions}
    has_grants = bool(dialect.wording.logins) or not kinds.isdisjoint(("oauth2", "openIdConnect"))
    is_discovered = any(definition.discovery_url for definition in api.security_definitions)
    own = {login.name: login.home for login in dialect.wording.logins}
    return {**LOGINS, **(GRANTED if has_grants else {}), **(DISCOVERED if is_discovered else {}), **own}


def _raised(module: ModuleType) -> tuple[str, ...]:
    """Return the names of the errors and warnings that a runtime module defines, aliases included."""
    return tuple(
        sorted(
            name
            for name, value in vars(module).items()
            if isinstance(value, type)
            and issubclass(value, (errors.ClientError, Warning))
            and (value.__module__ == module.__name__ or name != value.__name__)
        )
    )
