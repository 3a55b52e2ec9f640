"""What others wrote and we hand on is what they published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ovcgen.resources import resource_folder

SWAGGER_UI = resource_folder("templates") / "swagger-ui"
ORIGIN = json.loads((SWAGGER_UI / "origin.json").read_text())
AXE = Path(__file__).parents[1] / "vendored" / "axe"
AXE_ORIGIN = json.loads((AXE / "origin.json").read_text())
OURS = {"index.html", "origin.json", "page.css", "start.js"}


@pytest.mark.parametrize(
    ("file", "hashed"),
    [(SWAGGER_UI / name, hashed) for name, hashed in ORIGIN["sha256"].items()]
    + [(AXE / name, hashed) for name, hashed in AXE_ORIGIN["sha256"].items()],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_vendored_file_is_as_it_was_published(file: Path, hashed: str) -> None:
    """Nobody edits one: `origin.json` says of which version it is, and how to renew it."""
    assert hashlib.sha256(file.read_bytes()).hexdigest() == hashed


def test_every_vendored_file_has_a_hash() -> None:
    """And the licence goes along."""
    assert {path.name for path in SWAGGER_UI.iterdir()} == OURS | set(ORIGIN["sha256"])
    assert {path.name for path in AXE.iterdir()} == {"origin.json"} | set(AXE_ORIGIN["sha256"])
    assert {"LICENSE", "NOTICE"} <= set(ORIGIN["sha256"])


@pytest.mark.parametrize("name", sorted(OURS - {"origin.json"}))
def test_our_page_names_no_other_host(name: str) -> None:
    """It works where there is no network."""
    text = (SWAGGER_UI / name).read_text(encoding="utf-8")

    assert [word for word in ("http:", "https:", '"//') if word in text] == []
