"""Run checks one after the other. A check that raises an error is reported as a problem, and the others still run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ovcgen.runtime.errors import ClientError

OK, NOTE, PROBLEM = "ok", "note", "problem"


class CheckResult(NamedTuple):
    """A record of one result of a check.

    Attributes:
        check: The subject of the check, such as `proxy`.
        state: `ok`, `note` (worth knowing) or `problem`.
        text: What was found.
        fix: What to do about it; "" if there is nothing to do.
    """

    check: str
    state: str
    text: str
    fix: str = ""

    @property
    def row(self) -> dict[str, Any]:
        """Return the result as a dict with the keys `check`, `state`, `text` and `fix`."""
        return self._asdict()

    @property
    def lines(self) -> str:
        """Return the result as text for the terminal: one line, and the advice, if there is any, in a second line."""
        advice = f"\n  -> {self.fix}" if self.fix else ""
        return f"{self.state}: {self.check}: {self.text}{advice}"


Check = Callable[[], Iterable[CheckResult]]


def run_checks(checks: Iterable[tuple[str, Check]]) -> Iterator[CheckResult]:
    """Yield the results of all checks, which are pairs (name, function that yields results).

    A check that raises an error gives a problem with its name, after the results that it has yielded, and the next
    checks still run. Of a ClientError the text is shown, of other exceptions only the type, because the text may hold a
    secret.
    """
    for name, check in checks:
        try:
            yield from check()
        except ClientError as error:
            yield CheckResult(name, PROBLEM, error.what, error.fix)
        except Exception as error:  # noqa: BLE001  # the other checks are needed most when one breaks
            yield CheckResult(name, PROBLEM, f"This check failed with a {type(error).__name__}.", "Set OVCGEN_DEBUG=1.")
