"""What the two sides of a comparison may be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ovcgen.errors import UnknownRelease, UsageError
from ovcgen.workflows.diff_inputs import NoSdk, UnknownSdk, diff_input
from ovcgen.workflows.resolve import load

GENERATED = Path(__file__).parents[2] / "generated" / "openvcloud-2.4.4"
PACKAGE = "an_sdk_for_a_test"


def asked(url):
    """What a portal at that address serves."""
    return load("2.4.0") if url == "https://portal.example" else None


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A function: put a package with that text where Python finds packages."""

    def install(text):
        (tmp_path / PACKAGE).mkdir()
        (tmp_path / PACKAGE / "__init__.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)

    return install


def test_a_release_is_the_file_that_is_pinned():
    """So that changes have lines."""
    found = diff_input("2.4.5", asked)

    assert found.spec.release == "2.4.5"
    assert found.file.endswith("specs/2.4.5/swagger.json")
    assert found.content().startswith(b"{")


def test_an_address_is_asked():
    """By whoever has the logins."""
    assert diff_input("https://portal.example", asked).spec.release == "2.4.0"


def test_an_installed_sdk_is_its_release(installed):
    """Found by what it says of itself, and never run."""
    text = (GENERATED / "openvcloud_2_4_4" / "__init__.py").read_text()
    installed(f"{text}\nraise RuntimeError('run')\n")

    assert diff_input(PACKAGE, asked).spec == load("2.4.4")
    assert PACKAGE not in sys.modules


@pytest.mark.parametrize("text", ["", "RELEASE = '2.4.5'", "RELEASE = SPEC_SHA256 = 3", "def", "x" * (2**20 + 1), "\0"])
def test_another_package_is_no_sdk(installed, text):
    """Two sentences."""
    installed(text)

    with pytest.raises(NoSdk, match="no SDK that ovcgen generated"):
        diff_input(PACKAGE, asked)


def test_an_sdk_of_another_document_is_not_taken_for_the_pinned_one(installed):
    """Its release only has the same name."""
    installed("RELEASE = '2.4.5'\nSPEC_SHA256 = 'abc'\n")

    with pytest.raises(UnknownSdk, match=r"another document than the pinned 2\.4\.5"):
        diff_input(PACKAGE, asked)


def test_an_sdk_of_a_release_that_is_not_pinned(installed):
    """Says which are."""
    installed("RELEASE = '9.9'\nSPEC_SHA256 = 'abc'\n")

    with pytest.raises(UnknownRelease, match=r"Release 9\.9 is not pinned"):
        diff_input(PACKAGE, asked)


@pytest.mark.parametrize("source", ["no_such_package", "9.9", "os.path", "", "nowhere.json", "a\nb"])
def test_what_is_nothing_is_refused(source):
    """In two sentences, whatever it is."""
    with pytest.raises(UsageError) as raised:
        diff_input(source, asked)

    assert raised.value.fix
