"""Read an OpenAPI 3.0, 3.1 or 3.2 document into an `Api`; only this package knows the keys of OpenAPI 3.

The document is read as it is, also with mistakes: what can't be read is left out or read as `Any`, and reported as a
Problem with its place. A mistake costs at most the operation that has it. References stay references.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ovcgen.documents.document import Document, Problem
from ovcgen.documents.repair.context import excerpt
from ovcgen.model.api import Api, Definition, Tag
from ovcgen.model.readers.openapi3.document_state import ANYTHING, LEFT_OUT, SCHEMAS, Body, DocumentPlace, DocumentState
from ovcgen.model.readers.openapi3.operations import Defaults, operations, webhooks
from ovcgen.model.readers.openapi3.parameters import note_nested_members
from ovcgen.model.readers.openapi3.python_names import named
from ovcgen.model.readers.openapi3.schemas import schema
from ovcgen.model.readers.openapi3.security import security, security_definitions
from ovcgen.model.readers.openapi3.servers import USUAL, servers
from ovcgen.model.readers.openapi3.union_cycles import without_union_cycles
from ovcgen.model.readers.publisher import publisher
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, Schema

LATEST = "3.2"
VERSIONS = ("3.0", "3.1", LATEST)


def read(
    document: Document, release: str, texts: Mapping[tuple[str, ...], str] | None = None
) -> tuple[Api, tuple[Problem, ...]]:
    """Return (API, problems) of an OpenAPI 3 document; the problems are sorted by place.

    A document of a later minor version is read as the latest known one. The order of the document's keys has no effect.

    Args:
        document: The document as it is; it is not changed.
        release: The name of the release that the API gets.
        texts: How numbers are written in the document's text, by path (`Loaded.texts`); None if that is not known.
    """
    state = DocumentState(document, _version(document), texts or {})
    place = DocumentPlace(state)
    components = place.objects(document, "components") if "components" in document else {}
    for name in sorted((place / "components").objects(components, "schemas")) if "schemas" in components else ():
        state.definition((*SCHEMAS, name))
    definitions = security_definitions(place / "components", components)
    common = security(place, document, {definition.name for definition in definitions})
    defaults = Defaults(definitions, common or ())
    every = named(
        sorted(operations(place, document, defaults), key=lambda operation: (operation.path, operation.method))
    )
    received = webhooks(place, document, defaults) if "webhooks" in document else ()
    info = place.objects(document, "info")
    listed = servers(place, document) or (USUAL,)
    base_path, host, schemes = listed[0].address
    described = _definitions(place)
    note_nested_members(place, Resolver({definition.name: definition.schema for definition in described}))
    needs_login = common is not None or any(operation.security for operation in every)
    api = Api(
        release=release,
        title=(place / "info").member(info, "title"),
        version=(place / "info").member(info, "version"),
        base_path=base_path,
        operations=tuple(every),
        definitions=described,
        tags=_tags(place, document),
        security_definitions=definitions,
        host=host,
        schemes=schemes,
        doc=(place / "info").member(info, "description").strip(),
        security=defaults.security if needs_login else None,
        publisher=publisher(document),
        openapi=state.version,
        servers=listed,
        webhooks=received,
    )
    return api, state.all_problems()


def _version(document: Body) -> str:
    """Return the minor version whose rules apply; the latest one for a later version of OpenAPI 3."""
    version = ".".join(str(document.get("openapi")).split(".")[:2])
    return version if version in VERSIONS else LATEST


def _definitions(place: DocumentPlace) -> tuple[Definition, ...]:
    """Return all named schemas: those of `components`, and the targets of references to other places."""
    state = place.state
    found: dict[str, Schema] = {}
    while len(found) < len(state.definitions):
        for name, path in [*state.definitions.items()][len(found) :]:
            found[name] = schema(place.at(path), state.references.value(path))
    found, circular = without_union_cycles(found)
    for name in circular:
        remedy = ANYTHING if isinstance(found[name], Anything) else "it is read without that member"
        place.at(state.definitions[name]).note("it leads back to itself", remedy)
    return tuple(Definition(name, found[name]) for name in sorted(found))


def _tags(place: DocumentPlace, document: Body) -> tuple[Tag, ...]:
    found: dict[str, Tag] = {}
    for number, value in enumerate(place.array(document, "tags") if "tags" in document else []):
        at = place / "tags" / number
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            at.note(f"{excerpt(value)} is no tag", LEFT_OUT)
        else:
            found.setdefault(value["name"], Tag(value["name"], at.member(value, "description").strip()))
    return _sorted(found.values())


def _sorted(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    return tuple(sorted(tags, key=lambda tag: tag.name))
