"""Define the records of operations whose parameters have styles, and whose bodies and responses have media types."""

from __future__ import annotations

from typing import Any

from .operation import CONTENT_TYPE, STREAM, OperationSpec, ParameterSpec, WireFormat
from .servers import ServerSpec
from .styled_argument_checks import check_styled
from .styled_parameters import BodySpec
from .styled_requests import fill_styled
from .styled_responses import decode_negotiated

JSON_BODY = BodySpec("application/json")


class StyledOperation(OperationSpec):
    """One operation whose parameters have styles, and whose bodies and responses have media types.

    Attributes:
        bodies: The media types of the request body, the usual one first.
        responses: Pairs of each declared response: its status (`200`, `2XX` or `default`) and its media types.
        streams: The media types of responses that can be read item by item, with `_stream=True`.
        servers: The servers of this operation; () if they are those of the document.
    """

    __slots__ = ("bodies", "responses", "servers", "streams")

    wire = WireFormat(check_styled, fill_styled, decode_negotiated)

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        parameters: tuple[ParameterSpec, ...] = (),
        *,
        bodies: tuple[BodySpec, ...] = (JSON_BODY,),
        responses: tuple[tuple[str, tuple[str, ...]], ...] = (),
        streams: tuple[str, ...] = (),
        servers: tuple[ServerSpec, ...] = (),
        plain: bool = True,
        **options: Any,
    ) -> None:
        types = tuple(body.content_type for body in bodies)
        has_choice = len(types) > 1 or any("*" in kind for kind in types)
        super().__init__(
            name, method, path, parameters, plain=plain, content_types=types if has_choice else (), **options
        )
        self.bodies = bodies
        self.responses = responses
        self.streams = streams
        self.servers = servers
        own = [*([CONTENT_TYPE] if has_choice else ()), *([STREAM] if streams else ())]
        self.known = self.known.union(own)
