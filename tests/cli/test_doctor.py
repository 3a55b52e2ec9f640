"""Test `ovcgen doctor`: each check reports ok, note or problem, even if other checks fail."""

from __future__ import annotations

import http.server
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import trustme

from ovcgen.cli.doctor.configuration_checks import is_known
from ovcgen.cli.security_scheme_credentials import ENDPOINT
from tests.cli.conftest import Run, process
from tests.cli.test_call_documents import document, written
from tests.cli.test_profiles import config

CANARY = "canary-7d1e"
PACKAGE = Path(__file__).parents[2] / "ovcgen"


def checked(run: Run, *arguments: object) -> dict[str, dict[str, Any]]:
    """Return the worst finding of each check by the check's name, and the exit code under "code"."""
    ended = run("doctor", *arguments, "--output", "json")
    assert CANARY not in ended.out + ended.err
    order = ["ok", "note", "problem"]
    found: dict[str, dict[str, Any]] = {"code": {"state": str(ended.code)}}
    for row in json.loads(ended.out):
        assert row.keys() == {"check", "state", "text", "fix"}
        before = found.get(row["check"])
        if before is None or order.index(row["state"]) > order.index(before["state"]):
            found[row["check"]] = row
    assert ended.code == int("problem" in {row["state"] for row in found.values()})
    return found


@contextmanager
def answering(date: str = "", *, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Start a server at localhost that answers 404 with this Date header."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(404)
            if date:
                self.send_header("Date", date)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that refuse the certificate
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http{'s' if context else ''}://localhost:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_healthy_portal(run: Run, home: Path, logged_in: Any) -> None:
    """For a healthy portal the user and the release are shown; environment variables are listed without secrets."""
    config(home, f'[profiles.sim]\nurl = "{logged_in.url}"\n').chmod(0o600)

    found = checked(run, "sim")

    assert found["code"]["state"] == "0"
    assert found["login"]["text"] == f"accepted: {logged_in.username}"
    assert found["release"]["text"] == "2.4.5: exactly, in cloudapi."
    assert found["clock"]["state"] == "ok"
    assert "CLIENT_SECRET (set)" in found["environment"]["text"]
    assert logged_in.client_secret not in str(found)
    assert found["libraries"]["text"].count("requests ")


def test_the_lines_say_what_to_do(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text has the state, subject and finding of each check on one line, and the advice below."""
    assert home.is_dir()
    monkeypatch.setenv("OVC_USERNAME", CANARY)

    ended = run("doctor", "--output", "text")

    assert ended.code == 1
    said = "problem: environment: OVC_USERNAME is set and OVC_PASSWORD is not\n  -> Export OVC_PASSWORD too.\n"
    assert said in ended.out
    assert CANARY not in ended.out


def test_a_refused_login_is_a_problem(run: Run, home: Path, simulated: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login is a problem; a missing login is only a note."""
    assert home.is_dir()
    assert checked(run, simulated.url)["login"]["state"] == "note"

    monkeypatch.setenv("OVC_USERNAME", "alice")
    monkeypatch.setenv("OVC_PASSWORD", CANARY)
    found = checked(run, simulated.url)

    assert found["login"]["state"] == "problem"
    assert "401" in found["login"]["text"]
    assert "release" not in found


def test_everything_is_broken(run: Run, home: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each problem has its own line with advice, even if everything is broken."""
    config(home, "[profiles\n")
    (here / "ovcgen.toml").write_text(f'[profiles.x]\npassword = "{CANARY}"\n')
    logins = home / ".local/state/ovcgen/logins"
    logins.mkdir(parents=True, mode=0o755)
    tokens = home / ".cache/ovcgen/tokens"
    tokens.mkdir(parents=True)
    tokens.chmod(0o755)
    monkeypatch.delenv("OVCGEN_NO_TOKEN_CACHE")
    monkeypatch.setenv("OVC_AUTHKY", CANARY)
    (home / ".netrc").write_text(f"machine 127.0.0.1 login x password {CANARY}\n")

    found = checked(run, "http://127.0.0.1:9")

    problems = {name for name, row in found.items() if row["state"] == "problem"}
    assert problems == {"config file", "project file", "logins", "token cache", "connection", "login"}
    assert all(found[name]["fix"] for name in problems)
    assert (found["netrc"]["state"], found["environment"]["state"]) == ("note", "note")
    assert "OVC_AUTHKEY" in found["environment"]["fix"]


def test_it_runs_without_a_home_and_an_environment(tmp_path: Path) -> None:
    """The command runs with an empty environment and without a home folder."""
    started = process("doctor", "--output", "json", cwd=tmp_path, environment={"HOME": "/nowhere", "OVCGEN_CONFIG": ""})
    out, err = started.communicate(timeout=60)

    assert (started.returncode, err) == (0, "")
    assert {row["state"] for row in json.loads(out)} <= {"ok", "note"}


@pytest.mark.parametrize(
    ("offset", "state"), [(0, "ok"), (60, "note"), (-60, "note"), (900, "problem"), (-900, "problem")]
)
def test_clocks_are_compared(run: Run, home: Path, offset: int, state: str) -> None:
    """A clock that differs from the portal's is reported, since tokens would count as expired or not yet valid."""
    assert home.is_dir()
    with answering(formatdate(time.time() + offset, usegmt=True)) as url:
        found = checked(run, url)

    assert found["clock"]["state"] == state
    assert found["connection"]["state"] == "ok"


@pytest.mark.parametrize("case", ["trusted", "unknown", "another name", "no bundle", "ends soon"])
def test_certificates_are_looked_at(run: Run, home: Path, tmp_path: Path, case: str) -> None:
    """The certificate of the portal is checked with the CA bundle that calls would use."""
    assert home.is_dir()
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    name = "other.example" if case == "another name" else "localhost"
    soon = {"not_after": trustme_end()} if case == "ends soon" else {}
    authority.issue_cert(name, **soon).configure_cert(context)
    bundle = tmp_path / "bundle.pem"
    (trustme.CA() if case == "unknown" else authority).cert_pem.write_to_path(str(bundle))
    used = "/none" if case == "no bundle" else bundle
    config(home, f'[profiles.x]\nurl = "https://x.example"\nca_bundle = "{used}"\n')

    with answering(context=context) as url:
        run("profile", "set", "x", f"url={url}")
        found = checked(run, "x")

    state, text = {
        "trusted": ("ok", "trusted; issued by trustme"),
        "unknown": ("problem", "not trusted"),
        "another name": ("problem", "Hostname mismatch"),
        "no bundle": ("problem", "there is no CA bundle at /none"),
        "ends soon": ("note", "valid until"),
    }[case]
    assert found["tls"]["state"] == state
    assert text in found["tls"]["text"]
    assert found["connection"]["state"] == ("problem" if state == "problem" else "ok")


def trustme_end() -> Any:
    """Return the end of the certificate's validity, three days from now."""
    import datetime

    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)


def test_a_proxy_is_named_without_its_password(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that can't be reached is reported without its password."""
    assert home.is_dir()
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://me:{CANARY}@127.0.0.1:9")

    found = checked(run, "http://portal.example")

    assert found["proxy"]["state"] == "note"
    assert "127.0.0.1:9" in found["proxy"]["text"]
    assert found["connection"]["state"] == "problem"


def test_a_document_has_its_address_checked(run: Run, home: Path, here: Path) -> None:
    """The address of a document's service is checked without a login, even if the operations need one."""
    assert home.is_dir()
    with answering() as url:
        found = checked(run, written(here, document(url)))

    assert found["connection"]["state"] == "ok"
    assert "login" not in found


def test_an_unknown_profile_is_a_problem(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown profile is a problem, also if an environment variable chooses it."""
    assert home.is_dir()
    assert "no profile 'prod'" in checked(run, "prod")["portal"]["text"]
    monkeypatch.setenv("OVCGEN_PROFILE", "gone")
    assert "'gone' (OVCGEN_PROFILE)" in checked(run)["profile"]["text"]


def test_a_file_that_others_may_change_is_a_problem(run: Run, home: Path) -> None:
    """A settings file that others can change is a problem, because they could redirect calls."""
    path = config(home, "")
    path.chmod(0o620)

    assert checked(run)["config file"]["fix"] == f"Run `chmod go-w {path}`."


def test_every_variable_is_known() -> None:
    """No variable that a part of ovcgen reads is reported as a mistake."""
    texts = [path.read_text() for path in PACKAGE.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'"(OVC(?:GEN)?_[A-Z_]*[A-Z])"', text)}

    assert len(named) > 15
    assert [name for name in named - {ENDPOINT} if not is_known(name)] == []
