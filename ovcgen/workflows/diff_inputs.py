"""What a comparison can be about: a release, a file, a portal, an installed SDK, a revision in git."""

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
from ovcgen.workflows.git_revisions import GIT, Revision, at_revision
from ovcgen.workflows.inputs import is_document_url, read_input
from ovcgen.workflows.resolve import LENIENT, Reading, is_file, library_of, load, read_spec, wants_yaml

LARGEST_SDK = 2**20  # bytes of its __init__.py
MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NoSdk(UsageError):
    """An installed package that no generated SDK is."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The installed package {package} is no SDK that ovcgen generated.",
            fix="Name an SDK such as openvcloud_2_4_5, a pinned release or a file.",
        )


class UnknownSdk(UsageError):
    """An SDK that was made of a document which is not pinned."""

    def __init__(self, package: str, release: str) -> None:
        super().__init__(
            f"The SDK {package} was made of another document than the pinned {release}.",
            fix="Compare with the document that it was made of, or with a pinned release by its name.",
        )


class DiffInput(NamedTuple):
    """One of the two: its spec, and the file that it was read from ("" for what a portal serves).

    `past` says that the file looks different today; `data` are its bytes, None where they can be read again.
    """

    spec: Spec
    file: str = ""
    past: bool = False
    data: bytes | None = None

    def content(self) -> bytes:
        """The bytes of the file; raises OSError."""
        return Path(self.file).read_bytes() if self.data is None else self.data

    @property
    def yaml(self) -> bool:
        """Whether these are YAML."""
        return wants_yaml(self.file)


Ask = Callable[[str], Spec]


def side(source: str, ask: Ask, *, specs: Path | None = None, reading: Reading = LENIENT) -> DiffInput:
    """What `source` names; `ask` fetches the catalog of a portal. Raises UsageError, UnknownRelease or SpecRefused."""
    if source.startswith(GIT):
        return _revision(at_revision(source), specs, reading)
    if "://" in source and not is_document_url(source):
        return DiffInput(ask(source))
    if is_file(source):
        path, content = read_input(source)
        spec, data = read_spec(path, content, specs=specs, reading=reading)
        return DiffInput(spec, _shown(path) if content is None else path.name, data=data)
    library = library_of(specs)
    release = source
    if source not in library.releases() and MODULE.fullmatch(source):
        release = _release_of_sdk(source, specs) or source
    spec = load(release, specs=specs)
    return DiffInput(spec, _shown(library.home(release) / DOCUMENT))


def _revision(found: Revision, specs: Path | None, reading: Reading) -> DiffInput:
    spec = found.spec or read_spec(Path(found.path), found.data, specs=specs, reading=reading)[0]
    return DiffInput(spec, found.path, past=True, data=found.data)


def _shown(path: Path) -> str:
    """A path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here).as_posix() if path.resolve().is_relative_to(here) else path.as_posix()


def _release_of_sdk(package: str, specs: Path | None) -> str | None:
    """The pinned release that an installed SDK is of; None where there is no such package. Nothing of it is run."""
    try:
        place = find_spec(package)
    except (ImportError, ValueError):
        place = None
    if place is None:
        return None
    told = _constants(Path(place.origin)) if place.origin and place.origin.endswith(".py") else {}
    release, sha256 = told.get("RELEASE"), told.get("SPEC_SHA256")
    if not release or not sha256:
        raise NoSdk(package)
    if load(release, specs=specs).origin.sha256 != sha256:
        raise UnknownSdk(package, release)
    return release


def _constants(path: Path) -> dict[str, str]:
    """The texts that a module's names stand for, as far as it says so in one line each."""
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
