"""No secret is written into a recording: not by its name, its looks, or its value, whichever client holds it."""

import importlib
import json
from types import SimpleNamespace

import pytest

from ovcgen.recordings import recorder
from ovcgen.runtime.known_secrets import shared
from ovcgen.runtime.redaction import HIDDEN, HideSecrets, Secret, add_log_filter
from tests.runtime.conftest import answer, listening

VALUE = "k3y-0f-s0mebody"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----"


@pytest.fixture(autouse=True)
def _no_declared_names(monkeypatch):
    """Forget the names of secrets that documents of other tests have declared."""
    monkeypatch.setattr(shared(), "fields", set())


def scrubbed(body, kind="application/json"):
    """What is written of an answer."""
    response = {"status": {"code": 200}, "headers": {"Content-Type": [kind]}, "body": {"string": body}}
    return recorder.scrubbed_response(response)["body"]["string"].decode("utf-8", "replace")


@pytest.mark.parametrize(
    "name",
    [
        *["token", "api_key", "apiKey", "private_key", "privateKey", "jwt", "password", "passwd", "secret", "pwd"],
        *["clientSecret", "X-Auth-Token", "adminPassword", "password2", "new_password_confirmation", "sessionId"],
        *["secret_access_key", "refreshToken", "inviteusertoken", "vncPassphrase", "tokens"],
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        '{{"a": [{{"{name}": "{value}"}}]}}',
        '{{"{name}": ["{value}"]}}',
        '{{"text": "{{\\"{name}\\": \\"{value}\\"}}"}}',
        '{{"link": "https://x.example/?a=b&{name}={value}"}}',
        '{{"{name}": "{value}"}}\n{{"cut": ',
        "a: 1\n{name}: {value}\n",
        "<x><{name} a='1'>{value}</{name}></x>",
        "a=1&{name}={value}",
    ],
)
def test_what_stands_under_a_telling_name_is_not_written(name, body):
    """In JSON, JSON in a text, a URL, lines of JSON, YAML, XML and a form."""
    written = scrubbed(body.format(name=name, value=VALUE).encode())
    assert VALUE not in written
    assert HIDDEN in written


@pytest.mark.parametrize(
    "name",
    [
        *["name", "key", "tokenType", "token_url", "nextPageToken", "page_token", "max_tokens", "secretName", "author"],
        *["public_key", "sshKey", "passwordPolicy", "primaryKey", "monkey", "compass", "authority", "keyName"],
    ],
)
def test_other_names_are_left_alone(name):
    """What is hidden for nothing can't be tested."""
    body = json.dumps({name: "value"})
    assert scrubbed(body.encode()) == body


def test_amounts_and_flags_are_no_secrets():
    """`password: true` says that there is one; numbers keep their type."""
    body = {"password": True, "token": None, "tokens": 512, "secrets": [{"name": "web"}], "secret": ""}
    assert json.loads(scrubbed(json.dumps(body).encode())) == body
    assert json.loads(scrubbed(b'{"password": 12345, "secret": {"value": "x"}}')) == {
        "password": 0,
        "secret": {"value": HIDDEN},
    }


@pytest.mark.parametrize("body", [PEM, json.dumps({"file": PEM}), json.dumps({"deep": json.dumps([PEM])})])
def test_a_private_key_is_known_by_its_looks(body):
    """Whatever it is called."""
    assert "MIIEow" not in scrubbed(body.encode())


def test_own_names_can_be_added():
    """For fields, headers, queries and forms."""
    recorder.recorder(secrets=["x_colour"])
    assert VALUE not in scrubbed(json.dumps({"x_colour": VALUE}).encode())
    request = SimpleNamespace(uri=f"https://x.example/?x_colour={VALUE}", headers={}, body=None, method="GET")
    assert VALUE not in recorder.scrubbed_request(request).uri


@pytest.mark.parametrize("place", ["query", "header"])
@pytest.mark.parametrize("owner", ["ovcgen.runtime", "openvcloud_2_4_5._runtime"])
def test_the_key_of_any_copy_of_the_runtime_is_not_written(tmp_path, owner, place, openvcloud_2_4_5):
    """Every SDK carries a copy; what one of them holds is hidden, also where the service repeats it."""
    del openvcloud_2_4_5
    schemes = importlib.import_module(f"{owner}.basic_and_api_key")
    client = importlib.import_module(f"{owner}.client").Client
    operation = importlib.import_module(f"{owner}.operation").OperationSpec
    for listener in listening():
        listener.says(answer({"you sent": VALUE}, Location=f"https://x.example/?jwt=abcdefgh#{VALUE}"))
        with recorder.recorder().use_cassette(str(tmp_path / "key.yaml")):
            auth = schemes.ApiKey(VALUE, name="who", place=place)
            client(listener.url, auth=auth).call(operation("a.b", "GET", "/a", plain=True), {})
        assert len(listener.seen) == 1
    written = (tmp_path / "key.yaml").read_text()
    assert VALUE not in written
    assert "abcdefgh" not in written


def test_a_session_key_is_not_written_although_it_is_known_too_late(tmp_path):
    """The answer that holds it is recorded before anybody knows what it is; the cassette is written afterwards."""
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.portal import Portal
    from ovcgen.runtime.portal_auth import Credentials

    for listener in listening():
        listener.says(answer("Se55ion-of-ann"), answer({"again": "Se55ion-of-ann"}))
        with recorder.recorder().use_cassette(str(tmp_path / "session.yaml")):
            Portal(listener.url, auth=Credentials("ann", "pa55word-of-ann")).call(
                OperationSpec("a.b.c", "POST", "/a"), {}
            )
    written = (tmp_path / "session.yaml").read_text()
    assert "Se55ion" not in written
    assert "pa55word" not in written


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_secret_in_utf_16_is_not_written(charset):
    """A secret in a UTF-16 body is found, even if the response does not declare its charset."""
    Secret(VALUE)
    written = scrubbed(json.dumps({"name": "web", "note": f"key {VALUE}"}).encode(charset), "text/plain")
    assert written == HIDDEN
    assert scrubbed(json.dumps({"name": "web"}).encode(charset), "text/plain").replace("\0", "").endswith('"web"}')


def test_a_file_is_written_as_it_is():
    """A binary file such as an image is recorded unchanged."""
    image = bytes(range(256)) * 4
    response = {"headers": {"Content-Type": ["image/png"]}, "body": {"string": image}}
    assert recorder.scrubbed_response(response)["body"]["string"] == image


def test_a_password_of_a_json_body_is_not_written_although_the_service_repeats_it(tmp_path):
    """A password of a request's JSON body is hidden in the recorded request and in the response that repeats it."""
    from ovcgen.runtime.operation import OperationSpec, ParameterSpec
    from ovcgen.runtime.portal import Portal

    operation = OperationSpec("a.b", "POST", "/a", (ParameterSpec("thing", "object", place="body"),))
    for listener in listening():
        listener.says(answer({"you sent": "pa55word-of-bob, as far as we know"}))
        with recorder.recorder().use_cassette(str(tmp_path / "json.yaml")):
            Portal(listener.url).call(operation, {"thing": {"password": "pa55word-of-bob"}})
        assert b"pa55word-of-bob" in listener.seen[0].body
    assert "pa55word-of-bob" not in (tmp_path / "json.yaml").read_text()


def test_the_log_of_vcrpy_shows_no_response(tmp_path, caplog):
    """The debug log of vcrpy, which would show whole responses, contains no cookie or session key."""
    import requests

    caplog.set_level("DEBUG")
    add_log_filter("vcr.cassette", HideSecrets)  # as clients that were used before do
    for listener in listening():
        listener.says(answer("5e55ion-of-carl", Set_Cookie="sid=c00kie-of-carl"))
        with recorder.recorder().use_cassette(str(tmp_path / "log.yaml")):
            requests.get(listener.url, timeout=5)
    assert "Appending request" in caplog.text
    assert "of-carl" not in caplog.text
