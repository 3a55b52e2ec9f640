"""Extract the visible text of an HTML page, for error messages.

`html.parser` is not used: it needs quadratic time (minutes) for a page with many unclosed tags, and any service could
send one. This scanner reads each character once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_000_000  # characters of a page that are read
TAG = "<(/?)([a-zA-Z][a-zA-Z0-9-]*)|<!--|<[!?]"
# Elements without visible text. They cover the head, whose own tags many pages leave out.
HIDDEN = frozenset(
    {"audio", "canvas", "iframe", "noframes", "object", "script", "style", "svg", "template", "title", "video"}
)
PAGE = r"(?i)\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b"
TITLE = "(?i)<title[^<>]*>([^<]*)"


def is_page(text: str, kind: str) -> bool:
    """Return whether the text is an HTML page, by the content type `kind` or by its beginning.

    A content type with `html` in it is enough. Else the text must begin with an HTML doctype, `<html>`, `<head>` or
    `<body>`, perhaps after whitespace and an XML declaration.
    """
    return "html" in kind.lower() or re.match(PAGE, text[:1000]) is not None


def page_text(page: str) -> str:
    """Return the visible text of an HTML page on one line: without tags, scripts, style sheets and comments.

    If there is none, the title is returned; "" without a title. At most 1,000,000 characters are read. Never raises.
    """
    from html import unescape  # only errors need it

    page = page[:LONGEST]
    shown = " ".join(unescape(" ".join(_shown(page))).split())
    if shown:
        return shown
    title = re.search(TITLE, page)
    return " ".join(unescape(title[1]).split()) if title else ""


def _shown(page: str) -> Iterator[str]:
    """Yield the text between the tags. An unclosed comment or script hides the rest, as in a browser."""
    tags, place = re.compile(TAG), 0
    while (tag := tags.search(page, place)) is not None:
        yield page[place : tag.start()]
        end = page.find("-->" if tag[0] == "<!--" else ">", tag.end())
        if end < 0:
            if tag[0] != "<!--":  # not a tag: a text with a "<" in it
                yield page[tag.start() :]
            return
        place = end + (3 if tag[0] == "<!--" else 1)
        name = (tag[2] or "").lower()
        if name in HIDDEN and not tag[1] and page[end - 1] != "/":
            close = re.compile(rf"(?i)</{name}(?=[\s/>])").search(page, place)
            if close is None:
                return
            place = close.start()  # the end tag is read by the next round
    yield page[place:]
