"""Decide by a field's name whether its value is a secret, and remember secret values.

Each SDK has its own copy of this module, but logs and recordings are shared. So the declared names and values are kept
in `sys.modules`, where all copies in the process find them.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from functools import lru_cache
from types import ModuleType
from typing import cast

SHARED = "_ovcgen_secrets"
KEPT = 1000  # secret values at most, so that a process that renews its token does not grow
LONG_ENOUGH = 8  # characters; shorter values are not searched for in recordings

WORDS = r"(?i:base64|b64)|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+"
ENDINGS = (
    "(?:token|secret|password|passwd|passphrase|passcode|pwd|jwt|sessionid|sessid"
    "|(?:api|access|account|auth|client|encryption|hmac|master|private|secret|session|shared|signing|storage)key"
    "|privkey|amzsignature|googsignature)s?$"
)
# Words that may follow without changing the meaning: `passwordConfirmation`, `token_value`, `password2`.
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
# Tokens that are not secret: positions in a list, and counts.
HARMLESS = (
    "(?:after|before|change|continuation|continue|cursor|delta|input|marker|max|min|next|num|output|page|pagination|"
    "paging|prev|previous|resume|scroll|skip|start|stop|sync|total|used)tokens?$"
)
EXACT = frozenset({"pass", "otp", "totp", "userlogin", "sig"})


class _Shared(ModuleType):
    """What all copies of the runtime in this process share.

    Attributes:
        headers: Lower-case names of headers that hold secrets.
        fields: Lower-case names of fields that hold secrets.
        values: Secret values, the newest 1000.
    """

    headers: set[str]
    fields: set[str]
    values: deque[str]


def shared() -> _Shared:
    """Return the record of declared names and secret values that all copies of the runtime in this process share.

    The first call creates it.
    """
    known = sys.modules.get(SHARED)
    if known is None:
        made = _Shared(SHARED)
        made.headers = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
        made.fields = set()
        made.values = deque(maxlen=KEPT)
        known = sys.modules.setdefault(SHARED, made)
    return cast("_Shared", known)


def declare_secret(name: str, place: str) -> None:
    """Treat values under that name as secrets from now on, in the whole process. Upper and lower case do not count.

    `place` is `header` for a header; any other value means a field of a query, form or JSON object.
    """
    (shared().headers if place == "header" else shared().fields).add(name.lower())


def remember(value: str) -> None:
    """Remember a secret value, to remove it from logs, responses and recordings of this process.

    Values of fewer than 8 characters, and words of letters in lower case or with one capital at the beginning, are not
    remembered. Only the newest 1000 values are kept.
    """
    is_word = value.isalpha() and (value.islower() or value.istitle())
    if len(value) >= LONG_ENOUGH and not is_word and value not in shared().values:
        shared().values.append(value)


def is_secret(name: str) -> bool:
    """Return whether a query, form or JSON field of that name holds a secret: it was declared, or the name implies it.

    A name implies it by its ending, such as `accessToken`, `client_secret`, `password2`. Case does not count; counts
    and positions such as `maxTokens` and `nextToken` are none.
    """
    return name.lower() in shared().fields or _says_so(name)


def is_secret_header(name: str) -> bool:
    """Return whether a header of that name holds a secret: it was declared, or the name implies it as for `is_secret`.

    Declared from the beginning are Authorization, Proxy-Authorization, Cookie and Set-Cookie. Case does not count.
    """
    return name.lower() in shared().headers or _says_so(name)


def is_plural(name: str) -> bool:
    """Return whether a secret's name is a plural: whether it ends in `s`, in upper or lower case, before underscores.

    Objects under such a name have names of their own, which tell whether a value is a secret.
    """
    return name.rstrip("_").lower().endswith("s")


@lru_cache(maxsize=4096)
def _says_so(name: str) -> bool:
    """Return whether a name implies a secret, such as `accessToken` but not `maxTokens`."""
    words = [word.lower() for word in re.findall(WORDS, name[-200:])]
    while words and (words[-1] in AFTER or words[-1].isdigit()):
        words.pop()
    squashed = "".join(words)
    return squashed in EXACT or (re.search(ENDINGS, squashed) is not None and re.search(HARMLESS, squashed) is None)
