# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""A service as a caller sees it: the object behind `client.<group>.<actor>.<method>(...)`, of both kinds of client."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .arguments import check_names, check_values
from .deprecation import warn_of_leaving
from .downloads import checked_target
from .errors import ArgumentError, ListCapped
from .filling import Sent
from .kinds import is_list
from .logins import Auth, Security
from .operation import ASYNC, TO, Operation
from .tasks import Task
from .transport import Answer, Session
from .vanished import missing_attribute, missing_keyword

NONE: Mapping[str, object] = {}
NO_SCHEMES: Mapping[str, tuple[str, ...]] = {}
GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


class Client:
    """One running service. Safe to use from several threads; `with` closes its connections."""

    login_hint = ""  # a login to pass, as Python; "" for what the document declares

    def __init__(
        self,
        url: str,
        *,
        auth: Auth = None,
        base_path: str = "",
        timeout: float = 300.0,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        agent: str = "ovcgen",
        schemes: Mapping[str, tuple[str, ...]] = NO_SCHEMES,
        security: Security = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._session = Session(
            self.url + base_path,
            auth=auth,
            timeout=timeout,
            verify=verify,
            cert=cert,
            agent=agent,
            logins=(schemes, security),
            hint=self.login_hint,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError("A client holds connections and can't be pickled; open one in each process.")

    if not TYPE_CHECKING:  # for a checker, what is missing stays missing

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(missing_attribute(type(self), type(self), name), name=name, obj=self)

    def close(self) -> None:
        """Close the connections; tasks go on."""
        self._session.close()

    def call(self, operation: Operation, arguments: Mapping[str, object], unknown: Mapping[str, object] = NONE) -> Any:
        """Check and send one call; a Task where `_async` is true, the path of the file where `_to` names one, else
        its value.

        Raises TypeError for a name in `unknown`, ArgumentError for a value that can't be sent, and the errors of
        the answer.
        """
        if unknown:
            check_names(operation, unknown, lambda name: missing_keyword(type(self), operation.name, name))
        as_task = arguments.get(ASYNC)
        if as_task is not None and not isinstance(as_task, bool):
            raise ArgumentError(f"{operation.name}() takes True or False for {ASYNC!r}.", fix="Pass a boolean.")
        sent = check_values(operation, arguments)
        if operation.leaving:
            warn_of_leaving(operation, arguments, stacklevel=3)
        if (to := arguments.get(TO)) is not None:
            return self.exchange(operation, sent, to=checked_target(operation, to)).value
        answer = self.exchange(operation, sent, as_task=bool(as_task))
        if not as_task:
            if operation.capped and is_list(answer.value) and len(answer.value) >= operation.capped:
                warnings.warn(ListCapped(operation.name, operation.capped), stacklevel=3)
            return answer.value
        if isinstance(answer.value, str) and GUID.fullmatch(answer.value):
            task: Task[Any] = Task(self, answer.value)
            return task
        return Task.ended(self, answer.value)

    def exchange(self, operation: Operation, sent: Sent, *, as_task: bool = False, to: Path | None = None) -> Answer:
        """Send values that have been checked; a file goes to `to`. The runtime client does this through bravado."""
        return self._session.exchange(operation, sent, as_task=as_task, to=to)


class Group:
    """A group of calls or actors, such as `client.pets`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            client = vars(self).get("_client")  # not there while a copy is being made
            raise AttributeError(missing_attribute(type(client), type(self), name), name=name, obj=self)


class Actor(Group):
    """The calls on one kind of object, such as `client.pets.orders`."""
