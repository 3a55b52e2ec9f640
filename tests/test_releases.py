"""Names of releases and their order."""

import pytest

from ovcgen.releases import BadReleaseName, in_order, valid_release


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
