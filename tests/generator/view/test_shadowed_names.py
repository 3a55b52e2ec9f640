"""Words of Python where something else has their name."""

from __future__ import annotations

from ovcgen.generator.view.shadowed_names import ScopedNames, imported, natural_order, words_in


def test_a_taken_builtin_is_written_with_its_module() -> None:
    """`builtins.list` is what a reader would write too."""
    assert ScopedNames(frozenset({"list"}))("list") == "builtins.list"
    assert ScopedNames(frozenset({"list", "builtins"}))("list") == "builtins_.list"
    assert ScopedNames()("list") == "list"


def test_a_taken_name_is_imported_under_another() -> None:
    """Only what is used is imported."""
    words = ScopedNames(frozenset({"Any"}))

    assert imported("typing", ["Any", "Literal", "Never"], words, frozenset({"Any_", "Never"})) == [
        "from typing import Any as Any_",
        "from typing import Never",
    ]


def test_texts_hold_no_words() -> None:
    """A known value called `Any` imports nothing."""
    assert words_in(['Literal["Any", \'x "y\'] | str']) == {"Literal", "str"}


def test_numbers_sort_as_numbers() -> None:
    """As imports are sorted."""
    assert sorted(["l10", "l2", "l"], key=natural_order) == ["l", "l2", "l10"]
