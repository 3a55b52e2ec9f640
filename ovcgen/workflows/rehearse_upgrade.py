"""Run a command against a simulated portal of one release, then of another, and compare the two runs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ovcgen.diff.change import BREAKING
from ovcgen.rehearsal.exchange_recorder import ExchangeRecorder, hide_secrets, stored_objects
from ovcgen.rehearsal.run_comparison import Rehearsal, compare_runs
from ovcgen.rehearsal.run_records import OutputLine, Run
from ovcgen.runtime.known_secrets import is_secret
from ovcgen.runtime.redaction import HIDDEN, without_secrets
from ovcgen.simulator import SimulatedPortal
from ovcgen.simulator.routes import dotted
from ovcgen.workflows.compare_releases import behaviours_between, changes_between
from ovcgen.workflows.resolve import Release, resolve
from ovcgen.workflows.run_command import run_command
from ovcgen.workflows.simulate import simulate

# Variables that would let the command call or log in at another portal.
OTHER_PORTALS = re.compile(
    "OVC_TOKEN|OVC_AUTHKEY|OVC_URL_.*|OVCGEN_(PROFILE|URL|TOKEN|KEY.*|USERNAME|PASSWORD|CLIENT_.*)"
)
EXPLAIN = "ovcgen diff --explain KIND"
LOOPBACK = "127.0.0.1,localhost"
Show = Callable[[str, OutputLine], None]


class RehearsalOptions(NamedTuple):
    """A record of the options of a rehearsal.

    Attributes:
        seed: The objects that exist when the command begins: "demo" or "empty"; see `simulate`.
        admin: Whether the command gets the login of an administrator instead of that of an ordinary user.
        timeout: Seconds that each run may take.
        specs: Folder of pinned catalogs; see `library_of`.
    """

    seed: str = "demo"
    admin: bool = False
    timeout: float = 600.0
    specs: Path | None = None


def rehearse(command: Sequence[str], old: str, new: str, terms: RehearsalOptions, show: Show) -> Rehearsal:
    """Run a command on simulated portals of both releases, one after the other, and return both runs and what differs.

    The command finds the portal's address and logins in its environment; see `SimulatedPortal.environment`. Variables
    that lead to other portals are not passed to it. A run that fails or takes too long is a result, and no error.

    Args:
        command: The program and its arguments.
        old, new: The releases, by their names.
        terms: The options.
        show: Called with the release and a line, for each line that the command prints. Secrets are hidden.

    Raises:
        UnknownRelease: a release is not pinned.
        CommandNotRunnable: the command can't be started.
        UsageError, SpecRefused: a release can't be loaded; see `load`.
    """
    before, after = (resolve(release, specs=terms.specs) for release in (old, new))  # both, before the command runs
    runs = [_run(command, release, terms, show) for release in (old, new)]
    rehearsal = compare_runs(_without_secrets(command), *runs)
    return rehearsal.with_hints(_renamed(rehearsal, before, after), _known(before, after))


def _renamed(rehearsal: Rehearsal, old: Release, new: Release) -> Mapping[str, str]:
    """Map the operations of `rehearsal.stopped` that the new release lacks to hints what to call instead, and how.

    A client of the new release refuses them before it sends anything, so their requests may only be missing.
    """
    has, had = ({operation.dotted for operation in release.api.operations} for release in (new, old))
    gone = {difference.subject for difference in rehearsal.stopped if difference.subject in had - has}
    hints: dict[str, list[str]] = {name: [] for name in gone}
    for change in changes_between(old, new) if gone else ():
        name = _dotted(change.operation) if change.operation else ""
        if name in gone and change.hint and change.wire is BREAKING:
            hints[name].append(change.hint)
    nothing = f"{rehearsal.new.release} has no `{{}}`, and no call that replaces it is known."
    return {name: " ".join(found) or nothing.format(name) for name, found in hints.items()}


def _known(old: Release, new: Release) -> Mapping[str, str]:
    """Map operations to a sentence about their known breaking differences in behaviour."""
    kinds: dict[str, list[str]] = {}
    for behaviour in behaviours_between(old, new):
        if behaviour.change.wire is BREAKING and not behaviour.common:
            for place in behaviour.operations:
                kinds.setdefault(_dotted(place), []).append(f"`{behaviour.change.id}`")
    return {name: f"Known to differ: {', '.join(found)}; see `{EXPLAIN}`." for name, found in kinds.items()}


def _dotted(place: str) -> str:
    """Return the name `group.actor.method` of an operation given as `VERB /path`."""
    return dotted(f"/restmachine{place.partition(' ')[2]}")


def _run(command: Sequence[str], release: str, terms: RehearsalOptions, show: Show) -> Run:
    with simulate(release, seed=terms.seed, specs=terms.specs) as portal:

        def hidden(line: OutputLine) -> OutputLine:
            return OutputLine(line.stream, hide_secrets(line.text, portal))

        before, recorder = stored_objects(portal), ExchangeRecorder(portal)
        end, output = run_command(
            command,
            _environment(portal, admin=terms.admin),
            timeout=terms.timeout,
            show=lambda line: show(portal.release, hidden(line)),
        )
        exchanges, after = recorder.exchanges(), stored_objects(portal)
        return Run(portal.release, end, exchanges, before, after, tuple(map(hidden, output)), recorder.unrecorded)


def _without_secrets(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command for reports, with values of secret options hidden (`--token VALUE` and `--token=VALUE`)."""
    found: list[str] = []
    for before, word in zip(("", *command), command, strict=False):
        is_value = before.startswith("-") and "=" not in before and is_secret(before.lstrip("-"))
        found.append(HIDDEN if is_value else without_secrets(word))
    return tuple(found)


def _environment(portal: SimulatedPortal, *, admin: bool) -> Mapping[str, str]:
    """Return the command's environment variables: ours without other logins, and the portal's address and login."""
    kept = {name: value for name, value in os.environ.items() if not OTHER_PORTALS.fullmatch(name)}
    direct = {name: ",".join(filter(None, (os.environ.get(name), LOOPBACK))) for name in ("NO_PROXY", "no_proxy")}
    ours = {"OVCGEN_URL": portal.url, "OVCGEN_NO_TOKEN_CACHE": "1", "PYTHONUNBUFFERED": "1"}
    return {**kept, **direct, **ours, **portal.environment(admin=admin)}
