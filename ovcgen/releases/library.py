"""Read and write the folder of pinned catalogs. No other module accesses it.

specs/2.4.5/swagger.json    what a portal served, in canonical form
            origin.json     where it came from, and its hash
            overlay.json    our corrections
specs/overlay.json          corrections that several releases use
specs/history.json          derived from all of these: what earlier releases had, for the SDKs of later ones
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ovcgen.documents import parse, refuse_hostile
from ovcgen.documents.document import Json, canonical, sha256_of
from ovcgen.errors import SpecRefused, UnknownRelease, UnwritableTarget
from ovcgen.files import flush, locked, replace_file, replace_folder, write_new
from ovcgen.model.release_names import in_order, is_release, order, valid_release
from ovcgen.releases.spec import Origin, Spec
from ovcgen.resources import resource_folder

DOCUMENT, ORIGIN, OVERLAY = "swagger.json", "origin.json", "overlay.json"
HISTORY = "history.json"
COMMON = "common"  # the key of specs/overlay.json in a Spec's overlay
UNFINISHED = re.compile(r"\..+\.[0-9a-f]{12}")  # a folder that is being written, before it is renamed
REPLACED = ".{}.replaced"  # the old folder, while the new one is renamed


class EditedSpec(SpecRefused):
    """An error: the document of a pinned release was edited, so that its hash differs from the one in origin.json.

    Args:
        file: The path of the document.
    """

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} was edited: it does not have the hash that {ORIGIN} says.",
            fix=f"Restore it or fetch it again; corrections belong into {OVERLAY}.",
        )


class DamagedSpec(SpecRefused):
    """An error: a file of a pinned release is missing, unreadable or invalid.

    Args:
        file: The path of the file.
        reason: What is wrong, as the predicate of a sentence about the file: `is missing`.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file} {reason}.", fix="Restore the folder of that release, or fetch it again.")


class NoCommonOverlay(SpecRefused):
    """An error: a release uses corrections of the common overlay, and that file is missing.

    Args:
        file: The overlay of the release.
        wanted: The path where the common overlay is missing.
    """

    def __init__(self, file: Path, wanted: Path) -> None:
        super().__init__(
            f"{file} uses common corrections, and {wanted} with them is missing.",
            fix=f"Copy that file from where the release came from; ovcgen's own is {bundled() / OVERLAY}.",
        )


def bundled() -> Path:
    """Return the folder of the catalogs that come with ovcgen. Raises MissingResource if the installation lacks it."""
    return resource_folder("specs")


def find(explicit: Path | None = None, here: Path = Path()) -> Library:
    """Return the library of pinned catalogs that a command uses. No catalog is read.

    Args:
        explicit: The folder to use alone, even if it does not exist; None to search for one.
        here: The folder in which to look for `specs`. Releases that `specs` does not have are read from the catalogs
            that come with ovcgen; without `specs`, all are.

    Raises:
        MissingResource: the catalogs that come with ovcgen are needed, and the installation lacks them.
    """
    if explicit is not None:
        return Library(explicit)
    own = here / "specs"
    if not own.is_dir() or own.resolve() == bundled().resolve():
        return Library(bundled())
    return Library(own, below=bundled())


class KeptHistory(NamedTuple):
    """A record of the content of specs/history.json: what earlier releases had, for each pinned release.

    Attributes:
        inputs: Digest of the documents, overlays and code from which it was derived; "" if unknown.
        releases: The history of each release as a JSON value, by release.
    """

    inputs: str = ""
    releases: Mapping[str, Json] = MappingProxyType({})


class Library:
    """The pinned catalogs in one folder, one subfolder for each release.

    Args:
        folder: The folder. It is created by the first `save`.
        below: A second folder, from which releases are read that `folder` does not have; None for none. Nothing is ever
            written to it.
    """

    def __init__(self, folder: Path, below: Path | None = None) -> None:
        self.folder = folder
        self._below = None if below is None else Library(below)

    def releases(self) -> tuple[str, ...]:
        """Return the names of the pinned releases of both folders, oldest first; () if there are none.

        A folder that does not exist or can't be read counts as empty. Documents are not read.
        """
        return in_order({*self._own(), *(self._below.releases() if self._below else ())})

    def hidden(self) -> tuple[str, ...]:
        """Return the releases of `below` that this folder has with another document or overlay, oldest first.

        These are not read from `below`; () if there are none, or there is no `below`.
        """
        return tuple(release for release in (self._below.releases() if self._below else ()) if self._hides(release))

    def holder(self, release: str) -> Library:
        """Return the library from which a release is read: that of `below` if only it has the release, else this."""
        return self._below if self._below is not None and release not in self._own() else self

    def home(self, release: str) -> Path:
        """Return the folder of a release, in the library from which it is read. It need not exist."""
        return self.holder(release)._home(release)

    def groups(self, release: str) -> set[str]:
        """Return the names of the groups that a pinned release contains; an empty set if it is not pinned.

        Raises:
            SpecRefused: the release can't be used; see `load`.
        """
        return set(self.load(release).origin.groups) if release in self.releases() else set()

    def following(self, release: str) -> str | None:
        """Return the oldest pinned release newer than `release`, which need not be pinned; None if there is none."""
        return next((other for other in self.releases() if order(other) > order(release)), None)

    def preceding(self, release: str) -> str | None:
        """Return the newest pinned release older than `release`, which need not be pinned; None if there is none."""
        return next((other for other in reversed(self.releases()) if order(other) < order(release)), None)

    def load(self, release: str) -> Spec:
        """Read the spec of a pinned release, with its overlay and the common overlay (under the key `common`).

        The overlay is {} if the release has none. Corrections are not applied. Each call reads the files again.

        Raises:
            BadReleaseName: the text can't name a release.
            UnknownRelease: it is not pinned.
            EditedSpec: the document was edited after it was pinned.
            NoCommonOverlay: the common overlay that it uses is missing.
            DamagedSpec: a file can't be read, or origin.json is missing or invalid.
            SpecRefused: the document is unsafe, or one of the files is not strict JSON.
        """
        home = self.home(valid_release(release))
        if not (home / DOCUMENT).is_file():
            raise UnknownRelease(release, self.releases())
        data = _bytes(home / DOCUMENT)
        document = parse(data, str(home / DOCUMENT))
        origin = _origin(home / ORIGIN)
        # sha256_of writes the document anew: needed only if the file is not in canonical form
        if origin.sha256 != hashlib.sha256(data).hexdigest() and origin.sha256 != sha256_of(document):
            raise EditedSpec(str(home / DOCUMENT))
        refuse_hostile(document, str(home / DOCUMENT))
        overlay = dict(_read(home / OVERLAY) or {})
        common = self._common(home.parent)
        if common is None and overlay.get("use"):
            raise NoCommonOverlay(home / OVERLAY, home.parent / OVERLAY)
        # a release without an overlay gets the fitting corrections of the nearest release; see resolve
        return Spec(document, release, origin, {**overlay, COMMON: common} if overlay and common else overlay)

    def save(self, spec: Spec) -> Path:
        """Write a spec as a pinned release, atomically, and return the folder of the release.

        Other files that the folder of the release already has, above all its overlay, are kept. If the release was
        pinned here with another document, the minor number of its SDK version is raised by one, unless the spec has a
        higher version. The corrections of a spec are written only if the release has no overlay, and common corrections
        never.

        Raises:
            BadReleaseName: the spec's release is not a valid name.
            SpecRefused: the present origin.json is invalid.
            UnwritableTarget: the folder can't be written.
        """
        home = self.folder / valid_release(spec.release)
        files = {DOCUMENT: canonical(spec.document), ORIGIN: canonical(asdict(self._risen(spec)))}
        own = {key: value for key, value in spec.overlay.items() if key != COMMON}
        if own and not (self._home(spec.release) / OVERLAY).is_file():
            files[OVERLAY] = canonical(own)
        try:
            _publish(home, files, kept=self._home(spec.release))
        except OSError as error:
            raise UnwritableTarget(str(home), error.strerror or str(error)) from error
        return home

    def digest(self) -> str:
        """Return one SHA-256 of all releases, documents and overlays of this library and the one below, in hex.

        It shows whether a kept history is still up to date. A file that can't be read counts as missing.
        """
        digest = hashlib.sha256()
        folders = [self.folder, *([self._below.folder] if self._below else [])]
        files = [folder / OVERLAY for folder in folders]
        for release in self.releases():
            digest.update(f"{release}\0".encode())
            files += [self.home(release) / DOCUMENT, self.home(release) / OVERLAY]
        for path in files:
            content = _content(path)
            digest.update(b"-" if content is None else hashlib.sha256(content).digest())
        return digest.hexdigest()

    def history(self) -> KeptHistory | None:
        """Return the content of specs/history.json; None if there is no such file or it can't be read.

        An edited or damaged file gives an empty KeptHistory. Without releases of its own, the library reads the file of
        `below`.
        """
        content = _content(self._history)
        if content is None:
            return None
        try:
            kept = json.loads(content)
            found = KeptHistory(kept["inputs"], kept["releases"])
            if kept["sha256"] == _seal(found):
                return found
        except (ValueError, TypeError, KeyError, RecursionError):
            return KeptHistory()
        return KeptHistory()

    def keep_history(self, history: KeptHistory) -> None:
        """Write specs/history.json, atomically: below `below` if this library has no releases of its own.

        Raises:
            UnwritableTarget: the file can't be written.
        """
        text = canonical({"inputs": history.inputs, "sha256": _seal(history), "releases": history.releases})
        try:
            replace_file(self._history, text.encode("ascii"), mode=0o666)
        except OSError as error:
            raise UnwritableTarget(str(self._history), error.strerror or str(error)) from error

    @property
    def _history(self) -> Path:
        """The path of the history file: in the library below (`_below`) if this library has no releases of its own."""
        return (self._below.folder if self._below and not self._own() else self.folder) / HISTORY

    def _common(self, folder: Path) -> Mapping[str, Json] | None:
        """Return the common corrections of `folder`, else those of the folder below, else None."""
        own = _read(folder / OVERLAY)
        return _read(self._below.folder / OVERLAY) if own is None and self._below else own

    def _own(self) -> set[str]:
        """Return the releases in this folder, without those below."""
        try:
            names = [entry.name for entry in self.folder.iterdir()]
        except OSError:
            return set()
        names += [name[1 : -len(".replaced")] for name in names if name.startswith(".") and name.endswith(".replaced")]
        return {name for name in names if is_release(name) and (self._home(name) / DOCUMENT).is_file()}

    def _hides(self, release: str) -> bool:
        """Return whether this folder has the release with other content than the folder below."""
        above, under = self.home(release), self._below.home(release) if self._below else None
        if under is None or above == under:
            return False
        return any(_content(above / name) != _content(under / name) for name in (DOCUMENT, OVERLAY))

    def _home(self, release: str) -> Path:
        """Return the folder of a release here, or the replaced one if a writer was killed between its two renames."""
        home = self.folder / release
        replaced = _replaced(home)
        return replaced if not home.exists() and replaced.is_dir() else home

    def _risen(self, spec: Spec) -> Origin:
        """Return the origin to write. If the document changed, the minor number of the SDK version is raised by one."""
        home = self._home(spec.release)
        if not (home / ORIGIN).is_file():
            return spec.origin
        old = _origin(home / ORIGIN)
        major, _, minor = old.sdk_version.partition(".")
        changed = old.sha256 != spec.origin.sha256 and minor.isdigit()
        least = f"{major}.{int(minor) + 1}" if changed else old.sdk_version
        return replace(spec.origin, sdk_version=max(least, spec.origin.sdk_version, key=order))


def _seal(history: KeptHistory) -> str:
    """Return the SHA-256 of a history and its inputs, which shows whether the file was edited or damaged."""
    return hashlib.sha256(json.dumps(history, sort_keys=True).encode()).hexdigest()


def _origin(path: Path) -> Origin:
    """Return the origin in a file. Raises DamagedSpec if it is missing or invalid."""
    fields = _read(path)
    if fields is None:
        raise DamagedSpec(str(path), "is missing")
    texts = {key: fields.get(key, "") for key in ("kind", "sha256", "portal", "date", "note")}
    texts["sdk_version"] = fields.get("sdk_version", "1.0")
    groups = fields.get("groups", [])
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    if wrong or not isinstance(groups, list) or not texts["sha256"]:
        raise DamagedSpec(str(path), "does not say where the catalog came from")
    return Origin(groups=tuple(map(str, groups)), **texts)


def _read(path: Path) -> Mapping[str, Json] | None:
    """Return the parsed file, or None if it does not exist."""
    return parse(_bytes(path), str(path)) if path.is_file() else None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DamagedSpec(str(path), f"can't be read: {error.strerror or error}") from error


def _replaced(home: Path) -> Path:
    return home.with_name(REPLACED.format(home.name))


def _publish(home: Path, files: Mapping[str, str], *, kept: Path) -> None:
    """Replace the folder `home` atomically by `files` and the other files of the folder `kept`."""
    home.parent.mkdir(parents=True, exist_ok=True)
    _clean(home.parent)
    with _building(home) as beside:
        try:
            if kept.is_dir():
                replaced = tuple(files)
                shutil.copytree(
                    kept,
                    beside,
                    symlinks=True,
                    ignore=lambda at, _: replaced if Path(at) == kept else (),
                    dirs_exist_ok=True,
                )
            for name, text in files.items():
                write_new(beside / name, text.encode("ascii"))
            for path in (*beside.rglob("*"), beside):
                flush(path)
            if home.exists():
                shutil.rmtree(_replaced(home), ignore_errors=True)
            replace_folder(beside, home, _replaced(home))
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(_replaced(home), ignore_errors=True)
    flush(home.parent)


@contextmanager
def _building(home: Path) -> Iterator[Path]:
    """Create a locked, empty folder next to `home`. `_clean` does not remove it while this process holds the lock."""
    while True:
        beside = home.with_name(f".{home.name}.{secrets.token_hex(6)}")
        beside.mkdir()
        with locked(beside):
            if beside.is_dir():  # another writer may have removed it before it was locked
                yield beside
                return


def _clean(folder: Path) -> None:
    """Remove folders left by writers that were killed. Folders of running writers are locked and stay."""
    for leftover in folder.iterdir():
        if UNFINISHED.fullmatch(leftover.name) and leftover.is_dir() and not leftover.is_symlink():
            with locked(leftover, wait=False) as alone:
                if alone:
                    shutil.rmtree(leftover, ignore_errors=True)
