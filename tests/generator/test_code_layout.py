"""Code is laid out as `ruff format` does it, at every width around the end of a line."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from ovcgen.generator.code import (
    Bracket,
    annotation_text,
    docstring,
    import_from,
    lay_out,
    literal,
    noqa_comment,
    packed,
    prose,
    signature,
)

WIDTHS = range(1, 135)
WIDE_BRACKET = "\uff08"
STATES = [f'"state-{letter * 9}"' for letter in "abcdefg"]
LITERAL = f"Literal[{', '.join(STATES)}]"


def formatted(code: str, *options: str) -> str:
    """Return the code as ruff formats it."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", *options, "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


def words(code: str) -> str:
    """Return the code without what a layout adds: white space, commas and parentheses."""
    return re.sub(r"[\s,()]", "", code)


JOINING = ("--config", "format.skip-magic-trailing-comma=true")  # ruff joins lines that fit into one


SHAPES = {
    "two arguments": (["self", "a: {}"], ["bool"]),
    "one argument": (["a: {}"], ["bool"]),
    "a default": (["self", "a: {} = None", 'b: str = ", | "'], ["bool"]),
    "a default with signs": (["self", "*", 'a: list[{}] | None = ": = |"', "b: int"], ["None"]),
    "a default of a list": (["self", "*", "a: list[{}] = NOTHING", "b: int"], ["None"]),
    "a list": (["self", "*", "a: list[{}] | None = None", "b: int"], ["None"]),
    "a long list": (["self", "*", f"a: list[{LITERAL}] | {{}} | None = None", "b: int"], ["None"]),
    "a dictionary": (["a: dict[str, dict[{}, tuple[Some, Other]]]", "b: int"], ["None"]),
    "a union": (["self", "a: {} | Mapping[str, list[{}]] | None = None"], ["None"]),
    "a union of results": (["a: int"], ["{}", "dict[str, {}]", "None"]),
    "results and arguments": (["self", "a: int"], ["{}", "list[{}]"]),
    "a result with several parts": (["self", "*", "a: int"], ["list[Second | {} | Third] | None"]),
    "a list of lists and null": (["a: int", "b: int"], ["dict[str, list[{} | Second]] | list[{}] | None"]),
    "a long result": (["a: int"], ["dict[str, {}]"]),
    "a long result and arguments": (["a: int", "b: int"], ["dict[str, {}]"]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("indent", [0, 4])
def test_a_signature_is_laid_out_as_ruff_does(shape: str, indent: int) -> None:
    """Arguments, annotations and results are broken where ruff breaks them."""
    arguments, returns = SHAPES[shape]
    margin = " " * indent
    pieces = ["class Of:"] if indent else []
    for width in WIDTHS:
        names = [text.replace("{}", "X" * width) for text in arguments]
        results = [text.replace("{}", "X" * width) for text in returns]
        code = signature("def go(", names, results, indent=indent)
        assert words(code) == words(f"def go({', '.join(names)}) -> {' | '.join(results)}")
        pieces.append(f"{margin}{code}:\n{margin}    pass\n" + "\n" * (not indent))
    code = "\n".join(pieces).rstrip("\n") + "\n"
    assert formatted(code, *JOINING) == code


def test_a_call_is_laid_out_as_ruff_does() -> None:
    """A call with a nested call and a tuple of one is broken where ruff breaks it, with columns before and after it."""
    lines = []
    for width in WIDTHS:
        call = Bracket(
            "call(", ("1", Bracket("other(", ("x" * width, "2"), ")"), Bracket("(", ("3",), ")", lone_comma=True)), ")"
        )
        lines.append(f"value = {lay_out(call, before=8)}")
        lines.append(f"value = {lay_out(call, before=8, after=2)}.x")
    code = "\n".join([*lines, ""])
    assert formatted(code) == code


@pytest.mark.parametrize("indent", [0, 4])
def test_an_import_is_laid_out_as_ruff_does(indent: int) -> None:
    """An import that is too long has its name in a line of its own."""
    lines = ["if True:"] if indent else []
    lines += [f"{' ' * indent}{import_from('module', 'x' * width, indent=indent)}" for width in WIDTHS if width < 110]
    code = "\n".join([*lines, ""])
    assert formatted(code, *JOINING) == code
    assert lines[-109] == f"{' ' * indent}from module import x"


def test_a_packed_signature_breaks_annotations() -> None:
    """Short arguments share a line, and an annotation that is too long is broken as elsewhere."""
    arguments = ["self", "*", f"a: {LITERAL} | None = None", "b: int"]
    found = signature("def go(", arguments, ["int"], indent=0, is_packed=True)
    assert found.split("\n") == [
        *("def go(", "    self, *,", "    a: Literal["),
        *(f"        {state}," for state in STATES),
        *("    ]", "    | None = None,", "    b: int,", ") -> int"),
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"code": ["short", "a\n" + "x" * 120]}, "", id="lines that fit"),
        pytest.param({"code": ["short", f"a\n{'x' * 121}\nb"]}, "# ruff: noqa: E501", id="a long line"),
        pytest.param({"code": ["word " * 24 + "x"]}, "# ruff: noqa: E501", id="a long line of short words"),
        pytest.param({"variables": ["a", "l"]}, "# ruff: noqa: E741", id="a variable"),
        pytest.param({"classes": ["I"]}, "# ruff: noqa: E742", id="a class"),
        pytest.param({"functions": ["O"]}, "# ruff: noqa: E743", id="a function"),
        pytest.param(
            {"code": ["x" * 121], "variables": ["I"], "classes": ["O"], "functions": ["l"]},
            "# ruff: noqa: E501, E741, E742, E743",
            id="all",
        ),
        pytest.param({"variables": ["i", "L"], "classes": ["o"], "functions": ["ll"]}, "", id="clear names"),
    ],
)
def test_a_module_is_excused_for_the_names_of_a_document(given: dict[str, list[str]], found: str) -> None:
    """The comment names the rules that ruff would report because of the document's names."""
    assert noqa_comment(**given) == found


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param((), "()", id="no tuple"),
        pytest.param(("a",), '("a",)', id="a tuple of one"),
        pytest.param(("a", 1), '("a", 1)', id="a tuple"),
        pytest.param((("a",), [("b",)]), '(("a",), [("b",)])', id="nested"),
        pytest.param([1], "[1]", id="a list of one"),
        pytest.param({"b": 1, "a": None}, '{"a": None, "b": 1}', id="an object"),
        pytest.param(float("nan"), "None", id="no number"),
        pytest.param(float("inf"), "None", id="infinity"),
        pytest.param(float("-inf"), "None", id="negative infinity"),
        pytest.param(1e300, "1e300", id="a large number"),
        pytest.param(1e-7, "1e-07", id="a small number"),
    ],
)
def test_a_value_is_written_as_ruff_would(value: object, code: str) -> None:
    """Tuples stay tuples, keys are sorted, and numbers that JSON does not have become None."""
    assert literal(value) == code


@pytest.mark.parametrize(
    ("annotation", "code"),
    [
        ("list[int]", '"list[int]"'),
        ('Literal["a"]', "'Literal[\"a\"]'"),
        ("Caf\u00e9", '"Caf\u00e9"'),
        (r'Literal["\n"]', r"""'Literal["\\n"]'"""),
    ],
)
def test_an_annotation_is_quoted(annotation: str, code: str) -> None:
    """The string evaluates to the annotation; its letters stay readable."""
    assert annotation_text(annotation) == code


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("One.\r\nTwo.  \n\n", ['"""One.', "Two.", '"""'], id="ends of lines"),
        pytest.param("One.\n\nTwo.", ['"""One.', "", "    Two.", '    """'], id="an empty line has no margin"),
        pytest.param('"One" is\n"two"', ['""" "One" is', '    "two\\x22', '    """'], id="quotes at the ends"),
        pytest.param("\tOne.\xa0", ['"""One.\\xa0"""'], id="other spaces are kept"),
        pytest.param("a" * 110, [f'"""{"a" * 110}"""'], id="a long word"),
        pytest.param(f"{'a' * 60} {'b' * 49}", [f'"""{"a" * 60} {"b" * 49}"""'], id="as wide as a line"),
        pytest.param(
            f"{'a' * 60} {'b' * 50}", [f'"""{"a" * 60}', f"    {'b' * 50}", '    """'], id="wider than a line"
        ),
        pytest.param("machine-" * 15, [f'"""{"machine-" * 15}"""'], id="a hyphen is not a break"),
        pytest.param(
            f"x: {'word ' * 24}end",
            [f'"""x: {"word " * 20}word', "        word word word end", '    """'],
            id="an entry",
        ),
        pytest.param(
            f"One.\nTwo.\n{' ' * 70}{'a' * 46}",
            ['"""One.', "Two.", f"    {' ' * 70}{'a' * 46}", '    """'],
            id="an indented line as wide as a line",
        ),
        pytest.param(
            f"One.\nTwo.\n{' ' * 70}{'a' * 30} {'b' * 30}",
            ['"""One.', "Two.", f"    {' ' * 58}{'a' * 30}", f"    {' ' * 58}{'b' * 30}", '    """'],
            id="half a line of indentation at most",
        ),
        pytest.param(
            f"One.\nTwo.\n  X{'é' * 60} {'b' * 60}X",
            ['"""One.', "Two.", f"      X{'é' * 60}", f"      {'b' * 60}X", '    """'],
            id="an indented line in another script",
        ),
        pytest.param(
            f"{'é' * 60}  {'è' * 40}  {'ê' * 20}",
            [f'"""{"é" * 60}  {"è" * 40}', "ê" * 20, '    """'],
            id="spaces between words of another script",
        ),
        pytest.param(
            f"{'中' * 54}{WIDE_BRACKET}{'文' * 5}",
            [f'"""{"中" * 53}', f"中{WIDE_BRACKET}{'文' * 5}", '    """'],
            id="a wide bracket stays with what it opens",
        ),
        pytest.param("\u00e9 !\u0301 e\u0301", ['"""\u00e9 !\\u0301 e\u0301"""'], id="a mark without a letter"),
        pytest.param("\u00e9 \ufb01\u0301", ['"""\u00e9 \\ufb01\\u0301"""'], id="a mark after a ligature"),
    ],
)
def test_a_docstring_is_wrapped(text: str, lines: list[str]) -> None:
    """Lines end before column 120, entries are set in, and spaces at ends of lines disappear."""
    shown = docstring(text, 4).split("\n")
    assert shown == [lines[0], *(line if line.startswith("    ") or not line else f"    {line}" for line in lines[1:])]


PAIR = Bracket("(", ("3", "4"), ")")
CALLS = Bracket("(", (Bracket("Field(", ("1",), ")"), Bracket("Field(", ("2",), ")")), ")")


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        pytest.param(["x" * 110], [f"A = Spec({'x' * 110})"], id="a line that is full"),
        pytest.param(["x" * 111], ["A = Spec(", f"    {'x' * 111})"], id="a line that is too long"),
        pytest.param(["x" * 115], ["A = Spec(", f"    {'x' * 115})"], id="a name as wide as a line"),
        pytest.param(["x" * 116], ["A = Spec(", f"    {'x' * 116})  # noqa: E501"], id="a name wider than a line"),
        pytest.param(
            ["a" * 50, "b" * 58, "c" * 30],
            [f"A = Spec({'a' * 50}, {'b' * 58},", f"    {'c' * 30})"],
            id="the second item fits",
        ),
        pytest.param(
            ["a" * 50, "b" * 59, "c" * 30],
            [f"A = Spec({'a' * 50},", f"    {'b' * 59}, {'c' * 30})"],
            id="the second item does not fit",
        ),
        pytest.param(
            ["a" * 107, PAIR, "c"], [f"A = Spec({'a' * 107},", "    (3, 4), c)"], id="a tuple has a line of its own"
        ),
        pytest.param(
            ["a" * 108, CALLS, "c"],
            [f"A = Spec({'a' * 108}, (", "    Field(1), Field(2),", "), c)"],
            id="calls begin at the end of a line",
        ),
        pytest.param(
            ["a" * 109, CALLS, "c"],
            [f"A = Spec({'a' * 109},", "    (", "    Field(1), Field(2),", "), c)"],
            id="calls begin in a line of their own",
        ),
        pytest.param(
            ["a", Bracket("(", ("b" * 60, "c" * 51), ")"), "d"],
            ["A = Spec(a,", f"    ({'b' * 60}, {'c' * 51}),", "    d)"],
            id="a tuple as wide as a line",
        ),
        pytest.param(
            ["a", Bracket("(", ("b" * 60, "c" * 52), ")"), "d"],
            ["A = Spec(a, (", f"    {'b' * 60}, {'c' * 52},", "), d)"],
            id="a tuple that fits without its brackets",
        ),
        pytest.param(
            ["a", Bracket("(", ("b" * 60, "c" * 54), ")"), "d"],
            ["A = Spec(a, (", f"    {'b' * 60},", f"    {'c' * 54},", "), d)"],
            id="a tuple wider than a line",
        ),
    ],
)
def test_packed_items_share_lines_up_to_column_120(items: list[Bracket | str], lines: list[str]) -> None:
    """A line takes an item if it ends at column 120 at the latest; a name that can't be broken gets a noqa."""
    assert packed(Bracket("A = Spec(", tuple(items), ")")).split("\n") == lines


def field(*names: str) -> Bracket:
    """Return a call."""
    return Bracket("Field(", names, ")")


@pytest.mark.parametrize(
    ("calls", "lines"),
    [
        pytest.param(
            [field("x" * 60, "y" * 46), field("1")],
            [f"    Field({'x' * 60}, {'y' * 46}),", "    Field(1),"],
            id="a call as wide as a line",
        ),
        pytest.param(
            [field("x" * 60, "y" * 47), field("1"), field("2")],
            ["    Field(", f"        {'x' * 60},", f"        {'y' * 47},", "    ),", "    Field(1), Field(2),"],
            id="a call wider than a line",
        ),
        pytest.param(
            [field("x" * 50), field("y" * 49), field("1")],
            [f"    Field({'x' * 50}), Field({'y' * 49}),", "    Field(1),"],
            id="the second call fits",
        ),
        pytest.param(
            [field("x" * 50), field("y" * 50), field("1")],
            [f"    Field({'x' * 50}),", f"    Field({'y' * 50}), Field(1),"],
            id="the second call does not fit",
        ),
    ],
)
def test_packed_calls_share_lines_up_to_column_120(calls: list[Bracket], lines: list[str]) -> None:
    """Nested calls are together on a line that ends at column 120 at the latest; a longer one has several lines."""
    code = Bracket("A = Spec(", (Bracket("(", tuple(calls), ")"),), ")")
    assert packed(code).split("\n") == ["A = Spec((", *lines, "))"]


@pytest.mark.parametrize(
    ("width", "lines"),
    [(110, [f"A = ({'x' * 110},)"]), (114, ["A = (", f"    {'x' * 114},)"])],
)
def test_a_packed_tuple_of_one_has_its_comma(width: int, lines: list[str]) -> None:
    """Without its comma it would be no tuple."""
    assert packed(Bracket("A = (", ("x" * width,), ")", lone_comma=True)).split("\n") == lines


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (46, [f"    Field({'x' * 60}, {'y' * 46}),"]),
        (47, ["    Field(", f"        {'x' * 60},", f"        {'y' * 47},", "    ),"]),
    ],
)
def test_a_bracket_in_a_bracket_opens_at_column_120(width: int, lines: list[str]) -> None:
    """The comma behind it is in column 120 at the latest, and a call in several lines needs no noqa."""
    code = Bracket("call(", ("1", field("x" * 60, "y" * width)), ")")
    assert lay_out(code).split("\n") == ["call(", "    1,", *lines, ")"]


@pytest.mark.parametrize(
    ("returns", "lines"),
    [
        (["X" * 100, "Y" * 11], [f") -> {'X' * 100} | {'Y' * 11}"]),
        (["X" * 100, "Y" * 12], [") -> (", f"    {'X' * 100} | {'Y' * 12}", ")"]),
        (["X" * 100, "Y" * 13], [") -> (", f"    {'X' * 100} | {'Y' * 13}", ")"]),
        (["X" * 100, "Y" * 14], [") -> (", f"    {'X' * 100}", f"    | {'Y' * 14}", ")"]),
    ],
)
def test_a_union_of_results_is_broken_at_column_120(returns: list[str], lines: list[str]) -> None:
    """It stands behind the parenthesis with its colon, else in a line of its own, else it has a line for each part."""
    assert signature("def go(", ["a: int"], returns, indent=0).split("\n") == ["def go(", "    a: int,", *lines]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("x" * 114, [f"call({'x' * 114})"]),
        ("x" * 115, ["call(", f"    {'x' * 115},", ")"]),
        ("x" * 116, ["call(", f"    {'x' * 116},  # noqa: E501", ")"]),
    ],
)
def test_a_bracket_opens_at_column_120(name: str, lines: list[str]) -> None:
    """The code stays in one line of 120 columns, and a single name that is too long gets a noqa."""
    assert lay_out(Bracket("call(", (name,), ")")).split("\n") == lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.  \r\nTwo. ", "One.\nTwo."),
        ("One.\nTwo.\n  three.", "One.\nTwo.\n  three."),
        ("XML for X\nMAX", "XML for X\nMAX"),
        ("\n\n One.\xa0\n\n", "One.\xa0"),
    ],
)
def test_prose_keeps_words_and_indentation(text: str, found: str) -> None:
    """Only spaces at ends of lines, and empty lines at both ends, disappear."""
    assert prose(text) == found
