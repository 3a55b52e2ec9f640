"""Match the operations and keywords of two releases."""

from __future__ import annotations

from functools import cached_property

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import Change
from ovcgen.diff.pairing import path_without_names
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Reference, Schema
from ovcgen.usage.api_index import ApiIndex

RENAMED = {"operation.renamed", "operation.moved"}


class ReleasePair:
    """Two releases and the changes between them.

    Args:
        old: The API of the old release, which the project was written for.
        new: The API of the new release.
        changes: The changes from old to new.
        behaviours: Differences in behaviour of operations that both releases have.

    Attributes:
        old_api, new_api: The APIs.
        old, new: Names of the releases.
        changes: The changes from old to new.
        behaviours: Differences in behaviour of operations that both releases have.
        api_index: The Python names of the old release.
    """

    def __init__(
        self, old: Api, new: Api, changes: tuple[Change, ...], behaviours: tuple[BehaviourChange, ...] = ()
    ) -> None:
        self.old_api, self.new_api = old, new
        self.old, self.new = old.release, new.release
        self.changes = changes
        self.behaviours = behaviours
        self.api_index = ApiIndex(old)
        self._resolvers = {False: Resolver(old.schemas), True: Resolver(new.schemas)}

    @cached_property
    def successors(self) -> dict[str, Operation]:
        """Return the new operation for each old one, by the old operation's method and path (`POST /pets`).

        It is the one to which a change says that the old one moved, else the one with the same Python name, else with
        the same path, also with other names of path parameters. Operations that the new release removed are missing.
        """
        by_place = {operation.place: operation for operation in self.new_api.callable_operations}
        by_name = {operation.dotted: operation for operation in self.new_api.callable_operations}
        by_shape = {_shape(operation): operation for operation in self.new_api.callable_operations}
        found = {}
        for operation in self.old_api.callable_operations:
            place, name = by_place.get(operation.place), by_name.get(operation.dotted)
            if new := name or place or by_shape.get(_shape(operation)):
                found[operation.place] = new
        for change in self.changes:
            new = by_place.get(_value(change.after)) if change.id in RENAMED else None
            if new and change.operation:
                found[change.operation] = new
        return found

    @cached_property
    def renamed_keys(self) -> dict[tuple[str, str], str]:
        """Return the new Python keywords of renamed parameters, by (operation, old keyword).

        The operation is the method and path in the old release, as in `POST /pets`.
        """
        found = {}
        for change in self.changes:
            if change.id not in ("parameter.renamed", "path-parameter.renamed", "body.renamed"):
                continue
            old = self.old_api.operation(change.location.method, change.location.path)
            new = self.successors.get(old.place) if old else None
            before, after = _value(change.before), _value(change.after)
            was, now = _parameter(old, before, change), _parameter(new, after, change)
            if old and was and now:
                found[old.place, was.key] = now.key
        return found

    def sent(self, operation: Operation, key: str, member: str, *, new: bool) -> Schema | None:
        """Return the resolved schema of a parameter or of a part of it; None if the operation lacks the parameter.

        Args:
            operation: An operation of the old release, or of the new one if `new` is true.
            key: The Python keyword of the parameter in the old release.
            member: The path of the part, such as `disks[].size`; "" for the whole parameter. A part that is not
                declared has the schema of undeclared members, else Anything.
            new: Whether `operation` is one of the new release. Then a renamed parameter is found under its new name.
        """
        if new:
            key = self.renamed_keys.get((self._before(operation), key), key)
        parameter = next((parameter for parameter in operation.parameters if parameter.key == key), None)
        if parameter is None:
            return None
        return self._resolvers[new].at(parameter.schema, member)

    def variant(self, name: str) -> Schema | None:
        """Return the resolved schema of the definition `name` of the new release; None if there is none."""
        resolver = self._resolvers[True]
        return resolver.resolved(Reference(name)) if name in resolver.definitions else None

    def _before(self, new: Operation) -> str:
        """Return the old `place` of a new operation, or ""."""
        return next((place for place, operation in self.successors.items() if operation is new), "")


def _shape(operation: Operation) -> tuple[str, str]:
    """Return method and path, without the names of the path's parameters."""
    return operation.method, path_without_names(operation.path)


def _value(constant: object) -> str:
    value = getattr(constant, "value", "")
    return value if isinstance(value, str) else ""


def _parameter(operation: Operation | None, name: str, change: Change) -> Parameter | None:
    found = [parameter for parameter in operation.parameters if parameter.name == name] if operation else []
    return next(
        (parameter for parameter in found if parameter.location == change.location.place), next(iter(found), None)
    )
