"""The overlays of the pinned releases: each entry hits its target, and only that."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ovcgen.documents.overlay_validation import overlay_mistakes
from ovcgen.errors import OverlayMissesTarget
from ovcgen.normalise import overlay
from ovcgen.releases.library import Library, bundled
from ovcgen.releases.spec import Spec

LIBRARY = Library(bundled())
RELEASES = LIBRARY.releases()
SPECS = {release: LIBRARY.load(release) for release in RELEASES}
NAMES = [action["name"] for action in overlay.actions(SPECS[RELEASES[-1]].overlay, release="")]
REPLACEMENTS = "aeios01289-/~"


def mutations(target: str) -> list[str]:
    """The target with one character changed: the last one to each other, and four more along the way."""
    last = [target[:-1] + other for other in REPLACEMENTS if other != target[-1]]
    places = range(0, len(target) - 1, max(1, len(target) // 4))
    return last + [target[:place] + ("e" if target[place] != "e" else "o") + target[place + 1 :] for place in places]


@pytest.mark.parametrize("release", RELEASES)
def test_an_overlay_is_written_in_its_format(release: str) -> None:
    """The format has a JSON Schema, and every entry says why."""
    assert overlay_mistakes(SPECS[release].overlay) == ()


def test_an_entry_that_is_not_in_the_format_is_named() -> None:
    """By its name where it has one."""
    wrong: dict[str, Any] = {"overlay": "1.0", "actions": [{"name": "mine", "target": "no pointer", "set": 1}]}

    said = overlay_mistakes(wrong)

    assert said
    assert all(each.startswith("overlay.json, `mine`:") for each in said)


def corrected_before(spec: Spec, name: str) -> Any:
    """The document as the action of that name meets it, and the action."""
    actions = overlay.actions(spec.overlay, release=spec.release)
    place = [action["name"] for action in actions].index(name)
    before = {"definitions": overlay.definitions(spec.overlay), "actions": actions[:place]}
    return overlay.apply(spec.document, before, release=spec.release), actions[place]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_one_wrong_character_in_a_target_is_found(name: str) -> None:
    """The error names the entry, wherever the character is."""
    spec = SPECS[RELEASES[-1]]
    document, action = corrected_before(spec, name)
    [target, *_] = overlay.targets(action)

    for wrong in mutations(target):
        mutated = {**{key: value for key, value in action.items() if key != "targets"}, "target": wrong}
        with pytest.raises(OverlayMissesTarget) as caught:
            overlay.apply(copy.copy(document), {"actions": [mutated]}, release=spec.release)
        assert f"`{name}`" in caught.value.what
