"""Define the places that are compared, and their JSON pointers in documents of Swagger 2.0 and OpenAPI 3."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ovcgen.diff.change import HERE, Location
from ovcgen.diff.schema_pairs import Direction
from ovcgen.documents.pointers import escaped, json_pointer
from ovcgen.model.api import Header, Parameter


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """A record of the JSON pointers at which a version of the specification keeps schemas and logins.

    Attributes:
        schemas: The pointer to the named schemas.
        logins: The pointer to the security schemes.
        has_contents: Whether bodies have one schema for each media type (OpenAPI 3).
    """

    schemas: str
    logins: str
    has_contents: bool

    def schema(self, name: str) -> str:
        """Return the pointer of a named schema, such as `/definitions/Pet`.

        In OpenAPI 3, `name` may also be a reference that begins with `#/`; the result is what follows the `#`.
        """
        return name[1:] if name.startswith("#/") and self.has_contents else f"{self.schemas}/{escaped(name)}"

    def content(self, media_type: str) -> str:
        """Return the pointer of the schema of a media type, relative to the body; `/schema` for Swagger 2.0."""
        return f"/content/{escaped(media_type)}/schema" if self.has_contents else "/schema"

    def parameter_schema(self, parameter: Parameter) -> str:
        """Return the pointer of a parameter's schema, relative to the parameter; "" if the parameter is the schema.

        The latter is so in Swagger 2.0 for all parameters but bodies. In OpenAPI 3 it is `/schema`, or below `/content`
        for a parameter that is written as a media type.
        """
        if not self.has_contents:
            return "/schema" if parameter.location == "body" else ""
        return self.content(parameter.content_type) if parameter.content_type else "/schema"

    def header_schema(self, header: Header) -> str:
        """Return the pointer of a header's schema, relative to the header; "" if the header is the schema.

        The latter is so in Swagger 2.0. In OpenAPI 3 it is `/schema`, or below `/content` for a header that is written
        as a media type.
        """
        if not self.has_contents:
            return ""
        return self.content(header.content_type) if header.content_type else "/schema"


SWAGGER_2 = DocumentLayout("/definitions", "/securityDefinitions", False)
OPENAPI_3 = DocumentLayout("/components/schemas", "/components/securitySchemes", True)


def layout_of(openapi: str) -> DocumentLayout:
    """Return the layout of a document of that OpenAPI version, such as `3.0`; "" means Swagger 2.0."""
    return OPENAPI_3 if openapi else SWAGGER_2


@dataclass(frozen=True, slots=True)
class ComparisonSite:
    """A record of the place that is being compared: its location for messages, and its pointer into the new document.

    Attributes:
        location: The location for messages.
        pointer: The JSON pointer of that place.
        direction: Who sends what is there: the caller, or the service. A body of a callback is sent by the service.
        named: False for an operation that has its Python name in neither release, because another verb of the path has
            the name. Its changes break no Python code.
        unsent: Whether the value is not sent in this direction (`readOnly`, `writeOnly`).
        layout: Where the new document keeps what has a name.
    """

    location: Location = HERE
    pointer: str = ""
    direction: Direction = Direction.REQUEST
    named: bool = True
    unsent: bool = False
    layout: DocumentLayout = SWAGGER_2

    def within(self, inner: Location) -> ComparisonSite:
        """Return the site at `inner`, which is relative to this site. Its location and pointer are extended.

        For an empty location it is this site itself.
        """
        if inner == HERE:
            return self
        of_api = not (self.location.path or self.location.webhook)
        steps = (
            ("paths", inner.path, inner.method.lower()),
            ("webhooks", inner.webhook, inner.method.lower()),
            ("callbacks", inner.callback, *((inner.field, inner.callback_method.lower()) if inner.field else ())),
            *((("parameters", inner.name),) if inner.place and not self._is_body(inner) else ()),
            ("responses", inner.response),
            ("headers", inner.header),
            ("links", inner.link),
            ("properties", inner.member),
        )
        named = self.layout.schema(inner.definition) if inner.definition else ""
        login = f"{self.layout.logins}/{escaped(inner.security)}" if inner.security and of_api else ""
        body = "/requestBody" if inner.place and self._is_body(inner) else ""
        inside = "".join(json_pointer(tuple(filter(None, step))) for step in steps if step[1])
        return replace(
            self, location=self.location.within(inner), pointer=f"{self.pointer}{named}{login}{body}{inside}"
        )

    def _is_body(self, inner: Location) -> bool:
        return inner.place == "body" and self.layout.has_contents
