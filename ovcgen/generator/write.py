"""Write a tree of files to a folder, completely or not at all, and never over files that ovcgen did not write.

The tree is built beside the target and then exchanged with it, so readers see either the old or the new tree, even
after `kill -9`. The manifest `.ovcgen.json` in the folder lists the files that ovcgen wrote, with their hashes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ovcgen.errors import ForeignFiles, UnwritableTarget
from ovcgen.files import flush, locked, replace_folder, write_new

MANIFEST = ".ovcgen.json"
CACHES = "__pycache__", "CACHEDIR.TAG"  # a cache is a folder of the first name, or with a file of the second name in it


def write(files: Mapping[str, str], target: Path) -> bool:
    """Make `target` contain exactly these files; return whether anything was changed.

    Caches of tools in the folder are ignored, and lost when the tree is replaced. The function waits while another
    process writes below the same folder.

    Args:
        files: The text of each file by its relative path, with `/` between folders.
        target: The folder; it is created if it does not exist.

    Raises:
        ForeignFiles: a file there was not written by ovcgen, or was changed by hand. Nothing was changed.
        UnwritableTarget: the operating system refused, or a path in `files` is not a plain relative path.
    """
    whole = _with_manifest(files)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent):
            _recover(target)
            _refuse_foreign(whole, target)
            if not _differing(whole, target):
                return False
            _publish(whole, target)
    except OSError as error:
        raise UnwritableTarget(str(target), error.strerror or type(error).__name__) from error
    return True


def check(files: Mapping[str, str], target: Path) -> list[str]:
    """Return the paths of the files that `write` would add, change or remove, sorted; [] if there are none.

    Nothing is written. The manifest is one of the files; files that `write` would refuse to touch, because ovcgen did
    not write them, are no reason for an error here.

    Raises:
        UnwritableTarget: a path in `files` is not a plain relative path.
    """
    return _differing(_with_manifest(files), target)


def _with_manifest(files: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files as bytes, the manifest first."""
    for path in files:
        parts = PurePosixPath(path).parts
        if not parts or path != "/".join(parts) or ".." in parts or "\\" in path or ":" in path or parts[0] == "/":
            raise UnwritableTarget(ascii(path), "it is no plain path below the target")
    contents = {path: text.encode("utf-8") for path, text in sorted(files.items())}
    hashes = {path: sha256(content).hexdigest() for path, content in contents.items()}
    return {MANIFEST: (json.dumps({"files": hashes}, indent=2) + "\n").encode(), **contents}


def _differing(whole: Mapping[str, bytes], target: Path) -> list[str]:
    owned = _owned(target)
    changed = [path for path, content in whole.items() if _content(target / path) != content]
    gone = [path for path in owned if path not in whole and (target / path).is_file()]
    return sorted([*changed, *gone])


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _owned(folder: Path) -> dict[str, str]:
    """Return the files that ovcgen wrote there with their hashes; {} if there is no valid manifest."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {str(path): str(value) for path, value in files.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _refuse_foreign(whole: Mapping[str, bytes], target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ForeignFiles(str(target.parent), [target.name])
    owned = _owned(target)
    foreign = []
    for path in _files(target):
        name = path.relative_to(target).as_posix()
        if path.is_symlink() or (name != MANIFEST and name not in owned and _content(path) != whole.get(name)):
            foreign.append(name)
        elif name in owned and _content(path) != whole.get(name) and _hash(path) != owned[name]:
            foreign.append(f"{name} (changed by hand)")
    if foreign:
        raise ForeignFiles(str(target), foreign)


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Yield every file and link below a folder, without caches of tools. Links are not followed."""
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if place.is_symlink() or not place.is_dir():
            yield place
        elif place.name != CACHES[0] and not (place / CACHES[1]).is_file():
            yield from _files(place)


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.ovcgen-{what}")


def _recover(target: Path) -> None:
    """Clean up after a run that was killed."""
    old = _beside(target, "old")
    if old.is_dir() and not target.exists():
        old.rename(target)
    for leftover in (_beside(target, "new"), old):
        names = os.listdir(leftover) if leftover.is_dir() else []
        if leftover.is_symlink() or (names and MANIFEST not in names):
            raise ForeignFiles(str(target.parent), [leftover.name])
        if leftover.is_dir():
            _remove(leftover)


def _remove(folder: Path) -> None:
    """Delete a tree that ovcgen wrote, the manifest last, so that a half-deleted tree can still be recognised."""
    for place in folder.iterdir():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif place.name != MANIFEST:
            place.unlink()
    (folder / MANIFEST).unlink(missing_ok=True)
    folder.rmdir()


def _publish(whole: Mapping[str, bytes], target: Path) -> None:
    new, old = _beside(target, "new"), _beside(target, "old")
    try:
        _build(whole, new)
        replace_folder(new, target, old)
        _flush(target.parent)
    finally:
        for leftover in (new, old):
            if leftover.exists():
                _remove(leftover)


def _build(whole: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, the manifest first, so that an unfinished tree can be recognised as ovcgen's."""
    folder.mkdir()
    folder.chmod(0o755)
    for name, content in whole.items():
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            with suppress(FileExistsError):
                (folder / parent).mkdir()
                (folder / parent).chmod(0o755)
        write_new(path, content)
        path.chmod(0o644)
    for parent in {(folder / name).parent for name in whole}:
        _flush(parent)


def _flush(folder: Path) -> None:
    """Flush a folder's changes to the disk, where its file system supports it."""
    with suppress(OSError):
        flush(folder)
