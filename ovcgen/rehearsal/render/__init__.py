"""Render a rehearsal for a terminal, a program or a browser."""

from __future__ import annotations

from collections.abc import Callable

from ovcgen.rehearsal.render.html import as_html
from ovcgen.rehearsal.render.json_text import as_json, schema
from ovcgen.rehearsal.render.text import as_text
from ovcgen.rehearsal.run_comparison import Rehearsal

__all__ = ["RENDERERS", "as_text", "schema"]

RENDERERS: dict[str, Callable[[Rehearsal], str]] = {"text": as_text, "json": as_json, "html": as_html}
