"""Collect the rules about what only OpenAPI 3 has. Importing it fills the tables of `registry.OPENAPI3`."""

from __future__ import annotations

from ovcgen.diff.rules.openapi3 import (
    callbacks_and_webhooks,
    constants,
    forms_as_bodies,
    list_items,
    media_types,
    object_keywords,
    parameter_styles,
    response_headers_and_links,
    servers,
    unevaluated,
    unions,
    validation_keywords,
)

FAMILIES = (
    parameter_styles,
    response_headers_and_links,
    media_types,
    forms_as_bodies,
    callbacks_and_webhooks,
    unions,
    constants,
    object_keywords,
    list_items,
    validation_keywords,
    unevaluated,
    servers,
)
