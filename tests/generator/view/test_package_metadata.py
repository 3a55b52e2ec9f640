"""A document's contact, licence and URLs become the metadata of the package."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.generator.view.package_metadata import metadata
from ovcgen.model.api import Publisher
from ovcgen.model.readers.swagger2 import read


def project(publisher: Publisher) -> dict[str, Any]:
    made = metadata(publisher)
    return tomllib.loads("\n".join(["[project]", *made.project, "[project.urls]", *made.urls]))["project"]


def test_a_package_names_authors_licence_and_urls() -> None:
    """Authors, licence and URLs are read from `info` and `externalDocs` of the document."""
    info = {
        "title": "Pets",
        "version": "1",
        "termsOfService": "https://pets.example/terms",
        "contact": {"name": 'The "Pets" team', "email": "team@pets.example", "url": "https://pets.example"},
        "license": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0.html"},
    }
    document = {"info": info, "paths": {}, "externalDocs": {"url": "https://docs.pets.example"}}

    assert project(read(document, "pets 1").publisher) == {
        "authors": [{"name": 'The "Pets" team', "email": "team@pets.example"}],
        "license": "Apache-2.0",
        "urls": {
            "Documentation": "https://docs.pets.example",
            "Homepage": "https://pets.example",
            "License": "https://www.apache.org/licenses/LICENSE-2.0.html",
            "Terms": "https://pets.example/terms",
        },
    }


@pytest.mark.parametrize("odd", [{"contact": None, "license": "MIT"}, {"contact": {"name": None}}, {}])
def test_a_document_without_a_publisher_gives_no_metadata(odd: Any) -> None:
    """Contact and licence values of a wrong type are ignored like missing ones."""
    assert project(read({"info": odd, "paths": {}}, "pets 1").publisher) == {"urls": {}}


def test_a_licence_that_is_no_spdx_identifier_is_a_text() -> None:
    """A licence without an SPDX identifier is written as text, because package indexes refuse unknown identifiers."""
    assert project(Publisher(license_name="Our own, 2")) == {"license": {"text": "Our own, 2"}, "urls": {}}


@pytest.mark.parametrize("email", ["none", "a@b", "a..b@pets.example", "a b@pets.example", "\u00e4@pets.example"])
def test_a_malformed_address_is_left_out(email: str) -> None:
    """Malformed e-mail addresses and URLs are left out, because the package could not be built with them."""
    assert project(Publisher(email=email, url="javascript:alert(1)", terms_url="see below")) == {"urls": {}}


@given(text=st.text())
def test_any_text_stays_one_value(text: str) -> None:
    """No text of a document becomes a key of pyproject.toml."""
    found = project(Publisher(name=text, email=text, url=text, license_name=text, license_url=text))

    assert found.keys() <= {"authors", "license", "urls"}
    assert found["urls"].keys() <= {"Homepage", "License"}
