"""Formats, content types and error bodies."""

import json

import pytest

WHOAMI = "/system/usermanager/whoami"
GUEST = {"name": "guest", "admin": False}
TEXT = '{"name": "guest", "admin": false}'


@pytest.mark.parametrize(
    ("headers", "kind", "text"),
    [
        pytest.param({"accept": "application/json"}, "application/json", TEXT, id="JSON"),
        pytest.param({"accept": "*/*"}, "application/json", TEXT, id="anything"),
        pytest.param({"accept": "text/plain"}, "text/plain", "{u'name': u'guest', u'admin': False}", id="text"),
        pytest.param({"accept": "application/yaml"}, "application/yaml", "admin: false\nname: guest\n", id="YAML"),
        pytest.param({"accept": "text/plain;q=0.5, application/json"}, "application/json", None, id="weights"),
        pytest.param({"accept": "text/*"}, "text/html", None, id="any text is HTML"),
    ],
)
def test_the_format_follows_accept(guest, headers, kind, text):
    """Of several that fit as well, JSON is taken first."""
    reply = guest.send("POST", WHOAMI, headers=headers)

    assert reply.kind == kind
    assert text in (None, reply.text)


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"accept": "application/msgpack"}},
        {"headers": {"accept": "application/json;q=0"}},
        *({"query": f"format={name}"} for name in ("human", "bogus", "JSON", "json&format=json")),
    ],
)
def test_a_format_that_there_is_not_crashes_the_portal(alice, simulator, sent):
    """500 as HTML with an eco number, after the work was done."""
    body = b"cloudspaceId=1&name=web9&sizeId=2&imageId=1&disksize=10"
    reply = alice.send("POST", "/cloudapi/machines/create", body=body, **sent)

    assert (reply.status, reply.kind) == (500, "text/html")
    assert '"eco-66-' in reply.text
    assert [machine.name for machine in simulator.state.machines] == ["web1", "web9"]


def test_a_form_without_accept_gets_pythons_words(guest):
    """Always send Accept."""
    assert guest.send("POST", WHOAMI, body=b"a=1", headers={}).text == "{u'name': u'guest', u'admin': False}"


def test_a_json_post_without_accept_gets_json(guest):
    """The format of the request decides."""
    assert guest.send("POST", WHOAMI, body=b"{}", kind="application/json", headers={}).value == GUEST


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("json", 200, "application/json"),
        ("jsonraw", 200, "application/json"),
        ("yaml", 200, "application/yaml"),
        ("text", 200, "text/html"),
        ("raw", 200, "text/plain"),
        ("html", 200, "text/html"),
        ("xml", 500, "text/html"),
    ],
)
def test_format_wins_over_accept(guest, name, status, kind):
    """An unknown one is a 500."""
    reply = guest.post(WHOAMI, format=name)

    assert (reply.status, reply.kind) == (status, kind)


def test_format_json_wraps_the_result(guest):
    """And jsonraw does not."""
    assert guest.post(WHOAMI, format="json").value == {"result": GUEST}
    assert guest.post(WHOAMI, format="jsonraw").value == GUEST


def test_a_guest_gets_bare_text(guest):
    """401 without a content type."""
    reply = guest.post("/cloudapi/accounts/list")

    assert (reply.status, reply.kind) == (401, "")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/cloudapi/accounts/nothing"), ("GET", "/cloudapi/accounts/list"), ("DELETE", WHOAMI), ("POST", "/")],
)
def test_no_route_is_said_in_the_format_that_is_accepted(guest, method, path):
    """A wrong verb is 404, never 405."""
    for accept, before in (("application/json", '"'), ("text/plain", ""), ("text/html", "<pre>")):
        reply = guest.send(method, path, headers={"accept": accept})

        assert (reply.status, reply.kind) == (404, accept)
        assert reply.text.startswith(f"{before}Could not find method, path was restmachine")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(WHOAMI, 200, id="as it is"),
        pytest.param(f"/{WHOAMI}", 200, id="the catalog's own base path makes two slashes"),
        pytest.param(f"//{WHOAMI}", 200, id="three"),
        pytest.param(f"{WHOAMI}/", 200, id="behind it"),
        pytest.param(f"{WHOAMI}//", 200, id="two behind it"),
        pytest.param(f"{WHOAMI}/now/and/then", 200, id="more parts"),
        pytest.param("/system//usermanager/whoami", 404, id="doubled within"),
        pytest.param("/system/usermanager//whoami", 404, id="doubled before the method"),
        pytest.param("/system/usermanager", 404, id="too short"),
    ],
)
def test_slashes_and_further_parts_of_a_path(guest, path, status):
    """Before the group and behind the method they don't count; between them they do."""
    assert guest.post(path).status == status


def test_a_call_with_jsonp_is_a_script(alice):
    """Whatever is accepted; a missing route is one too."""
    head = {"accept": "text/plain"}
    reply = alice.send("POST", "/cloudapi/locations/list", query="_jsonp=show", headers=head)
    missing = alice.send("POST", "/cloudapi/locations/lost", query="_jsonp=show", headers=head)

    for answer, status in ((reply, 200), (missing, 404)):
        assert (answer.status, answer.kind) == (200, "application/javascript")
        assert answer.text.startswith("show({")
        assert json.loads(answer.text[len("show(") : -len(");")])["httpStatus"] == status
    assert '"locationCode": "be-demo-1"' in reply.text


def test_refusals_are_json_strings(alice):
    """Whatever Accept says."""
    reply = alice.send("POST", "/cloudapi/machines/get", headers={"accept": "text/plain"})

    assert (reply.status, reply.kind) == (400, "application/json")
    assert reply.value == "Param with name:machineId is missing."


def test_another_users_record_is_refused_in_bare_text(alice):
    """The one actor whose errors are no JSON."""
    reply = alice.post("/cloudapi/users/get", username="bob@itsyouonline")

    assert (reply.status, reply.text) == (403, "Access not allowed")


def test_a_crash_has_an_eco_number(alice):
    """A sentence in HTML clothes."""
    reply = alice.json("/cloudapi/machines/create", {"cloudspaceId": 1, "name": "  ", "imageId": 1, "disksize": 10})

    assert (reply.status, reply.kind) == (500, "text/html")
    assert '"eco-66-' in reply.text


def test_a_broken_body_is_a_plain_breakdown(guest):
    """Before any route is looked for."""
    reply = guest.json("/cloudapi/accounts/nothing", b"{")

    assert (reply.status, reply.kind, reply.text) == (500, "text/plain", "Internal Server Error")


def test_a_file_is_a_file_whatever_is_accepted(alice):
    """Its name is in a header."""
    reply = alice.get("/cloudapi/cloudspaces/getOpenvpnConfig", cloudspaceId=1)

    assert (reply.status, reply.kind) == (200, "application/octet-stream")
    assert reply.text.startswith("PK")
