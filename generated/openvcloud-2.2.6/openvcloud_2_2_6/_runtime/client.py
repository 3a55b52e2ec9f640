"""Define the base classes of clients: `client.<group>.<actor>.<method>(...)`.

Generated SDKs and the runtime client both inherit from these classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from .accept_absent_keywords import accept_absent
from .arguments import check_names, check_values, is_on
from .deprecation import warn_of_removed_arguments
from .errors import ArgumentError, OutcomeUnknown
from .login_selection import AnyLogin, Security
from .operation import TO, OperationSpec
from .policy import RETRIES, TIMEOUT, CallLimits, checked_limits
from .request_building import Sent
from .session import DecodedResponse, Session
from .unknown_names import missing_attribute, missing_keyword

if TYPE_CHECKING:
    from .full_response import FullResponse

P = ParamSpec("P")
T = TypeVar("T")
NO_SCHEMES: Mapping[str, tuple[str, ...]] = {}


class ClientBase:
    """The base class of the blocking and the asynchronous client of one running service.

    Args:
        url: The address of the service, without the API's base path.
        auth: One login, several logins, a dict of logins by scheme name, or None.
        base_path: The path of the API below `url`.
        timeout: Seconds for one call, with its retries and logins.
        retries: The largest number of repetitions of a call. Only what is safe is repeated.
        verify: False to skip certificate checks, or the path of a CA bundle; True for the usual one.
        cert: The client certificate: one path, or a pair (certificate, key).
        agent: The name and version of the client, for the User-Agent header.
        app_id: The name of the application, put before `agent`; "" takes the environment variable OVCGEN_APP_ID.
        schemes: The security schemes that the document declares, by name.
        security: The security requirements for operations without their own; None if the document has none.
        other_address: Returns the address of an operation that has servers of its own; see `servers.other_addresses`.

    Raises:
        ArgumentError: one of the options can't be used.
    """

    _session_class: Any = Session
    _login_hint = ""  # Python code of a login to suggest in errors; "": the schemes of the document

    def __init__(
        self,
        url: str,
        *,
        auth: AnyLogin = None,
        base_path: str = "",
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        agent: str = "ovcgen",
        app_id: str = "",
        schemes: Mapping[str, tuple[str, ...]] = NO_SCHEMES,
        security: Security = None,
        other_address: Callable[[Any], str] | None = None,
    ) -> None:
        self.url = str(url).rstrip("/")
        self._session = self._session_class(
            self.url + base_path,
            auth=auth,
            timeout=timeout,
            retries=retries,
            verify=verify,
            cert=cert,
            agent=agent,
            app_id=app_id,
            logins=(schemes, security),
            hint=self._login_hint,
            other_address=other_address,
        )
        self._limits = self._session.limits

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("A client holds connections and can't be pickled; open one in each process.")

    if not TYPE_CHECKING:  # hidden from type checkers, so that they still report missing attributes

        def __getattr__(self, name: str) -> Any:
            raise missing_attribute(type(self), self, name)

    def with_options(self, *, timeout: float | None = None, retries: int | None = None) -> Self:
        """Return a copy of the client with other limits. This client keeps its own; both share connections and logins.

        Example: `client.with_options(timeout=5, retries=0).pets.list()`.

        Args:
            timeout: Seconds for one call; None for those of this client.
            retries: The largest number of repetitions; None for that of this client.

        Raises:
            ArgumentError: `timeout` or `retries` is not a valid number.
        """
        limits = checked_limits(
            self._limits.timeout if timeout is None else timeout, self._limits.retries if retries is None else retries
        )
        twin = object.__new__(type(self))
        bound = {name for name, value in vars(self).items() if self in getattr(value, "__dict__", {}).values()}
        twin.__dict__.update({name: value for name, value in vars(self).items() if name not in bound}, _limits=limits)
        return twin

    def _checked(
        self, operation: OperationSpec, arguments: Mapping[str, object]
    ) -> tuple[Sent, tuple[str, ...], Path | None]:
        """Return the checked values of a call, the switches that are on, and the file to write to or None."""
        if not arguments.keys() <= operation.known:
            check_names(operation, arguments, lambda name: missing_keyword(type(self), operation.name, name), arguments)
        switches = [name for name in operation.switches if is_on(operation, name, arguments)]
        sent = check_values(operation, arguments)
        if operation.leaving:
            warn_of_removed_arguments(operation, arguments, stacklevel=5)
        if (to := arguments.get(TO)) is not None:
            from .download import checked_target  # few calls write to a file

            return sent, (), checked_target(operation, to)
        return sent, tuple(switches), None

    def _value(self, operation: OperationSpec, arguments: Mapping[str, object], answer: DecodedResponse) -> Any:
        """Return the result of a call: the decoded value."""
        del operation, arguments
        return answer.value

    def _bound(self, call: Any) -> tuple[Any, Callable[..., Any]]:
        """Return the group that a call of this client belongs to, and its function.

        Raises:
            ArgumentError: it is not a method of one of this client's groups.
        """
        group = getattr(call, "__self__", None)
        function = getattr(call, "__func__", None)
        if not isinstance(group, GroupBase) or function is None or vars(group).get("_client") is not self:
            raise ArgumentError(
                f"with_response() can't make the call {getattr(call, '__qualname__', type(call).__name__)}.",
                fix="Pass a call of this client without calling it, as in client.with_response(client.pets.get, id=1).",
            )
        return group, function


class Client(ClientBase):
    """The blocking client of one running service. It is thread-safe; leaving a `with` block closes its connections.

    Arguments and errors are those of ClientBase.
    """

    _session: Session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. The client can still be used: the next call opens new ones."""
        self._session.close()

    def reconcile(self, error: OutcomeUnknown) -> list[Any]:
        """Return the objects with the name that a lost call was to create: none, the new one, or several.

        It calls the operation `list` beside the lost one, now. An object that is being created may appear only later.

        Raises:
            ArgumentError: there is no such operation, it needs arguments that the lost call did not have, or the lost
                call named no object.
            ClientError: the list could not be read.
        """
        from .created_object_search import objects_named_in

        return objects_named_in(self, error)

    def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> T:  # type: ignore[type-var,unused-ignore] # pyright: ignore[reportInvalidTypeVarUse]
        """Check the arguments, send one call and return its result.

        The result is the decoded value; with `_to` it is the path of the written file, with `_stream=True` a Stream.
        Subclasses may know more switches with results of their own. The type of the result is the one that the caller
        expects; nothing checks it.

        Args:
            operation: The operation to call.
            arguments: The values by keyword; None means "not passed".

        Raises:
            TypeError: an unknown keyword, or a required one is missing.
            ArgumentError: a value can't be sent.
            ApiError: the service refused the call.
            TransportError: no response, and repeating is safe.
            OutcomeUnknown: no readable response, and the call may have been executed.
            DecodeError: the response of a reading call can't be decoded, or is too large.
        """
        value: T = self._value(operation, arguments, self._answer(operation, arguments))
        return value

    def with_response(self, call: Callable[P, T], /, *positional: P.args, **given: P.kwargs) -> FullResponse[T]:
        """Make a call of this client and return its result with the status and the headers of the response.

        Example: `client.with_response(client.pets.create, body={"name": "Rex"}).headers["Location"]`. Errors of the
        call are raised unchanged.

        Raises:
            ArgumentError: `call` is not a method of one of this client's groups.
        """
        from .full_response import FullResponse

        group, function = self._bound(call)
        noting = _Noting(self, self._answer, self._value)
        value: T = function(type(group)(noting), *positional, **given)
        return FullResponse(value, noting.status, noting.headers)

    def _answer(self, operation: OperationSpec, arguments: Mapping[str, object]) -> DecodedResponse:
        """Check the arguments, send one call and return the decoded response."""
        sent, switches, to = self._checked(operation, arguments)
        return self.exchange(operation, sent, switches=switches, to=to)

    def exchange(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send checked values and return the decoded response; write a file to `to` if it is given.

        `sent` are the (parameter, checked value) pairs. `switches` are the switches of the operation that are on.
        `limits` are the timeout and retries of this call; None for those of this client. The errors are those of
        `Session.exchange`. The runtime client overrides this method and sends through bravado.
        """
        return self._session.exchange(operation, sent, switches=switches, to=to, limits=limits or self._limits)


class _Noting:
    """Replaces the client during one call and keeps the status and the headers of the response."""

    def __init__(self, client: Client, answer: Callable[..., DecodedResponse], value: Callable[..., Any]) -> None:
        self._client = client
        self._answer = answer
        self._value = value
        self.status = 0
        self.headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return repr(self._client)

    def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> Any:
        """Do the same as `Client.call`, and keep the status and the headers."""
        answer = self._answer(operation, arguments)
        self.status, self.headers = answer.status, answer.response.headers
        return self._value(operation, arguments, answer)


class GroupBase:
    """The base class of Group and AsyncGroup.

    An unknown attribute raises AttributeError; for a removed one, the message names the replacement. Required keywords
    of a subclass's methods get the default MISSING; see `accept_absent`.
    """

    _client: Any

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    if not TYPE_CHECKING:

        def __init_subclass__(cls, **options: Any) -> None:
            super().__init_subclass__(**options)
            accept_absent(cls)

        def __getattr__(self, name: str) -> Any:
            client = vars(self).get("_client")  # not set yet while a copy is being made
            raise missing_attribute(type(client), self, name)


class Group(GroupBase):
    """A group of operations or actors of a blocking client, such as `client.pets`."""

    _client: Client

    def __init__(self, client: Client) -> None:
        self._client = client


class Actor(Group):
    """The operations on one kind of object of a blocking client, such as `client.pets.orders`."""
