"""What was done, and by whom."""

H = "/cloudapi/machines/getHistory"


def test_the_history_of_a_machine(alice, admin):
    """Newest first, administrators' calls too, without what only reads."""
    alice.value("/cloudapi/machines/stop", machineId=1)
    alice.value("/cloudapi/machines/get", machineId=1)
    admin.value("/cloudbroker/machine/start", machineId=1, reason="x")

    told = [entry["message"] for entry in alice.value(H, machineId=1, size=10)]
    assert told == ["User admin@itsyouonline called machine/start", "User alice@itsyouonline called machines/stop"]


def test_a_number_is_the_start_of_a_number(alice):
    """What was done to machine 11 is shown for 1."""
    alice.post("/cloudapi/machines/stop", machineId=11)

    assert [entry["message"] for entry in alice.value(H, machineId=1, size=10)] == [
        "User alice@itsyouonline called machines/stop"
    ]


def test_after_a_month_it_is_forgotten(alice, clock):
    """Thirty days."""
    alice.value("/cloudapi/machines/stop", machineId=1)
    clock.now += 31 * 24 * 3600
    admin = type(alice)(alice.simulator, alice.simulator.auth_secrets.portal)

    assert admin.value(H, machineId=1, size=10) == []


def test_audits_hold_no_secret(admin):
    """Who called what, how it ended, with what."""
    who = {"username": "carol", "emailaddress": "carol@example.org", "password": "very-secret-one"}
    admin.value("/cloudbroker/user/create", **who)
    admin.post("/cloudbroker/user/create", **who)

    audits = admin.value("/system/audits/listAudits", restcall="user/create")
    assert [(audit["user"], audit["statuscode"]) for audit in audits] == [
        ("admin@itsyouonline", 409),
        ("admin@itsyouonline", 200),
    ]
    assert "carol" in audits[0]["kwargs"]
    assert "very-secret-one" not in str(audits)


def test_audits_are_cut(admin):
    """A page begins at its number; a status, a name and a time choose."""
    for _ in range(3):
        admin.value("/cloudbroker/machine/stop", machineId=1, reason="x")
        admin.post("/cloudbroker/machine/stop", machineId=99, reason="x")

    def numbers(**criteria):
        return [audit["id"] for audit in admin.value("/system/audits/listAudits", **criteria)]

    assert numbers(size=2, page=1) == [5, 4]
    assert numbers(statuscode=404) == [6, 4, 2]
    assert numbers(username="nobody") == numbers(epoch=2_000_000_000) == []
