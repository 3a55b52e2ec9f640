"""Texts become Python here and nowhere else: finished pieces of code, texts in ASCII, in the layout of `ruff format`.

A template prints `Code` and refuses every other string, so no text reaches a file but through this module.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from ovcgen.documents.identifiers import columns
from ovcgen.model.schema import Json

WIDTH = 120
TEXT = re.compile(r'"(?:\\.|[^"\\])*"|' + r"'(?:\\.|[^'\\])*'")  # one in one line
STEP = 4
AMBIGUOUS = frozenset({"I", "O", "l"})


class Code(str):
    """A finished piece of code or of a page; the only thing a template prints."""

    __slots__ = ()


def literal(value: Json) -> str:
    """A JSON value, or a tuple of such, as Python in one line."""
    match value:
        case (single,) if isinstance(value, tuple):
            return f"({literal(single)},)"
        case tuple():
            return f"({', '.join(map(literal, value))})"
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(literal(each) for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in sorted(value.items()))}}}"
        case float() if value != value or value in (float("inf"), float("-inf")):
            return "None"  # JSON has no such number
        case float():
            return repr(value).replace("e+", "e")
        case _:
            return repr(value)


def annotation_text(code: str) -> str:
    """Return an annotation as a text, in which the letters of names stay as they are."""
    return _in_quotes(code.replace("\\", "\\\\"))


def _quoted(text: str) -> str:
    return _in_quotes(_escaped(text))


def _in_quotes(body: str) -> str:
    """Double quotes, unless the other kind needs fewer backslashes."""
    quote = "'" if body.count('"') > body.count("'") else '"'
    return f"{quote}{body.replace(quote, chr(92) + quote)}{quote}"


def _escaped(text: str) -> str:
    """The inside of a literal, quotes left alone: printable ASCII, whatever comes in."""
    return text.encode("unicode_escape").decode("ascii")


def docstring(text: str, indent: int) -> Code:
    """That text as a docstring, wrapped where a line is prose; `inspect.cleandoc` gives the words back."""
    width = WIDTH - indent
    first, *others = _harmless(prose(text)).split("\n")
    lines = [*_wrapped(first, width - 6), *(part for line in others for part in _wrapped(line, width))]
    margin = " " * indent
    body = "\n".join([lines[0], *(f"{margin}{line}" if line else "" for line in lines[1:])])
    return Code(f'"""{body}\n{margin}"""' if len(lines) > 1 else f'"""{body}"""')


def prose(text: str) -> str:
    """The text without what carries no meaning in a docstring: common indentation, blanks at the ends of lines."""
    lines = inspect.cleandoc(text.replace("\r\n", "\n")).split("\n")
    return "\n".join(line.rstrip(" ") for line in lines).strip("\n ")


def _wrapped(code: str, width: int) -> list[str]:
    """A long line in several; what follows `name: ` is set in, and what was set in stays so.

    Only blanks are places to break: what is between them may be long, and stays whole.
    """
    if len(code) <= width:
        return [code]
    margin = code[: len(code) - len(code.lstrip(" "))][: width // 2]
    hanging = " " * STEP if re.match(r"\w+: ", code) else margin
    options = {"break_long_words": False, "break_on_hyphens": False, "replace_whitespace": False, "expand_tabs": False}
    return wrap(code.strip(" "), width, initial_indent=margin, subsequent_indent=hanging, **options)  # type: ignore[arg-type]


def _harmless(text: str) -> str:
    """Lines inside triple quotes; the last does not end in a quote of its own."""
    code = "\n".join(map(_escaped, text.split("\n"))).replace('"""', "\\x22\\x22\\x22")
    code = f"{code[:-1]}\\x22" if code.endswith('"') else code
    return f" {code}" if code.startswith('"') else code


@dataclass(frozen=True, slots=True)
class Bracket:
    """`opening`, items, `closing`: in one line where that fits, else an item a line with a comma after each."""

    opening: str
    items: tuple[Bracket | str, ...]
    closing: str
    lone_comma: bool = False  # a tuple of one

    @property
    def flat(self) -> str:
        inner = ", ".join(bracket if isinstance(bracket, str) else bracket.flat for bracket in self.items)
        comma = "," if self.lone_comma and len(self.items) == 1 else ""
        return f"{self.opening}{inner}{comma}{self.closing}"


def laid_out(code: Bracket | str, *, indent: int = 0, before: int = 0, after: int = 0) -> Code:
    """The code at that indentation, with `before` columns used in front of it and `after` needed behind it."""
    flat = code if isinstance(code, str) else code.flat
    if isinstance(code, str) or indent + before + columns(flat) + after <= WIDTH or not code.items:
        return Code(flat)
    inner = indent + STEP
    lines = [_item(" " * inner, laid_out(bracket, indent=inner, after=1)) for bracket in code.items]
    return Code("\n".join([code.opening, *lines, f"{' ' * indent}{code.closing}"]))


def _item(margin: str, code: str) -> str:
    """One item with its comma; a name that no line can hold is none of a reader's faults."""
    lone = "\n" not in code and columns(f"{margin}{code},") > WIDTH
    return f"{margin}{code},  # noqa: E501" if lone else f"{margin}{code},"


def remark(
    code: Iterable[str] = (),
    *,
    variables: Iterable[str] = (),
    classes: Iterable[str] = (),
    functions: Iterable[str] = (),
) -> Code:
    """Return the comment that keeps style checkers from what a document's names make of a module; "" for none.

    These are lines of `code` that nothing can break, and names that look like digits.
    """
    rules = {
        "E501": any(columns(line) > WIDTH for each in code for line in each.split("\n")),
        "E741": not AMBIGUOUS.isdisjoint(variables),
        "E742": not AMBIGUOUS.isdisjoint(classes),
        "E743": not AMBIGUOUS.isdisjoint(functions),
    }
    found = [rule for rule, is_broken in rules.items() if is_broken]
    return Code(f"# ruff: noqa: {', '.join(found)}" if found else "")


def import_from(module: str, name: str, *, indent: int) -> Code:
    """The import of one name at that indentation, in the layout that sorted imports have."""
    line = f"from {module} import {name}"
    if indent + columns(line) <= WIDTH:
        return Code(line)
    margin = " " * indent
    return Code(f"from {module} import (\n{margin}{' ' * STEP}{name},\n{margin})")


def signature(opening: str, arguments: Iterable[str], returns: Sequence[str], *, indent: int, after: int = 1) -> Code:
    """`def name(self, *, a: int) -> int`: in one line, or the arguments in one line of their own, or one a line.

    `returns` are the parts of what stands after the arrow, any of which may come back.
    """
    listed = list(arguments)
    inner = ", ".join(listed)
    answer = " | ".join(returns)
    if indent + columns(f"{opening}{inner}) -> {answer}") + after <= WIDTH:
        return Code(f"{opening}{inner}) -> {answer}")
    margin, deeper = " " * indent, " " * (indent + STEP)
    closing = f"{margin}) -> {answer}"
    if columns(closing) + after > WIDTH and len(returns) > 1:
        lines = (
            [answer]
            if len(deeper) + columns(answer) <= WIDTH
            else [returns[0], *(f"| {return_}" for return_ in returns[1:])]
        )
        closing = "\n".join([f"{margin}) -> (", *(f"{deeper}{line}" for line in lines), f"{margin})"])
    if len(deeper) + columns(inner) <= WIDTH and len(listed) > 1:
        return Code(f"{opening}\n{deeper}{inner}\n{closing}")
    if columns(closing) + after > WIDTH and len(returns) == 1:
        closing = "\n".join(_broken(") -> ", returns[0], " " * after, indent)).rstrip(" ")
    lines = [line for each in listed for line in _argument(each, indent + STEP)]
    return Code("\n".join([opening, *lines, closing]))


def _argument(code: str, indent: int) -> list[str]:
    """One argument of a signature with its comma: `name: annotation = default`, in several lines where it is long."""
    line = f"{' ' * indent}{code},"
    if columns(line) <= WIDTH or ": " not in code:
        return [line]
    name, _, rest = code.partition(": ")
    annotation, *default = _split(rest, " = ")
    return _union(f"{name}: ", annotation, f"{''.join(f' = {each}' for each in default)},", indent)


def _union(before: str, annotation: str, after: str, indent: int) -> list[str]:
    """An annotation that does not fit into its line: each part of the union in its own, which may be broken, too."""
    parts = _split(annotation, " | ")
    last = len(parts) - 1
    return [
        line
        for number, part in enumerate(parts)
        for line in _broken("| " if number else before, part, "" if number < last else after, indent)
    ]


def _broken(before: str, annotation: str, after: str, indent: int) -> list[str]:
    """One part of a union, such as `list[int]`: where it does not fit, what is in its brackets has lines of its own."""
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
    """The pieces of code between separators that stand in no text and no brackets."""
    pieces, start, depth = [], 0, 0
    for token in re.finditer(rf"{TEXT.pattern}|[\[\](){{}}]|{re.escape(separator)}", code):
        if token.group() == separator and not depth:
            pieces.append(code[start : token.start()])
            start = token.end()
        depth += (token.group() in "[({") - (token.group() in "])}")
    return [*pieces, code[start:]]
