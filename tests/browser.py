"""A real browser for tests, and what is wrong with a page for those who can't see it well (axe-core)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --no-proxy-server --window-size=1280,2000"
)
AXE = Path(__file__).parent / "vendored" / "axe" / "axe.min.js"
PATIENCE = 20

NEEDS_BROWSER = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM or not DRIVER, reason="needs a browser: apt-get install chromium chromium-driver"),
]

Wait = Callable[[str], Any]


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Any]:
    """A browser without a past; it asks nobody but whom the test names."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def wait(chromium: Any) -> Wait:
    """A function: the element of a CSS selector, as soon as it can be seen."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.expected_conditions import visibility_of_element_located
    from selenium.webdriver.support.wait import WebDriverWait

    def until(selector: str) -> Any:
        return WebDriverWait(chromium, PATIENCE).until(visibility_of_element_located((By.CSS_SELECTOR, selector)))

    return until


def barriers(chromium: Any) -> list[str]:
    """What axe-core has against the page that is shown: the rule, and the elements that break it."""
    chromium.execute_script(AXE.read_text(encoding="utf-8"))
    found = chromium.execute_async_script(
        "const done = arguments[0]; axe.run().then(found => done(found.violations), error => done([{id: `${error}`}]))"
    )
    return [f"{each['id']}: {[node['target'] for node in each.get('nodes', [])]}" for each in found]


def complaints(chromium: Any) -> list[str]:
    """What the browser itself had to say about the page."""
    return [entry["message"] for entry in chromium.get_log("browser")]
