"""What ovcgen and its SDKs export."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen import aio

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
    "Headers",
    "ItsYouOnline",
    "ListCapped",
    "NotFound",
    "OAuth2",
    "OutcomeUnknown",
    "OvcError",
    "Progress",
    "RateLimited",
    "ResponseTooLarge",
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
    "Waited",
    "as_completed",
    "connect",
    "wait",
}
OWN = {
    "Change",
    "Corrections",
    "DecodedResponse",
    "DamagedNames",
    "Level",
    "MockedService",
    "NoPortal",
    "NothingPinned",
    "OpenIdConnect",
    "Origin",
    "OtherApi",
    "OverlayMissesTarget",
    "Packaging",
    "PinnedAlready",
    "PortalClient",
    "RepeatedPage",
    "RuntimePortal",
    "SimulatedPortal",
    "Spec",
    "SpecRefused",
    "UnknownGroup",
    "UnknownRelease",
    "UnreadableDocument",
    "UsageError",
    "Waiters",
    "compare",
    "generate",
    "load",
    "paginate",
    "portal_client",
    "simulate",
}


def test_the_public_names_are_exactly_these() -> None:
    """ovcgen exports what the README names, sorted, and all of it is there."""
    assert set(ovcgen.__all__) == SHARED | OWN
    assert list(ovcgen.__all__) == sorted(ovcgen.__all__)
    assert all(callable(getattr(ovcgen, name)) for name in ovcgen.__all__)


def test_asynchronous_clients_have_the_same_names() -> None:
    """What is learned with one client holds for the other; logins and errors are the same objects."""
    alike = SHARED - {"Task", "Waited", "as_completed", "connect", "wait"}

    assert set(aio.__all__) == SHARED | {
        "AsyncRuntimePortal",
        "Connecting",
        "OpenIdConnect",
        "RepeatedPage",
        "paginate",
    }
    assert list(aio.__all__) == sorted(aio.__all__)
    assert all(getattr(aio, name) is getattr(ovcgen, name) for name in alike)
    assert all(getattr(aio, name) is not getattr(ovcgen, name) for name in SHARED - alike)


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


SOURCES = {path: ast.parse(path.read_text("utf-8")) for path in Path(ovcgen.__file__).parent.rglob("*.py")}
CLASSES = {
    node.name
    for tree in SOURCES.values()
    for node in tree.body
    if isinstance(node, ast.ClassDef) and node.name[0] != "_"
}
RAISES = re.compile(r"^ *Raises:\n((?: +.*\n?)+)", re.MULTILINE)
RAISED = re.compile(r"^ +(\w+):", re.MULTILINE)


def promised(value: object) -> set[str]:
    """Return the ovcgen classes that a public function or method returns or is documented to raise."""
    wrapped = inspect.unwrap(value)  # type: ignore[arg-type]
    tree = SOURCES[Path(inspect.getfile(wrapped))]  # type: ignore[arg-type]
    named = [node for node in tree.body if getattr(node, "name", "") == value.__name__]  # type: ignore[attr-defined]
    nodes = [node for node in ast.walk(named[0]) if isinstance(node, ast.FunctionDef)]
    public = [node for node in nodes if node.name[0] != "_" or node.name == "__init__"]
    returned = {
        inner.id for node in public if node.returns for inner in ast.walk(node.returns) if isinstance(inner, ast.Name)
    }
    texts = [ast.get_docstring(node) or "" for node in (*named, *public)]  # type: ignore[arg-type]
    raised = {name for text in texts for part in RAISES.findall(text + "\n") for name in RAISED.findall(part)}
    return (returned | raised) & CLASSES


@pytest.mark.parametrize("name", sorted(set(ovcgen.__all__)))
def test_what_is_returned_or_raised_is_public(name: str) -> None:
    """Every class that a public function returns, or that its documentation says it raises, has a public name."""
    assert promised(getattr(ovcgen, name)) - set(ovcgen.__all__) == set()


def test_what_an_sdk_returns_or_raises_is_public(openvcloud_2_4_5: Any) -> None:
    """Every class that an SDK shares with ovcgen and returns or raises has a public name in the SDK."""
    shared = set(ovcgen.__all__) & set(openvcloud_2_4_5.__all__) - {"connect"}

    assert {found for name in shared for found in promised(getattr(ovcgen, name))} - set(
        openvcloud_2_4_5.__all__
    ) == set()


@pytest.mark.parametrize("name", sorted(set(ovcgen.__all__)))
def test_nothing_public_takes_a_clock(name: str) -> None:
    """No public function, constructor or class method has an argument for a clock, because only tests replace it."""
    value = getattr(ovcgen, name)
    methods = [member for member in vars(value).values() if callable(member)] if inspect.isclass(value) else []
    for function in (value, *methods):
        try:
            named = inspect.signature(function).parameters
        except (TypeError, ValueError):  # a C function without a signature
            continue
        assert not {"clock", "sleep"} & set(named)
