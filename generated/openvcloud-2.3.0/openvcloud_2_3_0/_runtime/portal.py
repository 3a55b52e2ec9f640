"""Define the client of an OpenvCloud portal: calls can run as tasks, which are found again by guid."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import portal_encoding as portal_encoding  # adds how a portal reads values to `encoding`
from . import portal_validators as portal_validators  # adds the portal's rules to those of `arguments`
from .arguments import check_values
from .client import Client, ClientBase
from .errors import OutcomeUnknown
from .operation import TO, OperationSpec
from .policy import CREATING
from .portal_auth import PORTAL_ROOT
from .portal_errors import ListCapped
from .session import DecodedResponse, arguments_without_secrets
from .typeguards import is_list

if TYPE_CHECKING:
    from .tasks import Task

OK = 200
ASYNC = "_async"  # the switch that runs a call as a task
GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


class PortalBase(ClientBase):
    """The base class of Portal and AsyncPortal, the clients of an OpenvCloud portal.

    It takes the arguments of `ClientBase`; `base_path` is the path of the portal's API, by default `/restmachine`.
    """

    _login_hint = "ItsYouOnline.from_env()"

    def __init__(self, url: str, *, base_path: str = PORTAL_ROOT, **options: Any) -> None:
        super().__init__(url, base_path=base_path, **options)

    def _task_class(self) -> Any:
        """Return the class of the tasks of this client."""
        raise NotImplementedError

    def _task(self, guid: str) -> Any:
        """Return the task with that guid; raise ArgumentError if it is not a non-empty string."""
        from .tasks import GET

        [(_, checked)] = check_values(GET, {"taskguid": guid})
        return self._task_class()(self, checked)

    def _value(self, operation: OperationSpec, arguments: Mapping[str, object], answer: DecodedResponse) -> Any:
        """Return the result of a call: the decoded value, or a Task. Warn with ListCapped if the list may be cut."""
        if not arguments.get(ASYNC) or arguments.get(TO) is not None:
            if operation.capped and is_list(answer.value) and len(answer.value) >= operation.capped:
                warnings.warn(ListCapped(operation.name, operation.capped), stacklevel=4)
            return answer.value
        if isinstance(answer.value, str) and re.fullmatch(GUID, answer.value):
            return self._task_class()(self, answer.value, call=(operation, _ids(arguments)))
        is_word = isinstance(answer.value, str) and operation.retry == CREATING  # such as "OK"
        if answer.status != OK or answer.value is None or is_word:
            raise _no_guid(operation, arguments, answer)
        return self._task_class().ended(self, answer.value)


class Portal(PortalBase, Client):
    """The blocking client of one running OpenvCloud portal.

    It takes the arguments of `ClientBase`; `base_path` is the path of the portal's API, by default `/restmachine`.
    """

    def _task_class(self) -> Any:
        from .tasks import Task

        return Task

    def task(self, guid: str) -> Task[Any]:
        """Return a Task for that guid, without a request. The task may have been started by another process.

        Whether the portal knows the task shows at its first poll.

        Raises:
            ArgumentError: the guid is not a non-empty string.
        """
        task: Task[Any] = self._task(guid)
        return task


def _ids(arguments: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments that may be ids of objects: numbers, so that no secret is kept."""
    return {name: value for name, value in arguments.items() if isinstance(value, int) and not isinstance(value, bool)}


def _no_guid(operation: OperationSpec, arguments: Mapping[str, object], answer: DecodedResponse) -> OutcomeUnknown:
    """Return the error for a call that was to run as a task and has answered neither a guid nor a result."""
    error = OutcomeUnknown(
        f"{operation.place} answered no task: status {answer.status} and {answer.value!a:.60}.",
        fix="It may have been carried out: look at the object before you repeat the call.",
        operation=operation.name,
        seen=f"status {answer.status}",
    )
    error.arguments = arguments_without_secrets(
        (parameter, arguments.get(parameter.key)) for parameter in operation.parameters if parameter.key in arguments
    )
    return error
