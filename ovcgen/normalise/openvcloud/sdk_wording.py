"""Define the words, logins and example calls of SDKs of OpenvCloud portals."""

from __future__ import annotations

from ovcgen.normalise.dialect import LoginExample, Wording

WORDING = Wording(
    product="OpenvCloud",
    distribution="openvcloud",
    service="portal",
    source="catalog",
    client="portal",
    alias="ovc",
    address="https://portal.example",
    logins=(
        LoginExample(
            "ItsYouOnline",
            "portal_auth",
            ("client_id", "client_secret"),
            "or .from_env(): CLIENT_ID and CLIENT_SECRET",
            True,
        ),
        LoginExample("Credentials", "portal_auth", ("username", "password"), "a user of the portal", True),
        LoginExample("Bearer", "auth", ("token",), "a JWT that you have"),
        LoginExample("AuthKey", "portal_auth", ("secret",), "a session key that you have"),
    ),
    first_login="ItsYouOnline.from_env()",
    first_calls=("cloudapi.cloudspaces.list", "cloudapi.accounts.list"),
    first_tasks=("cloudapi.machines.create", "cloudapi.machines.start"),
    samples=(("disksize", 10), ("memory", 2048), ("name", "web"), ("vcpus", 2)),
)
