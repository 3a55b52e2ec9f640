"""Resolve the address of a service from the servers that its document declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from .errors import ArgumentError
from .urls import split_url

VARIABLE = r"\{([^{}]*)\}"
NOTHING: Mapping[str, str] = {}


class ServerSpec(NamedTuple):
    """A server that the document declares.

    Attributes:
        url: Its address, with `{name}` for variables.
        variables: (name, default value, valid values) of each variable; () for any value.
        name: The name to choose it by; "" for none.
    """

    url: str
    variables: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    name: str = ""


ROOT = ServerSpec("/")


class RelativeAddress(ArgumentError):
    """The document declares an address that is relative or no http(s) URL, and the caller gave none."""

    def __init__(self, address: str) -> None:
        why = "no http(s) URL" if "//" in address else "relative"
        super().__init__(
            f"The document declares the address {address!a}, which is {why}.",
            fix="Pass the address of the service, such as https://service.example.",
        )


def server_url(
    servers: tuple[ServerSpec, ...],
    server: int | str = 0,
    variables: Mapping[str, str] | None = None,
    *,
    url: str = "",
) -> str:
    """Return the address of a declared server, or that of the caller, without slashes at its end.

    Args:
        servers: The declared servers; () is one server with the relative address `/`.
        server: The position of a server in the list, from 0 on, or its name.
        variables: The values of variables; the others have their defaults.
        url: The caller's address. With a path it is the whole address, else the path of the declared server follows.

    Raises:
        ArgumentError: there is no such server or variable, the value of a variable is not valid, or `url` is no http(s)
            URL.
        RelativeAddress: the declared address is relative or no http(s) URL, and the caller gave none.
    """
    chosen = _chosen(servers or (ROOT,), server)
    if url:
        from .adapter import checked_url  # needs requests, which readers of documents do not load

        checked_url(url, "a service")  # checked first, so that the message quotes what the caller wrote
        path = _path_of(chosen) if not _path_of(ServerSpec(url)).strip("/") else ""
        return url.rstrip("/") + _filled(chosen, path, variables or NOTHING).rstrip("/")
    found = _filled(chosen, chosen.url, variables or NOTHING)
    parts = split_url(found)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise RelativeAddress(found)
    return found.rstrip("/")


def other_addresses(variables: Mapping[str, str] | None, url: str) -> Callable[[tuple[ServerSpec, ...]], str]:
    """Return a function that returns the address of an operation that has servers of its own: that of the first one.

    The argument of the function is the operation's servers, at least one. It raises the errors of `server_url`.
    Variables that the operation's server does not have are ignored.

    Args:
        variables: The caller's values of server variables; None for none.
        url: The caller's address; "" if there is none. Such operations are called at this address too, with the path of
            their own server: a client for a test system never calls another one.
    """

    def address(servers: tuple[ServerSpec, ...]) -> str:
        known = {name for name, _, _ in servers[0].variables}
        given = {name: value for name, value in (variables or NOTHING).items() if name in known}
        return server_url(servers, variables=given, url=url)

    return address


def _path_of(server: ServerSpec) -> str:
    """Return the path of an address, which may have variables anywhere; it begins with a slash if there is one."""
    after_host = re.sub(r"^([^/]*:)?//[^/]*", "", server.url).lstrip("./")
    return f"/{after_host}" if after_host else ""


def _chosen(servers: tuple[ServerSpec, ...], server: int | str) -> ServerSpec:
    if isinstance(server, str):
        found = [declared for declared in servers if declared.name == server]
    else:
        found = [servers[server]] if 0 <= server < len(servers) else []
    if found:
        return found[0]
    listed = ", ".join(
        f"{number}{f' or {declared.name!a}' if declared.name else ''}" for number, declared in enumerate(servers)
    )
    one = "There is only one, which is used without that choice: leave it out."
    raise ArgumentError(
        f"The document declares no server {server!a}.", fix=one if len(servers) == 1 else f"Pass one of {listed}."
    )


def _filled(server: ServerSpec, text: str, variables: Mapping[str, str]) -> str:
    """Return a part of a server's address with the values of its variables."""
    given = {name: str(value) for name, value in variables.items()}
    known = {name: (default, valid) for name, default, valid in server.variables}
    for name, value in given.items():
        if name not in known:
            listed = f"Those of {server.url} are {', '.join(known)}." if known else f"{server.url} has none."
            raise ArgumentError(f"The server has no variable {name!a}.", fix=listed)
        valid = known[name][1]
        if valid and value not in valid:
            raise ArgumentError(
                f"The variable {name!a} of the server can't be {value!a}.", fix=f"Pass one of {', '.join(valid)}."
            )

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in given and name not in known:
            raise ArgumentError(
                f"The server {server.url} has the variable {name!a}, which the document does not declare.",
                fix="Pass the address of the service.",
            )
        return given[name] if name in given else known[name][0]

    return re.sub(VARIABLE, value_of, text)
