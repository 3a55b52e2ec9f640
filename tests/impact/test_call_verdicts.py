"""For each family of changes: which call breaks, which holds, and of which nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from ovcgen.diff import compare
from ovcgen.impact.affected_usages import impact
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.model.api import Content, Operation, Response
from ovcgen.model.schema import Union
from ovcgen.usage.interpreter import usage
from ovcgen.usage.source_files import sources
from tests.build import (
    INTEGER,
    NAME,
    NUMBER,
    SIZE,
    STRING,
    answer,
    answers,
    api,
    body,
    listed,
    machines,
    must,
    must_have,
    named,
    one_of,
    operation,
    parameter,
    record,
)
from tests.usage.marked import marked

START = """
import openvcloud_1_0_0 as ovc
create = ovc.connect("x").cloudapi.machines.create
"""
COLOUR = parameter("colour", one_of("red", "green"))
SPACE = record(id=must_have(INTEGER), name=must_have(STRING), disks=listed(record(size=must_have(INTEGER))))
SMALL = record(id=must_have(INTEGER), disks=listed(record(free=must_have(INTEGER))))
CAT, DOG = record(kind=must_have(one_of("cat")), lives=INTEGER), record(kind=must_have(one_of("dog")), bark=STRING)
PETS = Union((CAT, DOG), exclusive=True)
OTHER_PETS = Union((record(kind=must_have(one_of("cat"))), DOG), exclusive=True)
CASES = {
    "a keyword that is gone": (
        machines(NAME, SIZE),
        machines(NAME),
        """
        create(name="a", sizeId=1)  # breaks
        create(name="a")
        def run(**more):
            create(**more)  # open
        """,
    ),
    "a keyword under a new name": (
        machines(parameter("cloudspaceid", INTEGER)),
        machines(parameter("cloudspaceId", INTEGER)),
        """
        create(cloudspaceid=1)  # breaks
        create()
        """,
    ),
    "a keyword that has to be passed": (
        machines(NAME),
        machines(NAME, must(SIZE)),
        """
        create(name="a")  # breaks
        create(name="a", sizeId=1)
        create(**{"name": "a"})  # breaks
        """,
    ),
    "a keyword that has to be passed, and counts as something when it is not": (
        machines(NAME),
        machines(NAME, must(parameter("sizeId", INTEGER, default=1))),
        "create(name='a')",
    ),
    "a default that is another": (
        machines(parameter("size", INTEGER, default=1)),
        machines(parameter("size", INTEGER, default=2)),
        """
        create()  # breaks
        create(size=1)
        """,
    ),
    "a value out of fewer": (
        machines(COLOUR),
        machines(parameter("colour", one_of("red"))),
        """
        create(colour="green")  # breaks
        create(colour="red")
        for colour in ("red", "green"):
            create(colour=colour)  # breaks
        create(colour=input())  # open
        """,
    ),
    "free values that became a set": (
        machines(NAME),
        machines(parameter("name", one_of("red", "green"))),
        """
        create(name="blue")  # breaks
        create(name="green")
        """,
    ),
    "a type that became another": (
        machines(parameter("size", NUMBER)),
        machines(parameter("size", INTEGER)),
        """
        create(size=1.5)  # breaks
        create(size=1)
        create(size=7 / 2)  # breaks
        create(size=len("a"))
        """,
    ),
    "a member of an answer that is gone": (
        answers(named("Space")),
        answers(named("Small")),
        """
        space = create()
        print(space["id"], space["name"])  # breaks
        print(space.get("name"))  # breaks
        def names(spaces):
            return [space["name"] for space in spaces]  # breaks
        names([create()])
        for disk in space["disks"]:
            print(disk["size"])  # breaks
        print(max(space["disks"], key=lambda disk: disk["size"]))  # breaks
        match create():
            case {"name": name}:  # breaks
                print(name)
        def typed(space: ovc.types.Space):
            return space["name"]  # breaks
        """,
    ),
    "a member of an answer that may be missing": (
        answers(record(id=must_have(INTEGER))),
        answers(record(id=INTEGER)),
        """
        create()["id"]  # breaks
        create().get("id")
        """,
    ),
    "an answer that is gone": (
        machines(responses=(answer(INTEGER),)),
        machines(responses=(answer(None),)),
        """
        number = create()  # breaks
        create()
        """,
    ),
    "a member of one of several answers": (
        machines(responses=(answer(PETS),)),
        machines(responses=(answer(OTHER_PETS),)),
        """
        pet = create()
        if pet["kind"] == "cat":
            print(pet["lives"])  # open
        else:
            print(pet["bark"])
        """,
    ),
    "a member of a body": (
        machines(body(record(name=STRING, colour=STRING))),
        machines(body(record(name=STRING, size=must_have(INTEGER)))),
        """
        create(body={"name": "a", "colour": "red", "size": 1})  # breaks
        create(body={"name": "a", "size": 1})
        create(body={"name": "a"})  # breaks
        create(body=input())  # open
        """,
    ),
}


@pytest.mark.parametrize(("old", "new", "source"), CASES.values(), ids=CASES.keys())
def test_a_change_breaks_these_calls(old: Operation, new: Operation, source: str, tmp_path: Path) -> None:
    """Each line that breaks, each that is open, and no other."""
    text = START + dedent(source)
    (tmp_path / "code.py").write_text(text)
    shapes = {"Space": SPACE, "Small": SMALL}
    before, after = api(old, release="1.0.0", **shapes), api(new, release="2.0.0", **shapes)

    found = impact(usage(*sources([tmp_path]), before), ReleasePair(before, after, tuple(compare(before, after))))

    broken = {f"code.py:{broken.place.line}" for broken in found.broken}
    assert (broken, {f"code.py:{unresolved.place.line}" for unresolved in found.unresolved}) == marked(
        {"code.py": text}
    )


def test_a_verb_or_a_place_that_is_another_breaks_no_python(tmp_path: Path) -> None:
    """The client of the new release sends it rightly."""
    (tmp_path / "code.py").write_text(f"{START}create(name='a')")
    before = api(machines(NAME), release="1.0.0")
    after = api(machines(replace(NAME, location="query"), method="GET"), release="2.0.0")

    found = impact(usage(*sources([tmp_path]), before), ReleasePair(before, after, tuple(compare(before, after))))

    assert (found.broken, found.unresolved) == ((), ())
    assert found.breaking > 0


@pytest.mark.parametrize(("media_type", "lines"), [("text/plain", [3]), ("application/hal+json", [])])
def test_an_answer_of_another_media_type_breaks_where_it_is_used(
    tmp_path: Path, media_type: str, lines: list[int]
) -> None:
    """A text instead of an object; another kind of JSON is read alike."""
    (tmp_path / "code.py").write_text(f"{START.rstrip()}\nspace = create()\ncreate()\n".lstrip())
    before, after = (
        replace(api(machines(openapi="3.1", responses=(response,)), release=release), openapi="3.1")
        for response, release in ((in_type("application/json"), "1.0.0"), (in_type(media_type), "2.0.0"))
    )

    found = impact(usage(*sources([tmp_path]), before), ReleasePair(before, after, tuple(compare(before, after))))

    assert ([broken.place.line for broken in found.broken], found.unresolved) == (lines, ())


def in_type(media_type: str) -> Response:
    """A response of one media type, as OpenAPI 3 describes it."""
    return replace(answer(SPACE), contents=(Content(media_type, SPACE),))


def test_a_call_that_is_gone_breaks_where_it_is_looked_up(tmp_path: Path) -> None:
    """Once, and not again where it is called."""
    (tmp_path / "code.py").write_text(f"{START}create(name='a')\ncreate()")
    before = api(machines(NAME), release="1.0.0")
    after = api(operation("/cloudapi/machines/build", NAME, parameter("other")), release="2.0.0")

    found = impact(usage(*sources([tmp_path]), before), ReleasePair(before, after, tuple(compare(before, after))))

    assert [(broken.place.line, broken.reason) for broken in found.broken] == [
        (3, "2.0.0 has no cloudapi.machines.create().")
    ]
