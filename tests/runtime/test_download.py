"""Files: as bytes, or piece by piece to a path, whole or not at all."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.runtime.conftest import RESET, answer

ZIP = "application/octet-stream"


def test_a_file_comes_as_bytes(connect, operation, portal):
    """Without `_to` it is in memory."""
    portal.says(answer(b"PK\x03\x04 and more", kind=ZIP))
    assert connect().call(operation(answer="file"), {}) == b"PK\x03\x04 and more"


def test_a_file_goes_to_a_path(connect, operation, portal, tmp_path):
    """With `_to` the call returns where it is, and nothing is left beside it."""
    portal.says(answer(b"PK" * 100_000, kind=ZIP))
    there = connect().call(operation(answer="file"), {"_to": str(tmp_path / "usage.zip")})
    assert there.read_bytes() == b"PK" * 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["usage.zip"]


def test_a_large_file_is_never_whole_in_memory(connect, operation, portal, tmp_path):
    """32 MiB pass through less than 8 MiB, those of the listener not counted."""
    body = bytes(32 * 1024 * 1024)
    portal.says(answer(body, kind=ZIP))
    client = connect()
    tracemalloc.start()
    client.call(operation(answer="file"), {"_to": tmp_path / "large"})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ((tmp_path / "large").stat().st_size, peak < 8 * 1024 * 1024) == (len(body), True)


def test_a_broken_download_leaves_what_was_there(runtime, connect, operation, portal, tmp_path):
    """Half a file is no file: the old one stays, and no piece is left."""
    (tmp_path / "usage.zip").write_text("old")
    portal.says(answer(b"x" * 1000, kind=ZIP)[:-500], RESET)
    with pytest.raises(runtime.errors.ClientError, match="was lost"):
        connect(timeout=0.5).call(operation(answer="file", retry="read"), {"_to": tmp_path / "usage.zip"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"usage.zip": "old"}


def test_a_refused_download_writes_nothing(runtime, connect, operation, portal, tmp_path):
    """The portal's words are an error, not the content of a file."""
    portal.says(answer("no such account", 404))
    with pytest.raises(runtime.errors.NotFound, match="no such account"):
        connect().call(operation(answer="file"), {"_to": tmp_path / "usage.zip"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", ["", 3, "missing/usage.zip", "."])
def test_a_path_that_is_none_is_refused_before_anything_is_sent(runtime, connect, operation, portal, to):
    """No folder, no text, or a folder itself."""
    with pytest.raises(runtime.errors.ArgumentError, match="can't write to"):
        connect().call(operation(answer="file"), {"_to": to})
    assert portal.seen == []
