"""What users get from their firewall."""

import io
import zipfile

C = "/cloudapi/cloudspaces"


def test_each_look_at_the_shield_sets_another_password(alice):
    """The user is always admin."""
    first, second = (alice.value(f"{C}/getDefenseShield", cloudspaceId=1) for _ in range(2))

    assert first["user"] == second["user"] == "admin"
    assert first["password"] != second["password"]
    assert first["url"].startswith("https://203.0.113.10")


def test_a_way_into_the_network(alice):
    """Three files in a zip, by both verbs."""
    for ask in (alice.get, alice.post):
        reply = ask(f"{C}/getOpenvpnConfig", cloudspaceId=1)
        assert reply.kind == "application/octet-stream"
        with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
            assert archive.namelist() == ["ca.crt", "credentials", "openvpn.ovpn"]


def test_before_it_is_deployed(alice, clock):
    """503."""
    space = {"accountId": 1, "location": "be-demo-1", "name": "new", "access": "alice@itsyouonline"}
    made = alice.value(f"{C}/create", **space)
    assert alice.post(f"{C}/executeRouterOSScript", cloudspaceId=made, script="x").status == 503
    clock.sleep(10)
    assert alice.value(f"{C}/executeRouterOSScript", cloudspaceId=made, script="x") is True
