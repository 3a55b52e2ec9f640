"""Record the requests to a simulated portal and their responses, without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.rehearsal.run_records import GUID, Exchange, StoredObject, TaskEnd
from ovcgen.runtime.html_text import is_page, page_text
from ovcgen.runtime.known_secrets import is_secret
from ovcgen.runtime.redaction import HIDDEN, JWT, KEY_ALONE, without_secrets, without_values
from ovcgen.simulator import SimulatedPortal
from ovcgen.simulator.http_errors import Crash, Refused, Unreadable
from ovcgen.simulator.parameters import ABSENT, incoming
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import RawResponse

Json = Any
KEPT = 10_000  # exchanges
LARGEST = 1_000_000  # bytes of a response that is read
LONGEST = 200  # characters of an argument
POLL = "system.task.get"
CATALOG = "system.docgenerator.prepareCatalog"
LOGINS = ("cloudapi.users.authenticate", "system.usermanager.authenticate")
NOT_ARGUMENTS = frozenset({"authkey", "format"})
FILE = "application/octet-stream"


class ExchangeRecorder:
    """A recorder of the exchanges of one simulated portal. It records from its construction on.

    Attributes:
        unrecorded: The number of requests after the first 10,000, which are counted but not recorded.
    """

    def __init__(self, portal: SimulatedPortal) -> None:
        self._portal = portal
        self._reads = {operation.dotted for operation in portal.simulator.api.operations if operation.retry == "read"}
        self._found: list[tuple[Exchange, str]] = []  # each with the GUID of its task
        self.unrecorded = 0
        portal.simulator.gate.observers.append(self._observe)

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return the exchanges so far, in order; one that started a task has the end of that task.

        Polls of these tasks are left out. Equal reads in a row, and equal refused requests in a row, are merged into
        one exchange.
        """
        tasks = {guid for _, guid in self._found if guid}
        calls = [
            replace(exchange, task=self._task_end(guid)) if guid else exchange
            for exchange, guid in self._found
            if exchange.operation != POLL or exchange.arguments.get("taskguid") not in tasks
        ]
        return tuple(_without_repetitions(calls))

    def _observe(self, operation: str, request: HttpRequest, response: HttpResponse | RawResponse) -> None:
        if len(self._found) >= KEPT:
            self.unrecorded += 1
            return
        arguments = self._arguments(request)
        name = operation or request.path
        exchange = Exchange(name, arguments, 0, "", reads=name in self._reads)
        if isinstance(response, HttpResponse):
            exchange = replace(exchange, status=response.status, **self._answer(name, response))
        guid = _text(response) if "_async" in arguments and exchange.status == 200 else ""
        self._found.append((exchange, guid if guid in self._portal.simulator.state.tasks else ""))

    def _arguments(self, request: HttpRequest) -> dict[str, Json]:
        """Return the parameters of a request by name. Secret values are hidden, and long values cut."""
        try:
            given = incoming(request).values
        except (Refused, Unreadable, Crash):  # the portal refuses the request for the same reason
            return {}
        sent = {name: value for name, value in given.items() if name not in NOT_ARGUMENTS and value not in ABSENT}
        return {name: HIDDEN if is_secret(name) else self._cut(value) for name, value in sent.items()}

    def _cut(self, value: Json) -> Json:
        """Return a value without secrets. A value whose text is longer than `LONGEST` becomes that text, cut."""
        hidden = self._without_secrets(value)
        text = hidden if isinstance(hidden, str) else json.dumps(hidden, default=str)
        return f"{text[:LONGEST]}..." if len(text) > LONGEST else hidden

    def _answer(self, operation: str, response: HttpResponse) -> dict[str, Json]:
        """Return a dict with the `media_type` and the `answer` (the value) of a response, without secret values."""
        kind = response.kind.partition(";")[0]
        if kind == FILE or operation == CATALOG or len(response.body) > LARGEST:
            return {"media_type": kind, "answer": None}
        if response.status < 400 and (operation in LOGINS or operation.startswith("itsyouonline.")):
            return {"media_type": kind, "answer": HIDDEN}
        value = _decoded(response)
        return {"media_type": kind if response.body else "", "answer": self._without_secrets(value)}

    def _without_secrets(self, value: Json, name: str = "") -> Json:
        match value:
            case dict():
                return {key: self._without_secrets(inner, key) for key, inner in value.items()}
            case list():
                return [self._without_secrets(inner, name) for inner in value]
            case str() if is_secret(name) or (KEY_ALONE.fullmatch(value) and not GUID.fullmatch(value)):
                return HIDDEN
            case str():
                return self._hidden(value)
        return value

    def _hidden(self, text: str) -> str:
        return hide_secrets(text, self._portal)

    def _task_end(self, guid: str) -> TaskEnd:
        """Return how the task with this GUID ends, also if the command did not wait for the task."""
        record = self._portal.simulator.state.tasks.get(guid)
        if record is None or record.pair is None:
            return TaskEnd("never", self._hidden(record.refusal) if record else "")
        success, answer = record.pair
        return TaskEnd("done" if success else "failed", self._without_secrets(answer))


def hide_secrets(text: str, portal: SimulatedPortal) -> str:
    """Return a text with `***` in place of JWTs, values of secret fields, and the portal's logins and session keys.

    The secrets of the portal are its client secrets, passwords, control token, own secret and present session keys.
    """
    simulator = portal.simulator
    logins = (portal.client_secret, portal.password, portal.admin["client_secret"], portal.admin["password"])
    secrets = (*logins, portal.simulator_token, simulator.auth_secrets.portal, *tuple(simulator.state.sessions))
    return without_values(JWT.sub(HIDDEN, without_secrets(text)), secrets)


def stored_objects(portal: SimulatedPortal) -> Mapping[StoredObject, str]:
    """Return the present status of each account, cloudspace, machine, disk and image of a simulated portal.

    The key is the object, the value its status by the clock of the portal. Disks that are attached to a machine are
    left out, because their status follows that of the machine.
    """
    state, now = portal.simulator.state, portal.simulator.clock()
    tables = (
        ("account", state.accounts),
        ("cloudspace", state.cloudspaces),
        ("machine", state.machines),
        ("disk", [disk for disk in state.disks if disk.machine_id is None]),
        ("image", state.images),
    )
    return {
        StoredObject(kind, record.id, record.name): record.status.at(now) for kind, table in tables for record in table
    }


def _without_repetitions(exchanges: list[Exchange]) -> Iterator[Exchange]:
    last: Exchange | None = None
    for exchange in exchanges:
        if last is not None and _repeats(last, exchange):
            last = replace(exchange, times=last.times + 1)
            continue
        if last is not None:
            yield last
        last = exchange
    if last is not None:
        yield last


def _repeats(last: Exchange, exchange: Exchange) -> bool:
    same = (last.operation, last.arguments, last.status) == (exchange.operation, exchange.arguments, exchange.status)
    return same and exchange.task is None and (exchange.reads or exchange.refused)


def _decoded(response: HttpResponse) -> Json:
    """Return the JSON value of a response; its text if it is not JSON, without markup if it is HTML."""
    text = response.body.decode("utf-8", "replace")
    if not text:
        return None
    if is_page(text, response.kind):
        return page_text(text)
    if "json" not in response.kind:
        return text
    try:
        return read_json(text)
    except ValueError:  # too deep, or the portal's own 404 for an unknown path is no JSON
        return text


def _text(response: HttpResponse | RawResponse) -> str:
    return response.body.decode("utf-8", "replace").strip('"') if isinstance(response, HttpResponse) else ""
