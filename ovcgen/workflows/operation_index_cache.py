"""Find the index of operations of a portal, a pinned release or a document, and keep it for the next command.

Reading a kept index imports no code that reads documents.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ovcgen import plugins
from ovcgen._version import __version__
from ovcgen.errors import SpecRefused
from ovcgen.model.release_names import in_order, is_release
from ovcgen.releases.catalog_cache import CatalogCache, KeptCatalog
from ovcgen.resources import PACKAGE, files_stamp, resource_folder
from ovcgen.workflows.document_input import is_url
from ovcgen.workflows.operation_index import OperationIndex

if TYPE_CHECKING:
    from ovcgen.releases.spec import Spec
    from ovcgen.workflows.resolve import Release, Source

INDEX = "index"  # the kind of file in the cache
DOCUMENT = ""  # the group under which a document is kept that is not of a portal
LIVE = "live"  # the release of a catalog that a portal serves


@dataclass(frozen=True)
class PortalOperations:
    """A record of the operations of one group of a portal.

    Attributes:
        index: The index of the operations.
        sha256: The SHA-256 hash of the group's catalog, in hex.
        age: Seconds since the catalog was fetched; 0 if it was fetched for this command.
    """

    index: OperationIndex
    sha256: str
    age: float = 0.0

    @property
    def is_kept(self) -> bool:
        """Return whether the catalog was fetched by an earlier command, so that the portal may have another one now."""
        return self.age > 0


class OperationSources:
    """Finds the operations of portals, releases and documents, and keeps their indexes for later commands.

    Args:
        cache: The cache of catalogs and indexes.
        specs: The folder of pinned releases; see `library_of`.
        before_reading: Called without arguments before a document is loaded, because pinned releases may be read then.
    """

    def __init__(
        self, cache: CatalogCache, specs: Path | None = None, *, before_reading: Callable[[], None] = lambda: None
    ) -> None:
        self._cache, self._specs, self._before_reading = cache, specs, before_reading

    def of_portal(self, url: str, group: str, fetch: Callable[[], Spec], *, refresh: bool = False) -> PortalOperations:
        """Return the operations of a portal's group: of the kept catalog if it is fresh, else of a newly fetched one.

        A kept catalog is fresh for 24 hours. A fetched one is kept.

        Args:
            url: The address of the portal; a final slash does not count.
            group: The name of the group, such as `cloudapi`.
            fetch: Returns the catalog that the portal serves. Exceptions of this function are not caught.
            refresh: Whether to fetch the catalog even if the kept one is fresh.

        Raises:
            SpecRefused: the catalog can't be used.
        """
        kept = None if refresh else self.kept_of_portal(url, group, only_fresh=True)
        if kept:
            return kept
        spec = fetch()
        from ovcgen.documents.document import canonical

        self._cache.keep_catalog(_key(url), group, canonical(spec.document).encode())
        return PortalOperations(self._index_of(spec, spec.origin.sha256), spec.origin.sha256)

    def kept_of_portal(self, url: str, group: str, *, only_fresh: bool = False) -> PortalOperations | None:
        """Return the operations of the kept catalog of a portal's group; None if no usable catalog is kept.

        With `only_fresh`, a catalog that is 24 hours old or older is not used either. Nothing is fetched.
        """
        catalog = self._cache.catalog(_key(url), group)
        if catalog is None or (only_fresh and not catalog.is_fresh):
            return None
        index = self._kept_index(catalog.sha256) or self._index_of_kept(catalog, url, group)
        return PortalOperations(index, catalog.sha256, max(catalog.age, 1e-9)) if index else None

    def portals(self) -> list[tuple[str, str]]:
        """Return (URL of the portal, group) of each kept catalog, the last fetched first; [] for none."""
        return [(url, group) for url, group in self._cache.catalogs() if group != DOCUMENT]

    def of_release(self, release: str) -> OperationIndex:
        """Return the operations of a pinned release: of the kept index if that is up to date, else of its document.

        Raises:
            UnknownRelease: the release is not pinned.
            UsageError: the folder of pinned releases can't be used.
            SpecRefused: the release can't be used.
        """
        kept = self._kept_index(release)
        return kept or self._index_of(release, release)

    def releases(self) -> tuple[str, ...]:
        """Return the names of the pinned releases, oldest first, without reading their documents; () for none."""
        found = {entry.parent.name for folder in self._folders for entry in folder.glob("*/swagger.json")}
        return in_order(name for name in found if is_release(name))

    def of_document(self, document: str, *key: str, refresh: bool = False) -> OperationIndex:
        """Return the operations of a document, given by its file or URL, or as `-`. The document is always read.

        The index is kept under `key`, which `file_key` returns for a file, and which `kept_of_file` finds; without
        `key` it is not kept. `refresh` is that of `load_document`.

        Raises:
            UsageError: the document can't be read.
            ArgumentError, TransportError: the URL is not valid, or it can't be downloaded from.
            SpecRefused: the document can't be used.
        """
        return self._index(self.load_document(document, refresh=refresh)[0], *key)

    def load_document(self, document: str, *, refresh: bool = False) -> tuple[Release, bool]:
        """Load a document from a file, a URL or `-`, and return (document with its API, whether it is a kept copy).

        A downloaded document is kept for a day, unless its URL has a query, which may contain a secret. `refresh`
        downloads the document even if a copy is kept.

        Raises:
            UsageError: the document can't be read.
            ArgumentError, TransportError: the URL is not valid, or it can't be downloaded from.
            SpecRefused: the document can't be used.
        """
        from ovcgen.workflows.resolve import resolve

        self._before_reading()
        if not is_url(document) or "?" in document:
            return resolve(document, specs=self._specs), False
        kept = None if refresh else self._cache.catalog(document, DOCUMENT)
        if kept and kept.is_fresh:
            return resolve(document, specs=self._specs, download=lambda _: kept.document), True
        from ovcgen.workflows.download_document import download

        content = download(document)
        found = resolve(document, specs=self._specs, download=lambda _: content)
        self._cache.keep_catalog(document, DOCUMENT, content)
        return found, False

    def kept_of_file(self, path: Path) -> OperationIndex | None:
        """Return the kept index of a file's operations; None if none is kept for the file's size and modification time.

        The file is not read.
        """
        return self._kept_index(*file_key(path))

    def _kept_index(self, *key: str) -> OperationIndex | None:
        value = self._cache.value(INDEX, *key, self._stamp)
        try:
            return None if value is None else OperationIndex(value)
        except (KeyError, TypeError):  # the file was written so, with the right hash
            return None

    def _index(self, release: Release, *key: str) -> OperationIndex:
        from ovcgen.workflows.build_operation_index import index_of

        value = index_of(release)
        if key:
            self._cache.keep_value(value, INDEX, *key, self._stamp)
        return OperationIndex(value)

    def _index_of(self, source: Source, *key: str) -> OperationIndex:
        """Build the index of a catalog or a pinned release, keep the index under a key, and return it."""
        from ovcgen.workflows.resolve import resolve

        self._before_reading()
        return self._index(resolve(source, specs=self._specs), *key)

    def _index_of_kept(self, catalog: KeptCatalog, url: str, group: str) -> OperationIndex | None:
        """Check a kept catalog like a fetched one, and return its index; None if the catalog is refused."""
        from ovcgen.releases.fetch_catalog import fetch

        try:
            spec = fetch(lambda _: ("application/json", catalog.document), url, [group], release=LIVE)
            return self._index_of(spec, catalog.sha256)
        except SpecRefused:
            return None

    @cached_property
    def _stamp(self) -> str:
        """Part of the key of an index: changes with ovcgen's code, the pinned releases and installed distributions."""
        files = f"{files_stamp(PACKAGE, ending='.py')} {files_stamp(*self._folders, ending='.json')}"
        return f"{__version__} {files} {_installation()}"

    @property
    def _folders(self) -> list[Path]:
        """The folders of pinned releases."""
        return [self._specs] if self._specs else [Path("specs").resolve(), resource_folder("specs")]


def _installation() -> str:
    """Return a text that changes when a distribution, such as one with a plugin, is installed or removed."""
    folders = [Path(folder) for folder in sys.path if folder.endswith("-packages")]
    times = [str(folder.stat().st_mtime_ns) for folder in folders if folder.is_dir()]
    return " ".join([*times, os.environ.get(plugins.SWITCH, "")])


def file_key(path: Path) -> tuple[str, ...]:
    """Return a cache key for the state of a file: (absolute path, size, modification time in ns), all as texts.

    () if there is no such file. The content is not read.
    """
    try:
        status = path.stat()
    except OSError:
        return ()
    return str(path.resolve()), str(status.st_size), str(status.st_mtime_ns)


def _key(url: str) -> str:
    return url.rstrip("/")
