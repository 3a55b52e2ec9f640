"""Names in Python that move though nothing of the document that names them has changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from ovcgen.model.api import Api
from tests.build import api, parameter
from tests.diff.rules.rows import B, N, Row, found, plain


def called(name: str, **more: str) -> Api:
    """A release whose call with one id and one tag has that Python name."""
    return api(replace(plain(), id="user-get", tags=("u",), name=name, group="u", **more))


def passed(key: str, place: str = "query") -> Api:
    """A release whose call takes `page-size` under that keyword."""
    return api(plain(replace(parameter("page-size", place=place), key=key)))


TYPE_MOVED = "definition.name-changed"  # seen by the names of types, which no row has
ROWS: list[Row] = [
    ("no name moves", called("user_get"), called("user_get"), []),
    ("a call moves", called("user_get"), called("delete_u"), [("operation.name-changed", N, B)]),
    ("a keyword moves", passed("page_size"), passed("page_size_query"), [("parameter.name-changed", N, B)]),
    (
        "a keyword moves with its parameter",
        passed("page_size"),
        passed("page_size_header", "header"),
        [("parameter.location-changed", B, N)],
    ),
]


@pytest.mark.parametrize(("old", "new", "kinds"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_name_that_moves_breaks_python_code_alone(old: Api, new: Api, kinds: list[object]) -> None:
    """Whether it is a call or a keyword, nothing on the wire depends on it."""
    assert found(old, new) == kinds


def test_the_name_of_a_type_is_compared_by_its_place() -> None:
    """What only one release has is no type that moved."""
    types = ({"Pet": "Pet", "gone": "Gone"}, {"Pet": "Pet_1a2b3c", "new": "New"})

    (change,) = compare(api(), api(), types=types)

    assert (change.id, change.message) == (
        TYPE_MOVED,
        "Definition `Pet` is the type `Pet_1a2b3c` now; it was `Pet`.",
    )


def test_it_says_who_has_the_old_name() -> None:
    """Code that goes on with the old name calls another operation."""
    other = replace(plain(), id="user.get", tags=("u",), name="user_get", group="u", method="GET")
    before = called("user_get")

    changes = compare(before, api(*called("delete_u").operations, other))

    assert [change.hint for change in changes if change.id == "operation.name-changed"] == [
        "In Python, call `u.delete_u` instead of `u.user_get`. `u.user_get` is `GET /pets` now."
    ]


def test_a_call_that_is_gone_breaks_code_though_another_has_its_name() -> None:
    """The name is there, and means something else."""
    new = api(replace(plain(path="/toys"), name="user_get", group="u", method="GET", id="toys"))

    assert ("operation.removed", B, B) in found(called("user_get"), new)
