"""A family of documents: how one is recognised, what is wrong with all of them, and the words that SDKs use of them.

`dialects` finds those there are. A new one is a folder beside this file whose `DIALECT` is such a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovcgen.documents.document import Document, Json
from ovcgen.normalise.walk import Step


@dataclass(frozen=True, slots=True)
class LoginExample:
    """One way to log in: a class of `_runtime.<home>`, and how an example calls it."""

    name: str
    home: str
    arguments: tuple[str, ...]
    remark: str
    renews: bool = False  # gets tokens, and new ones before they expire


@dataclass(frozen=True, slots=True)
class Wording:
    """What an SDK says where documents alone don't tell: every text here is code or prose of ours."""

    product: str = ""  # what a release is one of; "" where each document is a thing of its own
    distribution: str = "api"  # what a package is called before a bare version number
    service: str = "API"  # what is called
    source: str = "document"  # what tells its calls
    client: str = "client"  # the variable that stands for it in examples; its class is called alike
    alias: str = "api"  # and what the package is imported as
    address: str = ""  # the one in examples; "" for that of the document
    logins: tuple[LoginExample, ...] = ()  # those of every document, beside the ones that a document declares
    first_login: str = ""  # the one in examples, as it is called there
    first_calls: tuple[str, ...] = ()  # examples, where a document has them
    first_tasks: tuple[str, ...] = ()
    samples: tuple[tuple[str, Json], ...] = ()  # values that examples show, by the wire names of parameters

    @property
    def class_name(self) -> str:
        """What the client's class is called."""
        return self.client.capitalize()


@dataclass(frozen=True, slots=True)
class Dialect:
    """One such family; `steps` make a document of it well-formed."""

    name: str
    recognises: Callable[[Document], bool]
    steps: tuple[Step, ...]
    doubts: tuple[
        Step, ...
    ] = ()  # those of `steps` that take away what documents of this family mostly declare wrongly
    wording: Wording = Wording()
    tasks: bool = False  # calls can run as tasks, and objects be waited for
    pinned: bool = False  # its releases are pinned; what is served as one is whole, or refused
    old_clients: tuple[str, ...] = ()  # expressions that give a client of another make, with the same names as ours
