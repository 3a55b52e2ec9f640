"""Names in any script are compared by their words."""

from __future__ import annotations

import unicodedata

import pytest

from ovcgen.diff.name_similarity import GROWN, NEAR, SAME, similarity, words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("convertToTemplate2", ("convert", "to", "template", "2")),
        ("HTTPServer_id", ("http", "server", "id")),
        ("größeÄndern", ("grösse", "ändern")),
        ("ДатаНачала", ("дата", "начала")),
        ("名前_id", ("名前", "id")),
        ("🙂", ()),
    ],
)
def test_letters_of_all_scripts_belong_to_words(name: str, found: tuple[str, ...]) -> None:
    """A name has the same words whether its accents are characters of their own or not."""
    assert words(name) == words(unicodedata.normalize("NFD", name)) == found


@pytest.mark.parametrize(
    ("old", "new", "confidence"),
    [
        ("größe", "gräße", 0.0),
        ("名前", "住所", 0.0),
        ("größe", "GRÖSSE", SAME),
        ("дата_начала", "датаНачала", SAME),
        ("übersetzung", "übersetzungs", NEAR),
        ("größe", "größeMax", GROWN),
    ],
)
def test_names_with_other_letters_are_not_the_same(old: str, new: str, confidence: float) -> None:
    """Letters outside ASCII count like those inside, in both directions."""
    assert similarity(old, new) == similarity(new, old) == confidence
