"""Decide which operations destroy something, so that a person should confirm the call."""

from __future__ import annotations

import re

READ = "read"
# The first or last word of an operation's name.
VERBS = frozenset(
    {
        "clear",
        "decomission",  # a common misspelling
        "decommission",
        "delete",
        "destroy",
        "drop",
        "erase",
        "kill",
        "purge",
        "remove",
        "reset",
        "revoke",
        "rollback",
        "shutdown",
        "stop",
        "terminate",
        "truncate",
        "uninstall",
        "wipe",
    }
)
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def is_destructive(name: str, method: str, retry: str) -> bool:
    """Return whether a call deletes or stops something.

    False for an operation that only reads. Otherwise, True if the HTTP method is DELETE, or if the first or last word
    of the name is one of VERBS: `deleteDisk`, `fw_stop`, `pets-remove`.

    Args:
        name: The dotted name, such as `pets.delete`. Only its last part is read.
        method: The HTTP method.
        retry: The retry class of the operation: `read`, `converging` or `creating`.
    """
    if retry == READ:
        return False
    words = [word.lower() for word in WORDS.findall(name.rpartition(".")[2])]
    return method.upper() == "DELETE" or bool(VERBS.intersection(words[:1] + words[-1:]))
