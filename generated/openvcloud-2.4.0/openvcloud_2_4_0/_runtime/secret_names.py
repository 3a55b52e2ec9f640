"""Tell from a name whether its value is a secret, and remember secrets for all copies of this runtime in the process.

Every SDK carries a copy of its own, while a log or a recording is one for all of them. So what is declared by one copy
is kept outside of all, in `sys.modules`.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from functools import lru_cache
from types import ModuleType
from typing import cast

SHARED = "_ovcgen_secrets"
KEPT = 1000  # secret values; a process that renews its token for ever must not grow
LONG_ENOUGH = 8  # characters of a value that is looked for in recordings

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
ENDINGS = re.compile(
    "(?:token|secret|password|passwd|passphrase|passcode|pwd|jwt|sessionid|sessid"
    "|(?:api|access|account|auth|client|encryption|hmac|master|private|secret|session|shared|signing|storage)key"
    "|privkey|amzsignature|googsignature)s?$"
)
# What follows such a word and leaves its meaning: `passwordConfirmation`, `token_value`, `password2`.
AFTER = frozenset(
    {
        "again",
        "b64",
        "base64",
        "confirm",
        "confirmation",
        "confirmed",
        "encoded",
        "encrypted",
        "hash",
        "new",
        "old",
        "plain",
        "plaintext",
        "repeat",
        "string",
        "text",
        "value",
    }
)
# Tokens of another kind: places in a list, and amounts.
HARMLESS = re.compile(
    "(?:after|before|change|continuation|continue|cursor|delta|input|marker|max|min|next|num|output|page|pagination|"
    "paging|prev|previous|resume|scroll|skip|start|stop|sync|total|used)tokens?$"
)
EXACT = frozenset({"pass", "otp", "totp", "userlogin", "sig"})


class _Shared(ModuleType):
    """What the copies share."""

    headers: set[str]
    fields: set[str]
    values: deque[str]


def shared() -> _Shared:
    """Return what all copies of the runtime in this process know."""
    known = sys.modules.get(SHARED)
    if known is None:
        made = _Shared(SHARED)
        made.headers = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
        made.fields = set()
        made.values = deque(maxlen=KEPT)
        known = sys.modules.setdefault(SHARED, made)
    return cast("_Shared", known)


def declare_secret(name: str, place: str) -> None:
    """Hide from now on what stands under that name: a `header`, or a field of a `query`, a form or a JSON object."""
    (shared().headers if place == "header" else shared().fields).add(name.lower())


def remember(value: str) -> None:
    """Keep a secret value out of recordings, wherever it is repeated; a common word is not looked for."""
    is_word = value.isalpha() and (value.islower() or value.istitle())
    if len(value) >= LONG_ENOUGH and not is_word and value not in shared().values:
        shared().values.append(value)


def is_secret(name: str) -> bool:
    """Return whether a field of that name holds a secret: it is declared, or its name says so."""
    return name.lower() in shared().fields or _says_so(name)


def is_secret_header(name: str) -> bool:
    """Return whether a header of that name holds a secret."""
    return name.lower() in shared().headers or _says_so(name)


def is_plural(name: str) -> bool:
    """Return whether a secret name speaks of several: its numbers are amounts, its objects have names of their own."""
    return name.rstrip("_").lower().endswith("s")


@lru_cache(maxsize=4096)
def _says_so(name: str) -> bool:
    words = [word.lower() for word in WORDS.findall(name[:200])]
    while len(words) > 1 and (words[-1] in AFTER or words[-1].isdigit()):
        words.pop()
    squashed = "".join(words)
    return squashed in EXACT or (ENDINGS.search(squashed) is not None and HARMLESS.search(squashed) is None)
