"""Read documents from git (`git:REV:PATH`): a single file, or a release folder with its corrections."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ovcgen.documents import LIMIT
from ovcgen.errors import UsageError
from ovcgen.model.release_names import valid_release
from ovcgen.releases.library import DOCUMENT, ORIGIN, OVERLAY, Library
from ovcgen.releases.spec import Spec

GIT = "git:"
PATIENCE = 60  # seconds
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}


class BadRevision(UsageError):
    """An error: the text that names a git revision is not of the form `git:REV:PATH`."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source[:120]!a} does not say which revision and which path are meant.",
            fix="Write git:REV:PATH, as in git:HEAD~1:specs/2.4.5; the path begins at the repository's root.",
        )


class NotInGit(UsageError):
    """An error: git has no such file, the file is too large, git can't be run, or git fails.

    Args:
        source: The text `git:REV:PATH`.
        reason: Why, as a phrase such as `git is not installed`.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"Can't read {source[:120]!a}: {reason}.",
            fix="Run it inside the repository, and check that `git show REV:PATH` shows the document.",
        )


class Revision(NamedTuple):
    """A record of a file or release folder as it was at a git revision.

    Attributes:
        path: Path of the file in the repository; of a release folder, that of its document.
        data: Bytes of that file.
        spec: The loaded spec if the path is a release folder; None for a single file.
    """

    path: str
    data: bytes
    spec: Spec | None = None


def at_revision(source: str) -> Revision:
    """Read the file or release folder that `git:REV:PATH` names, from the git repository of the working directory.

    PATH starts at the root of the repository. Names are passed to git on standard input, so they can't act as command
    line options. Nothing is fetched or checked out.

    Raises:
        BadRevision: the text is malformed.
        NotInGit: there is no such file, it is too large, the folder has no swagger.json, or git is not installed, fails
            or takes longer than 60 seconds.
        BadReleaseName: the name of the folder can't be the name of a release.
        SpecRefused: the release folder can't be loaded.
    """
    revision, colon, path = source.removeprefix(GIT).partition(":")
    if not colon or not revision or not path or revision.startswith("-") or not source.isprintable():
        raise BadRevision(source)
    kind = _kinds(source, [f"{revision}:{path}"])[0]
    if kind == "tree":
        return _release(source, revision, PurePosixPath(path))
    if kind != "blob":
        raise NotInGit(source, "git knows no such file")
    return Revision(path, _contents(source, [f"{revision}:{path}"])[0])


def _release(source: str, revision: str, folder: PurePosixPath) -> Revision:
    """Load a release folder with its corrections as of that revision, through a temporary folder."""
    name = valid_release(folder.name)
    wanted = [folder / DOCUMENT, folder / ORIGIN, folder / OVERLAY, folder.parent / OVERLAY]
    places = [PurePosixPath(name, path.name) if path.parent == folder else PurePosixPath(path.name) for path in wanted]
    kinds = _kinds(source, [f"{revision}:{path}" for path in wanted])
    there = [number for number, kind in enumerate(kinds) if kind == "blob"]
    contents = _contents(source, [f"{revision}:{wanted[number]}" for number in there])
    if 0 not in there:
        raise NotInGit(source, f"that folder has no {DOCUMENT}")
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / name).mkdir()
        for number, content in zip(there, contents, strict=True):
            (Path(home) / places[number]).write_bytes(content)
        return Revision(str(wanted[0]), contents[0], Library(Path(home)).load(name))


def _kinds(source: str, names: Iterable[str]) -> list[str]:
    """Return the git type of each object ("blob", "tree"), or "missing". Raises NotInGit if a blob is too large."""
    lines = _answer(source, "--batch-check=%(objecttype) %(objectsize)", names).decode("utf-8", "replace").splitlines()
    objects = [line.rpartition(" ") for line in lines]
    if any(kind == "blob" and int(size) > LIMIT for kind, _, size in objects if size.isdigit()):
        raise NotInGit(source, f"it is larger than {LIMIT} bytes")
    return [kind if size.isdigit() else "missing" for kind, _, size in objects]


def _contents(source: str, names: list[str]) -> list[bytes]:
    """Return the bytes of existing objects."""
    rest = _answer(source, "--batch=%(objectsize)", names)
    contents = []
    for _ in names:
        size, _, rest = rest.partition(b"\n")
        contents.append(rest[: int(size)])
        rest = rest[int(size) + 1 :]
    return contents


def _answer(source: str, how: str, names: Iterable[str]) -> bytes:
    """Return the output of `git cat-file` with option `how` for these object names. Raises NotInGit."""
    import subprocess  # only revisions of git need it

    asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    command = ["git", "cat-file", how]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=asked, capture_output=True, timeout=PATIENCE, check=False, env={**os.environ, **QUIET}
        )
    except FileNotFoundError:
        raise NotInGit(source, "git is not installed") from None
    except subprocess.TimeoutExpired:
        raise NotInGit(source, f"git took longer than {PATIENCE} seconds") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise NotInGit(source, said[0].removeprefix("fatal: "))
    return done.stdout
