"""What the workflows are told with: a portal on a clock of their own, and three paths to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import Any

import pytest
import requests

import ovcgen
from ovcgen.simulator import LOGINS, SeedLogin, SimulatedPortal, running
from ovcgen.simulator.state import PortalState
from ovcgen.workflows.resolve import resolve
from tests.conftest import imported_sdk
from tests.stories.paths import Caller, Clock, Plain, Typed

PATHS = ("runtime client", "SDK", "plain requests")


class Story:
    """A portal whose work takes seconds of our own clock, and the people who call it, all on the same path."""

    def __init__(self, path: str, portal: SimulatedPortal, clock: Clock, stack: ExitStack) -> None:
        self.path, self.portal, self.clock = path, portal, clock
        self._stack = stack

    @cached_property
    def alice(self) -> Caller:
        """An ordinary user, administrator of account 1."""
        return self.as_(LOGINS.user)

    @cached_property
    def bob(self) -> Caller:
        """An ordinary user without any right."""
        return self.as_(LOGINS.other)

    @cached_property
    def admin(self) -> Caller:
        """An administrator of the portal."""
        return self.as_(LOGINS.admin)

    @property
    def state(self) -> PortalState:
        """What the portal remembers."""
        return self.portal.simulator.state

    def as_(self, login: SeedLogin) -> Caller:
        """Somebody who logs in on this story's path."""
        if self.path == "plain requests":
            return Plain(self.portal.url, self._token(login), self.clock)
        runtime = self.path == "runtime client"
        package: Any = ovcgen if runtime else imported_sdk("2.4.5")
        auth = package.ItsYouOnline(login.client_id, login.client_secret, url=self.portal.itsyouonline)
        groups = ("cloudapi", "cloudbroker", "system") if login == LOGINS.admin else ("cloudapi", "system")
        client = package.connect(self.portal.url, auth=auth, **({"groups": groups} if runtime else {}))
        return Typed(package, self._stack.enter_context(client), self.clock)

    def _token(self, login: SeedLogin) -> str:
        form = {"grant_type": "client_credentials", "response_type": "id_token"}
        form |= {"client_id": login.client_id, "client_secret": login.client_secret}
        answer = requests.post(f"{self.portal.itsyouonline}/v1/oauth/access_token", data=form, timeout=30)
        answer.raise_for_status()
        return answer.text


@pytest.fixture(params=PATHS)
def story(request: pytest.FixtureRequest) -> Iterator[Story]:
    """One workflow on one path."""
    clock, release = Clock(), resolve("2.4.5")
    with (
        ExitStack() as stack,
        running(
            release.api, release.spec.document, release="2.4.5", pace="demo", clock=clock, sleep=clock.sleep
        ) as portal,
    ):
        yield Story(request.param, portal, clock, stack)
