"""Read who publishes an API; `info` and `externalDocs` are the same in all versions of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.model.api import Publisher


def publisher(document: Mapping[str, Any]) -> Publisher:
    """Return contact, licence and terms of `info`, and the URL of `externalDocs`; "" for what is absent or no text."""

    def text(*path: str) -> str:
        found: Any = document
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else ""

    return Publisher(
        name=text("info", "contact", "name"),
        email=text("info", "contact", "email"),
        url=text("info", "contact", "url"),
        license_name=text("info", "license", "name"),
        license_url=text("info", "license", "url"),
        terms_url=text("info", "termsOfService"),
        documentation_url=text("externalDocs", "url"),
    )
