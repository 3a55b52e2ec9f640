"""Load a document by release name, path, URL or spec, apply its corrections, and read its API."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ovcgen.documents import LIMIT, check, load_json, ordered, parse, repair_swagger2
from ovcgen.documents.document import Document, Json, sha256_of
from ovcgen.documents.errors import TooLarge
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.openapi3_checks import check_problems, check_version
from ovcgen.documents.yaml_reader import load_yaml, parse_yaml
from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.model.readers import read
from ovcgen.model.relative_servers import with_document_url
from ovcgen.model.release_names import own_name, valid_release
from ovcgen.normalise import dialect_registry, normalise, overlay
from ovcgen.releases.library import Library, bundled, find
from ovcgen.releases.release_similarity import Resemblance, similarities
from ovcgen.releases.spec import Origin, Spec
from ovcgen.workflows.document_input import is_file, is_url, read_input

Source = Spec | str | Path
NAMED = re.compile(r"openvcloud-(?P<release>.+)\.json")


class UnreadableDocument(UsageError):
    """An error: the file of a document can't be opened or read.

    Args:
        path: The path of the file.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Can't read {path}: {reason}.", fix="Check the path; a portal's address begins with https://."
        )


class NoSuchFolder(UsageError):
    """An error: the folder of `--specs` does not exist."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no folder {folder}.",
            fix="Check --specs; without it, the catalogs that come with ovcgen are used.",
        )


class NothingPinned(UsageError):
    """An error: the folder of catalogs has no pinned release."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No release is pinned in {folder}.",
            fix=f"Pin one with `ovcgen fetch URL --release R`, or pass --specs {bundled()}.",
        )


class PinnedAlready(UsageError):
    """An error: a pinned release, named by `source`, was to be loaded under another release name."""

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} is a pinned release, and keeps its name.", fix="Pass --release with a FILE only.")


@dataclass(frozen=True)
class Release:
    """A record of a spec with its normalised document and its API.

    Attributes:
        spec: The document as loaded, with its release.
        document: The normalised and corrected document.
        api: The values read from `document`.
        nearest: The most similar pinned release, whose fitting corrections were used. None if the spec has its own
            corrections, was read without any, or is not an OpenvCloud catalog.
        skipped: Corrections of that release that do not fit this document.
        corrected: Whether at least one correction was applied.
    """

    spec: Spec
    document: Document
    api: Api
    nearest: Resemblance | None = None
    skipped: tuple[str, ...] = ()
    corrected: bool = False

    @property
    def declared_paths(self) -> Mapping[str, Json]:
        """Return the path items of the spec by their path, without corrections; empty if the document has no paths."""
        paths: Mapping[str, Json] = self.spec.document.get("paths", {})
        return paths

    def declared(self, *, without: Set[str] = frozenset()) -> Api:
        """Return the API of the spec without corrections, read at each call.

        Response types that its dialect does not trust are unknown. The operations of the paths `without` are left out,
        unless the document is one of OpenAPI 3.
        """
        if self.spec.api:
            return self.spec.api
        paths = {path: item for path, item in self.declared_paths.items() if path not in without}
        document = {**self.spec.document, "paths": paths}
        return read(normalise(document, release=self.spec.release, dialect=self.spec.dialect), self.spec.release)


def library_of(specs: Path | None) -> Library:
    """Return the catalogs in the folder `specs`; None means those in ./specs, and the bundled ones for other releases.

    No catalog is read.

    Raises:
        NoSuchFolder: `specs` is not a folder.
    """
    if specs is not None and not specs.is_dir():
        raise NoSuchFolder(specs)
    return find(specs)


def pinned(specs: Path | None) -> tuple[str, ...]:
    """Return the names of the pinned releases, oldest first; at least one.

    `specs` is the folder of pinned catalogs; None means ./specs, and the bundled catalogs for other releases.

    Raises:
        NoSuchFolder: `specs` is not a folder.
        NothingPinned: there is no pinned release.
    """
    library = library_of(specs)
    releases = library.releases()
    if not releases:
        raise NothingPinned(library.folder)
    return releases


class Reading(NamedTuple):
    """A record of the options for reading a document from a file.

    Attributes:
        dialect: Name of the dialect, a key of `DIALECTS`; "" recognises it. Ignored for OpenAPI 3.
        strict: Whether a document with any mistake is refused, and not only one without a call that can be made.
    """

    dialect: str = ""
    strict: bool = False


LENIENT = Reading()


def load(
    source: Source,
    *,
    release: str | None = None,
    specs: Path | None = None,
    reading: Reading = LENIENT,
    download: Callable[[str], bytes] | None = None,
) -> Spec:
    """Return the spec of a pinned release, a file, a document's URL, or standard input (`-`), before corrections.

    A Spec is returned unchanged. The release of a file is `release`, else the release in its file name
    (`openvcloud-2.4.5.json`), else the pinned release with an equal document, else a name made of title and version;
    for OpenAPI 3 it is `release`, else that name. `specs` is the folder of pinned catalogs; see `library_of`. `reading`
    says how a document is read. `download` is passed to `read_input`.

    Raises:
        PinnedAlready: `source` is a release name and `release` is another one.
        UnknownRelease: no such release is pinned.
        UsageError: the source can't be read, its name can't be that of a release, or there is no pinned release.
        ArgumentError, TransportError: a URL is not valid, or there is no response.
        SpecRefused: the document can't be used.
        KeyError: there is no dialect of the name in `reading`.
    """
    if isinstance(source, Spec):
        return source
    if is_file(source):
        path, content = read_input(source, download)
        spec = read_spec(path, content, release=release, specs=specs, reading=reading)[0]
        if not is_url(str(source)):
            return spec
        url = str(source)
        return replace(spec, url=url, api=with_document_url(spec.api, url) if spec.api else None)
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
    """Return the spec of a document, and the bytes that it was read from.

    With `content`, `path` gives only the name and format, and no other files are read. Without it the file is read, and
    with it the files that it refers to. The format is YAML for .yaml and .yml, else JSON. The other arguments are those
    of `load`.

    Raises:
        UsageError: the file can't be read.
        BadReleaseName: the name can't be that of a release.
        SpecRefused: the document can't be used.
        KeyError: there is no dialect of the name in `reading`.
    """
    data = _bytes(path) if content is None else content
    loaded = load_yaml(data, str(path)) if wants_yaml(str(path)) else load_json(data, str(path))
    if content is None:
        from ovcgen.documents.file_references import with_referenced_files

        loaded = with_referenced_files(loaded, path.name, NeighbourReader(path))
    if "openapi" in loaded.document:
        return _openapi3_spec(path, loaded, release, strict=reading.strict), data
    served = loaded.document
    document, problems = repair_swagger2(served, str(path), strict=reading.strict, loaded=loaded)
    dialect = dialect_registry.dialect_of(document, reading.dialect)
    if dialect.pinned:  # a portal's catalog is never repaired, only refused
        served = (parse_yaml if wants_yaml(str(path)) else parse)(data, str(path))
        check(served, str(path))
        document, problems = served, ()
    document, served = ordered(document), ordered(served)
    groups = tuple(sorted({path.strip("/").partition("/")[0] for path in document["paths"]}))
    origin = Origin(kind="file", sha256=sha256_of(served), groups=groups)
    name = valid_release(release or _release_of(path, document, dialect.name, specs))
    return Spec(document, name, origin, dialect=dialect.name, problems=problems), data


def _openapi3_spec(path: Path, loaded: Loaded, release: str | None, *, strict: bool) -> Spec:
    """Return the spec of an OpenAPI 3 document.

    Raises:
        NotSwagger: its version is not 3.
        NotAsWritten: it has mistakes, and `strict` is set or no operation is left.
    """
    from ovcgen.documents.metaschema_validation import style_problems
    from ovcgen.model.readers import openapi3

    check_version(loaded.document, str(path))
    info = loaded.document.get("info")
    texts = info if isinstance(info, dict) else {}
    titles = [loaded.texts.get(("info", key), str(texts.get(key) or "")) for key in ("title", "version")]
    name = valid_release(release or own_name(titles[0].strip() or path.stem, titles[1]))
    api, found = openapi3.read(loaded.document, name, loaded.texts)
    problems = (*loaded.problems, *found, *style_problems(loaded.document, found))
    check_problems(loaded.document, problems, str(path), left=len(api.operations), strict=strict)
    document = ordered(loaded.document)
    groups = tuple(sorted({operation.group for operation in api.operations}))
    origin = Origin(kind="file", sha256=sha256_of(document), groups=groups)
    return Spec(document, name, origin, dialect=api.dialect, problems=problems, api=api)


class NeighbourReader:
    """Reads the files that a document refers to. Call it with a path relative to the document's folder.

    It returns the loaded file, as JSON or YAML by its extension; None if there is no such file, or if it is not in that
    folder or below (symbolic links may not lead outside). All files together may not be larger than the size limit of
    one document.

    Raises:
        TooLarge: the files are larger together.
        SpecRefused: a file is no JSON or YAML.
    """

    def __init__(self, document: Path) -> None:
        self._folder = document.parent
        self._left = LIMIT

    def __call__(self, name: str) -> Loaded | None:
        """Return the loaded file, or None if it is missing or outside the folder. Raises TooLarge."""
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
    """Return the bytes of a file. Raises UnreadableDocument."""
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)  # one byte more than allowed, so that the parser refuses it
    except OSError as error:
        raise UnreadableDocument(path, error.strerror or str(error)) from error


def wants_yaml(file: str) -> bool:
    """Return whether a file of that name contains YAML, by its extension (.yaml, .yml, in lower case)."""
    return file.endswith((".yaml", ".yml"))


def _release_of(path: Path, document: Document, dialect: str, specs: Path | None) -> str:
    """Return the release of a document that was given without one; see `load`."""
    named = NAMED.fullmatch(path.name)
    if named:
        return named["release"]
    resemblance = nearest(document, specs, dialect)
    if resemblance and resemblance.is_exact:
        return resemblance.release
    info = document.get("info", {})
    return own_name(str(info.get("title") or "").strip() or path.stem, str(info.get("version") or ""))


def nearest(document: Document, specs: Path | None = None, dialect: str = "") -> Resemblance | None:
    """Return the resemblance to the most similar pinned release, of the bundled ones and those in `specs`.

    None if the document is not an OpenvCloud catalog. `dialect` is the document's dialect; "" recognises it.

    Raises:
        KeyError: there is no dialect of that name.
        NoSuchFolder: `specs` is not a folder.
        SpecRefused: a pinned release can't be used.
    """
    if not dialect_registry.dialect_of(document, dialect).pinned:
        return None
    return next(iter(resemblances(document, specs)), None)


def resemblances(document: Document, specs: Path | None = None) -> list[Resemblance]:
    """Return the document's resemblance to every bundled release and every release in `specs`, best first.

    A release in `specs` replaces the bundled one of its name only if it has corrections. Each is loaded once in a
    process.

    Raises:
        NoSuchFolder: `specs` is not a folder.
        SpecRefused: a pinned release can't be used.
    """
    references = _references(specs)
    return similarities(document, {release: spec.document for release, spec in references.items()})


def _references(specs: Path | None) -> dict[str, Spec]:
    """Return the specs to compare documents with: the bundled ones, and those in `specs` that are new or corrected."""
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


def resolve(
    source: Source,
    *,
    release: str | None = None,
    specs: Path | None = None,
    reading: Reading = LENIENT,
    download: Callable[[str], bytes] | None = None,
) -> Release:
    """Load a source, apply its corrections, normalise it, and return it with its API.

    A spec with an overlay, such as that of a pinned release, gets these corrections. Any other OpenvCloud catalog gets
    the corrections that fit it, from the overlay of the most similar release. Other documents get none. Arguments are
    those of `load`.

    Raises:
        UsageError, ArgumentError, TransportError, SpecRefused, KeyError: the source can't be loaded; see `load`.
        OverlayMissesTarget: a correction of the source's own overlay does not fit it.
    """
    spec = load(source, release=release, specs=specs, reading=reading, download=download)
    if spec.overlay:
        return _release(spec, spec.overlay)
    resemblance = nearest(spec.document, specs, spec.dialect)
    if resemblance is None:
        return _release(spec, {})
    reference = _references(specs)[resemblance.release]
    fitting, skipped = overlay.applicable_part(reference.overlay, reference.document, spec.document)
    return _release(spec, fitting, resemblance, skipped)


def as_declared(spec: Spec) -> Release:
    """Return a spec as a release without corrections. Its response types are those that the document declares.

    Nothing is loaded; `spec` is not changed.
    """
    document = normalise(spec.document, release=spec.release, dialect=spec.dialect, as_declared=True)
    return Release(spec, document, spec.api or read(document, spec.release))


def _release(
    spec: Spec, corrections: overlay.Overlay, resemblance: Resemblance | None = None, skipped: tuple[str, ...] = ()
) -> Release:
    """Return the normalised document and API of a spec with these corrections."""
    document = normalise(spec.document, corrections, release=spec.release, dialect=spec.dialect)
    corrected = bool(overlay.actions(corrections, release=spec.release))
    return Release(spec, document, spec.api or read(document, spec.release), resemblance, skipped, corrected)


def api_of(source: Source, *, specs: Path | None = None) -> Api:
    """Load a source and return its API, with its corrections applied. Raises the errors of `resolve`."""
    return resolve(source, specs=specs).api
