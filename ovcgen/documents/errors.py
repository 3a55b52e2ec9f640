"""Why a document is refused.

SpecRefused
├── TooLarge          more than we read
├── NotJson           broken, doubtful or too deep JSON
├── NotYaml           the same of YAML
├── HtmlPage          a login or error page instead of a catalog
├── NotSwagger        JSON, but not Swagger 2.0
├── BadStructure      Swagger 2.0 with mistakes, up to ten of them
├── NotAsWritten      Swagger 2.0 with mistakes, all of them, where none is allowed or no call is left
├── ForeignReference  a reference that leaves the document
├── PartialCatalog    actors that the portal could not load
├── EmptyCatalog      a catalog without operations
└── Conflict          two groups that say different things about one name
"""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.documents.document import Problem
from ovcgen.errors import SpecRefused

SHOWN = 10


def printable(text: str, length: int = 120) -> str:
    """A foreign text for an error message: short, one line, and harmless on a terminal."""
    plain = "".join(each if " " <= each <= "~" else ascii(each)[1:-1] for each in text[: length + 1])
    return plain if len(plain) <= length else plain[: length - 3] + "..."


class TooLarge(SpecRefused):
    """More bytes than a catalog can have."""

    def __init__(self, source: str, limit: int) -> None:
        super().__init__(
            f"{source} is larger than {limit // 2**20} MiB.",
            fix="A whole catalog has less than one; check that this is the right address or file.",
        )


class NotJson(SpecRefused):
    """Bytes that two readers of JSON might read differently, or not at all."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"{source} is not strict JSON: {reason}.",
            fix="Download it again, or correct the file; nothing was changed.",
        )


class NotYaml(SpecRefused):
    """Text that is no YAML, or more than JSON could say."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source} is not YAML that JSON could say too: {reason}.", fix="Correct the file.")


class HtmlPage(SpecRefused):
    """A page for people, where a catalog was expected."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} is an HTML page, not a catalog; portals answer so when nobody is logged in.",
            fix="Check the credentials, and that the address is the portal's root, as in https://portal.example.",
        )


class NotSwagger(SpecRefused):
    """A JSON document of another kind."""

    def __init__(self, source: str, found: str) -> None:
        super().__init__(
            f"{source} is not a Swagger 2.0 document: {found}.",
            fix="Pass a portal's catalog, or a file that says `swagger: 2.0`; OpenAPI 3 has to be converted first.",
        )


class BadStructure(SpecRefused):
    """A document that breaks rules of Swagger 2.0; `problems` are (JSON pointer, what is wrong) pairs."""

    def __init__(self, source: str, problems: Sequence[tuple[str, str]]) -> None:
        shown = "\n".join(f"  {pointer or '(document)'}: {what}" for pointer, what in problems[:SHOWN])
        more = "\n  and more" if len(problems) > SHOWN else ""
        super().__init__(
            f"{source} breaks the rules of Swagger 2.0:\n{shown}{more}\n",
            fix="Correct these places in the file; if a portal serves them, its release is damaged or unknown.",
        )
        self.problems = tuple(problems[:SHOWN])


class NotAsWritten(SpecRefused):
    """A document with mistakes that are not put up with; `problems` are all of them."""

    def __init__(self, source: str, problems: Sequence[Problem], *, strict: bool) -> None:
        shown = "\n".join(f"  {problem.pointer or '(document)'}: {problem.what}" for problem in problems)
        what = "breaks the rules of Swagger 2.0" if strict else "has no operation that can be called"
        fix = "Correct these places in the file"
        super().__init__(f"{source} {what}:\n{shown}\n", fix=f"{fix}, or leave out --strict." if strict else f"{fix}.")
        self.problems = tuple(problems)


class ForeignReference(SpecRefused):
    """A reference that would make somebody fetch something."""

    def __init__(self, source: str, pointer: str, target: str) -> None:
        super().__init__(
            f"{source} refers to {printable(target)} at {pointer}, outside of itself.",
            fix="Put what it refers to into the document's own definitions; references begin with `#/`.",
        )


class PartialCatalog(SpecRefused):
    """The portal itself says that parts of its catalog are missing."""

    def __init__(self, source: str, actors: Sequence[str]) -> None:
        names = ", ".join(printable(actor) for actor in actors)
        super().__init__(
            f"{source} is incomplete: the portal could not load {names}.",
            fix="Ask the portal's administrator to repair these actors, or accept the rest with --allow-partial.",
        )
        self.actors = tuple(actors)


class EmptyCatalog(SpecRefused):
    """A catalog that offers nothing."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} has no operations.", fix="Check the names of the groups, and the rights of the account."
        )


class GroupConflict(SpecRefused):
    """Two groups of one portal disagree."""

    def __init__(self, source: str, what: str) -> None:
        super().__init__(
            f"The catalogs of {source} say different things about {printable(what)}.",
            fix="Fetch the groups into folders of their own, with --specs.",
        )
