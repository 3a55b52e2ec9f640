"""Read long lists page by page: `for page in paginate(client.pets.list, limit=50)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from requests.utils import parse_header_links  # type: ignore[import-untyped,unused-ignore]

from .client import GroupBase
from .errors import ArgumentError, ClientError
from .operation import MISSING, OperationSpec, PageScheme, ParameterSpec
from .session import DecodedResponse
from .typeguards import is_dict, is_list
from .urls import split_url

P = ParamSpec("P")
T = TypeVar("T")


class RepeatedPage(ClientError):
    """The service sent the same page, or the same cursor or link to a next page, a second time.

    Args:
        operation: The name of the operation, such as `pets.list`.
    """

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"{operation}() gave the same page again, so that its pages would never end.",
            fix="The service ignores the position that is asked for: call the operation itself, once.",
        )


def paginate(call: Callable[P, T], /, *positional: P.args, **given: P.kwargs) -> Iterator[T]:
    """Call an operation once for each page of its result, and yield the results. A page is requested when it is needed.

    The document says how the pages are found: by the header `Link`, a cursor, an offset or a page number. The iteration
    ends after the last page. An empty last page is left out, unless it is the only one.

    Args:
        call: A method of a client, as in `paginate(client.pets.list, limit=50)`.
        positional: Must be empty: methods take keywords only.
        given: The arguments of the first call.

    Raises:
        ArgumentError: `call` is not a method of a client, the document does not say how its result is divided into
            pages or which number the first page has, or a link to the next page has an undeclared parameter.
        RepeatedPage: the service sends the same page again.

    Errors of the calls are raised unchanged. All errors are raised by the iteration, none by `paginate` itself.
    """
    del positional  # methods take keywords only; the type checker sees the signature of `call`
    group, function = paged_method(call)
    walk = PageWalk(given)
    while walk.arguments is not None:
        page: T = function(type(group)(_PagingClient(group._client, walk)), **walk.arguments)
        if walk.has_page():
            yield page


def paged_method(call: Any) -> tuple[Any, Callable[..., Any]]:
    """Return the group object that a bound method belongs to, and the function of the method.

    Raises:
        ArgumentError: `call` is not a method of a client's group.
    """
    group, function = getattr(call, "__self__", None), getattr(call, "__func__", None)
    if not isinstance(group, GroupBase) or function is None:
        name = getattr(call, "__qualname__", type(call).__name__)
        raise ArgumentError(
            f"paginate() can't make the call {name}.",
            fix="Pass a method of a client without calling it, as in paginate(client.pets.list, limit=50).",
        )
    return group, function


class PagingClientBase:
    """Base class of objects that replace a client during one call, and pass the response to the PageWalk.

    The subclasses for blocking and for asynchronous clients have a method `call`, which sends the call over the client.
    """

    def __init__(self, client: Any, walk: PageWalk) -> None:
        self._client = client
        self._walk = walk

    def __repr__(self) -> str:
        return repr(self._client)


class _PagingClient(PagingClientBase):
    """A stand-in for a blocking client during one call."""

    def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> Any:
        """Call an operation like `Client.call`, and update the PageWalk."""
        scheme = self._walk.scheme_of(operation)
        answer = self._client._answer(operation, arguments)
        self._walk.note(operation, scheme, answer)
        return self._client._value(operation, arguments, answer)


class PageWalk:
    """The state of an iteration over the pages of one operation. It sends nothing.

    Args:
        given: The caller's arguments, by keyword. They are copied.

    Attributes:
        arguments: The arguments of the next call, at first those of the caller; None after the last page.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.arguments: dict[str, Any] | None = dict(given)
        self._seen: list[Any] = []
        self._last_is_empty = False

    def scheme_of(self, operation: OperationSpec) -> PageScheme:
        """Return how the result of the operation is divided into pages.

        Raises:
            ArgumentError: the document does not say how; or pages have numbers, and neither the caller nor the document
                gives the first one.
        """
        scheme = operation.pages
        if scheme is None:
            raise ArgumentError(
                f"The document does not say how the result of {operation.name}() is divided into pages.",
                fix="Pass its arguments for each page yourself.",
            )
        if scheme.kind == "page" and self._number(operation, scheme) is None:
            raise ArgumentError(
                f"The document does not say whether the pages of {operation.name}() begin with 0 or 1.",
                fix=f"Pass the number of the first page, as in {scheme.keyword}=1.",
            )
        return scheme

    def note(self, operation: OperationSpec, scheme: PageScheme, answer: DecodedResponse) -> None:
        """Set `arguments` to those of the next call, by the response `answer` to the last one; None if it was the last.

        Raises:
            ArgumentError: the link to the next page has a parameter that the operation does not have.
            RepeatedPage: the service sent the same page, cursor or link again.
        """
        given = self.arguments or {}
        if scheme.kind == "link":
            position: Any = linked_arguments(operation, given, answer)
        elif scheme.kind == "cursor":
            cursor = member(answer.value, scheme.place)
            position = None if cursor in (None, "") else {scheme.keyword: cursor}
            if position and cursor in self._seen:
                raise RepeatedPage(operation.name)
            self._seen.append(cursor)
        else:
            position = self._counted(operation, scheme, answer.value)
        self.arguments = None if position is None else {**given, **position}

    def has_page(self) -> bool:
        """Return whether the last response is a page to yield.

        Only a page without records after other pages, found by offset or page number, is none.
        """
        return not self._last_is_empty

    def _counted(self, operation: OperationSpec, scheme: PageScheme, value: Any) -> dict[str, Any] | None:
        """Return the argument with the next offset or page number, by keyword; None if this page is empty."""
        records = member(value, scheme.place)
        if not is_list(records) or not records:
            self._last_is_empty = bool(self._seen)
            return None
        if self._seen == [records]:
            raise RepeatedPage(operation.name)
        number = self._number(operation, scheme) or 0
        self._seen = [records]
        return {scheme.keyword: number + (len(records) if scheme.kind == "offset" else 1)}

    def _number(self, operation: OperationSpec, scheme: PageScheme) -> int | None:
        """Return the offset or page number of this call: the passed one, else the declared default or minimum.

        Without any of them, an offset is 0 and a page number None.
        """
        given = (self.arguments or {}).get(scheme.keyword)
        if isinstance(given, int):
            return given
        parameter = next(parameter for parameter in operation.parameters if parameter.key == scheme.keyword)
        for value in (parameter.default, parameter.bounds[0]):
            if isinstance(value, int):
                return value
        return 0 if scheme.kind == "offset" else None


def member(value: Any, path: str) -> Any:
    """Return the member of a decoded JSON value at a dotted path of keys, such as `meta.next`.

    "" returns the value itself, an unknown path None. Positions in lists are not supported.
    """
    for name in path.split(".") if path else ():
        value = value.get(name) if is_dict(value) else None
    return value


def linked_arguments(
    operation: OperationSpec, given: Mapping[str, Any], answer: DecodedResponse
) -> dict[str, Any] | None:
    """Return the arguments in the query of the link to the next page (`rel="next"`), by keyword; None without a link.

    Their values have the types of the parameters. Lists and logins are left out, so that those of `given` are used
    again. The link itself is not followed: it may name another host.

    Raises:
        ArgumentError: the link has a parameter that the operation does not have.
        RepeatedPage: the link leads to the page that was just read.
    """
    links = parse_header_links(answer.response.headers.get("Link", ""))
    following = [link["url"] for link in links if "next" in link.get("rel", "").lower().split()]
    if not following:
        return None
    known = {parameter.name: parameter for parameter in operation.parameters if parameter.place == "query"}
    found: dict[str, Any] = {}
    for name, text in parse_qsl(split_url(following[0]).query, keep_blank_values=True):
        if name not in known:
            raise ArgumentError(
                f"The link to the next page of {operation.name}() has the parameter {name!a:.60}, "
                "which the document does not declare.",
                fix="Add it to the document, or request the pages yourself.",
            )
        parameter = known[name]
        if not parameter.login and parameter.kind != "array":  # a list stays as it was passed
            found[parameter.key] = read_argument(parameter, text)
    if all(given.get(key, MISSING) == value for key, value in found.items()):
        raise RepeatedPage(operation.name)
    return found


def read_argument(parameter: ParameterSpec, text: str) -> Any:
    """Return the text of a query field as an int, float or bool if the parameter has that type; else the text itself.

    A text that can't be converted is returned unchanged. `true` and `false` may be in upper or lower case.
    """
    try:
        match parameter.kind:
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}.get(text.lower(), text)
            case _:
                return text
    except ValueError:
        return text
