"""Match regular expressions of documents in linear time, and make texts that match them.

With a pattern such as `(a+)+b`, Python's `re` can need years. Here, a pattern becomes a state machine (NFA) that reads
each character once. Patterns that an NFA can't express, such as lookahead, are not supported.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]  # Python's own parser has no public name
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

MOST_STATES = 20_000
MOST_STEPS = 1_000_000  # of one match
MOST_REPEATS = 5_000
LONGEST = 10_000  # characters of a pattern
LETTERS = "a1A0_-. @/:bZ9#+"  # what texts are made of, where the pattern leaves a choice

IsWanted = Callable[[str], bool]
CATEGORIES: dict[Any, IsWanted] = {
    codes.CATEGORY_DIGIT: str.isdecimal,
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    codes.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdecimal(),
    codes.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    codes.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}
AT_START = (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING)
AT_END = (codes.AT_END, codes.AT_END_STRING)


class Unsupported(ValueError):
    """A ValueError: a pattern is not a regular expression, or can't be matched by a state machine (NFA).

    Patterns with lookahead, back references, `\b` or flags, and patterns that are too large, can't be matched. The
    error does not leave this module: `matches` and `text_of` return None instead.
    """


class State(NamedTuple):
    """A record of one state of a state machine (NFA), which is a list of states.

    Attributes:
        after: The numbers of the next states.
        wanted: Returns whether the state accepts a character. None if the next states need no character.
        letter: A character that `wanted` accepts, for generated texts.
        where: `start` or `end` if the state is possible only at the start or end of the text; "" for everywhere.
    """

    after: tuple[int, ...]
    wanted: IsWanted | None = None
    letter: str = ""
    where: str = ""


def matches(pattern: str, text: str) -> bool | None:
    """Return whether a text contains a match of the pattern, like `re.search`, in a time that is linear in the text.

    Unlike in Python, `$` matches at the very end only, not before a last line break. The result is None if the pattern
    is invalid or not supported (see `Unsupported`), or if the search takes more than 1,000,000 steps.
    """
    automaton = _compiled(pattern)
    return None if automaton is None else automaton.matches(text)


def text_of(pattern: str, *, least: int = 0, most: int = 1000) -> str | None:
    """Return a short text that contains a match of the pattern; None if none is found or the pattern is not supported.

    The text has `least` to `most` characters. The same arguments always return the same text.
    """
    automaton = _compiled(pattern)
    return None if automaton is None else automaton.text(least, most)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> _Automaton | None:
    try:
        return _Automaton(pattern)
    except (Unsupported, re.error, RecursionError, OverflowError, ValueError):
        return None


class _Automaton:
    """The state machine (NFA) of a pattern. State 0 is the end of a match."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise Unsupported(pattern)
        tree = parser.parse(pattern)
        if tree.state.flags & ~re.UNICODE:
            raise Unsupported(pattern)
        self._states = [State(())]
        self._first = self._all(tree, 0)

    def matches(self, text: str) -> bool | None:
        """Return whether the text contains a match; None if the search takes more than `MOST_STEPS` steps."""
        active: set[int] = set()
        steps = 0
        for position in range(len(text) + 1):
            active = self._closure({*active, self._first}, is_start=position == 0, is_end=position == len(text))
            if 0 in active:
                return True
            steps += len(active) + 1
            if steps > MOST_STEPS:
                return None
            active = set(self._read(active, text[position : position + 1]))
        return False

    def text(self, least: int, most: int) -> str | None:
        """Return a short text with `least` to `most` characters that contains a match; None if none is found."""
        layers: list[dict[int, tuple[int, str]]] = [{self._first: (-1, "")}]  # how each state was reached
        steps = 0
        for length in range(most + 1):
            came_from: dict[int, tuple[int, str]] = {}
            for state in layers[-1]:
                is_end = length >= least
                reached = self._closure({state}, is_start=length == 0, is_end=is_end)
                if 0 in reached and is_end:
                    return self._traced(layers, state)
                if 0 in reached and 0 in self._closure({state}, is_start=length == 0, is_end=False):
                    return self._traced(layers, state) + "a" * (least - length)
                for inner in sorted(reached):
                    for target in self._states[inner].after if self._states[inner].wanted else ():
                        came_from.setdefault(target, (state, self._states[inner].letter))
                steps += len(reached)
            if not came_from or steps > MOST_STEPS:
                return None
            layers.append(came_from)
        return None

    def _traced(self, layers: Sequence[dict[int, tuple[int, str]]], state: int) -> str:
        letters = []
        for layer in reversed(layers[1:]):
            state, letter = layer[state]
            letters.append(letter)
        return "".join(reversed(letters))

    def _closure(self, states: Iterable[int], *, is_start: bool, is_end: bool) -> set[int]:
        """Return the given states and all states that follow without reading a character."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            number = waiting.pop()
            if number in found:
                continue
            state = self._states[number]
            if (state.where == "start" and not is_start) or (state.where == "end" and not is_end):
                continue
            found.add(number)
            waiting += () if state.wanted else state.after
        return found

    def _read(self, states: Iterable[int], letter: str) -> Iterable[int]:
        for number in states if letter else ():
            state = self._states[number]
            if state.wanted and state.wanted(letter):
                yield from state.after

    def _new(self, state: State) -> int:
        if len(self._states) >= MOST_STATES:
            raise Unsupported("it has too many states")
        self._states.append(state)
        return len(self._states) - 1

    def _all(self, tree: Any, after: int) -> int:
        """Add the states of a sequence whose last state leads to `after`, and return the first state."""
        for code, argument in reversed(list(tree)):
            after = self._one(code, argument, after)
        return after

    def _one(self, code: Any, argument: Any, after: int) -> int:
        if code == codes.SUBPATTERN:
            _, added, removed, inner = argument
            if not (added or removed):
                return self._all(inner, after)
        elif code == codes.BRANCH:
            return self._new(State(tuple(self._all(branch, after) for branch in argument[1])))
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = argument
            return self._repeated(inner, after, least=least, most=most)
        elif code == codes.AT and argument in (*AT_START, *AT_END):
            return self._new(State((after,), where="start" if argument in AT_START else "end"))
        else:
            return self._new(_reading(code, argument, after))
        raise Unsupported(str(code))

    def _repeated(self, inner: Any, after: int, *, least: int, most: Any) -> int:
        if least > MOST_REPEATS or (most != codes.MAXREPEAT and most > MOST_REPEATS):
            raise Unsupported("it is repeated too often")
        if most == codes.MAXREPEAT:
            loop = self._new(State((after,)))
            self._states[loop] = State((self._all(inner, loop), after))
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self._new(State((self._all(inner, after), end)))
        for _ in range(least):
            after = self._all(inner, after)
        return after


def _reading(code: Any, argument: Any, after: int) -> State:
    """Return a new state that reads one character and continues with the state `after`."""
    wanted = _wanted(code, argument)
    own = _own_letters(code, argument)
    letter = next((letter for letter in (*LETTERS, *own) if wanted(letter)), None)
    if letter is None:
        letter = next((chr(number) for number in range(32, 0x3000) if wanted(chr(number))), "")
    return State((after,), wanted, letter)


def _wanted(code: Any, argument: Any) -> IsWanted:
    if code == codes.LITERAL:
        return chr(argument).__eq__
    if code == codes.NOT_LITERAL:
        return chr(argument).__ne__
    if code == codes.ANY:
        return "\n".__ne__
    if code == codes.RANGE:
        first, last = map(chr, argument)
        return lambda letter: first <= letter <= last
    if code == codes.CATEGORY:
        return CATEGORIES[argument]
    if code != codes.IN:
        raise Unsupported(str(code))
    is_negated = argument[0][0] == codes.NEGATE
    choices = [_wanted(*choice) for choice in argument[is_negated:]]
    return lambda letter: any(wanted(letter) for wanted in choices) is not is_negated


def _own_letters(code: Any, argument: Any) -> list[str]:
    """Return characters that occur literally in an element of a pattern, as samples."""
    if code == codes.LITERAL:
        return [chr(argument)]
    if code == codes.RANGE:
        return [chr(argument[0])]
    return [letter for choice in argument for letter in _own_letters(*choice)] if code == codes.IN else []
