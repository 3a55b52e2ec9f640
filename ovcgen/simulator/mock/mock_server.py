"""Serve a mock on a port while a block runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from ovcgen.documents.document import Document
from ovcgen.model.api import Api, Server
from ovcgen.simulator.faults import Faults
from ovcgen.simulator.http_server import LISTENING, Listening, serving
from ovcgen.simulator.mock.wsgi_application import MockService
from ovcgen.simulator.swagger_ui import About, SwaggerUI, of_mock

PRINTED = ("url", "title", "release", "simulator_token")


@dataclass(frozen=True, slots=True, repr=False)
class MockedService:
    """A record of a running mock and its address. `str()` of it is the URL.

    Attributes:
        url: The address for clients: `ovcgen.connect(service.url, spec=...)`.
        title: The title of the document.
        release: The release of the API.
        simulator_token: Token for the control API under `/_simulator` and for `X-Simulator-Fault`.
        mock: The mock: `.seen` has the latest requests, and `.answer` returns the response to a request.
        faults: Makes the next requests fail: `service.faults.add("status", status=503, operation="pets.*")`.
    """

    url: str
    title: str
    release: str
    simulator_token: str
    mock: MockService
    faults: Faults

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r}, title={self.title!r})"

    def as_json(self) -> str:
        """Return URL, title, release and token as one line of JSON. `ovcgen serve FILE` prints the same values."""
        return json.dumps({name: getattr(self, name) for name in PRINTED})


@contextmanager
def mocking(
    api: Api,
    document: Document | None = None,
    *,
    listening: Listening = LISTENING,
    checks_requests: bool = True,
) -> Iterator[MockedService]:
    """Serve a mock of an API while the block runs, and yield a record with its address and the mock.

    Args:
        api: The API.
        document: The document to show in Swagger UI; None for no such page.
        listening: Address and port. By default a free port of 127.0.0.1.
        checks_requests: Whether requests that do not fit the document are refused.

    Raises:
        OSError: the port can't be opened.
    """
    with closing(MockService(api, checks_requests=checks_requests)) as mock:
        application = mock if document is None else _with_page(mock, api, document)
        with serving(application, host=listening.host, port=listening.port, names=listening.names) as url:
            try:
                yield MockedService(url, api.title, api.release, mock.gate.token, mock, mock.faults)
            finally:
                mock.close()


def _with_page(mock: MockService, api: Api, document: Document) -> SwaggerUI:
    """Return a mock that also serves Swagger UI: at `/`, or at `/swagger-ui/` if the API has an operation at `/`."""
    has_root = mock.has_path("/")
    text = "Responses are examples and samples, nothing is stored, and any key or password is accepted."
    about = About(f"Mock of {api.title or api.release}.", text)
    path = "/swagger-ui/" if has_root else "/"
    paths = {server.url: server.address.base_path for server in _servers(api)}
    return SwaggerUI(mock, lambda: of_mock(document, lambda url: paths.get(url.strip(), "/")), about, path=path)


def _servers(api: Api) -> list[Server]:
    """Return the servers of an API and the servers of its operations."""
    return [*api.servers, *(server for operation in api.operations for server in operation.servers)]
