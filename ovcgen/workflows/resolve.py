"""From a release's name, a file or a fetched catalog to the document and the API it describes."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ovcgen.documents import LIMIT, check, load_json, ordered, parse, taken
from ovcgen.documents.document import Document, sha256_of
from ovcgen.documents.errors import TooLarge
from ovcgen.documents.file_references import with_neighbours
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.yaml_reader import load_yaml, parse_yaml
from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.model.readers.swagger2 import read
from ovcgen.model.release_names import own_name, valid_release
from ovcgen.normalise import dialects, normalise, overlay
from ovcgen.releases.fingerprint import Resemblance, resembles
from ovcgen.releases.library import Library, bundled, find
from ovcgen.releases.spec import Origin, Spec
from ovcgen.workflows.inputs import STDIN, read_input

Source = Spec | str | Path
NAMED = re.compile(r"openvcloud-(?P<release>.+)\.json")


class UnreadableDocument(UsageError):
    """A file that can't be read as a document."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Can't read {path}: {reason}.", fix="Check the path; a portal's address begins with https://."
        )


class NoSuchFolder(UsageError):
    """A folder of catalogs that was asked for and is not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no folder {folder}.",
            fix="Check --specs; without it, the catalogs that come with ovcgen are used.",
        )


class NothingPinned(UsageError):
    """A folder of catalogs that has none."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No release is pinned in {folder}.",
            fix=f"Pin one with `ovcgen fetch URL --release R`, or pass --specs {bundled()}.",
        )


class PinnedAlready(UsageError):
    """A name for a release that has one."""

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} is a pinned release, and keeps its name.", fix="Pass --release with a FILE only.")


class Truth(NamedTuple):
    """A spec as it is worked with: normalised, read, and what of the corrections did not fit."""

    spec: Spec
    document: Document
    api: Api
    likeness: Resemblance | None = None
    skipped: tuple[str, ...] = ()
    corrected: bool = False  # by at least one correction


def library_of(specs: Path | None) -> Library:
    """Return the catalogs in `specs` alone, else those in ./specs laid over those that come with ovcgen.

    Raises:
        NoSuchFolder: `specs` is no folder.
    """
    if specs is not None and not specs.is_dir():
        raise NoSuchFolder(specs)
    return find(specs)


def pinned(specs: Path | None) -> tuple[str, ...]:
    """The pinned releases, oldest first; at least one, or NothingPinned is raised."""
    library = library_of(specs)
    releases = library.releases()
    if not releases:
        raise NothingPinned(library.folder)
    return releases


class Reading(NamedTuple):
    """How files are read: as what `dialect` (recognised where it is ""), and whether mistakes are refused."""

    dialect: str = ""
    strict: bool = False


LENIENT = Reading()


def load(source: Source, *, release: str | None = None, specs: Path | None = None, reading: Reading = LENIENT) -> Spec:
    """The spec of a pinned release, of a file, of a document's address, or (`-`) of standard input.

    A file's release is `release`, else what its name says (`openvcloud-2.4.5.json`), else the pinned release it
    equals, else its own title and version. Raises UnknownRelease, UsageError or SpecRefused.
    """
    if isinstance(source, Spec):
        return source
    if is_file(source):
        path, content = read_input(source)
        return read_spec(path, content, release=release, specs=specs, reading=reading)[0]
    if release is not None and release != source:
        raise PinnedAlready(str(source))
    pinned(specs)
    return library_of(specs).load(str(source))


def read_spec(
    path: Path,
    content: bytes | None = None,
    *,
    release: str | None = None,
    specs: Path | None = None,
    reading: Reading = LENIENT,
) -> tuple[Spec, bytes]:
    """The spec of a file, and the bytes it was read from; `content` are these where they come from elsewhere."""
    data = _bytes(path) if content is None else content
    loaded = load_yaml(data, str(path)) if wants_yaml(str(path)) else load_json(data, str(path))
    if content is None:
        loaded = with_neighbours(loaded, path.name, Beside(path))
    served = loaded.document
    document, problems = taken(served, str(path), strict=reading.strict, loaded=loaded)
    dialect = dialects.of(document, reading.dialect)
    if dialect.pinned:  # what a portal serves is whole, or nothing is made of it
        served = (parse_yaml if wants_yaml(str(path)) else parse)(data, str(path))
        check(served, str(path))
        document, problems = served, ()
    document, served = ordered(document), ordered(served)
    groups = tuple(sorted({path.strip("/").partition("/")[0] for path in document["paths"]}))
    origin = Origin(kind="file", sha256=sha256_of(served), groups=groups)
    name = valid_release(release or _release_of(path, document, dialect.name, specs))
    return Spec(document, name, origin, dialect=dialect.name, problems=problems), data


class Beside:
    """Reads the files that lie below a document's folder, by their paths relative to it.

    Symbolic links may lead to other files in that folder, never out of it. All files together are no larger than one
    document may be.
    """

    def __init__(self, document: Path) -> None:
        self._folder = document.parent
        self._left = LIMIT

    def __call__(self, name: str) -> Loaded | None:
        try:
            path = (self._folder / name).resolve(strict=True)
            if not path.is_relative_to(self._folder.resolve(strict=True)) or not path.is_file():
                return None
            with path.open("rb") as file:
                data = file.read(self._left + 1)
        except (OSError, ValueError, RuntimeError):
            return None
        source = str(self._folder / name)
        if len(data) > self._left:
            raise TooLarge(f"{source}, with the other files beside the document,", LIMIT)
        self._left -= len(data)
        return load_yaml(data, source) if wants_yaml(name) else load_json(data, source)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)  # one more than is taken: enough to refuse it
    except OSError as error:
        raise UnreadableDocument(path, error.strerror or str(error)) from error


def wants_yaml(file: str) -> bool:
    """Whether a file of that name is YAML."""
    return file.endswith((".yaml", ".yml"))


def is_file(source: str | Path) -> bool:
    """Whether that is a file's name or address, or `-` for standard input, not a release's name."""
    if (
        isinstance(source, Path)
        or source.endswith((".json", ".yaml", ".yml"))
        or source == STDIN
        or "/" in source
        or "\\" in source
    ):
        return True
    return Path(source).is_file()


def _release_of(path: Path, document: Document, spoken: str, specs: Path | None) -> str:
    named = NAMED.fullmatch(path.name)
    if named:
        return named["release"]
    likeness = nearest(document, specs, spoken)
    if likeness and likeness.exact:
        return likeness.release
    info = document.get("info", {})
    return own_name(str(info.get("title") or ""), str(info.get("version") or ""))


def nearest(document: Document, specs: Path | None = None, spoken: str = "") -> Resemblance | None:
    """The pinned release that a document is most like; None for a document that is no portal's."""
    if not dialects.of(document, spoken).pinned:
        return None
    return next(iter(resemblances(document, specs)), None)


def resemblances(document: Document, specs: Path | None = None) -> list[Resemblance]:
    """How the document fits every pinned release, best first."""
    references = _references(specs)
    return resembles(document, {release: spec.document for release, spec in references.items()})


def _references(specs: Path | None) -> dict[str, Spec]:
    """What is known of releases: all that come with ovcgen, and those with corrections in `specs`."""
    references = {release: _pinned(bundled().resolve(), None, release) for release in Library(bundled()).releases()}
    own = library_of(specs)
    below = None if specs is not None else bundled().resolve()
    for release in own.releases():
        spec = _pinned(own.folder.resolve(), below, release)
        if release not in references or spec.overlay:
            references[release] = spec
    return references


@lru_cache(maxsize=64)
def _pinned(folder: Path, below: Path | None, release: str) -> Spec:
    return Library(folder, below).load(release)


def truth_of(
    source: Source, *, release: str | None = None, specs: Path | None = None, reading: Reading = LENIENT
) -> Truth:
    """Load, correct, normalise and read.

    A pinned release gets its own overlay, whole; any other document what fits of the overlay of the release it is
    most like.
    """
    spec = load(source, release=release, specs=specs, reading=reading)
    if spec.overlay:
        return _truth(spec, spec.overlay)
    likeness = nearest(spec.document, specs, spec.dialect)
    if likeness is None:
        return _truth(spec, {})
    reference = _references(specs)[likeness.release]
    fitting, skipped = overlay.fitting(reference.overlay, reference.document, spec.document)
    return _truth(spec, fitting, likeness, skipped)


def declared_of(spec: Spec) -> Truth:
    """Return the same without corrections; answer types that its dialect does not trust are unknown."""
    return _truth(spec, {})


def as_declared(spec: Spec) -> Truth:
    """Return the same without corrections, and with every answer type as the document declares it."""
    document = normalise(spec.document, release=spec.release, spoken=spec.dialect, as_declared=True)
    return Truth(spec, document, read(document, spec.release))


def _truth(
    spec: Spec, corrections: overlay.Overlay, likeness: Resemblance | None = None, skipped: tuple[str, ...] = ()
) -> Truth:
    document = normalise(spec.document, corrections, release=spec.release, spoken=spec.dialect)
    corrected = bool(overlay.actions(corrections, release=spec.release))
    return Truth(spec, document, read(document, spec.release), likeness, skipped, corrected)


def api_of(source: Source, *, specs: Path | None = None) -> Api:
    """The values of a source's API."""
    return truth_of(source, specs=specs).api
