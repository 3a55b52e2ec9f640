"""Measure each document in a process of its own that needs no start: a fork of one that has loaded everything."""

from __future__ import annotations

import importlib
import multiprocessing
import resource
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOADED_ONCE = ("bravado.client", "jinja2.compiler", "ovcgen.aio", "ovcgen.client.portal", "ovcgen.generator", "httpx2")
FORK = multiprocessing.get_context("fork")
SECONDS, MEMORY = 300, 2 * 2**30
Row = dict[str, Any]


def load_once() -> None:
    """Load what every document needs."""
    for name in LOADED_ONCE:
        importlib.import_module(name)


def in_a_fork(measured: Callable[[Path], Row], document: Path) -> Row:
    """Return the row of one document, with its name and the seconds that it took.

    Its `result` is `crashed` or `timeout` where `measured` returned none.
    """
    row: Row = {"document": document.name}
    begun = time.monotonic()
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_send_measured, args=(measured, document, sender))
    child.start()
    sender.close()
    try:
        row |= receiver.recv() if receiver.poll(SECONDS) else {"result": "timeout", "detail": []}
    except EOFError:
        row |= {"result": "crashed", "detail": []}
    child.kill()
    child.join()
    return {**row, "seconds": round(time.monotonic() - begun, 1)}


def _send_measured(measured: Callable[[Path], Row], document: Path, sender: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        sender.send(measured(document))
    except Exception:  # noqa: BLE001 - whatever it is, it is the result
        sender.send({"result": "crashed", "detail": traceback.format_exc().splitlines()[-6:]})
