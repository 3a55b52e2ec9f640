"""Texts and values as pieces of Python."""

from __future__ import annotations

import ast
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.documents.python_identifiers import INVISIBLE, columns
from ovcgen.generator.code import Bracket, docstring, lay_out, literal, packed, prose, signature

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ANY_TEXT = st.text(alphabet=st.characters() | st.sampled_from("\"'\\\n\r \t\0{}%"))


@given(value=JSON)
def test_a_literal_is_the_value(value: object) -> None:
    """Python reads back what the document said, from printable ASCII."""
    code = literal(value)

    assert ast.literal_eval(code) == value
    assert code.isascii()
    assert code.isprintable()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ("both ' and \"", '"both \' and \\""'),
        ("caf\u00e9\n", '"caf\\xe9\\n"'),
    ],
)
def test_a_text_prefers_double_quotes(text: str, code: str) -> None:
    """As `ruff format` would have it."""
    assert literal(text) == code


@given(text=ANY_TEXT)
def test_a_docstring_gives_the_words_back(text: str) -> None:
    """Whatever a portal writes, the docstring holds it and nothing escapes from it."""
    code = f"def call():\n    {docstring(text, 4)}\n"

    function = ast.parse(code).body[0]

    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 1
    read = inspect.cleandoc(ast.literal_eval(docstring(text, 4)))
    assert "".join(read.split()) == "".join(prose(text).split())
    assert all(part.isprintable() for part in code.split("\n"))
    assert INVISIBLE.isdisjoint(code)


@pytest.mark.parametrize("text", ["Stops it.", "Stops it.\n\nmachineId: Which one.\nforce: Or not.", 'a\\b """ \'c\''])
def test_a_short_docstring_is_the_text(text: str) -> None:
    """Where nothing needs to be wrapped, lines stay lines."""
    assert inspect.cleandoc(ast.literal_eval(docstring(text, 8))) == text


LETTERS = st.text(
    st.sampled_from("a\xe9中文字。\uff08あ한وصفİß🐱👩 \u202e\u2066\u200d\u200f\u0301\ufe0f\ufb01\u2028\xa0\n\"'\\"),
    max_size=400,
)


@given(text=LETTERS)
def test_text_of_any_script_is_wrapped_by_its_columns(text: str) -> None:
    """Letters are shown as they are, what is invisible is escaped, and only a word without a break is too long."""
    code = docstring(text, 8)
    read = ast.literal_eval(code)

    assert "".join(inspect.cleandoc(read).split()) == "".join(prose(text).split())
    assert not {"\u202e", "\u2066", "\u200f", "\ufe0f", "\ufb01", "\u2028", "\xa0"} & set(code)
    for line in code.split("\n"):
        assert line.isprintable()
        assert columns(line) <= 120 or not re.search("[中文あ한]{2}|[^ ] +[^ ]", line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("中文" * 60, ['"""' + "中文" * 27 + "中", "文" + "中文" * 27, "中文" * 5]),
        (
            "It\u2019s \u201cfine\u201d \u2013 te\u0301\u2026",
            ['"""It\u2019s \u201cfine\u201d \u2013 te\u0301\u2026"""'],
        ),
        ("\u0301a\u200bb", ['"""\\u0301a\\u200bb"""']),
        ("وصف\u202e", ['"""وصف\\u202e"""']),
    ],
)
def test_scripts_without_blanks_are_wrapped_between_letters(text: str, lines: list[str]) -> None:
    """Punctuation, letters and their marks stay; controls become escapes."""
    assert [line.strip() for line in docstring(text, 4).split("\n")][: len(lines)] == lines


def test_prose_is_wrapped_and_entries_are_set_in() -> None:
    """A long text does not run out of the window."""
    shown = docstring("Word " * 30 + "\n\nsize: " + "word " * 30, 4).split("\n")

    assert max(map(len, shown)) <= 120
    assert shown[4].startswith("        word")


@pytest.mark.parametrize(
    ("after", "lines"), [(0, ["call(1, 22, (3,))"]), (104, ["call(", "    1,", "    22,", "    (3,),", ")"])]
)
def test_brackets_open_where_a_line_is_full(after: int, lines: list[str]) -> None:
    """One line as long as it fits, else an item a line."""
    code = Bracket("call(", ("1", "22", Bracket("(", ("3",), ")", lone_comma=True)), ")")

    assert lay_out(code, after=after).split("\n") == lines


FEW, SOME, MANY = ([f"a{number:02}: int" for number in range(count)] for count in (2, 11, 12))


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (FEW, ["def go(a00: int, a01: int) -> bool"]),
        (SOME, ["def go(", f"    {', '.join(SOME)}", ") -> bool"]),
        (MANY, ["def go(", *(f"    {each}," for each in MANY), ") -> bool"]),
    ],
)
def test_a_signature_has_three_layouts(arguments: list[str], lines: list[str]) -> None:
    """In one line, the arguments in a line of their own, or one a line."""
    assert signature("def go(", arguments, ["bool"], indent=0, after=10).split("\n") == lines


def test_a_description_fills_its_lines() -> None:
    """Nested calls are indented, short items share lines, and a name that is too long for a line gets a noqa."""
    calls = Bracket("(", tuple(Bracket("Field(", (f'"{letter * 40}"',), ")") for letter in "abc"), ")")
    long = "x" * 130

    assert packed(Bracket("A = Spec(", ("1", calls, "2", Bracket("(", ("3", "4"), ")"), long), ")")).split("\n") == [
        "A = Spec(1, (",
        f'    Field("{"a" * 40}"), Field("{"b" * 40}"),',
        f'    Field("{"c" * 40}"),',
        "), 2, (3, 4),",
        f"    {long})  # noqa: E501",
    ]
    assert packed(Bracket("A = Spec(", ("1", "2"), ")")) == "A = Spec(1, 2)"


def test_packed_arguments_share_lines() -> None:
    """A packed signature has as many arguments in a line as fit."""
    arguments = [f"argument_{number}: int" for number in range(8)]

    assert signature("def f(", arguments, ["int"], indent=4, is_packed=True).split("\n") == [
        "def f(",
        f"        {', '.join(arguments[:6])},",
        f"        {', '.join(arguments[6:])},",
        "    ) -> int",
    ]
