"""The folder of pinned catalogs; nothing else reads or writes it.

specs/2.4.5/swagger.json    what a portal served, in canonical form
            origin.json     where it came from, and its hash
            overlay.json    our corrections
specs/overlay.json          corrections that several releases use
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from ovcgen.documents import parse, refuse_hostile
from ovcgen.documents.document import Json, canonical, sha256_of
from ovcgen.errors import SpecRefused, UnknownRelease, UnwritableTarget
from ovcgen.model.release_names import in_order, is_release, order, valid_release
from ovcgen.releases.spec import Origin, Spec
from ovcgen.resources import resource_folder

DOCUMENT, ORIGIN, OVERLAY = "swagger.json", "origin.json", "overlay.json"
COMMON = "common"  # the key of specs/overlay.json in a Spec's overlay
UNFINISHED = re.compile(r"\..+\.[0-9a-f]{12}")  # the folder that a writer fills, before it takes its place
REPLACED = ".{}.replaced"  # the folder that a new one takes the place of, for a moment


class EditedSpec(SpecRefused):
    """A pinned catalog that is not the one that was pinned."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} was edited: it does not have the hash that {ORIGIN} says.",
            fix=f"Restore it or fetch it again; corrections belong into {OVERLAY}.",
        )


class DamagedSpec(SpecRefused):
    """A pinned catalog of which a part can't be used."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file} {reason}.", fix="Restore the folder of that release, or fetch it again.")


class NoCommonOverlay(SpecRefused):
    """A release that uses the corrections of a common overlay, in a folder without one."""

    def __init__(self, file: Path, wanted: Path) -> None:
        super().__init__(
            f"{file} uses common corrections, and {wanted} with them is missing.",
            fix=f"Copy that file from where the release came from; ovcgen's own is {bundled() / OVERLAY}.",
        )


def bundled() -> Path:
    """The catalogs that come with ovcgen."""
    return resource_folder("specs")


def find(explicit: Path | None = None, here: Path = Path()) -> Library:
    """Return the catalogs to read: those of `explicit` alone, else ./specs laid over the bundled ones, else these."""
    if explicit is not None:
        return Library(explicit)
    own = here / "specs"
    if not own.is_dir() or own.resolve() == bundled().resolve():
        return Library(bundled())
    return Library(own, below=bundled())


class Library:
    """The catalogs in one folder, which need not exist before something is saved.

    Releases that it does not have are read from the folder `below`, if there is one; nothing is written there.
    """

    def __init__(self, folder: Path, below: Path | None = None) -> None:
        self.folder = folder
        self._below = None if below is None else Library(below)

    def releases(self) -> tuple[str, ...]:
        """The pinned releases, oldest first."""
        return in_order({*self._own(), *(self._below.releases() if self._below else ())})

    def hidden(self) -> tuple[str, ...]:
        """Return the releases of the folder below that this one has too, with another document or other corrections."""
        return tuple(release for release in (self._below.releases() if self._below else ()) if self._hides(release))

    def holder(self, release: str) -> Library:
        """Return the one of both folders, as a library of its own, from which that release is read."""
        return self._below if self._below is not None and release not in self._own() else self

    def home(self, release: str) -> Path:
        """Return the folder of that release."""
        return self.holder(release)._home(release)

    def following(self, release: str) -> str | None:
        """The pinned release after that one."""
        return next((each for each in self.releases() if order(each) > order(release)), None)

    def preceding(self, release: str) -> str | None:
        """The pinned release before that one."""
        return next((each for each in reversed(self.releases()) if order(each) < order(release)), None)

    def load(self, release: str) -> Spec:
        """What is pinned under that name, as it was pinned."""
        home = self.home(valid_release(release))
        if not (home / DOCUMENT).is_file():
            raise UnknownRelease(release, self.releases())
        data = _bytes(home / DOCUMENT)
        document = parse(data, str(home / DOCUMENT))
        origin = _origin(home / ORIGIN)
        # canonical bytes have the document's hash; only a file in another form has to be written out again for it
        if origin.sha256 != hashlib.sha256(data).hexdigest() and origin.sha256 != sha256_of(document):
            raise EditedSpec(str(home / DOCUMENT))
        refuse_hostile(document, str(home / DOCUMENT))
        overlay = dict(_read(home / OVERLAY) or {})
        common = self._common(home.parent)
        if common is None and overlay.get("use"):
            raise NoCommonOverlay(home / OVERLAY, home.parent / OVERLAY)
        # without an overlay of its own it is corrected like any other catalog: by what fits of the nearest release
        return Spec(document, release, origin, {**overlay, COMMON: common} if overlay and common else overlay)

    def save(self, spec: Spec) -> Path:
        """Pin that catalog, whole or not at all; the corrections that a release already has stay."""
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

    def _common(self, folder: Path) -> Mapping[str, Json] | None:
        """The corrections that releases in `folder` share; those of the folder below where there are none."""
        own = _read(folder / OVERLAY)
        return _read(self._below.folder / OVERLAY) if own is None and self._below else own

    def _own(self) -> set[str]:
        try:
            names = [entry.name for entry in self.folder.iterdir()]
        except OSError:
            return set()
        names += [name[1 : -len(".replaced")] for name in names if name.startswith(".") and name.endswith(".replaced")]
        return {name for name in names if is_release(name) and (self._home(name) / DOCUMENT).is_file()}

    def _hides(self, release: str) -> bool:
        above, under = self.home(release), self._below.home(release) if self._below else None
        if under is None or above == under:
            return False
        return any(_content(above / name) != _content(under / name) for name in (DOCUMENT, OVERLAY))

    def _home(self, release: str) -> Path:
        """That release's folder; the one being replaced, should a writer have died between two renamings."""
        home = self.folder / release
        replaced = _replaced(home)
        return replaced if not home.exists() and replaced.is_dir() else home

    def _risen(self, spec: Spec) -> Origin:
        """The origin to write: an SDK's version rises when its release's document does."""
        home = self._home(spec.release)
        if not (home / ORIGIN).is_file():
            return spec.origin
        old = _origin(home / ORIGIN)
        major, _, minor = old.sdk_version.partition(".")
        changed = old.sha256 != spec.origin.sha256 and minor.isdigit()
        least = f"{major}.{int(minor) + 1}" if changed else old.sdk_version
        return replace(spec.origin, sdk_version=max(least, spec.origin.sdk_version, key=order))


def _origin(path: Path) -> Origin:
    told = _read(path)
    if told is None:
        raise DamagedSpec(str(path), "is missing")
    texts = {key: told.get(key, "") for key in ("kind", "sha256", "portal", "date", "note")}
    texts["sdk_version"] = told.get("sdk_version", "1.0")
    groups = told.get("groups", [])
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    if wrong or not isinstance(groups, list) or not texts["sha256"]:
        raise DamagedSpec(str(path), "does not say where the catalog came from")
    return Origin(groups=tuple(map(str, groups)), **texts)


def _read(path: Path) -> Mapping[str, Json] | None:
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
    """Write these files, beside all others that are kept, as that folder: it changes as a whole."""
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
                _write(beside / name, text)
            for path in (*beside.rglob("*"), beside):
                _sync(path)
            _exchange(beside, home)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    _sync(home.parent)


@contextmanager
def _building(home: Path) -> Iterator[Path]:
    """Make an empty folder beside `home` that `_clean` leaves alone for as long as this process holds it."""
    while True:
        beside = home.with_name(f".{home.name}.{secrets.token_hex(6)}")
        beside.mkdir()
        with _locked(beside, wait=True):
            if beside.is_dir():  # else another writer took it for a leftover, before it was locked
                yield beside
                return


def _clean(folder: Path) -> None:
    """Remove what writers that were killed have left behind; what a living one is filling is locked, and stays."""
    for leftover in folder.iterdir():
        if UNFINISHED.fullmatch(leftover.name) and leftover.is_dir() and not leftover.is_symlink():
            with _locked(leftover, wait=False) as alone:
                if alone:
                    shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Lock a folder for this process, and say whether that worked; a killed process loses its locks.

    Where the system has no such locks nothing is locked.
    """
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, FileNotFoundError):
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        alone = True
    except BlockingIOError:
        alone = False
    try:
        yield alone
    finally:
        os.close(descriptor)


def _exchange(beside: Path, home: Path) -> None:
    replaced = _replaced(home)
    if home.exists():
        shutil.rmtree(replaced, ignore_errors=True)
        home.rename(replaced)
    try:
        beside.rename(home)
    except BaseException:
        if replaced.is_dir() and not home.exists():
            replaced.rename(home)
        raise
    shutil.rmtree(replaced, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="ascii", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Make a file's content or a folder's names last through a power failure, where the system can."""
    if os.name != "posix" or path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
