"""Make the same call with the runtime client, the SDK or the command line, and note its outcome."""

from __future__ import annotations

import logging
import pickle
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import anyio
import pytest

import ovcgen
from ovcgen.cli.app import run as run_command
from ovcgen.client.applied_corrections import Corrections
from ovcgen.client.async_portal import AsyncRuntimePortal
from ovcgen.client.portal import CatalogClient, RuntimePortal
from ovcgen.workflows.resolve import Release, resolve
from tests.conftest import imported_sdk
from tests.faults.stage import Stage
from tests.faults.table import LOOPS

RELEASE = "2.4.5"
TOKEN = "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImNhbmFyeSJ9.t0ken-canary-5c1e"  # a JWT without an end
KEY = "k3y-canary-9d07"
CANARIES = ("t0ken-canary", KEY)
READ, CREATE = "cloudapi.cloudspaces.list", "cloudapi.cloudspaces.create"
NEW = {"accountId": 1, "location": "here", "name": "web", "access": "me"}
CALLS: dict[str, dict[str, Any]] = {READ: {}, CREATE: NEW}


@dataclass
class Outcome:
    """The outcome of a call.

    Attributes:
        value: What it returned; for the command, what it printed.
        error: What it raised, or None; the command never raises.
        code: The exit code of the command; for the others that of their error.
        elapsed: The seconds that the call took.
        texts: All texts that a user could read: output, logs, the error and its traceback.
    """

    value: Any = None
    error: BaseException | None = None
    code: int | None = None
    elapsed: float = 0.0
    texts: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """The names of the error's class and of its bases."""
        return [kind.__name__ for kind in type(self.error).__mro__] if self.error else []

    def leaked(self, *more: str) -> list[str]:
        """Return the canaries that can be read in any of the texts."""
        return [canary for canary in (*CANARIES, *more) if any(canary in text for text in self.texts)]


@contextmanager
def logged(outcome: Outcome) -> Iterator[None]:
    """Collect the log records of all loggers, at all levels, while the block runs."""

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            outcome.texts.append(self.format(record))

    root, collector = logging.getLogger(), Collector()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(collector)


def shown(error: BaseException) -> list[str]:
    """Return all readable parts of an error: texts, pickle, and traceback with locals except those of the tests."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    for frame in whole.stack:
        if "/tests/" in frame.filename:
            frame.locals = None
    response = getattr(error, "response", None)
    seen = [vars(response), vars(response.request)] if response is not None else []
    return [str(error), repr(error), *whole.format(), repr(vars(error)), repr(seen), repr(_pickled(error))]


def _pickled(error: BaseException) -> bytes:
    try:
        return pickle.dumps(error)
    except (TypeError, AttributeError, pickle.PicklingError):  # not all errors of others can be
        return b""


def measured(call: Callable[[], Any]) -> Outcome:
    """Make a call and return its outcome."""
    outcome = Outcome()
    with logged(outcome):
        begun = time.monotonic()
        try:
            outcome.value = call()
        except Exception as error:  # noqa: BLE001  # an error of any kind is an outcome
            outcome.error = error
        outcome.elapsed = time.monotonic() - begun
    outcome.texts += [repr(outcome.value)] if outcome.error is None else shown(outcome.error)
    return outcome


class Driver:
    """One way to make calls; `slack` is the time in seconds that it needs besides the call."""

    name: str
    slack = 0.5

    def login(self, operation: str, bearer: Callable[[str], Any], key: Callable[[str], Any]) -> Any:
        """Return the login for an operation: a session key if it creates something, else a token."""
        return key(KEY) if operation == CREATE else bearer(TOKEN)

    def call(self, stage: Stage, url: str, operation: str, timeout: float) -> Outcome:
        """Make one call on a portal."""
        with self.open(stage, url, operation, timeout) as portal:
            return measured(lambda: self.method(portal, operation)(**CALLS[operation]))

    def open(self, stage: Stage, url: str, operation: str, timeout: float) -> Any:
        """Return a client of the portal."""
        raise NotImplementedError

    def method(self, portal: Any, operation: str) -> Callable[..., Any]:
        """Return the method of an operation."""
        for name in operation.split("."):
            portal = getattr(portal, name)
        method: Callable[..., Any] = portal
        return method


class Runtime(Driver):
    """The runtime client, through bravado."""

    name = "runtime"

    def open(self, stage: Stage, url: str, operation: str, timeout: float) -> Any:
        auth = self.login(operation, ovcgen.Bearer, ovcgen.AuthKey)
        return opened(RuntimePortal, url, auth=auth, timeout=timeout, verify=stage.verify)


class AsyncRuntime(Driver):
    """The asynchronous runtime client, through bravado, on an event loop of asyncio or trio.

    The portal is opened before the call is measured, as for the blocking client.
    """

    slack = 1.0  # a loop starts and ends

    def __init__(self, loop: str) -> None:
        self.name = self._loop = loop

    def call(self, stage: Stage, url: str, operation: str, timeout: float) -> Outcome:
        portal = self.open(stage, url, operation, timeout)

        async def call() -> Any:
            async with portal:
                return await self.method(portal, operation)(**CALLS[operation])

        return measured(lambda: anyio.run(call, backend=self._loop))

    def open(self, stage: Stage, url: str, operation: str, timeout: float) -> Any:
        auth = self.login(operation, ovcgen.Bearer, ovcgen.AuthKey)
        return opened(AsyncRuntimePortal, url, auth=auth, timeout=timeout, verify=stage.verify)


class AsyncSdk(AsyncRuntime):
    """The asynchronous modules of the generated SDK."""

    def open(self, stage: Stage, url: str, operation: str, timeout: float) -> Any:
        sdk = import_module(f"{imported_sdk(RELEASE).__name__}.aio")
        auth = self.login(operation, sdk.Bearer, sdk.AuthKey)
        return sdk.connect(url, auth=auth, timeout=timeout, verify=stage.verify)


class Sdk(Driver):
    """The generated SDK."""

    name = "sdk"

    def open(self, stage: Stage, url: str, operation: str, timeout: float) -> Any:
        sdk = imported_sdk(RELEASE)
        auth = self.login(operation, sdk.Bearer, sdk.AuthKey)
        return sdk.connect(url, auth=auth, timeout=timeout, verify=stage.verify)


class Cli(Driver):
    """The command line, run in this process."""

    name = "cli"
    slack = 2.0  # it loads the release first

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self.captured = captured

    def call(self, stage: Stage, url: str, operation: str, timeout: float) -> Outcome:
        variable, secret = ("OVC_AUTHKEY", KEY) if operation == CREATE else ("OVC_TOKEN", TOKEN)
        stage.environment.setenv(variable, secret)
        stage.environment.chdir(stage.folder)
        words = [f"{name}={value}" for name, value in CALLS[operation].items()]
        bundle = ["--ca-bundle", stage.verify] if isinstance(stage.verify, str) else []
        command = ["call", url, operation, *words, "--release", RELEASE, "--timeout", str(timeout), *bundle]
        return self.run(*command, "--output", "json")

    def run(self, *arguments: str) -> Outcome:
        """Run a command of ovcgen and return its outcome."""
        self.captured.readouterr()
        outcome = measured(lambda: run_command(arguments))
        printed = self.captured.readouterr()
        outcome.code = outcome.value
        outcome.value = printed.out
        outcome.texts += [printed.out, printed.err, *arguments]
        return outcome


def opened(kind: type[CatalogClient], url: str, **options: Any) -> Any:
    """Return a portal of class `kind`. bravado has read the document, which it would do at the first call."""
    release = pinned()
    corrections = Corrections(RELEASE, exact=True, skipped=())
    portal = kind(url, release.api, release.document, corrections=corrections, **options)
    _ = portal.swagger
    return portal


@cache
def pinned() -> Release:
    """Return the document and API of the release; reading them takes a fifth of a second."""
    return resolve(RELEASE)


def driver(name: str, captured: pytest.CaptureFixture[str]) -> Driver:
    """Return a driver by its name, one of `DRIVERS`."""
    if name in LOOPS:
        return AsyncSdk(name.removeprefix("sdk-")) if name.startswith("sdk-") else AsyncRuntime(name)
    return {"runtime": Runtime, "sdk": Sdk}[name]() if name != "cli" else Cli(captured)
