"""Collect the rules about what only OpenAPI 3 has. Importing it fills the tables of `registry.OPENAPI3`."""

from __future__ import annotations

from ovcgen.diff.rules.openapi3 import (
    constants,
    forms,
    list_items,
    media_types,
    object_keywords,
    parameter_styles,
    received_requests,
    response_headers,
    servers,
    unevaluated,
    unions,
    validation_keywords,
)

FAMILIES = (
    parameter_styles,
    response_headers,
    media_types,
    forms,
    received_requests,
    unions,
    constants,
    object_keywords,
    list_items,
    validation_keywords,
    unevaluated,
    servers,
)
