"""Logins, addresses, content types, names and texts: one row a fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from ovcgen.model.api import Response
from ovcgen.model.readers.swagger2 import read
from tests.build import NAME, SIZE, STRING, answer, api, body, machines, operation, parameter, record
from tests.diff.rules.rows import B, N, Row, W, found, pet, plain

ANY = api()
KEY, TOKEN = (("key", ()),), (("token", ()),)
BOTH = (*KEY, *TOKEN)
NOTHING = ()


def login(**settings: object) -> object:
    """A release with one way to log in."""
    document = {"paths": {}, "securityDefinitions": {"key": {"type": "apiKey", **settings}}}
    return api(), read(document, "").security_definitions[0]


def logins(*settings: dict[str, object]) -> object:
    """A release with these ways to log in, all called `key`."""
    return replace(ANY, security_definitions=tuple(login(**setting)[1] for setting in settings))


HEADER = {"type": "apiKey", "in": "header"}
SCOPED = {"type": "oauth2", "scopes": {"read": ""}}

ROWS: list[Row] = [
    # logins that a call wants
    ("a login is wanted", pet(), pet(security=(KEY,)), [("security.added", B, B)]),
    ("no login is wanted", pet(security=(KEY,)), pet(), [("security.removed", N, N)]),
    ("another login will do", pet(security=(KEY,)), pet(security=(KEY, TOKEN)), [("security.added", N, N)]),
    ("one login will not do", pet(security=(KEY, TOKEN)), pet(security=(KEY,)), [("security.removed", B, B)]),
    (
        "both at once",
        pet(security=(KEY,)),
        pet(security=(BOTH,)),
        [("security.added", N, N), ("security.removed", B, B)],
    ),
    (
        "one of both is enough",
        pet(security=(BOTH,)),
        pet(security=(KEY,)),
        [("security.added", N, N), ("security.removed", N, N)],
    ),
    ("guests still may", pet(security=(NOTHING,)), pet(security=(NOTHING, KEY)), [("security.added", N, N)]),
    ("declared as none, or not at all", pet(security=(NOTHING,)), pet(), []),
    (
        "may do more",
        pet(security=(KEY,)),
        pet(security=((("key", ("write",)),),)),
        [("security.scope-added", B, B)],
    ),
    (
        "may do less",
        pet(security=((("key", ("write",)),),)),
        pet(security=(KEY,)),
        [("security.scope-removed", N, N)],
    ),
    # logins themselves
    ("a login came", ANY, logins(HEADER), [("security-definition.added", N, N)]),
    ("a login went", logins(HEADER), ANY, [("security-definition.removed", W, W)]),
    ("in the query", logins(HEADER), logins({**HEADER, "in": "query"}), [("security-definition.changed", B, W)]),
    (
        "tokens come from elsewhere",
        logins({**SCOPED, "tokenUrl": "a"}),
        logins({**SCOPED, "tokenUrl": "b"}),
        [("security-definition.changed", W, W)],
    ),
    (
        "one more scope",
        logins(SCOPED),
        logins({**SCOPED, "scopes": {"read": "", "write": ""}}),
        [("security-definition.scope-added", N, N)],
    ),
    (
        "one scope less",
        logins({**SCOPED, "scopes": {"read": "", "write": ""}}),
        logins(SCOPED),
        [("security-definition.scope-removed", W, N)],
    ),
    # where and how
    ("another base path", ANY, replace(ANY, base_path="/v2"), [("base-path.changed", B, N)]),
    ("another host", ANY, replace(ANY, host="b.example"), [("host.changed", W, N)]),
    ("one more protocol", ANY, replace(ANY, schemes=("https",)), [("scheme.added", N, N)]),
    (
        "one protocol less",
        replace(ANY, schemes=("http", "https")),
        replace(ANY, schemes=("https",)),
        [("scheme.removed", B, N)],
    ),
    ("no protocol is named", replace(ANY, schemes=("https",)), ANY, [("scheme.removed", W, N)]),
    ("one call by another protocol", pet(), pet(schemes=("ws",)), [("scheme.added", N, N)]),
    ("takes XML too", pet(), pet(consumes=("application/xml",)), [("consumes.added", N, N)]),
    (
        "takes no XML",
        api(plain(body(), consumes=("application/xml",))),
        api(plain(body())),
        [("consumes.removed", B, N)],
    ),
    ("sends nothing, so takes no XML", pet(consumes=("application/xml",)), pet(), [("consumes.removed", W, N)]),
    ("answers XML too", pet(), pet(produces=("application/xml",)), [("produces.added", N, N)]),
    ("answers no XML", pet(produces=("application/xml",)), pet(), [("produces.removed", B, N)]),
    ("the order of types is nothing", pet(produces=("a/b", "c/d")), pet(produces=("c/d", "a/b")), []),
    # names
    ("an id came", pet(), pet(id="list"), [("operation.id-added", N, B)]),
    ("an id went", pet(id="list"), pet(), [("operation.id-removed", N, B)]),
    ("another id", pet(id="list"), pet(id="find"), [("operation.id-changed", N, B)]),
    ("an id that names nothing", pet(), api(replace(plain(), id="list")), [("operation.id-added", N, N)]),
    ("a portal's ids are nothing", api(machines()), api(machines(id="create")), []),
    ("a tag came", pet(), pet(tags=("animals",)), [("operation.tag-added", N, B)]),
    ("a tag went", pet(tags=("animals",)), pet(), [("operation.tag-removed", N, B)]),
    (
        "a second tag groups nothing",
        pet(tags=("animals",)),
        pet(tags=("animals", "new")),
        [("operation.tag-added", N, N)],
    ),
    ("a portal's tags are nothing", api(machines()), api(machines(tags=("new",))), []),
    ("another order", api(plain(NAME, SIZE)), api(plain(SIZE, NAME)), [("parameter.order-changed", N, N)]),
    (
        "one more between them is no other order",
        api(plain(NAME, SIZE)),
        api(plain(NAME, parameter("a"), SIZE)),
        [("parameter.added-optional", N, N)],
    ),
    ("a portal's parameters have no order", api(machines(NAME, SIZE)), api(machines(SIZE, NAME)), []),
    ("a shape came", ANY, api(Pet=STRING), [("definition.added", N, N)]),
    ("a shape went", api(Pet=STRING), ANY, [("definition.removed", N, B)]),
    ("a shape that nothing reaches", api(Pet=STRING), api(Pet=record()), []),
    # calls that run as tasks
    (
        "calls can run as tasks",
        api(machines(), operation("/a/b/c")),
        api(machines(tasks=True), operation("/a/b/c", tasks=True)),
        [("parameter.added-optional", N, N)],
    ),
    (
        "calls can't run as tasks",
        api(machines(tasks=True), operation("/a/b/c", tasks=True)),
        api(machines(), operation("/a/b/c")),
        [("parameter.removed", W, B)],
    ),
    (
        "one more call can run as a task",
        api(machines(), operation("/a/b/c", tasks=True)),
        api(machines(tasks=True), operation("/a/b/c", tasks=True)),
        [("parameter.added-optional", N, N)],
    ),
    (
        "one call can't run as a task",
        api(machines(tasks=True), operation("/a/b/c", tasks=True)),
        api(machines(), operation("/a/b/c", tasks=True)),
        [("parameter.removed", W, B)],
    ),
    # texts
    ("another version", ANY, replace(ANY, version="8.0"), [("info.version-changed", N, N)]),
    ("described in other words", ANY, replace(ANY, doc="other"), [("info.description", N, N)]),
    ("a call in other words", pet(doc="a"), pet(doc="b"), [("operation.summary", N, N)]),
    ("summed up in other words", pet(summary="a", doc="c"), pet(summary="b", doc="c"), [("operation.summary", N, N)]),
    (
        "a parameter in other words",
        api(plain(replace(NAME, doc="a"))),
        api(plain(replace(NAME, doc="b"))),
        [("parameter.description", N, N)],
    ),
    (
        "an answer in other words",
        pet(responses=(answer(STRING),)),
        pet(responses=(Response("200", STRING, doc="b"),)),
        [("response.description", N, N)],
    ),
    ("broken at other places", pet(doc="a b"), pet(doc="a\n  b"), []),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_two_releases_differ_by_exactly_these_changes(old, new, expected):
    """The kind, who breaks over HTTP and whose Python code breaks."""
    assert found(old, new) == expected


def test_a_lower_version_asks_whether_the_order_is_right():
    """Text by text `10.0` comes before `9.0`."""
    old, new = (replace(ANY, version=literal) for literal in ("10.0", "9.0"))

    assert [change.hint for change in compare(old, new)] == ["Check that the older release comes first."]
    assert [change.hint for change in compare(new, old)] == [""]


def test_a_shape_under_another_name_is_pointed_to():
    """Who imports the type finds it there."""
    gone = compare(api(Pet=record(a=STRING)), api(Animal=record(a=STRING)))[1]

    assert (gone.id, gone.hint) == ("definition.removed", "`Animal` has the same shape.")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (logins(HEADER), logins({**HEADER, "in": "query"}), {"security": "key", "field": "in"}),
        (logins({**SCOPED, "scopes": {}}), logins(SCOPED), {"security": "key", "scope": "read"}),
        (ANY, api(Pet=STRING), {"definition": "Pet"}),
        (
            pet(security=(KEY,)),
            pet(security=((("key", ("write",)),),)),
            {"path": "/pets", "method": "POST", "security": "key"},
        ),
    ],
)
def test_what_is_at_no_call_has_a_place_too(old, new, place):
    """Ignores and annotations need one."""
    assert [change.location.pairs() for change in compare(old, new)] == [place]
