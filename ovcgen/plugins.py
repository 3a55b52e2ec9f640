"""Load plugins, which are values that other distributions declare as entry points.

`ovcgen.auth`      functions that return a login for the variables of the environment; OVCGEN_AUTH names the one to use
`ovcgen.dialects`  values of `ovcgen.normalise.dialect.Dialect`
`ovcgen.rules`     values of `ovcgen.diff.rules.registry.RuleTables`

A plugin that fails is an error with the plugin's name and distribution. It is never skipped silently, because a
comparison without the plugin's rules would miss changes.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

SWITCH = "OVCGEN_NO_PLUGINS"  # environment variable: any value turns all plugins off
GROUPS = ("ovcgen.auth", "ovcgen.dialects", "ovcgen.rules")
ANY_VALUE = object  # the class of every value, for `load`


class BrokenPlugin(UsageError):
    """An error: a plugin can't be loaded or has failed.

    Args:
        plugin: The entry point.
        reason: The rest of the sentence after the plugin's name, such as `is no function`.
    """

    def __init__(self, plugin: EntryPoint, reason: str) -> None:
        super().__init__(
            f"The plugin {described(plugin)} {reason}.",
            fix=f"Uninstall it or install another version, or set {SWITCH}=1 to run without plugins.",
        )


class UnknownPlugin(UsageError):
    """An error: no installed plugin of the group has that name.

    Args:
        group: The group, such as `ovcgen.auth`.
        name: The unknown name.
        known: The names of the group's plugins that are installed; the message lists them.
    """

    def __init__(self, group: str, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no plugin {name[:60]!a} in {group}.",
            fix=f"Installed are {', '.join(known)}." if known else "None is installed.",
        )


def described(plugin: EntryPoint) -> str:
    """Return a text with name, group and distribution of a plugin, such as `acme of ovcgen.rules (acme-rules 1.2)`."""
    origin = f" ({plugin.dist.name} {plugin.dist.version})" if plugin.dist else ""
    return f"{plugin.name} of {plugin.group}{origin}"


@cache
def installed(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group such as `ovcgen.rules`, sorted by name. No plugin is loaded.

    () if there are none, or if the environment variable OVCGEN_NO_PLUGINS is set and not empty. The answer is kept for
    the rest of the process.
    """
    if os.environ.get(SWITCH) or not any(map(_has_plugins, sys.path)):
        return ()
    from importlib.metadata import entry_points  # costs 20 ms, most of it for e-mail

    return tuple(sorted(entry_points(group=group), key=lambda plugin: plugin.name))


def _has_plugins(folder: str) -> bool:
    """Return whether a distribution in this folder of sys.path declares entry points for ovcgen."""
    try:
        names = [name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info", "EGG-INFO"))]
    except OSError:
        return False
    return any(_declares(Path(folder, name, "entry_points.txt")) for name in names)


def _declares(file: Path) -> bool:
    try:
        return b"[ovcgen." in file.read_bytes()
    except OSError:
        return False


def load(plugin: EntryPoint, kind: Any = None) -> Any:
    """Import a plugin and return the object that its entry point names. Importing runs the plugin's code.

    Args:
        plugin: The entry point.
        kind: The class of which the object must be an instance; None for any callable.

    Raises:
        BrokenPlugin: the plugin can't be imported, or the object is no instance of `kind` or not callable.
    """
    try:
        value = plugin.load()
    except Exception as error:
        raise BrokenPlugin(plugin, f"can't be loaded: {_said(error)}") from error
    if not (callable(value) if kind is None else isinstance(value, kind)):
        raise BrokenPlugin(plugin, f"is no {'function' if kind is None else kind.__name__}")
    return value


def load_named(group: str, name: str) -> tuple[EntryPoint, Any]:
    """Load the plugin of that name in a group, and return (its entry point, its function). Case counts.

    Raises:
        UnknownPlugin: no plugin of the group has that name.
        BrokenPlugin: the plugin can't be loaded, or is no function.
    """
    known = {plugin.name: plugin for plugin in installed(group)}
    if name not in known:
        raise UnknownPlugin(group, name, list(known))
    return known[name], load(known[name])


def guarded(plugin: EntryPoint, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrapper of a plugin's function that raises BrokenPlugin for the function's exceptions.

    Errors of ovcgen (ClientError) are raised unchanged. `plugin` is named in the error. The wrapper of a generator
    function also does this while its items are read.
    """
    if inspect.isgeneratorfunction(function):

        @wraps(function)
        def generate(*arguments: Any, **keywords: Any) -> Iterator[Any]:
            try:
                yield from function(*arguments, **keywords)
            except Exception as error:
                raise _failed(plugin, error) from error

        return generate

    @wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        try:
            return function(*arguments, **keywords)
        except Exception as error:
            raise _failed(plugin, error) from error

    return call


def _failed(plugin: EntryPoint, error: Exception) -> Exception:
    """Return the error to raise for a plugin's exception: a ClientError unchanged, any other one as BrokenPlugin."""
    return error if isinstance(error, ClientError) else BrokenPlugin(plugin, f"has failed: {_said(error)}")


def _said(error: Exception) -> str:
    """Return the type of an error and its message in one line."""
    message = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}{f', {message}' if message else ''}".rstrip(".")
