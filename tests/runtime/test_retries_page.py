"""The documentation page about retries has the same tables and numbers as the code."""

from __future__ import annotations

from pathlib import Path

from ovcgen.runtime import policy
from ovcgen.runtime.policy import TABLE, Decision, Moment

PAGE = Path(__file__).parents[2] / "ovcgen" / "docs" / "retries.md"
LIMITS = {
    "`timeout`: seconds for one call, with its retries and logins": policy.TIMEOUT,
    "`retries`: repetitions after the first attempt": policy.RETRIES,
    "seconds to accept a connection": policy.CONNECT,
    "seconds without a byte, for a reading call": policy.READ_PATIENCE,
    "seconds for one login": policy.LOGIN_TIMEOUT,
    "seconds of the first pause, doubled for each further one": policy.FIRST_PAUSE,
    "seconds of the longest pause": policy.LONGEST_PAUSE,
    "seconds that a `Retry-After` is followed at most": policy.LONGEST_RETRY_AFTER,
    "seconds that a reused connection may have been idle, for a call that is no read": policy.IDLE_FOR_WRITES,
    "retry tokens of one client": policy.QUOTA,
    "tokens that a retry takes": policy.COST,
    "tokens that a retry after a timeout takes": policy.COST_OF_TIMEOUT,
    "MiB of one response": policy.LARGEST // 2**20,
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def rows() -> list[list[str]]:
    """Return the rows of the table: each failure with the decisions for the three classes of calls."""
    return [
        [moment.value, *(TABLE[moment][kind].value for kind in policy.CLASSES)]
        for moment in Moment
        if moment is not Moment.SUCCEEDED
    ]


def test_the_page_has_the_table_of_the_code() -> None:
    """The page lists, for each failure, what follows for a reading, a converging and a creating call."""
    assert table(["what happens", *policy.CLASSES], rows()) in PAGE.read_text("utf-8")


def test_the_page_has_the_numbers_of_the_code() -> None:
    """The page lists each default with its value."""
    numbers = [[what, f"{number:g}"] for what, number in LIMITS.items()]
    assert table(["default", "value"], numbers) in PAGE.read_text("utf-8")


def test_every_decision_is_used() -> None:
    """Every member of Decision occurs in TABLE."""
    assert {decision for decisions in TABLE.values() for decision in decisions.values()} == set(Decision)
