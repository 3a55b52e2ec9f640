"""Render a report for terminals, pages and programs; one module for each format."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from ovcgen.diff.report import Report

__all__ = ["LOCATED", "RENDERERS"]


def _renderer(module: str, function: str) -> Callable[[Report], str]:
    """Return a function that renders a report, and imports what it needs at its first use."""

    def render(report: Report) -> str:
        text: str = getattr(import_module(f"ovcgen.diff.render.{module}"), function)(report)
        return text

    return render


RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": _renderer("text", "as_text"),
    "json": _renderer("json_text", "as_json"),
    "markdown": _renderer("markdown", "as_markdown"),
    "html": _renderer("html", "as_html"),
    "github": _renderer("github_annotations", "as_github"),
    "junit": _renderer("junit", "as_junit"),
    "sarif": _renderer("sarif", "as_sarif"),
    "gitlab": _renderer("gitlab_code_quality", "as_gitlab"),
}
LOCATED = ("github", "junit", "sarif", "gitlab")  # formats that show the file and line of a change
