"""Our corrections to one document: data beside the release, each with its reason.

An overlay holds `definitions` (added to the document's own) and `actions`. An action has a `name`, a `why`, one
`target` or several `targets` (JSON Pointers, RFC 6901), optionally `expect` (the value that must be there, as the
`test` of RFC 6902) or `where` (what the object there must say), and one of `set` (a new value), `merge` (keys added to
an object), `add` (to the end of an array: `/-`) or `remove`; with `expect` alone it confirms what is declared. `use`
names actions of the overlay that all releases share, which `common` holds.

An operation whose success an action sets or confirms is marked with `x-answer`: `corrected` or `declared`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ovcgen.documents.document import Document, Json, canonical
from ovcgen.errors import OverlayMissesTarget
from ovcgen.normalise.places import at, index, operations, steps

Overlay = Mapping[str, Json]
DOES = ("add", "merge", "remove", "set")


def apply(document: Document, overlay: Overlay, *, release: str) -> Document:
    """The document with every action done; raises OverlayMissesTarget for the first that does not fit."""
    corrected = _begun(document, overlay)
    for action in actions(overlay, release=release):
        for target in targets(action):
            if not _done(corrected, action, target):
                raise OverlayMissesTarget(f"`{action.get('name', '')}` ({target})", release)
    return corrected


def actions(overlay: Overlay, *, release: str) -> list[dict[str, Any]]:
    """The actions of an overlay: those it uses of the common ones, then its own."""
    shared = overlay.get("common", {}).get("actions", {})
    for name in overlay.get("use", ()):
        if name not in shared:
            raise OverlayMissesTarget(f"the common correction `{name}`", release)
    used = [{"name": name, **shared[name]} for name in overlay.get("use", ())]
    return used + list(overlay.get("actions", ()))


def definitions(overlay: Overlay) -> dict[str, Json]:
    """The named shapes an overlay brings: the common ones, and its own on top."""
    return {**overlay.get("common", {}).get("definitions", {}), **overlay.get("definitions", {})}


def targets(action: Mapping[str, Json]) -> tuple[str, ...]:
    """Where an action applies; an action that does not say so misses its target."""
    return tuple(str(target) for target in action.get("targets") or (action.get("target", "nowhere"),))


def fitting(overlay: Overlay, reference: Document, document: Document) -> tuple[Overlay, tuple[str, ...]]:
    """The part of `reference`'s overlay that holds for another document too, and the names of what does not.

    A correction of an operation holds where that operation is the same in both documents. What belongs to a group
    that the other document does not have is left out, but nothing was missed there.
    """
    kept, skipped = [], []
    trial = _begun(document, overlay)
    groups = _groups(document)
    for action in actions(overlay, release=""):
        wanted = [target for target in targets(action) if _group(target) in groups]
        same = [each for each in wanted if _same(reference, document, each) and _done(trial, action, each)]
        if len(same) < len(wanted):
            skipped.append(str(action.get("name", "")))
        if same:
            kept.append({**{key: value for key, value in action.items() if key != "target"}, "targets": same})
    return {"definitions": definitions(overlay), "actions": kept}, tuple(skipped)


def _begun(document: Document, overlay: Overlay) -> dict[str, Json]:
    """A copy to work on, which has the overlay's definitions already."""
    begun = copy.deepcopy(dict(document))
    begun["definitions"] = {**begun.get("definitions", {}), **copy.deepcopy(definitions(overlay))}
    return begun


def _groups(document: Document) -> set[str]:
    """The groups that were fetched; what is not below a path belongs to all."""
    return {"", *(path.strip("/").partition("/")[0] for path, _, _ in operations(document))}


def _group(target: str) -> str:
    try:
        place = steps(target)
    except LookupError:
        return ""
    return place[1].strip("/").partition("/")[0] if place[:1] == ("paths",) and len(place) > 1 else ""


def _same(reference: Document, document: Document, target: str) -> bool:
    """Whether what the target is in, as a rule an operation, is the same in both."""
    try:
        place = steps(target)[:3]
        return canonical(_shape(at(reference, place))) == canonical(_shape(at(document, place)))
    except LookupError:
        return False


def _shape(body: Json) -> Json:
    """What makes an operation the same: its parameters and declared answers, without their texts."""
    if not isinstance(body, dict):
        return body
    texts = ("description", "summary")
    plain = [
        {key: value for key, value in parameter.items() if key not in texts} for parameter in body.get("parameters", ())
    ]
    return plain, {status: answer.get("schema") for status, answer in body.get("responses", {}).items()}


def _done(document: Json, action: Mapping[str, Json], target: str) -> bool:
    """Do it, in place; False, and nothing is done, where it does not fit."""
    does = [key for key in DOES if key in action]
    try:
        *parents, last = steps(target)
        parent = at(document, parents)
        key = _key(parent, last, new=does == ["add"])
        present = None if does == ["add"] else parent[key]
    except (LookupError, ValueError):  # ValueError: a pointer without steps
        return False
    if not _as_expected(present, action):
        return False
    match does:
        case ["add"] if isinstance(parent, list):
            parent.insert(int(key), copy.deepcopy(action["add"]))
        case ["add" | "set" as verb]:
            parent[key] = copy.deepcopy(action[verb])
        case ["merge"] if isinstance(present, dict):
            present.update(copy.deepcopy(action["merge"]))
        case ["remove"]:
            del parent[key]
        case [] if "expect" in action:
            pass
        case _:
            return False
    _mark(document, (*parents, last), "corrected" if does else "declared")
    return True


def _as_expected(present: Json, action: Mapping[str, Json]) -> bool:
    """Whether what is there is what the action was written for."""
    if "expect" in action and canonical(present) != canonical(action["expect"]):
        return False
    said = action.get("where", {})
    return not said or (isinstance(present, dict) and {key: present.get(key) for key in said} == said)


def _mark(document: Json, place: tuple[str, ...], word: str) -> None:
    """Note on an operation that its success is known, where that is what the place is about."""
    if place[:1] == ("paths",) and place[3:5] == ("responses", "200"):
        at(document, place[:3])["x-answer"] = word


def _key(parent: Json, last: str, *, new: bool) -> Any:
    """The last step as `parent` takes it; raises LookupError where it can't be."""
    if isinstance(parent, list):
        if new and last == "-":
            return len(parent)
        if not new and index(last) < len(parent):
            return index(last)
    elif isinstance(parent, dict) and last in parent and not new:
        return last
    raise LookupError(last)
