"""Complete the words of a command line: commands, options, releases, portals, operations and their arguments.

Nothing is fetched. Operations come from kept catalogs, pinned releases and files; none of the libraries that read
documents is imported, unless an index of operations has to be made first.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, ShellComplete

from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.workflows.operation_index import OperationIndex
    from ovcgen.workflows.operation_index_cache import OperationSources

FILE, FOLDER, PLAIN = "file", "dir", "plain"  # kinds of CompletionItem: names of files, names of folders, a word
GROUPS = ("cloudapi", "cloudbroker", "libcloud", "system")
Items = Iterable[CompletionItem]


def completions(program: click.Command, line: str) -> list[CompletionItem]:
    """Return the possible completions of the last word of a command line; [] if the command is unknown.

    `program` is the group of `ovcgen`; the first word of `line` is the program and is not looked at. An item of type
    `file` or `dir` means that the shell completes names of files or folders. The completion functions are set on the
    parameters of the command, which is changed by this.
    """
    words, last = words_of(line)
    try:
        _prepare(program, words[1:])
        return ShellComplete(program, {}, "ovcgen", "").get_completions(words[1:], last)
    except UsageError:  # such as a command that does not exist
        return []


def words_of(line: str) -> tuple[list[str], str]:
    """Return (all words of a command line but the last, last word), split like a POSIX shell does.

    The last word is "" after a blank, or for an empty line. A quotation that is not closed ends at the end of the line.
    """
    for closing in ("", "\\", "'", '"'):
        try:
            words = shlex.split(line + closing)
            break
        except ValueError:
            continue
    else:
        words = line.split()
    if not line or (line[-1].isspace() and not closing):
        return words, ""
    return words[:-1], words[-1] if words else ""


def _prepare(program: click.Command, words: list[str]) -> None:
    """Set the completion functions of VALUES on the parameters of the command that `words` name."""
    command: click.Command | None = program
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            command = command.get_command(click.Context(command), word)
    for parameter in command.params if command else ():
        if parameter.name in VALUES:
            setattr(parameter, "shell_complete", partial(_items, VALUES[parameter.name]))  # noqa: B010  # for mypy


def _items(values: Callable[[click.Context, str], Items], ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the items that begin with the incomplete word, and all items of type `file` or `dir`."""
    return [item for item in values(ctx, incomplete) if item.type != PLAIN or item.value.startswith(incomplete)]


def _plain(names: Iterable[str], text: str = "") -> Iterator[CompletionItem]:
    return (CompletionItem(name, help=text) for name in names)


def _releases(ctx: click.Context, _incomplete: str) -> Items:
    return _plain(reversed(_sources(ctx).releases()), "pinned release")


def _profiles(_ctx: click.Context, _incomplete: str) -> Items:
    from ovcgen.cli.profiles.profile_selection import profile_names

    return _plain(profile_names(), "profile")


def _portals(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """Yield the names of the profiles, and the URLs of the portals whose catalog is kept."""
    yield from _profiles(ctx, incomplete)
    yield from _plain(dict.fromkeys(url for url, _ in _sources(ctx).portals()), "portal")


def _portals_and_files(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    yield from _portals(ctx, incomplete)
    yield CompletionItem(incomplete, type=FILE)


def _releases_and_files(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    yield from _releases(ctx, incomplete)
    yield CompletionItem(incomplete, type=FILE)


def _sources_of_operations(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """Yield the profiles, portals, releases and files that operations can be read from."""
    yield from _portals(ctx, incomplete)
    yield from _releases_and_files(ctx, incomplete)


def _call_sources(ctx: click.Context, incomplete: str) -> Items:
    """Return the completions of an argument `source`. Only the command `call` takes no release there."""
    find = _portals_and_files if ctx.info_name == "call" else _sources_of_operations
    return find(ctx, incomplete)


def _groups(_ctx: click.Context, _incomplete: str) -> Items:
    return _plain(GROUPS, "group of operations")


def _operations(ctx: click.Context, _incomplete: str) -> Iterator[CompletionItem]:
    for index in _indexes(ctx):
        for name, record in index.operations.items():
            yield CompletionItem(name, help=record["summary"])


def _arguments(ctx: click.Context, incomplete: str) -> Iterator[CompletionItem]:
    """Yield `name=` for the arguments that are not given yet, or `name=value` if `incomplete` has the name already."""
    name: str = ctx.params.get("operation") or ""
    record = next((index.operations[name] for index in _indexes(ctx) if name in index.operations), None)
    if record is None:
        return
    given = {word.partition("=")[0].partition("@")[0].rstrip(":") for word in ctx.params.get("words") or ()}
    for parameter in record["arguments"]:
        start = f"{parameter['name']}="
        if incomplete.startswith(start):
            values = parameter["values"] or ([True, False] if parameter["type"] == "boolean" else [])
            yield from _plain(start + (value if isinstance(value, str) else str(value).lower()) for value in values)
        elif parameter["name"] not in given or parameter["type"].startswith("list"):
            kind = f"{parameter['type']}{', required' if parameter['required'] else ''}"
            yield CompletionItem(start, help=f"{kind}: {parameter['description']}")
        if incomplete.startswith(f"{parameter['name']}@"):
            yield CompletionItem(incomplete, type=FILE)


def _sources(ctx: click.Context) -> OperationSources:
    """Return the sources of operations. No warning is printed, because it would disturb the command line."""
    from ovcgen.releases.catalog_cache import catalog_cache
    from ovcgen.workflows.operation_index_cache import OperationSources

    return OperationSources(catalog_cache(_silent), ctx.params.get("specs"))


def _silent(_warning: str) -> None:
    """Ignore a warning."""


def _indexes(ctx: click.Context) -> Iterator[OperationIndex]:
    """Yield the indexes of the operations that can be called: of a document, a release, or a portal's kept catalog.

    For a portal without a kept catalog, the operations of the newest pinned release are used.
    """
    from ovcgen.workflows.document_input import is_file, is_url

    sources, params = _sources(ctx), ctx.params
    source: str = params.get("source") or ""
    document = params.get("spec") or params.get("release") or ("" if is_url(source) else source)
    if document and is_file(document):
        yield from _index_of_file(Path(document), sources)
        return
    kept = [] if document else [group for url, group in sources.portals() if url == source.rstrip("/")]
    for group in kept:
        found = sources.kept_of_portal(source, group)
        if found:
            yield found.index
    pinned = sources.releases()
    if not kept and (document or pinned):
        yield from [sources.of_release(document or pinned[-1])] if (document or pinned[-1]) in pinned else []


def _index_of_file(path: Path, sources: OperationSources) -> Iterator[OperationIndex]:
    """Yield the index of the operations of a file; nothing if there is no such file."""
    from ovcgen.workflows.operation_index_cache import file_key

    if key := file_key(path):
        yield sources.kept_of_file(path) or sources.of_document(str(path), *key)


VALUES: dict[str | None, Callable[[click.Context, str], Items]] = {
    "source": _call_sources,
    "url": _portals,
    "profile": _profiles,
    "operation": _operations,
    "words": _arguments,
    "groups": _groups,
    "release": _releases,
    "later": _releases,
    "old": _releases_and_files,
    "new": _releases_and_files,
    "releases": _releases_and_files,
    "spec": _releases_and_files,
}  # by the name of a parameter, in any command
