"""Test the HTML page of `ovcgen rehearse --output html` in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ovcgen.rehearsal.render import RENDERERS
from ovcgen.rehearsal.run_comparison import Rehearsal, compare_runs
from ovcgen.rehearsal.run_records import Exchange, Exit, OutputLine, Run, StoredObject
from tests.browser import NEEDS_BROWSER, barriers, complaints

pytestmark = NEEDS_BROWSER

HOSTILE = (
    "shown </title></style><script>window.hit = 1</script> <img src=x onerror='window.hit = 2'> {{ 7 * 7 }} `</code>"
)


@pytest.fixture
def rehearsal() -> Rehearsal:
    """Return a rehearsal with differences of several kinds and with markup in every text."""
    call = Exchange("cloudapi.machines.create", {"name": HOSTILE}, answer=2)
    refused = Exchange(call.operation, call.arguments, 409, answer=HOSTILE)
    get = Exchange("cloudapi.machines.get", {"machineId": "1"}, answer={"status": "RUNNING", HOSTILE: 1})
    halted = Exchange(get.operation, get.arguments, answer={"status": "HALTED"})
    machine = StoredObject("machine", 2, HOSTILE)
    old = Run("2.2.6", exchanges=(call, get), after={machine: "DESTROYED"})
    output = (OutputLine("stderr", HOSTILE),)
    new = Run("2.4.5", Exit(1), (refused, halted), after={machine: "DELETED"}, output=output)
    return compare_runs(("nightly", HOSTILE), old, new).with_hints({call.operation: f"Call `{HOSTILE}`."}, {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 2000), (360, 800)], ids=str)
def test_nobody_is_shut_out(
    rehearsal: Rehearsal, chromium: Any, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    """axe-core reports nothing, markup in texts is escaped, nothing is loaded, and the page fits the window."""
    (tmp_path / "rehearsal.html").write_text(RENDERERS["html"](rehearsal), encoding="utf-8")
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    chromium.set_window_size(*size)
    chromium.get((tmp_path / "rehearsal.html").as_uri())

    assert chromium.find_element("tag name", "body").text.count("shown") > 4
    assert chromium.execute_script("return window.hit") is None
    assert chromium.execute_script("return document.querySelectorAll('img, svg, script').length") == 0
    assert chromium.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert complaints(chromium) == []
    assert chromium.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(chromium) == []
