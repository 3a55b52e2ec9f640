"""Let calls without a required keyword reach our own check, which suggests the keyword that was misspelt."""

from __future__ import annotations

from types import FunctionType
from typing import get_overloads

from .operation import MISSING, TO


def accept_absent(owner: type) -> None:
    """Give the required keywords of a class's methods the default MISSING, in place and at run time only.

    Python itself would refuse the call before the method runs, and can't suggest `machineId` for `machine_id`. For type
    checkers, and for `inspect.signature` (which follows `__wrapped__`), the keyword stays required. A method with
    overloads takes any keywords; `inspect.signature` shows its last overload.
    """
    for method in list(vars(owner).values()):
        function = _undecorated(method)
        if not isinstance(function, FunctionType):
            continue
        overloads = [_undecorated(overload) for overload in get_overloads(function)]
        if overloads:
            vars(function)["__wrapped__"] = _widest(
                [overload for overload in overloads if isinstance(overload, FunctionType)]
            )
        else:
            _accept_absent(function)


def _undecorated(method: object) -> object:
    return getattr(method, "__wrapped__", method)  # a deprecated method is wrapped


def _widest(overloads: list[FunctionType]) -> FunctionType:
    """Return the last overload, changed so that it covers the others: its keyword has a default."""
    shown = overloads[-1]
    defaults, annotations = shown.__kwdefaults__ or {}, shown.__annotations__
    switches = [name for name, kind in annotations.items() if name[0] == "_" and kind in ("bool", bool)]
    if switches:
        shown.__kwdefaults__ = {**defaults, **dict.fromkeys(switches, False)}
    if TO in annotations:
        shown.__kwdefaults__ = {**defaults, TO: None}
        returned = dict.fromkeys(overload.__annotations__["return"] for overload in overloads)
        shown.__annotations__ = {**annotations, TO: f"{annotations[TO]} | None", "return": " | ".join(returned)}
    return shown


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
