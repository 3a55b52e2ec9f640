"""Load the inputs of a comparison: a release, a file, a portal, an installed SDK or a git revision."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ovcgen.errors import UsageError
from ovcgen.releases.library import DOCUMENT
from ovcgen.releases.spec import Spec
from ovcgen.workflows.document_input import is_document_url, is_file, read_input
from ovcgen.workflows.git_documents import GIT, Revision, at_revision
from ovcgen.workflows.resolve import LENIENT, Reading, library_of, load, read_spec, wants_yaml

LARGEST_SDK = 2**20  # bytes of its __init__.py
MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NoSdk(UsageError):
    """An error: the installed package that is named is not an SDK that ovcgen generated."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The installed package {package} is no SDK that ovcgen generated.",
            fix="Name an SDK such as openvcloud_2_4_5, a pinned release or a file.",
        )


class UnknownSdk(UsageError):
    """An error: the installed SDK was generated from a document that differs from the pinned one of its release."""

    def __init__(self, package: str, release: str) -> None:
        super().__init__(
            f"The SDK {package} was made of another document than the pinned {release}.",
            fix="Compare with the document that it was made of, or with a pinned release by its name.",
        )


class DiffInput(NamedTuple):
    """A record of one side of a comparison.

    Attributes:
        spec: The document with its release, without corrections applied.
        file: Path of the file that it was read from, in the repository for a git revision; only a name for a URL and
            standard input; "" for a catalog fetched from a portal.
        past: Whether it was read from a git revision, so that the file may differ today.
        data: Bytes of the file; None for a pinned release, whose `file` can be read again, and for a portal's catalog.
    """

    spec: Spec
    file: str = ""
    past: bool = False
    data: bytes | None = None

    def content(self) -> bytes:
        """Return the bytes of the file: `data`, or with None what the file has now.

        Raises:
            OSError: the file can't be read, or there is none.
        """
        return Path(self.file).read_bytes() if self.data is None else self.data

    @property
    def yaml(self) -> bool:
        """Return whether the file is YAML, by its extension (.yaml, .yml)."""
        return wants_yaml(self.file)


Ask = Callable[[str], Spec]


def diff_input(source: str, ask: Ask, *, specs: Path | None = None, reading: Reading = LENIENT) -> DiffInput:
    """Load and return the comparison input that `source` names.

    It is a git revision (`git:REV:PATH`), a portal's URL, a document (file, URL or `-`), a pinned release, or the name
    of an installed SDK's package, which is read and not imported. A pinned release precedes a package of that name.

    Args:
        source: The text on the command line.
        ask: Called with the URL of a portal; fetches its catalog and returns it as a spec.
        specs: Folder of pinned catalogs; see `library_of`.
        reading: How a file is read.

    Raises:
        UsageError: the source can't be read.
        NoSdk: the installed package is not an SDK that ovcgen generated.
        UnknownSdk: the installed SDK was generated from another document than the pinned one of its release.
        UnknownRelease: the name is neither a pinned release nor an SDK.
        SpecRefused: the document can't be used.
        ClientError: a portal or a URL can't be fetched from.
    """
    if source.startswith(GIT):
        return _revision(at_revision(source), specs, reading)
    if "://" in source and not is_document_url(source):
        return DiffInput(ask(source))
    if is_file(source):
        path, content = read_input(source)
        spec, data = read_spec(path, content, specs=specs, reading=reading)
        return DiffInput(spec, _relative(path) if content is None else path.name, data=data)
    library = library_of(specs)
    release = source
    if source not in library.releases() and MODULE.fullmatch(source):
        release = _release_of_sdk(source, specs) or source
    spec = load(release, specs=specs)
    return DiffInput(spec, _relative(library.home(release) / DOCUMENT))


def _revision(found: Revision, specs: Path | None, reading: Reading) -> DiffInput:
    """Return the input for a file or release folder read from git."""
    spec = found.spec or read_spec(Path(found.path), found.data, specs=specs, reading=reading)[0]
    return DiffInput(spec, found.path, past=True, data=found.data)


def _relative(path: Path) -> str:
    """Return the path relative to the current directory if it is below it."""
    here = Path.cwd()
    return path.resolve().relative_to(here).as_posix() if path.resolve().is_relative_to(here) else path.as_posix()


def _release_of_sdk(package: str, specs: Path | None) -> str | None:
    """Return the pinned release of an installed SDK, or None if there is no such package.

    For a dotted name, `find_spec` would import the parent package; `MODULE` allows no dots, so nothing is executed.

    Raises:
        NoSdk: the package was not generated by ovcgen.
        UnknownSdk: it was generated from another document.
    """
    try:
        place = find_spec(package)
    except (ImportError, ValueError):
        place = None
    if place is None:
        return None
    constants = _constants(Path(place.origin)) if place.origin and place.origin.endswith(".py") else {}
    release, sha256 = constants.get("RELEASE"), constants.get("SPEC_SHA256")
    if not release or not sha256:
        raise NoSdk(package)
    if load(release, specs=specs).origin.sha256 != sha256:
        raise UnknownSdk(package, release)
    return release


def _constants(path: Path) -> dict[str, str]:
    """Return the string constants that a module assigns at its top level; {} if it can't be parsed or is too large."""
    try:
        if path.stat().st_size > LARGEST_SDK:
            return {}
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
