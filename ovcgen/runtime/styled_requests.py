"""Build the requests of operations whose parameters have styles, from checked arguments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from .content_type_choice import FORM
from .errors import ArgumentError
from .media_types import plain_type
from .operation import ParameterSpec
from .parameter_styles import (
    DEFAULT_STYLES,
    RESERVED_IN_A_PATH,
    Style,
    Writer,
    explodes,
    joined,
    parts,
    percent_encoded,
    unchanged,
    with_reserved,
)
from .request_building import IN_A_PATH, OURS, Sent, add_cookies, stream, write
from .styled_parameters import STREAMED, StyledParameter

if TYPE_CHECKING:
    from requests import PreparedRequest  # type: ignore[import-untyped,unused-ignore]

    from .styled_bodies import Payload
    from .styled_operation import StyledOperation


def fill_styled(request: PreparedRequest, operation: StyledOperation, sent: Sent, switches: Iterable[str] = ()) -> None:
    """Write the values of a call into `request` in place, which is the operation's request without parameters.

    Header parameters that control the connection (Host, Content-Length, ...) are left out. The arguments are those of
    `request_building.fill`; `switches` has no effect.

    Raises:
        ArgumentError: a segment of the path would be `.`, `..` or empty.
    """
    del switches
    query: list[str] = []
    cookies: list[str] = []
    in_path = False
    for parameter, value in sent:
        match parameter.place:
            case "query":
                query += _fields(parameter, value)
            case "path":
                _into_path(request, operation, parameter, value)
                in_path = True
            case "header":
                _into_header(request, parameter, value)
            case "cookie":
                cookies += _fields(parameter, value)
            case "querystring":
                query.append(_whole_query(parameter, value))
            case STREAMED.place:
                request.streamed = True  # type: ignore[attr-defined,unused-ignore]
                request.headers["Accept"] = ", ".join(operation.streams)
            case _:
                _into_body(request, value)
    if in_path:
        _check_path(operation, str(request.url))
    if query:
        url = str(request.url)
        request.url = f"{url}{'&' if '?' in url else '?'}{'&'.join(query)}"
    if cookies:
        add_cookies(request, cookies)


def _style(parameter: ParameterSpec, usual: Writer) -> Style:
    """Return the style of a parameter; `usual` encodes its values unless reserved characters are allowed."""
    if not isinstance(parameter, StyledParameter):
        name = DEFAULT_STYLES[parameter.place]
        return Style(name, explodes(name, None), usual, usual)
    name = parameter.style or DEFAULT_STYLES[parameter.place]
    if usual is unchanged or name == "cookie":
        return Style(name, explodes(name, parameter.explode), unchanged, unchanged)
    write = usual
    if parameter.reserved:
        write = _reserved_in_path if parameter.place == "path" else with_reserved
    return Style(name, explodes(name, parameter.explode), write)


def _reserved_in_path(text: str) -> str:
    return with_reserved(text, RESERVED_IN_A_PATH)


def _media_of(parameter: ParameterSpec) -> str:
    return parameter.media if isinstance(parameter, StyledParameter) else ""


def _fields(parameter: ParameterSpec, value: Any) -> list[str]:
    """Return the `name=value` fields of a query parameter or a cookie."""
    if _media_of(parameter):
        return [f"{percent_encoded(parameter.name)}={percent_encoded(value)}"]
    return parts(_style(parameter, percent_encoded), parameter.name, value)


def _whole_query(parameter: ParameterSpec, text: str) -> str:
    """Return the whole query: a form as it is, the text of another media type percent-encoded."""
    return text if plain_type(_media_of(parameter)) == FORM else percent_encoded(text)


def _into_path(request: PreparedRequest, operation: StyledOperation, parameter: ParameterSpec, value: Any) -> None:
    if _media_of(parameter):
        text = percent_encoded(value)
    else:
        text = joined(_style(parameter, percent_encoded), parameter.name, value)
    if not text:
        raise ArgumentError(
            f"{operation.name}() can't send an empty text for {parameter.key!r}: in a path it would vanish.",
            fix="Pass a text that is not empty.",
        )
    hole = quote("{" + parameter.name + "}", safe=IN_A_PATH)
    request.url = str(request.url).replace(hole, text)


def _check_path(operation: StyledOperation, url: str) -> None:
    """Raise ArgumentError if a segment is `.` or `..`, which leads to another path."""
    if any(unquote(segment) in (".", "..") for segment in urlsplit(url).path.split("/")):
        raise ArgumentError(
            f"{operation.name}() can't send these values in {operation.path}: a step of the path would be '.' or '..'.",
            fix="Pass another text: such a step would lead elsewhere.",
        )


def _into_header(request: PreparedRequest, parameter: ParameterSpec, value: Any) -> None:
    if parameter.name.lower() not in OURS:
        text = value if _media_of(parameter) else joined(_style(parameter, unchanged), parameter.name, value)
        request.headers[parameter.name] = text


def _into_body(request: PreparedRequest, payload: Payload) -> None:
    if isinstance(payload.content, str):
        write(request, payload.content, payload.content_type)
    else:
        stream(request, payload.content, payload.content_type)
