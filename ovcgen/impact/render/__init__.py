"""Render the result of an impact analysis as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

from collections.abc import Callable

from ovcgen.impact.impact_result import Impact
from ovcgen.impact.render.github import as_github
from ovcgen.impact.render.json_text import as_json, schema
from ovcgen.impact.render.sarif import as_sarif
from ovcgen.impact.render.text import as_text

__all__ = ["RENDERERS", "schema"]

RENDERERS: dict[str, Callable[[Impact], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
