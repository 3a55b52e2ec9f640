"""Calls and arguments that a later release does not have any more: they work as ever, and warn."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from .operation import OperationSpec

Given = ParamSpec("Given")
Result = TypeVar("Result")


def warning_with(message: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """What `typing_extensions.deprecated` is to type checkers: the function warns where it is called."""

    def mark(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(function)
        def warning(*given: Given.args, **named: Given.kwargs) -> Result:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*given, **named)

        vars(warning)["__deprecated__"] = message  # where PEP 702 keeps it
        return warning

    return mark


if TYPE_CHECKING:  # a checker knows this module without its being installed
    from typing_extensions import deprecated as deprecated  # pyright: ignore[reportMissingModuleSource]
else:
    deprecated = warning_with


def warn_of_leaving(operation: OperationSpec, given: Mapping[str, object], *, stacklevel: int) -> None:
    """Warn of each argument that was given and that a later release does not take."""
    defaults = {parameter.key: parameter.default for parameter in operation.parameters}
    for key, release in operation.leaving:
        value = given.get(key)
        if value is not None and value != defaults[key]:
            message = f"{operation.name}() does not take {key!r} in release {release}."
            warnings.warn(message, DeprecationWarning, stacklevel=stacklevel + 1)
