"""Render a report for terminals, pages and programs; one module for each format."""

from __future__ import annotations

from collections.abc import Callable

from ovcgen.diff.render.github import as_github
from ovcgen.diff.render.gitlab import as_gitlab
from ovcgen.diff.render.html import as_html
from ovcgen.diff.render.json_text import as_json, schema
from ovcgen.diff.render.junit import as_junit
from ovcgen.diff.render.markdown import as_markdown
from ovcgen.diff.render.sarif import as_sarif
from ovcgen.diff.render.text import as_text
from ovcgen.diff.report import Report

__all__ = ["LOCATED", "RENDERERS", "as_json", "as_markdown", "as_text", "schema"]

RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "html": as_html,
    "github": as_github,
    "junit": as_junit,
    "sarif": as_sarif,
    "gitlab": as_gitlab,
}
LOCATED = ("github", "junit", "sarif", "gitlab")  # formats that show the file and line of a change
