"""Select the files of a project that may use a client. In large projects most do not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ovcgen.usage.api_index import ApiIndex, is_distinctive
from ovcgen.usage.project_state import Module, Modules
from ovcgen.usage.source_files import Source
from ovcgen.usage.usages import Unread


def relevant(sources: Sequence[Source], api_index: ApiIndex, package: str) -> list[Source]:
    """Return the files that mention a client or a distinctive API name, and all files connected to them by imports.

    `package` is the import name of the SDK. The text of a file is searched, with comments. Connections are followed in
    both directions and over several files. The order of the files is kept.
    """
    modules = Modules(sources)
    beside: dict[str, set[str]] = {module.source.file: set() for module in modules.listed}
    for module in modules.listed:
        for name in _imported(module, modules):
            if (other := modules.named(name, module)) and other is not module:
                beside[module.source.file].add(other.source.file)
                beside[other.source.file].add(module.source.file)
    words = _words(api_index, package, distinctive=True)
    waiting = [source.file for source in sources if words.search(b"\n".join(source.lines))]
    found = set(waiting)
    while waiting:
        fresh = beside[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return [source for source in sources if source.file in found]


def mentions_client(source: Source, api_index: ApiIndex, package: str) -> bool:
    """Return whether a file itself mentions the SDK (its import name is `package`), ovcgen, or a group of the API.

    The creation of OpenvCloud's own client (`clients.portal.get`) counts as well. A group counts behind a dot, a slash
    or a quotation mark. Comments are searched too.
    """
    return bool(_words(api_index, package, distinctive=False).search(b"\n".join(source.lines)))


def without_foreign_notebooks(unread: Iterable[Unread], api_index: ApiIndex, package: str) -> list[Unread]:
    """Return the files that could not be read, without the notebooks that do not mention a client.

    What counts as a mention is the same as for `mentions_client`. `package` is the import name of the SDK.
    """
    words = _words(api_index, package, distinctive=False)
    return [file for file in unread if not file.notebook or words.search(file.notebook)]


def may_pass_positional(sources: Sequence[Source], api_index: ApiIndex, package: str) -> bool:
    """Return whether calls in the project may pass positional values, as OpenvCloud's own portal client accepts them.

    False if the project mentions an SDK or ovcgen, which accept only keywords, and no other client. `package` is the
    import name of the SDK.
    """
    ours = re.compile(rf"\b(?:{re.escape(package)}|ovcgen)\b".encode())
    old = re.compile("|".join(["portal_client", *_made(api_index)]).encode())
    lines = [b"\n".join(source.lines) for source in sources]
    return any(old.search(line) for line in lines) or not any(ours.search(line) for line in lines)


def _made(api_index: ApiIndex) -> list[str]:
    """Return patterns for the creation of clients that ovcgen did not generate, such as `clients.portal.get`."""
    return sorted({re.escape(client.partition(".")[2].partition("(")[0]) for client in api_index.old_clients})


def _words(api_index: ApiIndex, package: str, *, distinctive: bool) -> re.Pattern[bytes]:
    """Return a pattern for the SDK, ovcgen and groups; `distinctive` adds names that identify an operation."""
    groups = _any(api_index.groups)
    choices = [re.escape(package), "ovcgen", *([f"[./'\"](?:{groups})"] if groups else []), *_made(api_index)]
    if distinctive:
        operations = list(api_index.operations.values())
        wire = [operation.path.rstrip("/").split("/") for operation in operations]
        methods = {operation.name for operation in operations} | {steps[-1] for steps in wire}
        actors = {operation.actor for operation in operations if operation.actor} | {
            steps[-2] for steps in wire if len(steps) > 2
        }
        unusual = _any(method for method in methods if is_distinctive(method))
        choices += [unusual] if unusual else []
        choices += [rf"[./](?:{_any(actors)})\s*[./]\s*(?:{_any(methods)})"] if actors else []
    return re.compile(rf"(?:{'|'.join(choices)})\b".encode())


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(names, key=lambda name: (-len(name), name)))


def _imported(module: Module, modules: Modules) -> Iterator[str]:
    for node in ast.walk(module.source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from accumulate(alias.name.split("."), "{}.{}".format)
        elif isinstance(node, ast.ImportFrom):
            name = modules.absolute(module, node.level, node.module or "")
            yield from accumulate(name.split("."), "{}.{}".format)
            yield from (f"{name}.{alias.name}" for alias in node.names)
