"""Cassettes: what vcrpy writes is read, in both of its forms; what else a file may hold is refused in two sentences."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from vcr.serializers import jsonserializer, yamlserializer

from ovcgen.errors import SpecRefused, UsageError
from ovcgen.model.schema import Scalar
from ovcgen.recordings.cassette_reader import Interaction, interactions
from ovcgen.recordings.wire_request import recorded_request
from tests.build import listed, operation, parameter

URI = "https://portal.example/restmachine/cloudapi/machines/list"


def recorded(body: Any = "[]", **headers: str) -> dict[str, Any]:
    """One interaction, as vcrpy holds it before it writes."""
    told = {"Content-Type": ["application/json; charset=utf-8"], **{name: [value] for name, value in headers.items()}}
    request = {"method": "POST", "uri": URI, "body": "cloudspaceId=1", "headers": {}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": told, "body": {"string": body}}
    return {"request": request, "response": response}


def written(folder: Path, *listed: Any, serializer: Any = yamlserializer) -> Path:
    """A cassette of these interactions."""
    path = folder / "calls.yaml"
    path.write_text(serializer.serialize({"version": 1, "interactions": list(listed)}))
    return path


@pytest.mark.parametrize("serializer", [yamlserializer, jsonserializer])
def test_both_forms_are_read(serializer: Any, tmp_path: Path) -> None:
    """As vcrpy itself writes them."""
    read = interactions(written(tmp_path, recorded("[1]"), recorded("null"), serializer=serializer))

    assert read[0] == Interaction("POST", URI, "cloudspaceId=1", 200, "application/json", b"[1]")
    assert [interaction.body for interaction in read] == [b"[1]", b"null"]


@pytest.mark.parametrize("body", ["", None, "true", "1", "2020-01-01", "é\U0001f600", "'", b"PK\x00\xff", "a\nb: c\n"])
def test_bodies_are_read_as_they_were(body: Any, tmp_path: Path) -> None:
    """YAML has many ways to say a text; a body is always one."""
    [read] = interactions(written(tmp_path, recorded(body)))

    assert read.body == (body.encode() if isinstance(body, str) else body or b"")


def test_what_is_written_once_and_named_twice_is_read_twice(tmp_path: Path) -> None:
    """vcrpy writes the same object as an alias."""
    one = recorded()
    path = written(tmp_path, one, one)

    assert "*id001" in path.read_text()
    assert len(set(interactions(path))) == 1


@pytest.mark.parametrize(("pack", "encoding"), [(gzip.compress, "gzip"), (zlib.compress, "deflate")])
def test_packed_answers_are_unpacked(pack: Any, encoding: str, tmp_path: Path) -> None:
    """A recorder may leave them as they came."""
    [read] = interactions(written(tmp_path, recorded(pack(b"[1]"), **{"Content-Encoding": encoding})))

    assert read.body == b"[1]"


def test_bodies_of_older_forms_are_read(tmp_path: Path) -> None:
    """As base64, and as a bare text."""
    old, bare = recorded(), recorded()
    old["response"]["body"] = {"base64_string": base64.b64encode(b"[1]").decode()}
    bare["response"]["body"] = "[1]"

    assert [interaction.body for interaction in interactions(written(tmp_path, old, bare))] == [b"[1]", b"[1]"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no list of interactions"),
        ("[]", "no list of interactions"),
        ("interactions: {}", "no list of interactions"),
        ("a: 1\n---\nb: 2", "no list of interactions"),
        ("interactions: [1]", "its interaction 1 is not"),
        ("interactions:\n- request: {}\n  response: {}", "its interaction 1 is not"),
        ("a: [", "no YAML at line 2"),
        ("{", "no JSON"),
        ('{"a":' + "[" * 1_000 + "]" * 1_000 + "}", "nests deeper than 32"),
        ('{"a":' + "[" * 100_000, "no JSON|nests deeper than 32"),  # how far it is read is Python's choice
        ("a: " + "[" * 200_000, "nests deeper than 32"),
        ("- " * 50_000 + "a", "nests deeper than 32"),
        ("a: *b", "refers to what it does not have"),
        ("? [a]\n: b", "a key that is no text"),
        ("a: !!python/object/apply:os.system ['true']", "asks for an object"),
        ("a: !!python/name:os.system ''", "asks for an object"),
        ("a: !!binary YQ", "no base64"),
        ("a: \x01", "no YAML"),
        ("a: !<tag:\x1b[31m> x", "no YAML"),
    ],
)
def test_anything_else_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    """With the reason, on one line that a terminal can't obey."""
    path = tmp_path / "bad.yaml"
    path.write_text(text)

    with pytest.raises(SpecRefused, match=reason) as refused:
        interactions(path)
    assert refused.value.what.isprintable()
    assert refused.value.fix.endswith(".")


def test_bytes_of_any_kind_are_refused(tmp_path: Path) -> None:
    """A file need not be a text."""
    path = tmp_path / "bad.yaml"
    for data in (b"\xff\xfe\x00", b"\x00" * 100, b"PK\x03\x04", b"\xc3"):
        path.write_bytes(data)
        with pytest.raises(SpecRefused):
            interactions(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """Neither a file nor an answer may be larger than the limit, and aliases are never multiplied out."""
    with pytest.raises(SpecRefused, match="interaction 1 is not"):
        interactions(
            written(tmp_path, recorded(gzip.compress(b"0" * 10**6), **{"Content-Encoding": "gzip"})), limit=20_000
        )
    with pytest.raises(SpecRefused, match="larger than"):
        interactions(written(tmp_path, recorded("0" * 30_000)), limit=20_000)
    lines = [
        "a0: &a0 [x, x]",
        *(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 40)),
    ]
    (tmp_path / "laughs.yaml").write_text("\n".join(lines))
    with pytest.raises(SpecRefused, match="no list of interactions"):
        interactions(tmp_path / "laughs.yaml")


def test_a_file_that_is_not_there_is_a_wrong_argument(tmp_path: Path) -> None:
    """As is a folder."""
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(UsageError, match="Can't read"):
            interactions(path)


def test_what_is_written_as_json_has_no_surprises(tmp_path: Path) -> None:
    """A status that is no number is refused, not guessed."""
    broken = recorded()
    broken["response"]["status"]["code"] = None
    path = tmp_path / "calls.json"
    path.write_text(json.dumps({"interactions": [broken]}))

    with pytest.raises(SpecRefused, match="interaction 1"):
        interactions(path)


def test_a_list_that_was_sent_as_json_is_a_list():
    """OpenvCloud portals take it beside repeated keys, and our clients send it where keys would be misread."""
    delete = operation("/cloudapi/disks/deleteDisks", parameter("diskIds", listed(Scalar("integer"))), plain=False)

    assert recorded_request(delete, "https://p.example/x", "diskIds=%5B5%2C6%5D").texts["formData"] == {
        "diskIds": ["5", "6"]
    }
