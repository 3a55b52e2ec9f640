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
    """Yield every row of the table with every driver and class of call.

    `make test` runs the blocking runtime client only. The other drivers run in `make check`: the asynchronous client
    has the same rules, an SDK has the same runtime, and a command reads its release anew each time.
    """
    for row in ROWS:
        for operation, expected in ((READ, row.read), (CREATE, row.creating)):
            name = f"{row.number:02}-{row.name}-{'read' if operation == READ else 'create'}"
            for caller in row.drivers if expected else ():
                slow = [] if caller == "runtime" else [pytest.mark.slow]
                cell = f"{name}-{caller}"
                yield pytest.param(row, operation, expected, caller, id=cell, marks=slow)


@pytest.mark.parametrize(("row", "operation", "expected", "name"), list(cells()))
def test_a_fault_ends_as_the_table_says(
    row: Row,
    operation: str,
    expected: Expected,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Error, exit code, number of requests and duration are as expected, and no secret can be read.

    After a mismatch the call is made a second time, since the machine may have been busy. Too many requests and leaked
    secrets fail at once.
    """
    caller, found = driver(name, capsys), [""]
    for _ in range(2):
        with Stage(tmp_path, monkeypatch) as stage:
            outcome = caller.call(stage, row.setup(stage), operation, row.timeout)
            assert stage.reached <= max(expected.requests)
            assert [gate.reached for gate in stage.strangers if gate.connections] == []
            assert outcome.leaked(PROXY_PASSWORD) == []
            found = [*problems(outcome, expected, operation), *late(outcome, row, expected, caller.slack)]
            found += [] if stage.reached in expected.requests else [f"{stage.reached} requests"]
        if not found:
            break
    assert found == []


def late(outcome: Outcome, row: Row, expected: Expected, slack: float) -> list[str]:
    """Return what is wrong with the duration, if anything: too long, or a success before the row's minimal wait."""
    is_early = not expected.error and outcome.elapsed < row.waits
    is_late = outcome.elapsed > row.timeout + slack
    return [f"it ended after {outcome.elapsed:.2f} s"] if is_early or is_late else []


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
