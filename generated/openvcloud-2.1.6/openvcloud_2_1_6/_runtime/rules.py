"""The portal's own rules for texts, checked before anything is sent, so that its 400 is no surprise."""

from __future__ import annotations

import re


class Rule:
    """A pattern that must match the whole text, and the words for it."""

    __slots__ = ("pattern", "wants")

    def __init__(self, pattern: str, wants: str) -> None:
        self.pattern = re.compile(pattern)
        self.wants = wants

    def allows(self, text: str) -> bool:
        """Whether the portal would take the text."""
        return self.pattern.fullmatch(text) is not None


RULES = {
    "name": Rule(r"""(?s)(?=.*\S)[^<>"']{2,}""", "at least 2 characters, not blanks alone, without < > \" or '"),
    "username": Rule(
        r"[0-9A-Za-z._-]{3,39}(@[0-9A-Za-z._-]+)?",
        "3 to 39 letters, digits, dots, underscores or hyphens, optionally @ and the name of a provider",
    ),
    "groupname": Rule(r"[0-9A-Za-z._-]{3,39}", "3 to 39 letters, digits, dots, underscores or hyphens"),
    "password": Rule(r"(?s).{8,60}", "8 to 60 characters"),
}
