"""Names of releases: which are allowed, and their natural order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ovcgen.errors import UsageError

# A release names a folder and a package, so it begins and ends like a word: no `..`, no `-option`, no hidden file.
NAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._+-]{0,62}[0-9A-Za-z])?")
PARTS = re.compile(r"\d+|[A-Za-z]+")
LETTERS, END, NUMBER = 0, 1, 2
LONGEST, LONGEST_VERSION = 64, 30


class BadReleaseName(UsageError):
    """A text that can't name a release."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:80]!a} can't be the name of a release.",
            fix="Use up to 64 letters, digits and . _ + - between them, as in 2.4.5.",
        )


def valid_release(name: str) -> str:
    """That name, if it can name a release."""
    if not NAME.fullmatch(name):
        raise BadReleaseName(name)
    return name


def is_release(name: str) -> bool:
    """Whether that text can name a release."""
    return NAME.fullmatch(name) is not None


def own_name(title: str, version: str) -> str:
    """The name that a document gives itself with its title and version, of which the version is never cut off."""
    title, version = _words(title), _words(version)
    version = version[:LONGEST_VERSION].strip("-.")
    title = title[: LONGEST - len(version) - 1].strip("-.") if version else title[:LONGEST].strip("-.")
    return "-".join(filter(None, (title, version))) or "unknown"


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9A-Za-z.]+", "-", re.sub(r"\.{2,}", ".", plain)).strip("-.")


def in_order(releases: Iterable[str]) -> tuple[str, ...]:
    """Oldest first: 2.1.6, 2.2.6, 2.10.0-rc1, 2.10.0."""
    return tuple(sorted(releases, key=order))


def order(release: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """The key to sort releases by; letters come before the end of a name, and the end before a number."""
    found = (part.group() for part in PARTS.finditer(release))
    parts = tuple((NUMBER, int(part), "") if part.isdigit() else (LETTERS, 0, part) for part in found)
    return (*parts, (END, 0, "")), release
