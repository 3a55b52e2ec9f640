"""What a portal tells of itself."""

import pytest


def test_actors_and_spaces(alice):
    """With and without their folders."""
    actors = alice.get("/system/contentmanager/getActors").value

    assert "cloudapi__machines" in actors
    assert [name for name, _ in alice.get("/system/contentmanager/getActorsWithPaths").value] == actors
    spaces = alice.get("/system/contentmanager/getSpaces").value
    assert [name for name, _ in alice.get("/system/contentmanager/getSpacesWithPaths").value] == spaces


def test_events_come_in_turn(admin, clock):
    """Each once a cursor; where there is none, the question waits."""
    for title in ("first", "second"):
        admin.value("/system/contentmanager/sendEvent", title=title, text="x", level="info")
    first = admin.get("/system/contentmanager/checkEvents", cursor=0).value
    second = admin.get("/system/contentmanager/checkEvents", cursor=first["cursor"]).value
    assert [first["event"]["title"], second["event"]["title"]] == ["first", "second"]

    before = clock.now
    assert admin.get("/system/contentmanager/checkEvents", cursor=second["cursor"]).value["event"] is None
    assert clock.now > before


def test_a_cursor_comes_back_as_a_whole_number(alice):
    """A portal takes a fraction for an integer."""
    assert alice.get("/system/contentmanager/checkEvents", cursor="0.5").value == {"event": None, "cursor": 0}


@pytest.mark.parametrize(
    ("values", "status", "value"),
    [({}, 200, "Success"), ({"honeypot": "x"}, 200, "Thank you"), ({"sender_email": "x"}, 400, None)],
)
def test_mail_is_not_sent(alice, values, status, value):
    """And says it was."""
    mail = {"sender_email": "a@example.org", "receiver_email": "b@example.org", "subject": "x", "body": "x"}
    reply = alice.post("/system/emailsender/send", **{**mail, **values})

    assert reply.status == status
    assert value in (None, reply.value)


@pytest.mark.parametrize(("age", "status"), [("-3d", 200), ("3d", 400), ("-d", 400), ("yesterday", 400)])
def test_nothing_is_old_enough_to_be_purged(admin, age, status):
    """None of it is kept."""
    assert admin.post("/system/log/purge", age=age).status == status


def test_a_logo_is_kept(admin, alice):
    """404 before and after."""
    assert alice.post("/system/logo/get").status == 404
    admin.value("/system/logo/set", image="x")
    assert alice.value("/system/logo/get") == "eA=="
    admin.value("/system/logo/delete")
    assert alice.post("/system/logo/get").status == 404


def test_alerts_and_conditions_are_unknown(alice):
    """500 for the one, false for the other."""
    assert alice.post("/system/alerts/update", state="x", alert="x").status == 500
    assert alice.value("/system/errorconditionhandler/delete", eco="x") is False
