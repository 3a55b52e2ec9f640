"""Recordings of documents that are no portal's: bodies of JSON and forms in parts, played without their server."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from ovcgen.recordings.recorder import recorder
from tests.client.conftest import Listener, Open, field_of, plain

THING = {"name": "thing", "in": "body", "required": True, "schema": {"type": "object"}}
PARTS = {"consumes": ["multipart/form-data"]}
FORM = (field_of("password"), field_of("note"), field_of("file", "file", required=True))


@pytest.mark.parametrize("kind", ["json", "parts"])
def test_it_replays_and_holds_no_secret(portal: Listener, opened: Open, tmp_path: Path, kind: str) -> None:
    """The boundary of a form is another each time, which makes no difference."""
    cassette = str(tmp_path / "calls.yaml")
    portal.body = {"id": 7}
    client = opened(plain(THING) if kind == "json" else plain(*FORM, operation=PARTS))

    def call() -> Any:
        if kind == "json":
            return client.things.call(thing={"password": "canary-canary", "note": "new"})
        return client.things.call(password="canary-canary", note="new", file=io.BytesIO(b"content"))

    with recorder(record_mode="once").use_cassette(cassette):
        assert call() == {"id": 7}
    with recorder(record_mode="none").use_cassette(cassette) as played:
        assert call() == {"id": 7}
        assert played.all_played

    assert len(portal.seen) == 1
    assert "canary" in portal.bodies[0]
    text = Path(cassette).read_text()
    assert "new" in text
    assert "canary" not in text
