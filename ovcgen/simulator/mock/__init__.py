"""Mock the service that any Swagger 2.0 or OpenAPI 3 document describes.

    with mocking(api, document) as service:
        service.url, service.faults, service.mock.seen

Responses are the examples of the document, else values made from its schemas; the same request always has the same
response. Requests are checked against the document. Nothing is stored: a created object can't be read again.
"""

from __future__ import annotations

from ovcgen.simulator.mock.mock_server import MockedService, mocking
from ovcgen.simulator.mock.wsgi_application import MockService

__all__ = ["MockService", "MockedService", "mocking"]
