"""What the clients of a document return for its own examples is what their types say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.measure_answers import measured

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("document", sorted(DOCUMENTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_answers_have_the_declared_types(document: Path) -> None:
    """Every operation returns what the mock sent, of the type that pydantic reads in the SDK, in all clients."""

    row = measured(document)

    assert row["detail"] == []
    assert row["called"] == row["runtime"] == row["asynchronous"] == row["operations"] > 0
    assert row["checked"] > 3 * row["operations"]
    assert (row["misfits"], row["failed"], row["unsent"], row["unmatched"], row["unjudged"]) == (0, 0, 0, 0, 0)
