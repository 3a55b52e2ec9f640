"""Write annotations as SARIF 2.1.0, for GitHub's code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from ovcgen._version import __version__
from ovcgen.annotations import Place
from ovcgen.documents.document import Json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True, slots=True)
class SarifRule:
    """A record of one kind of annotation (a `reportingDescriptor` of SARIF).

    Attributes:
        id: The identifier to which the annotations refer, as their `rule`.
        description: What annotations of this kind report.
        help: What to do about them; "" leaves it out of the log.
    """

    id: str
    description: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class SarifResult:
    """A record of one annotation (a `result` of SARIF).

    Attributes:
        rule: The id of its rule.
        level: `error`, `warning` or `note`.
        text: The message.
        fingerprints: Texts by which a later run recognises this annotation, by their name and version (`name/v1`).
        place: Where it is in a file; None if that is not known.
        function: The name of the operation that it is about, or "".
        properties: Further JSON values to write into the log.
    """

    rule: str
    level: str
    text: str
    fingerprints: Mapping[str, str]
    place: Place | None = None
    function: str = ""
    properties: Mapping[str, Json] = field(default_factory=dict)


def sarif_log(
    rules: Sequence[SarifRule],
    results: Sequence[SarifResult],
    properties: Mapping[str, Json],
    *,
    unread: Sequence[tuple[str, str]] | None = None,
) -> str:
    """Return the text of a SARIF 2.1.0 log with one run of ovcgen: indented JSON that ends with a line feed.

    Absolute paths of files become `file:` URIs; relative ones stay relative.

    Args:
        rules: The rules of the results; rules without results are allowed.
        results: The annotations, which keep their order.
        properties: Further JSON values to write into the run.
        unread: (file, reason) pairs of the files that could not be read. With any of them the log says that the run was
            not successful. None means that no files were read, and leaves the statement out.

    Raises:
        ValueError: a result has the id of no rule.
    """
    ids = [rule.id for rule in rules]
    run = {
        "tool": {"driver": {"name": "ovcgen", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        "results": [_result(result, ids.index(result.rule)) for result in results],
        "columnKind": "unicodeCodePoints",
        **({} if unread is None else {"invocations": [_invocation(unread)]}),
        "properties": properties,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: SarifRule) -> dict[str, Json]:
    described = {"id": rule.id, "shortDescription": {"text": rule.description}}
    return {**described, "help": {"text": rule.help}} if rule.help else described


def _result(result: SarifResult, index: int) -> dict[str, Json]:
    location: dict[str, Json] = {"physicalLocation": _physical(result.place)} if result.place else {}
    if result.function:
        location["logicalLocations"] = [{"fullyQualifiedName": result.function, "kind": "function"}]
    written = {
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": result.level,
        "message": {"text": result.text},
        "locations": [location],
        "partialFingerprints": result.fingerprints,
    }
    return {**written, "properties": result.properties} if result.properties else written


def _physical(place: Place) -> dict[str, Json]:
    numbers = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    region = {name: number for name, number in numbers.items() if number}
    return {"artifactLocation": {"uri": _uri(place.file)}, **({"region": region} if region else {})}


def _invocation(unread: Sequence[tuple[str, str]]) -> dict[str, Json]:
    notifications = [
        {"level": "warning", "message": {"text": reason}, "locations": [{"physicalLocation": _physical(Place(file))}]}
        for file, reason in unread
    ]
    return {"executionSuccessful": not unread, "toolExecutionNotifications": notifications}


def _uri(file: str) -> str:
    """Return a path as a URI reference."""
    text = quote(file.encode("utf-8", "surrogateescape"))
    return f"file://{text}" if file.startswith("/") else text
