"""Swagger UI in a real browser: the "Try it out!" of OpenvCloud's documentation, on a simulated portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

import ovcgen
from ovcgen.simulator import Simulator, serving
from ovcgen.simulator.swagger_ui import About, SwaggerUI, of_portal
from ovcgen.workflows.resolve import resolve
from tests.browser import NEEDS_BROWSER, Wait, complaints

CREATE = "operations-cloudapi__cloudspaces-post__cloudapi_cloudspaces_create"
AUTHENTICATE = "operations-cloudapi__users-post__cloudapi_users_authenticate"
SPACE = {"accountId": "1", "location": "be-demo-1", "name": "tried-out", "access": "alice@itsyouonline"}
DANGEROUS = "#swagger-ui script, #swagger-ui style, #swagger-ui [onerror], #swagger-ui [onload]"

pytestmark = NEEDS_BROWSER


def authorise(wait: Wait, scheme: int, secret: str) -> None:
    """Paste a secret into the dialog of that login (1: authkey, 2: a token)."""
    wait(".auth-wrapper .authorize").click()
    form = f".auth-container:nth-of-type({scheme}) "
    wait(f"{form}input").send_keys(secret)
    wait(f"{form}.modal-btn.authorize").click()
    wait(f"{form}.modal-btn[aria-label='Remove authorization']")
    wait(".close-modal").click()


def open_operation(wait: Wait, actor: str, operation: str) -> str:
    """Expand an actor and one of its operations; a selector for what is in it."""
    wait(f"#operations-tag-{actor}").click()
    wait(f"#{operation} .opblock-summary").click()
    return f"#{operation} "


def execute(wait: Wait, operation: str, values: dict[str, str]) -> tuple[str, str]:
    """Fill in and execute: the status and the body that the page shows."""
    for name, value in values.items():
        wait(f"{operation}tr[data-param-name='{name}'] input").send_keys(value)
    wait(f"{operation}button.execute").click()
    status = wait(f"{operation}.live-responses-table .response .response-col_status").text
    return status.split()[0], wait(f"{operation}.live-responses-table .response .highlight-code").text.split("\n")[-1]


def foreign(chromium: Any, url: str) -> list[str]:
    """What the page fetched from anywhere but the portal, and what the browser complained about."""
    fetched = chromium.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    return [name for name in fetched if not name.startswith((url, "data:"))] + complaints(chromium)


def session_key(server: Any) -> str:
    """What a user of the portal would paste."""
    with ovcgen.connect(server.url, release=server.release) as portal:
        return str(portal.cloudapi.users.authenticate(username=server.username, password=server.password))


def token(server: Any) -> str:
    """A JSON Web Token as the identity provider answers it."""
    key = {"grant_type": "client_credentials", "response_type": "id_token", "client_id": server.client_id}
    fields = {**key, "client_secret": server.client_secret}
    return requests.post(f"{server.itsyouonline}/v1/oauth/access_token", data=fields, timeout=10).text


@pytest.mark.parametrize(("scheme", "secret"), [(1, session_key), (2, token)], ids=["authkey", "token"])
def test_a_cloudspace_is_created_from_the_page(
    simulated: Any, chromium: Any, wait: Wait, scheme: int, secret: Callable[[Any], str]
) -> None:
    """Authorise, expand `cloudapi__cloudspaces`, fill in create, execute, and there is its id."""
    chromium.get(simulated.url)
    authorise(wait, scheme, secret(simulated))

    answer = execute(wait, open_operation(wait, "cloudapi__cloudspaces", CREATE), SPACE)

    created = max(simulated.simulator.state.cloudspaces, key=lambda space: space.id)
    assert answer == ("200", str(created.id))
    assert created.name == "tried-out"
    assert foreign(chromium, simulated.url) == []


def test_who_logs_in_on_the_page_stays_logged_in(simulated: Any, chromium: Any, wait: Wait) -> None:
    """A guest is refused; after `users/authenticate` the browser holds the portal's session."""
    chromium.get(simulated.url)
    create = open_operation(wait, "cloudapi__cloudspaces", CREATE)

    assert execute(wait, create, SPACE)[0] == "401"

    wait(f"{create}.btn-clear").click()
    login = open_operation(wait, "cloudapi__users", AUTHENTICATE)
    execute(wait, login, {"username": simulated.username, "password": simulated.password})
    assert execute(wait, create, {})[0] == "200"


ABOUT = About("A test.")
HOSTILE = (
    "shown </script><script>window.hit = 1</script> <img src=x onerror='window.hit = 2'> "
    "<svg onload='window.hit = 3'></svg> [link](javascript:window.hit=4) <style>body{display:none}</style> \u2028"
)


def test_hostile_texts_do_nothing(chromium: Any, wait: Wait) -> None:
    """Whatever a document says, in every place that is shown: the page shows the words and runs none of them."""
    from selenium.webdriver.common.by import By

    operation = {"tags": ["cloudapi__a"], "operationId": "hostile", "summary": HOSTILE, "description": HOSTILE}
    parameters = [{"name": "x", "in": "formData", "type": "string", "description": HOSTILE}]
    responses = {"200": {"description": HOSTILE}}
    document = {
        "swagger": "2.0",
        "info": {"title": HOSTILE, "version": HOSTILE, "description": HOSTILE},
        "tags": [{"name": "cloudapi__a", "description": HOSTILE}],
        "paths": {"/cloudapi/a/b": {"post": {**operation, "parameters": parameters, "responses": responses}}},
    }
    with serving(SwaggerUI(Simulator(resolve("2.4.5").api), lambda: of_portal(document), ABOUT)) as url:
        chromium.get(url)
        block = wait(open_operation(wait, "cloudapi__a", "operations-cloudapi__a-hostile").strip())
        wait("#operations-cloudapi__a-hostile button.execute")

        links = [element.get_attribute("href") for element in chromium.find_elements(By.CSS_SELECTOR, "#swagger-ui a")]
        assert block.text.count("shown") >= 4
        assert chromium.execute_script("return window.hit") is None
        assert not [href for href in links if href and href.startswith("javascript")]
        assert chromium.find_elements(By.CSS_SELECTOR, DANGEROUS) == []
