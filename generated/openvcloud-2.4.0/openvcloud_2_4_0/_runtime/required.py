"""Let calls without a required keyword reach our own check, which suggests the keyword that was misspelt."""

from __future__ import annotations

from types import FunctionType

from .operation import MISSING


def accept_absent(owner: type) -> None:
    """Give the required keywords of a class's methods the default MISSING, at run time only.

    Python itself would refuse the call before the method runs, and can't suggest `machineId` for `machine_id`. For type
    checkers, and for `inspect.signature` (which follows `__wrapped__` to an unchanged copy), the keyword stays
    required.
    """
    for method in list(vars(owner).values()):
        function = getattr(method, "__wrapped__", method)  # a deprecated method is wrapped
        if isinstance(function, FunctionType):
            _accept_absent(function)


def _accept_absent(function: FunctionType) -> None:
    code, defaults = function.__code__, function.__kwdefaults__ or {}
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    if all(name in defaults for name in names):
        return
    shown = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    shown.__kwdefaults__, shown.__annotations__ = function.__kwdefaults__, function.__annotations__
    shown.__doc__, shown.__qualname__, shown.__module__ = function.__doc__, function.__qualname__, function.__module__
    function.__kwdefaults__ = {name: defaults.get(name, MISSING) for name in names}
    vars(function)["__wrapped__"] = shown
