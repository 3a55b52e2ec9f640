"""What older releases let people do with passwords."""

import pytest

U = "/cloudapi/users"


@pytest.fixture
def old(pinned, clock, simulator, visitor):
    """A function: somebody at a portal of release 2.2.6."""
    portal = type(simulator)(*pinned("2.2.6"), clock=clock)
    return lambda name: visitor(portal, name)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("bob-password", "another-one", 200), ("wrong", "another-one", 400), ("bob-password", "short", 400)],
)
def test_the_code_is_in_the_body(old, before, after, code):
    """The answer itself is a success."""
    bob = old("bob@itsyouonline")
    told = bob.value(f"{U}/updatePassword", oldPassword=before, newPassword=after)
    login = bob.post("/system/usermanager/authenticate", name="bob@itsyouonline", secret=after)

    assert told[0] == code
    assert login.status == (200 if code == 200 else 401)


def test_tokens_come_by_mail_only(old):
    """Nobody has one."""
    bob = old("bob@itsyouonline")
    assert bob.value(f"{U}/sendResetPasswordLink", emailaddress="bob@example.org")
    missing = bob.post(f"{U}/sendResetPasswordLink", emailaddress="nobody@example.org")
    assert (missing.status, missing.kind) == (404, "text/plain")

    assert bob.post(f"{U}/getResetPasswordInformation", resettoken="x").status == 419
    assert bob.post(f"{U}/resetPassword", resettoken="x", newpassword="another-one").status == 419
    assert bob.post(f"{U}/validate", validationtoken="x", password="another-one").status == 419
    assert bob.post(f"{U}/isValidInviteUserToken", inviteusertoken="x", emailaddress="x").status == 400
