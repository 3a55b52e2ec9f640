"""Find the targets of references in an OpenAPI 3 document: JSON pointers, `$anchor`, `$id` and `$self`."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import unquote

from ovcgen.documents.document import Document, Json
from ovcgen.documents.pointers import at, steps
from ovcgen.runtime.urls import joined_url

Path = tuple[str, ...]
ANCHORS = ("$anchor", "$dynamicAnchor")
DATA = frozenset({"const", "default", "enum", "example", "examples", "properties"})  # `$id` in them has no meaning


class References:
    """A finder of the targets of references in one document. References out of the document have no target.

    Args:
        document: The OpenAPI 3 document.
        has_identifiers: Whether `$id` and `$anchor` have a meaning, as they do since OpenAPI 3.1.
    """

    def __init__(self, document: Document, *, has_identifiers: bool = True) -> None:
        self._document = document
        self._has_identifiers = has_identifiers  # OpenAPI 3.0 has no `$id`
        base = document.get("$self")
        self._base = base if isinstance(base, str) else ""
        self._known: dict[str, Path | None] = {}

    def value(self, path: Path) -> Json:
        """Return the value of the document at a path.

        Raises:
            LookupError: there is none.
        """
        return at(self._document, path)

    def target(self, reference: str, path: Path) -> Path | None:
        """Return the path of the target of a reference; None if it leads to nothing in this document.

        Args:
            reference: The text of the `$ref`. A bare name (`Pet`) counts as that of a schema in `components`.
            path: The path of the place where the reference stands.
        """
        if not self._resources and reference.startswith("#/"):
            if reference not in self._known:
                self._known[reference] = self._inside((), reference[1:])
            return self._known[reference]
        uri, _, fragment = joined_url(self._base_of(path), reference).partition("#")
        root = self._resources.get(uri, () if uri == self._base.partition("#")[0] else None)
        if root is None:
            return self._inside(("components", "schemas"), f"/{reference}") if reference.isidentifier() else None
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((uri, unquote(fragment)))
        return self._inside(root, fragment)

    def _inside(self, root: Path, pointer: str) -> Path | None:
        try:
            path = (*root, *steps(unquote(pointer)))
            at(self._document, path)
        except LookupError:
            return None
        return path

    def _base_of(self, path: Path) -> str:
        """Return the base URI for references at a path: the nearest `$id` around it, else that of the document."""
        roots = self._roots
        for length in range(len(path), 0, -1) if roots else ():
            if path[:length] in roots:
                return roots[path[:length]]
        return self._base

    @cached_property
    def _roots(self) -> dict[Path, str]:
        return {path: uri for uri, path in self._resources.items()}

    @cached_property
    def _resources(self) -> dict[str, Path]:
        return self._index[0]

    @cached_property
    def _anchors(self) -> dict[tuple[str, str], Path]:
        return self._index[1]

    @cached_property
    def _index(self) -> tuple[dict[str, Path], dict[tuple[str, str], Path]]:
        """Find all `$id` and `$anchor` of the document; of two with one name the first is taken."""
        resources: dict[str, Path] = {}
        anchors: dict[tuple[str, str], Path] = {}
        if not self._has_identifiers:
            return resources, anchors
        if self._base:
            resources[self._base.partition("#")[0]] = ()
        waiting: list[tuple[Path, str, Json, bool]] = [((), self._base.partition("#")[0], self._document, False)]
        while waiting:
            path, base, value, is_data = waiting.pop()
            if isinstance(value, list):
                waiting += [
                    ((*path, str(number)), base, inner, False)
                    for number, inner in enumerate(value)
                    if isinstance(inner, dict | list)
                ]
            if not isinstance(value, dict):
                continue
            if not is_data and isinstance(identifier := value.get("$id"), str):
                base = joined_url(base, identifier).partition("#")[0]
                resources.setdefault(base, path)
            for key in ANCHORS if not is_data else ():
                if isinstance(anchor := value.get(key), str):
                    anchors.setdefault((base, anchor), path)
            waiting += [
                ((*path, key), base, inner, key in DATA and not is_data)
                for key, inner in value.items()
                if isinstance(inner, dict | list)
            ]
        return resources, anchors
