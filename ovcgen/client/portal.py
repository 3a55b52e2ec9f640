"""`portal.<group>.<actor>.<method>(...)` over whatever the portal serves today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from ovcgen.client import bravado_wire
from ovcgen.client.signatures import doc_of, signature_of
from ovcgen.model import api
from ovcgen.model.wire import wire_operation
from ovcgen.runtime import arguments, tasks
from ovcgen.runtime.arguments import check_names, missing_names
from ovcgen.runtime.portal import Actor, Group, Portal
from ovcgen.runtime.transport import Answer, Sent
from ovcgen.spec import Document


class Corrections(NamedTuple):
    """Which release the catalog looks like, and which of its corrections did not fit and were left out."""

    release: str
    exact: bool
    skipped: tuple[str, ...]


class RuntimePortal(Portal):
    """A portal whose calls go through bravado; `.swagger` is bravado's own client, `.corrections` says what was put
    right in the catalog."""

    def __init__(
        self,
        url: str,
        model: api.Api,
        document: Document,
        *,
        corrections: Corrections,
        **options: Any,
    ) -> None:
        super().__init__(url, base_path=model.base_path, agent="ovcgen", **options)
        self.release = corrections.release
        self.corrections = corrections
        self._document = document
        self._wire = {(each.method, each.path): wire_operation(each) for each in model.operations}
        self._groups = _groups(model)
        self._found: dict[arguments.Operation, Any] = {}

    def __getattr__(self, name: str) -> Any:
        groups = self.__dict__.get("_groups", {})
        if name.startswith("_") or name not in groups:
            known = ", ".join(sorted(groups)) or "none"
            raise AttributeError(
                f"This portal was opened without a group {name!r}; it has: {known}. "
                f"Name it in connect(..., groups=[...])."
            )
        group = _group_class(name, groups[name], self._wire)(self)
        self.__dict__[name] = group
        return group

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._groups]

    def __reduce__(self) -> Any:
        raise TypeError("A portal holds connections and can't be pickled; open one in each process.")

    @cached_property
    def swagger(self) -> Any:
        """bravado's own SwaggerClient; it sends through the same session."""
        operations = {**{(each.method, each.path): each for each in (tasks.GET, tasks.KILL)}, **self._wire}
        return bravado_wire.swagger_client(self._document, self._session, operations)

    def exchange(self, operation: arguments.Operation, sent: Sent, *, as_task: bool = False) -> Answer:
        """Send values that have been checked, through bravado."""
        if operation not in self._found:
            found = self.swagger.swagger_spec.get_op_for_request(operation.method, operation.path)
            if found is None:
                return super().exchange(operation, sent, as_task=as_task)
            self._found[operation] = found
        return bravado_wire.call(self._found[operation], sent, as_task=as_task)


Methods = dict[str, dict[str, api.Operation]]


def _groups(model: api.Api) -> dict[str, Methods]:
    groups: dict[str, Methods] = {}
    for operation in model.callable_operations:
        groups.setdefault(operation.group, {}).setdefault(operation.actor, {})[operation.name] = operation
    return groups


def _group_class(name: str, actors: Methods, wire: dict[tuple[str, str], arguments.Operation]) -> type[Group]:
    """A class for one group: actors as attributes, and the operations of documents that have no actors."""
    members: dict[str, Any] = {}
    for actor, operations in actors.items():
        if actor:
            members[actor] = _attribute(_actor_class(actor, operations, wire), actor)
        else:
            members.update(_methods(_class_name(name), operations, wire))
    return type(_class_name(name), (Group,), members)


def _attribute(kind: type[Actor], name: str) -> Any:
    attribute = cached_property(lambda group: kind(group._portal))
    attribute.__set_name__(kind, name)
    return attribute


def _actor_class(
    name: str, operations: dict[str, api.Operation], wire: dict[tuple[str, str], arguments.Operation]
) -> type[Actor]:
    return type(_class_name(name), (Actor,), _methods(_class_name(name), operations, wire))


def _methods(
    owner: str, operations: dict[str, api.Operation], wire: dict[tuple[str, str], arguments.Operation]
) -> dict[str, Callable[..., Any]]:
    return {
        name: _method(owner, operation, wire[operation.method, operation.path])
        for name, operation in operations.items()
    }


def _method(owner: str, operation: api.Operation, wire: arguments.Operation) -> Callable[..., Any]:
    """A function that looks and complains like one written by hand."""
    qualified = f"{owner}.{operation.name}"

    def method(self: Group, *positional: object, **given: object) -> Any:
        if positional:
            raise TypeError(f"{qualified}() takes 1 positional argument but {len(positional) + 1} were given")
        if missing := missing_names(wire, given):
            raise TypeError(f"{qualified}() {missing}")
        check_names(wire, given)
        return self._portal.call(wire, given)

    method.__name__ = operation.name
    method.__qualname__ = qualified
    method.__doc__ = doc_of(operation)
    method.__signature__ = signature_of(operation)  # type: ignore[attr-defined]
    return method


def _class_name(name: str) -> str:
    return name[:1].upper() + name[1:]
