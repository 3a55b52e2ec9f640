"""Write the annotations of request bodies in OpenAPI 3: what a caller can pass for each media type."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.generator.code import literal
from ovcgen.generator.view.operation_schemas import argument_key, keyed_contents
from ovcgen.generator.view.schema_annotations import FILE, NamedTypes, union_parts
from ovcgen.generator.view.schema_places import Key
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.model import media
from ovcgen.model.api import Content, Operation, Parameter
from ovcgen.model.schema import Anything, File
from ovcgen.runtime.media_types import is_text, plain_type
from ovcgen.runtime.record_parsers import EVENT_STREAM, is_sequential


def body_annotation(operation: Operation, body: Parameter, shapes: NamedTypes, scope: ScopedNames) -> str:
    """Return the annotation of an OpenAPI 3 request body, as source: the union of what a caller can pass.

    It has the parts of each media type, each once: text and files for types that are neither JSON nor forms, and only
    `Any` if one of them is `Any`. `scope` spells builtin and imported names in the class of the method.
    """
    found = [
        annotation
        for key, content in keyed_contents(argument_key(operation, body), body.contents)
        for annotation in _annotations(content, key, shapes, scope)
    ]
    return " | ".join(union_parts(found, scope("Any")))


def _annotations(content: Content, key: Key, shapes: NamedTypes, scope: ScopedNames) -> Iterator[str]:
    """Yield the types of which a body of one media type can be."""
    kind = plain_type(content.media_type)
    annotation = shapes.annotation(media.value_schema(content), key, scope)
    if kind in media.FORMS and isinstance(content.schema, Anything | File):
        yield f"{scope('Mapping')}[{scope('str')}, {scope('Any')}]"
    elif media.preference(kind) == media.OTHER and (kind == EVENT_STREAM or not is_sequential(kind)):
        yield from [scope("str"), scope(FILE)] if is_text(kind) else [scope(FILE)]
    else:
        yield annotation


def choice_annotation(operation: Operation, scope: ScopedNames) -> str:
    """Return the annotation of `_content_type`, the keyword that chooses among the media types of a body.

    In OpenAPI 3 it is a Literal of these types; in Swagger 2.0, or if one of them is a range, it is `str`. `| None` is
    always added.
    """
    kinds = media.content_types(operation)
    if not operation.openapi or any("*" in kind for kind in kinds):
        return f"{scope('str')} | None"
    return f"{scope('Literal')}[{', '.join(map(literal, kinds))}] | None"
