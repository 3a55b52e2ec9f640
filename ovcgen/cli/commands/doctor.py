"""Define the `doctor` command: say what is wrong with the installation, the settings, the network or a portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ovcgen.cli import options
from ovcgen.cli.exit_codes import NO

if TYPE_CHECKING:
    from ovcgen.cli.doctor.run_checks import Check, CheckResult
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget

PATIENCE = 20.0  # seconds for each call of a portal


@click.command(
    "doctor",
    cls=options.WithExamples,
    epilog=("ovcgen doctor\novcgen doctor https://portal.example\novcgen doctor production -o json"),
)
@click.argument("source", required=False, metavar="[URL, PROFILE or DOCUMENT]")
@options.profile
@options.ca_bundle
@options.result
@click.pass_context
def doctor_command(
    ctx: click.Context, /, source: str | None, profile: str | None, ca_bundle: str | None, output: Output
) -> None:
    """Check the installation, the settings, and the portal that is named or chosen. Exit code 1 if there is a problem.

    Each line is ok, a note or a problem, with what to do. No secret is shown, so the result can go into a bug report.
    """
    from ovcgen.cli.doctor.run_checks import PROBLEM

    found = list(findings(source, profile, ca_bundle))
    output.write([finding.row for finding in found], text="\n".join(finding.lines for finding in found))
    if any(finding.state == PROBLEM for finding in found):
        ctx.exit(NO)


def findings(source: str | None, profile: str | None, ca_bundle: str | None) -> Iterator[CheckResult]:
    """Yield the results of all checks of `ovcgen doctor`, as soon as each is known. A check that fails stops no other.

    Args:
        source: The portal, profile or document to check. None means that of the chosen profile; without one the portal
            is not checked, which is a note and no problem.
        profile: The value of `--profile`; None if it is missing.
        ca_bundle: The value of `--ca-bundle`; None if it is missing.
    """
    from ovcgen.cli.doctor import configuration_checks, installation_checks
    from ovcgen.cli.doctor.run_checks import NOTE, PROBLEM, CheckResult, run_checks
    from ovcgen.cli.profiles.command_target import NoTarget
    from ovcgen.runtime.errors import ClientError

    local = {
        "python": installation_checks.python,
        "libraries": installation_checks.libraries,
        "plugins": installation_checks.installed_plugins,
        "config file": configuration_checks.user_config,
        "project file": configuration_checks.project_config,
        "profile": configuration_checks.chosen_profile,
        "environment": configuration_checks.environment,
        "logins": configuration_checks.stored_logins,
        "token cache": configuration_checks.kept_tokens,
    }
    yield from run_checks(local.items())
    try:
        target = _target(source, profile, ca_bundle)
        checks = list(_portal_checks(target))
    except NoTarget as error:
        yield CheckResult("portal", NOTE, error.what, "Pass its URL or a profile to check it, too.")
    except ClientError as error:
        yield CheckResult("portal", PROBLEM, error.what, error.fix)
    else:
        yield from run_checks(checks)


def _target(source: str | None, profile: str | None, ca_bundle: str | None) -> CommandTarget:
    """Return the portal or service to check. If the files with settings can't be read, a URL gets default settings."""
    from ovcgen.cli.profiles.command_target import CommandTarget, target_of
    from ovcgen.cli.profiles.config_files import BadConfig, MissingConfig
    from ovcgen.cli.profiles.profile_selection import DEFAULT, DEFAULTS, Profile, SettingValue

    try:
        return target_of(source, profile, ca_bundle=ca_bundle, timeout=PATIENCE)
    except (BadConfig, MissingConfig):
        if not source or "://" not in source:
            raise
    values = {**DEFAULTS, "timeout": PATIENCE, **({"ca_bundle": ca_bundle} if ca_bundle else {})}
    return CommandTarget(source, Profile("", {key: SettingValue(value, DEFAULT) for key, value in values.items()}))


def _portal_checks(target: CommandTarget) -> Iterator[tuple[str, Check]]:
    """Yield the name and the function of each check of a portal or service. Only a portal has a login check."""
    from ovcgen.cli.doctor.portal_checks import PortalChecks

    address = target.source
    if target.document:
        from ovcgen.cli.interactive_login import address_of
        from ovcgen.workflows.resolve import resolve

        address = address_of(resolve(target.document).api, target)
    portal = PortalChecks(target, address)
    yield from {
        "proxy": portal.proxy,
        "netrc": portal.netrc,
        "tls": portal.certificate,
        "connection": portal.answer,
    }.items()
    if not target.document:
        yield "login", portal.login
