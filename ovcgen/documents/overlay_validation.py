"""Validate overlays against their format, specs/overlay.schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.documents.errors import printable
from ovcgen.resources import resource_folder

SCHEMA = "overlay.schema.json"
COMMON = "common"


def overlay_mistakes(overlay: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the mistakes of an overlay, and of the common overlay under its key `common`, one sentence for each.

    They are mistakes against the JSON Schema of overlays; whether an action fits a document is not checked. The
    overlay's own mistakes come first; both groups are sorted by place. The result is () for a valid overlay.
    """
    own = {key: value for key, value in overlay.items() if key != COMMON}
    parts = [("overlay.json", own)] if own else []
    parts += [("the common overlay.json", overlay[COMMON])] if COMMON in overlay else []
    return tuple(
        f"{_place(file, part, list(error.absolute_path))} {printable(error.message)}."
        for file, part in parts
        for error in sorted(_validator().iter_errors(part), key=lambda error: list(map(str, error.absolute_path)))
    )


def _place(file: str, part: Json, path: list[Any]) -> str:
    """Return the place of a mistake: the name of the action, else the path."""
    match path:
        case ["actions", int() as number, *_] if isinstance(part["actions"][number], dict):
            return f"{file}, `{printable(str(part['actions'][number].get('name', number)))}`:"
        case ["actions", str() as name, *_]:
            return f"{file}, `{printable(name)}`:"
    return f"{file}, /{'/'.join(map(str, path))}:"


@cache
def _validator() -> Any:
    from ovcgen.fast_jsonschema_import import without_grammar

    with without_grammar():
        from jsonschema import Draft7Validator
    return Draft7Validator(json.loads((resource_folder("specs") / SCHEMA).read_text()))
