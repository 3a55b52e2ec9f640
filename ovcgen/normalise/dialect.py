"""Define a dialect: how to recognise a family of documents, how to normalise them, and which words their SDKs use.

`dialect_registry` finds all dialects. To add one, create a package beside this module that defines `DIALECT`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovcgen.documents.document import Document, Json
from ovcgen.normalise.transform import Step


@dataclass(frozen=True, slots=True)
class LoginExample:
    """A record of one way to log in, from which the README and the docstrings of an SDK show an example.

    Attributes:
        name: The name of the login's class.
        home: The runtime module of that class: it is imported from `_runtime.<home>`.
        arguments: The arguments of the example, as code; names such as `token` are variables that the reader sets.
        remark: What the login needs, as a comment for the example.
        renews: Whether it gets tokens, and renews them before they expire.
    """

    name: str
    home: str
    arguments: tuple[str, ...]
    remark: str
    renews: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A record of the words of an SDK that the document itself does not give, as code or prose.

    Attributes:
        product: The product that has these releases; "" if documents are unrelated.
        distribution: The first part of a package's name if the release is a bare version number.
        service, source: The nouns for the service and for the document.
        client: The client's variable in examples; its class has the same name, capitalised.
        alias: The name under which examples import the package.
        address: The URL in examples; "" for the document's.
        logins: The logins of all documents; () for those that the document declares.
        first_login: The login in examples, as code.
        first_calls, first_tasks: Dotted names of preferred examples, of calls and of calls that run as tasks.
        samples: (wire name of a parameter, example value) pairs.
    """

    product: str = ""
    distribution: str = "api"
    service: str = "API"
    source: str = "document"
    client: str = "client"
    alias: str = "api"
    address: str = ""
    logins: tuple[LoginExample, ...] = ()
    first_login: str = ""
    first_calls: tuple[str, ...] = ()
    first_tasks: tuple[str, ...] = ()
    samples: tuple[tuple[str, Json], ...] = ()

    @property
    def class_name(self) -> str:
        """Return the name of the client's class: `client`, its first letter in upper case, all others in lower case."""
        return self.client.capitalize()


@dataclass(frozen=True, slots=True)
class Dialect:
    """A record of one family of documents: how they are recognised, normalised and described in SDKs.

    Attributes:
        name: The name of the dialect, such as `plain`.
        recognises: Returns whether a document, as served, belongs to the family.
        steps: The functions that normalise a document, in order. Each returns a new document.
        doubts: The ones of `steps` that discard declarations which documents of this family mostly get wrong.
        wording: The words that SDKs of such documents use.
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
