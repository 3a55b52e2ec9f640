"""Keep the tokens of an identity provider for other processes of the same user, in files that only the user can read.

Each application key has a folder of its own below the user's cache folder. Its name is a hash of the provider, the kind
of login and the client id; the file in it holds the token. Passwords, session keys and client secrets are never kept.
"""

from __future__ import annotations

import hmac
import json
import math
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from ovcgen.files import locked, replace_file
from ovcgen.private_files import make_private, read_private, remove_leftovers
from ovcgen.runtime.login_requests import TOKEN, json_value
from ovcgen.runtime.redaction import Secret
from ovcgen.runtime.tokens import StoredToken, seconds_of
from ovcgen.runtime.typeguards import is_dict

SWITCH = "OVCGEN_NO_TOKEN_CACHE"  # environment variable: any value turns the cache off
TEXTS = ("token", "salt", "proof")  # fields of a token file


class TokenFile:
    """The cached token of one application key, in a file.

    No method raises OSError: the first one is reported by `warn`, and then nothing more is read or written.

    Args:
        folder: The folder of all tokens; created with mode 0700 when a token is kept.
        identity: The provider, the kind of login and the client id. Their hash names the file's folder.
        secret: The client secret. A token that was got with another one is not used; the secret is not stored.
        warn: Called once with a sentence if the cache can't be used.
        clock: Returns the time in seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        identity: tuple[str, ...],
        secret: Secret,
        *,
        warn: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._root = folder
        self._folder = folder / sha256(json.dumps(identity).encode()).hexdigest()
        self._file = self._folder / "token.json"
        self._secret, self._warn, self._clock = secret, warn, clock
        self._is_usable = True

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Lock the token's folder without waiting. Yield False if another process has locked it, else True.

        True means that the caller may replace the token. It is also yielded, without a lock, if the cache is unusable.
        The lock ends with the process, even after a crash; the next process removes half-written files.
        """
        with ExitStack() as stack:
            is_locked = self._attempt(lambda: self._lock(stack))
            yield is_locked is not False

    def load(self) -> StoredToken | None:
        """Return the token with its age; None if there is none that can be used.

        A token that has expired, that was got with another secret, or whose file is damaged can't be used.
        """
        found = json_value(self._attempt(lambda: read_private((self._root, self._folder), self._file)) or "")
        if not is_dict(found):
            return None
        token, salt, proof = (text if isinstance(text := found.get(name), str) else "" for name in TEXTS)
        issued, lifetime = seconds_of(found.get("issued")), seconds_of(found.get("lifetime"))
        if issued is None or lifetime is None or not TOKEN.fullmatch(token):
            return None
        age = self._clock() - issued
        is_ours = hmac.compare_digest(proof.encode(), self._proof(salt).encode())
        return StoredToken(Secret(token), lifetime, age) if is_ours and 0 <= age < lifetime else None

    def save(self, stored: StoredToken) -> None:
        """Replace the token in the file. A token whose lifetime is unknown (infinite) is not stored."""
        if not math.isfinite(stored.lifetime):
            return
        salt = secrets.token_hex(16)
        content: dict[str, Any] = {
            "token": stored.token.reveal(),
            "issued": self._clock() - stored.age,
            "lifetime": stored.lifetime,
            "salt": salt,
            "proof": self._proof(salt),
        }
        self._attempt(lambda: replace_file(self._file, json.dumps(content).encode()))

    def drop(self) -> None:
        """Remove the token from the cache, if there is one. The identity provider is not told."""
        self._attempt(lambda: self._file.unlink(missing_ok=True))

    def _proof(self, salt: str) -> str:
        """Return a keyed hash of the client secret, to recognise tokens that were fetched with the same secret."""
        return hmac.new(self._secret.reveal().encode(), salt.encode("utf-8", "replace"), sha256).hexdigest()

    def _lock(self, stack: ExitStack) -> bool:
        """Create missing folders, then lock the token's folder and clear it. Return False if it is locked already."""
        self._root.parent.mkdir(parents=True, exist_ok=True)
        make_private((self._root, self._folder))
        if not stack.enter_context(locked(self._folder, wait=False)):
            return False
        remove_leftovers(self._folder, self._file)
        return True

    def _attempt(self, action: Callable[[], Any]) -> Any:
        """Return the result of the action; after an OSError, warn once, return None and stop using the cache."""
        if not self._is_usable:
            return None
        try:
            return action()
        except OSError as error:
            self._is_usable = False
            self._warn(f"The token can't be kept for the next call: {error}. Set {SWITCH}=1 to do without.")
            return None


def token_file(identity: tuple[str, ...], secret: Secret, warn: Callable[[str], None]) -> TokenFile | None:
    """Return the token file of an application key; None if the cache is turned off or the system is not POSIX.

    OVCGEN_NO_TOKEN_CACHE, with any value, turns the cache off. `identity`, `secret` and `warn` are those of TokenFile.
    """
    if os.environ.get(SWITCH) or os.name != "posix":
        return None
    return TokenFile(token_folder(), identity, secret, warn=warn)


def token_folder() -> Path:
    """Return the folder of all tokens of the user, below the user's cache folder. It need not exist."""
    import platformdirs

    return platformdirs.user_cache_path("ovcgen") / "tokens"
