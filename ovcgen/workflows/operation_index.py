"""Read the index of an API's operations: descriptions, names to complete, and the data that a call needs.

The index is a JSON value, made by `build_operation_index` and kept by `catalog_cache`. This module imports no code that
reads documents, so that listing, describing and calling operations are much faster than with the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ovcgen._version import __version__

if TYPE_CHECKING:
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.portal import Portal

SIMILAR = 0.75
GLOB = frozenset("*?[")
Record = Mapping[str, Any]  # one operation; see `build_operation_index.record_of`


class OperationIndex:
    """The operations of one API, as they are described in an index. Reading it needs no document.

    Args:
        value: The JSON value that `build_operation_index.index_of` returns.

    Attributes:
        release: The release, or the name, of the API.
        is_portal: Whether it is the catalog of a portal.
        operations: The record of each operation by its name, such as `cloudapi.machines.create`, sorted by name.

    Raises:
        KeyError, TypeError: the value is no such index.
    """

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.release: str = value["release"]
        self.is_portal: bool = value["is_portal"]
        self.operations: Mapping[str, Record] = value["operations"]
        self._client: Mapping[str, Any] = value["client"]

    def matching(self, pattern: str = "", groups: Iterable[str] = ()) -> list[Record]:
        """Return the records of the operations of these groups (() for all) that match a pattern, in order.

        A pattern with `*`, `?` or `[` has to match the whole name, with or without its group. All words of any other
        pattern have to occur in the name or in the description. Case is ignored. "" matches all operations.
        """
        wanted = set(groups)
        return [
            record
            for name, record in self.operations.items()
            if (not wanted or name.partition(".")[0] in wanted) and _fits(record, pattern.lower())
        ]

    def nearest(self, name: str) -> str:
        """Return the name of the operation whose name is most similar to `name`; "" if none is similar enough.

        Case does not count.
        """
        by_lower = {known.lower(): known for known in self.operations}
        near = get_close_matches(name.lower(), by_lower, n=1, cutoff=SIMILAR)
        return by_lower[near[0]] if near else ""

    def operation(self, name: str) -> OperationSpec | None:
        """Return the record with which the runtime calls an operation; None if the name is unknown. Case counts.

        Raises:
            TypeError: the index is of a document of OpenAPI 3, which has no such records.
        """
        from ovcgen.runtime.operation import OperationSpec, ParameterSpec

        record = self.operations.get(name)
        if record is None:
            return None
        parameters = tuple(
            ParameterSpec(**{key: value if key == "default" else _frozen(value) for key, value in parameter.items()})
            for parameter in record["wire_parameters"]
        )
        return OperationSpec(parameters=parameters, **_frozen_members(record["call"]))

    def portal(self, url: str, **options: Any) -> Portal:
        """Return a client for the portal at `url`. `options` are further arguments of `runtime.portal.Portal`.

        No request is sent. The names of the API's keys are declared as secret for the whole process.

        Raises:
            ArgumentError: `url` is not a portal's address, or an option can't be used.
        """
        from ovcgen.runtime.adapter import checked_url
        from ovcgen.runtime.known_secrets import declare_secret
        from ovcgen.runtime.portal import Portal

        for name, place in self._client["secrets"]:
            declare_secret(name, place)
        return Portal(
            checked_url(url, "a portal"),
            agent=f"ovcgen/{__version__}",
            base_path=self._client["base_path"],
            schemes=_frozen_members(self._client["schemes"]),
            security=_frozen(self._client["security"]),
            **options,
        )


def _fits(record: Record, pattern: str) -> bool:
    name = record["operation"].lower()
    if GLOB & set(pattern):
        return fnmatchcase(name, pattern) or fnmatchcase(name.partition(".")[2], pattern)
    text = f"{name} {record['description'].lower()}"
    return all(word in text for word in pattern.split())


def _frozen_members(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _frozen(member) for name, member in value.items()}


def _frozen(value: Any) -> Any:
    """Return a JSON value with its lists, and lists inside of lists, replaced by tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
