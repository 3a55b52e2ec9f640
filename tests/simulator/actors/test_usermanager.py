"""Users and groups as the portal itself sees them."""

U = "/system/usermanager"
CAROL = {"username": "carol", "emails": "carol@example.org", "password": "long-enough"}


def test_who_one_is(alice, admin, guest):
    """A guest, too."""
    assert guest.value(f"{U}/whoami") == {"name": "guest", "admin": False}
    assert alice.value(f"{U}/whoami") == {"name": "alice@itsyouonline", "admin": False}
    assert admin.value(f"{U}/whoami")["admin"] is True


def test_a_session_is_an_authkey_and_a_cookie(guest, simulator):
    """401 for a wrong secret."""
    reply = guest.post(f"{U}/authenticate", name="alice@itsyouonline", secret="alice-password")
    keyed = type(guest)(simulator, reply.value)
    baked = type(guest)(simulator, headers={"accept": "application/json", "cookie": reply.cookie.split(";")[0]})

    assert keyed.value(f"{U}/whoami") == baked.value(f"{U}/whoami") == {"name": "alice@itsyouonline", "admin": False}
    assert guest.post(f"{U}/authenticate", name="alice@itsyouonline", secret="wrong").status == 401


def test_users_come_change_and_go(admin, guest):
    """Their groups are replaced, by none where none are given."""
    assert admin.value(f"{U}/create", **CAROL, groups=["user", "level1"]) == "carol"
    assert admin.value(f"{U}/userget", name="carol")["groups"] == ["user", "level1"]
    assert admin.post(f"{U}/create", **CAROL).status == 409

    assert admin.value(f"{U}/editUser", username="carol", emails="c@example.org", password="another-one") is True
    stored = admin.value(f"{U}/userget", name="carol")
    assert (stored["groups"], stored["emails"], stored["guid"]) == ([], ["c@example.org"], "66_carol")
    assert guest.post(f"{U}/authenticate", name="carol", secret="another-one").status == 200
    assert admin.post(f"{U}/editUser", username="carol", emails="alice@example.org").status == 409

    assert admin.value(f"{U}/delete", username="carol") is True
    assert admin.post(f"{U}/userget", name="carol").status == 404
    assert admin.post(f"{U}/delete", username="carol").status == 404


def test_users_of_a_provider(admin):
    """Their name has it, and their address may be somebody's already."""
    values = {**CAROL, "emails": "alice@example.org", "provider": "itsyouonline"}

    assert admin.value(f"{U}/create", **values) == "carol@itsyouonline"
    assert admin.post(f"{U}/create", **{**values, "provider": ""}).status == 409


def test_who_was_made_by_the_cloud_broker_is_protected(admin):
    """400."""
    admin.value("/cloudbroker/user/create", username="carol", emailaddress="carol@example.org")

    assert admin.post(f"{U}/delete", username="carol").status == 400
    assert admin.value("/cloudbroker/user/delete", username="carol") is True


def test_groups_come_change_and_go(admin, alice):
    """Being in `admin` opens everything; 409 twice, 404 for none."""
    group = {"name": "painters", "domain": "", "description": "x"}
    group["domain"] = "example.org"
    assert [admin.post(f"{U}/createGroup", **group).status for _ in range(2)] == [200, 409]
    assert admin.value(f"{U}/editGroup", **group, users="alice@itsyouonline,bob@itsyouonline") is True
    assert "painters" in admin.value(f"{U}/userget", name="alice@itsyouonline")["groups"]
    assert admin.value(f"{U}/deleteGroup", id="painters") is None
    assert admin.value(f"{U}/userget", name="alice@itsyouonline")["groups"] == ["user"]
    assert admin.post(f"{U}/deleteGroup", id="painters").status == 404
    assert admin.post(f"{U}/editGroup", **group).status == 404

    assert alice.post("/cloudbroker/account/disable", accountId=1, reason="x").status == 403
    everybody = ["admin@itsyouonline", "alice@itsyouonline"]
    admin.value(f"{U}/editGroup", **{**group, "name": "admin"}, users=",".join(everybody))
    assert alice.post("/cloudbroker/account/disable", accountId=1, reason="x").status == 200


def test_the_portal_knows_no_bypass(admin):
    """An administrator without `level1` sees no audits."""
    assert admin.post("/system/audits/listAudits").status == 200
    admin.value(f"{U}/editUser", username="admin@itsyouonline", emails="admin@example.org", groups=["admin"])

    assert admin.post("/system/audits/listAudits").status == 403
    assert admin.post("/system/job/purge", age="-3d").status == 403
