"""Find recorded requests that are valid for the old release and that the new release refuses.

Requests that the old release already refuses are only counted. Operations that were not recorded are not checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ovcgen.diff.change import INFO, Change
from ovcgen.model.api import Operation
from ovcgen.recordings.cassette_reader import Interaction, interactions
from ovcgen.recordings.recorded_request_checks import RecordedRequestChecker
from ovcgen.recordings.response_matcher import ResponseMatcher
from ovcgen.recordings.swagger2_validator import ReleaseDocument, Swagger2Validator
from ovcgen.recordings.wire_request import Request, for_other_release, recorded_request

SUFFIXES = (".yaml", ".yml", ".json")
UNDECLARED = "it means nothing any more"


class Recorded(NamedTuple):
    """A record of an interaction with the cassette that contains it, and its number there (from 1)."""

    cassette: Path
    number: int
    interaction: Interaction


@dataclass(frozen=True, slots=True)
class NewlyRefused:
    """A record of a recorded request that the new release refuses. It contains names only, no recorded values.

    Attributes:
        cassette: The path of the cassette.
        number: The number of the interaction in the cassette, from 1.
        operation: The operation in the old release, such as `POST /pets`.
        parameter: The name of the refused parameter, `body` for an unnamed body; "" if the new release lacks the
            operation.
        refusal: The reason.
        changes: The changes that cause the refusal; () if none explains it.
    """

    cassette: Path
    number: int
    operation: str
    parameter: str
    refusal: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class TrafficReport:
    """A record of the result of checking recordings against two releases.

    Attributes:
        old, new: The names of the releases.
        checked: The number of requests that are valid for the old release.
        refused: The refusals by the new release, one per request and parameter, in the order of the recordings.
        skipped: The number of requests that were not checked, by reason.
    """

    old: str
    new: str
    checked: int
    refused: tuple[NewlyRefused, ...]
    skipped: Mapping[str, int]


def recordings(places: Iterable[Path]) -> Iterator[Recorded]:
    """Yield every interaction in the cassettes at these places, which are files or folders.

    In a folder and the folders below it, all files with the suffix `.yaml`, `.yml` or `.json` (lower case) are
    cassettes, sorted by path; a file that is named itself may have any suffix.

    Raises:
        UnreadableCassette: a cassette does not exist or can't be read.
        BrokenCassette: a file is not a cassette, or is unsafe to read.
    """
    for place in places:
        files = sorted(path for path in place.rglob("*") if path.suffix in SUFFIXES) if place.is_dir() else [place]
        for file in files:
            for number, interaction in enumerate(interactions(file), start=1):
                yield Recorded(file, number, interaction)


def newly_refused(
    recorded: Iterable[Recorded], old: ReleaseDocument, new: ReleaseDocument, changes: Iterable[Change]
) -> TrafficReport:
    """Validate every recorded request against both releases, and report those that only the new one refuses.

    A query or form field that the new release does not declare any more is a refusal, too (`it means nothing any
    more`). Requests that can't be compared, or that the old release refuses already, are counted in the report's
    `skipped`. Two Swagger 2.0 documents are validated by bravado-core, which skips multipart forms; if either is
    OpenAPI 3, both are validated by the checks of the mock.

    Args:
        recorded: The recorded calls.
        old, new: The two releases.
        changes: The changes from `old` to `new`; those that explain a refusal are reported with the refusal, except
            changes whose `wire` level is INFO.
    """
    felt = [change for change in changes if change.wire is not INFO]
    is_openapi = bool(old.api.openapi or new.api.openapi)
    judged = (_judged_by_model if is_openapi else _judged_by_documents)(recorded, old, new)
    skipped: Counter[str] = Counter()
    turned: list[NewlyRefused] = []
    right = 0
    for call in judged:
        if call.operation is None or call.skipped:
            skipped[call.skipped] += 1
            continue
        right += 1
        turned += [_newly_refused(call.recorded, call.operation, *refusal, felt) for refusal in call.refused.items()]
    return TrafficReport(old.api.release, new.api.release, right, tuple(turned), dict(sorted(skipped.items())))


class _Judged(NamedTuple):
    """A recorded request after the check against both releases.

    Attributes:
        operation: The operation in the old release; None if it has none.
        skipped: Why the request can't be compared; "" if it can.
        refused: Why the new release refuses it, by parameter name.
    """

    recorded: Recorded
    operation: Operation | None
    skipped: str = ""
    refused: Mapping[str, str] = {}


def _judged_by_documents(recorded: Iterable[Recorded], old: ReleaseDocument, new: ReleaseDocument) -> Iterator[_Judged]:
    """Yield the requests with the judgement of bravado-core, which knows Swagger 2.0."""
    known, called = ResponseMatcher(old.api), ResponseMatcher(new.api)
    found: list[tuple[Recorded, Operation, Request]] = []
    for call in recorded:
        operation = known.operation(call.interaction)
        if operation is None:
            yield _Judged(call, None, f"no operation of {old.api.release}")
        elif "multipart" in call.interaction.sent[:200].lower() or call.interaction.sent.startswith("--"):
            yield _Judged(call, operation, "a form in parts")
        else:
            request = recorded_request(operation, call.interaction.url, call.interaction.sent)
            found.append((call, operation, request))
    places = {(operation.method, operation.path) for _, operation, _ in found}
    validators = Swagger2Validator(old.document, places), Swagger2Validator(new.document, _places(found, called))
    for call, operation, request in found:
        if validators[0].request_errors(request):
            yield _Judged(call, operation, f"refused by {old.api.release} already")
        else:
            refused = _refused(request, called.operation(call.interaction), *validators)
            yield _Judged(call, operation, refused=refused)


def _judged_by_model(recorded: Iterable[Recorded], old: ReleaseDocument, new: ReleaseDocument) -> Iterator[_Judged]:
    """Yield the requests with the judgement of the mocks of both APIs, which know all versions."""
    before, after = RecordedRequestChecker(old.api), RecordedRequestChecker(new.api)
    for call in recorded:
        known, called = before.matched(call.interaction), after.matched(call.interaction)
        if known is None:
            yield _Judged(call, None, f"no operation of {old.api.release}")
        elif before.request_errors(known):
            yield _Judged(call, known.operation, f"refused by {old.api.release} already")
        elif called is None:
            yield _Judged(call, known.operation, refused={"": f"there is no {known.operation.place}"})
        else:
            lost = after.undeclared(called) - before.undeclared(known)
            refused = {**after.request_errors(called), **dict.fromkeys(sorted(lost), UNDECLARED)}
            yield _Judged(call, known.operation, refused=refused)


def _places(found: Iterable[tuple[Recorded, Operation, Request]], called: ResponseMatcher) -> set[tuple[str, str]]:
    """Return the (method, path) that the recorded calls have in the new release."""
    later = (called.operation(call.interaction) for call, _, _ in found)
    return {(operation.method, operation.path) for operation in later if operation}


def _refused(
    request: Request, later: Operation | None, before: Swagger2Validator, after: Swagger2Validator
) -> dict[str, str]:
    """Return why the new release refuses a request, by parameter name. A parameter that it ignores is included."""
    if later is None:
        return {"": f"there is no {request.method} {request.path}"}
    sent = for_other_release(request, later)
    lost = set(after.undeclared(sent)) - set(before.undeclared(request))
    return {**after.request_errors(sent), **dict.fromkeys(sorted(lost), UNDECLARED)}


def _newly_refused(
    recorded: Recorded, operation: Operation, name: str, said: str, changes: Iterable[Change]
) -> NewlyRefused:
    """Return the refusal with its causes: the changes of its parameter, else of the call, else of the operation."""
    place = operation.method, operation.path
    here = [change for change in changes if (change.location.method, change.location.path) == place]
    requests = [change for change in here if not change.location.response]
    exact = [
        request
        for request in requests
        if name and name in (request.location.name, request.location.member, request.after and request.after.value)
    ]
    outer = [request for request in requests if request.location.place == ("body" if name else "")]
    return NewlyRefused(
        recorded.cassette, recorded.number, operation.place, name, said, tuple(exact or outer or requests or here)
    )
