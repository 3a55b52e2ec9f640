"""Split and join URLs of unknown origin, such as those in a document or a response, without errors.

Python's functions raise ValueError for an IPv6 address without its second bracket, for some characters in a host and,
only when it is read, for an invalid port.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL as `urllib.parse.urlsplit` does. Reading the port of the result raises no error.

    A text that is no valid URL is returned as a path alone, without scheme and host.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", url, "", "")
    return parts


def joined_url(base: str, reference: str) -> str:
    """Return the URL to which a reference leads from the URL `base` (RFC 3986, section 5).

    If one of them is no valid URL, the reference is returned as it is.
    """
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def same_origin(url: str, other: str) -> bool:
    """Return whether two URLs have the same scheme, host and port (RFC 6454), in upper or lower case.

    A URL without a port has the default port of http or https. Paths, queries and user names do not count. The result
    is False if one of them is no valid URL, or has no host.
    """
    one, two = split_url(url), split_url(other)
    return bool(one.hostname) and _origin(one) == _origin(two)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
