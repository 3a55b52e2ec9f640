"""Render the result of checking recordings, as text and JSON. It contains no recorded values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from ovcgen.diff.sanitize import printable
from ovcgen.recordings.newly_refused_requests import NewlyRefused, TrafficReport


def as_text(found: TrafficReport) -> str:
    """Return the output of `ovcgen impact --cassettes`, as text without recorded values.

    It is a summary line, the requests that were not checked, and each recorded request that became invalid, with the
    changes that cause it.
    """
    return "".join(f"{printable(line)}\n" for line in _lines(found))


def as_json(found: TrafficReport) -> str:
    """Return the output of `ovcgen impact --cassettes --output json`: the requests that only the new release refuses.

    Each has its cassette and number in it, the reason and the changes that cause it. The numbers of checked and of
    skipped requests are given, too. There are no recorded values.
    """
    document = {
        "schema": 1,
        "old": found.old,
        "new": found.new,
        "checked": found.checked,
        "skipped": dict(found.skipped),
        "turned": [_refusal(turned) for turned in found.refused],
    }
    return json.dumps(document, indent=2) + "\n"


RENDERERS: dict[str, Callable[[TrafficReport], str]] = {"text": as_text, "json": as_json}


def _lines(found: TrafficReport) -> Iterator[str]:
    turned = len({(turned.cassette, turned.number) for turned in found.refused})
    requests = f"{found.checked} recorded request{'' if found.checked == 1 else 's'}"
    yield f"{found.old} -> {found.new}: {turned} of {requests} turn{'s' if turned == 1 else ''} invalid"
    if found.skipped:
        skipped = ", ".join(f"{count} ({reason})" for reason, count in found.skipped.items())
        yield f"not checked: {skipped}"
    last = None
    for refused in found.refused:
        if (refused.cassette, refused.number) != last:
            last = refused.cassette, refused.number
            yield from ("", f"{refused.cassette.as_posix()}, interaction {refused.number}: {refused.operation}")
        yield f"  {f'{refused.parameter}: ' if refused.parameter else ''}{refused.refusal}"
        yield from (f"    {change.message}  ({change.id})" for change in refused.changes)


def _refusal(refused: NewlyRefused) -> dict[str, object]:
    return {
        "cassette": refused.cassette.as_posix(),
        "interaction": refused.number,
        "operation": refused.operation,
        "parameter": refused.parameter or None,
        "refusal": refused.refusal,
        "changes": [change.as_json() for change in refused.changes],
    }
