"""What is committed under generated/ is the expectation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ovcgen.generator.write import check
from ovcgen.releases.library import Library, bundled
from ovcgen.workflows.build_sdk import sdk_of

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"
RELEASES = Library(bundled()).releases()


@pytest.mark.parametrize("release", RELEASES)
def test_generated_is_what_ovcgen_makes_today(release: str) -> None:
    """Run `make generate` and commit what changed."""
    sdk = sdk_of(release)

    assert check(sdk.files, ROOT / "generated" / sdk.folder) == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_runtime_is_copied_byte_for_byte(release: str) -> None:
    """What is tested here is what runs there."""
    package = f"openvcloud_{release.replace('.', '_')}"
    copy = ROOT / "generated" / f"openvcloud-{release}" / package / "_runtime"

    def files(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}

    copied, originals = files(copy), files(ROOT / "ovcgen" / "runtime")
    assert copied == {name: originals.get(name) for name in copied}


def test_no_file_switches_off_a_check_of_mypy() -> None:
    """Generated files and runtime files have no file-wide type-checker settings; single lines may have exceptions."""
    files = [*GENERATED.rglob("*.py"), *(ROOT / "ovcgen" / "runtime").rglob("*.py")]
    settings = re.compile(r"^# (mypy|pyright): (?!ignore)|^# type: ignore", re.MULTILINE)

    assert [str(path) for path in files if settings.search(path.read_text("utf-8"))] == []
