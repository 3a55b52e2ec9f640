"""A developer on 2.4.0 hears what 2.4.4 takes away while it still works."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from typing import Any

import pytest

GENERATED = Path(__file__).parents[2] / "generated"


@pytest.fixture
def portal() -> Any:
    """The SDK of 2.4.0 as it is in generated/, without a network: each call answers its name."""
    folder = str(GENERATED / "openvcloud-2.4.0")
    if folder not in sys.path:
        sys.path.append(folder)
    portals = importlib.import_module("openvcloud_2_4_0._client")
    session = importlib.import_module("openvcloud_2_4_0._runtime.session")

    class Silent(portals.Portal):  # type: ignore[misc,name-defined]
        def exchange(self, operation: Any, sent: Any, **_options: Any) -> Any:
            return session.DecodedResponse(200, operation.name, None)

    return Silent("https://portal.example")


def test_a_call_that_goes_warns_and_works(portal: Any) -> None:
    """With the release that removes it and what to use there, at the line of the developer's own code."""
    enable = portal.cloudbroker.computenode.enable

    with pytest.warns(
        DeprecationWarning, match=r"is not in release 2\.4\.4: use cloudbroker\.node\.enable\(\)"
    ) as told:
        assert enable(id=1, gid=1, message="back") == "cloudbroker.computenode.enable"

    assert [message.filename for message in told] == [__file__]
    assert list(inspect.signature(enable).parameters)[:3] == ["id", "gid", "message"]
    assert "use cloudbroker.node.enable()" in enable.__doc__


def test_an_argument_that_goes_warns_and_is_sent(portal: Any) -> None:
    """The call itself stays."""
    destroy = portal.cloudbroker.cloudspace.destroy

    with pytest.warns(DeprecationWarning, match=r"does not take 'accountId' in release 2\.4\.4") as told:
        destroy(accountId=1, cloudspaceId="2", reason="old")

    assert [message.filename for message in told] == [__file__]
    assert "Release 2.4.4 does not take it." in " ".join(destroy.__doc__.split())


def test_what_stays_is_quiet(portal: Any) -> None:
    """Warnings are errors here."""
    assert portal.cloudbroker.node.enable(nid=1) == "cloudbroker.node.enable"
