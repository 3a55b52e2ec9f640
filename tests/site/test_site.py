"""Test that the documentation site is complete, loads nothing from elsewhere, and is readable on all screens."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest

import ovcgen
from ovcgen.cli import exit_codes
from ovcgen.cli.app import COMMANDS
from tests.browser import NEEDS_BROWSER, barriers
from tests.site import build, reference

pytestmark = pytest.mark.slow

DESK, PHONE = (1280, 900), (390, 800)
LOOKED_AT = ("index", "how-it-works", "retries", "reference/commands/call", "reference/python", "reference/changes")
OVERFLOW = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Page(HTMLParser):
    """The links, loaded resources and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the links, sources and ids of an element."""
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preconnect"):
            self.loads.append(values["href"])
        elif "src" in values:
            self.loads.append(values["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, and return its folder of HTML."""
    return build.build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Return every page by its path."""
    return {str(path.relative_to(site)): Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_there_is_a_page_for_every_command_error_exit_code_and_kind_of_change(pages: dict[str, Page]) -> None:
    """Every command, error, exit code and kind of change has a page."""
    errors = [error.__name__ for error in reference.public_errors()]
    codes = re.findall(r"^(\d+) ", exit_codes.__doc__ or "", re.MULTILINE)
    wanted = [f"reference/commands/{name}.html" for name in COMMANDS]
    wanted += [f"reference/errors/{name}.html" for name in errors]
    wanted += [f"reference/exit-codes/{code}.html" for code in codes]
    wanted += [f"reference/changes/{kind}.html" for kind in reference.kinds()]

    assert len(wanted) > 200
    assert [path for path in wanted if path not in pages] == []


def test_the_python_page_has_every_public_name() -> None:
    """Every public name of `ovcgen` is on the Python page, except errors, which have pages of their own."""
    text = reference.pages()["reference/python.md"]

    for name in ovcgen.__all__:
        is_error = isinstance(getattr(ovcgen, name), type) and issubclass(getattr(ovcgen, name), BaseException)
        assert is_error or f"\n## {name}\n" in text, name


def test_every_exit_code_says_what_to_do() -> None:
    """Every exit code has advice, and there is no advice for an unknown exit code."""
    assert {found.code for found in reference.codes()} == set(reference.WHAT_TO_DO)


def test_every_link_leads_to_a_page_and_a_heading(site: Path, pages: dict[str, Page]) -> None:
    """Every link within the site leads to an existing file and anchor."""
    lost = []
    for path, page in pages.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(f"/{path}", link))
            if target.startswith(("http:", "https:", "mailto:")):
                continue
            found = unquote(target).lstrip("/") or "index.html"
            if not (site / found).exists() or (anchor and found in pages and anchor not in pages[found].anchors):
                lost.append((path, link))

    assert lost == []


def test_short_code_in_a_sentence_stays_in_one_line(site: Path) -> None:
    """Otherwise a phone breaks the line inside an option, after its dashes."""
    assert '<code class="whole">--help</code>' in (site / "tutorial.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page]) -> None:
    """Styles, scripts, fonts and images are part of the site, so that no other host learns who reads a page."""
    assert [(path, load) for path, page in pages.items() for load in page.loads if "//" in load] == []


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Start a web server with the site and return its address."""
    handler = partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


class TestInABrowser:
    """Test the site in Chromium."""

    pytestmark = NEEDS_BROWSER

    def test_the_copy_button_takes_commands_without_prompts_and_output(self, chromium: Any, address: str) -> None:
        """What is copied from a block of a terminal session can be pasted into a shell."""
        copied = "return [...document.querySelectorAll('.md-typeset code')].map((code) => code.dataset.copy || '')"
        chromium.get(f"{address}/profiles.html")
        sessions = [text for text in chromium.execute_script(copied) if text]
        chromium.get(f"{address}/tutorial.html")

        commands = [text for text in chromium.execute_script(copied) if text]

        assert "ovcgen profile use production\novcgen call" in "\n".join(sessions)

        assert commands[0] == "ovcgen serve"
        assert "ovcgen rehearse --from 2.2.6 --to 2.4.5 -- python clean_up.py" in commands
        assert all(command and "\n" not in command and "$ " not in command for command in commands)

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
    def test_everybody_can_read_it(self, chromium: Any, address: str, size: tuple[int, int], scheme: str) -> None:
        """axe-core reports nothing, and no page is wider than the screen."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size is PHONE}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

        for page in LOOKED_AT:
            chromium.get(f"{address}/{page}.html")
            background = "return getComputedStyle(document.body).backgroundColor"
            brightness = sum(map(float, re.findall(r"[\d.]+", chromium.execute_script(background))[:3]))
            assert (brightness < 200) == (scheme == "dark")
            assert chromium.execute_script(OVERFLOW) <= 0, page
            assert barriers(chromium) == [], page
