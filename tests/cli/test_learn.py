"""`ovcgen learn`: a correct overlay passes, a wrong one is caught with the field named, and no value is printed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import ovcgen
from ovcgen.cli.commands.learn import learn_command
from ovcgen.recordings.recorder import recorder

SPECS = Path(__file__).parents[2] / "specs"
CANARY = "canary-machine"
Learn = Callable[..., Result]


@pytest.fixture(scope="module", params=["ovcgen", "SDK"])
def cassette(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, openvcloud_2_4_5: Any) -> Path:
    """A recording of one client at work."""
    client = ovcgen if request.param == "ovcgen" else openvcloud_2_4_5
    path = tmp_path_factory.mktemp("recorded") / "calls.yaml"
    with ovcgen.simulate("2.4.5") as server:
        options = {"release": "2.4.5"} if client is ovcgen else {}
        auth = client.Credentials(server.username, server.password)
        with recorder().use_cassette(str(path)), client.connect(server.url, auth=auth, **options) as portal:
            cloudapi = portal.cloudapi
            cloudapi.cloudspaces.list()
            made = cloudapi.machines.create(cloudspaceId=1, name=CANARY, sizeId=1, imageId=1, disksize=10)
            cloudapi.machines.get(machineId=made)
    return path


@pytest.fixture
def learn(cassette: Path) -> Learn:
    """Run the command on the recording, with a library of one's own."""

    def run(*options: str, specs: Path = SPECS) -> Result:
        arguments = [str(cassette), "--release", "2.4.5", "--specs", str(specs), *options]
        return CliRunner().invoke(learn_command, arguments)

    return run


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A library in which one field of one definition has another type."""
    specs = tmp_path / "specs"
    shutil.copytree(SPECS, specs)
    file = specs / "overlay.json"
    overlay = json.loads(file.read_text())
    overlay["definitions"]["CloudspaceSummary"]["properties"]["publicipaddress"] = {"type": "integer"}
    file.write_text(json.dumps(overlay))
    return specs


def test_a_correct_overlay_passes(learn: Learn) -> None:
    """Nothing on stdout, what was compared on stderr, exit code 0."""
    result = learn("--check")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("4 answers of 4 operations compared with 2.4.5")


def test_a_wrong_overlay_is_caught(learn: Learn, wrong: Path) -> None:
    """Operation and field are named; the exit code is 1."""
    result = learn("--check", specs=wrong)

    assert result.exit_code == 1
    assert result.stdout == ("POST /cloudapi/cloudspaces/list: [].publicipaddress is declared integer, seen string\n")


def test_what_is_proposed_makes_the_check_pass(learn: Learn, wrong: Path) -> None:
    """The actions of --output json go into overlay.json as they are."""
    proposed = json.loads(learn("--output", "json", specs=wrong).stdout)["actions"]
    file = wrong / "2.4.5" / "overlay.json"
    overlay = json.loads(file.read_text())
    file.write_text(json.dumps({**overlay, "actions": [*overlay["actions"], *proposed]}))

    assert [each["target"] for each in proposed] == ["/definitions/CloudspaceSummary/properties/publicipaddress"]
    assert learn("--check", specs=wrong).exit_code == 0


def test_without_check_it_says_what_was_seen(learn: Learn, wrong: Path) -> None:
    """Operation by operation; the exit code is 0 whatever was found."""
    result = learn(specs=wrong)

    assert result.exit_code == 0
    assert result.stdout == (
        "POST /cloudapi/cloudspaces/list: 1 answer\n"
        "  wrong    [].publicipaddress is declared integer, seen string\n"
        "POST /cloudapi/machines/create: 1 answer, as declared\n"
        "POST /cloudapi/machines/get: 1 answer, as declared\n"
        "POST /cloudapi/users/authenticate: 1 answer, as declared\n"
        "1 correction proposed; --output json shows them in full:\n"
        "  /definitions/CloudspaceSummary/properties/publicipaddress\n"
    )


@pytest.mark.parametrize("options", [(), ("--check",), ("--output", "json"), ("--check", "--output", "json")])
def test_no_value_is_printed(learn: Learn, wrong: Path, cassette: Path, options: tuple[str, ...]) -> None:
    """Neither the machine's name nor an address, though both were recorded."""
    result = learn(*options, specs=wrong)

    assert CANARY in cassette.read_text()
    assert "203.0.113." in cassette.read_text() or "192.168." in cassette.read_text()
    for value in (CANARY, "203.0.113.", "192.168.", "52:54:"):
        assert value not in result.output


def test_the_same_is_printed_every_time(learn: Learn, wrong: Path) -> None:
    """So it can be compared."""
    assert learn("--output", "json", specs=wrong).output == learn("--output", "json", specs=wrong).output
