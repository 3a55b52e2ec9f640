"""Write parameters by style: the table of style, explode, type and location, which extends RFC 6570.

A value is a scalar, a list of scalars or a dict of scalars, and only for `deepObject` also a dict of dicts and lists;
`styled_argument_checks` has checked that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from .typeguards import is_dict, is_list
from .value_encoding import text_of

DEEP = "deepObject"
DEEPEST = 50  # levels inside of a deepObject
DEFAULT_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
EXPLODED = ("form", "cookie", DEEP)  # styles that explode if nothing is said
# RFC 3986, section 2.2, without `#`, which would end a query, and without brackets, which only hosts may contain
RESERVED = ":/?@!$&'()*+,;="
RESERVED_IN_A_PATH = ":@!$&'()*+,;="
ENCODED = r"(%[0-9A-Fa-f]{2})"

Writer = Callable[[str], str]


class StyleRule(NamedTuple):
    """The separators of one style, such as `matrix`.

    Attributes:
        before: The text before the whole value.
        between: The text between the parts of an exploded value.
        named: Whether the parameter's name is written.
        within: The text between the items of a value that is not exploded.
        blank: The text between a name and an empty text.
    """

    before: str
    between: str
    named: bool
    within: str = ","
    blank: str = "="


RULES = {
    "matrix": StyleRule(";", ";", named=True, blank=""),
    "label": StyleRule(".", ".", named=False),
    "simple": StyleRule("", ",", named=False),
    "form": StyleRule("", "&", named=True),
    "spaceDelimited": StyleRule("", "&", named=True, within=" "),
    "pipeDelimited": StyleRule("", "&", named=True, within="|"),
    "cookie": StyleRule("", "; ", named=True),
}


def percent_encoded(text: str) -> str:
    """Return a text percent-encoded as UTF-8: everything but ASCII letters, ASCII digits and `-._~`."""
    return quote(text, safe="")


def form_encoded(text: str) -> str:
    """Return a text as it is written in a URL-encoded form: `+` for a space, percent-encoding for most other signs.

    Only ASCII letters, ASCII digits and `-._` are kept; `~` is encoded as well.
    """
    return quote_plus(text, safe="").replace("~", "%7E")


def with_reserved(text: str, safe: str = RESERVED) -> str:
    """Return a text percent-encoded, in which the characters of `safe` and existing `%XX` are kept.

    Letters, digits and `-._~` are kept as well.
    """
    pieces = re.split(ENCODED, text)
    return "".join(piece if number % 2 else quote(piece, safe=safe) for number, piece in enumerate(pieces))


def unchanged(text: str) -> str:
    """Return the text itself: headers and raw cookies have no escapes."""
    return text


class Style(NamedTuple):
    """The style of one parameter, or of one property of a form.

    Attributes:
        name: A key of RULES, or `deepObject`.
        explode: Whether each item of a list, or member of a dict, is a part of its own.
        write: Returns a text with its special characters encoded, for a value.
        write_name: The same for a name.
    """

    name: str
    explode: bool
    write: Writer = percent_encoded
    write_name: Writer = percent_encoded


def explodes(style: str, explode: bool | None) -> bool:
    """Return whether lists and dicts explode: `explode`, or the default of the style if `explode` is None.

    By default `form`, `cookie` and `deepObject` explode, other styles do not.
    """
    return style in EXPLODED if explode is None else explode


def parts(style: Style, name: str, value: Any) -> list[str]:
    """Return the encoded parts of a value: `name=text` fields, or texts without a name for `simple` and `label`.

    The members of an exploded dict have their own names in all styles. A value that is not exploded has one part.

    Args:
        style: How to write the value.
        name: The name of the parameter.
        value: A scalar, or a list or dict of scalars.
    """
    rule = _rule(style)
    return [_part(rule, *pair) for pair in pairs(style, name, value)]


def pairs(style: Style, name: str, value: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield a tuple for each part of a value: the encoded name, the encoded text, and whether the name is written.

    The arguments are those of `parts`.
    """
    rule = _rule(style)
    own = style.write_name(name)
    if is_dict(value) and style.name == DEEP:
        for path, inner in deep_fields(name, value):
            yield style.write_name(path), style.write(text_of(inner)), True
    elif is_dict(value) and style.explode:
        for key, inner in value.items():
            yield style.write_name(key), style.write(text_of(inner)), True
    elif is_list(value) and style.explode:
        for item in value:
            yield own, style.write(text_of(item)), rule.named
    else:
        within = rule.within if rule.within == "," else style.write(rule.within)
        yield own, within.join(_texts(style, value)), rule.named


def deep_fields(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield (name, scalar) of the fields of a `deepObject`: `a[b][c]` for a dict in a dict. Nothing is encoded yet.

    OpenAPI leaves dicts and lists inside undefined; most servers read these names. The items of a list share one name;
    items that are dicts or lists themselves have their number as a key (`a[b][0][c]`).
    """
    members: Iterable[tuple[Any, Any]] = ()
    if is_dict(value):
        members = value.items()
    elif is_list(value) and any(is_dict(item) or is_list(item) for item in value):
        members = enumerate(value)
    elif is_list(value):
        yield from ((path, item) for item in value)
    else:
        yield path, value
    for key, inner in members:
        yield from deep_fields(f"{path}[{key}]", inner)


def _rule(style: Style) -> StyleRule:
    return RULES["form" if style.name == DEEP else style.name]


def _texts(style: Style, value: Any) -> Iterator[str]:
    """Yield the texts of a value that is not exploded: names and values, items, or one scalar."""
    if is_dict(value):
        for key, inner in value.items():
            yield style.write_name(key)
            yield style.write(text_of(inner))
    else:
        for item in value if is_list(value) else [value]:
            yield style.write(text_of(item))


def _part(rule: StyleRule, name: str, text: str, is_named: bool) -> str:
    if not is_named:
        return text
    return f"{name}={text}" if text else f"{name}{rule.blank if rule.named else '='}"


def joined(style: Style, name: str, value: Any) -> str:
    """Return a value as one text for a path or a header: the parts of `parts` with the separators of the style.

    The arguments are those of `parts`.

    Raises:
        KeyError: the style is `deepObject`.
    """
    rule = RULES[style.name]
    return rule.before + rule.between.join(parts(style, name, value))
