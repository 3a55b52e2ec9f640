"""What many tests need: a simulated portal, and the generated SDK of its release."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings

import ovcgen
from tests import debug_logs
from tests.browser import chromium as chromium
from tests.browser import wait as wait

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
LOGINS = ("CLIENT_ID", "CLIENT_SECRET", "ITSYOUONLINE_URL", "OVC_TOKEN", "OVC_AUTHKEY", "OVC_USERNAME", "OVC_PASSWORD")
SETTINGS = ("PROFILE", "CONFIG_DIR", "URL", "RELEASE", "GROUPS", "TIMEOUT", "RETRIES", "CERT")


# How long an example takes depends on the machine, and says nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Let Ctrl-C end what the tests start, also where `make test &` or a CI ignores it: that would be inherited.

    Write debug logs if the environment asks for them.
    """
    debug_logs.begin()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes of `-n auto`: one more than there are cores, since many tests wait for a peer."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.fixture
def no_finalizers() -> Iterator[None]:
    """Collect no garbage during a test that is interrupted.

    Python swallows an exception inside of a finalizer, such as that of the temporary folder of another test.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _nothing_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Remove the logins, settings and cached catalogs of the person who runs the tests."""
    monkeypatch.setenv("OVCGEN_CACHE_DIR", str(tmp_path_factory.getbasetemp() / f"cache-{uuid4().hex}"))
    for name in (*LOGINS, *(f"OVCGEN_{setting}" for setting in SETTINGS)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OVCGEN_NO_TOKEN_CACHE", "1")
    monkeypatch.setenv("OVCGEN_CONFIG", os.devnull)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "no-state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def simulated() -> Iterator[Any]:
    """A simulated portal of release 2.4.5, with invented logins."""
    with ovcgen.simulate("2.4.5") as server:
        yield server


def imported_sdk(release: str) -> Any:
    """The SDK of a release as it stands in generated/; imported once and for all, as its classes must be."""
    folder = str(ROOT / "generated" / f"openvcloud-{release}")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(f"openvcloud_{release.replace('.', '_')}")


@pytest.fixture(scope="session")
def openvcloud_2_4_5() -> Any:
    """The SDK of the simulated portal's release."""
    return imported_sdk("2.4.5")
