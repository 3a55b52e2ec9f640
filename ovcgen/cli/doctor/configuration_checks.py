"""Check the files with settings, the environment, and where secrets are kept. No secret is shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from difflib import get_close_matches

from ovcgen.cli.doctor.run_checks import NOTE, OK, PROBLEM, CheckResult
from ovcgen.cli.portal_credentials import ALL, PAIRS
from ovcgen.cli.profiles import config_files
from ovcgen.cli.profiles.profile_selection import VARIABLE, Profiles
from ovcgen.cli.profiles.settings_schema import SETTINGS, check_file
from ovcgen.cli.security_scheme_credentials import CREDENTIALS

OF_OTHERS = 0o022  # write permissions of group and others
SECRETS = (*ALL, *CREDENTIALS)
SHOWN = (
    *(config_files.FILE, config_files.FOLDER, VARIABLE, "OVCGEN_NO_TOKEN_CACHE", "OVCGEN_DEBUG"),
    *(setting.variable for setting in SETTINGS.values() if setting.variable),
    *("OVCGEN_CACHE_DIR", "OVCGEN_NO_PLUGINS", "OVCGEN_APP_ID", "OVC_URL", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NETRC"),
)
NAMED_AFTER = ("OVCGEN_KEY_", "OVC_URL_")  # followed by the name of a security scheme, or of a JumpScale instance


def user_config() -> Iterator[CheckResult]:
    """Yield what is found about the user's config.toml: its profiles, and a problem if other users may change it.

    A missing file is a note.

    Raises:
        BadConfig, MissingConfig: the file can't be used; `run_checks` reports this.
    """
    path = config_files.user_path()
    file = check_file(config_files.user_file())
    if not path.exists():
        yield CheckResult("config file", NOTE, f"none at {path}", "`ovcgen profile set NAME url=URL` makes one.")
        return
    names = ", ".join(file.table["profiles"]) or "none"
    yield CheckResult("config file", OK, f"{path}; profiles: {names}")
    for checked in (path, path.parent):
        mode = stat.S_IMODE(checked.stat().st_mode)
        if os.name == "posix" and mode & OF_OTHERS and not mode & stat.S_ISVTX:
            yield CheckResult(
                "config file", PROBLEM, f"others may change {checked} (mode {mode:o})", f"Run `chmod go-w {checked}`."
            )


def project_config() -> Iterator[CheckResult]:
    """Yield what is found about the settings in the project's ovcgen.toml or pyproject.toml. No file is no problem.

    Raises:
        BadConfig: the file can't be used; `run_checks` reports this.
    """
    file = config_files.project_file()
    if file is None:
        yield CheckResult("project file", OK, "none from here upwards")
        return
    table = check_file(file).table
    names = ", ".join(table["profiles"]) or "none"
    yield CheckResult("project file", OK, f"{file.path}; profiles: {names}")


def chosen_profile() -> Iterator[CheckResult]:
    """Yield which profile is used if none is named; nothing if a file with settings can't be read.

    Other checks report such a file.

    Raises:
        UnknownProfile, BadVariable, RedirectedProfile: the profile can't be used; `run_checks` reports this.
    """
    try:
        profiles = Profiles()
    except (config_files.BadConfig, config_files.MissingConfig):
        return
    chosen = profiles.default()
    if chosen is None:
        yield CheckResult("profile", OK, "none is chosen")
        return
    profiles.resolve(str(chosen.value), origin=chosen.origin)
    yield CheckResult("profile", OK, f"{chosen.value}, chosen by {chosen.origin}")


def environment() -> Iterator[CheckResult]:
    """Yield the environment variables that ovcgen reads, incomplete pairs of credentials, and unknown variables.

    An incomplete pair is a problem. An unknown variable is a note: it begins with OVC_ or OVCGEN_, and ovcgen does not
    read it. Variables with secrets are shown by name, without the value.
    """
    from ovcgen.runtime.redaction import url_without_secrets

    named = [name for name in SECRETS if os.environ.get(name)]
    named += sorted(name for name in os.environ if name.startswith("OVCGEN_KEY_"))
    shown = [f"{name}={url_without_secrets(os.environ[name])}" for name in SHOWN if os.environ.get(name)]
    listed = [*(f"{name} (set)" for name in named), *shown]
    yield CheckResult("environment", OK, ", ".join(listed) or "nothing that counts")
    for pair in PAIRS:
        given = [name for name in pair if os.environ.get(name)]
        if len(given) == 1:
            [missing] = {*pair} - {*given}
            yield CheckResult(
                "environment", PROBLEM, f"{given[0]} is set and {missing} is not", f"Export {missing} too."
            )
    for name in sorted(os.environ):
        if name.startswith(("OVC_", "OVCGEN_")) and not is_known(name):
            near = get_close_matches(name, [*SECRETS, *SHOWN], n=1)
            fix = f"Did you mean {near[0]}?" if near else "Unset it, or ignore this if another program uses it."
            yield CheckResult("environment", NOTE, f"{name} means nothing", fix)


def is_known(variable: str) -> bool:
    """Return whether ovcgen reads an environment variable of this name. Case counts."""
    return variable in (*SECRETS, *SHOWN) or variable.startswith(NAMED_AFTER)


def stored_logins() -> Iterator[CheckResult]:
    """Yield which logins are stored, without secrets, and which keyring is used; no keyring is a note.

    Raises:
        UnusableStore: the stored logins can't be read; `run_checks` reports this.
    """
    from ovcgen.cli.login_store import login_store
    from ovcgen.cli.system_keyring import KeyringRefused, SystemKeyring

    store = login_store()
    entries = store.entries()
    places = ", ".join(f"{entry.name} ({entry.place})" for entry in entries)
    yield CheckResult("logins", OK, f"{places}; {store.file}" if places else "none is stored")
    try:
        yield CheckResult("keyring", OK, SystemKeyring().name)
    except KeyringRefused as error:
        yield CheckResult("keyring", NOTE, error.what, "Secrets go to a file that only you can read.")


def kept_tokens() -> Iterator[CheckResult]:
    """Yield one result on the token cache; no token is read.

    It is a problem if others may read the folder of the cache, a note if the cache is turned off or the system has
    none, and otherwise ok.
    """
    from ovcgen.cli.token_cache import SWITCH, token_folder
    from ovcgen.private_files import check_private

    folder = token_folder()
    if os.environ.get(SWITCH):
        yield CheckResult("token cache", NOTE, f"turned off by {SWITCH}")
    elif os.name != "posix":
        yield CheckResult("token cache", NOTE, "none on this system", "Each command gets a token of its own.")
    elif not folder.is_dir():
        yield CheckResult("token cache", OK, f"empty: {folder}")
    else:
        try:
            check_private(folder, folder.lstat(), stat.S_ISDIR)
            yield CheckResult("token cache", OK, str(folder))
        except OSError as error:
            yield CheckResult("token cache", PROBLEM, f"{error}", f"Remove {folder}; it is made again.")
