"""Check the installation: Python, ovcgen, and the libraries that it needs or can use."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from ovcgen import plugins
from ovcgen._version import __version__
from ovcgen.cli.doctor.run_checks import NOTE, OK, PROBLEM, CheckResult

REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)[^;]*(?:;.*extra == ['\"](?P<extra>[\w-]+)['\"])?")
OWN_EXTRAS = ("all", "test")  # other extras together, and what only the tests need


def python() -> Iterator[CheckResult]:
    """Yield the version and path of Python, the system, and the version and path of ovcgen."""
    system = f"{platform.system()} {platform.release()}"
    yield CheckResult("python", OK, f"{platform.python_version()} at {sys.executable}, {system}")
    yield CheckResult("ovcgen", OK, f"{__version__} at {Path(__file__).parents[2]}")


def libraries() -> Iterator[CheckResult]:
    """Yield, for each extra of ovcgen, the versions of its libraries, or which of them are missing.

    A missing library is a problem if ovcgen always needs it, else a note.
    """
    try:
        required = metadata.requires("ovcgen") or []
    except metadata.PackageNotFoundError:
        yield CheckResult(
            "libraries", NOTE, "ovcgen runs without being installed.", "Run `pip install .` in its folder."
        )
        return
    by_extra: dict[str, list[str]] = {}
    for found in filter(None, map(REQUIREMENT.match, required)):
        by_extra.setdefault(found["extra"] or "", []).append(found["name"])
    for extra, names in by_extra.items():
        if extra not in OWN_EXTRAS:
            yield _installed(extra, names)


def installed_plugins() -> Iterator[CheckResult]:
    """Yield a result for each installed plugin: a problem if it can't be loaded. Loading runs the plugin's code."""
    for plugin in (plugin for group in plugins.GROUPS for plugin in plugins.installed(group)):
        try:
            plugins.load(plugin, plugins.ANY_VALUE)
        except plugins.BrokenPlugin as error:
            yield CheckResult("plugin", PROBLEM, error.what, error.fix)
        else:
            yield CheckResult("plugin", OK, plugins.described(plugin))


def _installed(extra: str, names: list[str]) -> CheckResult:
    """Return the versions of the libraries of an extra. The extra "" has the libraries that are always needed."""
    versions = {name: _version(name) for name in names}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        target = f"ovcgen[{extra}]" if extra else "ovcgen"
        state, text = (NOTE if extra else PROBLEM), f"{', '.join(missing)} not installed"
        return CheckResult(
            _subject(extra), state, text, f"Run `pip install '{target}'`{' if you need it' * bool(extra)}."
        )
    return CheckResult(_subject(extra), OK, ", ".join(f"{name} {version}" for name, version in versions.items()))


def _subject(extra: str) -> str:
    return f"[{extra}]" if extra else "libraries"


def _version(name: str) -> str | None:
    """Return the version of a distribution; None if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
