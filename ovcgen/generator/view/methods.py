"""Build the template data of an operation: a constant that describes the request, and a typed method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ovcgen.generator.code import STEP, Bracket, Code, docstring, lay_out, literal, packed, signature
from ovcgen.generator.view.asynchronous import ASYNCHRONOUS, BLOCKING, MethodKeywords, MethodSource, summary_of
from ovcgen.generator.view.body_annotations import body_annotation, choice_annotation
from ovcgen.generator.view.error_docs import errors_text
from ovcgen.generator.view.operation_schemas import RESULT, argument_key, call_key
from ovcgen.generator.view.schema_annotations import NamedTypes
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.model import media, styled_runtime_specs
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.schema import Anything, Array, File, Json, Map, Record, Scalar
from ovcgen.runtime import operation as wire
from ovcgen.runtime.media_types import plain_type
from ovcgen.runtime.operation import CONTENT_TYPE, STREAM
from ovcgen.runtime.record_parsers import EVENT_STREAM
from ovcgen.runtime.servers import ServerSpec
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import BodySpec, FieldSpec

MARK = "deprecated"
Returns = tuple[str, ...]
PYTHON = {"boolean": bool, "integer": int, "number": float, "string": str}


@dataclass(frozen=True, slots=True)
class Method:
    """The template data of one method, as code.

    Attributes:
        name: The Python name.
        constant: The assignment of the constant that describes the request (an OperationSpec).
        decorator: `overload` if the return type depends on `_async`, `_stream` or `_to`, else "".
        mark: The decorator of deprecated methods, else "".
        overloads, signature, docstring, body: The source of the method; see MethodSource.
        annotations: All annotations, from which the module's imports are found.
        aio: The method in the asynchronous module; the other attributes describe the blocking one.
    """

    name: Code
    constant: Code
    decorator: Code
    mark: Code
    overloads: tuple[Code, ...]
    signature: Code
    docstring: Code
    body: Code
    annotations: tuple[str, ...]
    aio: MethodSource


def method(operation: Operation, constant: str, shapes: NamedTypes, scope: ScopedNames) -> Method:
    """Return the template data of an operation's method.

    `constant` is the constant that holds its OperationSpec, with the module of the constant: `_operations.ADD_DISK`.
    `scope` spells builtin and imported names in the method's class.
    """
    results = shapes.results(operation, scope)
    declared = [declaration(parameter, operation, shapes, scope) for parameter in required_first(operation)]
    declared += (
        [f"{CONTENT_TYPE}: {choice_annotation(operation, scope)} = None"] if media.content_types(operation) else []
    )
    overloads = _overloads(operation, results, shapes, scope)
    anything, unknown = scope("object"), f"**unknown: {scope('Never')}"

    taken, returned = ([f"**arguments: {anything}"], (anything,)) if overloads else ([*declared, unknown], results)

    def defined(style: MethodKeywords, text: str) -> MethodSource:
        """Return the method's source in one style."""
        call = Code(f"return {style.wait}self._client.call({constant}, arguments)")
        body = call if overloads else _body(operation, constant, results, scope, style)
        return MethodSource(
            overloads=tuple(
                _signature(operation, [*declared, mode], types, style, after=len(": ..."), is_packed=True)
                for mode, types in overloads
            ),
            signature=_signature(operation, taken, returned, style),
            docstring=docstring(text, 2 * STEP),
            body=body,
            annotations=(
                *(argument.partition(":")[2] for argument in declared),
                *(code for mode, types in overloads for code in (mode, *types)),
                *([anything, scope("overload")] if overloads else [unknown, *results]),
                body.partition(" = ")[0] if body.startswith("answer: ") else "",
            ),
        )

    text = "\n\n".join(filter(None, [docstring_text(operation), errors_text(operation, shapes)]))
    blocking = defined(BLOCKING, text)
    return Method(
        name=Code(operation.name),
        constant=operation_constant(constant.rpartition(".")[2], operation, shapes.places.resolver),
        decorator=Code(scope("overload") if overloads else ""),
        mark=_mark(operation, scope),
        overloads=blocking.overloads,
        signature=blocking.signature,
        docstring=blocking.docstring,
        body=blocking.body,
        annotations=blocking.annotations,
        aio=defined(ASYNCHRONOUS, summary_of(operation)),
    )


def _mark(operation: Operation, scope: ScopedNames) -> Code:
    """Return the decorator of a deprecated operation; "" if it is not deprecated."""
    if not operation.deprecation:
        return Code("")
    return lay_out(Bracket(f"@{scope(MARK)}(", (literal(operation.deprecation),), ")"), indent=STEP)


def _overloads(
    operation: Operation, results: Returns, shapes: NamedTypes, scope: ScopedNames
) -> list[tuple[str, Returns]]:
    """Return (parameter, return types) of each overload on `_async`, `_stream` or `_to`; [] if there is one type only.

    The last overload of a switch takes any `bool`: mypy does not match `bool` with Literal[False] or Literal[True].
    """
    if isinstance(operation.result, File):
        path = f"{scope('str')} | {scope('PathLike')}[{scope('str')}]"
        return [("_to: None = None", results), (f"_to: {path}", (scope("Path"),))]
    streamed = _streamed(operation, shapes, scope)
    if not operation.tasks and not streamed:
        return []
    result = " | ".join(results)
    switch, other = (STREAM, streamed) if streamed else ("_async", f"{scope('Task')}[{result}]")
    return [
        (f"{switch}: {scope('Literal')}[False] = False", (result,)),
        (f"{switch}: {scope('Literal')}[True]", (other,)),
        (f"{switch}: {scope('bool')}", _either(result, other)),
    ]


def _streamed(operation: Operation, shapes: NamedTypes, scope: ScopedNames) -> str:
    """Return the type of a response that is read item by item; "" if it can't be."""
    kinds = styled_runtime_specs.streams(operation) if operation.openapi else ()
    if not kinds:
        return ""
    is_events = all(plain_type(kind) == EVENT_STREAM for kind in kinds)
    item = scope("ServerSentEvent") if is_events else _item(operation, kinds, shapes, scope)
    return f"{scope('Stream')}[{item}]"


def _item(operation: Operation, kinds: tuple[str, ...], shapes: NamedTypes, scope: ScopedNames) -> str:
    """Return the type of an item of a JSON sequence; `Any` unless that sequence is all that the operation returns."""
    result = operation.result
    is_alone = styled_runtime_specs.openapi3_accept(operation) == ", ".join(kinds[:1]) and len(kinds) == 1
    if not is_alone or not isinstance(result, Array) or operation.other_results:
        return scope("Any")
    return shapes.annotation(result.items, (*call_key(operation, RESULT), "item"), scope)


def required_first(operation: Operation) -> list[Parameter]:
    """Return the parameters, required ones first, otherwise in the document's order."""
    return sorted(operation.parameters, key=lambda parameter: not parameter.needed)


def _signature(
    operation: Operation,
    arguments: list[str],
    returns: Returns,
    style: MethodKeywords,
    *,
    after: int = len(":"),
    is_packed: bool = False,
) -> Code:
    is_bare = len(arguments) == 1 and arguments[0].startswith("**")  # a `*` needs a name after it
    listed = ["self", *([] if is_bare else ["*"]), *arguments]
    opening = f"{style.define} {operation.name}("
    return signature(opening, listed, returns, indent=STEP, after=after, is_packed=is_packed)


def _either(result: str, task: str) -> Returns:
    """Return the types of the union of the value and the task, with `None` last."""
    value = result.removesuffix("None").removesuffix(" | ")
    return tuple(filter(None, [value, task, "None" if value != result else ""]))


def declaration(parameter: Parameter, operation: Operation, shapes: NamedTypes, scope: ScopedNames) -> str:
    """Return the source of a parameter in the method's signature: `size: int = 10`.

    `scope` spells builtin and imported names in the method's class.
    """
    annotation = shapes.annotation(parameter.schema, argument_key(operation, parameter), scope)
    if operation.openapi:
        annotation = body_annotation(operation, parameter, shapes, scope) if parameter.contents else annotation
    elif media.is_content(parameter, operation):
        annotation = f"{scope('bytes')} | {scope('str')} | {scope('PathLike')}[{scope('str')}] | {scope('BinaryIO')}"
    else:
        annotation = _also(parameter, operation, annotation, scope)
    if not operation.openapi and parameter.location in media.FIELDS and isinstance(parameter.schema, Map | Record):
        annotation = f"{annotation} | {scope('str')}"  # ready-made JSON or YAML
    if media.takes_empty(parameter, operation):
        annotation = f'{annotation} | {scope("Literal")}[""]'
    if parameter.task:
        annotation = f"{annotation} | {scope('Task')}[{scope('Any')}]"
    default = _default(parameter)
    if parameter.needed and default is not None:
        return f"{parameter.key}: {annotation} = {default}"
    if parameter.needed and parameter.default is None:
        return f"{parameter.key}: {annotation}"
    return f"{parameter.key}: {annotation.removesuffix(' | None')} | None = None"


def _also(parameter: Parameter, operation: Operation, annotation: str, scope: ScopedNames) -> str:
    """Return the annotation of a body, extended by the types of its other content types."""
    is_open = isinstance(parameter.schema, Anything | Array)
    if annotation == scope("Any"):
        return annotation
    if media.takes_patches(parameter, operation) and not is_open:
        annotation = f"{annotation} | {scope('list')}[{scope('dict')}[{scope('str')}, {scope('Any')}]]"
    return f"{annotation} | {scope('bytes')}" if media.takes_bytes(parameter, operation) else annotation


def _default(parameter: Parameter) -> str | None:
    """Return the declared default as code; None unless it is a scalar of the declared type."""
    if parameter.default is None or not isinstance(parameter.schema, Scalar):
        return None
    value = parameter.default.value
    kind = PYTHON[parameter.schema.kind]
    fits = type(value) is kind or (kind is float and type(value) is int)
    return literal(value) if fits else None


def docstring_text(operation: Operation) -> str:
    """Return the text of a method's docstring: description, deprecation, and a line for each documented argument."""
    lines = [line for parameter in required_first(operation) if (line := _line(parameter))]
    if isinstance(operation.result, File):
        lines.append("_to: Path of a file to write the answer to, piece by piece; without it the call returns bytes.")
    if kinds := media.content_types(operation):
        lines.append(f"{CONTENT_TYPE}: {' or '.join(kinds)}; without it the value decides.")
    if streams := styled_runtime_specs.streams(operation):
        lines.append(f"{STREAM}: True to read the answer item by item, as {' or '.join(streams)}.")
    leaving = ["", operation.deprecation] if operation.deprecation else []
    return "\n".join([_heading(operation), *leaving, *([""] if lines else []), *lines])


def _heading(operation: Operation) -> str:
    """Return the description, else method and path. In OpenAPI 3 a summary that says something else comes before it."""
    doc = operation.doc.strip()
    if not operation.openapi or operation.summary.rstrip(".").lower() in doc.lower():
        return doc or f"{operation.place}."
    return f"{operation.summary}\n\n{doc}"


def _line(parameter: Parameter) -> str:
    """Return the docstring line of an argument, `size: Size in GB. Default: 10.`, or "" if there is nothing to say.

    Line breaks are removed.
    """
    doc = " ".join(parameter.doc.split(" "))
    joined = " ".join(line.strip(" ") for line in doc.splitlines()) if doc.isascii() else doc
    default = "" if parameter.default is None else f"Default: {literal(parameter.default.value)}."
    leaving = f"Release {parameter.removed_in} does not take it." if parameter.removed_in else ""
    leaving = leaving or ("Deprecated." if parameter.deprecated else "")
    end = "" if not joined or joined[-1] in ".!?;:" else "."
    notes = [f"{joined}{end}" if default or leaving else joined, default, leaving]
    text = " ".join(filter(None, notes)).rstrip()
    return f"{parameter.key}: {text}" if text else ""


def _body(operation: Operation, constant: str, results: Returns, scope: ScopedNames, style: MethodKeywords) -> Code:
    """Return the statements of a method whose signature names the arguments."""
    own = [CONTENT_TYPE] if media.content_types(operation) else []
    arguments = arguments_dict([*(parameter.key for parameter in operation.parameters), *own])
    call = Bracket("self._client.call(", (constant, arguments), ")")
    return return_statement(call, results, [parameter.key for parameter in operation.parameters], scope, style)


def return_statement(
    call: Bracket, results: Returns, keys: Iterable[str], scope: ScopedNames, style: MethodKeywords
) -> Code:
    """Return the source that ends a method: it returns the result of `call`.

    If the method returns None or Any, the result is first assigned to a variable with a type. In a plain `return`, mypy
    (for None) and pyright (for Any) can't infer the type of the call; that of an awaited None they can.

    Args:
        call: The call.
        results: The parts of the union that the method returns, as source.
        keys: The names of the method's arguments.
        scope: The spelling of builtin and imported names in the class of the method.
        style: The keywords of a blocking or an asynchronous method.
    """
    types = {(scope("Any"),): _inside(keys, scope)("object"), **({("None",): "None"} if style is BLOCKING else {})}
    before = f"answer: {types[results]} = {style.wait}" if results in types else f"return {style.wait}"
    after = f"\n{' ' * 2 * STEP}return answer" if results in types else ""
    return Code(f"{before}{lay_out(call, indent=2 * STEP, before=len(before))}{after}")


def _inside(keys: Iterable[str], scope: ScopedNames) -> ScopedNames:
    """Return the scope inside a method, whose arguments `keys` hide imported and builtin names."""
    return replace(scope, taken=scope.taken.union(keys))


def arguments_dict(keys: Iterable[str]) -> Bracket:
    """Return the source of the dict with a method's arguments, `{"size": size, **unknown}`; `keys` are their names."""
    return Bracket("{", (*(f"{literal(key)}: {key}" for key in keys), "**unknown"), "}")


def operation_constant(name: str, operation: Operation, resolver: Resolver | None = None) -> Code:
    """Return the source of the assignment of an operation's OperationSpec to the constant `name`.

    Options with their default value are left out. `resolver` follows references in the operation's schemas.
    """
    sent = wire_operation(operation, resolver)
    parameters = Bracket(
        "(", tuple(parameter_literal(parameter) for parameter in sent.parameters), ")", lone_comma=True
    )
    items: list[Bracket | str] = [literal(sent.name), literal(sent.method), literal(sent.path)]
    known = {"content_types": sent.content_types} if isinstance(sent, StyledOperation) else {}  # from its bodies
    items += [*([parameters] if sent.parameters else []), *_unusual(sent, known)]
    return packed(Bracket(f"{name} = {type(sent).__name__}(", tuple(items), ")"))


def parameter_literal(sent: wire.ParameterSpec) -> Bracket:
    """Return the source of a ParameterSpec, the runtime's description of a parameter, without default values."""
    options = _unusual(sent, {"key": sent.name})
    return Bracket(f"{type(sent).__name__}(", (literal(sent.name), literal(sent.kind), *options), ")")


def _unusual(sent: wire.OperationSpec | wire.ParameterSpec, own: Mapping[str, Json]) -> Iterator[Bracket | str]:
    """Yield the options that differ from the runtime's defaults."""
    usual = {**_options(type(sent)), **own}
    for option, default in usual.items():
        value = getattr(sent, option)
        if type(value) is not type(default) or value != default:
            yield _listed(f"{option}=", value)


def _options(kind: type[object]) -> dict[str, Json]:
    """Return the options of a class and of its base classes with their defaults, those of the base classes first."""
    found: dict[str, Json] = {}
    for base in reversed(kind.__mro__):
        found.update(getattr(vars(base).get("__init__"), "__kwdefaults__", None) or {})
    return found


def _listed(before: str, value: Json) -> Bracket | str:
    """Return a value as code that can be broken into lines if it is a tuple."""
    if isinstance(value, BodySpec | FieldSpec | ServerSpec | wire.PageScheme):
        return record_literal(value, before)
    if not isinstance(value, tuple):
        return f"{before}{literal(value)}"
    return Bracket(f"{before}(", tuple(_listed("", item) for item in value), ")", lone_comma=True)


def record_literal(value: BodySpec | FieldSpec | ServerSpec | wire.PageScheme, before: str = "") -> Bracket:
    """Return the source of a named tuple of the runtime, without the fields that have their default values.

    `before` is code to put in front of it, such as `name=`.
    """
    usual = value._field_defaults
    given = ((name, getattr(value, name)) for name in value._fields)
    items = [
        _listed(f"{name}=" if name in usual else "", inner)
        for name, inner in given
        if name not in usual or inner != usual[name]
    ]
    return Bracket(f"{before}{type(value).__name__}(", tuple(items), ")")
