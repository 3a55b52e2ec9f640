"""`portal.wait` of the runtime client: what it looks like, and what it sends."""

from __future__ import annotations

import inspect
import pydoc

import pytest

from ovcgen.runtime.portal_errors import WaitTimeout
from tests.client.conftest import Listener, Open, RuntimePortal, plain


def test_waiters_look_like_methods(cloud: RuntimePortal) -> None:
    """Keyword-only, with types, with what comes back, and with a text."""
    signature = inspect.signature(cloud.wait.machine_running)  # type: ignore[attr-defined]
    text = pydoc.plain(pydoc.render_doc(cloud.wait.template_created))  # type: ignore[attr-defined]

    assert str(signature) == (
        "(*, machineId: 'int', timeout: 'float' = 600.0, "
        "on_progress: 'Callable[[Progress], object] | None' = None) -> 'Machine'"
    )
    assert "Wait until the newest template" in text
    assert "\n        accountId: " in text
    assert "\n        timeout: " in text
    assert str(inspect.signature(cloud.wait.machine_deleted).return_annotation) == "None"  # type: ignore[attr-defined]
    assert inspect.signature(cloud.wait.template_created).return_annotation == "Template"  # type: ignore[attr-defined]


def test_waiters_can_be_completed(cloud: RuntimePortal) -> None:
    """On the portal, and behind it; an unknown one names those that are there."""
    assert "wait" in dir(cloud)
    assert {"machine_running", "cloudspace_deployed"} <= set(dir(cloud.wait))
    with pytest.raises(AttributeError, match=r"no waiter 'machine_runing'\. Did you mean 'machine_running'"):
        cloud.wait.machine_runing  # type: ignore[attr-defined]  # noqa: B018


def test_a_waiter_asks_through_bravado(cloud: RuntimePortal, portal: Listener) -> None:
    """As every call of this client."""
    portal.body = {"status": "HALTED"}

    with pytest.raises(WaitTimeout, match="last seen: HALTED"):
        cloud.wait.machine_running(machineId=3, timeout=0)  # type: ignore[attr-defined]

    assert (portal.paths, portal.bodies) == (["/restmachine/cloudapi/machines/get"], ["machineId=3"])
    assert len(cloud._found) == 1


def test_what_is_no_portal_has_no_waiters(opened: Open) -> None:
    """A plain document says nothing of them."""
    client = opened(plain())

    with pytest.raises(AttributeError, match=r"no waiter 'x'\. It has: none"):
        client.wait.x  # type: ignore[attr-defined]  # noqa: B018
