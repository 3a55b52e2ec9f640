"""Trials of cloudspaces, their firewalls and port forwards."""

from ovcgen.simulator.state_records import NEW, PortForward
from tests.simulator.releases.world import ADMIN, BC, PUBLIC, WHY, C, P, trial

FIREWALLS = ("deployVFW", "startVFW", "stopVFW", "destroyVFW")


@trial("cloudspace-create-account-gone", has=404, later=200)
def create_in_destroyed_account(w):
    w.set_status("accounts", 1, "DESTROYING")
    return w.space(w.root).status


@trial("cloudspace-create-public-ip-unchecked", has=200, later=400)
def create_without_address(w):
    w.change("accounts", 1, limits={"CU_I": 1})
    return w.space().status


@trial("cloudspace-network-fixed", has="192.168.103.0/24", later="10.1.0.0/24")
def private_network(w):
    return w.state.cloudspaces.find(w.space(privatenetwork="10.1.0.0/24").value).network


@trial("cloudspace-sizes-ignored", has=(), later=(1, 2))
def allowed_sizes(w):
    return w.state.cloudspaces.find(w.space(allowedVMSizes=[1, 2]).value).sizes


@trial("cloudspace-network-id-as-text", has=(400, 200), later=(200, 200))
def chosen_network(w):
    new = {"accountId": 1, "location": "be-demo-1", "name": "three", "access": ADMIN, "externalnetworkId": 1}
    return w.space(externalnetworkId=1).status, w.alice.json(f"{C}/create", new).status


@trial("cloudspace-no-network-id-crashes", has=500, later=503)
def create_without_network_id(w):
    w.change("network_ids", 66, free=())
    return w.space().status


@trial("cloudspace-network-of-others", has=1, later=2)
def network_of_another_account(w):
    w.change("networks", 1, account_id=w.store_account())
    w.store_network()
    return w.state.cloudspaces.find(w.space().value).external_id


@trial("cloudspace-list-shows-deleted", has=["production"], later=[])
def list_deleted(w):
    w.set_status("cloudspaces", 1, "DELETED")
    return [space["name"] for space in w.alice.value(f"{C}/list")]


@trial("cloudspace-disable-fails", has=(503, "DEPLOYED"), later=(200, "DISABLED"))
def disable(w):
    status = w.alice.post(f"{C}/disable", cloudspaceId=1, **WHY).status
    return status, w.later().status("cloudspaces", 1)


@trial("cloudspace-operations-missing", has=404, later=200)
def add_allowed_size(w):
    return w.alice.post(f"{C}/addAllowedSize", cloudspaceId=1, sizeId=1).status


@trial("defense-shield-unchecked", has=200, later=503)
def shield_of_stopped_firewall(w):
    w.change("cloudspaces", 1, firewall="STOPPED")
    return w.alice.post(f"{C}/getDefenseShield", cloudspaceId=1).status


@trial("broker-cloudspace-create-needs-access", has=400, later=200)
def create_without_access(w):
    return w.root.post(f"{BC}/create", accountId=1, location="be-demo-1", name="two").status


@trial("broker-firewall-of-destroyed", has=[200] * 4, later=[400] * 4)
def firewall_of_destroyed(w):
    w.set_status("cloudspaces", 1, "DESTROYED")
    return [w.root.post(f"{BC}/{name}", cloudspaceId=1, **WHY).status for name in FIREWALLS]


@trial(
    "broker-firewall-destroyed-text",
    has=(400, "Specified cloudspace is destroyed"),
    later=(400, "Cloudspace 1 is DESTROYED"),
    earlier=(200, True),
)
def refusal_for_destroyed(w):
    w.set_status("cloudspaces", 1, "DESTROYED")
    reply = w.root.post(f"{BC}/stopVFW", cloudspaceId=1)
    return reply.status, reply.value


@trial("move-firewall-anywhere", has=200, later=400)
def move_firewall_to_its_node(w):
    return w.root.post(f"{BC}/moveVirtualFirewallToFirewallNode", cloudspaceId=1, targetNid=1).status


@trial("move-firewall-to-disabled", has=200, later=400)
def move_firewall_to_disabled(w):
    w.change("nodes", 2, status="MAINTENANCE")
    return w.root.post(f"{BC}/moveVirtualFirewallToFirewallNode", cloudspaceId=1, targetNid=2).status


@trial("firewall-reset-deploys", has=200, later=400)
def reset_firewall(w):
    w.set_status("cloudspaces", 1, "VIRTUAL")
    return w.root.post(f"{BC}/resetVFW", cloudspaceId=1, resettype="factory").status


@trial("firewall-state-not-stored", has=("STARTED", "HALTED"), later=("STOPPED", "HALTED"))
def stop_firewall(w):
    w.root.value(f"{BC}/stopVFW", cloudspaceId=1)
    record = w.root.value(f"{BC}/getVFW", cloudspaceId=1)
    return record["state"], record["status"]


@trial("extra-ip-without-effect", has=200, later=404)
def extra_address(w):
    return w.root.post(f"{BC}/addExtraIP", cloudspaceId=1, ipaddress="203.0.113.99").status


@trial("forward-firewall-unchecked", has=[200, 200, 200], later=[503, 503, 503])
def forward_without_firewall(w):
    w.forward()
    w.forward(publicPort=2201)
    w.change("cloudspaces", 1, firewall="STOPPED")
    by_port = {"cloudspaceId": 1, "publicIp": PUBLIC, "publicPort": 2200, "proto": "tcp"}
    replies = (
        w.forward(publicPort=2300),
        w.alice.post(f"{P}/delete", cloudspaceId=1, id=1),
        w.alice.post(f"{P}/deleteByPort", **by_port),
    )
    return [reply.status for reply in replies]


@trial("forward-port-once", has=(503, 409, 1), later=(200, 200, 2), earlier=(200, 200, 2))
def forward_for_both_protocols(w):
    w.forward()
    second = w.forward(protocol="udp").status
    w.forward(publicPort=2300, protocol="udp")
    rules = w.state.rules_of(1)
    if len(rules) > 2:
        return second, 200, len([rule for rule in rules if rule.public_port == 2200])
    changed = {"cloudspaceId": 1, "id": 1, "publicIp": PUBLIC, "publicPort": 2200, "machineId": 1, "localPort": 22}
    return second, w.alice.post(f"{P}/update", **changed, protocol="udp").status, len(w.state.rules_of(1))


@trial("forward-to-other-cloudspace", has=200, later=404)
def forward_elsewhere(w):
    space = w.space().value
    w.later()
    address = w.state.cloudspaces.find(space).public_ip
    return w.forward(cloudspaceId=space, publicIp=address).status


@trial("forward-delete-both-protocols", has=0, later=1)
def delete_one_protocol(w):
    for protocol in ("tcp", "udp"):
        w.state.rules.add(PortForward(NEW, 1, PUBLIC, 2200, 1, 22, protocol))
    w.alice.value(f"{P}/deleteByPort", cloudspaceId=1, publicIp=PUBLIC, publicPort=2200, proto="tcp")
    return len(w.state.rules_of(1))


@trial("forward-list-without-address", has=1, later=0)
def list_without_address(w):
    w.forward()
    number = w.machine().value
    w.change("machines", number, address_at=w.clock.now + 1000)
    return len(w.alice.value(f"{P}/list", cloudspaceId=1, machineId=number))


@trial("forward-update-by-port-missing", has=404, later=200)
def update_by_port(w):
    w.forward()
    source = {"sourcePublicIp": PUBLIC, "sourcePublicPort": 2200, "sourceProtocol": "tcp"}
    new = {"publicIp": PUBLIC, "publicPort": 2201, "machineId": 1, "localPort": 22, "protocol": "tcp"}
    return w.alice.post(f"{P}/updateByPort", cloudspaceId=1, **source, **new).status
