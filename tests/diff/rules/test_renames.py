"""What goes on under another name, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from tests.build import ANYTHING, INTEGER, NAME, STRING, api, listed, must, operation, parameter, record
from tests.diff.rules.rows import B, N, Row, W, found, got, plain, sent, takes

SPACE, SPACES = must(parameter("cloudspaceid", INTEGER)), must(parameter("cloudspaceId", INTEGER))
OPTIONAL = parameter("limit", INTEGER)
CONVERT, CREATE = "/cloudapi/machines/convertToTemplate", "/cloudapi/machines/createTemplate"
LEFT = operation(CONVERT, SPACE, use_instead="cloudapi.machines.createTemplate")
FIND, LOOK = operation("/a/b/findDisk", SPACE), operation("/a/b/findDisks", SPACE)
PUBLIC, EXTERNAL = operation("/a/b/attachPublicNetwork", SPACE), operation("/a/b/attachExternalNetwork", SPACE)
ADDED_BY_US = replace(parameter("_async"), declared=False)
BARE, PLURAL = operation("/a/b/findDisk", ADDED_BY_US), operation("/a/b/findDisks", ADDED_BY_US)
REMOVED = [("operation.added", N, N), ("operation.removed", B, B)]

ROWS: list[Row] = [
    # parameters
    ("another spelling", takes(SPACE), takes(SPACES), [("parameter.renamed", B, B)]),
    (
        "another spelling and another type",
        takes(SPACE),
        takes(replace(SPACES, schema=STRING)),
        [("parameter.renamed", B, B), ("type.widened", W, B)],
    ),
    (
        "another spelling, and need not be sent",
        takes(SPACE),
        takes(replace(SPACES, required=False)),
        [("parameter.became-optional", N, N), ("parameter.renamed", B, B)],
    ),
    (
        "a header is the same in any case",
        takes(parameter("X-Size", place="header")),
        takes(parameter("x-size", place="header")),
        [("parameter.renamed", N, B)],
    ),
    (
        "one word more, and it has to be sent",
        takes(must(parameter("machine", INTEGER))),
        takes(must(parameter("machineId", INTEGER))),
        [("parameter.renamed", B, B)],
    ),
    (
        "one word more, but it may be left out",
        takes(parameter("machine", INTEGER)),
        takes(parameter("machineId", INTEGER)),
        [("parameter.added-optional", N, N), ("parameter.removed", W, B)],
    ),
    (
        "a plural",
        takes(parameter("tag", listed(STRING))),
        takes(parameter("tags", listed(STRING))),
        [("parameter.renamed", B, B)],
    ),
    (
        "another word for the same, without a mark between the words",
        takes(must(parameter("vmid", INTEGER))),
        takes(must(parameter("machineId", INTEGER))),
        [("parameter.renamed", B, B)],
    ),
    (
        "another word for the same and another type, but nothing else that must be sent",
        takes(must(parameter("vmid", STRING))),
        takes(must(parameter("machineId", INTEGER))),
        [("parameter.renamed", B, B), ("type.narrowed", B, B)],
    ),
    (
        "one letter more in front of a word",
        takes(parameter("maxDiskCapacity", INTEGER)),
        takes(parameter("maxVDiskCapacity", INTEGER)),
        [("parameter.renamed", B, B)],
    ),
    (
        "an abbreviation",
        takes(parameter("desc")),
        takes(parameter("description")),
        [("parameter.renamed", B, B)],
    ),
    (
        "two ids of different things",
        takes(must(parameter("userId", INTEGER)), must(parameter("a"))),
        takes(must(parameter("groupId", INTEGER)), must(parameter("a"))),
        [("parameter.added-required", B, B), ("parameter.removed", W, B)],
    ),
    (
        "a plural of another type",
        takes(parameter("tag", STRING)),
        takes(parameter("tags", listed(STRING))),
        [("parameter.added-optional", N, N), ("parameter.removed", W, B)],
    ),
    (
        "the opposite",
        takes(must(parameter("includeDeleted"))),
        takes(must(parameter("excludeDeleted"))),
        [("parameter.added-required", B, B), ("parameter.removed", W, B)],
    ),
    (
        "another number",
        takes(must(parameter("address1"))),
        takes(must(parameter("address2"))),
        [("parameter.added-required", B, B), ("parameter.removed", W, B)],
    ),
    (
        "another beginning",
        takes(must(parameter("name"))),
        takes(must(parameter("namespace"))),
        [("parameter.added-required", B, B), ("parameter.removed", W, B)],
    ),
    (
        "two that it could be",
        takes(parameter("sizeid")),
        takes(parameter("sizeId"), parameter("size_id")),
        [("parameter.added-optional", N, N), ("parameter.added-optional", N, N), ("parameter.removed", W, B)],
    ),
    (
        "what stays is not what came",
        takes(parameter("sizeId")),
        takes(parameter("sizeId"), parameter("size_id")),
        [("parameter.added-optional", N, N)],
    ),
    # members of objects
    ("a member's other spelling", sent(diskSize=INTEGER), sent(disk_size=INTEGER), [("property.renamed", B, B)]),
    (
        "a member's slip, mended",
        got(recieved=STRING),
        got(received=STRING),
        [("property.added-optional", N, N), ("property.removed", W, B)],
    ),
    ("a longer slip", got(MerchantNumer=STRING), got(MerchantNumber=STRING), [("property.renamed", B, B)]),
    (
        "another spelling of another type",
        got(diskSize=INTEGER),
        got(disk_size=STRING),
        [("property.added-optional", N, N), ("property.removed", W, B)],
    ),
    (
        "inside of a member with another name",
        got(diskList=listed(record(a=STRING))),
        got(disklist=listed(record(a=INTEGER))),
        [("property.renamed", B, B), ("type.changed", B, B)],
    ),
    # calls
    ("another verb in the name", api(FIND), api(LOOK), [("operation.renamed", B, B)]),
    (
        "another spelling of the path",
        api(operation("/a/b/find_disk")),
        api(operation("/a/b/findDisk")),
        [("operation.renamed", B, B)],
    ),
    ("one word inside replaced, all else the same", api(PUBLIC), api(EXTERNAL), [("operation.renamed", B, B)]),
    (
        "one word inside replaced, and one side does not know its answer",
        api(replace(PUBLIC, result=ANYTHING)),
        api(EXTERNAL),
        [("operation.renamed", B, B)],
    ),
    ("one word inside is the opposite", api(PUBLIC), api(operation("/a/b/attachPrivateNetwork", SPACE)), REMOVED),
    ("one word inside replaced, other parameters", api(PUBLIC), api(replace(EXTERNAL, parameters=(SPACES,))), REMOVED),
    (
        "one word inside replaced in two ways",
        api(PUBLIC),
        api(EXTERNAL, operation("/a/b/attachOtherNetwork", SPACE)),
        [("operation.added", N, N), *REMOVED],
    ),
    ("what we add to every call is nothing to be recognised by", api(BARE), api(PLURAL), REMOVED),
    ("too little to be recognised by", api(operation("/a/b/findDisk")), api(operation("/a/b/findDisks")), REMOVED),
    (
        "another parameter",
        api(FIND),
        api(replace(LOOK, parameters=(NAME,))),
        REMOVED,
    ),
    ("another answer", api(FIND), api(replace(LOOK, result=listed(STRING))), REMOVED),
    ("another actor", api(operation("/a/disk/find", SPACE)), api(operation("/a/image/find", SPACE)), REMOVED),
    ("what the corrections say", api(LEFT), api(operation(CREATE, SPACE)), [("operation.renamed", B, B)]),
    (
        "and what changed besides",
        api(LEFT),
        api(operation(CREATE, SPACES)),
        [("operation.renamed", B, B), ("parameter.renamed", B, B)],
    ),
    (
        "what takes its place was there",
        api(LEFT, operation(CREATE)),
        api(operation(CREATE)),
        [("operation.removed", B, B)],
    ),
    ("what takes its place is not there", api(LEFT), api(), [("operation.removed", B, B)]),
    (
        "the same name at another path",
        api(plain(path="/v1/pets", id="listPets", group="pets")),
        api(plain(path="/v2/animals", id="listPets", group="pets")),
        [("operation.moved", B, N)],
    ),
    (
        "the same id, another name in Python",
        api(plain(path="/v1/pets", id="listPets", group="v1")),
        api(plain(path="/v2/pets", id="listPets", group="v2")),
        [("operation.moved", B, B)],
    ),
    (
        "an id that two had",
        api(plain(path="/a", id="x"), plain(path="/b", id="x")),
        api(plain(path="/c", id="x")),
        [("operation.added", N, N), ("operation.removed", B, B), ("operation.removed", B, B)],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_two_releases_differ_by_exactly_these_changes(old, new, expected):
    """The kind, who breaks over HTTP and whose Python code breaks."""
    assert sorted(found(old, new)) == sorted(expected)


def test_a_rename_says_how_sure_it_is_and_what_to_do():
    """What the corrections say is certain, a spelling nearly so, the rest a good guess."""
    changes = compare(api(LEFT), api(operation(CREATE, SPACES)))
    (guess,) = compare(api(FIND), api(LOOK))

    assert [(change.confidence, change.hint) for change in changes] == [
        (1.0, "Call `cloudapi.machines.createTemplate` instead of `cloudapi.machines.convertToTemplate`."),
        (0.98, "Pass `cloudspaceId` instead of `cloudspaceid`."),
    ]
    assert guess.confidence == 0.85
    assert guess.message == "The call is called `POST /a/b/findDisks` now."


def test_a_removal_names_what_the_corrections_name():
    """Also where that was there before."""
    (change,) = compare(api(LEFT, operation(CREATE)), api(operation(CREATE)))

    assert change.hint == "Use `cloudapi.machines.createTemplate` instead."


def test_a_rename_is_told_at_the_old_place_and_points_into_the_new_document():
    """Callers know the one, files have the other."""
    renamed, narrowed = compare(api(LEFT), api(operation(CREATE, replace(SPACE, schema=listed(INTEGER)))))

    assert renamed.location.pairs() == {"path": CONVERT, "method": "POST"}
    assert narrowed.location.path == CONVERT
    assert narrowed.pointer == "/paths/~1cloudapi~1machines~1createTemplate/post/parameters/cloudspaceid"
