"""Record the calls that change something: caller, time, arguments and status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovcgen.simulator.call import ActorCall
from ovcgen.simulator.http_errors import Refused
from ovcgen.simulator.records import NEW, Audit

Json = Any
LASTS = 30 * 24 * 3600.0
KEPT = 10_000
SECRET = ("password", "passwd", "secret", "authkey")


@contextmanager
def audited(call: ActorCall) -> Iterator[None]:
    """Record the call that the block executes, and its status. Calls that only read, and those of guests, are not
    recorded.
    """
    status = 500
    try:
        yield
        status = 200
    except Refused as error:
        status = error.status
        raise
    finally:
        if call.operation.retry != "read" and not call.caller.guest:
            _note(call, status)


def _note(call: ActorCall, status: int) -> None:
    audits = call.state.audits
    kept = {name: value for name, value in call.arguments.items() if value is not None and not _secret(name)}
    text = json.dumps(kept, default=str)
    audits.add(Audit(NEW, call.caller.name, call.operation.path, status, text, call.now))
    oldest = next(iter(audits))
    if len(audits) > KEPT or oldest.time < call.now - LASTS:
        audits.drop(oldest.id)


def _secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)
