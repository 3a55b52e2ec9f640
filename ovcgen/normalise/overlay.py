"""Our corrections to one document: data beside the release, each with its reason.

An overlay holds `definitions` (added to the document's own) and `actions`. An action has a `name`, a `why`, one
`target` or several `targets` (JSON Pointers, RFC 6901), optionally `expect` (the value that must be there, as the
`test` of RFC 6902), and one of `set` (a new value), `merge` (keys added to an object), `add` (RFC 6902 `add`) or
`remove`. `use` names actions of the overlay that all releases share, which `common` holds.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ovcgen.errors import OverlayMissesTarget
from ovcgen.spec import Document, Json

Overlay = Mapping[str, Json]


def apply(document: Document, overlay: Overlay, *, release: str) -> Document:
    """The document with every action done; raises OverlayMissesTarget for the first that does not fit."""
    corrected = copy.deepcopy(dict(document))
    corrected["definitions"] = {**corrected.get("definitions", {}), **definitions(overlay)}
    for action in actions(overlay, release=release):
        for target in targets(action):
            if not _fits(corrected, action, target):
                raise OverlayMissesTarget(f"`{action['name']}` ({target})", release)
            _do(corrected, action, target)
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
    """Where an action applies."""
    return tuple(action.get("targets", ())) or (action["target"],)


def fitting(overlay: Overlay, reference: Document, document: Document) -> tuple[Overlay, tuple[str, ...]]:
    """The part of `reference`'s overlay that holds for another document too, and the names of what does not.

    A correction of an operation holds where that operation is the same in both documents.
    """
    kept, skipped = [], []
    for action in actions(overlay, release=""):
        same = [target for target in targets(action) if _same_operation(reference, document, target)]
        if len(same) < len(targets(action)):
            skipped.append(action["name"])
        if same:
            kept.append({**{key: value for key, value in action.items() if key != "target"}, "targets": same})
    return {"definitions": definitions(overlay), "actions": kept}, tuple(skipped)


def _same_operation(reference: Document, document: Document, target: str) -> bool:
    steps = _steps(target)[:3]
    try:
        return _shape(_at(reference, steps)) == _shape(_at(document, steps))
    except (KeyError, IndexError):
        return False


def _shape(body: Json) -> Json:
    """What makes an operation the same: its parameters and declared answers, without their texts."""
    if not isinstance(body, dict):
        return body
    texts = ("description", "summary")
    plain = [{key: value for key, value in each.items() if key not in texts} for each in body.get("parameters", ())]
    return plain, {status: answer.get("schema") for status, answer in body.get("responses", {}).items()}


def _fits(document: Json, action: Mapping[str, Json], target: str) -> bool:
    steps = _steps(target)
    try:
        parent = _at(document, steps[:-1])
        present = _at(parent, steps[-1:]) if "add" not in action else None
    except (KeyError, IndexError, ValueError):
        return False
    if "add" in action:
        return isinstance(parent, list) or steps[-1] not in parent
    if "merge" in action and not isinstance(present, dict):
        return False
    return "expect" not in action or bool(present == action["expect"])


def _do(document: Json, action: Mapping[str, Json], target: str) -> None:
    *parents, last = _steps(target)
    parent = _at(document, parents)
    key: Any = (len(parent) if last == "-" else int(last)) if isinstance(parent, list) else last
    if "remove" in action:
        del parent[key]
    elif "add" in action and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(action["add"]))
    elif "merge" in action:
        parent[key].update(copy.deepcopy(action["merge"]))
    else:
        parent[key] = copy.deepcopy(action["add"] if "add" in action else action["set"])


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(document: Json, steps: list[str]) -> Json:
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document
