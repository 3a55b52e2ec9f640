"""Port forwards, known by their place."""

import pytest

P = "/cloudapi/portforwarding"
NEW = {"cloudspaceId": 1, "publicIp": "203.0.113.10", "machineId": 1, "localPort": 22, "protocol": "tcp"}


def ports(visitor):
    """Number and public port of each rule."""
    return [(rule["id"], rule["publicPort"]) for rule in visitor.value(f"{P}/list", cloudspaceId=1)]


def test_rules_are_renumbered(alice):
    """Ports come back as texts."""
    for port in (2201, 2202, 2203):
        assert alice.value(f"{P}/create", **NEW, publicPort=port) is True
    assert ports(alice) == [(0, "2201"), (1, "2202"), (2, "2203")]

    left = alice.value(f"{P}/delete", cloudspaceId=1, id=0)
    assert [(rule["id"], rule["publicPort"]) for rule in left] == ports(alice) == [(0, "2202"), (1, "2203")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"publicPort": 2200}, 409),
        ({"publicPort": 2200, "protocol": "udp"}, 200),
        ({"publicPort": 0}, 400),
        ({"publicPort": 65536}, 400),
        ({"publicPort": 1, "protocol": "icmp"}, 400),
        ({"publicPort": 1, "publicIp": "1.2.3.4"}, 400),
        ({"publicPort": 1, "machineId": 9}, 404),
    ],
)
def test_create(alice, change, code):
    """A port may be forwarded once a protocol."""
    alice.value(f"{P}/create", **NEW, publicPort=2200)

    assert alice.post(f"{P}/create", **{**NEW, **change}).status == code


def test_a_misspelt_protocol_goes_unheard(alice):
    """The parameter is named `proto` here."""
    alice.value(f"{P}/create", **NEW, publicPort=2200)
    rule = {"cloudspaceId": 1, "publicIp": "203.0.113.10", "publicPort": 2200}

    assert alice.post(f"{P}/deleteByPort", **rule, proto="udp").status == 404
    assert alice.value(f"{P}/deleteByPort", **rule, protocol="udp") is True


def test_a_rule_may_keep_its_port(alice):
    """An update does not collide with itself."""
    alice.value(f"{P}/create", **NEW, publicPort=2200)
    changed = {**NEW, "localPort": 2222}

    assert alice.value(f"{P}/update", id=0, publicPort=2200, **changed)[0]["localPort"] == "2222"
    assert alice.post(f"{P}/update", id=1, publicPort=2200, **changed).status == 404


def test_a_clash_loses_the_old_rule(alice):
    """It goes before the new one comes, which then can't."""
    for port in (80, 81):
        alice.value(f"{P}/create", **NEW, publicPort=port)

    assert alice.post(f"{P}/update", **NEW, publicPort=81, id=0).status == 409
    assert [rule["publicPort"] for rule in alice.value(f"{P}/list", cloudspaceId=1)] == ["81"]
