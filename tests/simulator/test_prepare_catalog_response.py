"""The catalog that a portal serves."""

import json

import pytest

from ovcgen.simulator.http_errors import HttpBadRequest
from ovcgen.simulator.prepare_catalog_response import Catalog

PATH = "/system/docgenerator/prepareCatalog"
DOCUMENT = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "7.0", "description": ""},
    "tags": [{"name": "a__x"}, {"name": "a__y"}, {"name": "b__x"}],
    "paths": {"/a/x/get": {"post": {}}, "/a/y/get": {"post": {}}, "/b/x/get": {"post": {}}},
}


@pytest.mark.parametrize(
    ("group", "actors", "paths", "tags"),
    [
        ("a", (), {"/a/x/get", "/a/y/get"}, ["a__x", "a__y"]),
        ("a", ("a__y",), {"/a/y/get"}, ["a__y"]),
        ("", (), {"/a/x/get", "/a/y/get", "/b/x/get"}, ["a__x", "a__y", "b__x"]),
    ],
)
def test_it_is_cut_to_what_was_asked_for(group, actors, paths, tags):
    """A group, and actors of it."""
    served = Catalog(DOCUMENT).response(group, actors)

    assert set(served["paths"]) == paths
    assert [tag["name"] for tag in served["tags"]] == tags


def test_an_unknown_group_is_refused():
    """400 with these words."""
    with pytest.raises(HttpBadRequest, match=r"^invalid actor group$"):
        Catalog(DOCUMENT).response("c")


def test_a_broken_actor_is_left_out_and_named():
    """In the description, as HTML."""
    served = Catalog(DOCUMENT, ("a__x",)).response("a")

    assert set(served["paths"]) == {"/a/y/get"}
    assert "<p class='alert alert-danger'>Failed to load actor a__x error was" in served["info"]["description"]


def test_an_actor_that_there_is_not_is_named_too():
    """What else was asked for is served; a name can bring no markup of its own."""
    served = Catalog(DOCUMENT).response("a", ["a__y", "<b>", "a__z"])
    alerts = served["info"]["description"].split("</p>")

    assert set(served["paths"]) == {"/a/y/get"}
    assert len(alerts) == 3
    assert alerts[0].startswith("<p class='alert alert-danger'>Failed to load actor &lt;b&gt; error was")
    assert "actor a__z error" in alerts[1]
    assert Catalog(DOCUMENT).response("a", ["a__z"])["paths"] == {}


def test_the_portal_serves_its_raw_document(alice, pinned):
    """Byte for byte the same values, in another key order each time."""
    first, second = (alice.get(PATH, group="cloudapi", format="jsonraw") for _ in range(2))
    document = pinned("2.4.5")[1]
    raw = {path: item for path, item in document["paths"].items() if path.startswith("/cloudapi/")}

    assert first.text != second.text
    assert first.value == second.value
    assert json.loads(first.text)["paths"] == raw
    assert alice.post(PATH, group="nothing").value == "invalid actor group"


def test_the_catalog_needs_a_login(guest):
    """401 for guests."""
    assert guest.get(PATH, group="cloudapi").status == 401
