"""`ovcgen verify`: what is pinned fits together, and how much of it is known to be true."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ovcgen.workflows.resolve import resolve
from ovcgen.workflows.verify_releases import ReleaseCheck, verify

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"


@pytest.fixture(scope="module")
def verdicts() -> list[ReleaseCheck]:
    """Return what `verify` says of all pinned releases and of the SDKs beside them."""
    return verify(SPECS, ROOT / "generated")


def test_the_pinned_releases_are_in_order(verdicts: list[ReleaseCheck]) -> None:
    """Hashes, corrections and the SDKs beside them."""
    assert [verdict.problems for verdict in verdicts] == [()] * 6


def test_every_operation_is_declared_truly_corrected_or_unknown(verdicts: list[ReleaseCheck]) -> None:
    """One of the three; the unknown ones are named."""
    for verdict in verdicts:
        told = verdict.as_json()

        assert told["operations"] == told["declared"] + told["corrected"] + told["unknown"]
        assert len(told["unknown_operations"]) == told["unknown"]
        assert told["operations"] == len(resolve(verdict.release, specs=SPECS).api.operations)


def test_what_is_carried_over_from_the_newest_release_is_named(verdicts: list[ReleaseCheck]) -> None:
    """Corrections copied from the newest release are listed, except operations that differ in an earlier release."""
    *older, newest = verdicts

    assert newest.as_json()["carried_over"] == []
    for verdict in older:
        assert 0 < len(verdict.carried_over) <= verdict.corrected
        assert "POST /cloudapi/cloudspaces/get" in verdict.carried_over
        assert f"({len(verdict.carried_over)} carried over from 2.4.5)" in verdict.sentence
    assert "POST /cloudapi/machines/get" not in older[0].carried_over


def test_nothing_is_unknown_in_cloudapi(verdicts: list[ReleaseCheck]) -> None:
    """What end users call is known in every release."""
    assert [name for verdict in verdicts for name in verdict.unknown if "/cloudapi/" in name] == []


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of the newest release, to break."""
    shutil.copytree(SPECS / "2.4.5", tmp_path / "2.4.5")
    shutil.copy(SPECS / "overlay.json", tmp_path)
    return tmp_path


def test_a_correction_that_misses_its_target_is_named(specs: Path) -> None:
    """One character is enough."""
    file = specs / "2.4.5" / "overlay.json"
    overlay = json.loads(file.read_text())
    [wrong] = [action for action in overlay["actions"] if action["name"] == "capped lists"]
    wrong["targets"][0] = wrong["targets"][0].replace("accounts", "acounts")
    file.write_text(json.dumps(overlay))

    [verdict] = verify(specs)

    assert "`capped lists`" in verdict.problems[0]
    assert "acounts" in verdict.problems[0]


def test_a_correction_without_a_reason_is_named(specs: Path) -> None:
    """The format wants a `why`."""
    file = specs / "2.4.5" / "overlay.json"
    overlay = json.loads(file.read_text())
    del overlay["actions"][0]["why"]
    file.write_text(json.dumps(overlay))

    [verdict] = verify(specs)

    assert verdict.problems == (f"overlay.json, `{overlay['actions'][0]['name']}`: 'why' is a required property.",)


def test_an_edited_catalog_is_found(specs: Path) -> None:
    """By its hash; corrections belong into the overlay."""
    file = specs / "2.4.5" / "swagger.json"
    file.write_text(file.read_text().replace("Makes and starts", "Starts and makes"))

    [verdict] = verify(specs)

    assert "was edited" in verdict.problems[0]
