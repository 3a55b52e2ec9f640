"""Test the User-Agent header and the log of a client."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from requests.utils import default_user_agent

from ovcgen.runtime.session import user_agent


@pytest.mark.parametrize(
    ("app_id", "sent"),
    [
        pytest.param("billing/2.1", "billing/2.1 ", id="a name"),
        pytest.param("", "", id="no name"),
        pytest.param("evil\r\nX-Admin: 1", "evilX-Admin: 1 ", id="a line break is left out"),
        pytest.param("café \N{SNOWMAN}", "caf ", id="only ASCII"),
        pytest.param("a" * 70, "a" * 50 + " ", id="at most 50 characters"),
    ],
)
def test_the_application_stands_before_the_client(app_id: str, sent: str) -> None:
    """The User-Agent header names the application first, then the client with its version, then requests."""
    assert user_agent("pets/1.0", app_id) == f"{sent}pets/1.0 {default_user_agent()}"


def test_the_name_of_the_application_is_also_read_from_the_environment(
    connect: Any, operation: Any, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable OVCGEN_APP_ID names the application if the code does not."""
    monkeypatch.setenv("OVCGEN_APP_ID", "nightly")

    connect().call(operation(), {})

    assert portal.seen[0].header("User-Agent").startswith("nightly ovcgen ")


def test_a_request_is_one_line_of_the_debug_log(
    runtime: Any, connect: Any, operation: Any, portal: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A request is one line of the debug log: method, URL without query, status and duration, but no argument."""
    act = operation(name="string")
    package = runtime.client.__name__.partition(".")[0]
    with caplog.at_level(logging.DEBUG, package):
        connect().call(act, {"name": "canary-of-this-test"})

    [line] = [record.getMessage() for record in caplog.records if record.name == f"{package}.http"]
    assert re.fullmatch(rf"POST {portal.url}/restmachine/cloudapi/machines/act -> 200 in \d+ ms", line)


def test_a_library_logs_nothing_by_itself() -> None:
    """The logger `ovcgen` has a NullHandler, so that Python prints nothing if logging is not configured."""
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("ovcgen").handlers)
