"""Evaluate `holder.name` for every kind of value, and decide whether a name is known not to be an operation."""

from __future__ import annotations

import ast
import sys

from ovcgen.usage.project_state import last_name
from ovcgen.usage.type_hints import TypeHints
from ovcgen.usage.usages import Absent, Lookup
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    AbstractValue,
    ClientPart,
    ClientValue,
    ConstantValue,
    DictValue,
    LibraryObject,
    OperationMethod,
    PassedArguments,
    PossibleValues,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ProjectModule,
    ResponseValue,
    SequenceValue,
    SourceSpan,
    TaskValue,
    TypedValue,
    UnknownValue,
    ValueMethod,
    constant_value,
    joined,
    only_value,
    opened,
)

WAIT = ("wait",)
OF_PARTS = {"api"}  # attributes of groups and actors that are not operations
NOT_KNOWN = "nobody can tell what it is called on"
CALLING = {  # methods of unknown objects that call the function they are given
    "add_job", "apply", "apply_async", "call_soon", "enter_async_context", "enter_context", "map", "run_in_executor",
    "start_soon", "submit",
}  # fmt: skip
BUILTIN = {type_.__name__: type_ for type_ in (str, int, float, bool, bytes, list, dict, tuple, set, type(None), range)}
OF_JSON = (dict, list, str, int, float, bool)
OF_TASKS = {"guid", "done", "status", "result", "wait", "exception", "kill"}


class Attributes(TypeHints):
    """The part of the interpreter that looks up attributes."""

    def attribute(self, holder: PossibleValues, name: str) -> PossibleValues:
        """Return the possible values of `holder.name`.

        Unknown values are ignored if another possible holder has an operation or actor of that name. None is ignored.
        """
        holder = (holder - constant_value(None) or ANYTHING) if holder else holder
        parts = [atom for atom in holder if isinstance(atom, ClientPart)]
        if parts and holder & ANYTHING:
            meant = [part for part in parts if self._has_member(part, name)]
            holder = frozenset(meant) if meant else holder
        return joined(*(self._attribute_of(atom, name) for atom in holder)) if holder else NOTHING

    def _has_member(self, part: ClientPart, name: str) -> bool:
        api_index = self.project.api_index
        return (*part.path, name) in api_index.parts or ".".join((*part.path, name)) in api_index.operations

    def _attribute_of(self, atom: AbstractValue, name: str) -> PossibleValues:
        match atom:
            case ClientValue():
                return self._client_attribute(name)
            case ClientPart(path, doubt):
                return self._part_attribute(path, name, doubt)
            case ProjectInstance(number, after):
                return self._instance_attribute(number, after, name)
            case ProjectClass(number):
                return self._class_attribute(number, name)
            case ProjectModule(file):
                return self._module_attribute(file, name)
            case LibraryObject(outer):
                return self._library_attribute(outer, name)
            case UnknownValue():
                return self._guess(name)
            case ResponseValue() | DictValue() | SequenceValue() | TaskValue() | ConstantValue() | TypedValue():
                return only_value(ValueMethod(atom, name))
            case ProjectFunction(number) if name == "__name__":
                return constant_value(self.project.functions[number].name)
            case OperationMethod(dotted, place):
                self.project.inspected.add(place)
                return constant_value(dotted.rpartition(".")[2]) if name in ("__name__", "__qualname__") else ANYTHING
        return ANYTHING

    def _library_attribute(self, outer: str, name: str) -> PossibleValues:
        """Return an attribute of a library module. An unknown module may hold a client."""
        project, full_name = self.project, f"{outer}.{name}"
        if project.api_index.is_client(full_name):
            return only_value(ClientValue())
        found, root = only_value(LibraryObject(full_name)), outer.partition(".")[0]
        is_known = root in sys.stdlib_module_names or root in (project.package, "ovcgen", "builtins")
        if self.node is None or is_known or full_name in project.foreign_modules:
            return found
        return found | self._guess(name) - ANYTHING

    def _client_attribute(self, name: str) -> PossibleValues:
        if name == "actors":  # `pcl.actors` of OpenvCloud's own client
            return only_value(ClientValue())
        if (name,) in self.project.api_index.parts:
            return only_value(ClientPart((name,), self.scope.guard))
        if name == "wait":
            return only_value(ClientPart(WAIT, self.scope.guard))
        return only_value(ValueMethod(ClientValue(), name))

    def _part_attribute(self, path: tuple[str, ...], name: str, doubt: str) -> PossibleValues:
        api_index = self.project.api_index
        doubt = doubt or self.scope.guard
        if path == WAIT:
            return only_value(ValueMethod(ClientPart(WAIT, doubt), name))
        found: PossibleValues = NOTHING
        if (*path, name) in api_index.parts:
            found = joined(found, only_value(ClientPart((*path, name), doubt)))
        dotted = ".".join((*path, name))
        if dotted in api_index.operations:
            self.project.record(Lookup(self.place, dotted, doubt))
            found = joined(found, only_value(OperationMethod(dotted, self.place, doubt)))
        if not found and not doubt and not name.startswith("_") and name not in OF_PARTS:
            self.project.absent[Absent(self.place, dotted)] = None
        return found or ANYTHING

    def _guess(self, name: str) -> PossibleValues:
        """Return the operations and actors that an attribute of an unknown value may mean, each with a doubt."""
        api_index = self.project.api_index
        if name in api_index.groups:
            return joined(ANYTHING, only_value(ClientPart((name,), NOT_KNOWN)))
        found: set[AbstractValue] = {ClientPart(path, NOT_KNOWN) for path in api_index.actors(name)}
        holder = self._holder_name().lower().strip("_")
        operations = [dotted for dotted in self.project.operation_names.called(name) if dotted.endswith(f".{name}")]
        for dotted in operations:
            actor = dotted.split(".")[-2].lower()
            alike = bool(holder) and holder in (actor, actor.rstrip("s"), f"{actor}s")
            if alike or (name != name.lower() and len(operations) <= 3):
                self.project.record(Lookup(self.place, dotted, NOT_KNOWN))
                found.add(OperationMethod(dotted, self.place, NOT_KNOWN))
        if name in CALLING:
            return frozenset({ValueMethod(UnknownValue(), name), *found})
        return frozenset(found) | ANYTHING

    def _holder_name(self) -> str:
        """Return `machines` of the expressions `self.machines.get` and `getattr(self.machines, name)`."""
        match self.node:
            case ast.Attribute(holder) | ast.Call(args=[holder, *_]):
                return last_name(holder)
        return ""

    def _instance_attribute(self, number: int, after: int, name: str) -> PossibleValues:
        project = self.project
        if name == "__class__":
            return only_value(ProjectClass(number))
        assigned = NOTHING if after >= 0 else project.instance_attribute(number, name)
        found = project.class_attribute(number, name, after=after)
        if any(isinstance(atom, ProjectFunction) and project.functions[atom.number].abstract for atom in found):
            found = joined(found, *(project.class_attribute(subclass, name) for subclass in project.subclasses(number)))
        owner = only_value(ProjectInstance(number))
        value = joined(assigned, *(self._bind(atom, owner) for atom in found))
        if value:
            return value
        if by_name := project.class_attribute(number, "__getattr__"):
            return self.call(
                joined(*(self._bind(atom, owner) for atom in by_name)), PassedArguments((constant_value(name),))
            )
        return self._inherited(number, name)

    def _bind(self, atom: AbstractValue, owner: PossibleValues) -> PossibleValues:
        """Return a class attribute as its instances see it: methods are bound, properties evaluated."""
        if not isinstance(atom, ProjectFunction) or atom.owner:
            return only_value(atom)
        kinds = self.project.functions[atom.number].kinds
        if "staticmethod" in kinds:
            return only_value(atom)
        if "classmethod" in kinds:
            holders = [atom for atom in owner if isinstance(atom, ProjectInstance | ProjectClass)]
            owner = frozenset(ProjectClass(holder.number) for holder in holders)
        bound = only_value(ProjectFunction(atom.number, owner))
        return self.call(bound, PassedArguments()) if "property" in kinds else bound

    def _class_attribute(self, number: int, name: str) -> PossibleValues:
        if name == "__name__":
            return constant_value(self.project.classes[number].node.name)
        assigned = self.project.instance_attribute(number, name)
        owner = only_value(ProjectClass(number))
        found: list[PossibleValues] = []
        for atom in self.project.class_attribute(number, name):
            kinds = self.project.functions[atom.number].kinds if isinstance(atom, ProjectFunction) else ()
            found.append(self._bind(atom, owner) if "classmethod" in kinds else only_value(atom))
        return joined(assigned, *found) or ANYTHING

    def _inherited(self, number: int, name: str) -> PossibleValues:
        """Return an attribute from the annotation of a field, from subclasses, or from a base outside the project."""
        line = self.project.ancestors(number)
        for ancestor in line:
            info = self.project.classes[ancestor]
            if name in info.fields:
                return self.within(info.scope).type_hint(info.fields[name])
        for subclass in self.project.subclasses(number):
            if value := joined(
                self.project.instance_attribute(subclass, name), self.project.class_attribute(subclass, name)
            ):
                return value
        bases = [base for ancestor in line for base in self.project.classes[ancestor].bases]
        as_base = joined(*(self.instance_of(base) for base in bases if isinstance(base, LibraryObject)))
        return self.attribute(as_base, name) if as_base and as_base != ANYTHING else ANYTHING

    def _module_attribute(self, file: str, name: str) -> PossibleValues:
        """Return a name of a project module. The module is read first; submodules are found, too."""
        module = self.project.by_file[file]
        self.read_module(module)
        if name in module.scope.names:
            value = joined(module.scope.names[name], self.project.slots.get((file, name), NOTHING))
            return opened(value) if (file, name) in self.project.mutated else value
        inner = self.project.module_named(f"{module.name}.{name}", module)
        return only_value(ProjectModule(inner.source.file)) if inner else ANYTHING

    def note_attribute(self, node: ast.Attribute, holder: PossibleValues, value: PossibleValues) -> None:
        """Record, for an attribute that is named like an operation, whether its value is known.

        `unfollowed_mentions` reports those whose value is not known.
        """
        if self.project.operation_names.called(node.attr):
            known = self._is_identified(holder, node.attr, value)
            (self.project.identified if known else self.project.unidentified).add(id(node))

    def note_name(self, holder: PossibleValues, name: ConstantValue, value: PossibleValues) -> None:
        """Record, for a text used as an attribute name (`getattr(holder, name)`), whether it led to a known value.

        `unfollowed_mentions` reports those that name an operation and did not. Texts without `origins` are ignored.
        """

        if not name.origins or not self.project.operation_names.called(str(name.value)):
            return
        leads_on = any(isinstance(atom, OperationMethod | ProjectFunction) for atom in value)
        if leads_on or self._is_identified(holder, str(name.value), value):
            self.project.followed.update(name.origins)
        else:
            self.project.used_as_name.update(name.origins)

    def _is_identified(self, holder: PossibleValues, name: str, value: PossibleValues) -> bool:
        """Return whether, for every possible holder, it is known what its attribute of that name is."""
        atoms = holder - constant_value(None)
        if not atoms:
            return False
        atoms = frozenset(atom for atom in atoms if not isinstance(atom, ClientValue | ClientPart))
        own = [atom for atom in atoms if isinstance(atom, ProjectInstance | ProjectClass | ProjectModule)]
        if own and (not value or value & ANYTHING):
            return False
        return all(self._has_attribute(atom, name) for atom in atoms if atom not in own)

    def _has_attribute(self, atom: AbstractValue, name: str) -> bool:
        match atom:
            case ConstantValue(_, kind) | TypedValue(kind) | SequenceValue(_, _, kind):
                return hasattr(BUILTIN.get(kind), name)
            case DictValue():
                return hasattr(dict, name)
            case ResponseValue():
                return any(hasattr(kind, name) for kind in OF_JSON)
            case TaskValue():
                return name in OF_TASKS
            case LibraryObject(module):
                from_python = module.partition(".")[0] in sys.stdlib_module_names
                return from_python or (module in self.project.foreign_modules and name == name.lower())
        return False

    def origins(self, node: ast.expr, text: str) -> tuple[SourceSpan, ...]:
        """Return the position of a text that is, or contains, the name of an operation, as a tuple; else ().

        It becomes `origins` of the value, by which the interpreter knows the texts that were used as a name.
        """
        names = self.project.operation_names
        return (self.place_of(node),) if names.named_by_whole(text) or names.named_in(text) else ()
