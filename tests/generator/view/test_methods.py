"""From an operation to a method."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.generator.view.methods import method
from ovcgen.generator.view.schema_annotations import named_types
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.model.api import Operation
from ovcgen.model.schema import File
from tests.build import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NOTHING,
    NUMBER,
    STRING,
    api,
    listed,
    machines,
    must,
    one_of,
    parameter,
    record,
)

SIZE = parameter("size", INTEGER, default=10)


def lines(operation: Operation, *taken: str) -> list[str]:
    """The method's signature, without its line breaks where it has any."""
    return method(
        operation, "_CREATE", named_types(api(operation)), ScopedNames(frozenset(taken), types="types")
    ).signature.split("\n")


def signature(operation: Operation, *taken: str) -> str:
    return "".join(line.strip() for line in lines(operation, *taken))


@pytest.mark.parametrize(
    ("one", "declared"),
    [
        (must(parameter("name")), "name: str"),
        (parameter("name"), "name: str | None = None"),
        (must(SIZE), "size: int = 10"),
        (SIZE, "size: int | None = None"),
        (must(parameter("size", INTEGER, default="10")), "size: int | None = None"),
        (must(parameter("share", NUMBER, default=1)), "share: float = 1"),
        (must(parameter("ids", listed(INTEGER))), "ids: list[int]"),
        (parameter("userdata", ANYTHING), "userdata: Any | None = None"),
        (must(parameter("userdata", record())), "userdata: dict[str, Any] | str"),
        (must(parameter("proto", one_of("tcp", "udp"))), 'proto: Literal["tcp", "udp"] | str'),
        (must(parameter("file", File())), "file: bytes | str | PathLike[str] | BinaryIO"),
        (must(replace(parameter("taskguid"), task=True)), "taskguid: str | Task[Any]"),
        (replace(must(parameter("from")), key="from_"), "from_: str"),
    ],
)
def test_an_argument_says_what_it_takes(one, declared: str) -> None:
    """Its type, and a default only where leaving it out sends something."""
    assert signature(machines(one)) == f"def create(self, *, {declared}, **unknown: Never) -> str"


@pytest.mark.parametrize(
    ("result", "returned"),
    [
        (STRING, "str"),
        (BOOLEAN, "bool"),
        (listed(INTEGER), "list[int]"),
        (ANYTHING, "Any"),
        (NOTHING, "None"),
    ],
)
def test_a_method_says_what_it_returns(result, returned: str) -> None:
    """No promise where the document makes none."""
    assert signature(machines(result=result)) == f"def create(self, **unknown: Never) -> {returned}"


def test_a_file_comes_as_bytes_or_goes_to_a_path() -> None:
    """Type checkers know which from whether `_to` is given."""
    made = method(machines(result=File()), "_CREATE", named_types(api(machines())), ScopedNames())

    assert list(made.overloads) == [
        "def create(self, *, _to: None = None) -> bytes",
        "def create(self, *, _to: str | PathLike[str]) -> Path",
    ]


def test_what_must_be_given_comes_first() -> None:
    """An argument without default stands before those that have one."""
    assert "b: str, a: str | None = None" in signature(machines(parameter("a"), must(parameter("b"))))


def test_a_method_named_list_does_not_change_what_list_means() -> None:
    """Inside such a class the type is written with its module."""
    assert signature(machines(result=listed(INTEGER)), "list").endswith("-> builtins.list[int]")


def test_a_call_that_can_be_a_task_has_three_overloads() -> None:
    """Type checkers know what comes back from what was asked for."""
    made = method(machines(tasks=True), "_CREATE", named_types(api(machines())), ScopedNames())

    assert list(made.overloads) == [
        "def create(self, *, _async: Literal[False] = False) -> str",
        "def create(self, *, _async: Literal[True]) -> Task[str]",
        "def create(self, *, _async: bool) -> str | Task[str]",
    ]
    assert made.signature == "def create(self, **arguments: object) -> object"


def test_none_reads_last() -> None:
    """`Task[None] | None`."""
    made = method(machines(tasks=True, result=NOTHING), "_CREATE", named_types(api(machines())), ScopedNames())

    assert made.overloads[-1].endswith("-> Task[None] | None")


def test_the_constant_says_only_what_is_unusual() -> None:
    """What goes over the wire, as the runtime takes it."""
    made = method(
        machines(must(SIZE), replace(parameter("from"), key="from_"), retry="read"),
        "_CREATE",
        named_types(api()),
        ScopedNames(),
    )

    assert made.constant == (
        '_CREATE = OperationSpec("cloudapi.machines.create", "POST", "/cloudapi/machines/create", (\n'
        '    ParameterSpec("size", "integer", required=True, default=10), '
        'ParameterSpec("from", "string", key="from_"),\n'
        '), retry="read")'
    )


def test_the_docstring_has_a_line_for_each_argument() -> None:
    """Its text, and what is taken when it is left out."""
    made = method(machines(replace(SIZE, doc="In GB"), doc="Makes one."), "_CREATE", named_types(api()), ScopedNames())

    assert made.docstring == '"""Makes one.\n\n        size: In GB. Default: 10.\n        """'


def test_an_argument_of_which_nothing_is_said_has_no_line() -> None:
    """The signature names it already; a docstring of such arguments alone is one line."""
    some = method(
        machines(parameter("a"), replace(parameter("b"), doc="B")), "_CREATE", named_types(api()), ScopedNames()
    )
    none = method(machines(parameter("a"), doc="Makes one."), "_CREATE", named_types(api()), ScopedNames())

    assert some.docstring == '"""POST /cloudapi/machines/create.\n\n        b: B\n        """'
    assert none.docstring == '"""Makes one."""'


@pytest.mark.parametrize(
    ("summary", "doc", "text"),
    [
        ("Make one", "It takes long.", "Make one\n\n        It takes long.\n        "),
        ("Make one.", "Make one of them.", "Make one of them."),
        ("Make one", "Make one", "Make one"),
        ("", "It takes long.", "It takes long."),
        ("", "", "POST /cloudapi/machines/create."),
    ],
)
def test_a_summary_comes_before_the_description(summary: str, doc: str, text: str) -> None:
    """OpenAPI 3 documents often say what a call does in the summary alone; one that repeats is left out."""
    made = method(machines(summary=summary, doc=doc, openapi="3.1"), "_CREATE", named_types(api()), ScopedNames())

    assert made.docstring == f'"""{text}"""'


def test_an_operation_without_text_says_where_it_is() -> None:
    """A docstring is never empty."""
    assert (
        method(machines(), "_CREATE", named_types(api()), ScopedNames()).docstring
        == '"""POST /cloudapi/machines/create."""'
    )


@pytest.mark.parametrize(
    ("result", "keys", "lines"),
    [
        (STRING, [], ["return self._client.call(_CREATE, {**unknown})"]),
        (NOTHING, [], ["answer: None = self._client.call(_CREATE, {**unknown})", "return answer"]),
        (ANYTHING, [], ["answer: object = self._client.call(_CREATE, {**unknown})", "return answer"]),
        (
            ANYTHING,
            ["object"],
            ['answer: builtins.object = self._client.call(_CREATE, {"object": object, **unknown})', "return answer"],
        ),
    ],
)
def test_a_method_returns_what_type_checkers_accept(result, keys: list[str], lines: list[str]) -> None:
    """A method that returns None or any value assigns the result to an annotated variable first."""
    operation = machines(*map(parameter, keys), result=result)
    made = method(operation, "_CREATE", named_types(api(operation)), ScopedNames(types="types"))

    assert [line.strip() for line in made.body.split("\n")] == lines
