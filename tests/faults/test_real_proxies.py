"""Calls through nginx and haproxy end as the fault table says, also for errors that the proxies make themselves."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.drivers import CREATE, READ, driver
from tests.faults.faults import closes, good, hangs
from tests.faults.gate import Fault
from tests.faults.stage import Stage
from tests.faults.table import ATTEMPTS, DRIVERS, ENOUGH, GOOD, UNKNOWN, Expected, refused
from tests.faults.test_table import problems

NGINX, HAPROXY = (shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin") for name in ("nginx", "haproxy"))
BAD_GATEWAY = refused("ServerError", 5, {ATTEMPTS})
NEVER = Expected("ServerError", 5, {0})
NOT_SEEN = Expected("OutcomeUnknown", 7, {0})
NGINX_FILE = """
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ {rule} }} }}
}}
"""
HAPROXY_FILE = """
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 500ms
  retries 0
frontend front
  bind 127.0.0.1:{port}
  {rule}
  default_backend portal
backend portal
  server portal 127.0.0.1:{portal}
"""
PASS_ON = "proxy_pass http://127.0.0.1:{portal}; proxy_read_timeout 500ms; proxy_next_upstream off;"
# What stands before the portal, its rule, what the portal does, and what a reading and a creating call come to.
CASES: dict[str, tuple[str, str, Fault, Expected, Expected]] = {
    "nginx-passes-on": ("nginx", PASS_ON, good, GOOD, GOOD),
    "nginx-504": ("nginx", PASS_ON, hangs(), BAD_GATEWAY, UNKNOWN),
    "nginx-502-portal-closes": ("nginx", PASS_ON, closes(), BAD_GATEWAY, UNKNOWN),
    "nginx-502-nobody-there": ("nginx", "proxy_pass http://127.0.0.1:{closed};", good, NEVER, NOT_SEEN),
    "nginx-444": ("nginx", "return 444;", good, Expected("TransportError", 6, {0}), NOT_SEEN),
    "nginx-413": ("nginx", "return 413;", good, Expected("ApiError", 4, {0}), Expected("ApiError", 4, {0})),
    "haproxy-passes-on": ("haproxy", "", good, GOOD, GOOD),
    "haproxy-504": ("haproxy", "", hangs(), BAD_GATEWAY, UNKNOWN),
    "haproxy-502": ("haproxy", "", closes(), BAD_GATEWAY, UNKNOWN),
    "haproxy-503-retry-after": (
        "haproxy", "http-request return status 503 hdr Retry-After 0", good, NEVER, NEVER,
    ),
    "haproxy-429": (
        "haproxy", "http-request return status 429 hdr Retry-After 0", good, Expected("RateLimited", 4, {0}),
        Expected("RateLimited", 4, {0}),
    ),
    "haproxy-reject": ("haproxy", "http-request reject", good, Expected("TransportError", 6, {0}), NOT_SEEN),
    "haproxy-silent-drop": (
        "haproxy", "http-request silent-drop", good, Expected("TransportError", 6, {0}), NOT_SEEN,
    ),
}  # fmt: skip
SILENT = "haproxy-silent-drop"
ASK_WITH_A_DEADLINE = ("runtime", "sdk")  # --timeout does not bound a call yet: the command would wait 300 s
Start = Callable[..., str]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return a stage on which the test opens portals."""
    with Stage(tmp_path, monkeypatch) as stage:
        yield stage


@pytest.fixture
def start(stage: Stage) -> Iterator[Start]:
    """Return a function that starts a proxy with a rule and returns the proxy's URL."""
    with ExitStack() as started:

        def start(kind: str, rule: str, portal: int) -> str:
            program = NGINX if kind == "nginx" else HAPROXY
            if program is None:
                pytest.skip(f"needs {kind}: apt-get install {'nginx-light' if kind == 'nginx' else 'haproxy'}")
            port, file = stage.closed_port(), stage.folder / "configuration"
            template = NGINX_FILE if kind == "nginx" else HAPROXY_FILE
            filled = rule.format(portal=portal, closed=stage.closed_port())
            file.write_text(template.format(folder=stage.folder, port=port, portal=portal, rule=filled))
            command = [program, "-p", str(stage.folder), "-c", str(file)] if kind == "nginx" else [program, "-f", file]
            process = started.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
            started.callback(process.terminate)
            await_port(port, process)
            return f"http://127.0.0.1:{port}"

        yield start


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens on the port."""
    for _ in range(200):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail("the proxy does not listen")


def cells() -> Iterator[object]:
    """Return every case with every driver and class of call."""
    for case, (*_, read, creating) in CASES.items():
        for operation, expected in ((READ, read), (CREATE, creating)):
            for path in DRIVERS if case != SILENT else ASK_WITH_A_DEADLINE:
                row = f"{case}-{'read' if operation == READ else 'create'}"
                yield pytest.param(case, operation, expected, path, id=f"{row}-{path}")


@pytest.mark.slow
@pytest.mark.parametrize(("case", "operation", "expected", "path"), list(cells()))
def test_a_real_proxy_is_understood(
    case: str,
    operation: str,
    expected: Expected,
    path: str,
    stage: Stage,
    start: Start,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A call through a real proxy ends as the fault table says, whether the portal or the proxy fails."""
    kind, rule, fault, *_ = CASES[case]
    portal, caller = stage.portal(fault), driver(path, capsys)
    timeout = 1.0 if case == SILENT else ENOUGH

    outcome = caller.call(stage, start(kind, rule, portal.port), operation, timeout)

    assert problems(outcome, expected, operation) == []
    assert outcome.elapsed <= timeout + caller.slack
    assert portal.reached in expected.requests
    assert outcome.leaked() == []
