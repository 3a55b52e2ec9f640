"""Test the page of Swagger UI for portals and mocks: screen sizes, colour schemes and the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import ovcgen
from ovcgen.simulator.mock import MockedService
from tests.browser import NEEDS_BROWSER, Wait, barriers, complaints
from tests.simulator.mock.conftest import PETS

pytestmark = NEEDS_BROWSER

SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
SET = """
    const [selector, text] = arguments, input = document.querySelector(selector);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
    input.dispatchEvent(new Event("input", {bubbles: true}));
"""


@pytest.fixture(scope="module")
def service() -> Iterator[MockedService]:
    """Start a mock of the pets document."""
    with ovcgen.simulate(PETS) as service:
        yield service


def show(chromium: Any, url: str, width: int, scheme: str) -> None:
    """Open a page on a screen of that width, with that colour scheme."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    chromium.get(url)


def overflow(chromium: Any) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(chromium.execute_script("return document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_portal_has_no_barriers(simulated: Any, chromium: Any, wait: Wait, width: int, scheme: str) -> None:
    """axe-core reports nothing for the page, an open operation, its response and the dialog for logins.

    The filter is as wide as the page, so that its hint can be read.
    """
    show(chromium, simulated.url, width, scheme)
    wait("#about summary").click()
    assert wait(".operation-filter-input").rect["width"] > 0.9 * width
    chromium.execute_script(SET, ".operation-filter-input", "cloudspaces/l")
    wait("#operations-cloudapi__cloudspaces-post__cloudapi_cloudspaces_list .opblock-summary-control").click()
    wait("button.execute").click()
    wait(".live-responses-table")

    assert barriers(chromium) == []
    assert overflow(chromium) <= 0
    wait(".auth-wrapper .authorize").click()
    wait(".modal-ux input")
    assert barriers(chromium) == []
    assert "2.4.5" in wait("#about").text
    assert simulated.password in wait("#about").text


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_mock_has_no_barriers(service: MockedService, chromium: Any, wait: Wait, width: int, scheme: str) -> None:
    """The page shows OpenAPI 3 documents, and its calls reach the mock at one of the document's base paths."""
    show(chromium, service.url, width, scheme)
    wait("#operations-tag-default, .opblock-tag").click()
    wait("[id$='-getPet'] .opblock-summary-control").click()
    wait("tr[data-param-name='id'] input").send_keys("7")
    wait("button.execute").click()

    assert wait(".live-responses-table .response .response-col_status").text.split()[0] == "200"
    assert barriers(chromium) == []
    assert overflow(chromium) <= 0
    assert service.mock.seen[-1].path == "/v1/pets/7"
    assert complaints(chromium) == []


def test_hits_of_the_filter_are_expanded(simulated: Any, chromium: Any, wait: Wait) -> None:
    """The operations that match a filter are visible at once; without a filter the tags are collapsed."""
    from selenium.webdriver.common.by import By

    show(chromium, simulated.url, 1280, "light")
    wait(".operation-filter-input").send_keys("machines/resize")

    wait("#operations-cloudapi__machines-post__cloudapi_machines_resize")
    for _ in "machines/resize":
        wait(".operation-filter-input").send_keys("\ue003")  # Backspace
    wait("#operations-tag-cloudapi__accounts")
    assert chromium.find_elements(By.CSS_SELECTOR, ".opblock") == []
    assert complaints(chromium) == []


@pytest.mark.parametrize("token", ["abc", "bearer abc", "Bearer abc"])
def test_a_pasted_token_gets_its_scheme(service: MockedService, chromium: Any, wait: Wait, token: str) -> None:
    """A token works whether it is pasted with or without `bearer`."""
    show(chromium, service.url, 1280, "light")
    wait(".auth-wrapper .authorize").click()
    wait(".auth-container:nth-of-type(2) input").send_keys(token)
    wait(".auth-container:nth-of-type(2) .modal-btn.authorize").click()
    wait(".close-modal").click()
    wait(".opblock-tag").click()
    wait("[id$='-createPet'] .opblock-summary-control").click()
    wait("[id$='-createPet'] button.execute").click()
    wait(".live-responses-table")

    assert str(service.mock.seen[-1].header("authorization")).lower() == "bearer abc"


def test_the_keyboard_is_enough(service: MockedService, chromium: Any, wait: Wait) -> None:
    """With Tab and Enter alone an operation can be found, filled in and executed, and the focus is visible."""
    from selenium.webdriver.common.keys import Keys

    show(chromium, service.url, 1280, "light")
    wait(".opblock-tag")

    def tab_to(selector: str) -> Any:
        for _ in range(60):
            element = chromium.switch_to.active_element
            if chromium.execute_script("return arguments[0].matches(arguments[1])", element, selector):
                return element
            element.send_keys(Keys.TAB)
        raise AssertionError(selector)

    tab_to(".expand-operation").send_keys(Keys.ENTER)
    wait("[id$='-getPet']")
    focused = tab_to("[id$='-getPet'] .opblock-summary-control")
    assert chromium.execute_script("return getComputedStyle(arguments[0]).outlineStyle", focused) == "solid"
    focused.send_keys(Keys.ENTER)
    wait("[id$='-getPet'] button.execute")
    tab_to("tr[data-param-name='id'] input").send_keys("8")
    tab_to("button.execute").send_keys(Keys.ENTER)
    wait(".live-responses-table")

    assert service.mock.seen[-1].path == "/v1/pets/8"
