"""Find the documents of a folder, and read them as they were written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ovcgen.documents import load_json
from ovcgen.documents.yaml_reader import load_yaml
from ovcgen.workflows.resolve import wants_yaml

ENDINGS = (".json", ".yaml", ".yml")
SAYS = re.compile(rb"^[{\s\"']*(openapi|swagger)[\"']?\s*:", re.MULTILINE)


def documents_in(folder: Path) -> list[Path]:
    """Return the documents of a folder, sorted; in a folder inside of it, those that say what they are."""
    found = [path for path in folder.iterdir() if path.suffix in ENDINGS]
    for inner in (path for path in folder.iterdir() if path.is_dir()):
        found += [path for path in inner.iterdir() if path.suffix in ENDINGS and SAYS.search(path.read_bytes())]
    return sorted(found)


def document_at(path: Path) -> Any:
    """Return a document with the path items and parameters that it has in other files."""
    document = _read(path)
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return document
    return {**document, "paths": {name: _whole_item(item, path) for name, item in paths.items()}}


def _read(path: Path) -> Any:
    return (load_yaml if wants_yaml(path.name) else load_json)(path.read_bytes(), path.name).document


def _whole_item(item: Any, path: Path) -> Any:
    item, path = _opened(item, path)
    if not isinstance(item, dict):
        return item
    operations = {key: _with_parameters(value, path) for key, value in item.items() if isinstance(value, dict)}
    return _with_parameters({**item, **operations}, path)


def _with_parameters(holder: dict[str, Any], path: Path) -> dict[str, Any]:
    parameters = holder.get("parameters")
    if not isinstance(parameters, list):
        return holder
    return {**holder, "parameters": [_opened(each, path)[0] for each in parameters]}


def _opened(value: Any, path: Path) -> tuple[Any, Path]:
    """Return what a reference to another file leads to, and that file; other values as they are."""
    for _ in range(20):
        reference = value.get("$ref") if isinstance(value, dict) else None
        name, _, pointer = reference.partition("#") if isinstance(reference, str) else ("", "", "")
        other = path.parent / unquote(name)
        if not name or not other.is_file():
            break
        value, path = _read(other), other
        for step in pointer.split("/")[1:]:
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            value = value.get(key) if isinstance(value, dict) else None
    return value, path
