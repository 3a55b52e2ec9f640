"""Bytes that can't be read in two ways, and are not too many."""

import json
import time

import pytest

from ovcgen.documents import LIMIT, join_chunks, parse
from ovcgen.documents.errors import HtmlPage, NotJson, TooLarge


def test_a_json_object_is_read():
    """The normal case."""
    assert parse(b'{"swagger": "2.0", "n": [1, 1.5, true, null]}', "x") == {"swagger": "2.0", "n": [1, 1.5, True, None]}


def test_a_byte_order_mark_is_no_content():
    """Some editors put one at the start of a file."""
    assert parse(b'\xef\xbb\xbf{"a": 1}', "x") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "line 1, column 1", id="nothing"),
        pytest.param(b'{"a": 1,\n "b" 2}', "line 2, column 6", id="broken"),
        pytest.param(b'{"a": 1} {"b": 2}', "Extra data", id="two documents"),
        pytest.param(b"[1, 2]", "no object", id="a list"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', "the key b twice", id="a key twice"),
        pytest.param(b'{"a": NaN}', "NaN is no JSON value", id="not a number"),
        pytest.param(b'{"a": -Infinity}', "-Infinity is no JSON value", id="infinity"),
        pytest.param(b'{"a": 1e999}', "1e999 is out of range", id="infinity in disguise"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "a number of 5000 digits", id="5000 digits"),
        pytest.param(b'{"a": "\xff"}', "byte 7 is not UTF-8", id="no UTF-8"),
        pytest.param(b'{"a": ["\\ud800"]}', "half a character", id="half a character"),
        pytest.param(b'{"a":' * 65 + b"1" + b"}" * 65, "deeper than 64", id="65 levels"),
        pytest.param(b'{"a":' + b"[" * 200_000, "deeper than 64", id="200,000 levels"),
        pytest.param(b'{"a":[' + b"0," * 2_000_001 + b"0]}", "more than 2000000 values", id="two million values"),
    ],
)
def test_doubtful_json_is_refused(data, reason):
    """One sentence says what is wrong with it, the other what to do."""
    with pytest.raises(NotJson) as caught:
        parse(data, "swagger.json")

    assert caught.value.what.startswith("swagger.json is not strict JSON: ")
    assert reason in caught.value.what
    assert caught.value.fix


def test_64_levels_are_fine():
    """The limit itself is allowed."""
    assert parse(b'{"a":' * 64 + b"1" + b"}" * 64, "x")


def test_a_login_page_is_recognised():
    """A portal that wants a login answers with a page for people."""
    with pytest.raises(HtmlPage, match=r"HTML page, not a catalog.*Check the credentials"):
        parse(b"\n <!DOCTYPE html><html><body>Login</body></html>", "The catalog of https://portal.example")


def test_more_than_32_mib_are_refused():
    """A catalog has less than one."""
    with pytest.raises(TooLarge, match="larger than 32 MiB"):
        parse(b" " * (LIMIT + 1), "x")


def test_an_endless_answer_is_read_no_further_than_the_limit():
    """What a portal sends is counted while it is read."""
    read = []

    def chunks():
        while True:
            read.append(2**20)
            yield bytes(2**20)

    with pytest.raises(TooLarge):
        join_chunks(chunks(), "x")

    assert sum(read) == LIMIT + 2**20


def test_an_answer_within_the_limit_is_put_together():
    """Chunks become the bytes they are part of."""
    assert join_chunks([b'{"a"', b": 1}"], "x") == b'{"a": 1}'


def test_many_keys_don_t_make_a_repeated_one_slow_to_find():
    """A hostile document costs no more time than a good one of its size."""
    data = json.dumps({str(number): 0 for number in range(100_000)}).encode()[:-1] + b', "0": 1}'
    started = time.process_time()

    with pytest.raises(NotJson, match="the key 0 twice"):
        parse(data, "x")

    assert time.process_time() - started < 20


def test_what_a_document_says_can_t_play_with_the_terminal():
    """Control characters and letters that change direction are written out."""
    with pytest.raises(NotJson) as caught:
        parse('{"\\u001b[2J\u202e": 1, "\\u001b[2J\u202e": 2}'.encode(), "x")

    assert r"\x1b[2J\u202e" in caught.value.what
    assert caught.value.what.isascii()
    assert caught.value.what.isprintable()
