"""Ask the user for the parts of a login on a terminal, without showing secrets, or read secrets from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ovcgen.cli import terminal
from ovcgen.errors import UsageError
from ovcgen.runtime.redaction import Secret

LARGEST = 100_000  # characters of a line with a secret


class NoTerminal(UsageError):
    """An error: the user has to be asked for something, and standard input is no terminal.

    Args:
        what: The name of what is asked for, such as `client id`.
        fix: What to do, as a sentence.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"The {what} can't be asked for: standard input is no terminal.", fix=fix)


class NoSecret(UsageError):
    """An error: standard input has no line, or an empty one, where a secret should be.

    Args:
        what: The name of the secret, such as `client secret`.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Standard input has no line with the {what}.", fix="Pipe it in, as in `ovcgen auth login ... < FILE`."
        )


class LoginQuestions:
    """Asks the user for the parts of one login: on stderr, with the answers from standard input.

    Args:
        place: The portal or service of the login. On a terminal the constructor prints it.
        from_input: Whether secrets are read from standard input, one per line, if that is no terminal.
    """

    def __init__(self, place: str, *, from_input: bool) -> None:
        self._from_input = from_input
        if _is_terminal():
            terminal.note(f"Log in at {place}.")

    def text(self, what: str, given: str | None, option: str) -> str:
        """Return `given`, or ask for the text on the terminal, and show it, if `given` is empty.

        Args:
            what: The name of the text, such as `client id`.
            given: The value of the option or the profile; None or "" if there is none.
            option: The command-line option for the text, for the error.

        Raises:
            NoTerminal: the text is not given, and there is no terminal.
        """
        if given:
            return given
        if not _is_terminal():
            raise NoTerminal(what, f"Pass {option}.")
        answer: str = click.prompt(f"{what[:1].upper()}{what[1:]}", err=True)
        return answer

    def choice(self, what: str, choices: Sequence[str], given: str | None, option: str) -> str:
        """Return `given`, unchecked, or the only choice, or else ask for one of the choices; Enter takes the first one.

        `what` names the choice in the question, and `option` is the command-line option for it, for the error.

        Raises:
            NoTerminal: the user has to be asked, and there is no terminal.
        """
        if given or len(choices) == 1:
            return given or choices[0]
        if not _is_terminal():
            raise NoTerminal(what, f"Pass {option} with one of {', '.join(choices)}.")
        answer: str = click.prompt(what, type=click.Choice(choices), default=choices[0], err=True)
        return answer

    def secret(self, what: str) -> Secret:
        """Return a secret: on a terminal ask for it without showing it, elsewhere read the next line of standard input.

        `what` names the secret. A line is read up to 100,000 characters, and its line break is left out.

        Raises:
            NoTerminal: there is no terminal, and `from_input` is false.
            NoSecret: standard input has no more line, or an empty one.
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
