"""Compiled templates are kept, and used only for what they were compiled from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from ovcgen.generator.compiled_templates import CompiledTemplates


def rendered(folder: Path, options: str = "") -> str:
    """Return the text of the only template, in an environment of its own."""
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=CompiledTemplates(folder, options))  # noqa: S701
    return environment.get_template("a.jinja").render(name="x")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one template, where Python may write what it compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.jinja").write_text("one {{ name }}")
    return tmp_path


def compiled_in(folder: Path) -> list[Path]:
    """Return the files of compiled templates."""
    return list((folder / "__pycache__").glob("*"))


def test_a_compiled_template_is_read_again(folder: Path) -> None:
    """The second environment renders what the first one has written."""
    assert rendered(folder) == "one x"
    (kept,) = compiled_in(folder)
    kept.write_bytes(kept.read_bytes().replace(b"one ", b"two "))

    assert rendered(folder) == "two x"


@pytest.mark.parametrize("damage", [b"", b"j2", b"no code at all" * 40])
def test_a_damaged_file_is_written_anew(folder: Path, damage: bytes) -> None:
    """It counts as missing."""
    rendered(folder)
    (kept,) = compiled_in(folder)
    whole = kept.read_bytes()
    kept.write_bytes(damage)

    assert rendered(folder) == "one x"
    assert kept.read_bytes() == whole


def test_a_changed_template_or_option_is_compiled_again(folder: Path) -> None:
    """The checksum is that of both."""
    rendered(folder)
    (kept,) = compiled_in(folder)
    kept.write_bytes(kept.read_bytes().replace(b"one ", b"two "))

    assert rendered(folder, "other options") == "one x"
    (folder / "a.jinja").write_text("three {{ name }}")
    assert rendered(folder, "other options") == "three x"


def test_nothing_is_written_where_python_may_not_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither with the switch of Python nor where the folder can't be made."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == "one x"
    assert compiled_in(folder) == []

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (folder / "__pycache__").write_text("a file")
    assert rendered(folder) == "one x"
    assert (folder / "__pycache__").read_text() == "a file"
