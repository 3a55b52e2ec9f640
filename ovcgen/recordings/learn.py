"""Compare recorded responses with a release and report where its declared response types are wrong or incomplete.

Only schemas are learned. Recorded values never appear in the result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import parse_qsl

from ovcgen.documents.document import Document
from ovcgen.model.api import Api
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, File, Nothing
from ovcgen.normalise.overlay import Overlay, apply
from ovcgen.recordings.cassette_reader import Interaction
from ovcgen.recordings.learning_report import LearnedFact, LearnedShapes, OperationFindings
from ovcgen.recordings.overlay_proposals import proposed_corrections
from ovcgen.recordings.response_matcher import RecordedResponse, ResponseMatcher, Skipped
from ovcgen.recordings.schema_inference import inferred_schema, json_type, schema_text
from ovcgen.recordings.value_schema_comparison import Agreement, Observation, ValueComparer, ValuePath, type_name

Seen = Sequence[Observation]


def learn(api: Api, document: Document, overlay: Overlay, recorded: Iterable[Interaction]) -> LearnedShapes:
    """Return where recorded responses differ from the declared response types, with proposed corrections.

    Every operation with a comparable response is in the result, also without differences; the others are not. The
    arguments are not changed.

    Args:
        api: The release with its corrections.
        document: Its catalog as served, without corrections.
        overlay: Its current corrections.
        recorded: The recorded calls. Those that can't be compared are counted in the result's `skipped`.

    Raises:
        NoInference: genson is not installed, and a schema must be inferred from recorded values.
        SpecRefused: the overlay does not fit the document.
    """
    known = tuple(recorded)
    matcher = ResponseMatcher(api)
    answers: list[RecordedResponse] = []
    skipped: Counter[str] = Counter()
    for interaction in known:
        try:
            answers.append(matcher.comparable_response(interaction))
        except Skipped as reason:
            skipped[str(reason)] += 1
    walk = ValueComparer(Resolver(api.schemas), frozenset(_texts(known, answers)))
    seen = [(answer, tuple(_observations(walk, answer))) for answer in answers]
    corrected = apply(document, overlay, release=api.release) if overlay else document
    actions = proposed_corrections(corrected, [observations for _, observations in seen], walk.texts)
    return LearnedShapes(api.release, tuple(_studied(seen, walk.texts)), actions, dict(sorted(skipped.items())))


def _texts(recorded: Iterable[Interaction], answers: Iterable[RecordedResponse]) -> Iterator[str]:
    """Yield every string that occurs as a value, so that the same string is recognised as data when it is a key."""
    for interaction in recorded:
        yield from (value for _, value in parse_qsl(interaction.sent))
    level = [answer.value for answer in answers]
    while level:
        yield from (json for json in level if isinstance(json, str))
        containers = [json for json in level if isinstance(json, dict | list)]
        level = [
            part
            for container in containers
            for part in (container.values() if isinstance(container, dict) else container)
        ]


def _observations(walk: ValueComparer, answer: RecordedResponse) -> Iterator[Observation]:
    """Yield the observations in one response."""
    operation, response = answer.operation, answer.response
    status = response.status if response else "200"
    spot = ValuePath("", ("paths", operation.path, operation.method.lower(), "responses", status, "schema"))
    schema = Nothing() if response is None or response.schema is None else response.schema
    resolved, _ = walk.resolved(schema, spot)
    match resolved:
        case Anything():
            yield Observation(Agreement.UNKNOWN, spot, resolved, answer.value, file=answer.file)
        case File():
            verdict = Agreement.FITS if answer.file else Agreement.TYPE
            yield Observation(verdict, spot, resolved, answer.value, file=answer.file)
        case _ if answer.file:
            yield Observation(Agreement.TYPE, spot, resolved, file=True)
        case _:
            yield from walk.observations(schema, answer.value, spot)


def _studied(seen: Iterable[tuple[RecordedResponse, Seen]], texts: Collection[str]) -> Iterator[OperationFindings]:
    """Yield the findings of each operation, sorted by operation."""
    every: dict[str, list[Seen]] = defaultdict(list)
    for answer, observations in seen:
        every[answer.operation.place].append(observations)
    for operation in sorted(every):
        findings = _findings([observation for observations in every[operation] for observation in observations], texts)
        yield OperationFindings(operation, len(every[operation]), tuple(findings))


def _findings(observations: Seen, texts: Collection[str]) -> Iterator[LearnedFact]:
    """Yield one finding per path and kind of difference. For an undeclared value it shows the whole schema."""
    grouped: dict[tuple[str, Agreement, str], list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.verdict != Agreement.FITS:
            apart = _seen(observation) if observation.verdict == Agreement.TYPE else ""
            grouped[observation.spot.path, observation.verdict, apart].append(observation)
    for (path, verdict, _), group in sorted(grouped.items(), key=lambda item: item[0]):
        is_file = any(observation.file for observation in group)
        undeclared = verdict in (Agreement.NEW, Agreement.UNKNOWN) and not is_file
        recorded = (
            schema_text(inferred_schema((observation.value for observation in group), texts))
            if undeclared
            else _seen(group[0])
        )
        yield LearnedFact(verdict, path, type_name(group[0].declared), recorded)


def _seen(observation: Observation) -> str:
    """Return what was recorded: "absent", "file" or a JSON type."""
    if observation.verdict == Agreement.ABSENT:
        return "absent"
    return "file" if observation.file else json_type(observation.value)
