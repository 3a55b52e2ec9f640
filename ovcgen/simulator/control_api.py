"""Serve the control API under `/_simulator`, with which a test in another process controls the simulator.

    GET    /_simulator/            release, time, number of waiting faults, number of recorded requests
    POST   /_simulator/reset       {"seed": "demo"}: start with a new state; faults and requests are forgotten.
                                   Without a seed it is `demo`, whatever the portal was started with.
    GET    /_simulator/faults      the waiting faults       POST: add one, answers {"id": 1}
    DELETE /_simulator/faults      remove all of them       DELETE /_simulator/faults/1: remove that one
    GET    /_simulator/requests    the recorded requests    DELETE: forget them
    POST   /_simulator/clock       {"advance": 60}: move the clock forward, in seconds

A request without the token in the header `X-Simulator-Token` gets the portal's 404 for an unknown path.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ovcgen.documents.depth_limit import read_json
from ovcgen.errors import UsageError
from ovcgen.simulator.clock import Clock
from ovcgen.simulator.faults import Faults
from ovcgen.simulator.log_and_fault_middleware import Gate
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.responses import HttpResponse

Json = Any
ROOT = "/_simulator"
DONE: Mapping[str, Json] = {}


class ControllableServer(Protocol):
    """Protocol of the servers that the control API can control: a simulated portal, or a mock."""

    release: str
    gate: Gate
    clock: Clock

    @property
    def faults(self) -> Faults:
        """Return the faults of the server that wait for matching requests."""
        raise NotImplementedError

    @property
    def seen(self) -> tuple[HttpRequest, ...]:
        """Return the latest requests to the server, oldest first."""
        raise NotImplementedError

    def reset(self, seed: str = "") -> None:
        """Forget all faults and requests of the server, and start with the content `seed`; "" means the initial one."""
        raise NotImplementedError

    def advance(self, seconds: float) -> float:
        """Move the clock forward by `seconds` and return the new time, in seconds since the epoch."""
        raise NotImplementedError


def is_control(request: HttpRequest) -> bool:
    """Return whether the path of a request is `/_simulator` or below it. The token is not checked."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def control(simulator: ControllableServer, request: HttpRequest) -> HttpResponse:
    """Carry out a request to the control API and return its JSON response. The caller has checked the token.

    An unknown path, or a method that the path does not have, gets 404; an invalid body or value 400. A request that
    only does something gets {}.
    """
    name, _, number = request.path.removeprefix(ROOT).strip("/").partition("/")
    work = WORK.get((request.method, name, bool(number)))
    if work is None:
        return _json_response(404, {"error": f"No {request.method} {request.path} here."})
    try:
        said = _object(request)
        return _json_response(200, work(simulator, {**said, "id": number} if number else said))
    except UsageError as error:
        return _json_response(400, {"error": error.what, "fix": error.fix})


class Unclear(UsageError):
    """An error: a request to the control API has an invalid body or value. The response is a 400.

    `what` is the message, as a sentence.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what, fix="Send a JSON object with the names that the documentation has.")


def _status(simulator: ControllableServer, _said: Mapping[str, Json]) -> Json:
    counts = {"faults": len(simulator.faults), "requests": len(simulator.seen)}
    return {"release": simulator.release, "time": simulator.clock(), **counts}


def _reset(simulator: ControllableServer, said: Mapping[str, Json]) -> Json:
    simulator.reset(_only(said, "seed", str, "demo"))
    return DONE


def _faults(simulator: ControllableServer, _said: Mapping[str, Json]) -> Json:
    faults = simulator.faults
    return [{"id": number, **dataclasses.asdict(fault), "used": faults.used(number)} for number, fault in faults]


def _add_fault(simulator: ControllableServer, said: Mapping[str, Json]) -> Json:
    kind = said.get("kind")
    if not isinstance(kind, str):
        raise Unclear("A fault has a kind.")
    return {"id": simulator.faults.add(kind, **{name: value for name, value in said.items() if name != "kind"})}


def _clear_faults(simulator: ControllableServer, _said: Mapping[str, Json]) -> Json:
    simulator.faults.clear()
    return DONE


def _remove_fault(simulator: ControllableServer, said: Mapping[str, Json]) -> Json:
    number = str(said["id"])
    if not number.isdecimal() or len(number) > 18 or not simulator.faults.remove(int(number)):
        raise Unclear(f"No fault {number} is waiting.")
    return DONE


def _requests(simulator: ControllableServer, _said: Mapping[str, Json]) -> Json:
    return [
        {
            **dataclasses.asdict(request),
            "headers": dict(request.headers),
            "body": request.body.decode("utf-8", "replace"),
        }
        for request in simulator.seen
    ]


def _forget(simulator: ControllableServer, _said: Mapping[str, Json]) -> Json:
    simulator.gate.log.clear()
    return DONE


def _advance(simulator: ControllableServer, said: Mapping[str, Json]) -> Json:
    seconds = _only(said, "advance", (int, float), 0)
    if isinstance(seconds, bool) or not 0 <= seconds < 1e10:
        raise Unclear("The clock is turned by seconds, and forward only.")
    return {"time": simulator.advance(seconds)}


Work = Callable[[ControllableServer, Mapping[str, Json]], Json]
WORK: Mapping[tuple[str, str, bool], Work] = {  # method, name, whether a number follows
    ("GET", "", False): _status,
    ("POST", "reset", False): _reset,
    ("GET", "faults", False): _faults,
    ("POST", "faults", False): _add_fault,
    ("DELETE", "faults", False): _clear_faults,
    ("DELETE", "faults", True): _remove_fault,
    ("GET", "requests", False): _requests,
    ("DELETE", "requests", False): _forget,
    ("POST", "clock", False): _advance,
}


def _object(request: HttpRequest) -> Mapping[str, Json]:
    try:
        said = read_json(request.body or b"{}")
    except ValueError as error:
        raise Unclear("The body is no JSON.") from error
    if not isinstance(said, dict):
        raise Unclear("The body is no JSON object.")
    return said


def _only(said: Mapping[str, Json], name: str, kind: type | tuple[type, ...], default: Json) -> Json:
    value = said.get(name, default)
    if said.keys() - {name} or not isinstance(value, kind):
        raise Unclear(f"This takes {name!r} and nothing else.")
    return value


def _json_response(status: int, value: Json) -> HttpResponse:
    return HttpResponse(status, json.dumps(value).encode(), "application/json")
