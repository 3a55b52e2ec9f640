"""SDKs and comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest

import ovcgen
from ovcgen.workflows.build_sdk import UnknownGroup, sdk_of
from ovcgen.workflows.resolve import resolve

SPECS = Path(__file__).parents[2] / "specs"


def test_generate_gives_texts_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their paths below the SDK's folder."""
    monkeypatch.chdir(tmp_path)

    files = ovcgen.generate("2.4.5")

    assert {"README.md", "pyproject.toml", "openvcloud_2_4_5/__init__.py"} <= files.keys()
    assert list(tmp_path.iterdir()) == []


def test_only_the_chosen_groups_are_counted() -> None:
    """As many as there are methods."""
    api = resolve("2.4.5", specs=SPECS).api

    assert sdk_of("2.4.5", specs=SPECS).operations == len(api.callable_operations)
    assert sdk_of("2.4.5", groups=["libcloud"], specs=SPECS).operations == len(
        [operation for operation in api.callable_operations if operation.group == "libcloud"]
    )


@pytest.mark.parametrize("groups", [["cloudapy"], ["cloudapi", "nonsense"], []])
def test_a_group_that_is_not_there_is_refused(groups: list[str]) -> None:
    """Rather than an SDK in which it is missing."""
    with pytest.raises(UnknownGroup, match="Choose from cloudapi, cloudbroker, libcloud, system"):
        ovcgen.generate("2.4.5", groups=groups)


def test_compare_takes_releases() -> None:
    """The first of two arguments is the older one."""
    assert "operation.added" in {change.id for change in ovcgen.compare("2.4.4", "2.4.5")}
    assert "operation.removed" in {change.id for change in ovcgen.compare("2.4.5", "2.4.4")}


def deprecations(release: str, later: str | None) -> set[str]:
    """The modules of the SDK that mark a call."""
    files = ovcgen.generate(release, later=later, specs=SPECS)
    return {name.partition("/")[2] for name, text in files.items() if "    @deprecated(" in text}


@pytest.mark.parametrize(
    ("release", "later", "modules"),
    [
        ("2.4.0", None, {"cloudbroker/computenode.py", "cloudbroker/ovsnode.py"}),
        ("2.4.0", "2.4.4", {"cloudbroker/computenode.py", "cloudbroker/ovsnode.py"}),
        ("2.4.0", "none", set()),
        ("2.4.0", "2.4.0", set()),
        ("2.4.5", None, set()),
    ],
)
def test_what_the_following_release_lacks_is_deprecated(release: str, later: str | None, modules: set[str]) -> None:
    """The pinned one that follows, unless another or none is named."""
    asynchronous = {f"aio/{module}" for module in modules}

    assert deprecations(release, later) == modules | asynchronous
