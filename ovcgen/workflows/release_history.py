"""Derive what the SDK of a release has to know of the pinned releases before and after it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from ovcgen.documents.document import Json
from ovcgen.generator.later_removals import Removals, removals
from ovcgen.generator.removed_name import RemovedName
from ovcgen.plugins import described, installed
from ovcgen.releases.library import KeptHistory, Library, bundled
from ovcgen.resources import code_digest
from ovcgen.workflows.document_input import is_file
from ovcgen.workflows.resolve import LENIENT, Reading, Release, Source, library_of, resolve

PLUGINS = ("ovcgen.dialects", "ovcgen.rules")  # groups of plugins that can change a history
# The parts of ovcgen whose code decides what a history says.
CODE = ("documents", "model", "normalise", "releases", "annotations", "diff", "generator", "runtime", "workflows")


class PinnedReleases:
    """The pinned releases of a folder. Each is loaded and normalised once, when it is first needed.

    Args:
        specs: Folder of pinned catalogs; see `library_of`, also for the errors.

    Attributes:
        library: The catalogs of that folder.
        names: The releases, oldest first; () for none.
    """

    def __init__(self, specs: Path | None = None) -> None:
        self.library = library_of(specs)
        self.names = self.library.releases()
        self._specs = specs
        self._corrected: dict[str, Release] = {}

    def corrected(self, release: str) -> Release:
        """Return a pinned release with its corrections, the same object at each call.

        Raises:
            UnknownRelease: the release is not pinned.
            SpecRefused: it can't be loaded, or one of its corrections does not fit it.
        """
        if release not in self._corrected:
            self._corrected[release] = resolve(self.library.load(release), specs=self._specs)
        return self._corrected[release]

    def resolve(self, source: Source, *, release: str | None = None, reading: Reading = LENIENT) -> Release:
        """Return what the function `resolve` returns for these arguments, or raise its errors.

        A pinned release is loaded once, and the same object is returned at each call.
        """
        if self.is_name(source) and release in (None, source):
            return self.corrected(str(source))
        return resolve(source, release=release, specs=self._specs, reading=reading)

    def is_name(self, source: Source) -> bool:
        """Return whether a source is the name of a pinned release, and not a file of that name."""
        return isinstance(source, str) and source in self.names and not is_file(source)

    def before(self, release: str) -> tuple[str, ...]:
        """Return the names of the pinned releases before `release`, oldest first; () if `release` is not pinned."""
        return self.names[: self.names.index(release)] if release in self.names else ()

    def after(self, release: str) -> tuple[str, ...]:
        """Return the names of the pinned releases after `release`, oldest first; () if `release` is not pinned."""
        return self.names[self.names.index(release) + 1 :] if release in self.names else ()

    @cached_property
    def input_digests(self) -> str:
        """Return one text with digests of all that the history of these releases depends on: files, code and plugins.

        It is computed once. A stored history with another text is out of date.
        """
        libraries = (self.library, Library(bundled()))  # a release without an overlay gets corrections of a bundled one
        by_folder = {library.folder: library for library in libraries}
        plugins = (described(plugin) for group in PLUGINS for plugin in installed(group))
        return " ".join([*(library.digest() for library in by_folder.values()), code_digest(CODE), *plugins])

    @cached_property
    def stored_histories(self) -> Mapping[str, Json]:
        """Return the stored history of each release as JSON, by release. It is read once.

        Empty if no history is stored, or if the stored one was derived from other inputs.
        """
        history = self.library.history()
        return history.releases if history and history.inputs == self.input_digests else {}


class History:
    """What the SDK of one release has to know of the pinned releases before and after it: derived, or as stored.

    A release whose name is not pinned has none before and after it.

    Args:
        release: The release. A pinned one may be given by its name: only then the stored history is used.
        pinned: All pinned releases.
    """

    def __init__(self, release: Release | str, pinned: PinnedReleases) -> None:
        self._pinned = pinned
        self._release = release
        self._name = release if isinstance(release, str) else release.spec.release
        self._kept: Mapping[str, Json] | None = (
            pinned.stored_histories.get(release) if isinstance(release, str) else None
        )

    @property
    def release(self) -> Release:
        """Return the release that the history belongs to, with its corrections; one given by its name is loaded now.

        Raises:
            UnknownRelease, SpecRefused: as for `PinnedReleases.corrected`.
        """
        return self._pinned.corrected(self._release) if isinstance(self._release, str) else self._release

    @property
    def is_pinned(self) -> bool:
        """Return whether a release of this name is pinned, even if the history is that of a file with the same name."""
        return self._name in self._pinned.names

    def changes(self) -> str:
        """Return the changes since the preceding pinned release as Markdown; "" if there is no preceding release.

        Both are compared as pinned, even if the history is that of a file with the name of a pinned release.
        """
        if self._kept is not None:
            return str(self._kept["changes"])
        earlier = self._pinned.before(self._name)
        if not earlier:
            return ""
        from ovcgen import diff
        from ovcgen.diff.render.markdown import report_lines
        from ovcgen.workflows.compare_releases import changes_between

        before, after = (self._pinned.corrected(release) for release in (earlier[-1], self._name))
        report = diff.report_of(earlier[-1], self._name, changes_between(before, after))
        return "".join(f"{line}\n" for line in report_lines(report, depth=3))

    def removed_names(self, naming: str = "wire", groups: Collection[str] | None = None) -> tuple[RemovedName, ...]:
        """Return the operations and parameters that an earlier pinned release had and this one lacks, sorted.

        The result is () if there are none. `naming` is the spelling of Python names: a key of `SPELLINGS`. `groups`
        limits the operations; None means all.

        Raises:
            KeyError: there is no such spelling.
        """
        if self._kept is not None and naming == "wire" and groups is None:
            return tuple(RemovedName(*row) for row in self._kept["removed"])
        earlier = self._pinned.before(self._name)
        if not earlier:
            return ()
        from ovcgen.workflows.find_removed_names import removed_before

        apis = [self._pinned.corrected(release).api for release in earlier]
        return removed_before(self.release.api, apis, naming=naming, groups=groups)

    def type_names(self) -> Mapping[str, str]:
        """Return the type names of the preceding pinned release's SDK, by the place of the schema as in names.json.

        Each SDK keeps the names of the one before; {} without a preceding release.
        """
        if self._kept is not None:
            names: Mapping[str, str] = self._kept["types"]
            return names
        from ovcgen.generator.view.names_json import type_names
        from ovcgen.generator.view.schema_annotations import named_types

        types: dict[str, str] = {}
        for release in self._pinned.before(self._name):
            types = type_names(named_types(self._pinned.corrected(release).api, types))
        return types

    def removals(self) -> Removals | None:
        """Return what this release has and the next pinned release lacks; None if there is no next pinned release."""
        if self._kept is not None:
            fields = self._kept["removals"]
            return Removals(**fields) if fields else None
        later = self._pinned.after(self._name)
        return removals(self.release.api, self._pinned.corrected(later[0]).api) if later else None

    def as_json(self) -> dict[str, Json]:
        """Return the whole history as a JSON object, as stored in the history file.

        Its keys are `changes`, `removed` (a list of [name, argument, release, replacement], with "" for none), `types`
        (see `type_names`) and `removals` (an object with the attributes of `Removals`, or null).
        """
        lacking = self.removals()
        return {
            "changes": self.changes(),
            "removed": [[row.dotted, row.key, row.release, row.instead] for row in self.removed_names()],
            "types": dict(self.type_names()),
            "removals": asdict(lacking) if lacking else None,
        }


def keep_history(pinned: PinnedReleases) -> None:
    """Write the history of all pinned releases into specs/history.json, unless an up-to-date one is stored.

    Raises:
        UnwritableTarget: the file can't be written.
        SpecRefused: a release can't be used.
    """
    if not pinned.stored_histories:
        derived = {release: _derived(release, pinned) for release in pinned.names}
        pinned.library.keep_history(KeptHistory(pinned.input_digests, derived))


def is_outdated(release: str, pinned: PinnedReleases) -> bool:
    """Return whether the stored history of a release differs from the history that is derived now.

    False if no history is stored; True if the stored file is damaged or lacks the release.

    Raises:
        SpecRefused: a release can't be used, so that the history can't be derived.
    """
    history = pinned.library.history()
    return history is not None and history.releases.get(release) != _derived(release, pinned)


def _derived(release: str, pinned: PinnedReleases) -> Json:
    """Derive the history of a release and return it as JSON, without using the stored history."""
    return json.loads(json.dumps(History(pinned.corrected(release), pinned).as_json()))
