"""Whatever a document declares, both clients send the same, and what they send is what it declares."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest

from tests.corpus.measure_wire import measured
from tests.corpus.patterns import matching
from tests.corpus.receiving import Received

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.filterwarnings("ignore:Accessing Validator.resolver:DeprecationWarning")  # bravado-core's own
@pytest.mark.filterwarnings("ignore:.* format is not registered:Warning")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("document", sorted(DOCUMENTS.glob("*.json")), ids=lambda path: path.stem)
def test_both_clients_send_what_the_document_declares(document: Path, seed: int) -> None:
    """Every operation, with all its arguments and with the least; bravado-core reads what arrives."""

    row = measured(document, seed)

    assert row["detail"] == ""
    assert row["both"] == row["operations"] > 0
    assert row["judged"] == row["calls"] == 2 * row["operations"]
    assert (row["unmade"], row["different"], row["refused"], row["objected"]) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "pattern",
    ["^[A-Z]{2}-[0-9]{3,5}$", r"a|bc|(d+)", r"^\w+\s?\d*$", "[^abc]{4}", "^(?:x[yz])*$", "^.{7}$", r"^https?://\S+$"],
)
def test_a_text_is_found_for_a_pattern(pattern: str) -> None:
    """The arguments of the measurement are as good as their patterns."""
    assert re.search(pattern, matching(pattern, Random(1)))  # noqa: S311


def test_boundaries_are_no_difference() -> None:
    """Each multi-part body has its own."""

    def received(boundary: str) -> Received:
        kind = f"multipart/form-data; boundary={boundary}"
        return Received("POST", "/", (("Content-Type", kind),), f"--{boundary}--".encode())

    assert received("a" * 32).without_boundary() == received("b" * 32).without_boundary()
    assert received("a" * 32).without_boundary() != received("b" * 31 + "x").without_boundary()


def test_the_documents_use_all_places_and_collections() -> None:
    """What the measurement covers without a folder of real documents."""
    text = json.dumps([json.loads(path.read_text()) for path in DOCUMENTS.glob("*.json")])

    assert set(re.findall(r'"in": "(\w+)"', text)) == {"body", "formData", "header", "path", "query"}
    assert set(re.findall(r'"collectionFormat": "(\w+)"', text)) == {"csv", "multi", "pipes", "ssv", "tsv"}
