"""Build the signatures and docstrings of the runtime client's methods."""

from __future__ import annotations

import inspect

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.media import content_types
from ovcgen.model.scalars import DATE_NAMES, INT_OR_STRING, PYTHON_NAMES
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema, Union
from ovcgen.model.styled_runtime_specs import streams
from ovcgen.runtime.operation import CONTENT_TYPE, STREAM


def signature_of(operation: Operation) -> inspect.Signature:
    """Return the signature of an operation's method.

    All parameters but `self` are keyword-only: the required ones first, each half in document order, then `_async`,
    `_content_type`, `_stream` and `_to` if the operation has them. Annotations are texts, such as `list[str] | None`.
    The return annotation is the type of the result.
    """
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ordered = sorted(operation.parameters, key=lambda parameter: not parameter.needed)
    keywords = [_keyword(parameter) for parameter in ordered]
    if operation.tasks:
        keywords.append(inspect.Parameter("_async", inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool"))
    if content_types(operation):
        keywords.append(
            inspect.Parameter(CONTENT_TYPE, inspect.Parameter.KEYWORD_ONLY, default=None, annotation="str | None")
        )
    if streams(operation):
        keywords.append(inspect.Parameter(STREAM, inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool"))
    shapes = [operation.result, *(schema for _, schema in operation.other_results)]
    found = dict.fromkeys(annotation(shape) for shape in shapes)
    result = "Any" if "Any" in found else " | ".join(sorted(found, key=lambda annotation: annotation == "None"))
    answer = f"{result} | Task[{result}]" if operation.tasks else result
    answer = f"{answer} | Stream[Any]" if streams(operation) else answer
    if isinstance(operation.result, File):
        path = "str | PathLike[str] | None"
        keywords.append(inspect.Parameter("_to", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=path))
        answer = "bytes | Path"
    return inspect.Signature([own, *keywords], return_annotation=answer)


def _keyword(parameter: Parameter) -> inspect.Parameter:
    kind = annotation(parameter.schema, sent=True) + (" | Task[Any]" if parameter.task else "")
    if parameter.needed and parameter.default is None:
        return inspect.Parameter(parameter.key, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
    default = parameter.default.value if parameter.needed and parameter.default else None
    annotated = kind if parameter.needed else f"{kind} | None"
    return inspect.Parameter(parameter.key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotated)


def annotation(schema: Schema, *, sent: bool = False) -> str:
    """Return the Python type of a schema as text, such as `list[str] | None`.

    A reference is the name of its schema, an object with properties is `dict[str, Any]`. `sent` says that it is the
    type of an argument, which may accept more than a result has: dates beside strings, and texts beside dicts.
    """
    plain = _plain(schema, sent=sent)
    return f"{plain} | None" if schema.traits.nullable and plain != "Any" else plain


def _plain(schema: Schema, *, sent: bool) -> str:
    match schema:
        case Scalar("string", traits) if sent and traits.format in DATE_NAMES:
            return f"str | {DATE_NAMES[traits.format]}"
        case Scalar(kind):
            return PYTHON_NAMES[kind]
        case Array(items):
            return f"list[{annotation(items, sent=sent)}]"
        case Map(values):
            return "dict[str, Any] | str" if sent else f"dict[str, {annotation(values)}]"
        case Reference(name):
            return name
        case File():
            return "bytes | str | PathLike[str] | BinaryIO" if sent else "bytes"
        case Nothing():
            return "None"
        case Record() | Composed():
            return "dict[str, Any]"
        case Union(members):
            kinds = dict.fromkeys(annotation(member, sent=sent) for member in members)
            return "Any" if "Any" in kinds else " | ".join(kinds)
        case Anything(traits):
            return "int | str" if traits.format == INT_OR_STRING else "Any"


def doc_of(operation: Operation) -> str:
    """Return the docstring of an operation's method: its description, and a line for each argument.

    An operation without a description has its method and path instead. If it is deprecated, a notice follows.
    """
    lines = [" ".join(filter(None, [operation.doc or operation.place, operation.deprecation]))]
    for parameter in operation.parameters:
        default = f" (default {parameter.default.text})" if parameter.default else ""
        lines.append(f"    {parameter.key}: {parameter.doc or 'not described'}{default}")
    if operation.tasks:
        lines.append("    _async: run as a task, and return a Task at once")
    if kinds := content_types(operation):
        lines.append(f"    {CONTENT_TYPE}: {' or '.join(kinds)}; without it the value decides")
    if kinds := streams(operation):
        lines.append(f"    {STREAM}: read the answer item by item, as {' or '.join(kinds)}")
    if isinstance(operation.result, File):
        lines.append("    _to: path of a file to write the answer to, piece by piece")
    return "\n".join([lines[0], "", "Arguments:", *lines[1:]]) if len(lines) > 1 else lines[0]
