"""Define where references can stand in Swagger 2.0 and OpenAPI 3 documents, and which section holds their targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ovcgen.documents.document import Document
from ovcgen.documents.openapi3_checks import is_openapi3

MAPPING = "mapping"  # the kind of a text that may be a reference, in the mapping of a discriminator


@dataclass(frozen=True, slots=True)
class Layout:
    """A record of the places where references can stand in documents of one version of the specification.

    Attributes:
        inside: For each kind of object (such as `operation`), the kind of value under each key; the key "*" stands for
            any other. Keys that are not listed hold data without references.
        sections: The key of the section with the named values of each kind, such as `definitions` for `schema`.
        container: The key of the object that holds the sections; "" if they are in the document itself.
    """

    inside: Mapping[str, Mapping[str, str]]
    sections: Mapping[str, str]
    container: str = ""

    def is_section(self, path: tuple[str, ...]) -> bool:
        """Return whether a path has the length and the container of a section, such as `("components", "schemas")`.

        The last step may be any key: in Swagger 2.0 the result is True for every path with one step.
        """
        return len(path) == self.depth and path[:-1] == self.section_path("")[:-1]

    def section_path(self, section: str) -> tuple[str, ...]:
        """Return the path of a section from the document's root: `("components", "schemas")`, or `("definitions",)`."""
        return (self.container, section) if self.container else (section,)

    @property
    def depth(self) -> int:
        """Return the number of steps in a section's path: 1 for Swagger 2.0, 2 for OpenAPI 3."""
        return 2 if self.container else 1


SWAGGER2 = Layout(
    {
        "document": {
            "paths": "paths",
            "definitions": "schemas",
            "parameters": "parameters",
            "responses": "responses",
        },
        "paths": {"*": "path"},
        "path": {
            "parameters": "parameters",
            **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch"), "operation"),
        },
        "operation": {"parameters": "parameters", "responses": "responses"},
        "parameters": {"*": "parameter"},
        "responses": {"*": "response"},
        "parameter": {"schema": "schema"},
        "response": {"schema": "schema"},
        "schemas": {"*": "schema"},
        "schema": {"properties": "schemas", "additionalProperties": "schema", "items": "items", "allOf": "schemas"},
    },
    {"schema": "definitions", "parameter": "parameters", "response": "responses"},
)

OPENAPI3 = Layout(
    {
        "document": {"paths": "paths", "webhooks": "paths", "components": "components"},
        "components": {
            "schemas": "schemas",
            "parameters": "parameters",
            "responses": "responses",
            "requestBodies": "bodies",
            "headers": "headers",
            "callbacks": "callbacks",
            "pathItems": "paths",
            "securitySchemes": "securitySchemes",
            "mediaTypes": "content",
        },
        "paths": {"*": "path"},
        "path": {
            "parameters": "parameters",
            "additionalOperations": "operations",
            **dict.fromkeys(
                ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"), "operation"
            ),
        },
        "operations": {"*": "operation"},
        "operation": {
            "parameters": "parameters",
            "requestBody": "body",
            "responses": "responses",
            "callbacks": "callbacks",
        },
        "callbacks": {"*": "callback"},
        "callback": {"*": "path"},
        "securitySchemes": {"*": "securityScheme"},
        "securityScheme": {},
        "parameters": {"*": "parameter"},
        "parameter": {"schema": "schema", "content": "content"},
        "bodies": {"*": "body"},
        "body": {"content": "content"},
        "responses": {"*": "response"},
        "response": {"headers": "headers", "content": "content"},
        "headers": {"*": "header"},
        "header": {"schema": "schema", "content": "content"},
        "content": {"*": "mediaType"},
        "mediaType": {"schema": "schema", "itemSchema": "schema", "encoding": "encodings"},
        "encodings": {"*": "encoding"},
        "encoding": {"headers": "headers"},
        "schemas": {"*": "schema"},
        "schema": {
            **dict.fromkeys(
                ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "allOf", "anyOf"),
                "schemas",
            ),
            **dict.fromkeys(("oneOf", "prefixItems"), "schemas"),
            **dict.fromkeys(("additionalProperties", "not", "if", "then", "else", "contains"), "schema"),
            **dict.fromkeys(("propertyNames", "unevaluatedItems", "unevaluatedProperties"), "schema"),
            "items": "items",
            "discriminator": "discriminator",
        },
        "discriminator": {"mapping": "mappings", "defaultMapping": MAPPING},
        "mappings": {"*": MAPPING},
    },
    {
        "schema": "schemas",
        "parameter": "parameters",
        "response": "responses",
        "body": "requestBodies",
        "header": "headers",
        "callback": "callbacks",
        "securityScheme": "securitySchemes",
        "mediaType": "mediaTypes",
    },
    "components",
)


def layout_of(document: Document) -> Layout:
    """Return the Layout for the version of a document: that of OpenAPI 3, or that of Swagger 2.0 for all others."""
    return OPENAPI3 if is_openapi3(document) else SWAGGER2
