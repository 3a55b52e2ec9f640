"""Write annotations as workflow commands of GitHub Actions."""

from __future__ import annotations

from ovcgen.annotations import Place

IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTIES = {**IN_MESSAGES, ord(":"): "%3A", ord(","): "%2C"}


def github_annotation(level: str, title: str, text: str, place: Place | None = None) -> str:
    """Return one annotation as a workflow command of GitHub Actions, a line that ends with a line feed.

    The characters that such a command reserves are percent-encoded. GitHub gets the first column, but not the last one.

    Args:
        level: `error`, `warning` or `notice`; it is not checked.
        title: The heading of the annotation.
        text: The message; it may have several lines.
        place: The part of a file to which the annotation belongs; None for none.
    """
    properties = {**(_properties(place) if place else {}), "title": title}
    fields = ",".join(f"{name}={value.translate(IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level} {fields}::{text.translate(IN_MESSAGES)}\n"


def _properties(place: Place) -> dict[str, str]:
    """Return the file, the lines and the first column of a place, as far as known."""
    numbers = {"line": place.line, "endLine": place.end_line, "col": place.column}
    return {"file": place.file, **{name: str(number) for name, number in numbers.items() if number}}
