"""Compare two releases: with corrections, limited to some groups, under the project's policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ovcgen import diff
from ovcgen.diff import one_sided_corrections
from ovcgen.diff.behaviour_changes import BehaviourChange, behaviour_changes
from ovcgen.diff.change import Change
from ovcgen.diff.policy import Policy, apply_policy, without_behaviour
from ovcgen.diff.policy_file import policy_of
from ovcgen.diff.report import Report, Witness
from ovcgen.errors import UsageError
from ovcgen.model.api import Api, Operation
from ovcgen.normalise.plain import PLAIN
from ovcgen.workflows.change_locations import source_lines
from ovcgen.workflows.diff_inputs import DiffInput
from ovcgen.workflows.resolve import Release, Source, as_declared, resolve

POLICY = Path(".ovcgen.toml")
LARGEST = 2**20  # bytes of a policy
NOT_KNOWN = "Behaviour is not compared: it is known of OpenvCloud's releases only."


class UnreadablePolicy(UsageError):
    """An error: the policy file is missing, too large, not UTF-8, or can't be opened.

    It is `.ovcgen.toml`, or the file of `--ignore`. Invalid content raises `BadPolicy` or `UnknownKind` instead.

    Args:
        path: The path of the file.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Can't read {path}: {reason}.", fix=f"Check --ignore; without it, ./{POLICY} is used.")


class ComparisonResult(NamedTuple):
    """A record of the result of a comparison.

    Attributes:
        report: The changes, without the ignored ones.
        remarks: Sentences about the policy, such as entries that match nothing, and one if behaviour is not known.
    """

    report: Report
    remarks: tuple[str, ...] = ()


class ComparisonOptions(NamedTuple):
    """A record of the options of a comparison.

    Attributes:
        specs: Folder of pinned catalogs; see `library_of`.
        groups: Groups to compare; empty means all.
        declared: Whether to compare the documents as declared, without corrections.
        only: The verdict that counts ("wire" or "sdk"): changes that only the other one judges as worse than `info` are
            left out. Empty means both.
        located: Whether to find the file and line of each change, too.
        proved: Whether to find an example that proves each breaking change, too.
        behaviour: Whether to compare how the releases behave where their documents agree, too.
    """

    specs: Path | None = None
    groups: tuple[str, ...] = ()
    declared: bool = False
    only: str = ""
    located: bool = False
    proved: bool = False
    behaviour: bool = False


def compare(old: Source, new: Source, *, specs: Path | None = None) -> list[Change]:
    """Return the changes from `old` to `new`, both with their corrections applied, sorted by operation and kind.

    Differences that only a correction of one of the two causes are ignored, and behaviour is not compared. A source is
    a release name, a file, a URL or a spec; see `resolve` for the errors.
    """
    return changes_between(resolve(old, specs=specs), resolve(new, specs=specs))


def changes_between(old: Release, new: Release) -> list[Change]:
    """Return the changes of the documents from `old` to `new`, sorted by operation and kind; [] for none.

    Differences that only a correction of one of the two releases causes are ignored. Behaviour is not compared.
    """
    from ovcgen.generator.view.names_json import type_names
    from ovcgen.generator.view.schema_annotations import named_types

    before, after = _comparable(old, new)
    return diff.compare(before, after, types=(type_names(named_types(before)), type_names(named_types(after))))


def _comparable(old: Release, new: Release) -> tuple[Api, Api]:
    """Return both APIs with one-sided corrections removed; unchanged if neither spec is corrected."""
    if not (old.corrected or new.corrected):
        return old.api, new.api
    alike = _unchanged_paths(old, new)
    before, after = (one_sided_corrections.CorrectedApi(side.api, side.declared(without=alike)) for side in (old, new))
    return one_sided_corrections.without_one_sided(before, after)


def _unchanged_paths(old: Release, new: Release) -> frozenset[str]:
    """Return the paths that both documents declare alike, and that are alike with corrections: most of them.

    Such a path has no one-sided correction, so that what is declared for it is not needed.
    """
    had, has = old.declared_paths, new.declared_paths
    before, after = (_operations_by_path(side.api) for side in (old, new))
    return frozenset(path for path in had if had[path] == has.get(path) and before.get(path) == after.get(path))


def _operations_by_path(api: Api) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for operation in api.operations:
        found.setdefault(operation.path, []).append(operation)
    return found


def compare_inputs(
    old: DiffInput, new: DiffInput, terms: ComparisonOptions, policy: Policy, today: date
) -> ComparisonResult:
    """Compare two inputs and return the report on the changes, without those that `policy` ignores.

    Args:
        old, new: The inputs.
        terms: Options of the comparison.
        policy: The policy of the project. Its entries on behaviour count only if behaviour is compared.
        today: The day that decides which entries of the policy have expired.

    Raises:
        UsageError: the folder of pinned catalogs can't be used.
        SpecRefused: a document can't be used.
    """
    before, after = (_resolved(input_, terms) for input_ in (old, new))
    behaviours = (
        {difference.change.id: difference for difference in behaviours_between(before, after)}
        if terms.behaviour
        else {}
    )
    changes = [*changes_between(before, after), *(behaviour.change for behaviour in behaviours.values())]
    applied = policy if terms.behaviour else without_behaviour(policy)
    found = apply_policy(applied, changes, after.spec.release, today)
    kept = [change for change in found.changes if change.id not in behaviours]
    report = diff.report_of(before.spec.release, after.spec.release, kept, only=terms.only)
    if terms.behaviour:
        judged = (behaviours[change.id].with_change(change) for change in found.changes if change.id in behaviours)
        report = replace(report, behaviours=tuple(judged))
    placed = source_lines(report.changes, old, new) if terms.located else {}
    proofs = _proofs(before, after, report.changes) if terms.proved else {}
    is_known = not terms.behaviour or PLAIN not in (before.api.dialect, after.api.dialect)
    remarks = found.remarks if is_known else (*found.remarks, NOT_KNOWN)
    return ComparisonResult(replace(report, ignored=found.ignored, source_lines=placed, witnesses=proofs), remarks)


def behaviours_between(old: Release, new: Release) -> tuple[BehaviourChange, ...]:
    """Return the known differences in behaviour of two releases of OpenvCloud, the worst first.

    A document that is no pinned release counts as the pinned release most similar to it. () if one of the two is not
    the API of an OpenvCloud portal, so that its behaviour is not known.
    """
    sides = (old, new)
    if any(side.api.dialect == PLAIN for side in sides):
        return ()
    before, after = (side.nearest.release if side.nearest else side.spec.release for side in sides)
    return behaviour_changes(old.api, new.api, (before, after))


def compare_in_turn(inputs: Iterable[DiffInput], terms: ComparisonOptions) -> list[Report]:
    """Return one report for each pair of neighbouring inputs: from the first to the second, and so on.

    Each input is loaded once. No policy is applied, and of `terms` only `specs`, `groups`, `declared` and `only` count.
    Fewer than two inputs give [].

    Raises:
        SpecRefused: a document can't be used.
    """
    resolved = [_resolved(input_, terms) for input_ in inputs]
    return [
        diff.report_of(old.spec.release, new.spec.release, changes_between(old, new), only=terms.only)
        for old, new in pairwise(resolved)
    ]


def _proofs(old: Release, new: Release, changes: Iterable[Change]) -> Mapping[str, Witness]:
    """Return a counterexample for each breaking change, by its fingerprint."""
    from ovcgen.impact.counterexample import witnesses
    from ovcgen.recordings.swagger2_validator import ReleaseDocument

    before, after = (ReleaseDocument(side.api, side.document) for side in (old, new))
    return witnesses(before, after, changes)


def policy_at(path: Path | None) -> Policy:
    """Read the policy in the file `path`; None means `./.ovcgen.toml`, or an empty policy if there is no such file.

    Raises:
        UnreadablePolicy: the file is missing, larger than 1 MiB, not UTF-8 or can't be read.
        BadPolicy, UnknownKind: the content of the file is invalid.
    """
    try:
        with (path or POLICY).open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnreadablePolicy(path or POLICY, f"it is larger than {LARGEST} bytes")
        return policy_of(data.decode("utf-8-sig"), str(path or POLICY))
    except FileNotFoundError as error:
        if path is None:
            return Policy()
        raise UnreadablePolicy(path, str(error.strerror)) from error
    except OSError as error:
        raise UnreadablePolicy(path or POLICY, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise UnreadablePolicy(path or POLICY, f"byte {error.start} is not UTF-8") from None


def _resolved(side: DiffInput, terms: ComparisonOptions) -> Release:
    """Return one side of the comparison, with its operations limited to `terms.groups`."""
    resolved = as_declared(side.spec) if terms.declared else resolve(side.spec, specs=terms.specs)
    return replace(resolved, api=resolved.api.limited_to(terms.groups)) if terms.groups else resolved
