"""The asynchronous client: files, uploads, responses, TLS, proxies, and what it has in common with the blocking one."""

from __future__ import annotations

import gzip
import json
import logging
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import trustme
from requests import PreparedRequest
from requests.auth import AuthBase

from ovcgen.runtime.aio.client import AsyncActor, AsyncClient
from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.errors import ArgumentError, OutcomeUnknown, ResponseTooLarge, TransportError
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.portal import Portal
from tests.runtime.conftest import RESET, Listener, Seen, answer, listening

pytestmark = pytest.mark.anyio
NAME = ParameterSpec("name", "string")
LIST = OperationSpec("things.list", "GET", "/things", (ParameterSpec("name", "string", place="query"),), retry="read")
CREATE = OperationSpec("things.create", "POST", "/things", (NAME,))
LIST_PORTS = OperationSpec("ports.list", "GET", "/ports", (ParameterSpec("machine", "integer", required=True),))
FILE = OperationSpec("things.file", "GET", "/file", answer="file", retry="read")
UPLOAD = OperationSpec(
    "things.upload", "POST", "/upload", (NAME, ParameterSpec("photo", "file")), plain=True, retry="converging"
)
PUT = OperationSpec("things.put", "PUT", "/things", (ParameterSpec("body", "json", place="body"),), plain=True)
LARGE = random.Random(7).randbytes(3 * 1024 * 1024)  # noqa: S311


class Things(AsyncActor):
    """A class of calls on one kind of object, written like those of a generated SDK."""

    async def list(self, *, name: str | None = None) -> list[str]:
        """Return the names."""
        return await self._client.call(LIST, {"name": name})


def file_answer(body: bytes, **headers: str) -> bytes:
    """Return the answer with a file."""
    return answer(body, kind="application/octet-stream", **headers)


async def test_a_large_file_is_streamed_to_disk(portal: Listener, tmp_path: Path) -> None:
    """While it is written the loop goes on; an old file of that name is replaced."""
    portal.says(file_answer(LARGE))
    target = tmp_path / "file"
    target.write_text("old")
    async with AsyncClient(portal.url) as client:
        assert await client.call(FILE, {"_to": target}) == target

    assert target.read_bytes() == LARGE
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


async def test_a_compressed_file_is_written_decompressed(portal: Listener, tmp_path: Path) -> None:
    """As the blocking client does."""
    portal.says(file_answer(gzip.compress(LARGE), Content_Encoding="gzip"))
    async with AsyncClient(portal.url) as client:
        await client.call(FILE, {"_to": tmp_path / "file"})
        assert await client.call(FILE, {}) == LARGE

    assert (tmp_path / "file").read_bytes() == LARGE


async def test_a_file_that_breaks_off_leaves_the_old_one(portal: Listener, tmp_path: Path) -> None:
    """Whole or not at all."""
    portal.react = lambda _seen: file_answer(LARGE)[:100_000]
    target = tmp_path / "file"
    target.write_text("old")
    async with AsyncClient(portal.url, retries=0, timeout=1) as client:
        with pytest.raises(TransportError):
            await client.call(FILE, {"_to": target})
        with pytest.raises(ArgumentError, match="existing folder"):
            await client.call(FILE, {"_to": tmp_path / "none" / "file"})

    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


async def test_a_body_over_the_limit_is_refused(portal: Listener) -> None:
    """After decompression; of one that is declared nothing is read."""
    portal.says(answer(gzip.compress(b" " * (65 * 1024 * 1024)), Content_Encoding="gzip"))
    async with AsyncClient(portal.url, retries=0) as client:
        with pytest.raises(ResponseTooLarge):
            await client.call(LIST, {})
        portal.says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        with pytest.raises(ResponseTooLarge):
            await client.call(LIST, {})


async def test_files_are_sent_as_the_blocking_client_sends_them(portal: Listener, tmp_path: Path) -> None:
    """In a form with files, of a path, bytes, and a stream without a length."""
    photo = tmp_path / "photo.png"
    photo.write_bytes(LARGE)
    seen = []
    for value in (photo, LARGE, Unsized(LARGE)):
        async with AsyncClient(portal.url) as client:
            await client.call(UPLOAD, {"name": "ž", "photo": value})
        seen.append(portal.seen[-1])

    assert [LARGE in each.body for each in seen] == [True] * 3
    assert [each.header("Transfer-Encoding") for each in seen] == ["", "", "chunked"]


class Unsized:
    """A stream of bytes that can be read once."""

    def __init__(self, content: bytes) -> None:
        self._pieces = iter([content, b""])

    def read(self, _size: int = -1) -> bytes:
        return next(self._pieces)


async def test_a_response_has_status_and_headers(portal: Listener) -> None:
    """And no cookie, which would act as a second identity."""
    portal.says(answer(["a"], 201, Location="/things/1", Set_Cookie="beaker.session.id=s3cret"))
    async with AsyncClient(portal.url) as client:
        things = Things(client)
        response = await client.with_response(things.list, name="x")
        with pytest.raises(ArgumentError, match="with_response"):
            await client.with_response(Things(client.with_options(timeout=3)).list)

    assert (response.value, response.status, response.headers["location"]) == (["a"], 201, "/things/1")
    assert "Set-Cookie" not in response.headers
    assert portal.seen[0].target == "/things?name=x"


async def test_a_lost_call_is_looked_up_by_its_name(portal: Listener) -> None:
    """`reconcile` lists the objects beside it."""
    portal.says(RESET)
    async with AsyncClient(portal.url) as client:
        client.things = Things(client)  # type: ignore[attr-defined]
        with pytest.raises(OutcomeUnknown) as caught:
            await client.call(CREATE, {"name": "web"})
        portal.says(answer([{"name": "web", "id": 1}, {"name": "other"}]))
        assert await client.reconcile(caught.value) == [{"name": "web", "id": 1}]

    assert caught.value.arguments == {"name": "web"}


class Ports(AsyncActor):
    """A class of calls whose `list` needs more than `create`: its signature says so, but only the call checks it."""

    async def _list(self, **given: object) -> list[str]:
        return await self._client.call(LIST_PORTS, given)

    async def _shown(self, *, machine: int) -> list[str]:
        raise NotImplementedError

    vars(_list)["__wrapped__"] = _shown
    list = _list


async def test_a_list_that_needs_more_arguments_than_the_lost_call_had_is_not_called(portal: Listener) -> None:
    """`reconcile` raises ArgumentError, as that of a blocking client does."""
    lost = OutcomeUnknown("lost", fix="look", operation="ports.create", seen="nothing")
    lost.arguments = {"name": "web"}
    async with AsyncClient(portal.url) as client:
        client.ports = Ports(client)  # type: ignore[attr-defined]
        with pytest.raises(ArgumentError, match="needs more"):
            await client.reconcile(lost)
    assert portal.seen == []


class Own(AuthBase):  # type: ignore[misc]
    """A login that a user wrote for requests."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Own"] = "signed"
        return request


async def test_a_login_for_requests_signs_asynchronous_calls(portal: Listener) -> None:
    """It computes only, so it needs no loop."""
    async with AsyncClient(portal.url, auth=Own()) as client:
        await client.call(LIST, {})

    assert portal.seen[0].header("X-Own") == "signed"


class Threads(AuthBase):  # type: ignore[misc]
    """A login that notes in which threads it signs."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self.seen.append(threading.get_ident())
        return request


@pytest.mark.parametrize(
    ("value", "is_here"),
    [
        ({"a": [1, "b", None]}, True),
        (["x" * 100] * 20_000, False),
        ({"a": {"b": "x" * 2_000_000}}, False),
        (list(range(200_000)), False),
    ],
)
async def test_a_large_body_is_encoded_in_a_thread(portal: Listener, value: Any, is_here: bool) -> None:
    """More than 1 MiB of JSON does not hold up the loop; a small body is not worth a thread."""
    login = Threads()
    async with AsyncClient(portal.url, auth=login) as client:
        await client.call(PUT, {"body": value})

    assert (login.seen == [threading.get_ident()]) is is_here
    assert json.loads(portal.seen[0].body) == value


async def test_both_clients_send_the_same_bytes(portal: Listener) -> None:
    """Order and case of the headers included."""
    both: list[Seen] = []
    with Portal(portal.url, auth=Bearer("t0ken-of-mine")) as blocking:
        blocking.call(CREATE, {"name": "Žluťoučký & kůň"})
        both.append(portal.seen[-1])
    async with AsyncPortal(portal.url, auth=Bearer("t0ken-of-mine")) as client:
        await client.call(CREATE, {"name": "Žluťoučký & kůň"})
        both.append(portal.seen[-1])

    assert [(seen.method, seen.target, seen.headers, seen.body) for seen in both[:1]] == [
        (seen.method, seen.target, seen.headers, seen.body) for seen in both[1:]
    ]


async def test_connections_are_kept_but_not_for_writes_after_a_while(portal: Listener) -> None:
    """A connection that was idle for more than a second may be closing: only a reading call tries it."""
    async with AsyncClient(portal.url) as client:
        for operation in (LIST, LIST, CREATE):
            await client.call(operation, {})
        await anyio.sleep(1.1)
        await client.call(LIST, {})
        await anyio.sleep(1.1)
        await client.call(CREATE, {})

    assert [seen.connection == portal.seen[0].connection for seen in portal.seen] == [True] * 4 + [False]


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[tuple[Listener, Path, Path]]:
    """A portal that wants a client certificate, with the CA bundle and the certificate to use."""
    authority = trustme.CA()
    bundle, certificate = tmp_path / "ca.pem", tmp_path / "client.pem"
    authority.cert_pem.write_to_path(bundle)
    authority.issue_cert("client@portal.example").private_key_and_cert_chain_pem.write_to_path(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.load_verify_locations(str(bundle))
    context.verify_mode = ssl.CERT_REQUIRED
    for listener in listening_with_tls(context):
        yield listener, bundle, certificate


def listening_with_tls(context: ssl.SSLContext) -> Iterator[Listener]:
    """A portal with TLS: bytes are handed to and from one without."""
    for listener in listening():
        port = int(listener.url.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=relay, args=(server, context, port), daemon=True).start()
            listener.url = f"https://127.0.0.1:{server.getsockname()[1]}"
            yield listener


def relay(server: Any, context: ssl.SSLContext, port: int) -> None:
    """Relay one request and its answer for each connection."""
    while True:
        try:
            connection, _ = server.accept()
            with (
                context.wrap_socket(connection, server_side=True) as outside,
                socket.create_connection(("127.0.0.1", port)) as inside,
            ):
                inside.sendall(outside.recv(65536))
                outside.sendall(inside.recv(65536))
        except ssl.SSLError:
            continue
        except OSError:
            return


async def test_a_client_certificate_is_shown(mutual: tuple[Listener, Path, Path]) -> None:
    """And the CA bundle is used; without either the call is not sent."""
    portal, bundle, certificate = mutual
    async with AsyncClient(portal.url, verify=str(bundle), cert=str(certificate)) as client:
        assert await client.call(LIST, {}) is None
    async with AsyncClient(portal.url, retries=0) as client:
        with pytest.raises(TransportError, match="certificate or TLS refused"):
            await client.call(LIST, {})
    async with AsyncClient(portal.url, verify=False, cert=str(certificate)) as client:
        assert await client.call(LIST, {}) is None


async def test_no_log_shows_a_cookie_or_a_token(portal: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """httpcore2 logs the headers of responses, and the login of a SOCKS proxy."""
    caplog.set_level(logging.DEBUG)
    portal.says(answer([], Set_Cookie="beaker.session.id=c00kie-canary"))
    async with AsyncClient(portal.url, auth=Bearer("t0ken-canary")) as client:
        await client.call(LIST, {})

    texts = [record.getMessage() for record in caplog.records]
    assert any("receive_response_headers.complete" in text for text in texts)
    assert not any("canary" in text for text in texts)


async def test_no_log_shows_the_login_of_a_proxy(
    portal: Listener, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of a SOCKS proxy is a pair of bytes in a record of httpcore2; here nobody answers it."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("http_proxy", f"socks5h://someone:pr0xy-canary@127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        async with AsyncClient(portal.url, retries=0, timeout=0.5) as client:
            with pytest.raises(TransportError) as caught:
                await client.call(LIST, {})

    texts = [*(record.getMessage() for record in caplog.records), str(caught.value)]
    assert any("setup_socks5_connection" in text for text in texts)
    assert not any("canary" in text for text in texts)


async def test_a_client_can_not_be_pickled_and_says_what_it_is(portal: Listener) -> None:
    """Like the blocking one."""
    async with AsyncPortal(portal.url) as client:
        assert repr(client) == f"AsyncPortal({portal.url!r})"
        with pytest.raises(TypeError, match="pickled"):
            client.__reduce__()
        with pytest.raises(AttributeError, match="nothing"):
            client.nothing  # noqa: B018
