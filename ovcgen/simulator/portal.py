"""Answer HTTP requests as an OpenvCloud portal does: a WSGI application.

It starts no threads and patches nothing. The checks run in the same order as in a portal.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ovcgen.documents.document import Document
from ovcgen.model.api import Api, Operation
from ovcgen.release_behaviours import BEHAVIOURS, behaviour_ids
from ovcgen.simulator import parameters, responses
from ovcgen.simulator.actors import BEHAVIOUR
from ovcgen.simulator.auth import AuthSecrets, identify
from ovcgen.simulator.clock import Clock
from ovcgen.simulator.control_api import control, is_control
from ovcgen.simulator.dispatch import perform
from ovcgen.simulator.faults import Faults
from ovcgen.simulator.http_errors import InvalidToken, LoggedOut, Refused, Unreadable
from ovcgen.simulator.identity_provider import NAMES as IDENTITY
from ovcgen.simulator.json_web_tokens import VerificationKey, new_key
from ovcgen.simulator.log_and_fault_middleware import Gate, GatedApplication
from ovcgen.simulator.operation_call import ActorCall, Caller, Outcome
from ovcgen.simulator.parameters import RawParameters
from ovcgen.simulator.prepare_catalog_response import Catalog
from ovcgen.simulator.request import Environ, HttpRequest, read_request
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.routes import dotted, route, routes
from ovcgen.simulator.seed import GID, LOGINS, SeedLogins, seeded
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_file import StateFile
from ovcgen.simulator.tasks import FAITHFUL, is_fixed, submit
from ovcgen.simulator.timing import INSTANT, Pace
from ovcgen.simulator.wsgi_output import respond

TASK_GET = "/system/task/get"


class Simulator(GatedApplication):
    """A simulated portal of one release, as a WSGI application.

    `close` must be called at the end: it releases the state file.

    Args:
        api: The operations of the release.
        document: The raw document that `prepareCatalog` serves. Without it, an empty one.
        clock: Returns the current time in seconds since the epoch.
        sleep: How a slow call waits for some seconds. Needed with a `clock` that stands still.
        seed: The name of the initial content, see seed.py. Ignored when `state_file` already has a state.
        pace: The durations of slow work.
        tasks: `faithful`: a refused task stays at 202 for ever, as in a portal. `fixed`: the refusal is reported.
        state_file: SQLite file that keeps the state between runs. Without it, the state is lost at the end.
        token_key: Verifies the signature of JSON Web Tokens. Without it, no token is accepted.
        broken_actors: Actors (`cloudapi__machines`) that the catalog reports as failed to load.

    Attributes:
        release: The release of `api`.
        credentials: The logins of the invented users, which every seed has.
        state: The objects of the portal. `reset` replaces it.
        crashes: The latest exceptions (at most 100) that caused a response with status 500.
        clock: The portal's clock. `advance` moves it forward.
        gate: The fault injection, the request log and the token of the control API.
        has_tasks: Whether this release can run calls in the background (`_async`).
        behaviours: The ids of the behaviours of this release, see ovcgen/release_behaviours.

    Raises:
        UnknownTasks: `tasks` is neither `faithful` nor `fixed`.
        UnknownSeed: there is no seed of that name.
        ForeignState, StateInUse, Unwritable: the state file can't be used.
    """

    def __init__(
        self,
        api: Api,
        document: Document | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] | None = None,
        seed: str = "demo",
        pace: Pace = INSTANT,
        tasks: str = FAITHFUL,
        state_file: Path | None = None,
        token_key: VerificationKey | None = None,
        broken_actors: Sequence[str] = (),
    ) -> None:
        self.api = api
        self.release = api.release
        self.credentials: SeedLogins = LOGINS
        self.crashes: deque[Exception] = deque(maxlen=100)
        self._catalog = Catalog(document or {}, tuple(broken_actors))
        self._pace, self._fixed_tasks, self._seed = pace, is_fixed(tasks), seed
        self._routes = routes(api)
        self.has_tasks = ("POST", TASK_GET) in self._routes
        self.behaviours = behaviour_ids(api.release)
        self.auth_secrets = AuthSecrets(
            token_key or new_key("HS256").public,
            secret_in_header="authkey-header-ignored" not in self.behaviours,
            accepts_expired="expired-jwt-accepted" in self.behaviours,
        )
        self._lock = threading.Lock()
        self.clock = Clock(clock, sleep)
        known = {*(dotted(f"/restmachine{path}") for _, path in self._routes), *IDENTITY.values()}
        self.gate = Gate(self.clock.sleep, Faults(known))
        self._journal = StateFile(state_file, api.release) if state_file else None
        try:
            self.state: PortalState = self._begun()
        except BaseException:
            self.close()
            raise

    def operations_without_state(self) -> tuple[str, ...]:
        """Return `METHOD /path` of each operation that only returns sample values of the right type; () for none."""
        return tuple(operation.place for operation in self.api.operations if operation.path not in BEHAVIOUR)

    def uncertain_behaviours(self) -> tuple[str, ...]:
        """Return a sentence for each behaviour of this release that is only inferred, or not simulated; () for none."""
        own = [behaviour for behaviour in BEHAVIOURS if behaviour.is_in(self.release)]
        inferred = [behaviour for behaviour in own if behaviour.inferred and behaviour.simulated]
        missing = [behaviour for behaviour in own if not behaviour.simulated]
        return (
            *(f"inferred: {behaviour.title}: {behaviour.seen}" for behaviour in inferred),
            *(f"not simulated: {behaviour.title}: {behaviour.seen}" for behaviour in missing),
        )

    def reset(self, seed: str = "") -> None:
        """Replace the state by a new one, and forget all faults and recorded requests. The clock keeps its time.

        `seed=""` means the constructor's seed.

        Raises:
            UnknownSeed: there is no seed of that name.
        """
        with self._lock:
            state = seeded(seed or self._seed, now=self.clock(), release=self.release)
            if self._journal:
                self._journal.begin(state)
            self.state = state
        self.faults.clear()
        self.gate.log.clear()

    def advance(self, seconds: float) -> float:
        """Move the clock forward by `seconds` and return the new time. Calls that wait for that time continue."""
        with self._lock:
            now = self.clock.advance(seconds)
            if self._journal:
                self._journal.save_clock_offset(self.clock.ahead)
            return now

    def close(self) -> None:
        """Wake the waiting calls, now and from now on, and close the state file, if there is one."""
        self.clock.stop()
        with self._lock:
            if self._journal:
                self._journal.close()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = read_request(environ)
        if is_control(request) and self.gate.has_token(request):
            return respond(control(self, request), environ, start_response)
        return respond(self.gate.pass_through(request, dotted(request.path), self.answer), environ, start_response)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Execute a request and return the response. No faults are injected, and nothing is recorded in `seen`.

        Exceptions become error responses; those with status 500 are added to `crashes`. Slow calls wait by the portal's
        clock before this returns.
        """
        try:
            given = parameters.incoming(request)
            with self._lock:
                caller = identify(request, given, self.state, self.auth_secrets, now=self.clock())
            return self._routed(request, given, caller)
        except LoggedOut as error:
            return responses.logged_out(error, page="unknown-authkey-html" in self.behaviours)
        except Refused as error:
            return responses.refusal_response(error)
        except InvalidToken:
            return responses.bad_token()
        except Unreadable as error:
            self.crashes.append(error)
            return responses.breakdown_response()
        except Exception as error:  # noqa: BLE001 - a portal answers 500 to whatever goes wrong inside a call
            self.crashes.append(error)
            return responses.crash_response(GID, numbered="crash-without-error-number" not in self.behaviours)

    def _routed(self, request: HttpRequest, given: RawParameters, caller: Caller) -> HttpResponse:
        operation = self._routes.get((request.method, route(request.path)))
        if operation is None:
            return responses.no_route(request, given)
        if caller.guest and not operation.guest:
            return responses.no_login()
        values = parameters.arguments(operation, given, self.behaviours)
        outcome = self._performed(operation, values, caller, background=given.background and self.has_tasks)
        self.clock.sleep(outcome.after)
        default = "text/plain" if "python-repr-without-accept" in self.behaviours else "application/json"
        return responses.success_response(outcome, request, given, session=caller.session, default=default)

    def _performed(self, operation: Operation, values: dict[str, Any], caller: Caller, *, background: bool) -> Outcome:
        with self._lock:
            now, fixed = self.clock(), self._fixed_tasks
            call = ActorCall(operation, values, caller, now, self._pace, self.state, self.api, self._catalog, fixed)
            try:
                if background:
                    return Outcome(submit(self.state, lambda: perform(call), now=now, fixed=fixed))
                return perform(call)
            finally:
                if self._journal:
                    self._journal.write(self.state)  # before the response is sent

    def _begun(self) -> PortalState:
        """Return the state in the state file, or else a new state from the seed."""
        state = self._journal.load() if self._journal else None
        if self._journal and state is not None:
            self.clock.advance(self._journal.ahead)
            return state
        state = seeded(self._seed, now=self.clock(), release=self.release)
        if self._journal:
            self._journal.begin(state)
        return state
