"""Define a dialect: how to recognise a family of documents, how to normalise them, and which words their SDKs use.

`dialects` finds all dialects. To add one, create a package beside this module that defines `DIALECT`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovcgen.documents.document import Document, Json
from ovcgen.normalise.walk import Step


@dataclass(frozen=True, slots=True)
class LoginExample:
    """One way to log in: the class `name` of the module `_runtime.<home>`, with arguments for an example."""

    name: str
    home: str
    arguments: tuple[str, ...]
    remark: str
    renews: bool = False  # gets tokens, and renews them before they expire


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an SDK that the document itself does not give. All texts are code or prose written by us."""

    product: str = ""  # the product that has these releases; "" if documents are unrelated
    distribution: str = "api"  # the first part of a package's name if the release is a bare version number
    service: str = "API"  # the noun for the service
    source: str = "document"  # the noun for the document
    client: str = "client"  # the client's variable in examples; its class has the same name, capitalised
    alias: str = "api"  # the name under which examples import the package
    address: str = ""  # the URL in examples; "" for the document's
    logins: tuple[LoginExample, ...] = ()  # the logins of all documents; () for those that the document declares
    first_login: str = ""  # the login in examples, as code
    first_calls: tuple[str, ...] = ()  # dotted names of preferred examples
    first_tasks: tuple[str, ...] = ()
    samples: tuple[tuple[str, Json], ...] = ()  # example values by wire name of the parameter

    @property
    def class_name(self) -> str:
        """Return the name of the client's class."""
        return self.client.capitalize()


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family of documents.

    Attributes:
        steps: The functions that normalise a document, in order.
        doubts: The ones of `steps` that discard declarations which documents of this family mostly get wrong.
        tasks: Whether operations can run as tasks, and objects have waiters.
        pinned: Whether releases are pinned. An invalid or incomplete document is then refused.
        old_clients: Python expressions that return a client of another library with the same method names.
    """

    name: str
    recognises: Callable[[Document], bool]
    steps: tuple[Step, ...]
    doubts: tuple[Step, ...] = ()
    wording: Wording = Wording()
    tasks: bool = False
    pinned: bool = False
    old_clients: tuple[str, ...] = ()
