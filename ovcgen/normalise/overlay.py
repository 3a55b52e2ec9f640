"""Apply an overlay, our corrections to one release's document.

The format is ovcgen's own, not that of the OpenAPI Overlay Specification. An overlay has `definitions` (added to the
document's) and `actions`. An action has

- `name` and `why`;
- `target`, or several `targets`: JSON pointers (RFC 6901);
- optionally `expect` (the value that must be there, like `test` of RFC 6902) or `where` (key-value pairs that the
  object there must have);
- one of `set` (a new value), `merge` (keys to add to an object), `add` (a new last element of an array; the pointer
  ends with `/-`) and `remove`. An action with `expect` and none of them confirms a declaration.

`use` names actions of the overlay `common`, which all releases share.

An action that sets or confirms the 200 response of an operation marks it with `x-answer`: `corrected` or `declared`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ovcgen.documents.document import Document, Json
from ovcgen.documents.pointers import at, index, steps
from ovcgen.errors import OverlayMissesTarget
from ovcgen.normalise.reference_resolution import operations

Overlay = Mapping[str, Json]
DOES = ("add", "merge", "remove", "set")


def apply(document: Document, overlay: Overlay, *, release: str) -> Document:
    """Return the document with the overlay's definitions added and all its actions applied.

    A definition of the overlay replaces the document's one of the same name. `release` is the name of the release for
    error messages. The given document is not changed.

    Raises:
        OverlayMissesTarget: an action does not fit the document, or a common action that it uses does not exist.
    """
    corrected = _begun(document, overlay)
    for action in actions(overlay, release=release):
        for target in targets(action):
            if not _done(corrected, action, target):
                raise OverlayMissesTarget(f"`{action.get('name', '')}` ({target})", release)
    return corrected


def actions(overlay: Overlay, *, release: str) -> list[dict[str, Any]]:
    """Return the actions of an overlay: first the common ones that it uses, then its own.

    A common one gets its key in `common` as `name`. `release` is the name of the release for error messages.

    Raises:
        OverlayMissesTarget: there is no common action with a name in `use`.
    """
    shared = overlay.get("common", {}).get("actions", {})
    for name in overlay.get("use", ()):
        if name not in shared:
            raise OverlayMissesTarget(f"the common correction `{name}`", release)
    used = [{"name": name, **shared[name]} for name in overlay.get("use", ())]
    return used + list(overlay.get("actions", ()))


def definitions(overlay: Overlay) -> dict[str, Json]:
    """Return the schemas that an overlay adds to a document, by name; its own override those of the common overlay."""
    return {**overlay.get("common", {}).get("definitions", {}), **overlay.get("definitions", {})}


def targets(action: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the JSON pointers of an action: its `targets`, else its `target`.

    Without both, the result is `("nowhere",)`, which is not a pointer, so the action fits no document.
    """
    return tuple(str(target) for target in action.get("targets") or (action.get("target", "nowhere"),))


def applicable_part(overlay: Overlay, reference: Document, document: Document) -> tuple[Overlay, tuple[str, ...]]:
    """Return (overlay, skipped): the part of an overlay that also fits another document, and the actions left out.

    The overlay was written for the document `reference`; the result is for `document`. An action on an operation fits
    if both documents declare the same parameters and response schemas for the operation (descriptions do not count),
    and the action can be applied. An action on a definition that the overlay adds fits if it can be applied. An action
    on anything else, such as another definition, fits if both documents have a place with the target's first three
    steps, and the action can be applied.

    An action of which only some targets fit is kept for these. `skipped` has the names of the actions of which a target
    does not fit. Targets in groups (first path segments) that `document` does not have are dropped silently. The
    actions of the result contain the used common ones.

    Raises:
        OverlayMissesTarget: there is no common action with a name in `use`.
    """
    kept, skipped = [], []
    added = definitions(overlay)
    trial = _begun(document, overlay)
    groups = _groups(document)
    for action in actions(overlay, release=""):
        wanted = [target for target in targets(action) if _group(target) in groups]
        same = [
            other
            for other in wanted
            if (_is_added(other, added) or _same(reference, document, other)) and _done(trial, action, other)
        ]
        if len(same) < len(wanted):
            skipped.append(str(action.get("name", "")))
        if same:
            kept.append({**{key: value for key, value in action.items() if key != "target"}, "targets": same})
    return {"definitions": added, "actions": kept}, tuple(skipped)


def _is_added(target: str, added: Mapping[str, Json]) -> bool:
    """Return whether a target is one of the definitions in `added`, or inside of one."""
    try:
        place = steps(target)
    except LookupError:
        return False
    return place[:1] == ("definitions",) and len(place) > 1 and place[1] in added


def _begun(document: Document, overlay: Overlay) -> dict[str, Json]:
    """Return a deep copy of the document with the overlay's definitions."""
    begun: dict[str, Json] = _copied(dict(document))
    begun["definitions"] = {**begun.get("definitions", {}), **_copied(definitions(overlay))}
    return begun


def _copied(value: Json) -> Json:
    """Return a deep copy of a JSON value, several times as fast as `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _copied(inner) if isinstance(inner, (dict, list)) else inner for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _groups(document: Document) -> set[str]:
    """Return the first path segments of the document, and "" for targets outside of paths."""
    return {"", *(path.strip("/").partition("/")[0] for path, _, _ in operations(document))}


def _group(target: str) -> str:
    try:
        place = steps(target)
    except LookupError:
        return ""
    return place[1].strip("/").partition("/")[0] if place[:1] == ("paths",) and len(place) > 1 else ""


def _same(reference: Document, document: Document, target: str) -> bool:
    """Return whether both documents have the same operation (or other object at the first three steps) there."""
    try:
        place = steps(target)[:3]
        return _are_equal(_shape(at(reference, place)), _shape(at(document, place)))
    except LookupError:
        return False


def _shape(body: Json) -> Json:
    """Return what makes two operations the same: parameters and response schemas, without descriptions."""
    if not isinstance(body, dict):
        return body
    texts = ("description", "summary")
    plain = [
        {key: value for key, value in parameter.items() if key not in texts} for parameter in body.get("parameters", ())
    ]
    return plain, {status: answer.get("schema") for status, answer in body.get("responses", {}).items()}


def _done(document: Json, action: Mapping[str, Json], target: str) -> bool:
    """Apply an action in place; return False and change nothing if it does not fit."""
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
            parent.insert(int(key), _copied(action["add"]))
        case ["add" | "set" as verb]:
            parent[key] = _copied(action[verb])
        case ["merge"] if isinstance(present, dict):
            present.update(_copied(action["merge"]))
        case ["remove"]:
            del parent[key]
        case [] if "expect" in action:
            pass
        case _:
            return False
    _mark(document, (*parents, last), "corrected" if does else "declared")
    return True


def _are_equal(one: Json, other: Json) -> bool:
    """Return whether two JSON values are equal. They are compared as text, since True == 1 in Python."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _as_expected(present: Json, action: Mapping[str, Json]) -> bool:
    """Return whether the value that is there matches `expect` and `where` of the action."""
    if "expect" in action and not _are_equal(present, action["expect"]):
        return False
    said = action.get("where", {})
    return not said or (isinstance(present, dict) and {key: present.get(key) for key in said} == said)


def _mark(document: Json, place: tuple[str, ...], word: str) -> None:
    """Mark an operation with `x-answer` if the target is in its 200 response."""
    if place[:1] == ("paths",) and place[3:5] == ("responses", "200"):
        at(document, place[:3])["x-answer"] = word


def _key(parent: Json, last: str, *, new: bool) -> Any:
    """Return the last step as a key or index of `parent`.

    Raises:
        LookupError: there is no such place.
    """
    if isinstance(parent, list):
        if new and last == "-":
            return len(parent)
        if not new and index(last) < len(parent):
            return index(last)
    elif isinstance(parent, dict) and last in parent and not new:
        return last
    raise LookupError(last)
