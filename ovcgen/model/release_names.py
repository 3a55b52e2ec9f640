"""Check, derive and sort the names of releases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from ovcgen.errors import UsageError

# A release names a folder and a package, so it begins and ends like a word: no `..`, no `-option`, no hidden file.
NAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._+-]{0,62}[0-9A-Za-z])?")
PARTS = re.compile(r"\d+|[A-Za-z]+")
LETTERS, END, NUMBER = 0, 1, 2
LONGEST, LONGEST_VERSION, HASH = 64, 30, 6
NO_VERSIONS = ("not set", "unset", "none", "null", "undefined", "n/a", "unknown")


class BadReleaseName(UsageError):
    """An error: a text is not a valid name of a release."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:80]!a} can't be the name of a release.",
            fix="Use up to 64 letters, digits and . _ + - between them, as in 2.4.5.",
        )


def valid_release(name: str) -> str:
    """Return `name` unchanged if it is a valid name of a release.

    It has 1 to 64 ASCII letters, digits and signs `. _ + -`, and begins and ends with a letter or digit.

    Raises:
        BadReleaseName: it is not valid.
    """
    if not NAME.fullmatch(name):
        raise BadReleaseName(name)
    return name


def is_release(name: str) -> bool:
    """Return whether `name` is a valid name of a release (see `valid_release`)."""
    return NAME.fullmatch(name) is not None


def own_name(title: str, version: str) -> str:
    """Return a release name made of a document's title and version.

    A placeholder version such as `version not set` is left out. Texts that are too long are cut, and letters without an
    ASCII form are dropped; then a short hash of the whole text keeps the name distinct. The result is `unknown` if
    nothing is left.
    """
    number = "" if _says_nothing(version) else _cut(version, LONGEST_VERSION)
    word = _cut(title, LONGEST - len(number) - 1 if number else LONGEST, nameless="api")
    return "-".join(filter(None, (word, number))) or "unknown"


def _says_nothing(version: str) -> bool:
    """Return whether a version is a placeholder: `version not set` (grpc-gateway), `${project.version}`, `unknown`."""
    word = version.strip().lower()
    return word in NO_VERSIONS or ("version" in word and not re.search(r"\d", word))


def _cut(text: str, room: int, *, nameless: str = "") -> str:
    """Return the words of a text in at most `room` characters; with a short hash of it if something was lost."""
    word = _words(text)
    if len(word) <= room and not _loses_letters(text):
        return word
    digits = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH]
    return "-".join(filter(None, (word[: room - HASH - 1].strip("-.") or nameless, digits)))


def _loses_letters(text: str) -> bool:
    """Return whether a letter or digit has no ASCII form."""
    return any(character.isalnum() and not _ascii(character) for character in text if not character.isascii())


def _words(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z.]+", "-", re.sub(r"\.{2,}", ".", _ascii(text))).strip("-.")


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def in_order(releases: Iterable[str]) -> tuple[str, ...]:
    """Return the releases sorted from oldest to newest, as in 2.1.6, 2.2.6, 2.10.0-rc1, 2.10.0."""
    return tuple(sorted(releases, key=order))


def order(release: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Return the key by which releases are sorted: numbers are compared as numbers, `rc` comes before its release.

    Letters sort before the end of the name, and the end before a number. Names that differ only in their signs
    (`1.0`, `1-0`) are sorted as texts.
    """
    found = (part.group() for part in PARTS.finditer(release))
    parts = tuple((NUMBER, int(part), "") if part.isdigit() else (LETTERS, 0, part) for part in found)
    return (*parts, (END, 0, "")), release
