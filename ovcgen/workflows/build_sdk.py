"""Generate SDKs from release names, files or specs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.documents.document import Problem
from ovcgen.errors import UsageError
from ovcgen.model.api import Api, Publisher
from ovcgen.workflows.previous_sdk_names import names_before, replaced_sdk_has_aio
from ovcgen.workflows.release_history import History, PinnedReleases
from ovcgen.workflows.resolve import LENIENT, Reading, Source

NO_LATER = "none"


class UnknownGroup(UsageError):
    """An error: a requested group does not exist in the catalog, or no group was requested at all.

    Args:
        unknown: The requested groups that do not exist; empty if no group was requested.
        known: The groups of the catalog.
    """

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"The catalog has no group {', '.join(unknown)}.", fix=f"Choose from {', '.join(known)}.")


class Sdk(NamedTuple):
    """A record of a generated SDK, in memory. Nothing is written.

    Attributes:
        folder: Name of the folder to write it to, such as `openvcloud-2.4.5`.
        files: Text of each file, by its path below the folder.
        operations: Number of operations that can be called in it.
        problems: Mistakes found in the document that it was generated from.
    """

    folder: str
    files: dict[str, str]
    operations: int
    problems: tuple[Problem, ...] = ()


class Packaging(NamedTuple):
    """The user's choices for the package of an SDK. For "" the value of the document or the release is used.

    Attributes:
        name: The name of the distribution, such as `acme-pets`, which is imported as `acme_pets`.
        version: The version; "" counts the SDKs of a release (`1.0`, `1.1`).
        author: The author, as `Name <mail>`.
        license: The licence, such as `MIT`.
        templates: Folder whose files replace those of the same path in templates/sdk. They are trusted: a template can
            put any code into the SDK.
    """

    name: str = ""
    version: str = ""
    author: str = ""
    license: str = ""
    templates: Path | None = None


AS_DOCUMENTED = Packaging()


def generate(
    source: Source,
    *,
    release: str | None = None,
    naming: str = "wire",
    groups: str | Iterable[str] | None = None,
    later: Source | None = None,
    specs: Path | None = None,
    out: Path | None = None,
    package_name: str = "",
    package_version: str = "",
    packaging: Packaging = AS_DOCUMENTED,
    aio: bool | None = None,
) -> dict[str, str]:
    """Return the files of an SDK, by their path below its folder. Nothing is written.

    Args:
        source: A pinned release, the path or URL of a document, or a loaded Spec; see `load`.
        release: The release of a document that is read from a file; see `load`.
        naming: How Python names are spelled: a key of `SPELLINGS`, such as "wire" (as in the document).
        groups: The groups to generate; None means all.
        later: A release or a file. What it no longer has is marked as deprecated. None means the pinned release that
            follows, and "none" marks nothing.
        specs: Folder of pinned catalogs; see `library_of`.
        out: Folder of SDKs. Operations, parameters and types keep the names of the SDK of this release in `out`, else
            those of the newest SDK of an earlier release of the same API.
        package_name, package_version: The same as in `packaging`.
        packaging: Name, version, author, licence and templates of the package.
        aio: Whether to add the asynchronous modules. None means as in the SDK of this release in `out`, else yes.

    Raises:
        BadPackageName, BadVersion: the package can't have that name or version.
        UnknownTemplate, BrokenTemplate: a file in `templates` replaces none, or can't be rendered.
        UnknownGroup: the API has no such group, or `groups` is empty.
        OtherApi: the SDK of another API is in its folder.
        DamagedNames: the names of the SDK in its folder can't be read.
        UsageError, ArgumentError, TransportError, SpecRefused: `source` or `later` can't be loaded; see `load`.
        KeyError: `naming` is no key of `SPELLINGS`.
    """
    chosen = packaging._replace(name=package_name or packaging.name, version=package_version or packaging.version)
    where: dict[str, Any] = {"specs": specs, "out": out, "packaging": chosen}
    return sdk_of(source, release=release, naming=naming, groups=groups, later=later, aio=aio, **where).files


def sdk_of(
    source: Source,
    *,
    release: str | None = None,
    naming: str = "wire",
    groups: str | Iterable[str] | None = None,
    later: Source | None = None,
    specs: Path | None = None,
    out: Path | None = None,
    aio: bool | None = None,
    reading: Reading = LENIENT,
    pinned: PinnedReleases | None = None,
    packaging: Packaging = AS_DOCUMENTED,
) -> Sdk:
    """Return the SDK that `generate` describes, with its folder name and counts. Raises the errors of `generate`.

    Nothing is written. `reading` says how files are read. `pinned` are the releases in `specs`; pass the same object
    for several SDKs, so that each release is read once. Name and version are in `packaging`. The other arguments are
    those of `generate`.
    """
    from ovcgen.generator import distribution, sdk_files

    known = pinned or PinnedReleases(specs)
    resolved = known.resolve(source, release=release, reading=reading)
    chosen = _chosen(resolved.api, groups)
    history = History(str(source) if known.is_name(source) else resolved, known)
    api = replace(
        _marked(resolved.api, history, later, known),
        package=packaging.name,
        publisher=published_by(resolved.api.publisher, packaging.author, packaging.license),
    )
    files = sdk_files(
        api,
        sha256=resolved.spec.origin.sha256,
        version=packaging.version or resolved.spec.origin.sdk_version,
        changes=history.changes(),
        naming=naming,
        groups=chosen,
        removed=history.removed_names(naming, chosen),
        given=names_before(api, history, naming=naming, out=out),
        aio=replaced_sdk_has_aio(api, out) if aio is None else aio,
        templates=packaging.templates,
    )
    callable_ = resolved.api.callable_operations
    count = len([operation for operation in callable_ if chosen is None or operation.group in chosen])
    return Sdk(distribution(api)[0], files, count, resolved.spec.problems)


def _marked(api: Api, history: History, later: Source | None, known: PinnedReleases) -> Api:
    """Return the API with everything marked as deprecated that the release `later` no longer has; see `generate`."""
    from ovcgen.generator import with_removals, with_removals_since

    if later is None:
        removed = history.removals()
        return with_removals(api, removed) if removed else api
    return api if later == NO_LATER else with_removals_since(api, known.resolve(later).api)


def published_by(publisher: Publisher, author: str = "", license_name: str = "") -> Publisher:
    """Return a copy of the publisher with this author (`Name <mail>`, or only one of the two) and licence.

    "" keeps the publisher's own value. A new author replaces name and mail, so that the one not given is ""; a new
    licence also removes the URL of the old one.
    """
    name, mail = parseaddr(author) if "@" in author else (author, "")
    if author:
        publisher = replace(publisher, name=name, email=mail)
    return replace(publisher, license_name=license_name, license_url="") if license_name else publisher


def _chosen(api: Api, groups: str | Iterable[str] | None) -> tuple[str, ...] | None:
    """Return the requested groups without duplicates; None means all. Raises UnknownGroup."""
    if groups is None:
        return None
    chosen = (groups,) if isinstance(groups, str) else tuple(dict.fromkeys(groups))
    known = sorted({operation.group for operation in api.operations})
    unknown = [group for group in chosen if group not in known]
    if unknown or not chosen:
        raise UnknownGroup(unknown, known)
    return chosen
