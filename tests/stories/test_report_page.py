"""The page of `ovcgen diff --output html` in a real browser, opened as a file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ovcgen import diff
from ovcgen.diff import RENDERERS, Report, report_of
from ovcgen.diff.render.changelog import CHANGELOGS
from ovcgen.workflows.compare_releases import compare
from tests.browser import NEEDS_BROWSER, Wait, barriers, complaints
from tests.build import STRING, answer, api, machines, must, one_of, operation, parameter, record

pytestmark = NEEDS_BROWSER

HOSTILE = (
    "shown </script><script>window.hit = 1</script> <img src=x onerror='window.hit = 2'> </title></style>"
    "<svg onload='window.hit = 3'></svg> `</code><script>window.hit = 4</script>` {{ 7 * 7 }} \" onclick=\"window.hit=5"
)
SIZES = [(1280, 2000), (360, 800)]


def step(old: str, new: str) -> Report:
    """From one release to another."""
    return report_of(old, new, compare(old, new))


@pytest.fixture
def opened(chromium: Any, tmp_path: Path, wait: Wait) -> Any:
    """A function: show that page, from a file."""

    def show(text: str) -> Any:
        (tmp_path / "report.html").write_text(text, encoding="utf-8")
        chromium.get((tmp_path / "report.html").as_uri())
        wait("#filter")
        return chromium

    return show


def seen(chromium: Any, selector: str) -> list[str]:
    """The texts of those elements that are not hidden."""
    script = (
        "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).map(e => e.innerText)"
    )
    return list(chromium.execute_script(script, selector))


def test_the_filter_works_from_a_file(opened: Any, wait: Wait) -> None:
    """Every word has to fit; levels can be left out; how much is shown is said."""
    report = step("2.2.6", "2.4.5")
    page = opened(RENDERERS["html"](report))
    every = len(seen(page, "li.change"))

    wait("#filter").send_keys("epoch rollback")

    assert every > 100
    assert {each.split()[1] for each in seen(page, "h3")} == {
        "/cloudapi/machines/rollbackSnapshot",
        "/cloudbroker/machine/rollbackSnapshot",
    }
    assert seen(page, "#shown") == [f"{len(seen(page, 'li.change'))} of {every} changes"]

    wait("#filter").clear()
    for level in ("warning", "info"):
        wait(f"input[value={level}]").click()
    assert seen(page, ".band h2") == [f"Breaking ({report.count(diff.BREAKING)})"]
    assert complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("form", ["diff", "changelog"])
def test_nobody_is_shut_out(opened: Any, form: str, size: tuple[int, int], scheme: str) -> None:
    """axe-core finds nothing: contrast, names, order, landmarks, in both colour schemes, on a desk and on a phone."""
    releases = ["2.3.0", "2.4.0", "2.4.4", "2.4.5"]
    steps = [step(old, new) for old, new in pairwise(releases)]
    page = opened(RENDERERS["html"](steps[0]) if form == "diff" else CHANGELOGS["html"](steps))
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    page.set_window_size(*size)

    assert barriers(page) == []
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_table_of_a_changelog_reads_on_a_phone(opened: Any) -> None:
    """Words are not broken in the table, and the column of operations stays visible when the table is scrolled."""
    releases = ["2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5"]
    page = opened(CHANGELOGS["html"]([step(old, new) for old, new in pairwise(releases)]))
    metrics = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    lines = "[...document.querySelectorAll('.matrix td span, thead th')].map(e => e.getClientRects().length)"
    wide, left = page.execute_script(
        "const box = document.querySelector('.scroll'); box.scrollLeft = 200;"
        "return [document.documentElement.scrollWidth - innerWidth,"
        " box.querySelector('tbody th').getBoundingClientRect().left - box.getBoundingClientRect().left]"
    )

    assert set(page.execute_script(f"return {lines}")) == {1}
    assert wide <= 0
    assert 0 <= left <= 2


def test_hostile_texts_do_nothing(opened: Any) -> None:
    """Whatever names, values and releases hold: the page shows the words and runs none of them."""
    old = api(machines(parameter(HOSTILE, default=HOSTILE), responses=(answer(record(**{HOSTILE: STRING})),)))
    new = api(machines(must(parameter(HOSTILE, one_of(HOSTILE)))), operation(f"/{HOSTILE}/a/b"))
    report = report_of(HOSTILE, HOSTILE, diff.compare(old, new))

    for page in map(opened, (RENDERERS["html"](report), CHANGELOGS["html"]([report, report]))):
        assert page.find_element("tag name", "body").text.count("shown") > 4
        assert page.execute_script("return window.hit") is None
        assert page.execute_script("return document.querySelectorAll('img, svg, [onclick], [onerror]').length") == 0
        assert page.execute_script("return document.scripts.length") == 1
        assert complaints(page) == []


def test_the_page_lets_no_other_script_run(opened: Any) -> None:
    """Even one that got into it somehow, and nothing is fetched from anywhere."""
    page = opened(
        RENDERERS["html"](step("2.4.4", "2.4.5")).replace("</main>", "<script>window.hit = 1</script></main>")
    )

    assert page.execute_script("return window.hit") is None
    assert any("Content Security Policy" in complaint for complaint in complaints(page))
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
