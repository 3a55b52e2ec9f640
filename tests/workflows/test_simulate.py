"""A portal in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

import ovcgen
from ovcgen.workflows.resolve import NothingPinned


def test_the_newest_pinned_release_is_the_default() -> None:
    """`simulate` uses the newest pinned release by default; its result has the URL, also as text, and the logins."""
    with ovcgen.simulate() as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert (str(server), f"{server}") == (server.url, server.url)
        assert not isinstance(server, str)
        assert server.password not in repr(server)
        assert server.release == "2.4.5"
        assert server.admin.keys() == {"client_id", "client_secret", "username", "password"}


def test_without_a_release_there_is_nothing_to_simulate(tmp_path: Path) -> None:
    """An empty folder of catalogs is told from a missing one."""
    with pytest.raises(NothingPinned), ovcgen.simulate(specs=tmp_path):
        pass
