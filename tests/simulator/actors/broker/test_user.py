"""People who can log in."""

import pytest

B = "/cloudbroker/user"
CAROL = {"username": "carol", "emailaddress": "carol@example.org", "password": "long-enough"}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"username": "x"}, 400),
        ({"username": "carol@provider"}, 400),
        ({"password": "short"}, 400),
        ({"password": "white space in it"}, 400),
        ({"emailaddress": "none"}, 400),
        ({"emailaddress": ["a@example.org", "b@example.org"]}, 400),
        ({"emailaddress": "alice@example.org"}, 409),
        ({"groups": "nobodys"}, 400),
        ({"groups": ["user", "level1"]}, 200),
    ],
)
def test_who_can_be_made(admin, values, status):
    """A name, one address that nobody has, a good password, groups that are there."""
    assert admin.post(f"{B}/create", **{**CAROL, **values}).status == status


def test_a_user_goes_with_his_sessions_and_rights(admin, guest, simulator):
    """419 for his key; nobody has his entries."""
    admin.value(f"{B}/create", **CAROL)
    admin.value("/cloudbroker/account/addUser", accountId=1, username="carol", accesstype="R")
    carol = type(guest)(
        simulator, guest.value("/cloudapi/users/authenticate", username="carol", password="long-enough")
    )
    assert [account["id"] for account in carol.value("/cloudapi/accounts/list")] == [1]

    assert admin.value(f"{B}/delete", username="carol") is True
    assert carol.post("/cloudapi/accounts/list").status == 419
    assert "carol" not in [ace.user for ace in simulator.state.accounts.find(1).acl]
    assert admin.post(f"{B}/delete", username="carol").status == 404


def test_the_last_administrator_of_an_account_stays(admin, clock):
    """400, until the account has gone."""
    assert admin.post(f"{B}/delete", username="alice@itsyouonline").status == 400
    admin.value("/cloudbroker/account/delete", accountId=1, reason="x", permanently="true")
    clock.sleep(10)

    assert admin.value(f"{B}/delete", username="alice@itsyouonline") is True


def test_by_guid_and_many_at_once(admin):
    """A guid has an underscore; one that is unknown ends in 500, and in a list is passed over."""
    for name in ("carol", "dave"):
        admin.value(f"{B}/create", username=name, emailaddress=f"{name}@example.org")
    assert admin.value(f"{B}/deleteByGuid", userguid="66_carol") is True
    assert admin.post(f"{B}/deleteByGuid", userguid="66_carol").status == 500
    assert admin.post(f"{B}/deleteByGuid", userguid="carol").status == 404

    assert admin.value(f"{B}/deleteUsers", userIds="carol,dave") is None
    assert admin.value("/system/usermanager/userexists", name="dave") is False


def test_older_releases_give_passwords(pinned, clock, guest, simulator):
    """On 2.1.6 an administrator sets a user's password, and the user logs in with the new password."""
    portal = type(simulator)(*pinned("2.1.6"), clock=clock)
    admin = type(guest)(portal, portal.auth_secrets.portal)

    assert admin.value(f"{B}/updatePassword", username="bob@itsyouonline", password="another-one") is True
    who = {"name": "bob@itsyouonline", "secret": "another-one"}
    assert type(guest)(portal).post("/system/usermanager/authenticate", **who).status == 200
    assert admin.post(f"{B}/sendResetPasswordLink", username="nobody").status == 404
