"""The runtime of an SDK for another service contains nothing of OpenvCloud."""

from __future__ import annotations

import json
import re
from pathlib import Path

import ovcgen

# Not `eco`: every client has ApiError.eco, so that `except ApiError` can read it.
OF_OPENVCLOUD = re.compile(
    r"portal|\btasks?\b|_tasks?\b|\btask_|(?<!create_)Task(?![a-z])|guid|itsyou|restmachine|openvcloud|cloudapi|\b_async\b|\b419\b",
    re.IGNORECASE,
)
PETS = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1.0"},
    "host": "pets.example",
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "name": "X-Key", "in": "header"},
        "application": {"type": "oauth2", "flow": "application", "tokenUrl": "https://pets.example/token"},
    },
    "paths": {
        "/pets": {
            "get": {
                "parameters": [{"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}}],
                "responses": {"200": {"description": "All pets.", "schema": {"type": "array", "items": {}}}},
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "photo", "in": "formData", "type": "file"}],
                "responses": {"200": {"description": "Stored."}},
            },
        },
    },
}


def test_the_runtime_of_a_plain_sdk_is_about_no_portal(tmp_path: Path) -> None:
    """No name, message or docstring mentions portals, tasks, guids or other things that only OpenvCloud has."""
    document = tmp_path / "pets.json"
    document.write_text(json.dumps(PETS))

    runtime = {path: text for path, text in ovcgen.generate(document).items() if "/_runtime/" in path}

    found = [
        f"{Path(path).name}:{number}: {line.strip()}"
        for path, text in runtime.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if OF_OPENVCLOUD.search(line)
    ]
    assert len(runtime) > 20
    assert found == []
