"""Create the group and actor classes of the runtime client, with the same methods and errors as a generated SDK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ovcgen.client.method_signatures import doc_of, signature_of
from ovcgen.model import api
from ovcgen.runtime import operation as known
from ovcgen.runtime.arguments import check_names, missing_names
from ovcgen.runtime.client import Actor, Group
from ovcgen.runtime.deprecation import warning_with

Wire = Mapping[tuple[str, str], known.OperationSpec]
Actors = dict[str, dict[str, api.Operation]]
Keywords = Mapping[str, object]
Bind = Callable[[str, known.OperationSpec, tuple[object, ...], Keywords], Keywords]


class NamesReplacements:
    """A mixin for groups and actors whose AttributeError for a removed operation names the replacement."""

    _client: Any
    _dotted: str

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            client = vars(self).get("_client")  # not set yet while a copy is being made
            is_asked = client is not None and not name.startswith("_")
            if is_asked and (removal := client._removal(f"{self._dotted}.{name}")):
                what = f"{type(self).__name__!r} object has no attribute {name!r}. {removal}"
                raise AttributeError(what, name=name, obj=self)
            return super().__getattr__(name)


def check_call(qualified: str, wire: known.OperationSpec, positional: tuple[object, ...], given: Keywords) -> Keywords:
    """Check the names of a call's arguments as Python does for keyword-only ones, and return `given` itself.

    Values are not checked: a required keyword whose value is None is not missing.

    Args:
        qualified: The qualified name of the method, for errors.
        wire: The called operation.
        positional: The positional arguments; must be empty.
        given: The keyword arguments.

    Raises:
        TypeError: a positional argument, an unknown keyword, or a missing required one.
    """
    if positional:
        raise TypeError(f"{qualified}() {_too_many(wire, len(positional) + 1, given)}")
    check_names(wire, given, given=given)
    if missing := missing_names(wire, given):
        raise TypeError(f"{wire.name}() {missing}")
    return given


def group_classes(model: api.Api, wire: Wire, bind: Bind = check_call) -> dict[str, type[Group]]:
    """Return a new subclass of Group for each group of operations, by the name of the group.

    Each actor is an attribute of its group, created at its first use. Operations without an actor are methods of the
    group itself. Only `model.callable_operations` become methods.

    Args:
        model: The API.
        wire: The runtime's records of the operations by (method, path).
        bind: Returns the arguments of a call by keyword, and raises TypeError as Python would; the arguments are those
            of `check_call`.
    """
    groups: dict[str, Actors] = {}
    for operation in model.callable_operations:
        groups.setdefault(operation.group, {}).setdefault(operation.actor, {})[operation.name] = operation
    return {name: _group_class(name, actors, wire, bind) for name, actors in groups.items()}


def _group_class(name: str, actors: Actors, wire: Wire, bind: Bind) -> type[Group]:
    class_name = f"{_class_name(name)}Group"
    members = _methods(class_name, actors.get("", {}), wire, bind)
    for actor in actors.keys() - {""}:
        kind = type(
            _class_name(actor),
            (NamesReplacements, Actor),
            {**_methods(_class_name(actor), actors[actor], wire, bind), "_dotted": f"{name}.{actor}"},
        )
        members[actor] = _attribute(kind, actor)
    return type(class_name, (NamesReplacements, Group), {**members, "_dotted": name})


def _attribute(kind: type[Actor], name: str) -> Any:
    attribute = cached_property(lambda group: kind(group._client))
    attribute.__set_name__(kind, name)
    return attribute


def _methods(owner: str, operations: Mapping[str, api.Operation], wire: Wire, bind: Bind) -> dict[str, Any]:
    return {
        name: _method(owner, operation, wire[operation.method, operation.path], bind)
        for name, operation in operations.items()
    }


def _method(owner: str, operation: api.Operation, wire: known.OperationSpec, bind: Bind) -> Callable[..., Any]:
    """Return a method with the name, signature, documentation and TypeErrors of a generated one."""
    qualified = f"{owner}.{operation.name}"

    def method(self: Group, /, *positional: object, **given: object) -> Any:
        return self._client.call(wire, bind(qualified, wire, positional, given))

    method.__name__ = operation.name
    method.__qualname__ = qualified
    method.__doc__ = doc_of(operation)
    method.__signature__ = signature_of(operation)  # type: ignore[attr-defined]
    return warning_with(operation.deprecation)(method) if operation.deprecation else method


def _too_many(wire: known.OperationSpec, count: int, given: Mapping[str, object]) -> str:
    """Return Python's message about positional arguments, with an example of a keyword."""
    keywords = len(wire.known & given.keys())
    named = f"{keywords} keyword-only argument{'' if keywords == 1 else 's'}"
    counted = f"{count} positional arguments (and {named})" if keywords else str(count)
    free = [key for key in (*wire.required, *sorted(wire.known)) if key not in given][:1]
    example = f", as in {free[0]}=..." if free else "."
    return f"takes 1 positional argument but {counted} were given. Pass each argument by its name{example}"


def _class_name(name: str) -> str:
    return name[:1].upper() + name[1:]
