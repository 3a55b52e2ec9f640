"""Store logins for later commands. Secrets are in the system's keyring, or in a file that only the user can read.

The file has an entry for each pair of address and profile. The entry has the secrets unless they are in the keyring.
The file is changed under a lock, and replaced as a whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.cli.system_keyring import KeyringRefused, SystemKeyring
from ovcgen.errors import UsageError
from ovcgen.files import locked, replace_file
from ovcgen.private_files import UnsafePath, make_private, read_private, remove_leftovers
from ovcgen.runtime.login_requests import json_value
from ovcgen.runtime.redaction import Secret
from ovcgen.runtime.typeguards import is_dict
from ovcgen.runtime.urls import DEFAULT_PORTS, split_url

LARGEST = 2**20  # bytes of the file
KEYRING, FILE = "keyring", "file"


class UnusableStore(UsageError):
    """An error: the file with the stored logins can't be read or written, or a stored secret is gone.

    Args:
        reason: Why, as the end of a sentence.
        fix: What to do, as a sentence.
    """

    def __init__(self, reason: str, *, fix: str) -> None:
        super().__init__(f"The stored logins can't be used: {reason}.", fix=fix)


class StoredLogin(NamedTuple):
    """A record of a login for one address, whose repr shows no secrets.

    Attributes:
        address: The scheme, host and port that the secrets are for, such as `https://portal.example`.
        profile: The profile that the login was stored for; "" for none.
        kind: The kind of login, such as `itsyouonline`, or the name of a security scheme.
        fields: The values that are not secret, such as the client id, by the name of their environment variable.
        secrets: The secrets, by the name of their environment variable. Empty if only entries are listed.
        place: The place of the secrets: `keyring` or `file`. It says nothing of a login that is not stored yet.
        since: The date and time in UTC at which the login was stored, in ISO 8601.
        user: The name that the portal gave the user then; "" if the login was not tried.
    """

    address: str
    profile: str
    kind: str
    fields: dict[str, str]
    secrets: dict[str, Secret]
    place: str = FILE
    since: str = ""
    user: str = ""

    @property
    def name(self) -> str:
        """Return the key of the login in the store: the address, and after a blank the profile if there is one."""
        return f"{self.address} {self.profile}".rstrip()

    @property
    def variables(self) -> dict[str, str]:
        """Return a new dict of the fields and the secrets as plain text, by environment variable.

        Use this only to send the login.
        """
        return {**self.fields, **{name: secret.reveal() for name, secret in self.secrets.items()}}


def origin_of(url: str) -> str:
    """Return the scheme, host and port of a URL, such as `https://portal.example:8443`, to be compared with others.

    A default port is left out, scheme and host are in lower case, and user, path and query are dropped. "" if the URL
    has no scheme or host, or an invalid port.
    """
    parts = split_url(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    is_usual = parts.port in (None, DEFAULT_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}{'' if is_usual else f':{parts.port}'}" if host and parts.scheme else ""


class LoginStore:
    """The stored logins of a user, one for each pair of origin (scheme, host and port) and profile.

    Args:
        folder: The folder of the file with the logins; created with mode 0700 when a login is stored.
        warn: Called with a sentence if the keyring can't be used and a secret is stored in the file.

    Attributes:
        file: The path of the file, which need not exist.
    """

    def __init__(self, folder: Path, *, warn: Callable[[str], None] = lambda _: None) -> None:
        self._folder, self._warn = folder, warn
        self.file = folder / "logins.json"

    def entries(self) -> list[StoredLogin]:
        """Return all logins without their secrets, sorted by name; [] if there is no file, or the system is not POSIX.

        Raises:
            UnusableStore: the file can't be read, or others can read it.
        """
        found = self._read()
        return [_entry(name, found[name]) for name in sorted(found)]

    def load(self, url: str, profile: str) -> StoredLogin | None:
        """Return the login for the origin of `url` and the profile, with its secrets; None if there is none.

        `profile` is "" for a login without a profile; such a login is not used for other profiles, nor the other way
        round.

        Raises:
            UnusableStore: the file can't be read, there is no keyring, or the keyring no longer has the secrets.
            KeyringRefused: the keyring fails, for example because it is locked.
        """
        name = f"{origin_of(url)} {profile}".rstrip()
        value = self._read().get(name)
        if value is None:
            return None
        entry = _entry(name, value)
        secrets = value.get("secrets")
        if entry.place == KEYRING:
            secrets = json_value(_keyring().load(name) or "")
            if not is_dict(secrets):
                raise UnusableStore(
                    f"the keyring no longer has the one of {name}", fix="Run `ovcgen auth login` again."
                )
        return entry._replace(secrets={key: Secret(str(text)) for key, text in dict(secrets or {}).items()})

    def save(self, login: StoredLogin) -> str:
        """Store a login in place of the former one of its address and profile.

        Return the place of the secrets: `keyring`, or `file` (with a warning) if the keyring can't be used.

        Raises:
            UnusableStore: the file, which has an entry for every login, can't be read or written, or the system is not
                POSIX.
        """
        secrets = {name: secret.reveal() for name, secret in login.secrets.items()}
        with self._changing() as found:
            place = self._save_in_keyring(login.name, json.dumps(secrets))
            found[login.name] = {
                "address": login.address,
                "profile": login.profile,
                "kind": login.kind,
                "fields": login.fields,
                "since": login.since,
                "user": login.user,
                **({"keyring": True} if place == KEYRING else {"secrets": secrets}),
            }
        return place

    def remove(self, url: str, profile: str) -> StoredLogin | None:
        """Remove a login and return the removed login with its secrets; None if there was none.

        Secrets that the keyring no longer has are left out.

        Raises:
            UnusableStore: the file can't be read or changed, or there is no keyring. The entry is still stored.
            KeyringRefused: the keyring fails. The login is still stored.
        """
        name = f"{origin_of(url)} {profile}".rstrip()
        if name not in self._read():
            return None
        with self._changing() as found:
            value = found.get(name, {})
            entry, secrets = _entry(name, value), value.get("secrets") or {}
            if entry.place == KEYRING:
                keyring = _keyring()
                secrets = json_value(keyring.load(name) or "") or {}
                keyring.remove(name)
            found.pop(name, None)
        return entry._replace(secrets={key: Secret(str(text)) for key, text in secrets.items()})

    def _save_in_keyring(self, name: str, text: str) -> str:
        """Store a text in the keyring and return `keyring`. If the keyring fails, warn and return `file`."""
        try:
            SystemKeyring().save(name, text)
        except KeyringRefused as error:
            self._warn(error.what)
            return FILE
        return KEYRING

    def _read(self) -> dict[str, Any]:
        """Return the entries of the file by name; {} if there is no file or the system is not POSIX."""
        if os.name != "posix":
            return {}
        with _explained():
            text = read_private((self._folder,), self.file, largest=LARGEST)
        found = json_value(text) if text else {"logins": {}}
        logins = found.get("logins") if is_dict(found) else None
        if not is_dict(logins) or not all(is_dict(value) for value in logins.values()):
            raise UnusableStore(f"{self.file} holds something else", fix="Remove it, and log in again.")
        return dict(logins)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Yield the entries of the file under a lock, and write the entries when the block ends without an error."""
        if os.name != "posix" or not self.file.is_absolute():
            raise UnusableStore("there is no private folder for them", fix="Set HOME, or use environment variables.")
        with _explained():
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            make_private((self._folder,))
        with locked(self._folder):
            found = self._read()
            yield found
            with _explained():
                remove_leftovers(self._folder, self.file)
                replace_file(self.file, json.dumps({"logins": found}, indent=1).encode())


def _entry(name: str, value: dict[str, Any]) -> StoredLogin:
    """Return the login of an entry of the file, without the secrets."""
    address, _, profile = name.partition(" ")
    fields = value.get("fields")
    return StoredLogin(
        address,
        profile,
        str(value.get("kind", "")),
        {str(key): str(text) for key, text in fields.items()} if is_dict(fields) else {},
        {},
        KEYRING if value.get("keyring") else FILE,
        str(value.get("since", "")),
        str(value.get("user", "")),
    )


def _keyring() -> SystemKeyring:
    """Return the system's keyring. Raises UnusableStore if there is no keyring that can be used."""
    try:
        return SystemKeyring()
    except KeyringRefused as error:
        raise UnusableStore(error.what.rstrip("."), fix=error.fix) from None


@contextmanager
def _explained() -> Iterator[None]:
    """Turn an OSError of the block into UnusableStore, with advice."""
    try:
        yield
    except UnsafePath as error:
        mode = "700" if error.path.is_dir() else "600"
        fix = f"Run `chmod {mode} {error.path}` if it is yours and nobody else has read it; else log out and in again."
        raise UnusableStore(str(error), fix=fix) from None
    except OSError as error:
        reason = f"{error.filename or 'the file'}: {error.strerror or type(error).__name__}"
        raise UnusableStore(reason, fix="Correct its permissions, or use environment variables.") from None


def login_store(warn: Callable[[str], None] = lambda _: None) -> LoginStore:
    """Return the store of this user's logins, in the folder `~/.local/state/ovcgen/logins` on Linux.

    Nothing is read yet. `warn` is called with a sentence if a secret has to be stored in the file; by default nothing
    happens.
    """
    import platformdirs

    return LoginStore(platformdirs.user_state_path("ovcgen") / "logins", warn=warn)
