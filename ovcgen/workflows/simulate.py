"""Run a simulated portal, or a mock of the service of any document, in this process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ovcgen.errors import UsageError
from ovcgen.normalise.plain import PLAIN
from ovcgen.workflows.resolve import Release, pinned, read_spec, resolve

if TYPE_CHECKING:
    from ovcgen.simulator import Listening, SimulatedPortal
    from ovcgen.simulator.mock import MockedService

IN_MEMORY = Path("document.json")  # the name that messages give a document that was passed as an object


class NoPortal(UsageError):
    """An error: the document is not the catalog of a portal, so it can't be simulated as a portal."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} is not the catalog of a portal.",
            fix=f"Pass it as a path for a mock of its service: ovcgen.simulate(pathlib.Path({source!a})).",
        )


@overload
def simulate(
    source: str | None = None,
    *,
    port: int = 0,
    seed: str = "demo",
    pace: str = "instant",
    tasks: str = "faithful",
    state: str | Path | None = None,
    specs: Path | None = None,
) -> AbstractContextManager[SimulatedPortal]: ...


@overload
def simulate(source: Path | Mapping[str, Any], *, port: int = 0) -> AbstractContextManager[MockedService]: ...


def simulate(
    source: str | Path | Mapping[str, Any] | None = None, *, port: int = 0, **how: Any
) -> AbstractContextManager[SimulatedPortal] | AbstractContextManager[MockedService]:
    """Run a portal and its identity provider, or a mock of the service that a document describes, on loopback.

    It runs in threads of this process, from the start to the end of a `with` block.

    Args:
        source: A text for a portal: a pinned release, or the file or URL of a portal's catalog; None is the newest
            pinned release. A `Path` to any Swagger 2.0 or OpenAPI 3 document, or a parsed document, for a mock. The
            arguments after `port` are for a portal only: a mock raises TypeError for them.
        port: Port to listen on; 0 chooses a free one.
        seed: "demo" (some objects exist) or "empty".
        pace: How long things take: "instant", "demo" (seconds) or "real" (minutes).
        tasks: "faithful" (a refused task answers 202 for ever, as on a real portal) or "fixed".
        state: File in which the portal keeps its data; None keeps them in memory.
        specs: Folder of pinned catalogs; see `library_of`.

    Yields:
        The portal: `.url`, and the logins `.client_id`, `.client_secret`, `.itsyouonline`, `.username`, `.password` and
        `.admin`. Its `.simulator` has `.seen` (the requests), `.faults` (make the next requests fail:
        `server.simulator.faults.add("status", status=503, retry_after=1)`) and `.advance(60)` (move its clock).
        The mock: `.url`, `.faults`, and `.mock.seen` (the requests).

    Raises:
        NoPortal: a text names a document that is not the catalog of a portal.
        UsageError, SpecRefused: the release or document can't be found, read or used (see `load`), or there is no such
            `seed`, `pace` or `tasks`.
        ClientError: the state file can't be used.
        OSError: a port can't be opened.
    """
    if source is None or isinstance(source, str):
        return _portal(source, port=port, **how)
    return _mock(source, port=port, **how)


@contextlib.contextmanager
def _portal(
    release: str | None,
    *,
    port: int,
    seed: str = "demo",
    pace: str = "instant",
    tasks: str = "faithful",
    state: str | Path | None = None,
    specs: Path | None = None,
) -> Iterator[SimulatedPortal]:
    from ovcgen.simulator import Listening

    file = None if state is None else Path(state)
    resolved = resolve(release or pinned(specs)[-1], specs=specs)
    if resolved.api.dialect == PLAIN:
        raise NoPortal(str(release))
    listening = Listening(port=port)
    with run_portal(resolved, listening, seed=seed, pace=pace, tasks=tasks, state=file) as server:
        yield server


@contextlib.contextmanager
def _mock(source: Path | Mapping[str, Any], *, port: int) -> Iterator[MockedService]:
    from ovcgen.simulator import Listening

    if isinstance(source, Path):
        resolved = resolve(source)
    else:
        resolved = resolve(read_spec(IN_MEMORY, json.dumps(source).encode())[0])
    with run_mock(resolved, Listening(port=port)) as service:
        yield service


@contextlib.contextmanager
def run_mock(resolved: Release, listening: Listening, *, checks_requests: bool = True) -> Iterator[MockedService]:
    """Run a mock of the service that a document describes, at a `listening` address, until the end of the `with` block.

    With `checks_requests`, requests that do not fit the document are refused. The mock runs in a thread of this
    process.

    Raises:
        OSError: the port can't be opened.
    """
    from ovcgen.simulator.mock import mocking

    with mocking(resolved.api, resolved.spec.document, listening=listening, checks_requests=checks_requests) as service:
        yield service


@contextlib.contextmanager
def run_portal(
    resolved: Release,
    listening: Listening,
    *,
    seed: str,
    pace: str,
    tasks: str,
    state: Path | None,
    algorithm: str = "",
) -> Iterator[SimulatedPortal]:
    """Run a portal as `simulate` does, at any `listening` address, until the end of the `with` block.

    The portal runs in threads of this process. `seed`, `pace` and `tasks` are those of `simulate`, and `state` is the
    file for the portal's data; None keeps them in memory. `algorithm` signs the tokens: ES384 or HS256; "" means ES384
    if cryptography is installed, else HS256.

    Raises:
        UnknownSeed, UnknownPace, UnknownTasks: there is no such `seed`, `pace` or `tasks`.
        UnknownAlgorithm: `algorithm` is neither.
        NeedsCryptography: `algorithm` is ES384, and cryptography is not installed.
        OSError: a port can't be opened.
        ClientError: the state file can't be used.
    """
    from ovcgen.simulator import running

    with running(
        resolved.api,
        resolved.spec.document,
        page=resolved.document,
        release=resolved.spec.release,
        listening=listening,
        seed=seed,
        pace=pace,
        tasks=tasks,
        state_file=state,
        algorithm=algorithm,
    ) as server:
        yield server
