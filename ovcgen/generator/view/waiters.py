"""Build the template data of the waiters' module, with one method `client.wait.<name>(...)` for each waiter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ovcgen.generator.code import STEP, Bracket, Code, docstring, literal, packed, signature
from ovcgen.generator.python_names import constant_name, distinct
from ovcgen.generator.view.asynchronous import (
    ASYNCHRONOUS,
    BLOCKING,
    AsyncModule,
    MethodKeywords,
    MethodSource,
    constants_import,
    summary_of,
)
from ovcgen.generator.view.methods import (
    arguments_dict,
    declaration,
    docstring_text,
    operation_constant,
    parameter_literal,
    required_first,
    return_statement,
)
from ovcgen.generator.view.operation_schemas import RESULT, call_key
from ovcgen.generator.view.schema_annotations import NamedTypes
from ovcgen.generator.view.shadowed_names import CHECKING, TYPING, ScopedNames, imported, words_in
from ovcgen.model.api import Api, Operation, wait_method
from ovcgen.model.runtime_specs import wire_operation, wire_waiter
from ovcgen.model.schema import Array
from ovcgen.model.waiter import WaiterSpec
from ovcgen.runtime import waiters as wire

CLASS = "Waiters"
TEXT = (
    "Waits until objects are as wanted.\n\n"
    "All calls take `timeout`, in seconds, and `on_progress`, which is called after every question. "
    "They raise WaitFailed where the object can't come to that any more, and WaitTimeout."
)
OPTIONS = ("timeout: float = 600.0", "on_progress: Callable[[Progress], object] | None = None")
GIVEN = ("timeout=timeout", "on_progress=on_progress")


@dataclass(frozen=True, slots=True)
class Wait:
    """The template data of one waiter: its constant and its method `client.wait.<name>`.

    Attributes:
        constant: The assignment of its constant, which holds the conditions.
        signature, docstring, body: The parts of its method.
        annotations: All annotations, from which the module's imports are found.
        aio: The method of the asynchronous module.
    """

    constant: Code
    signature: Code
    docstring: Code
    body: Code
    annotations: tuple[str, ...]
    aio: MethodSource


@dataclass(frozen=True, slots=True)
class WaitersModule:
    """The template data of the waiters' module.

    Attributes:
        docstring: The docstring of the class with the waiters.
        operations: The constants of the operations that are polled, as code.
        waits: The waiters, sorted by name.
        known: The assignment to `_KNOWN`, a tuple with the constants of all waiters.
        imports, runtime, checking: The import lines: of Python's modules, of the runtime, and for type checkers only.
        aio: What the asynchronous module has instead of `imports`, `runtime`, `checking` and the constants.
    """

    docstring: Code
    operations: tuple[Code, ...]
    waits: tuple[Wait, ...]
    known: Code
    imports: tuple[Code, ...]
    runtime: tuple[Code, ...]
    checking: tuple[Code, ...]
    aio: AsyncModule


def waiters_module(api: Api, shapes: NamedTypes) -> WaitersModule:
    """Return the template data of the waiters' module, with the waiters sorted by name; `waits` is () for none."""
    asked = {operation.dotted: operation for _, operation in api.waits()}
    constants = distinct([*asked, *(waiter.name for waiter, _ in api.waits())], constant_name)
    scope = ScopedNames(frozenset([CLASS, *(waiter.name for waiter, _ in api.waits())]), types="types")
    waits = tuple(
        _wait(waiter, operation, (constants[waiter.name], constants[operation.dotted]), shapes=shapes, scope=scope)
        for waiter, operation in api.waits()
    )
    operations = tuple(operation_constant(constants[name], asked[name]) for name in sorted(asked))
    used = words_in(annotation for wait in waits for annotation in wait.annotations)
    return WaitersModule(
        docstring(TEXT, STEP),
        operations,
        waits,
        packed(Bracket("_KNOWN = (", tuple(constants[waiter.name] for waiter, _ in api.waits()), ")", lone_comma=True)),
        tuple(Code(line) for line in imported("typing", [CHECKING, *TYPING], scope, used | {CHECKING})),
        _runtime(words_in([*operations, *(wait.constant for wait in waits)])),
        tuple(
            Code(line)
            for line in [
                *imported(".", ["types"], scope, used),
                *imported("._runtime.polling", ["Progress"], scope, used),
            ]
        ),
        AsyncModule(
            (),
            constants_import(".._waiters", (constants[waiter.name] for waiter, _ in api.waits())),
            (
                *map(Code, imported("..", ["types"], scope, used)),
                *map(Code, imported(".._runtime.polling", ["Progress"], scope, used)),
            ),
            (),
            Code(""),
        ),
    )


def _runtime(used: frozenset[str]) -> tuple[Code, ...]:
    plain = ScopedNames()
    return (
        *map(Code, imported("._runtime.operation", ["OperationSpec", "ParameterSpec"], plain, used)),
        *map(Code, imported("._runtime.waiters", ["Condition", "Waiter"], plain, used)),
    )


def _wait(
    waiter: WaiterSpec, operation: Operation, constants: tuple[str, str], *, shapes: NamedTypes, scope: ScopedNames
) -> Wait:
    constant, asked = constants
    called = wait_method(waiter, operation)
    declared = [*(declaration(parameter, operation, shapes, scope) for parameter in required_first(called)), *OPTIONS]
    result = _result(waiter, operation, shapes, scope)
    arguments = ["self", "*", *declared, f"**unknown: {scope('Never')}"]
    keys = [parameter.key for parameter in called.parameters]
    call = Bracket("self._until(", (constant, arguments_dict(keys), *GIVEN), ")")

    def defined(style: MethodKeywords, text: str) -> MethodSource:
        """Return the method's source in one style."""
        opening = f"{style.define} {waiter.name}("
        return MethodSource(
            (),
            signature(opening, arguments, (result,), indent=STEP, is_packed=True),
            docstring(text, 2 * STEP),
            return_statement(call, (result,), keys, scope, style),
        )

    blocking = defined(BLOCKING, docstring_text(called))
    return Wait(
        packed(_constant(constant, asked, wire_waiter(waiter, wire_operation(operation)))),
        blocking.signature,
        blocking.docstring,
        blocking.body,
        (*declared, result, scope("Never")),
        defined(ASYNCHRONOUS, summary_of(called)),
    )


def _result(waiter: WaiterSpec, operation: Operation, shapes: NamedTypes, scope: ScopedNames) -> str:
    """Return the annotation of the result: the response, the selected list entry, or None."""
    key = call_key(operation, RESULT)
    if waiter.missing_is_success:
        return "None"
    if waiter.list_entry is None:
        return shapes.annotation(operation.result, key, scope)
    if isinstance(operation.result, Array):
        return shapes.annotation(operation.result.items, (*key, "item"), scope)
    return scope("Any")


def _constant(name: str, asked: str, sent: wire.Waiter) -> Bracket:
    conditions = Bracket("(", tuple(_condition(condition) for condition in sent.until), ")", lone_comma=True)
    return Bracket(f"{name} = Waiter(", (literal(sent.name), asked, conditions, *_options(sent)), ")")


def _condition(sent: wire.Condition) -> Bracket:
    negated = ["negated=True"] if sent.negated else []
    return Bracket("Condition(", (literal(sent.at), literal(sent.values), *negated), ")")


def _options(sent: wire.Waiter) -> Iterator[Bracket | str]:
    for name in ("failed", "falling", "fallen"):
        if values := getattr(sent, name):
            yield Bracket(f"{name}=(", tuple(map(literal, values)), ")", lone_comma=True)
    if sent.gone:
        yield "gone=True"
    if sent.entry:
        parameter, at = sent.entry
        yield Bracket("entry=(", (parameter_literal(parameter), literal(at)), ")")
