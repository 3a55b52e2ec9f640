"""Choose the addresses of an API's operations, and keep logins at the origin of a document that was downloaded.

Documents name servers. Whoever serves a document could so lead the caller's logins to any server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ovcgen.model.api import Api
from ovcgen.model.styled_runtime_specs import server_specs
from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.redaction import url_without_secrets
from ovcgen.runtime.servers import other_addresses, server_url
from ovcgen.runtime.urls import same_origin


class OtherOrigin(ArgumentError):
    """A downloaded document declares a server at another origin, which would get the logins of the caller.

    Args:
        document_url: Where the document was downloaded from.
        address: The address of the declared server.
    """

    def __init__(self, document_url: str, address: str) -> None:
        super().__init__(
            f"The document at {url_without_secrets(document_url)} declares the address {address!a} at another server, "
            "where no login is sent unasked.",
            fix=f"If you trust that server, pass its address: {address!a}. Or save the document to a file.",
        )


class NoAddress(ArgumentError):
    """The caller gave no address for a Swagger 2.0 document. The address that such a document declares is not used."""

    def __init__(self) -> None:
        super().__init__(
            "The address of the service is missing.", fix="Pass it as the first argument: https://service.example."
        )


class Addresses(NamedTuple):
    """The addresses at which one client calls operations.

    Attributes:
        root: The address of the service, without the base path.
        base_path: The path between `root` and the path of each operation.
        other: Returns the address of an operation that has servers of its own, see `servers.other_addresses`; None if
            the document declares no servers.
    """

    root: str
    base_path: str
    other: Callable[[Any], str] | None


def addresses_of(
    model: Api,
    url: str,
    *,
    server: int | str = 0,
    variables: Mapping[str, str] | None = None,
    document_url: str = "",
    has_login: bool = False,
) -> Addresses:
    """Return the addresses at which a client calls the operations of an API.

    Args:
        model: The API.
        url: The caller's address; "" for those that the document declares. A document that declares no servers, such as
            any of Swagger 2.0, needs it.
        server, variables: As in `servers.server_url`, for documents that declare servers.
        document_url: Where the document was downloaded from; "" for a document that the caller has.
        has_login: Whether the client has a login or a client certificate.

    Raises:
        ArgumentError: `servers.server_url` refuses an argument, or the declared address is relative.
        NoAddress: there is no address.
        OtherOrigin: the address is at another origin than the document, and `has_login`. `other` raises it, too.
    """
    if not (model.servers or url):
        raise NoAddress
    if not model.servers:
        return Addresses(url, model.base_path, None)
    trusted = document_url if has_login and not url else ""
    declared = other_addresses(variables, url)
    root = server_url(server_specs(model.servers), server, variables, url=url)
    return Addresses(_checked(root, trusted), "", lambda servers: _checked(declared(servers), trusted))


def _checked(address: str, document_url: str) -> str:
    """Return the address. Raises OtherOrigin if it is at another origin than the document ("" checks nothing)."""
    if document_url and not same_origin(address, document_url):
        raise OtherOrigin(document_url, address)
    return address
