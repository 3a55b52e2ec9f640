"""Interpret a project's code abstractly until nothing new is found, and return how it uses the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ovcgen.generator import distribution
from ovcgen.model.api import Api
from ovcgen.normalise.dialect_registry import DIALECTS
from ovcgen.usage import unfollowed_mentions
from ovcgen.usage.api_index import ApiIndex
from ovcgen.usage.project_state import FunctionInfo, Modules, ProjectState
from ovcgen.usage.relevant_files import may_pass_positional, relevant, without_foreign_notebooks
from ovcgen.usage.source_files import Source
from ovcgen.usage.statements import Statements
from ovcgen.usage.usages import Lookup, OperationCall, Unread, Usage, Use
from ovcgen.usage.values import (
    NOTHING,
    AbstractValue,
    ConstantValue,
    DictValue,
    PossibleValues,
    ProjectInstance,
    SequenceValue,
    TypedValue,
    UnknownValue,
    only_value,
)

ROUNDS = 6
BUDGET = (200_000, 400)  # steps for any project, and for each of its lines
TOO_DEEP = "some of it nests too deeply, and was left out"
TOO_MUCH = "it is too much to follow every call of every function"


def usage(sources: Sequence[Source], unread: Iterable[Unread], api: Api) -> Usage:
    """Return how the project uses the API of that release. Its code is not executed.

    `unread` are files that could not be read; they are copied to the result, without notebooks that do not mention the
    client. Only files that may use a client are interpreted (see `relevant_files`). They are read up to 6 times, until
    the result no longer changes. Code that nests too deeply, or is too large to follow every call, is reported as
    unread; what was found in it is in the result.
    """
    api_index, package = ApiIndex(api), distribution(api)[1]
    looked_at = relevant(sources, api_index, package)
    project = ProjectState(Modules(looked_at), api_index, package, DIALECTS[api.dialect].wording.class_name)
    project.budget = BUDGET[0] + BUDGET[1] * sum(len(source.lines) for source in looked_at)
    project.takes_values = may_pass_positional(looked_at, api_index, package)
    before = None
    for _ in range(ROUNDS):
        _read_project(project)
        missed = project.skipped - project.executed - project.forced
        project.forced |= missed
        after = _learned(project)
        if not missed and before == after:
            break
        before = after
    failed = without_foreign_notebooks(unread, api_index, package)
    failed += [Unread(file, TOO_DEEP) for file in sorted(project.too_deep)]
    if project.is_over_budget:
        failed += [Unread(source.file, TOO_MUCH) for source in looked_at]
    imports = sorted(project.imports, key=lambda usage: usage.place)
    absent = sorted(project.absent, key=lambda usage: (usage.place, usage.dotted, usage.keyword))
    uses, mentions = tuple(_in_order(project.uses)), unfollowed_mentions.mentions(project)
    unknown_reads = sorted(project.unknown_reads, key=lambda each: (each.place, each.key))
    return Usage(uses, tuple(imports), len(sources), tuple(failed), mentions, tuple(absent), tuple(unknown_reads))


class Interpreter(Statements):
    """The whole interpreter: reads modules, and functions that no code of the project calls."""

    def read_uncalled(self, info: FunctionInfo) -> None:
        """Interpret a function that the project does not call; only defaults and annotations tell its arguments.

        A function that nests too deeply is noted in `project.too_deep`.
        """
        owner: PossibleValues = NOTHING
        is_method = info.owner >= 0 and info.scope is self.project.classes[info.owner].scope
        if is_method and "staticmethod" not in info.kinds:
            owner = only_value(ProjectInstance(info.owner))
        try:
            self.run(info, self.unknown_arguments(info, owner))
        except RecursionError:
            self.project.too_deep.add(info.scope.module.source.file)


def _read_project(project: ProjectState) -> None:
    """Read all modules from top to bottom, then the functions that no project code calls."""
    project.begin_round()
    for module in project.modules:
        Interpreter(project, module.scope).read_module(module)
    entered = project.unreached_functions()
    known = len(project.functions)
    for index, info in enumerate(project.functions):  # reading a function may add others
        is_new = index >= known and not project.is_called(info)
        if id(info.node) in entered or is_new or project.is_over_budget:
            Interpreter(project, info.scope).read_uncalled(info)
    for info in list(project.functions):
        if id(info.node) not in project.ran:
            Interpreter(project, info.scope).read_uncalled(info)


def _learned(project: ProjectState) -> tuple[object, ...]:
    """Return the facts that decide whether another round is needed."""
    values = {slot: _essence(value) for slot, value in project.slots.items()}
    call_count = sum(len(set_) for set_ in project.calls_of.values())
    return values, set(project.uses), set(project.mutated), call_count, len(project.functions)


def _essence(value: PossibleValues) -> PossibleValues:
    """Return the part of a value that can lead to operations, without constants, plain types and unknown values."""
    found: set[AbstractValue] = set()
    for atom in value:
        match atom:
            case DictValue(entries):
                found |= _essence(frozenset().union(*(entry.value for entry in entries)))
            case SequenceValue(_, element):
                found |= _essence(element)
            case ConstantValue() | TypedValue() | UnknownValue():
                continue
            case _:
                found.add(atom)
    return frozenset(found)


def _in_order(uses: Iterable[Use]) -> list[Use]:
    """Return the uses in file order. A doubtful use is dropped if the same use is certain elsewhere."""
    listed = list(uses)
    certain = {(type(use), use.place, _subject(use)) for use in listed if not use.doubt}
    kept = [use for use in listed if not use.doubt or (type(use), use.place, _subject(use)) not in certain]
    looked_up = {use.place for use in kept if isinstance(use, Lookup | OperationCall) and not use.doubt}
    sure = [use for use in kept if not use.doubt or use.place not in looked_up]
    return sorted(sure, key=lambda usage: (usage.place, type(usage).__name__, str(_subject(usage))))


def _subject(use: Use) -> object:
    """Return the operation or path and the response part that is used."""
    member = getattr(use, "member", "")
    return (getattr(use, "dotted", getattr(use, "path", "")), member)
