"""`fetch`, `releases`, `identify` and `verify`, against a simulated portal and folders of all kinds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ovcgen.simulator import running
from ovcgen.workflows.resolve import resolve
from tests.cli.conftest import SPECS, Run, expected


def test_releases_are_listed_as_written(run: Run) -> None:
    """Oldest first, with what is in them."""
    assert run("releases", "--output", "table") == (0, expected("releases.txt"), "")


def test_releases_in_json(run: Run) -> None:
    """For scripts."""
    rows = json.loads(run("releases", "--output", "json").out)

    assert [row["release"] for row in rows] == ["2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5"]
    assert rows[-1]["groups"] == ["cloudapi", "cloudbroker", "libcloud", "system"]


def test_a_catalog_is_pinned_and_called_again(run: Run, here: Path, logged_in: Any) -> None:
    """By the name of the release that it equals; then it is what the commands read."""
    fetched = run("fetch", logged_in.url, "--release", "auto")

    hides = f"./specs hides the bundled 2.4.5; --specs {SPECS} reads those.\n"
    assert fetched == (0, "specs/2.4.5\n", f"85 paths of cloudapi pinned as 2.4.5.\n{hides}")
    assert sorted(path.name for path in (here / "specs" / "2.4.5").iterdir()) == ["origin.json", "swagger.json"]
    assert run("releases", "--output", "table").out.splitlines()[-1].split()[:2] == ["2.4.5", "85"]
    assert run("diff", "2.4.5", "2.4.5").code == 0


def test_a_group_that_goes_is_named(run: Run, logged_in: Any) -> None:
    """Fetching one group over two is said, though it is what was asked for."""
    run("fetch", logged_in.url, "--release", "mine", "--group", "cloudapi", "--group", "system")

    again = run("fetch", logged_in.url, "--release", "mine")

    assert again.code == 0
    assert "system of mine had been pinned there too, and no longer is." in again.err


def test_an_unknown_catalog_is_not_named_by_guessing(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--release auto` says which release is nearest, and what differs."""
    resolved = resolve("2.4.5", specs=SPECS)
    paths = {path: item for path, item in resolved.spec.document["paths"].items() if path != "/cloudapi/disks/get"}
    with running(resolved.api, resolved.spec.document | {"paths": paths}) as portal:
        _log_in(portal, monkeypatch)
        ended = run("fetch", portal.url, "--release", "auto")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "2.4.5: nearest, 99% of the operations are equal; 1 removed: POST /cloudapi/disks/get." in ended.err
    assert list(here.iterdir()) == []


def test_a_partial_catalog_is_refused_unless_allowed(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal itself says which actors it could not load."""
    resolved = resolve("2.4.5", specs=SPECS)
    with running(resolved.api, resolved.spec.document, broken_actors=["cloudapi__machines"]) as portal:
        _log_in(portal, monkeypatch)
        refused = run("fetch", portal.url, "--release", "x")
        nothing = list(here.iterdir())
        allowed = run("fetch", portal.url, "--release", "x", "--allow-partial")

    assert (refused.code, refused.two_lines) == (8, True)
    assert "cloudapi__machines" in refused.err
    assert nothing == []
    assert (allowed.code, allowed.out) == (0, "specs/x\n")


def _log_in(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT_ID", portal.client_id)
    monkeypatch.setenv("CLIENT_SECRET", portal.client_secret)
    monkeypatch.setenv("ITSYOUONLINE_URL", portal.itsyouonline)


@pytest.mark.parametrize("target", ["afile", "afile/below", "/proc/here"])
def test_what_can_not_be_written_is_said(run: Run, here: Path, logged_in: Any, target: str) -> None:
    """And what stood in the way still stands there."""
    (here / "afile").write_text("mine")

    ended = run("fetch", logged_in.url, "--release", "x", "--specs", target)

    assert (ended.code, ended.two_lines) == (2, True)
    assert (here / "afile").read_text() == "mine"


def test_identify_a_portal_and_a_file(run: Run, here: Path, logged_in: Any) -> None:
    """Both are compared by what a caller sends and gets."""
    shutil.copy(SPECS / "2.4.4" / "swagger.json", here / "mine.json")

    assert run("identify", logged_in.url, "--output", "text") == (0, "2.4.5: exactly, in cloudapi.\n", "")
    assert (
        run("identify", "mine.json", "--output", "text").out
        == "2.4.4: exactly, in cloudapi, cloudbroker, libcloud, system.\n"
    )
    assert json.loads(run("identify", "mine.json", "--output", "json").out)["exact"] is True


def test_identify_what_is_no_portals(run: Run, here: Path) -> None:
    """It is like no release, rather than a little like the newest."""
    operation = {"responses": {"200": {"description": "all"}}}
    plain = {"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get": operation}}}
    (here / "pets.json").write_text(json.dumps(plain))

    assert (
        run("identify", "pets.json", "--output", "text").out
        == "No release: this is not the catalog of an OpenvCloud portal.\n"
    )
    assert json.loads(run("identify", "pets.json", "--output", "json").out)["release"] is None


@pytest.mark.parametrize("words", [["verify"], ["generate", "--all"], ["generate", "2.4.5"], ["serve"]])
def test_an_empty_folder_of_catalogs_is_explained(run: Run, here: Path, words: list[str]) -> None:
    """A folder that was asked for is read alone; the way out names the catalogs that come with ovcgen."""
    (here / "mine").mkdir()

    ended = run(*words, "--specs", "mine")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "No release is pinned in mine." in ended.err
    assert f"--specs {SPECS}" in ended.err


def test_listing_an_empty_folder_is_no_error(run: Run, here: Path) -> None:
    """It is an answer."""
    (here / "mine").mkdir()

    assert run("releases", "--output", "json", "--specs", "mine") == (0, "[]\n", "No release is pinned in mine.\n")


def test_what_was_fetched_hides_no_other_release(logged_in: Any, run: Run) -> None:
    """The fetch and every command that reads say which release is hidden; all others stay."""
    hides = f"./specs hides the bundled 2.4.4; --specs {SPECS} reads those.\n"

    fetched = run("fetch", logged_in.url, "--release", "2.4.4")
    ended = run("diff", "2.2.6", "2.4.5", "--fail-on", "never")
    hiding = run("diff", "2.4.4", "2.4.5", "--fail-on", "never", "--specs", SPECS)

    assert fetched.err.endswith(hides)
    assert (ended.code, ended.err) == (0, hides)
    assert (hiding.code, hiding.err) == (0, "")
    assert [row["release"] for row in json.loads(run("releases", "--output", "json").out)] == [
        row["release"] for row in json.loads(run("releases", "--output", "json", "--specs", SPECS).out)
    ]


def test_verify_says_what_is_off(run: Run, here: Path) -> None:
    """An edited catalog, release by release, and exit code 1."""
    shutil.copytree(SPECS, here / "specs", ignore=shutil.ignore_patterns("2.1*", "2.2*", "2.3*", "2.4.0"))
    document = here / "specs" / "2.4.4" / "swagger.json"
    document.write_text(document.read_text().replace("7.0", "7.1"))

    ended = run("verify", "--output", "json")

    problems = {row["release"]: row["problems"] for row in json.loads(ended.out)}
    assert (ended.code, ended.err) == (1, f"./specs hides the bundled 2.4.4; --specs {SPECS} reads those.\n")
    assert problems["2.4.4"] == [
        "specs/2.4.4/swagger.json was edited: it does not have the hash that origin.json says."
    ]
    assert run("verify").code == 1


def test_verify_looks_at_the_sdks_too(run: Run, here: Path) -> None:
    """A changed file is named."""
    run("generate", "2.1.6")
    (here / "generated" / "openvcloud-2.1.6" / "README.md").write_text("mine")

    rows = json.loads(run("verify", "--output", "json").out)

    assert rows[0]["problems"] == ["generated/openvcloud-2.1.6/README.md is out of date."]
    assert [row["problems"] for row in rows[1:]] == [[]] * 5
