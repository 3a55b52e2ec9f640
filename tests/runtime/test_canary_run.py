"""A service repeats twelve planted secrets, and no output of the process contains them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.runtime.conftest import RESET, Listener, Seen, answer, listening

ROOT = Path(__file__).parents[2]
PATIENCE = 200  # seconds
SECRETS = {
    name: f"canary-{name}-4f1c"
    for name in (
        *("authkey", "password", "client-secret", "basic", "query-key", "header-key", "cookie", "json-password"),
        *("proxy-password", "userinfo"),
    )
}
SECRETS["token"] = "eyJhbGciOiJub25lIn0.eyJ1c2VyIjoiY2FuYXJ5In0.Y2FuYXJ5LXRva2Vu"
SECRETS["session"] = "ca0a21e50f0e0d0c0b0a090807060504"
# Sends every secret to a service that repeats it, and writes down whatever a user or a crash reporter can see.
PROGRAM = """
import json, logging, os, sys, traceback
folder, url, provider, copy = sys.argv[1:]
logging.basicConfig(filename=folder + "/log", level=logging.DEBUG, force=True)
secrets = json.loads(os.environ.pop("CANARIES"))
import importlib
from ovcgen.cassettes import recorder
def module(name): return importlib.import_module(f"{copy}.{name}")
auth, schemes, portal_auth = module("auth"), module("basic_and_api_key"), module("portal_auth")
OperationSpec, ParameterSpec = module("operation").OperationSpec, module("operation").ParameterSpec
ClientError, Client, Portal = module("errors").ClientError, module("client").Client, module("portal").Portal

def logins():
    yield Portal, auth.Bearer(secrets["token"])
    yield Portal, portal_auth.AuthKey(secrets["authkey"])
    yield Portal, portal_auth.Credentials("ann", secrets["password"])
    yield Portal, portal_auth.ItsYouOnline("id", secrets["client-secret"], url=provider)
    yield Client, schemes.Basic("ann", secrets["basic"])
    yield Client, schemes.ApiKey(secrets["query-key"], name="who", place="query")
    yield Client, schemes.ApiKey(secrets["header-key"], name="X-Who")
    yield Client, schemes.ApiKey("sid=" + secrets["cookie"], name="Cookie")
    yield Client, None

def shown(value):
    print(repr(value), str(value), ascii(getattr(value, "__dict__", "")))

def attempt(call, given=False):
    # `given`: the secret is an argument of the call, which frames hold as the caller wrote it
    try:
        shown(call())
    except Exception as error:
        logging.getLogger("app").exception("failed")
        traceback.print_exc()
        ours = error.__traceback__.tb_next  # the frames below this program, which holds the secrets itself
        print(*traceback.TracebackException(type(error), error, ours, capture_locals=not given).format())
        shown(error)
        response = getattr(error, "response", None)
        if response is not None:
            shown(response), shown(response.request), print(response.text, response.headers)

body = ParameterSpec("thing", "object", place="body")
json_body = {"thing": {"user": "ann", "login": {"password": secrets["json-password"]}}}
with recorder(record_mode="all").use_cassette(folder + "/cassette.yaml"):
    for kind, login in logins():
        shown(login)
        for method in ("GET", "POST"):
            client = kind(url, auth=login, timeout=5.0, retries=0)
            for status in (400, 401, 409, 500, 999):
                shown(client)
                attempt(lambda: client.call(OperationSpec("a.b.c", method, f"/a/{status}"), {}))
            client.close()
    client = Client(url, timeout=5.0, retries=0)
    attempt(lambda: client.call(OperationSpec("a.b.c", "POST", "/a/400", (body,)), json_body), given=True)
    attempt(lambda: client.call(OperationSpec("a.b.c", "POST", "/a/200", (body,)), json_body) and None, given=True)
attempt(lambda: Client(url.replace("://", "://ann:" + secrets["userinfo"] + "@")), given=True)
for scheme in ("http", "https"):
    os.environ["HTTP_PROXY"] = os.environ["HTTPS_PROXY"] = provider.replace(
        "://", "://ann:" + secrets["proxy-password"] + "@")
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ""
    client = Client(scheme + "://service.example", auth=auth.Bearer(secrets["token"]), timeout=5.0, retries=0)
    attempt(lambda: client.call(OperationSpec("a.b.c", "GET", "/a/400"), {}))
print("done", flush=True)
sys.stdin.readline()
"""


def repeating(seen: Seen) -> bytes:
    """Answer with the whole request and a cookie, in the status that the path names; answer a login with its secret."""
    if seen.target.endswith("/users/authenticate"):
        return answer(SECRETS["session"])
    if seen.target.endswith("/access_token"):
        return answer(SECRETS["token"].encode(), kind="text/plain")
    status = int(seen.target.partition("?")[0].rpartition("/")[2] or 407) if "/a/" in seen.target else 407
    if status == 999:
        return RESET
    told = f"{seen.method} {seen.target} {seen.headers} {seen.body.decode()}"
    return answer({"you sent": told}, status, Set_Cookie=f"sid={SECRETS['cookie']}", X_Seen=told)


@pytest.fixture
def service() -> Iterator[Listener]:
    """Return a service that repeats every request in its answer."""
    for listener in listening():
        listener.react = repeating
        yield listener


def spelled(secret: str) -> set[str]:
    """Return the spellings of a secret that are searched for."""
    return {secret, quote(secret), b64encode(secret.encode()).decode(), secret[::-1], json.dumps(secret)[1:-1]}


def processes() -> str:
    """Return the command lines of all processes."""
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["ovcgen.runtime", "openvcloud_2_4_5._runtime"])
def test_no_planted_secret_leaves_the_process(
    tmp_path: Path, service: Listener, elsewhere: Listener, owner: str
) -> None:
    """The debug log, reprs, tracebacks with locals, errors, the cassette and `ps` contain no planted secret."""
    elsewhere.react = repeating
    environment = {
        **os.environ,
        "CANARIES": json.dumps(SECRETS),
        "PYTHONPATH": str(ROOT / "generated/openvcloud-2.4.5"),
    }
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), service.url, elsewhere.url, owner]
    with (
        (tmp_path / "out").open("w") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, text=True
        ) as child,
    ):
        timer = threading.Timer(PATIENCE, child.kill)
        timer.start()
        while "done\n" not in (tmp_path / "out").read_text() and child.poll() is None:
            (tmp_path / "ps").write_text(processes())
            threading.Event().wait(0.2)
        child.communicate("end\n")
        timer.cancel()
    assert child.returncode == 0, (tmp_path / "out").read_text()[-3000:]

    sent = f"{service.seen}{elsewhere.seen}"
    left = {file: (tmp_path / file).read_text() for file in ("log", "out", "ps", "cassette.yaml")}
    found = [
        (name, file)
        for name, secret in SECRETS.items()
        for file, text in left.items()
        for each in spelled(secret)
        if each in text
    ]
    assert found == []
    for name in ("token", "authkey", "password", "client-secret", "query-key", "header-key", "cookie", "json-password"):
        assert SECRETS[name] in sent, name  # else nothing was tried
    for name in ("basic", "proxy-password"):
        assert b64encode(f"ann:{SECRETS[name]}".encode()).decode() in sent, name
    assert SECRETS["session"] in sent
    assert all(len(text) > 1000 for text in left.values())
