"""An example of a plugin: a login, a dialect and a rule."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

from requests import PreparedRequest
from requests.auth import AuthBase

from ovcgen.diff.change import Level
from ovcgen.diff.rules.registry import Finding, RuleTables
from ovcgen.model.api import Operation
from ovcgen.normalise import plain
from ovcgen.normalise.dialect import Wording
from ovcgen.runtime.portal_auth import Credentials

RULES = RuleTables()
DIALECT = replace(
    plain.DIALECT,
    name="acme",
    recognises=lambda document: document.get("info", {}).get("title", "").startswith("Acme"),
    wording=Wording(product="Acme", service="Acme service"),
)


@RULES.operations.rule("acme.summary-changed", wire=Level.WARNING, sdk=Level.INFO)
def summary_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The one-line summary of an operation has changed. Acme's price list quotes it: tell the shop."""
    if os.environ.get("ACME_FAILS"):
        raise RuntimeError("the price list is away")
    if old.summary != new.summary:
        yield Finding("has another summary", before=old.summary, after=new.summary)


class BrokenLogin(AuthBase):
    """A login that fails when it signs a request."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        raise KeyError("vault")


def login(variables: Mapping[str, str]) -> AuthBase:
    """Return the login of Acme's users."""
    return Credentials(variables["ACME_USER"], variables["ACME_PASSWORD"])


def broken_login(_variables: Mapping[str, str]) -> AuthBase:
    """Return a login that fails when it signs a request."""
    return BrokenLogin()
