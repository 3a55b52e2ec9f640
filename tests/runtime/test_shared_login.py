"""Threads share one login request and its failure, and a valid token is used while its provider is down."""

from __future__ import annotations

import time

import pytest

from tests.runtime.conftest import RESET, Clock, answer, in_threads
from tests.runtime.test_login_requests import jwt_of

THREADS = 50


def test_fifty_threads_share_a_login(runtime, connect, operation, portal, elsewhere):
    """Fifty threads that need a token send one token request and use its answer."""

    def react(_seen):
        time.sleep(0.2)
        return answer(jwt_of(exp=9000, iat=1).encode(), kind="text/plain")

    portal.says(answer(7))
    elsewhere.react = react
    client = connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url))
    assert in_threads(THREADS, lambda: client.call(operation(), {})) == [7] * THREADS
    assert len(elsewhere.seen) == 1


def test_fifty_threads_share_a_failure(runtime, connect, operation, portal, elsewhere):
    """Fifty threads send one token request that fails, and each gets its own error."""

    def react(_seen):
        time.sleep(0.5)
        return answer("who are you?", 401)

    elsewhere.react = react
    client = connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url))
    begun = time.monotonic()
    results = in_threads(THREADS, lambda: client.call(operation(), {}))
    assert {type(result) for result in results} == {runtime.errors.Unauthorized}
    assert len({id(result) for result in results}) == THREADS
    assert (len(elsewhere.seen), time.monotonic() - begun < 2.0, portal.seen) == (1, True, [])


@pytest.mark.parametrize("said", [RESET, answer(b"<html>down</html>", 503, "text/html"), answer("crash", 500)])
def test_a_valid_token_outlives_its_provider(runtime, connect, operation, portal, elsewhere, said):
    """If a renewal fails, the old token is used until it expires; only then the failure is an error."""
    elsewhere.says(answer(jwt_of(exp=4600, iat=1000).encode(), kind="text/plain"), said)
    clock = Clock()
    auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)
    auth._clock = clock
    client = connect(auth=auth, retries=0)
    for clock.now in (1000.0, 4301.0, 4302.0, 4599.0):
        client.call(operation(), {})
    assert len(portal.seen) == 4
    clock.now = 4601.0
    with pytest.raises((runtime.errors.TransportError, runtime.errors.ServerError)):
        client.call(operation(), {})
    assert len(portal.seen) == 4


def test_a_token_without_iat_counts_from_the_servers_time(runtime, connect, operation, elsewhere):
    """The lifetime of a token without `iat` starts at the server's time, not at the local clock's."""
    date = "Mon, 30 Nov 2026 10:00:00 GMT"
    issued = 1796032800
    elsewhere.says(answer(jwt_of(exp=issued + 3600).encode(), kind="text/plain", Date=date))
    clock = Clock()
    auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)
    auth._clock = clock
    client = connect(auth=auth)
    for clock.now in (1000.0, 4299.0):
        client.call(operation(), {})
    assert len(elsewhere.seen) == 1
    clock.now = 4301.0
    client.call(operation(), {})
    assert len(elsewhere.seen) == 2
