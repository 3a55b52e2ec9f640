"""Use the system's keyring by way of the library keyring, but none that keeps secrets as plain text or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovcgen.errors import UsageError

SERVICE = "ovcgen"
REFUSED = ("keyrings.alt.", "keyring.backends.fail", "keyring.backends.null")
CHAIN = "keyring.backends.chainer"


class KeyringRefused(UsageError):
    """There is no keyring, or it does not do what it is asked for."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"No keyring can be used: {reason}.",
            fix="Unlock the keyring, or log in again; environment variables need none.",
        )


class SystemKeyring:
    """The keyring of the system.

    Raises:
        KeyringRefused: the library is not installed, or has no safe backend here.
    """

    def __init__(self) -> None:
        self._backend = _safe_backend()

    @property
    def name(self) -> str:
        """The name of the backend, such as `keyring.backends.SecretService`."""
        return str(type(self._backend).__module__)

    def load(self, name: str) -> str | None:
        """Return the text of that name; None if there is none. Raises KeyringRefused."""
        with _refusals():
            found = self._backend.get_password(SERVICE, name)
        return None if found is None else str(found)

    def save(self, name: str, text: str) -> None:
        """Store a text under that name. Raises KeyringRefused."""
        with _refusals():
            self._backend.set_password(SERVICE, name, text)

    def remove(self, name: str) -> None:
        """Remove the text of that name, if there is one. Raises KeyringRefused."""
        if self.load(name) is not None:
            with _refusals():
                self._backend.delete_password(SERVICE, name)


def _safe_backend() -> Any:
    """Return the first backend that may be used. Raises KeyringRefused."""
    try:
        import keyring
    except ImportError:
        raise KeyringRefused("the library keyring is not installed (`pip install 'ovcgen[cli]'` brings it)") from None
    with _refusals():
        chosen: Any = keyring.get_keyring()
        listed = list(chosen.backends) if type(chosen).__module__ == CHAIN else [chosen]
    for backend in listed:
        if not f"{type(backend).__module__}.".startswith(REFUSED):
            return backend
    names = ", ".join(f"{type(backend).__module__}.{type(backend).__name__}" for backend in listed)
    raise KeyringRefused(f"{names} keeps no secrets, or keeps them as plain text" if names else "there is none")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn every error of a backend into KeyringRefused; its message is not shown, as it may hold the secret."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # backends raise errors of D-Bus, of ctypes and of their own
        raise KeyringRefused(f"it refuses with {type(error).__name__}") from None
