"""Resolve the relative addresses of servers, once it is known where a document was read from."""

from __future__ import annotations

from dataclasses import replace

from ovcgen.model.api import Api, Server
from ovcgen.runtime.urls import joined_url, split_url


def with_document_url(api: Api, url: str) -> Api:
    """Return the API with absolute URLs of its servers, which may be relative to the URL of the document.

    If the first server was relative, the API's host, schemes and base path are those of its absolute URL. An API of
    Swagger 2.0 is returned unchanged. An address that begins with a variable stays as it is: only its value says
    whether it is relative.


    Args:
        api: The API.
        url: The URL from which the document was read. Its user, password and query are left out.
    """
    parts = split_url(url)
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    servers = _absolute(api.servers, base)
    if not api.openapi or not servers:
        return api
    operations = tuple(
        replace(operation, servers=_absolute(operation.servers, base)) if operation.servers else operation
        for operation in api.operations
    )
    first = split_url(servers[0].url)
    is_known = "://" not in api.servers[0].url and "{" not in first.netloc
    host, schemes = (first.netloc, (first.scheme,)) if is_known and first.scheme else (api.host, api.schemes)
    base_path = f"/{first.path.strip('/')}" if is_known and "{" not in first.path else api.base_path
    return replace(api, servers=servers, operations=operations, host=host, schemes=schemes, base_path=base_path)


def _absolute(servers: tuple[Server, ...], base: str) -> tuple[Server, ...]:
    return tuple(
        server
        if "://" in server.url or server.url.startswith("{")
        else replace(server, url=joined_url(base, server.url))
        for server in servers
    )
