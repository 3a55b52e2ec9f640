"""Find, read and parse the Python files of a project. They are never executed."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path

from ovcgen.documents.errors import printable
from ovcgen.errors import UsageError
from ovcgen.usage.usages import Unread

LARGEST = 4 * 2**20  # bytes of a file
DEEPEST = 100  # levels of a syntax tree; chains (`a + b + c`, `elif`) count as one
TOO_DEEP = "it nests too deeply"
NOTEBOOK = "it is a notebook; `jupyter nbconvert --to script` makes Python of it, which can be read"
PYTHON = re.compile(rb"#!.*\bpython")
LONGEST_SHEBANG = 256  # bytes, as in Linux
SKIPPED = {"__pycache__", "node_modules", "site-packages", "venv"}
SDK_MARK = ".ovcgen.json"  # marks a generated SDK, whose code is not the project's


class NoSuchSource(UsageError):
    """An error: a given path of the project's code does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no file or folder {printable(str(path))}.", fix="Pass the files and folders of your own code."
        )


class NoPython(UsageError):
    """An error: the given paths of the project's code contain no Python files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        named = ", ".join(printable(str(path)) for path in paths)
        super().__init__(f"There is no Python in {named}.", fix="Pass the files and folders of your own code.")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed Python file.

    Attributes:
        file: Its path as the user writes it.
        path: Its real path.
        home: The folder given by the user, or the parent of a given file.
        tree: Its syntax tree.
        lines: Its lines in UTF-8.
    """

    file: str
    path: Path
    home: Path
    tree: ast.Module
    lines: tuple[bytes, ...]


def sources(paths: Sequence[Path]) -> tuple[list[Source], list[Unread]]:
    """Return (parsed files, files that can't be read) of all Python files at or below the paths, sorted by path.

    Python files of a folder are those named `*.py` or `*.pyw`, and files without a suffix that begin with
    `#!...python`; a file that is given itself is read whatever its name. Hidden folders, virtual environments,
    `node_modules`, `site-packages`, generated SDKs and links to folders are skipped. Jupyter notebooks (`*.ipynb`) and
    files that are larger than 4 MB, do not parse or nest more than 100 levels deep can't be read.

    Raises:
        NoSuchSource: a path does not exist.
        NoPython: there are no Python files.
    """
    found: dict[Path, tuple[str, Path]] = {}
    unread: list[Unread] = []
    for path in paths:
        if not path.exists():
            raise NoSuchSource(path)
        home = path if path.is_dir() else path.parent
        for file in _files(path, unread):
            found.setdefault(Path(os.path.realpath(file)), (str(file), home))
    if not found and not unread:
        raise NoPython(paths)
    read: list[Source] = []
    for real, (name, home) in sorted(found.items(), key=lambda item: item[1][0]):
        source = _source(real, name, home)
        (read if isinstance(source, Source) else unread).append(source)  # type: ignore[arg-type]
    return read, unread


def _files(path: Path, unread: list[Unread]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return

    def refused(error: OSError) -> None:
        unread.append(Unread(str(error.filename), error.strerror or "it can't be opened"))

    for folder, names, files in os.walk(path, onerror=refused):  # does not follow links to folders
        names[:] = sorted(name for name in names if not _is_skipped(Path(folder) / name))
        yield from (found for file in sorted(files) if _is_python(found := Path(folder) / file))


def _is_python(file: Path) -> bool:
    """Return whether a file is Python or a notebook by its name, or a script that begins with `#!...python`."""
    if "." in file.name:
        return file.suffix in (".py", ".pyw", ".ipynb")
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return PYTHON.match(opened.readline(LONGEST_SHEBANG)) is not None
    except OSError:
        return False


def _is_skipped(folder: Path) -> bool:
    name = folder.name
    return name in SKIPPED or name.startswith(".") or (folder / "pyvenv.cfg").exists() or _is_sdk(folder)


def _is_sdk(folder: Path) -> bool:
    return any((path / SDK_MARK).exists() for path in (folder, folder.parent) if (folder / "_runtime").is_dir())


def _source(path: Path, file: str, home: Path) -> Source | Unread:
    try:
        if not path.is_file():
            return Unread(file, "it is no regular file")
        with path.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        return Unread(file, error.strerror or "it can't be opened")
    if path.suffix == ".ipynb":
        return Unread(file, NOTEBOOK, data)
    if len(data) > LARGEST:
        return Unread(file, f"it is larger than {LARGEST // 2**20} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the project are not our concern
            tree = ast.parse(data)
            text = decode_source(data)  # with the line ends that the parser counts
    except SyntaxError as error:
        return Unread(file, f"line {error.lineno or 1} does not parse: {printable(error.msg)}")
    except ValueError:
        return Unread(file, "it is no Python that can be parsed")
    except (RecursionError, MemoryError):  # the parser's limit depends on the Python version; DEEPEST is far below
        return Unread(file, TOO_DEEP)
    if _depth(tree) > DEEPEST:
        return Unread(file, TOO_DEEP)
    return Source(file, path, home, tree, tuple(line.encode("utf-8") for line in text.split("\n")))


def _depth(tree: ast.AST) -> int:
    """Return the depth of a syntax tree, without recursion."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in ast.iter_child_nodes(node):
            chained = isinstance(node, ast.BinOp) and child is node.left and isinstance(child, ast.BinOp)
            chained = chained or (isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse)
            waiting.append((child, depth if chained else depth + 1))
    return deepest
