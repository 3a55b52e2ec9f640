"""Formats, content types and error bodies."""

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
        pytest.param({"accept": "application/msgpack"}, "text/plain", "Internal Server Error", id="nothing that fits"),
    ],
)
def test_the_format_follows_accept(guest, headers, kind, text):
    """Where nothing fits the portal breaks down, after the work was done."""
    reply = guest.send("POST", WHOAMI, headers=headers)

    assert reply.kind == kind
    assert text in (None, reply.text)


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
        ("text", 200, "text/plain"),
        ("html", 200, "text/html"),
        ("xml", 500, "text/plain"),
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
def test_no_route_says_json_and_is_none(guest, method, path):
    """A wrong verb is 404, never 405."""
    reply = guest.send(method, path)

    assert (reply.status, reply.kind) == (404, "application/json")
    assert not reply.text.startswith('"')


def test_slashes_do_not_matter(guest):
    """The catalog's own base path makes two of them."""
    assert guest.post("//system///usermanager/whoami/").value == GUEST


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
