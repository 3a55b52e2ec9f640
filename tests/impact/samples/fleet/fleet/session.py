"""Who we are on the portal: everything else gets its client from here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import openvcloud_2_2_6 as ovc


def open_portal(username: str | None = None, password: str | None = None):
    """A client of the portal in PORTAL_URL, for whoever is in the environment."""
    url = os.environ["PORTAL_URL"]
    login = ovc.Credentials(
        username or os.environ["PORTAL_USER"],
        password or os.environ["PORTAL_PASSWORD"],
    )
    return ovc.connect(url, auth=login, timeout=60)


@contextmanager
def admin_portal() -> Iterator[ovc.Portal]:
    """A client with all rights, closed at the end."""
    portal = open_portal(os.environ["ADMIN_USER"], os.environ["ADMIN_PASSWORD"])
    try:
        yield portal
    finally:
        portal.close()


class Session:
    """Both clients, opened when they are first needed."""

    def __init__(self, account: str = "acme") -> None:
        self.account_name = account
        self._admin = None

    @cached_property
    def portal(self) -> ovc.Portal:
        return open_portal()

    @property
    def admin(self):
        if self._admin is None:
            self._admin = open_portal(os.environ["ADMIN_USER"], os.environ["ADMIN_PASSWORD"])
        return self._admin

    @property
    def account_id(self) -> int:
        for account in self.portal.cloudapi.accounts.list():
            if account["name"] == self.account_name:
                return account["id"]
        raise LookupError(self.account_name)

    def space(self) -> dict:
        """The first cloudspace of our account."""
        mine = self.account_id
        return next(each for each in self.portal.cloudapi.cloudspaces.list() if each["accountId"] == mine)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc) -> None:
        self.portal.close()
        if self._admin is not None:
            self._admin.close()
