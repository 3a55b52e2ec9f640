"""The fault table holds: every row, with every driver, for a reading and a creating call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import rows_of_answers, rows_of_connections, rows_of_proxies
from tests.faults.drivers import CREATE, READ, Outcome, driver
from tests.faults.faults import CREATED
from tests.faults.stage import Stage
from tests.faults.table import PROXY_PASSWORD, Expected, Row

ROWS = (*rows_of_connections.ROWS, *rows_of_proxies.ROWS, *rows_of_answers.ROWS)


def cells() -> Iterator[Any]:
    """Return every row with every driver and class of call.

    `make test` runs the blocking runtime client. The asynchronous one has the same rules, the SDK the same runtime, and
    the command reads its release anew each time; they run in `make check`.
    """
    for row in ROWS:
        for operation, expected in ((READ, row.read), (CREATE, row.creating)):
            name = f"{row.number:02}-{row.name}-{'read' if operation == READ else 'create'}"
            for caller in row.drivers if expected else ():
                slow = [] if caller == "runtime" else [pytest.mark.slow]
                cell = f"{name}-{caller}"
                yield pytest.param(row, operation, expected, caller, id=cell, marks=slow)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return the stage on which the row opens its servers."""
    with Stage(tmp_path, monkeypatch) as stage:
        yield stage


@pytest.mark.parametrize(("row", "operation", "expected", "name"), list(cells()))
def test_a_fault_ends_as_the_table_says(
    row: Row, operation: str, expected: Expected, name: str, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    """Error, exit code, number of requests and duration are as expected, and no secret can be read."""
    caller = driver(name, capsys)
    outcome = caller.call(stage, row.setup(stage), operation, row.timeout)

    assert problems(outcome, expected, operation) == []
    assert outcome.elapsed <= row.timeout + caller.slack
    assert expected.error or outcome.elapsed >= row.waits
    assert stage.reached in expected.requests
    assert [gate.reached for gate in stage.strangers if gate.connections] == []
    assert outcome.leaked(PROXY_PASSWORD) == []


def problems(outcome: Outcome, expected: Expected, operation: str) -> list[str]:
    """Return the differences between an outcome and the expected one: in its value, error or exit code."""
    if outcome.code is not None:
        printed = json.loads(outcome.value) if outcome.value and not expected.code else None
        ended = (outcome.code, printed if not expected.code else outcome.value)
        meant = (expected.code, "" if expected.code else good_value(operation))
        return [] if ended == meant else [f"exit code and output are {ended!r}, not {meant!r}: {outcome.texts[-3:]}"]
    if expected.error:
        found = outcome.kinds or [f"the value {outcome.value!r:.100}"]
        return [] if expected.error in found else [f"{found[0]} instead of {expected.error}: {outcome.error!s:.200}"]
    is_good = outcome.error is None and outcome.value == good_value(operation)
    return [] if is_good else [f"{outcome.error!r:.200} or {outcome.value!r:.100} instead of the good value"]


def good_value(operation: str) -> Any:
    """Return the value that a healthy portal answers."""
    return [] if operation == READ else CREATED
