"""Where ovcgen's own data are."""

import pytest

from ovcgen.resources import MissingResource, resource_folder


def test_an_installed_package_has_its_data_inside(tmp_path):
    """In a wheel, specs/ is ovcgen/_specs/."""
    (tmp_path / "ovcgen" / "_specs").mkdir(parents=True)

    assert resource_folder("specs", tmp_path / "ovcgen") == tmp_path / "ovcgen" / "_specs"


def test_a_checkout_has_its_data_beside_the_package(tmp_path):
    """In a checkout, templates/ stands beside ovcgen/."""
    (tmp_path / "templates").mkdir()

    assert resource_folder("templates", tmp_path / "ovcgen") == tmp_path / "templates"


def test_missing_data_are_said_to_be_missing(tmp_path):
    """An incomplete installation is no FileNotFoundError."""
    with pytest.raises(MissingResource, match="own specs are missing"):
        resource_folder("specs", tmp_path / "ovcgen")
