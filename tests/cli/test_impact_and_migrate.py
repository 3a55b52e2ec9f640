"""`impact` and `migrate` as they are typed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import Run, expected

CODE = """import openvcloud_2_2_6 as ovc

portal = ovc.connect("https://portal.example")
portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")
portal.cloudbroker.image.delete(imageId=1)


def act(portal, name):
    getattr(portal.cloudbroker.image, name)(imageId=1)
"""
BETWEEN = ("--from", "2.2.6", "--to", "2.4.5")


@pytest.fixture
def project(here: Path) -> Path:
    """A file that breaks twice, and one that is no Python."""
    (here / "code.py").write_text(CODE)
    return here


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("output", ["text", "github"])
def test_what_breaks_is_told(run: Run, output: str) -> None:
    """For people, and as annotations of GitHub."""
    said = run("impact", "code.py", *BETWEEN, "--output", output)

    assert (said.code, said.err) == (1, "")
    assert without_totals(said.out) == without_totals(expected(f"impact.{output}.txt"))


@pytest.mark.parametrize(("chosen", "breaks"), [("acme-cloud", True), ("", False)])
def test_an_sdk_with_a_chosen_name_is_known(run: Run, here: Path, chosen: str, breaks: bool) -> None:
    """Code that imports a renamed SDK is analysed and rewritten only if an option names that package."""
    (here / "code.py").write_text(CODE.replace("openvcloud_2_2_6", "acme_cloud").partition("\n\n\n")[0])
    option = ("--package-name", chosen) if chosen else ()

    said = run("impact", "code.py", *BETWEEN, *option, "--output", "json")
    patch = run("migrate", "code.py", *BETWEEN, *option).out

    assert bool(json.loads(said.out)["breaks"]) is breaks
    assert ("createTemplate" in patch) is breaks
    assert "import" not in patch.replace(" import acme_cloud", "")


def without_totals(text: str) -> str:
    """How many changes there are between two releases is what `diff` says."""
    return re.sub(r"of \d+ breaking", "of N breaking", text)


def test_what_the_old_release_does_not_have_is_told(run: Run, here: Path) -> None:
    """A name that neither release has is named with both; an actor that only the new release has is not checked."""
    (here / "code.py").write_text(
        "import openvcloud_2_2_6 as ovc\n\nportal = ovc.connect('https://portal.example')\n"
        "portal.cloudbroker.node.enable(nid=1)\nportal.cloudbroker.nodes.enable(nid=1)\n"
    )

    said = run("impact", "code.py", *BETWEEN).out

    assert "cloudbroker.node: 2.2.6 does not have it, so calls of it are not checked\n" in said
    assert "cloudbroker.nodes: neither 2.2.6 nor 2.4.5 has it\n" in said


@pytest.mark.usefixtures("project")
def test_programs_get_what_the_schema_says(run: Run) -> None:
    """The schema is printed by the command itself."""
    said = run("impact", "code.py", *BETWEEN, "--output", "json")
    told = json.loads(said.out)

    jsonschema.Draft7Validator(json.loads(run("impact", "--schema").out)).validate(told)
    assert [(break_["line"], break_["column"], break_["kind"]) for break_ in told["breaks"]] == [
        (4, 1, "operation.renamed"),
        (5, 1, "parameter.added-required"),
    ]
    assert [(each["line"], each["call"]) for each in told["unresolved"]] == [(9, "cloudbroker.image")]
    assert told["runs_on"] == ["2.2.6"]
    met = {behaviour["kind"]: [place["line"] for place in behaviour["places"]] for behaviour in told["behaviours"]}
    assert met["behaviour.broker-image-delete-destroys"] == [5]
    assert "behaviour.machine-delete-destroys" not in met


def test_behaviours_that_the_arguments_of_a_call_rule_out_are_left_out(run: Run, here: Path) -> None:
    """A difference that depends on an argument is listed at calls that pass it, or that may pass it."""
    calls = (
        "disks.delete(diskId=1)",
        "disks.delete(diskId=1, detach=True)",
        "disks.delete(diskId=1, detach=False)",
        "machines.resize(machineId=1, memory=1024, vcpus=1)",
        "machines.resize(machineId=1, memory=1023, vcpus=1)",
        "machines.resize(machineId=1, memory=size(), vcpus=1)",
        "cloudspaces.list(includedeleted=True)",
        "cloudspaces.list()",
        "cloudspaces.list(**more())",
        "machines.delete(machineId=1)",
    )
    opened = 'import ovcgen\nportal = ovcgen.connect("https://portal.example").cloudapi\n'
    (here / "code.py").write_text(opened + "".join(f"portal.{call}\n" for call in calls))

    told = json.loads(run("impact", "code.py", "--from", "2.3.0", "--to", "2.4.5", "--output", "json").out)

    met = {each["kind"]: [calls[place["line"] - 3] for place in each["places"]] for each in told["behaviours"]}
    assert met["behaviour.disk-delete-destroys"] == list(calls[:3])
    assert met["behaviour.disk-detach-delete-destroys"] == [calls[1]]
    assert met["behaviour.machine-odd-memory"] == list(calls[4:6])
    assert met["behaviour.cloudspace-list-shows-deleted"] == list(calls[7:9])
    assert not {"behaviour.permanently-ignored", "behaviour.delete-name-ignored"} & met.keys()


@pytest.mark.usefixtures("project")
def test_code_scanning_gets_places(run: Run) -> None:
    """SARIF with a region for each result, and a rule for each kind."""
    log = json.loads(run("impact", "code.py", *BETWEEN, "--output", "sarif").out)
    [done] = log["runs"]
    rules = [rule["id"] for rule in done["tool"]["driver"]["rules"]]

    def told(result: dict[str, Any]) -> tuple[str, str, int]:
        region = result["locations"][0]["physicalLocation"]["region"]
        return (rules[result["ruleIndex"]], result["level"], region["startLine"])

    assert log["version"] == "2.1.0"
    results = [told(result) for result in done["results"]]
    assert results[:3] == [
        ("operation.renamed", "error", 4),
        ("parameter.added-required", "error", 5),
        ("not-resolved", "note", 9),
    ]
    assert ("behaviour.broker-image-delete-destroys", "note", 5) in results
    assert all(kind.startswith("behaviour.") and level == "note" for kind, level, _ in results[3:])


def test_where_nothing_breaks_all_is_well(run: Run, here: Path) -> None:
    """And it is said on which releases the code runs."""
    (here / "code.py").write_text("import ovcgen\novcgen.connect('x').cloudapi.accounts.list()\n")

    said = run("impact", "code.py", *BETWEEN)

    assert said.code == 0
    assert said.out.rstrip().endswith("breaking changes touch this code; it runs on 2.1.6 ... 2.4.5")


def test_a_file_that_is_no_python_is_told_and_stops_nothing(run: Run, project: Path) -> None:
    """It decides the exit code where nothing else does."""
    (project / "old.py").write_text("print 'a'\n")

    assert run("impact", "code.py", "old.py", *BETWEEN).code == 1
    said = run("impact", "old.py", *BETWEEN)

    assert said.code == 2
    assert "NOT READ (1)\n  old.py: line 1 does not parse" in said.out


def test_the_patch_is_shown_and_then_written(run: Run, project: Path) -> None:
    """The same change both times; afterwards there is nothing to do, but what is left is left."""
    shown = run("migrate", "code.py", *BETWEEN)
    assert (project / "code.py").read_text() == CODE
    written = run("migrate", "code.py", *BETWEEN, "--write")
    again = run("migrate", "code.py", *BETWEEN)

    assert (shown.code, shown.out, shown.err) == (1, expected("migrate.txt"), written.err)
    assert written.out == "code.py\n"
    assert '.createTemplate(machineId=1, templateName="a")' in (project / "code.py").read_text()
    assert again.out == ""


@pytest.mark.parametrize("command", ["impact", "migrate"])
def test_what_is_missing_is_asked_for(run: Run, command: str) -> None:
    """Paths and both releases."""
    assert run(command, "code.py", "--from", "2.2.6").two_lines
    assert run(command, "nowhere.py", *BETWEEN).two_lines
    assert run(command, ".", *BETWEEN).two_lines
    assert run(command, "code.py", "--from", "9.9.9", "--to", "2.4.5").two_lines
