"""Secrets stay where they are needed: on the wire. Each test sends one and looks for it everywhere else."""

import logging
import traceback

import pytest

from tests.runtime.conftest import RESET, answer

CANARY = "canary-7f3a-secret"


def shown_of(error):
    """Everything a user, a log or a crash reporter may get to see of an error, the locals of our frames included."""
    ours = error.__traceback__.tb_next
    crash = traceback.TracebackException(type(error), error, ours, capture_locals=True)
    return f"{error}{error!r}{error.args}{vars(error)}{error.__context__}" + "".join(crash.format())


SAID = {
    "nothing": RESET,
    "words": answer(f"no {CANARY}", 401),
    "a page": answer(f"<p>{CANARY}</p>".encode(), 500, "text/html"),
    "a header": answer(b"", 404, WWW_Authenticate=f"Bearer {CANARY}"),
    "noise": b"???\r\n\r\n",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("scheme", ["Bearer", "AuthKey"])
@pytest.mark.parametrize("said", SAID)
def test_no_error_shows_who_we_are(runtime, connect, operation, portal, caplog, said, scheme, method):
    """Not in its text, its chain, its locals, its response, nor in any log at DEBUG."""
    caplog.set_level(logging.DEBUG)
    portal.says(SAID[said])
    login = getattr(runtime.auth if scheme == "Bearer" else runtime.portal_auth, scheme)(CANARY)
    with pytest.raises(runtime.errors.ClientError) as caught:
        connect(auth=login).call(operation(method=method, size="integer"), {"size": 3})
    assert CANARY in str(portal.seen)
    response = getattr(caught.value, "response", None)
    of_response = [vars(response), response.text, vars(response.request)] if response is not None else []
    assert (
        CANARY not in f"{shown_of(caught.value)}{of_response}{caplog.text}{[vars(record) for record in caplog.records]}"
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_answer_shows_who_we_are(runtime, connect, operation, portal, caplog, method):
    """What went well is handed on, too."""
    caplog.set_level(logging.DEBUG)
    portal.says(answer([1]))
    response = connect(auth=runtime.portal_auth.AuthKey(CANARY)).exchange(operation(method=method), []).response
    assert CANARY in str(portal.seen)
    assert CANARY not in f"{vars(response)}{vars(response.request)}{caplog.text}"


def test_no_error_shows_a_password_of_the_call(runtime, connect, operation, portal):
    """The request in an error's response has it hidden, the other fields not."""
    portal.says(answer("no", 400))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect().call(operation(username="string", password="string"), {"username": "ann", "password": CANARY})
    assert caught.value.response.request.body == "username=ann&password=***"


def schemes(runtime, url=""):
    """One of each kind, holding a secret."""
    auth = runtime.portal_auth
    return [
        runtime.auth.Bearer(CANARY),
        auth.AuthKey(CANARY),
        auth.Credentials("ann", CANARY),
        auth.ItsYouOnline("id", CANARY, url=url or "https://itsyou.online"),
    ]


def test_a_login_does_not_show_its_secret(runtime):
    """Neither by its repr nor by what a debugger or a crash reporter lists."""
    for scheme in schemes(runtime):
        assert "***" in repr(scheme)
        assert CANARY not in f"{scheme!r}{scheme}{vars(scheme)}"


def test_a_failed_login_does_not_show_its_secret(runtime, connect, operation, portal, elsewhere, caplog):
    """Not even when the other side repeats it, nor in the locals of our frames."""
    caplog.set_level(logging.DEBUG)
    for said in (answer(f"no {CANARY}", 401), answer(CANARY.encode(), 500), answer([CANARY]), b"???\r\n\r\n"):
        portal.says(said)
        elsewhere.says(said)
        for auth in schemes(runtime, elsewhere.url)[2:]:
            with pytest.raises(runtime.errors.ClientError) as caught:
                connect(auth=auth).call(operation(), {})
            assert CANARY not in shown_of(caught.value) + caplog.text
    assert CANARY in str(portal.seen)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://portal.example/a?b=c", "https://portal.example/a?b=c"),
        ("https://ann:canary@portal.example/a", "https://portal.example/a"),
        ("https://portal.example/a?authkey=canary&b=c+d", "https://portal.example/a?authkey=***&b=c+d"),
        ("https://portal.example/a?AuthKey=canary", "https://portal.example/a?AuthKey=***"),
        ("http://[canary?secret=canary", "http://[canary?secret=***"),
        ("ann:canary@portal", "portal"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_its_secrets(runtime, url, shown):
    """User information goes, secret fields are starred, the rest stays as it is."""
    assert runtime.redaction.url_without_secrets(url) == shown


@pytest.mark.parametrize("field", ["password", "client_secret", "authkey", "passwd", "newPassword", "access_token"])
def test_a_form_is_shown_without_its_secrets(runtime, field):
    """The other fields stay readable."""
    assert runtime.redaction.form_without_secrets(f"name=a&{field}=canary&empty=") == f"name=a&{field}=***&empty="
    assert runtime.redaction.without_secrets(f"GET /a?{field}=canary&b=c") == f"GET /a?{field}=***&b=c"


def test_a_body_that_is_no_form_is_not_shown(runtime, connect, portal):
    """Nobody can say where a secret stands in it."""
    thing = runtime.operation.ParameterSpec("thing", "object", place="body")
    put = runtime.operation.OperationSpec("a.b.c", "POST", "/things", (thing,))
    portal.says(answer("no", 400))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect().call(put, {"thing": {"password": CANARY}})
    assert caught.value.response.request.body == "***"


def test_a_secret_is_revealed_only_on_purpose(runtime):
    """Not by printing it, whatever the way."""
    secret = runtime.redaction.Secret(CANARY)
    assert f"{secret}{secret!r}{[secret]}" == "******[***]"
    assert secret.reveal() == CANARY


def test_a_log_is_guarded_once(runtime, connect):
    """However many clients there are."""
    connect(), connect()
    filters = logging.getLogger("urllib3.connectionpool").filters
    assert len([filter_ for filter_ in filters if isinstance(filter_, runtime.redaction.HideSecrets)]) == 1
