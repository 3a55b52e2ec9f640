"""The documentation page about retries has the same tables and numbers as the code."""

from __future__ import annotations

import inspect
from pathlib import Path

import ovcgen
from ovcgen.cli.commands import doctor
from ovcgen.cli.commands.rehearse import rehearse_command
from ovcgen.cli.options import timeout as timeout_option
from ovcgen.cli.profiles.profile_selection import DEFAULTS
from ovcgen.runtime import policy, polling, tasks, waiters
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
TIMEOUTS = {
    "one call from Python: `timeout=` of `connect()`": policy.TIMEOUT,
    "one call from the command line, and again the wait for its task: `--timeout`": DEFAULTS["timeout"],
    "a task or a waiter in Python: `timeout=` of `task.result()`, `ovcgen.wait()`, `portal.wait....()`": tasks.PATIENCE,
    "one poll of such a wait": polling.ONE_POLL,
    "each run of `ovcgen rehearse`: its `--timeout`": next(
        option.default for option in rehearse_command.params if option.name == "timeout"
    ),
    "one call of `ovcgen doctor`": doctor.PATIENCE,
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


def test_the_page_has_the_timeouts_of_the_code() -> None:
    """The page lists the default of each timeout; it is the same for `connect`, and in the help of the commands."""
    numbers = [[what, f"{number:g}"] for what, number in TIMEOUTS.items()]

    assert table(["seconds", "default"], numbers) in PAGE.read_text("utf-8")
    assert waiters.PATIENCE == tasks.PATIENCE
    assert inspect.signature(ovcgen.connect).parameters["timeout"].default == policy.TIMEOUT
    [option] = timeout_option(lambda: None).__click_params__
    assert f"else {DEFAULTS['timeout']:g}." in option.help


def test_every_decision_is_used() -> None:
    """Every member of Decision occurs in TABLE."""
    assert {decision for decisions in TABLE.values() for decision in decisions.values()} == set(Decision)
