"""What ovcgen and its SDKs export."""

from __future__ import annotations

import pkgutil
from typing import Any

import ovcgen

SHARED = {
    "ApiError",
    "ApiKey",
    "ArgumentError",
    "AuthExpired",
    "AuthKey",
    "BadRequest",
    "Basic",
    "Bearer",
    "ClientError",
    "Conflict",
    "Credentials",
    "DecodeError",
    "Forbidden",
    "FullResponse",
    "ItsYouOnline",
    "ListCapped",
    "NotFound",
    "OAuth2",
    "OutcomeUnknown",
    "OvcError",
    "ServerError",
    "Task",
    "TaskError",
    "TaskFailed",
    "TaskLost",
    "TaskTimeout",
    "TransportError",
    "Unauthorized",
    "WaitError",
    "WaitFailed",
    "WaitTimeout",
    "as_completed",
    "connect",
    "wait",
}
OWN = {"compare", "generate", "load", "portal_client", "simulate"}


def test_the_public_names_are_exactly_these() -> None:
    """ovcgen exports what the README names, sorted, and all of it is there."""
    assert set(ovcgen.__all__) == SHARED | OWN
    assert list(ovcgen.__all__) == sorted(ovcgen.__all__)
    assert all(callable(getattr(ovcgen, name)) for name in ovcgen.__all__)


def test_no_module_has_the_name_of_a_public_function() -> None:
    """Importing a submodule overwrites the attribute of that name."""
    modules = {module.name for module in pkgutil.iter_modules(ovcgen.__path__)}

    assert modules & set(ovcgen.__all__) == set()


def test_sdks_export_the_same_names(openvcloud_2_4_5: Any) -> None:
    """What is learned with one client holds for the other; an SDK adds its client's class and its types."""
    sdk = openvcloud_2_4_5

    assert set(sdk.__all__) == SHARED | {"Portal", "types"}
    assert all(callable(getattr(sdk, name)) for name in {*SHARED, "Portal"})
    assert {module.name for module in pkgutil.iter_modules(sdk.__path__)} & set(sdk.__all__) == {"types"}
    assert sdk.types.__name__ == f"{sdk.__name__}.types"
