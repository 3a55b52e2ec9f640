"""From a portal's answers to a catalog that can be pinned; the portal is a function here."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ovcgen.documents.document import canonical, sha256_of
from ovcgen.documents.errors import EmptyCatalog, ForeignReference, GroupConflict, HtmlPage, PartialCatalog, TooLarge
from ovcgen.errors import SpecRefused
from ovcgen.model.release_names import BadReleaseName
from ovcgen.releases.fetch_catalog import catalog_fields, fetch, without_secrets
from ovcgen.runtime.errors import BadRequest

URL = "https://portal.example"
LISTED = {"type": "array", "items": {"type": "integer"}}


def catalog(group, actor="things", **changes):
    """What a portal serves for one group."""
    operation = {
        "tags": [f"{group}__{actor}"],
        "operationId": f"post__{group}_{actor}_list",
        "responses": {"200": {"description": "result", "schema": {"$ref": "#/definitions/intarray"}}},
    }
    return {
        "swagger": "2.0",
        "basePath": "/restmachine/",
        "info": {"title": "JumpScale Actors", "version": "7.0", "description": ""},
        "tags": [{"name": f"{group}__{actor}", "description": "."}],
        "paths": {f"/{group}/{actor}/list": {"post": operation}},
        "definitions": {"intarray": LISTED},
        **changes,
    }


def portal(**catalogs):
    """A portal with these catalogs."""
    return lambda group: ("application/json", json.dumps(catalogs[group]).encode())


def test_a_catalog_is_fetched_with_its_origin():
    """Document, hash, portal, date and groups are what is pinned later."""
    spec = fetch(
        portal(cloudapi=catalog("cloudapi")),
        URL,
        release="2.4.5",
        now=lambda: datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=1))),
    )

    assert spec.document == catalog("cloudapi")
    assert spec.release == "2.4.5"
    assert spec.overlay == {}
    assert spec.origin.kind == "downloaded"
    assert spec.origin.sha256 == sha256_of(spec.document)
    assert spec.origin.portal == URL
    assert spec.origin.date == "2026-01-02T02:04:05Z"
    assert spec.origin.groups == ("cloudapi",)


def test_the_date_is_today_unless_told_otherwise():
    """Only tests bring their own clock."""
    origin = fetch(portal(cloudapi=catalog("cloudapi")), URL, release="2.4.5").origin

    assert abs(datetime.now(UTC) - datetime.fromisoformat(origin.date)) < timedelta(minutes=1)


def test_groups_are_asked_for_once_each_and_merged():
    """One request a group, one document for all."""
    asked = []
    ask = portal(cloudapi=catalog("cloudapi"), system=catalog("system", "task"))

    def listening(group):
        asked.append(group)
        return ask(group)

    spec = fetch(listening, URL, ("system", "cloudapi", "system"), release="2.4.5")

    assert asked == ["cloudapi", "system"]
    assert list(spec.document["paths"]) == ["/cloudapi/things/list", "/system/task/list"]
    assert [tag["name"] for tag in spec.document["tags"]] == ["cloudapi__things", "system__task"]
    assert spec.document["definitions"] == {"intarray": LISTED}
    assert spec.origin.groups == ("cloudapi", "system")


def test_order_does_not_reach_the_hash():
    """Neither the portal's order of keys nor the caller's of groups makes another catalog."""
    one = portal(cloudapi=catalog("cloudapi"), system=catalog("system"))
    other = portal(
        cloudapi=dict(reversed(catalog("cloudapi").items())), system=dict(reversed(catalog("system").items()))
    )

    first = fetch(one, URL, ("cloudapi", "system"), release="2.4.5")
    second = fetch(other, URL, ("system", "cloudapi"), release="2.4.5")

    assert first.origin.sha256 == second.origin.sha256
    assert json.dumps(first.document) == json.dumps(second.document)
    assert canonical(first.document) == json.dumps(first.document, indent=2) + "\n"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://jane:secret@portal.example:8443/?authkey=secret#x", "https://portal.example:8443"),
        ("https://portal.example/", "https://portal.example"),
        ("https://jane@portal.example/cloud/", "https://portal.example/cloud"),
        ("http://[::1]:82", "http://[::1]:82"),
    ],
)
def test_no_secret_is_written_down(url, written):
    """An address can carry a login; an origin can't."""
    assert without_secrets(url) == written
    assert fetch(portal(cloudapi=catalog("cloudapi")), url, release="2.4.5").origin.portal == written


def test_no_secret_is_in_a_refusal():
    """Nor does a message carry it."""
    with pytest.raises(SpecRefused) as caught:
        fetch(lambda _: ("application/json", b"{"), "https://jane:secret@portal.example/?authkey=secret", release="1")

    assert "secret" not in str(caught.value)
    assert "The catalog cloudapi of https://portal.example is not strict JSON" in caught.value.what


@pytest.mark.parametrize(
    ("second", "name"),
    [
        (catalog("system", definitions={"intarray": {"type": "array", "items": {"type": "string"}}}), "intarray"),
        (catalog("system", basePath="/other/"), "basePath"),
        (catalog("system", info={"title": "Other", "version": "7.0"}), "title"),
        (catalog("system", tags=[{"name": "cloudapi__things", "description": "other"}]), "cloudapi__things"),
        (catalog("system", paths={"/cloudapi/things/list": {}}), "/cloudapi/things/list"),
    ],
)
def test_groups_that_contradict_each_other_are_refused(second, name):
    """Which of the two is right nobody can say."""
    with pytest.raises(GroupConflict, match=f"say different things about {name}"):
        fetch(portal(cloudapi=catalog("cloudapi"), system=second), URL, ("cloudapi", "system"), release="2.4.5")


def test_a_catalog_without_operations_is_refused():
    """There is nothing to pin."""
    with pytest.raises(EmptyCatalog, match="has no operations"):
        fetch(portal(cloudapi=catalog("cloudapi", paths={})), URL, release="2.4.5")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(("text/html; charset=utf-8", b"Login"), HtmlPage, id="login page"),
        pytest.param(("application/json", b"<html>Login</html>"), HtmlPage, id="login page in disguise"),
        pytest.param(("application/json", bytes(32 * 2**20 + 1)), TooLarge, id="too large"),
    ],
)
def test_what_is_no_catalog_is_refused(answer, error):
    """Whatever the portal sends instead."""
    with pytest.raises(error):
        fetch(lambda _: answer, URL, release="2.4.5")


def test_a_hostile_reference_is_refused():
    """It is not followed, and not pinned either."""
    hostile = catalog("cloudapi", definitions={"intarray": {"$ref": "http://127.0.0.1/"}})

    with pytest.raises(ForeignReference, match=r"http://127\.0\.0\.1/ at /definitions/intarray"):
        fetch(portal(cloudapi=hostile), URL, release="2.4.5")


def test_a_partial_catalog_is_refused_or_marked():
    """Who accepts it finds the missing actors in its origin."""
    info = {
        "title": "JumpScale Actors",
        "version": "7.0",
        "description": "<p>Failed to load actor a__b error was c</p>",
    }
    ask = portal(cloudapi=catalog("cloudapi", info=info), system=catalog("system"))

    with pytest.raises(PartialCatalog, match="could not load a__b"):
        fetch(ask, URL, ("cloudapi", "system"), release="2.4.5")

    spec = fetch(ask, URL, ("cloudapi", "system"), release="2.4.5", allow_partial=True)
    assert spec.document["info"]["description"] == info["description"]
    assert spec.origin.note == "Incomplete: the portal could not load a__b."


def test_a_bad_name_for_the_release_is_refused_before_anything_is_asked():
    """No request for a catalog that can't be pinned."""
    with pytest.raises(BadReleaseName):
        fetch(lambda group: pytest.fail(f"asked for {group}"), URL, release="../x")


def test_the_portals_own_refusals_pass_through():
    """An unknown group is the portal's to refuse."""

    def ask(_):
        raise BadRequest(400, "invalid actor group", operation="GET /system/docgenerator/prepareCatalog")

    with pytest.raises(BadRequest, match="invalid actor group"):
        fetch(ask, URL, ("nonsense",), release="2.4.5")


def test_a_catalog_is_asked_for_as_plain_json():
    """The portal's own default format wraps it."""
    assert catalog_fields("system") == {"group": "system", "format": "jsonraw"}
