"""Build what the source of asynchronous methods and modules has instead of that of the blocking ones.

Asynchronous modules have the signatures of the blocking modules and import their constants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ovcgen.documents.python_identifiers import columns
from ovcgen.generator.code import STEP, WIDTH, Code, prose
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.model.api import Operation

REQUIREMENTS = ("anyio>=4.11", "httpcore2>=2.16", "httpx2>=2.16", "socksio>=1.0")  # the extra `aio`
PRIVATE = "  # pyright: ignore[reportPrivateUsage]"
ASYNC_NAMES = {"Stream": "AsyncStream", "Task": "AsyncTask", "Waited": "AsyncWaited"}  # by their public names
SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class MethodKeywords:
    """A record of the keywords of blocking or asynchronous methods.

    `define` begins a method (`def` or `async def`), and `wait` stands before a call ("" or `await `).
    """

    define: str
    wait: str


BLOCKING = MethodKeywords("def", "")
ASYNCHRONOUS = MethodKeywords("async def", "await ")


@dataclass(frozen=True, slots=True)
class MethodSource:
    """The source of one method, blocking or asynchronous.

    Attributes:
        overloads: The overloads that stand before it; () for none.
        signature: The line or lines from `def` up to the colon, which is not in it.
        docstring: The docstring.
        body: The statements.
        annotations: All its annotations, from which the imports of the module are found.
    """

    overloads: tuple[Code, ...]
    signature: Code
    docstring: Code
    body: Code
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsyncModule:
    """What an asynchronous module has instead of the imports and constants of the blocking one.

    Attributes:
        imports: The import lines that the module needs at run time.
        constants: The import of the constants, or of their module; "" if there are none.
        checking: The import lines for type checkers only.
        marks: The import of the decorator for deprecated methods; () if it is not used.
        remark: The comment for style checkers; "" for none.
    """

    imports: tuple[Code, ...]
    constants: Code
    checking: tuple[Code, ...]
    marks: tuple[Code, ...]
    remark: Code


def summary_of(operation: Operation) -> str:
    """Return the start of an operation's description: as many sentences as fit into one line, at least one.

    Only the first line of the description counts. Without a description it is the operation's method and path.
    """
    first, *others = SENTENCE_END.split(prose(operation.doc).partition("\n")[0] or f"{operation.place}.")
    for sentence in others:
        if columns(f"{first} {sentence}") > WIDTH - 2 * STEP - len('""""""'):
            break
        first = f"{first} {sentence}"
    return first


def constants_import(module: str, names: Iterable[str]) -> Code:
    """Return the import of private constants of another module, with as many on each line as fit; "" for no names."""
    lines: list[str] = []
    for name in names:
        if lines and columns(f"{lines[-1]} {name},{PRIVATE}") <= WIDTH:
            lines[-1] += f" {name},"
        else:
            lines.append(f"{' ' * STEP}{name},")
    body = "".join(f"{line}{PRIVATE}\n" for line in lines)
    return Code(f"from {module} import (  # isort: skip\n{body})" if body else "")


def class_import(name: str, module: str, scope: ScopedNames, used: frozenset[str]) -> list[str]:
    """Return the import line of the asynchronous twin of a runtime class; [] if the class is not used.

    The twin of `Task` is `AsyncTask`; it is imported under the name that `Task` has in this scope.

    Args:
        name: The name of the blocking class, such as `Task`.
        module: The module of the runtime that has the twin, such as `aio.tasks`.
        scope: The spelling of imported names in the module.
        used: The names that the code of the module uses.
    """
    here = scope(name)
    return [f"from ..._runtime.{module} import {ASYNC_NAMES[name]} as {here}"] if here in used else []
