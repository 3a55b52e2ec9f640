"""Names of releases and their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.model.release_names import BadReleaseName, in_order, is_release, own_name, valid_release


def test_releases_are_ordered_by_their_numbers():
    """2.10.0 is newer than 2.2.6, whatever the alphabet says."""
    assert in_order(["2.10.0", "2.2.6", "2.1.6"]) == ("2.1.6", "2.2.6", "2.10.0")


def test_a_candidate_comes_before_its_release_and_a_correction_after_it():
    """Letters come before the end of a name, numbers after it."""
    assert in_order(["2.4.1", "2.4", "2.4-rc1"]) == ("2.4-rc1", "2.4", "2.4.1")


def test_equal_numbers_still_have_one_order():
    """Two spellings of one number don't change places between two runs."""
    assert in_order(["2.04", "2.4"]) == in_order(["2.4", "2.04"])


@pytest.mark.parametrize("name", ["2.4.5", "7", "2.4.6-rc1", "petstore_1.0+custom", "a" * 64])
def test_a_release_has_a_plain_name(name):
    """What people call their releases is allowed."""
    assert valid_release(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../2.4.5", "2/4", "2\\4", "/etc", "C:\\x", ".hidden", "-x", "2.4.", "2 4", "7\n", "a" * 65, "é"],
)
def test_a_release_name_is_no_path(name):
    """A name can't leave the folder, hide in it, or look like an option."""
    with pytest.raises(BadReleaseName, match="can't be the name of a release"):
        valid_release(name)


@pytest.mark.parametrize(
    ("title", "version", "name"),
    [
        ("Swagger Petstore", "1.0.0", "Swagger-Petstore-1.0.0"),
        ("lightning.proto", "version not set", "lightning.proto"),
        ("lightning.proto", "${project.version}", "lightning.proto"),
        ("Caf\u00e9", "v1", "Cafe-v1"),
        ("\u5ba0\u7269", "1", "api-82a3a5-1"),
        ("\u5546\u5e97", "1", "api-61f96c-1"),
        ("", "", "unknown"),
    ],
)
def test_a_document_names_itself(title, version, name):
    """Title and version, without a version that says nothing; a hash stands for letters that are lost."""
    assert own_name(title, version) == name


WORDS = st.text(st.characters(categories=["L", "Nd"]) | st.sampled_from(".-_ "), max_size=20)


@given(WORDS, st.sets(WORDS.map(str.strip), min_size=2, max_size=2), st.text(max_size=4))
def test_two_long_titles_never_become_one_name(start, ends, version):
    """A name that was cut tells what it was cut from, and is always a name that a release can have."""
    names = {own_name(f"{start}{'x' * 64}{end}y", version) for end in ends}

    assert len(names) == 2
    assert all(is_release(name) for name in names)
