"""What becomes of calls and keywords over several releases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.generator.removed_name import RemovedName
from ovcgen.model.api import Api, Operation
from ovcgen.workflows.find_removed_names import removed_before, removed_names
from ovcgen.workflows.resolve import api_of, pinned
from tests.build import INTEGER, NAME, SIZE, api, machines, operation, parameter

LIST = operation("/cloudapi/machines/list", NAME)
OLD = operation("/cloudapi/machines/convert", parameter("machineId", INTEGER), use_instead="cloudapi.machines.build")
BUILD = operation("/cloudapi/machines/build", parameter("machineId", INTEGER))
LATER = operation("/cloudapi/images/build", parameter("machineId", INTEGER))


def releases(*calls: list[Operation]) -> list[Api]:
    """Releases 1, 2, 3... with these calls."""
    return [api(*each, release=str(number)) for number, each in enumerate(calls, start=1)]


@pytest.mark.parametrize(
    ("calls", "gone"),
    [
        pytest.param([[LIST], [LIST]], [], id="nothing went"),
        pytest.param([[LIST, OLD], [LIST, BUILD]], [("convert", "", "2", "build")], id="a call that was replaced"),
        pytest.param([[LIST, OLD], [LIST]], [("convert", "", "2", "")], id="and one whose replacement never came"),
        pytest.param([[OLD, LIST], [LIST], [OLD, LIST]], [], id="a call that came back"),
        pytest.param(
            [[machines(NAME, SIZE)], [machines(NAME)], [machines(NAME)]],
            [("create", "sizeId", "2", "")],
            id="a keyword",
        ),
        pytest.param(
            [[machines(parameter("spaceid", INTEGER))], [machines(parameter("spaceId", INTEGER))]],
            [("create", "spaceid", "2", "spaceId")],
            id="a keyword that was renamed",
        ),
        pytest.param(
            [[OLD], [replace(BUILD, use_instead="cloudapi.images.build")], [LATER]],
            [("build", "", "3", "images.build"), ("convert", "", "2", "images.build")],
            id="what took its place went, too",
        ),
    ],
)
def test_what_went_is_told_with_what_is_there_today(
    calls: list[list[Operation]], gone: list[tuple[str, str, str, str]]
) -> None:
    """By the first release without it."""
    found = removed_names(releases(*calls))

    assert [(name.dotted.rpartition(".")[2], name.key, name.release) for name in found] == [row[:3] for row in gone]
    assert all(
        each.instead.endswith(row[3]) and bool(each.instead) == bool(row[3])
        for each, row in zip(found, gone, strict=True)
    )


def test_names_are_those_of_the_sdk() -> None:
    """In the naming that it is generated with, and of its groups only."""
    *earlier, latest = (api_of(release) for release in pinned(None))

    plain = removed_before(latest, earlier, groups=["cloudapi"])
    pep8 = removed_before(latest, earlier, naming="pep8", groups=["cloudapi"])

    assert RemovedName("cloudapi.machines.convertToTemplate", "", "2.3.0", "cloudapi.machines.createTemplate") in plain
    assert (
        RemovedName("cloudapi.machines.convert_to_template", "", "2.3.0", "cloudapi.machines.create_template") in pep8
    )
    assert {name.dotted.partition(".")[0] for name in plain} == {"cloudapi"}


def test_a_file_has_no_past() -> None:
    """Nobody knows what came before it."""
    assert removed_before(api(LIST, release="9.9.9"), []) == ()
