"""Ask for what a login needs: on a terminal, where secrets are not shown, or secrets from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ovcgen.cli import terminal
from ovcgen.errors import UsageError
from ovcgen.runtime.redaction import Secret

LARGEST = 100_000  # characters of a line with a secret


class NoTerminal(UsageError):
    """Something has to be asked, and there is no terminal."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"The {what} can't be asked for: standard input is no terminal.", fix=fix)


class NoSecret(UsageError):
    """Standard input holds no secret."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Standard input has no line with the {what}.", fix="Pipe it in, as in `ovcgen auth login ... < FILE`."
        )


class LoginQuestions:
    """Questions to the user. A terminal shows first where the login is for.

    Args:
        place: Where the login is for.
        from_input: Whether secrets are read from standard input, one a line, if that is no terminal.
    """

    def __init__(self, place: str, *, from_input: bool) -> None:
        self._from_input = from_input
        if _is_terminal():
            terminal.note(f"Log in at {place}.")

    def text(self, what: str, given: str | None, option: str) -> str:
        """Return what is given already, or ask for it. `option` is the option that gives it.

        Raises:
            NoTerminal: it is not given, and there is no terminal.
        """
        if given:
            return given
        if not _is_terminal():
            raise NoTerminal(what, f"Pass {option}.")
        answer: str = click.prompt(f"{what[:1].upper()}{what[1:]}", err=True)
        return answer

    def choice(self, what: str, choices: Sequence[str], given: str | None, option: str) -> str:
        """Return what is given already or the only choice, or ask which one. Raises NoTerminal."""
        if given or len(choices) == 1:
            return given or choices[0]
        if not _is_terminal():
            raise NoTerminal(what, f"Pass {option} with one of {', '.join(choices)}.")
        answer: str = click.prompt(what, type=click.Choice(choices), default=choices[0], err=True)
        return answer

    def secret(self, what: str) -> Secret:
        """Ask for a secret without showing it, or read its line from standard input.

        Raises:
            NoTerminal: there is no terminal, and standard input is not to be read.
            NoSecret: there is no such line.
        """
        if _is_terminal():
            return Secret(click.prompt(f"{what[:1].upper()}{what[1:]}", hide_input=True, err=True))
        if not self._from_input:
            raise NoTerminal(what, "Pipe it in, and pass --secret-stdin.")
        line = sys.stdin.readline(LARGEST).rstrip("\r\n") if sys.stdin is not None else ""
        if not line:
            raise NoSecret(what)
        return Secret(line)


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
