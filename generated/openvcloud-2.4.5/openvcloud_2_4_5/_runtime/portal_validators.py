"""Define the rules by which an OpenvCloud portal checks values; `arguments` applies them before sending."""

from __future__ import annotations

import re

from .arguments import RULES, Validator


def _text(pattern: str, wants: str) -> Validator:
    """Return a rule: a string must match the whole pattern. Other types are checked elsewhere."""

    def allows(value: object) -> bool:
        return not isinstance(value, str) or re.fullmatch(pattern, value) is not None

    return Validator(allows, wants)


def _limit(least: int) -> Validator:
    """Return a rule for a resource limit: -1 means no limit, otherwise at least `least`."""

    def allows(value: float) -> bool:
        return value == -1 or value >= least

    return Validator(allows, f"-1 for no limit, or at least {least}")


def _is_limit(value: float) -> bool:
    return value == -1 or value > 0


RULES.update(
    {
        "name": _text(r"""(?s)(?=.*\S)[^<>"']{2,}""", "at least 2 characters, not blanks alone, without < > \" or '"),
        "username": _text(
            r"[0-9A-Za-z._-]{3,39}(@[0-9A-Za-z._-]+)?",
            "3 to 39 letters, digits, dots, underscores or hyphens, optionally @ and the name of a provider",
        ),
        "groupname": _text(r"[0-9A-Za-z._-]{3,39}", "3 to 39 letters, digits, dots, underscores or hyphens"),
        "password": _text(r"(?s).{8,60}", "8 to 60 characters"),
        "accesstype": _text(
            r"R|(?=.*R)(?=.*C)(?=.*X)[RCX]{3}|(?=.*A)(?=.*R)(?=.*C)(?=.*X)(?=.*D)(?=.*U)[ARCXDU]{6}",
            "R to read, RCX to write or ARCXDU to administer",
        ),
        "limit": Validator(_is_limit, "-1 for no limit, or more than 0"),
        "disk limit": _limit(10),
        "address limit": _limit(1),
    }
)
