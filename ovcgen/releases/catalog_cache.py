"""Keep fetched catalogs, and values computed from them, in files that only the user can read.

<user's cache folder>/ovcgen/catalogs/<name>.json

Each file begins with the SHA-256 hash of the rest, which is JSON. A file that is damaged, or that others can change, is
not used. No content of a file is executed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.files import replace_file
from ovcgen.private_files import make_private, read_private_bytes

FOLDER = "OVCGEN_CACHE_DIR"  # environment variable: the folder to use
CATALOG = "catalog"  # the kind of file that says which document a portal served
ENTRY = {"url", "group", "sha256", "fetched"}  # the keys of such a file
LARGEST = 32 * 2**20  # bytes of all files together
DIGITS = 64  # of a SHA-256 in hex, at the beginning of a file
NAME_DIGITS = 32  # of the hash that is a file's name
LATEST = 1e12  # seconds since 1970, thirty thousand years
FRESH = 24 * 3600.0  # seconds for which a catalog is used without asking the portal


class KeptCatalog(NamedTuple):
    """A record of a catalog that a portal served and that the cache has kept.

    Attributes:
        document: The canonical text of the catalog.
        sha256: The SHA-256 of that text, in hex.
        age: Seconds since the catalog was fetched.
    """

    document: bytes
    sha256: str
    age: float

    @property
    def is_fresh(self) -> bool:
        """Return whether the catalog is less than 24 hours old, so that the portal need not be asked.

        False for a catalog from the future, after the clock was set back.
        """
        return 0 <= self.age < FRESH


class CatalogCache:
    """A cache of catalogs, and of values that were computed from them, in the files of one folder.

    Together the files have at most 32 MiB; the oldest are deleted. No method raises OSError: the first one is reported
    by `warn`, and then nothing more is read or written. A damaged file is reported by `warn` and deleted.

    Args:
        folder: The folder; created with mode 0700 at the first write. None keeps nothing.
        warn: Called with a sentence if a file is damaged, or if the folder can't be used.
        clock: Returns the time in seconds since 1970.
    """

    def __init__(
        self, folder: Path | None, warn: Callable[[str], None], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder, self._warn, self._clock = folder, warn, clock

    def catalog(self, url: str, group: str) -> KeptCatalog | None:
        """Return the kept catalog of a portal's group, however old; None if none is kept or its file is damaged.

        `url` has to be spelled as it was for `keep_catalog`.
        """
        entry = self.value(CATALOG, url, group)
        if not isinstance(entry, dict) or not isinstance(digest := entry.get("sha256"), str):
            return None
        document, fetched = self._content(_document_name(digest)), _moment(entry.get("fetched"))
        if self._folder is None or document is None or fetched is None:
            return None
        if sha256(document).hexdigest() != digest:
            self._refuse(self._folder / _document_name(digest))
            return None
        return KeptCatalog(document, digest, self._clock() - fetched)

    def catalogs(self) -> list[tuple[str, str]]:
        """Return (URL of the portal, group) of each kept catalog, the last fetched first; [] if none can be read.

        Entries that are damaged are left out.
        """
        try:
            names = [entry.name for entry in os.scandir(self._folder or "") if entry.name.startswith(f"{CATALOG}-")]
        except OSError:
            return []
        entries = [entry for name in names if isinstance(entry := self._json(name), dict) and entry.keys() >= ENTRY]
        found = [(moment, entry) for entry in entries if (moment := _moment(entry["fetched"])) is not None]
        found.sort(key=itemgetter(0), reverse=True)
        return [(str(entry["url"]), str(entry["group"])) for _, entry in found]

    def keep_catalog(self, url: str, group: str, document: bytes) -> None:
        """Keep `document`, the canonical text of the catalog of a portal's group, in place of an earlier one.

        The present time is kept as the time of the fetch.
        """
        digest = sha256(document).hexdigest()
        self._write(_document_name(digest), document)
        entry = {"url": url, "group": group, "sha256": digest, "fetched": self._clock()}
        self.keep_value(entry, CATALOG, url, group)

    def value(self, kind: str, *key: str) -> Any:
        """Return the JSON value that was kept with the same kind and key; None if none was, or its file is damaged.

        `kind` is a word for the kind of value, with which the name of its file begins. A value has no age: it is
        returned until its file is deleted.
        """
        return self._json(_name(kind, key))

    def _json(self, name: str) -> Any:
        content = self._content(name)
        try:
            return None if content is None else json.loads(content)
        except (ValueError, RecursionError):  # a file that was written so, with the right hash
            return None

    def keep_value(self, value: Any, kind: str, *key: str) -> None:
        """Keep a JSON value under a kind and a key, from where `value` reads it. An earlier value is replaced.

        A value that is no JSON raises TypeError.
        """
        self._write(_name(kind, key), json.dumps(value, separators=(",", ":")).encode())

    def _content(self, name: str) -> bytes | None:
        """Return the content of a file after its hash; None if the file is missing, damaged or unsafe."""
        if self._folder is None:
            return None
        try:
            found = read_private_bytes([self._folder], self._folder / name, largest=LARGEST)
        except OSError as error:
            self._give_up(error)
            return None
        if not found:
            return None
        digest, content = found[:DIGITS], found[DIGITS:]
        if sha256(content).hexdigest().encode() != digest:
            self._refuse(self._folder / name)
            return None
        return content

    def _refuse(self, file: Path) -> None:
        """Call `warn` about a damaged file, and delete the file."""
        self._warn(f"{file} was damaged or edited, and is not used.")
        with suppress(OSError):
            file.unlink()

    def _write(self, name: str, content: bytes) -> None:
        if self._folder is None:
            return
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            make_private([self._folder])
            replace_file(self._folder / name, sha256(content).hexdigest().encode() + content)
            _shrink(self._folder)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._warn(f"No catalog can be kept for the next command: {error}. Set {FOLDER} to another folder.")
        self._folder = None


def _moment(value: Any) -> float | None:
    """Return a time in seconds since 1970 from a file; None if it is no finite number, or too large for a time."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < LATEST else None


def _shrink(folder: Path) -> None:
    """Delete the oldest files until the total size is at most `LARGEST`. The newest file is never deleted."""
    found = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in os.scandir(folder))
    total = sum(size for _, size, _ in found)
    for _, size, path in found[:-1]:
        if total <= LARGEST:
            return
        with suppress(FileNotFoundError):  # another process has deleted it
            os.unlink(path)
        total -= size


def _document_name(digest: str) -> str:
    return _name("document", (digest,))


def _name(kind: str, key: tuple[str, ...]) -> str:
    """Return the file name for a key: the kind and a hash of the key."""
    return f"{kind}-{sha256(json.dumps(key).encode()).hexdigest()[:NAME_DIGITS]}.json"


def catalog_cache(warn: Callable[[str], None]) -> CatalogCache:
    """Return the cache of this user: in `catalogs` below OVCGEN_CACHE_DIR, or else below the user's cache folder.

    The cache keeps nothing if the system is not POSIX, or if OVCGEN_CACHE_DIR is an empty string. `warn` is called with
    a sentence if the cache can't be used. Nothing is read or written yet.
    """
    chosen = os.environ.get(FOLDER)
    if os.name != "posix" or chosen == "":
        return CatalogCache(None, warn)
    if chosen:
        return CatalogCache(Path(chosen) / "catalogs", warn)
    import platformdirs

    return CatalogCache(platformdirs.user_cache_path("ovcgen") / "catalogs", warn)
