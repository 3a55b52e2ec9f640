"""Type checkers at their strictest: nothing to say of the SDKs, and the right types for their users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.generator.checkers import Found, expected, mypy, pyright, seen_by_mypy, seen_by_pyright
from tests.generator.conftest import Made

ROOT = Path(__file__).parents[2]
SDKS = sorted((ROOT / "generated").glob("openvcloud-*"))
SAMPLES = [Path(__file__).with_name(f"{name}typing_sample.py") for name in ("", "async_")]
Seen = Callable[[Path, Path, Sequence[Path]], Found]

pytestmark = pytest.mark.slow


def test_no_stubs_are_installed() -> None:
    """What is found here is found by every user."""
    names = {distribution.name.lower() for distribution in distributions()}

    assert [name for name in sorted(names) if name.startswith("types-") or name.endswith("-stubs")] == []


def test_pyright_has_nothing_to_say(tmp_path: Path) -> None:
    """Of all SDKs, their runtime included."""
    assert len(SDKS) == 6
    assert pyright(tmp_path, *SDKS, roots=SDKS) == []


def test_mypy_has_nothing_to_say(tmp_path: Path) -> None:
    """Of all SDKs, their runtime included."""
    assert mypy(tmp_path, *(next(sdk.glob("openvcloud_*")) for sdk in SDKS), roots=SDKS) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=["blocking", "asynchronous"])
@pytest.mark.parametrize("seen", [seen_by_pyright, seen_by_mypy])
def test_a_user_gets_types(seen: Seen, sample: Path, tmp_path: Path) -> None:
    """What the sample says behind its lines: values, tasks, files; wrong keys, wrong arguments, deprecated calls."""
    assert seen(tmp_path, sample, SDKS) == expected(sample)


@pytest.mark.parametrize("seen", [seen_by_pyright, seen_by_mypy])
def test_a_user_gets_types_of_an_openapi_3_document(seen: Seen, harbour_sdk: Made, tmp_path: Path) -> None:
    """Unions narrow by tags; requests and responses have types of their own; each media type has its type."""
    sample = Path(__file__).with_name("harbour_sample.py")

    assert seen(tmp_path, sample, [harbour_sdk.folder]) == expected(sample)


def test_checkers_have_nothing_to_say_of_an_openapi_3_sdk(harbour_sdk: Made, tmp_path: Path) -> None:
    """Of its types, its methods and its runtime."""
    assert pyright(tmp_path, harbour_sdk.folder, roots=[harbour_sdk.folder]) == []
    assert mypy(tmp_path, harbour_sdk.folder / harbour_sdk.package, roots=[harbour_sdk.folder]) == []
