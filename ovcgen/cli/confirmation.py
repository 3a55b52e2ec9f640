"""Ask the user for confirmation before a call that deletes or stops something."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ovcgen.cli import terminal
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError

if TYPE_CHECKING:
    from ovcgen.runtime.operation import OperationSpec

LONGEST = 300  # characters of the arguments in the question


class NeedsYes(UsageError):
    """An error: a call that destroys something can't be confirmed, because there is no terminal. Nothing was sent."""

    def __init__(self, operation: str) -> None:
        super().__init__(
            f"{operation} deletes or stops something, and there is no terminal to ask for confirmation.",
            fix="Add --yes if that is what you want; nothing was sent.",
        )


class Declined(ClientError):
    """An error: the user did not confirm the call, so it was not sent. The exit code is 1."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} was not called.", fix="Answer y, or add --yes.")


def confirm(operation: OperationSpec, arguments: Mapping[str, Any], url: str, *, is_confirmed: bool) -> None:
    """Ask the user to confirm a call that destroys something; do nothing for any other call.

    The question is printed on stderr, and a line of stdin is the answer.

    Args:
        operation: The operation to call.
        arguments: The arguments of the call by keyword; secrets are not shown, and only 300 characters of the others.
        url: The address of the service, for the question.
        is_confirmed: Whether `--yes` was passed, so that nobody is asked.

    Raises:
        NeedsYes: stdin or stderr is no terminal.
        Declined: the user did not answer `y` or `yes`, in any case.
    """
    from ovcgen.model.destructive_operations import is_destructive

    if is_confirmed or not is_destructive(operation.name, operation.method, operation.retry):
        return
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise NeedsYes(operation.name)
    question = f"Call {operation.name}{_listed(operation, arguments)} at {url}?"
    terminal.prompt(f"{question} [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Declined(operation.name)


def _listed(operation: OperationSpec, arguments: Mapping[str, Any]) -> str:
    """Return the text ` with machineId=1, ...` for the arguments of a call; "" without arguments."""
    from ovcgen.runtime.session import arguments_without_secrets

    sent = [(parameter, arguments[parameter.key]) for parameter in operation.parameters if parameter.key in arguments]
    shown = ", ".join(f"{name}={value}" for name, value in arguments_without_secrets(sent).items())
    return f" with {shown[:LONGEST]}{'...' if len(shown) > LONGEST else ''}" if shown else ""
