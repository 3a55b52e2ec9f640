"""Record the calls that change something: caller, time, arguments and status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ovcgen.simulator.http_errors import Refused
from ovcgen.simulator.operation_call import ActorCall
from ovcgen.simulator.rights import is_checked
from ovcgen.simulator.state_records import NEW, Audit

Json = Any
LASTS = 30 * 24 * 3600.0
KEPT = 10_000
SECRET = ("password", "passwd", "secret", "authkey")


@dataclass(slots=True)
class AuditedCall:
    """A mutable record of a call whose audit is being made.

    Attributes:
        duration: The seconds that the call takes, set inside the block of `audited`.
    """

    duration: float = 0.0


@contextmanager
def audited(call: ActorCall) -> Iterator[AuditedCall]:
    """Store an Audit of the call that the block executes: with status 200, that of a Refused, or 500 for other errors.

    Exceptions are raised unchanged. Arguments whose names mean a secret, and None, are left out of the record. Audits
    older than 30 days, and the oldest of more than 10,000, are dropped.

    Calls that only read and calls of guests are not recorded. Old releases record the time at which a call ends, and do
    not record a successful call that needs no right.
    """
    status, running = 500, AuditedCall()
    afterwards = call.behaves("audit-after-call")
    try:
        yield running
        status = 200
    except Refused as error:
        status = error.status
        raise
    finally:
        left_out = afterwards and status == 200 and not is_checked(call)
        if call.operation.retry != "read" and not call.caller.guest and not left_out:
            _note(call, status, call.now + (running.duration if afterwards else 0))


def _note(call: ActorCall, status: int, time: float) -> None:
    audits = call.state.audits
    kept = {name: value for name, value in call.arguments.items() if value is not None and not _secret(name)}
    text = json.dumps(kept, default=str)
    audits.add(Audit(NEW, call.caller.name, call.operation.path, status, text, time))
    while len(audits) > KEPT or next(iter(audits)).time < call.now - LASTS:
        audits.drop(next(iter(audits)).id)


def _secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)
