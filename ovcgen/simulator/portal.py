"""A portal as a plain WSGI callable: no thread, no patching; the checks come in a portal's order."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Anything, Scalar
from ovcgen.simulator import answers, parameters
from ovcgen.simulator.actors import BEHAVIOUR
from ovcgen.simulator.answers import Answer
from ovcgen.simulator.auth import Locks, identify
from ovcgen.simulator.call import Call, Caller, Outcome
from ovcgen.simulator.catalog import Catalog
from ovcgen.simulator.pace import INSTANT, Pace
from ovcgen.simulator.parameters import Incoming
from ovcgen.simulator.perform import perform
from ovcgen.simulator.refusals import InvalidToken, Refused, Unreadable
from ovcgen.simulator.request import Environ, Seen, seen
from ovcgen.simulator.seed import GID, LOGINS, Logins, seeded
from ovcgen.simulator.state import State
from ovcgen.simulator.tasks import FAITHFUL, is_fixed, submit
from ovcgen.spec import Document

TASK_GET = "/system/task/get"
CATALOG = "/system/docgenerator/prepareCatalog"
KEPT = 10_000  # requests that `seen` remembers


class Simulator:
    """A portal of that release.

    `seen` are its latest requests, oldest first. `crashes` are the exceptions behind its answers 500.
    `sleep` is how a long call blocks: whoever owns the clock passes one that turns it. `tasks` are `faithful`, so a
    refused one answers 202 for ever, or `fixed`: it tells what it was refused with.
    """

    def __init__(
        self,
        api: Api,
        document: Document | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        seed: str = "demo",
        pace: Pace = INSTANT,
        tasks: str = FAITHFUL,
        broken_actors: Sequence[str] = (),
    ) -> None:
        self.api = api
        self.release = api.release
        self.credentials: Logins = LOGINS
        self.state: State = seeded(seed, now=clock())
        self.crashes: deque[Exception] = deque(maxlen=100)
        self._catalog = Catalog(document or {}, tuple(broken_actors))
        self._clock, self._sleep, self._pace = clock, sleep, pace
        self._fixed_tasks = is_fixed(tasks)
        self._routes = _routes(api)
        self.has_tasks = ("POST", TASK_GET) in self._routes
        self.locks = Locks(secret_in_header=self.has_tasks)
        self._lock = threading.Lock()
        self._seen: deque[Seen] = deque(maxlen=KEPT)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """What came in so far; equal requests are equal values."""
        return tuple(self._seen)

    def operations_without_state(self) -> tuple[str, ...]:
        """`METHOD /path` of those whose answers are true to their shape and to nothing else."""
        return tuple(each.place for each in self.api.operations if each.path not in BEHAVIOUR)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = seen(environ)
        self._seen.append(request)
        answer = self.answer(request)
        kind = [("Content-Type", answer.kind)] if answer.kind else []
        start_response(_status_line(answer.status), [*kind, *answer.headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def answer(self, request: Seen) -> Answer:
        """What this portal answers to a request."""
        try:
            given = parameters.incoming(request)
            with self._lock:
                caller = identify(request, given, self.state, self.locks, now=self._clock())
            return self._routed(request, given, caller)
        except Refused as error:
            return answers.refusal(error)
        except InvalidToken:
            return answers.bad_token()
        except Unreadable as error:
            self.crashes.append(error)
            return answers.breakdown()
        except Exception as error:  # noqa: BLE001 - a portal answers 500 to whatever goes wrong inside a call
            self.crashes.append(error)
            return answers.crash(GID)

    def _routed(self, request: Seen, given: Incoming, caller: Caller) -> Answer:
        operation = self._routes.get((request.method, _route(request.path)))
        if operation is None:
            return answers.no_route()
        if caller.guest and not operation.guest:
            return answers.no_login()
        values = parameters.arguments(operation, given)
        outcome = self._performed(operation, values, caller, background=given.background and self.has_tasks)
        if outcome.after > 0:
            self._sleep(outcome.after)
        return answers.answer_of(outcome, request, given, session=caller.session)

    def _performed(self, operation: Operation, values: dict[str, Any], caller: Caller, *, background: bool) -> Outcome:
        with self._lock:
            now = self._clock()
            fixed = self._fixed_tasks
            call = Call(operation, values, caller, now, self._pace, self.state, self.api, self._catalog, fixed)
            if background:
                return Outcome(submit(self.state, lambda: perform(call), now=now, fixed=fixed))
            return perform(call)


def _routes(api: Api) -> dict[tuple[str, str], Operation]:
    """Every operation by verb and path; a portal can always say what it offers, whichever groups were fetched."""
    routes = {(verb, CATALOG): _catalog_operation(verb) for verb in ("GET", "POST")}
    return routes | {(operation.method, operation.path): operation for operation in api.operations}


def _catalog_operation(verb: str) -> Operation:
    names = ("group", "actors", "skip_private")
    fields = tuple(Parameter(name, name, "query", Scalar("string")) for name in names)
    return Operation("system", "docgenerator", "prepareCatalog", verb, CATALOG, fields, (), Anything(), retry="read")


def _route(path: str) -> str:
    """The part behind `/restmachine`, without doubled and trailing slashes."""
    first, *rest = [part for part in path.split("/") if part] or [""]
    return "/" + "/".join(rest) if first == "restmachine" else ""


def _status_line(status: int) -> str:
    phrases = {419: "Authentication Timeout"}
    return f"{status} {phrases.get(status) or HTTPStatus(status).phrase}"
