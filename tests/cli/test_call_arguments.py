"""The words of a call."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.cli.call_arguments import (
    BadArgumentValue,
    GivenTwice,
    MissingArgument,
    NoFileToRead,
    NothingToRead,
    UnknownArgument,
    arguments_of,
    has_all_arguments,
)
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import StyledParameter

OPERATION = OperationSpec(
    "cloudapi.things.make",
    "POST",
    "/cloudapi/things/make",
    (
        ParameterSpec("size", "integer"),
        ParameterSpec("ratio", "number"),
        ParameterSpec("force", "boolean"),
        ParameterSpec("name", "string"),
        ParameterSpec("from", "string", key="from_"),
        ParameterSpec("ids", "array", items="integer"),
        ParameterSpec("names", "array", items="string"),
        ParameterSpec("userdata", "object"),
    ),
)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["size=3"], {"size": 3}),
        (["ratio=0.5"], {"ratio": 0.5}),
        (["force=TRUE"], {"force": True}),
        (["force=false"], {"force": False}),
        (["name=3"], {"name": "3"}),
        (["name=a=b:=c"], {"name": "a=b:=c"}),
        (['name:="-"'], {"name": "-"}),
        (["from=here"], {"from_": "here"}),
        (["from_=here"], {"from_": "here"}),
        (["ids=1"], {"ids": [1]}),
        (["ids=1", "ids=2"], {"ids": [1, 2]}),
        (["ids=[1, 2]"], {"ids": [1, 2]}),
        (["ids:=[]"], {"ids": []}),
        (["names=a", "names=b"], {"names": ["a", "b"]}),
        (["userdata=a: 1"], {"userdata": "a: 1"}),
        (['userdata:={"a": 1}'], {"userdata": {"a": 1}}),
    ],
)
def test_words_become_values(words: list[str], given: dict[str, Any]) -> None:
    """Each as its parameter wants it, under its Python keyword."""
    assert arguments_of(OPERATION, words) == given


def test_a_file_for_what_is_no_file_has_its_value(tmp_path: Path) -> None:
    """`name@file` reads JSON where the argument can't be a file."""
    (tmp_path / "data.json").write_text('{"a": 1}')
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "bad.json").write_text("a: 1")

    words = [f"userdata@{tmp_path / 'data.json'}", f"ids@{tmp_path / 'list.json'}"]
    assert arguments_of(OPERATION, words) == {"userdata": {"a": 1}, "ids": [1, 2]}
    with pytest.raises(BadArgumentValue, match="userdata is not JSON"):
        arguments_of(OPERATION, [f"userdata@{tmp_path / 'bad.json'}"])


def test_json_is_read_from_a_file(tmp_path: Path) -> None:
    """`name:=@file` reads JSON from a file in UTF-8; a file that is missing or no JSON is refused."""
    (tmp_path / "data.json").write_text('{"a": "\u00f6"}', "utf-8")
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "bad.json").write_text("a: 1")

    words = [f"userdata:=@{tmp_path / 'data.json'}", f"ids:=@{tmp_path / 'list.json'}"]
    assert arguments_of(OPERATION, words) == {"userdata": {"a": "\u00f6"}, "ids": [1, 2]}
    with pytest.raises(BadArgumentValue, match="userdata is not JSON"):
        arguments_of(OPERATION, [f"userdata:=@{tmp_path / 'bad.json'}"])
    with pytest.raises(NoFileToRead, match=r"Can't read 'nothing\.json' for userdata"):
        arguments_of(OPERATION, ["userdata:=@nothing.json"])


@pytest.mark.parametrize("words", [["size=1", "size=2"], ["ids:=[1]", "ids:=[2]"], ["ids:=null", "ids=2"]])
def test_a_value_is_given_once(words: list[str]) -> None:
    """Which of two would be sent, nobody could tell."""
    with pytest.raises(GivenTwice):
        arguments_of(OPERATION, words)


FIND = StyledOperation(
    "things.find",
    "GET",
    "/things",
    (StyledParameter("filter", "object", style="deepObject", nested=True), StyledParameter("flat", "object")),
)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["filter[size]=3"], {"size": "3"}),
        (["filter[owner][name]=Ann", "filter[owner][age]:=7"], {"owner": {"name": "Ann", "age": 7}}),
        (["filter[tags]=a", "filter[tags]=b"], {"tags": ["a", "b"]}),
        (["filter[tags]:=[1]", "filter[tags]=2"], {"tags": [1, "2"]}),
    ],
)
def test_members_of_a_deep_object_are_named_as_on_the_wire(words: list[str], given: dict[str, Any]) -> None:
    """A member that is given several times is a list."""
    assert arguments_of(FIND, words) == {"filter": given}
    assert has_all_arguments(FIND, words)


def test_members_have_one_meaning() -> None:
    """A member is no object and value at once, and other parameters have no members."""
    for words in (["filter[a]=1", "filter[a][b]=2"], ["filter:={}", "filter[a]=1", "filter:={}"]):
        with pytest.raises(GivenTwice):
            arguments_of(FIND, words)
    for word in ("flat[a]=1", "other[a]=1", "filter[a=1", "[a]=1"):
        with pytest.raises(UnknownArgument):
            arguments_of(FIND, [word])


def test_a_strange_name_tells_what_there_is() -> None:
    """Where none is near, all are named."""
    with pytest.raises(UnknownArgument, match="It takes force, from, ids, name"):
        arguments_of(OPERATION, ["xyz=1"])


def test_a_file_for_a_strange_name_tells_what_there_is() -> None:
    """A file for an unknown name is an error that lists the known names; the form `name@file` is not criticised."""
    with pytest.raises(UnknownArgument, match="takes no argument 'file'"):
        arguments_of(OPERATION, ["file@/etc/hostname"])


def test_missing_names_are_all_named() -> None:
    """By their wire names, which is how they are written here."""
    needs = OperationSpec("a.b.c", "POST", "/", (ParameterSpec("from", "string", required=True, key="from_"),))

    with pytest.raises(MissingArgument, match="needs from"):
        arguments_of(needs, [])


def test_all_of_standard_input_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a file of user data has several lines; the end of the last is the shell's."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("#cloud-config\na: 1\n"))

    assert arguments_of(OPERATION, ["userdata=-"]) == {"userdata": "#cloud-config\na: 1"}


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second value can't come from it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("x"))

    with pytest.raises(NothingToRead, match="name was read from it"):
        arguments_of(OPERATION, ["name=-", "userdata=-"])


@pytest.mark.parametrize("stdin", [None, io.StringIO("")])
def test_standard_input_may_be_empty_or_closed(monkeypatch: pytest.MonkeyPatch, stdin: Any) -> None:
    """That is no value."""
    monkeypatch.setattr(sys, "stdin", stdin)

    with pytest.raises(NothingToRead):
        arguments_of(OPERATION, ["name=-"])
