"""Define the errors of documents that are refused.

SpecRefused
├── TooLarge          larger than the limit
├── NotJson           invalid, ambiguous or too deep JSON
├── NotYaml           the same for YAML
├── HtmlPage          a login or error page instead of a catalog
├── NotSwagger        JSON, but neither Swagger 2.0 nor OpenAPI 3
├── BadStructure      Swagger 2.0 with mistakes; up to ten are listed
├── NotAsWritten      a document with mistakes, all listed: in strict mode, or if no operation is left
├── ForeignReference  a reference that leaves the document
├── PartialCatalog    the portal could not load some actors
├── EmptyCatalog      a catalog without operations
└── GroupConflict     two groups of a portal that contradict each other
"""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.documents.document import Problem
from ovcgen.errors import SpecRefused

MOST_PROBLEMS = 10


def printable(text: str, length: int = 120) -> str:
    """Return a text of unknown origin for an error message: printable ASCII on one line.

    Other characters are escaped as in Python's `ascii()`; backslashes and quotes stay as they are. A result of more
    than `length` characters is cut to `length` and ends with `...`.
    """
    plain = "".join(
        character if " " <= character <= "~" else ascii(character)[1:-1] for character in text[: length + 1]
    )
    return plain if len(plain) <= length else plain[: length - 3] + "..."


class TooLarge(SpecRefused):
    """An error: a document, or a document with the files that it references, has more bytes than the limit.

    Args:
        source: The name of the document, with which the message begins.
        limit: The limit in bytes; the message gives it in MiB.
    """

    def __init__(self, source: str, limit: int) -> None:
        super().__init__(
            f"{source} is larger than {limit // 2**20} MiB.",
            fix="A whole catalog has less than one; check that this is the right address or file.",
        )


class NotJson(SpecRefused):
    """An error: the bytes are not a JSON object, break a limit, or could be understood differently by two JSON readers.

    The last one means a repeated key.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"{source} is not strict JSON: {reason}.",
            fix="Download it again, or correct the file; nothing was changed.",
        )


class NotYaml(SpecRefused):
    """An error: the text is not YAML, holds something that JSON can't express, breaks a limit, or repeats a key.

    Args:
        source: The name of the document, with which the message begins.
        reason: What is wrong, as a clause such as `it holds no object`.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source} is not YAML that JSON could say too: {reason}.", fix="Correct the file.")


class HtmlPage(SpecRefused):
    """An error: an HTML page instead of a document, as a portal returns it if nobody is logged in.

    That is a response of the type `text/html`, or bytes that begin with `<`.

    Args:
        source: The name of the document, with which the message begins.
    """

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} is an HTML page, not a catalog; portals answer so when nobody is logged in.",
            fix="Check the credentials, and that the address is the portal's root, as in https://portal.example.",
        )


class NotSwagger(SpecRefused):
    """An error: the document is neither Swagger 2.0 nor OpenAPI 3, or is not the one of the two that is needed.

    Args:
        source: The name of the document, with which the message begins.
        found: What the document says about its format, as a clause such as `it says openapi: 4.0`.
    """

    def __init__(self, source: str, found: str) -> None:
        super().__init__(
            f"{source} is neither Swagger 2.0 nor OpenAPI 3: {found}.",
            fix="Pass a portal's catalog, or a file that says `swagger: 2.0` or `openapi: 3.x`.",
        )


class BadStructure(SpecRefused):
    """An error: a portal's document breaks rules of Swagger 2.0. Portals' documents are refused instead of repaired.

    Args:
        source: The name of the document, with which the message begins.
        problems: (JSON pointer, what is wrong) pairs. The message lists the first ten, and says if there are more.

    Attributes:
        problems: The first ten of these pairs.
    """

    def __init__(self, source: str, problems: Sequence[tuple[str, str]]) -> None:
        listing = "\n".join(f"  {pointer or '(document)'}: {what}" for pointer, what in problems[:MOST_PROBLEMS])
        more = "\n  and more" if len(problems) > MOST_PROBLEMS else ""
        super().__init__(
            f"{source} breaks the rules of Swagger 2.0:\n{listing}{more}\n",
            fix="Correct these places in the file; if a portal serves them, its release is damaged or unknown.",
        )
        self.problems = tuple(problems[:MOST_PROBLEMS])


class NotAsWritten(SpecRefused):
    """An error: a document of Swagger 2.0 or OpenAPI 3 has mistakes, and strict mode is on or no operation is left.

    Args:
        source: The name of the document, with which the message begins.
        problems: The mistakes, which are all listed in the message.
        strict: Whether strict mode is the reason; otherwise the message says that no operation can be called.

    Attributes:
        problems: All mistakes, as `Problem` records.
    """

    def __init__(self, source: str, problems: Sequence[Problem], *, strict: bool) -> None:
        listing = "\n".join(f"  {problem.pointer or '(document)'}: {problem.what}" for problem in problems)
        what = "breaks the rules of its specification" if strict else "has no operation that can be called"
        fix = "Correct these places in the file"
        super().__init__(
            f"{source} {what}:\n{listing}\n", fix=f"{fix}, or leave out --strict." if strict else f"{fix}."
        )
        self.problems = tuple(problems)


class ForeignReference(SpecRefused):
    """An error: a `$ref` leaves the document (it does not begin with `#/`), so following it would fetch something.

    A `$ref` beside a key `x-scope` is refused, too, because bravado would resolve it relative to that key.

    Args:
        source: The name of the document, with which the message begins.
        pointer: The JSON pointer of the key `$ref` or `x-scope`.
        target: The value of that key; it is made printable.
    """

    def __init__(self, source: str, pointer: str, target: str) -> None:
        super().__init__(
            f"{source} refers to {printable(target)} at {pointer}, outside of itself.",
            fix="Put what it refers to into the document's own definitions; references begin with `#/`.",
        )


class PartialCatalog(SpecRefused):
    """An error: a portal's catalog says in its description that some actors could not be loaded; they are missing.

    Args:
        source: The name of the document, with which the message begins.
        actors: The names of the missing actors.

    Attributes:
        actors: The same names, as a tuple.
    """

    def __init__(self, source: str, actors: Sequence[str]) -> None:
        names = ", ".join(printable(actor) for actor in actors)
        super().__init__(
            f"{source} is incomplete: the portal could not load {names}.",
            fix="Ask the portal's administrator to repair these actors, or accept the rest with --allow-partial.",
        )
        self.actors = tuple(actors)


class EmptyCatalog(SpecRefused):
    """An error: the catalogs of all groups of a portal together have no paths.

    Args:
        source: The name of the catalog, with which the message begins.
    """

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} has no operations.", fix="Check the names of the groups, and the rights of the account."
        )


class GroupConflict(SpecRefused):
    """An error: the catalogs of two groups of one portal describe the same path, definition or other part differently.

    Args:
        source: The name of the portal, such as its URL.
        what: The name of that part, such as the path; it is made printable.
    """

    def __init__(self, source: str, what: str) -> None:
        super().__init__(
            f"The catalogs of {source} say different things about {printable(what)}.",
            fix="Fetch the groups into folders of their own, with --specs.",
        )
