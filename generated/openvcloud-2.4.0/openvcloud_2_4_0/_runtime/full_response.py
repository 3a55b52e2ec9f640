"""Define the result of `with_response`: the value, the status and the headers of a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Headers(Mapping[str, str]):
    """The headers of a response: a mapping with case-insensitive names that can't be changed.

    Iteration yields the names as the service spelled them. The repr shows no values: some headers hold secrets.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name.lower(): (name, value) for name, value in values.items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Headers {', '.join(self)}>"


class FullResponse(Generic[T]):
    """The result of one call, with the status and the headers of its response.

    Attributes:
        value: What the call itself returns.
        status: The HTTP status, such as 201.
        headers: The headers, by case-insensitive name: `headers.get("Location")`. Cookies are left out.
    """

    __slots__ = ("headers", "status", "value")

    def __init__(self, value: T, status: int, headers: Mapping[str, str]) -> None:
        self.value = value
        self.status = status
        self.headers = Headers(headers)

    def __repr__(self) -> str:
        return f"<FullResponse {self.status}, {self.headers!r}>"
