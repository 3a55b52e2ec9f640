"""Turn texts and values into Python source in the layout of `ruff format`.

String literals are ASCII. Docstrings have the letters and signs of any script, but nothing invisible.

Templates print only `Code`, so every text passes through this module before it reaches a generated file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from unicodedata import category, normalize

from ovcgen.documents.python_identifiers import INVISIBLE, columns
from ovcgen.model.schema import Json

WIDTH = 120
TEXT = re.compile(r'"(?:\\.|[^"\\])*"|' + r"'(?:\\.|[^'\\])*'")  # a string literal in one line
STEP = 4
AMBIGUOUS = frozenset({"I", "O", "l"})


class Code(str):
    """A text that is finished Python source or finished text of a page; the only type that a template prints."""

    __slots__ = ()


def literal(value: Json) -> str:
    """Return a JSON value, or a tuple of them, as Python source in ASCII and in one line.

    Texts are in double quotes if that needs no more backslashes than single ones. The keys of an object are sorted.
    NaN and infinities become `None`.
    """
    match value:
        case (single,) if isinstance(value, tuple):
            return f"({literal(single)},)"
        case tuple():
            return f"({', '.join(map(literal, value))})"
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(literal(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{literal(key)}: {literal(member)}' for key, member in sorted(value.items()))}}}"
        case float() if value != value or value in (float("inf"), float("-inf")):
            return "None"  # JSON has no such number
        case float():
            return repr(value).replace("e+", "e")
        case _:
            return repr(value)


def annotation_text(code: str) -> str:
    """Return an annotation in quotes, as the source of a string literal; non-ASCII letters are not escaped."""
    return _in_quotes(code.replace("\\", "\\\\"))


def _quoted(text: str) -> str:
    return _in_quotes(_escaped(text))


def _in_quotes(body: str) -> str:
    """Return the text in double quotes, or in single quotes if these need fewer backslashes."""
    quote = "'" if body.count('"') > body.count("'") else '"'
    return f"{quote}{body.replace(quote, chr(92) + quote)}{quote}"


def _escaped(text: str) -> str:
    """Return the inside of a string literal in printable ASCII; quotes are not escaped."""
    return text.encode("unicode_escape").decode("ascii")


def docstring(text: str, indent: int) -> Code:
    """Return the source of a docstring with that text, in triple quotes and with long lines wrapped.

    `indent` is the number of blanks before every line but the first. Backslashes and characters that can't be seen are
    escaped, and trailing blanks are removed. `inspect.cleandoc` restores the words of the text.
    """
    width = WIDTH - indent
    first, *others = _harmless(prose(text)).split("\n")
    lines = [*_wrapped(first, width - 6), *(part for line in others for part in _wrapped(line, width))]
    margin = " " * indent
    body = "\n".join([lines[0], *(f"{margin}{line}" if line else "" for line in lines[1:])])
    return Code(f'"""{body}\n{margin}"""' if len(lines) > 1 else f'"""{body}"""')


def prose(text: str) -> str:
    """Return a text without common indentation, trailing blanks, and empty lines at both ends."""
    lines = inspect.cleandoc(text.replace("\r\n", "\n")).split("\n")
    return "\n".join(line.rstrip(" ") for line in lines).strip("\n ")


def _wrapped(code: str, width: int) -> list[str]:
    """Break a long line into several. Lines after `name: ` get a hanging indent; other indentation is kept.

    Lines break at blanks, and between wide letters, whose scripts have no blanks. A long word stays whole and may
    exceed the width.
    """
    if columns(code) <= width:
        return [code]
    margin = code[: len(code) - len(code.lstrip())][: width // 2]
    hanging = " " * STEP if re.match(r"\w+: ", code) else margin
    if not code.isascii():
        return _wrapped_by_columns(code.strip(), width, margin, hanging)
    return wrap(
        code.strip(),
        width,
        initial_indent=margin,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrapped_by_columns(code: str, width: int, margin: str, hanging: str) -> list[str]:
    """Break a line whose letters are not all one column wide."""
    lines, blanks = [margin], ""
    for piece in re.findall(r" +|[^ ]+", code):
        if piece[0] == " ":
            blanks = piece
            continue
        for part in _breakable(piece):
            if lines[-1].strip() and columns(f"{lines[-1]}{blanks}{part}") > width:
                lines.append(f"{hanging}{part}")
            else:
                lines[-1] += f"{blanks}{part}"
            blanks = ""
    return lines


def _breakable(word: str) -> list[str]:
    """Return the parts of a word between which a line can break: before wide letters that follow something wide."""
    parts = [word[:1]]
    for before, letter in pairwise(word):
        is_break = columns(before) == columns(letter) == 2 and category(letter)[0] == "L"
        if is_break and category(before) != "Ps":  # an opening bracket stays with what follows
            parts.append(letter)
        else:
            parts[-1] += letter
    return parts


def _visible(text: str) -> str:
    """Return the text with escapes for backslashes and for what can't be seen or looks like something else.

    These are control and format characters (also those that reverse the direction of text), unusual blanks and line
    ends, letters in another form (such as ligatures), and combining marks without a letter to stand on.
    """
    if text.isascii():
        return _escaped(text)
    shown: list[str] = []
    is_letter = False
    for character in text:
        kind = category(character)[0]
        is_seen = character.isprintable() and character not in INVISIBLE and character != "\\"
        if kind in "LM":
            is_seen = is_seen and (is_letter if kind == "M" else normalize("NFKC", character) == character)
        shown.append(character if is_seen else _escaped(character))
        is_letter = is_seen and kind in "LM"
    return "".join(shown)


def _harmless(text: str) -> str:
    """Escape a text for triple quotes; a quote at the end or start can't join the delimiters."""
    code = "\n".join(map(_visible, text.split("\n"))).replace('"""', "\\x22\\x22\\x22")
    code = f"{code[:-1]}\\x22" if code.endswith('"') else code
    return f" {code}" if code.startswith('"') else code


@dataclass(frozen=True, slots=True)
class Bracket:
    """A record of code with items between brackets: `opening`, items, `closing`.

    `lay_out` writes it in one line if it fits, else with one item per line and trailing commas.

    Attributes:
        opening, closing: The code up to and with the opening bracket, and from the closing bracket.
        items: The items without commas.
        lone_comma: Whether a single item is followed by a comma in one line, too, as in a tuple.
    """

    opening: str
    items: tuple[Bracket | str, ...]
    closing: str
    lone_comma: bool = False  # a tuple of one

    @property
    def flat(self) -> str:
        """Return the code in one line, however long it is."""
        inner = ", ".join(bracket if isinstance(bracket, str) else bracket.flat for bracket in self.items)
        return f"{self.opening}{inner}{self.ending}"

    @property
    def ending(self) -> str:
        """Return what follows the last item if that stands on the same line."""
        return f",{self.closing}" if self.lone_comma and len(self.items) == 1 else self.closing


def lay_out(code: Bracket | str, *, indent: int = 0, before: int = 0, after: int = 0) -> Code:
    """Return the code in one line if it fits into 120 columns, else with one item on each indented line.

    A `str` is never broken; as an item that is too long it gets the comment `# noqa: E501`.

    Args:
        code: The code.
        indent: The number of blanks before the first line, which are not in the result.
        before: Columns already used in front of it.
        after: Columns needed behind it.
    """
    flat = code if isinstance(code, str) else code.flat
    if isinstance(code, str) or indent + before + columns(flat) + after <= WIDTH or not code.items:
        return Code(flat)
    inner = indent + STEP
    lines = [_item(" " * inner, lay_out(bracket, indent=inner, after=1)) for bracket in code.items]
    return Code("\n".join([code.opening, *lines, f"{' ' * indent}{code.closing}"]))


def packed(code: Bracket) -> Code:
    """Return the source of a call or literal with as many items on each line as fit, instead of one item per line.

    It is for data that few people read, such as an OperationSpec. A nested list of calls that does not fit on the line
    is broken into indented lines.
    """
    if columns(code.flat) <= WIDTH:
        return Code(code.flat)
    margin = " " * STEP
    lines = [code.opening]
    for number, item in enumerate(code.items):
        after = code.ending if number == len(code.items) - 1 else ","
        space = "" if number == 0 else " "
        text = item if isinstance(item, str) else item.flat
        if columns(f"{lines[-1]}{space}{text}{after}") <= WIDTH:
            lines[-1] += f"{space}{text}{after}"
        elif isinstance(item, Bracket) and (
            all(isinstance(part, Bracket) for part in item.items) or columns(f"{margin}{text}{after}") > WIDTH
        ):
            if columns(f"{lines[-1]}{space}{item.opening}") > WIDTH:
                lines.append(margin)
                space = ""
            lines[-1] += f"{space}{item.opening}"
            lines += [*_packed_items(item.items, STEP), f"{item.closing}{after}"]
        else:
            lines.append(f"{margin}{text}{after}")
    return Code("\n".join(f"{line}  # noqa: E501" if columns(line) > WIDTH else line for line in lines))


def _packed_items(items: Iterable[Bracket | str], indent: int) -> list[str]:
    """Return the indented lines of these items, with as many items on each line as fit."""
    return _joined([f"{' ' * indent}{lay_out(item, indent=indent, after=1)},".split("\n") for item in items])


def _joined(items: Iterable[list[str]]) -> list[str]:
    """Return the lines of all items. Neighbouring items that take one line each are put on the same line."""
    lines: list[str] = []
    is_open = False
    for item in items:
        shared = f"{lines[-1]} {item[0].lstrip()}" if is_open else ""
        if shared and len(item) == 1 and columns(shared) <= WIDTH:
            lines[-1] = shared
        else:
            lines += item
        is_open = len(item) == 1
    return lines


def _item(margin: str, code: str) -> str:
    """Return one item of a bracket with its comma; with `noqa` if a single name is too long for a line."""
    lone = "\n" not in code and columns(f"{margin}{code},") > WIDTH
    return f"{margin}{code},  # noqa: E501" if lone else f"{margin}{code},"


def noqa_comment(
    code: Iterable[str] = (),
    *,
    variables: Iterable[str] = (),
    classes: Iterable[str] = (),
    functions: Iterable[str] = (),
) -> Code:
    """Return the comment `# ruff: noqa: ...` that a module needs because of the document's names; "" for none.

    Args:
        code: Pieces of code, checked for lines that are too long.
        variables, classes, functions: Names, checked for `I`, `O` and `l`.
    """
    rules = {
        "E501": any(columns(line) > WIDTH for piece in code for line in piece.split("\n")),
        "E741": not AMBIGUOUS.isdisjoint(variables),
        "E742": not AMBIGUOUS.isdisjoint(classes),
        "E743": not AMBIGUOUS.isdisjoint(functions),
    }
    found = [rule for rule, is_broken in rules.items() if is_broken]
    return Code(f"# ruff: noqa: {', '.join(found)}" if found else "")


def import_from(module: str, name: str, *, indent: int) -> Code:
    """Return the source `from module import name`, in three lines if it does not fit into 120 columns.

    `indent` is the number of blanks before the first line, which are not in the result.
    """
    line = f"from {module} import {name}"
    if indent + columns(line) <= WIDTH:
        return Code(line)
    margin = " " * indent
    return Code(f"from {module} import (\n{margin}{' ' * STEP}{name},\n{margin})")


def signature(
    opening: str,
    arguments: Iterable[str],
    returns: Sequence[str],
    *,
    indent: int,
    after: int = 1,
    is_packed: bool = False,
) -> Code:
    """Return the source of a signature, `def name(self, *, a: int) -> int`, without the colon.

    If it does not fit into 120 columns, the arguments are together on a line of their own, or each on its own line.

    Args:
        opening: The code up to the parenthesis, and arguments such as `self, *, ` behind it.
        arguments: The other arguments, as code.
        returns: The parts of the union that the function returns.
        indent: The number of blanks before the first line.
        after: Columns needed behind it.
        is_packed: Whether a line takes as many arguments as fit.
    """
    listed = list(arguments)
    inner = ", ".join(listed)
    answer = " | ".join(returns)
    if indent + columns(f"{opening}{inner}) -> {answer}") + after <= WIDTH:
        return Code(f"{opening}{inner}) -> {answer}")
    margin, deeper = " " * indent, " " * (indent + STEP)
    closing = f"{margin}) -> {answer}"
    if columns(closing) + after > WIDTH and len(_split(answer, " | ")) == 1:
        closing = "\n".join(_broken(") -> ", answer, " " * after, indent)).rstrip()
    elif columns(closing) + after > WIDTH:
        fits = len(deeper) + columns(answer) <= WIDTH
        lines = [f"{deeper}{answer}"] if fits else _union("", answer, "", indent + STEP)
        closing = "\n".join([f"{margin}) -> (", *lines, f"{margin})"])
    if len(deeper) + columns(inner) <= WIDTH and len(listed) > 1:
        return Code(f"{opening}\n{deeper}{inner}\n{closing}")
    arguments_lines = [_argument(argument, indent + STEP) for argument in listed]
    lines = _joined(arguments_lines) if is_packed else [line for argument in arguments_lines for line in argument]
    return Code("\n".join([opening, *lines, closing]))


def _argument(code: str, indent: int) -> list[str]:
    """Return the lines of one argument, `name: annotation = default,`."""
    line = f"{' ' * indent}{code},"
    if columns(line) <= WIDTH or ": " not in code:
        return [line]
    name, _, rest = code.partition(": ")
    annotation, *default = _split(rest, " = ")
    return _union(f"{name}: ", annotation, f"{''.join(f' = {value}' for value in default)},", indent)


def _union(before: str, annotation: str, after: str, indent: int) -> list[str]:
    """Return the lines of an annotation that does not fit into one line, one for each part of the union."""
    parts = _split(annotation, " | ")
    last = len(parts) - 1
    return [
        line
        for number, part in enumerate(parts)
        for line in _broken("| " if number else before, part, "" if number < last else after, indent)
    ]


def _broken(before: str, annotation: str, after: str, indent: int) -> list[str]:
    """Return the lines of one part of a union, such as `list[int]`; the content of brackets is broken if needed."""
    margin, deeper = " " * indent, " " * (indent + STEP)
    opening, bracket, inner = annotation.partition("[")
    if not bracket or columns(f"{margin}{before}{annotation}{after}") <= WIDTH:
        return [f"{margin}{before}{annotation}{after}"]
    inner = inner.removesuffix("]")
    items = _split(inner, ", ")
    if columns(f"{deeper}{inner}") <= WIDTH:
        lines = [f"{deeper}{inner}"]
    elif len(items) == 1:
        lines = _union("", inner, "", indent + STEP)
    else:
        lines = [line for item in items for line in _union("", item, ",", indent + STEP)]
    return [f"{margin}{before}{opening}[", *lines, f"{margin}]{after}"]


def _split(code: str, separator: str) -> list[str]:
    """Split code at separators that are not inside of strings or brackets."""
    pieces, start, depth = [], 0, 0
    for token in re.finditer(rf"{TEXT.pattern}|[\[\](){{}}]|{re.escape(separator)}", code):
        if token.group() == separator and not depth:
            pieces.append(code[start : token.start()])
            start = token.end()
        depth += (token.group() in "[({") - (token.group() in "])}")
    return [*pieces, code[start:]]
