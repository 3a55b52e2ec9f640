"""Define the records of parameters that have styles, and of bodies and their properties."""

from __future__ import annotations

from typing import Any, NamedTuple

from .operation import STREAM, ParameterSpec

STREAMED = ParameterSpec(STREAM, "boolean", place="stream")  # says among the values to send that the answer is streamed


class StyledParameter(ParameterSpec):
    """One parameter that is written by style, by media type, or as the body.

    `place` is `query`, `path`, `header`, `cookie`, `querystring` (the parameter is the whole query), or `body`. `kind`
    is `string`, `integer`, `number`, `boolean`, `array`, `object`, or `json` (the value decides).

    Attributes:
        style: A key of `parameter_styles.RULES`, or `deepObject`; "" for the usual style of the place.
        explode: Whether each item or member is a part of its own; None for what is usual for the style.
        reserved: Whether reserved characters are sent as they are.
        media: The media type of the value; "" if a style says how it is written.
        nested: Whether the members of a `deepObject` may be dicts and lists; see `parameter_styles.deep_fields`.
    """

    __slots__ = ("explode", "media", "nested", "reserved", "style")

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        place: str = "query",
        style: str = "",
        explode: bool | None = None,
        reserved: bool = False,
        media: str = "",
        nested: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(name, kind, place=place, **options)
        self.style = style
        self.explode = explode
        self.reserved = reserved
        self.media = media
        self.nested = nested


class FieldSpec(NamedTuple):
    """How one property of a form is written.

    Attributes:
        content_type: The media type of the value, or several separated by commas, or a range; "" if the value decides.
        style, explode, reserved: As in StyledParameter; if all are at their defaults, the media type decides.
        nested: As in StyledParameter.
        headers: (name, value) pairs of headers that each part of a multipart body has.
        binary: Whether the value is a file, and a text in its place a mistake.
    """

    content_type: str = ""
    style: str = ""
    explode: bool | None = None
    reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    binary: bool = False
    nested: bool = False


class BodySpec(NamedTuple):
    """One media type that a request body can have.

    Attributes:
        content_type: The media type, or a range such as `image/*`.
        fields: (property, how it is written) pairs, for those that are not written in the usual way.
        exploded: Whether the members of an object in a URL-encoded form are fields of their own; else it is JSON.
        required: The properties that a form must have.
    """

    content_type: str
    fields: tuple[tuple[str, FieldSpec], ...] = ()
    exploded: bool = False
    required: tuple[str, ...] = ()
