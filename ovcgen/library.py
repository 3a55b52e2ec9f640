"""The folder of pinned catalogs; nothing else reads or writes it.

specs/2.4.5/swagger.json    what a portal served, in canonical form
            origin.json     where it came from, and its hash
            overlay.json    our corrections
specs/overlay.json          corrections that several releases use
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from ovcgen.errors import SpecRefused, UnknownRelease, UnwritableTarget
from ovcgen.reading import parse, refuse_hostile
from ovcgen.releases import in_order, is_release, order, valid_release
from ovcgen.resources import resource_folder
from ovcgen.spec import Json, Origin, Spec, canonical, sha256_of

DOCUMENT, ORIGIN, OVERLAY = "swagger.json", "origin.json", "overlay.json"
COMMON = "common"  # the key of specs/overlay.json in a Spec's overlay
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


def bundled() -> Path:
    """The catalogs that come with ovcgen."""
    return resource_folder("specs")


def find(explicit: Path | None = None, here: Path = Path()) -> Path:
    """The folder to read from: the one that was asked for, else the project's own, else the bundled one."""
    if explicit is not None:
        return explicit
    own = here / "specs"
    return own if own.is_dir() else bundled()


class Library:
    """The catalogs in one folder, which need not exist before something is saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def releases(self) -> tuple[str, ...]:
        """The pinned releases, oldest first."""
        try:
            names = [entry.name for entry in self.folder.iterdir()]
        except OSError:
            return ()
        names += [name[1 : -len(".replaced")] for name in names if name.startswith(".") and name.endswith(".replaced")]
        return in_order({name for name in names if is_release(name) and (self._home(name) / DOCUMENT).is_file()})

    def following(self, release: str) -> str | None:
        """The pinned release after that one."""
        return next((each for each in self.releases() if order(each) > order(release)), None)

    def preceding(self, release: str) -> str | None:
        """The pinned release before that one."""
        return next((each for each in reversed(self.releases()) if order(each) < order(release)), None)

    def load(self, release: str) -> Spec:
        """What is pinned under that name, as it was pinned."""
        home = self._home(valid_release(release))
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
        common = _read(self.folder / OVERLAY)
        return Spec(document, release, origin, overlay if common is None else {**overlay, COMMON: common})

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
    beside = home.with_name(f".{home.name}.{secrets.token_hex(6)}")
    try:
        if kept.is_dir():
            shutil.copytree(kept, beside, symlinks=True, ignore=lambda at, _: files if Path(at) == kept else ())
        else:
            beside.mkdir()
        for name, text in files.items():
            _write(beside / name, text)
        for path in (*beside.rglob("*"), beside):
            _sync(path)
        _exchange(beside, home)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _sync(home.parent)


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
