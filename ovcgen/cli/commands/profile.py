"""Define the `profile` commands: list, show, set, choose and remove named settings of portals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.profiles.settings_schema import SETTINGS

if TYPE_CHECKING:
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.profile_selection import Profiles

Rows = list[dict[str, Any]]
SET_HELP = "Set values of the profile NAME in your config.toml; it is made if there is none.\n\n\b\n" + "\n".join(
    f"{name:18} {setting.help}" for name, setting in SETTINGS.items()
)


@click.group(
    "profile",
    cls=options.GroupWithExamples,
    epilog="ovcgen profile set production url=https://portal.example\novcgen profile list",
)
def profile_command() -> None:
    """Name portals with their settings, and use the names in place of addresses.

    Profiles are in your config.toml; those of a project are in its ovcgen.toml, or in [tool.ovcgen] of pyproject.toml.
    The profile of --profile is used, else that of OVCGEN_PROFILE, else that of the project, else yours.
    """


@profile_command.command(
    "list", cls=options.WithExamples, short_help="List the profiles.", epilog="ovcgen profile list"
)
@options.result
def profile_list_command(output: Output) -> None:
    """List the profiles, and say which one is chosen."""
    from ovcgen.cli.profiles.profile_selection import Profiles

    rows = profile_rows(Profiles())
    if not rows:
        terminal.note("There is no profile; `ovcgen profile set NAME url=URL` makes one.")
    output.write(rows, columns=("profile", "url", "spec", "chosen"))


def profile_rows(profiles: Profiles) -> Rows:
    """Return a row (a dict) for each profile, sorted by name.

    The keys are `profile`, `url` and `spec` (None if not set), `files` (the paths of the files that define it) and
    `chosen` (whether commands that name no profile use it). Environment variables count, too.

    Raises:
        BadVariable: the value of an environment variable is not valid for its setting.
    """
    default = profiles.default()
    rows = []
    for name in profiles.names():
        found = profiles.resolve(name)
        row = {"profile": name, "url": found.value("url"), "spec": found.value("spec")}
        rows.append({**row, "files": profiles.files_of(name), "chosen": bool(default and default.value == name)})
    return rows


@profile_command.command(
    "show",
    cls=options.WithExamples,
    short_help="Show the settings of a profile.",
    epilog="ovcgen profile show --origin",
)
@click.argument("name", required=False)
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@options.result
def profile_show_command(name: str | None, origin: bool, output: Output) -> None:
    """Show the settings that count for the profile NAME, or for the chosen one."""
    from ovcgen.cli.profiles.profile_selection import Profiles

    rows = setting_rows(Profiles(), name)
    output.write(rows if origin else {row["setting"]: row["value"] for row in rows})


def setting_rows(profiles: Profiles, name: str | None) -> Rows:
    """Return a row for each setting of a profile, with the keys `setting`, `value` and `origin` (where it is set).

    The first row is the name of the profile, if there is one. Settings without a value are left out. `name=None` means
    the chosen profile, or the settings without a profile if none is chosen.

    Raises:
        UnknownProfile: there is no such profile.
        BadVariable: the value of an environment variable is not valid for its setting.
    """
    from ovcgen.cli.profiles.profile_selection import FLAG, SettingValue

    chosen = SettingValue(name, FLAG) if name else profiles.default()
    found = profiles.resolve(chosen.value if chosen else "", origin=chosen.origin if chosen and not name else "")
    settings = {**({"profile": chosen} if chosen else {}), **found.settings}
    return [{"setting": key, "value": value, "origin": where} for key, (value, where) in settings.items()]


@profile_command.command(
    "set",
    help=SET_HELP,
    cls=options.WithExamples,
    short_help="Set values of a profile, or make it.",
    epilog="ovcgen profile set production url=https://portal.example",
)
@click.argument("name")
@click.argument("values", nargs=-1, required=True, metavar="SETTING=VALUE...")
def profile_set_command(name: str, values: tuple[str, ...]) -> None:
    """Set values of the profile NAME in your config.toml; it is made if there is none."""
    from ovcgen.cli.profiles.edit_config import set_values

    path = set_values(_checked_name(name), dict(_assigned(word) for word in values))
    terminal.note(f"Profile {name} is set in {path}.")


@profile_command.command(
    "use",
    cls=options.WithExamples,
    short_help="Choose the profile for commands that name none.",
    epilog="ovcgen profile use production",
)
@click.argument("name")
def profile_use_command(name: str) -> None:
    """Choose the profile for commands that name none."""
    from ovcgen.cli.profiles.edit_config import choose
    from ovcgen.cli.profiles.profile_selection import Profiles

    Profiles().resolve(name)
    terminal.note(f"Profile {name} is chosen in {choose(name)}.")


@profile_command.command(
    "remove",
    cls=options.WithExamples,
    short_help="Remove a profile, or settings of it.",
    epilog="ovcgen profile remove production timeout",
)
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="[SETTING]...")
def profile_remove_command(name: str, settings: tuple[str, ...]) -> None:
    """Remove the profile NAME from your config.toml, or some settings of it. A stored login is kept."""
    from ovcgen.cli.profiles.edit_config import remove
    from ovcgen.cli.profiles.profile_selection import Profiles, UnknownProfile
    from ovcgen.cli.profiles.settings_schema import unknown_setting

    for key in settings:
        if key not in SETTINGS:
            _refuse(key, *unknown_setting(key))
    own = Profiles().user.table["profiles"]
    if name not in own:
        raise UnknownProfile(name, own)
    terminal.note(f"Removed from {remove(name, settings)}.")


def _assigned(word: str) -> tuple[str, Any]:
    """Return the name and the checked value of `SETTING=VALUE`. Relative paths start at the working directory."""
    from pathlib import Path

    from ovcgen.cli.profiles.settings_schema import parsed, resolved_paths, unknown_setting

    key, equals, text = word.partition("=")
    if not equals:
        raise click.UsageError("Write each value as SETTING=VALUE.")
    if key not in SETTINGS:
        _refuse(key, *unknown_setting(key))
    try:
        value = parsed(key, text)
    except ValueError as error:
        _refuse(key, str(error), f"`ovcgen profile remove NAME {key}` removes the setting.")
    return key, resolved_paths(value, Path.cwd()) if SETTINGS[key].is_path else value


def _checked_name(name: str) -> str:
    from ovcgen.cli.profiles.settings_schema import NAME_RULE, PROFILE_NAME

    if not PROFILE_NAME.fullmatch(name):
        _refuse(f"{name[:80]!a}", f"is no name of a profile: {NAME_RULE}", "Choose another name.")
    return name


def _refuse(subject: str, reason: str, fix: str) -> Any:
    """Raise a UsageError about a name or value of the command line."""
    from ovcgen.errors import UsageError

    raise UsageError(f"{subject[:80]} {reason}.", fix=fix)
