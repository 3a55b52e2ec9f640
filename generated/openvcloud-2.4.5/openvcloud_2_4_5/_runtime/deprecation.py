"""Warn about operations and arguments that a later release removes. They still work."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from .operation import OperationSpec

Given = ParamSpec("Given")
Result = TypeVar("Result")


def warning_with(message: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Return a decorator that makes a function warn with a DeprecationWarning at each call, like that of PEP 702.

    `message` is the text of the warning. The function is wrapped in a new one with the attribute `__deprecated__`.
    """

    def mark(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(function)
        def warning(*given: Given.args, **named: Given.kwargs) -> Result:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*given, **named)

        vars(warning)["__deprecated__"] = message  # the attribute that PEP 702 defines
        return warning

    return mark


if TYPE_CHECKING:  # type checkers know this module even if it is not installed
    from typing_extensions import deprecated as deprecated  # pyright: ignore[reportMissingModuleSource]
else:
    deprecated = warning_with


def warn_of_removed_arguments(operation: OperationSpec, given: Mapping[str, object], *, stacklevel: int) -> None:
    """Issue a DeprecationWarning for each given argument that a later release no longer takes.

    None and the parameter's default value cause no warning. `operation.leaving` names the arguments and the releases.

    Args:
        operation: The called operation.
        given: The arguments by keyword.
        stacklevel: The stack level that the caller would pass to `warnings.warn`.
    """
    defaults = {parameter.key: parameter.default for parameter in operation.parameters}
    for key, release in operation.leaving:
        value = given.get(key)
        if value is not None and value != defaults[key]:
            message = f"{operation.name}() does not take {key!r} in release {release}."
            warnings.warn(message, DeprecationWarning, stacklevel=stacklevel + 1)
