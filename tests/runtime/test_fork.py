"""After a fork each process has its own connections and logins."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import pytest

from tests.runtime.conftest import answer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
CHILDREN, CALLS = 8, 100


def in_children(count: int, work: Callable[[int], bool]) -> list[int]:
    """Run `work` in that many child processes at once and return their exit codes, 0 where it returned true."""
    children = []
    for number in range(count):
        child = os.fork()
        if not child:
            try:
                os._exit(0 if work(number) else 1)
            finally:
                os._exit(2)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def test_each_process_gets_its_own_answers(connect, operation, portal):
    """Child processes do not share the parent's connection, on which they would get each other's answers."""
    portal.react = lambda seen: answer(int(seen.body.partition(b"=")[2]))
    client, act = connect(), operation(number="integer")
    assert client.call(act, {"number": 1}) == 1

    def work(child: int) -> bool:
        numbers = range(child * CALLS, (child + 1) * CALLS)
        return [client.call(act, {"number": number}) for number in numbers] == list(numbers)

    assert in_children(CHILDREN, work) == [0] * CHILDREN
    assert client.call(act, {"number": 2}) == 2
    parents = {seen.connection for seen in portal.seen if seen.body in (b"number=1", b"number=2")}
    others = {seen.connection for seen in portal.seen if seen.body not in (b"number=1", b"number=2")}
    assert len(others - parents) >= CHILDREN - 1


def test_a_child_does_not_wait_for_a_login_of_its_parent(runtime, connect, operation, elsewhere):
    """A child that is forked during a login of its parent logs in by itself."""
    release = threading.Event()

    def react(_seen):
        if len(elsewhere.seen) == 1:
            release.wait(5)
        return answer(b"e30.e30.c2ln", kind="text/plain")

    elsewhere.react = react
    client = connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url))
    first = threading.Thread(target=lambda: client.call(operation(), {}))
    first.start()
    while not elsewhere.seen:
        time.sleep(0.01)
    codes = in_children(1, lambda _child: client.with_options(timeout=3).call(operation(), {}) is None)
    release.set()
    first.join()
    assert (codes, len(elsewhere.seen)) == ([0], 2)
