"""`diff` and `changelog`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ovcgen.cli.commands.diff import FORMS
from ovcgen.diff import RENDERERS
from tests.cli.conftest import SPECS, Run, catalog, expected, small_catalog

RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")


def test_diff_is_as_written(run: Run) -> None:
    """Whole, as a user sees it."""
    assert run("diff", "2.4.4", "2.4.5") == (0, expected("diff.txt"), "")


@pytest.mark.parametrize(("fail_on", "code"), [("breaking", 1), ("warning", 1), ("never", 0)])
def test_fail_on_moves_the_bar(run: Run, fail_on: str, code: int) -> None:
    """The output is the same."""
    ended = run("diff", "2.4.5", "2.4.4", "--fail-on", fail_on, "--output", "json")

    assert ended.code == code
    assert json.loads(ended.out)["summary"]["breaking"] == 8


def test_nothing_changed(run: Run) -> None:
    """A release compared with itself."""
    ended = run("diff", "2.4.5", "2.4.5", "--fail-on", "warning")

    assert ended == (0, "2.4.5 -> 2.4.5: nothing changed\n", "")


def test_explain_tells_a_kind(run: Run) -> None:
    """And a misspelt one names the nearest."""
    assert run("diff", "--explain", "parameter.removed").out.startswith("parameter.removed\nwire: warning\n")
    assert "The nearest is parameter.removed" in run("diff", "--explain", "paramter.removed").err


def test_every_form_can_be_asked_for(run: Run) -> None:
    """And whatever the form, the exit code is the same."""
    assert set(FORMS) == RENDERERS.keys()
    assert {run("diff", "2.4.5", "2.4.4", "--output", form).code for form in FORMS} == {1}


def test_the_schema_is_printed(run: Run) -> None:
    """Alone."""
    assert json.loads(run("diff", "--schema").out)["title"] == "ovcgen diff --output json"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["2.4.5"],
        ["2.4.4", "2.4.5", "--schema"],
        ["2.4.4", "2.4.5", "--explain", "x"],
        ["--schema", "--explain", "x"],
    ],
)
def test_two_wishes_at_once_are_refused(run: Run, words: list[str]) -> None:
    """And so is none, or half a one."""
    ended = run("diff", *words)

    assert (ended.code, ended.two_lines) == (2, True)


def test_one_axis_alone(run: Run) -> None:
    """The summary counts what that axis feels."""
    both, wire, sdk = (
        json.loads(run("diff", "2.2.6", "2.4.5", "--output", "json", *words).out)
        for words in ([], ["--only", "wire"], ["--only", "sdk"])
    )

    assert wire["summary"]["breaking"] == both["summary"]["breaking"]
    assert sdk["summary"]["breaking"] == sum(change["sdk"] == "breaking" for change in both["changes"])


def test_what_is_put_up_with_fails_nothing(run: Run, here: Path) -> None:
    """Findings, written as entries, ignored; then an entry more is unused, and the next release ends another."""
    written = run("diff", "2.4.5", "2.4.4", "--write-ignores")
    (here / ".ovcgen.toml").write_text(written.out.replace('reason = ""', 'reason = "known"'))

    quiet = run("diff", "2.4.5", "2.4.4")

    assert written.code == quiet.code == 0
    assert written.err == "15 entries; give each its reason, and put them into .ovcgen.toml.\n"
    assert quiet.err == "15 ignored, as .ovcgen.toml says.\n"
    assert quiet.out == "2.4.5 -> 2.4.4: nothing changed\n"


def test_what_ignores_nothing_is_said(run: Run, here: Path) -> None:
    """An entry that nothing fits, and one whose time is over, which does nothing any more."""
    (here / "mine.toml").write_text(expected("ignores.toml"))

    ended = run("diff", "2.4.5", "2.4.4", "--ignore", "mine.toml")

    assert ended.err == expected("ignores.txt")
    assert ended.code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[diff", "mine.toml, line 1: it is no TOML: Expected ']' at the end of a table declaration."),
        ("\n[diff.severity]\n'enum.value-added' = 'bad'\n", "mine.toml, line 3: 'bad' is none of breaking, warning, "),
    ],
)
def test_a_wrong_policy_is_two_sentences(run: Run, here: Path, text: str, said: str) -> None:
    """With the line."""
    (here / "mine.toml").write_text(text)

    ended = run("diff", "2.4.5", "2.4.4", "--ignore", "mine.toml")

    assert (ended.code, ended.two_lines) == (2, True)
    assert ended.err.startswith(f"ovcgen: {said}")


def test_a_missing_policy_is_an_error(run: Run) -> None:
    """Where it was asked for."""
    assert run("diff", "2.4.5", "2.4.4", "--ignore", "gone.toml").err.startswith("ovcgen: Can't read gone.toml: ")


def test_a_portal_is_compared_with_a_release(run: Run) -> None:
    """In the groups that were fetched."""
    with catalog(small_catalog()) as url:
        ended = run("diff", "2.4.5", url, "--output", "json")

    told = json.loads(ended.out)
    groups = {change["operation"].split("/")[1] for change in told["changes"] if change["operation"]}
    assert (ended.code, told["new"], groups) == (1, "live", {"cloudapi"})
    assert ended.err == "Only cloudapi is compared; --group names others.\n"


def test_annotations_have_lines(run: Run, here: Path) -> None:
    """Of the file that is compared."""
    shutil.copy(SPECS / "2.4.4" / "swagger.json", here / "new.json")
    lines = (here / "new.json").read_text().splitlines()

    annotations = run("diff", "2.2.6", "new.json", "--output", "github").out.splitlines()

    (one,) = (
        annotation
        for annotation in annotations
        if "machines/rollbackSnapshot: Form parameter `epoch`" in annotation and "cloudapi" in annotation
    )
    place = dict(part.split("=") for part in one.split("::")[1].removeprefix("error ").split(","))
    assert place["file"] == "new.json"
    assert '"name": "epoch"' in "".join(lines[int(place["line"]) - 1 : int(place["line"]) + 6])


def test_a_correction_of_one_release_is_no_change(run: Run, here: Path) -> None:
    """Nobody declared it differently: it holds for the other release, too."""
    shutil.copytree(SPECS, here / "specs")
    (here / "specs" / "2.4.5" / "overlay.json").unlink()

    assert run("diff", "2.4.4", "2.4.5").out == expected("diff.txt")


def test_what_documents_declare(run: Run, here: Path) -> None:
    """Where corrections say different things of two releases, those differ; `--declared` sees the documents."""
    shutil.copytree(SPECS, here / "specs")
    overlay = here / "specs" / "2.4.5" / "overlay.json"
    told = json.loads(overlay.read_text())
    (answers,) = (action for action in told["actions"] if action["name"] == "true boolean answers")
    overlay.write_text(json.dumps({**told, "actions": [*told["actions"], {**answers, "set": {"type": "integer"}}]}))

    corrected, declared = (run("diff", "2.4.4", "2.4.5", *words) for words in ([], ["--declared"]))

    assert "Answer `200` is `integer` now; it was `boolean`." in corrected.out
    assert "is `integer` now" not in declared.out


@pytest.mark.parametrize(("old", "new"), tuple(pairwise(RELEASES)))
def test_declared_compares_every_answer_type_of_catalogs(run: Run, old: str, new: str) -> None:
    """Each operation whose declared answer differs in the two files is reported, and no other."""
    before, after = (dict(_answers(release)) for release in (old, new))
    changed = {place for place in before.keys() & after.keys() if before[place] != after[place]}

    told = json.loads(run("diff", old, new, "--declared", "--output", "json").out)["changes"]

    assert {each["operation"] for each in told if "response" in each["location"]} == changed


def _answers(release: str) -> Iterator[tuple[str, object]]:
    """Each operation of a catalog, and what it declares to answer."""
    document = json.loads((SPECS / release / "swagger.json").read_text())
    for path, verbs in document["paths"].items():
        for verb, body in verbs.items():
            yield f"{verb.upper()} {path}", body["responses"]["200"].get("schema")


def test_an_early_release_had_other_names(run: Run, here: Path) -> None:
    """Calls and parameters that were called differently are renames, not removals."""
    document = json.loads((SPECS / "2.1.6" / "swagger.json").read_text())
    early = json.dumps(document["paths"]).replace("achExternalNetwork", "achPublicNetwork")
    paths = json.loads(early.replace("maxVDiskCapacity", "maxDiskCapacity"))
    for parameter in paths["/cloudapi/portforwarding/create"]["post"]["parameters"]:
        parameter["name"] = {"machineId": "vmid", "cloudspaceId": "cloudspaceid"}.get(
            parameter["name"], parameter["name"]
        )
    (here / "openvcloud-2.0.4.json").write_text(json.dumps({**document, "paths": paths}))

    told = json.loads(run("diff", "openvcloud-2.0.4.json", "2.1.6", "--output", "json").out)["changes"]

    assert {each["id"] for each in told} == {"operation.renamed", "parameter.renamed"}
    names = {(each["from"].split("/")[-1], each["to"].split("/")[-1]) for each in told}
    assert names == {
        ("attachPublicNetwork", "attachExternalNetwork"),
        ("detachPublicNetwork", "detachExternalNetwork"),
        ("maxDiskCapacity", "maxVDiskCapacity"),
        ("vmid", "machineId"),
        ("cloudspaceid", "cloudspaceId"),
    }


@pytest.mark.parametrize(("words", "code"), [([], 1), (["--only", "sdk"], 1), (["--only", "wire"], 0)])
def test_what_breaks_python_code_alone_fails_too(run: Run, here: Path, words: list[str], code: int) -> None:
    """A renamed slot of a path changes no request, but each call of an SDK passes it by name."""
    for name, slot in (("old.json", "id"), ("new.json", "pet")):
        place = {"name": slot, "in": "path", "required": True, "type": "string"}
        paths = {f"/pets/{{{slot}}}": {"get": {"parameters": [place], "responses": {"200": {"description": "ok"}}}}}
        info = {"title": "pets", "version": "1"}
        (here / name).write_text(json.dumps({"swagger": "2.0", "info": info, "paths": paths}))

    ended = run("diff", "old.json", "new.json", "--output", "json", *words)

    told = json.loads(ended.out)
    assert ended.code == code
    assert any(counts["breaking"] for counts in told["verdicts"].values()) == bool(code)
    assert (told["bump"] == "major") == bool(code)


def test_a_changelog_has_a_section_a_step(run: Run) -> None:
    """And a table of operations; without arguments all pinned releases."""
    some, every = run("changelog", "2.4.0", "2.4.4", "2.4.5"), run("changelog", "--output", "json")

    assert (some.code, some.err) == (0, "")
    assert some.out == expected("changelog.md.txt")
    assert json.loads(every.out)["releases"] == ["2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5"]


def test_one_release_has_no_changelog(run: Run) -> None:
    """It takes two."""
    ended = run("changelog", "2.4.5")

    assert (ended.code, ended.two_lines) == (2, True)


GET = {"get": {"responses": {"200": {"description": "ok"}}}}


@pytest.mark.parametrize("paths", [None, {"/b": GET, "/a": 5}, {"/b": GET}])
def test_witnesses_of_openapi_3_documents(run: Run, here: Path, paths: object) -> None:
    """For OpenAPI 3 documents, faulty ones too, the report shows a request that only the old document accepts."""
    document = {"openapi": "3.0.0", "info": {"title": "T", "version": "1"}}
    (here / "old.json").write_text(json.dumps({**document, "components": {}, "paths": {"/a": GET, "/c": 5}}))
    (here / "new.json").write_text(json.dumps({**document, "components": {}, "paths": paths}))

    ended = run("diff", "old.json", "new.json", "--witness")

    assert ended.code == 1
    assert "this request is refused (there is no GET /a)" in ended.out


def test_behaviour_is_compared_on_demand(run: Run, here: Path) -> None:
    """On request, differences in behaviour are compared; they count for the exit code, and a policy can name them."""
    arguments = ("diff", "2.4.4", "2.4.5", "--behaviour", "--output", "json")
    ended = run(*arguments)
    (here / ".ovcgen.toml").write_text(
        '[[diff.ignore]]\nkind = "behaviour.disk-detach-delete-destroys"\nreason = "we never do"\n'
    )
    ignored, documents = run(*arguments), run(*arguments[:3])

    behaviours = json.loads(ended.out)["behaviours"]
    assert (ended.code, ignored.code, documents.code) == (1, 0, 0)
    assert [each["id"] for each in behaviours if each["level"] == "breaking"] == [
        "behaviour.disk-detach-delete-destroys"
    ]
    assert len(json.loads(ignored.out)["behaviours"]) == len(behaviours) - 1
    assert ignored.err == "1 ignored, as .ovcgen.toml says.\n"
    assert documents == (0, expected("diff.txt"), "")


def test_the_behaviour_of_other_services_is_not_known(run: Run, here: Path) -> None:
    """For documents that are no OpenvCloud release, the command says that it knows no differences in behaviour."""
    for name in ("old.json", "new.json"):
        (here / name).write_text(json.dumps({"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "paths": {}}))

    ended = run("diff", "old.json", "new.json", "--behaviour")

    assert ended.code == 0
    assert ended.err == "warning: Behaviour is not compared: it is known of OpenvCloud's releases only.\n"
