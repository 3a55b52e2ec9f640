"""Store secrets in the system's keyring with the library keyring. Backends without encryption are refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovcgen.errors import UsageError

SERVICE = "ovcgen"
REFUSED = ("keyrings.alt.", "keyring.backends.fail", "keyring.backends.null")
CHAIN = "keyring.backends.chainer"


class KeyringRefused(UsageError):
    """An error: there is no keyring that encrypts, or the keyring fails to load, store or remove a secret.

    Args:
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"No keyring can be used: {reason}.",
            fix="Unlock the keyring, or log in again; environment variables need none.",
        )


class SystemKeyring:
    """The entries of ovcgen in the keyring of the operating system (service `ovcgen`), used by the library keyring.

    Raises:
        KeyringRefused: the library keyring is not installed, or has no backend on this system that encrypts.
    """

    def __init__(self) -> None:
        self._backend = _safe_backend()

    @property
    def name(self) -> str:
        """Return the module of the backend, such as `keyring.backends.SecretService`."""
        return str(type(self._backend).__module__)

    def load(self, name: str) -> str | None:
        """Return the text that is stored for ovcgen under `name`; None if there is none.

        Raises:
            KeyringRefused: the keyring fails, for example because it is locked.
        """
        with _refusals():
            found = self._backend.get_password(SERVICE, name)
        return None if found is None else str(found)

    def save(self, name: str, text: str) -> None:
        """Store a text under `name`, in place of an earlier one. Raises KeyringRefused if the keyring fails."""
        with _refusals():
            self._backend.set_password(SERVICE, name, text)

    def remove(self, name: str) -> None:
        """Remove the text stored under `name`, if there is one. Raises KeyringRefused if the keyring fails."""
        if self.load(name) is not None:
            with _refusals():
                self._backend.delete_password(SERVICE, name)


def _safe_backend() -> Any:
    """Return the first backend that stores secrets safely. Raises KeyringRefused if there is none."""
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
    """Turn every error of the block into KeyringRefused, without the message, which may contain the secret."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # backends raise errors of D-Bus, of ctypes and of their own
        raise KeyringRefused(f"it refuses with {type(error).__name__}") from None
