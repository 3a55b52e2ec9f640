"""Trials of disks, images, sizes and external networks."""

from ovcgen.simulator.timing import steady
from tests.simulator.releases.world import BI, WHY, D, I, M, S, trial

IAAS = "/cloudbroker/iaas"
NETWORK = {"subnet": "192.0.2.0/24", "gateway": "192.0.2.1", "startip": "192.0.2.9", "endip": "192.0.2.9", "gid": 66}
SOURCE = {"url": "https://example.org/image.iso", "gid": 66, "boottype": "bios", "imagetype": "Linux"}


@trial("disk-status-empty", has=("", "", ""), later=("CREATED", "ASSIGNED", "CREATED"))
def status_of_a_disk(w):
    number, seen = w.disk().value, []
    for name in ("", "attachDisk", "detachDisk"):
        if name:
            w.alice.value(f"{M}/{name}", machineId=1, diskId=number)
        seen.append(w.alice.value(f"{D}/get", diskId=number)["status"])
    return tuple(seen)


@trial("disk-restores-missing", has=404, later=200)
def restore_disk(w):
    return w.root.post(f"{D}/restore", diskId=w.store_disk(status=steady("TOBEDELETED")), **WHY).status


@trial("disk-iops", has=(True, False), later=(False, True))
def limits_of_a_disk(w):
    record = w.alice.value(f"{D}/get", diskId=1)
    return "iops" in record, "iotune" in record


@trial("disk-limit-iops-only", has=({"total_iops_sec": 100}, 400), later=({"read_iops_sec": 100}, 200))
def limit_disk(w):
    either = {"iops": 100} if w.release == "2.1.6" else {"read_iops_sec": 100}
    w.alice.value(f"{D}/limitIO", diskId=1, **either)
    return dict(w.state.disks.find(1).tune), w.alice.post(f"{D}/limitIO", diskId=1, read_iops_sec=100).status


@trial("disk-limit-without-minimum", has=200, later=400)
def limit_below_80(w):
    return w.alice.post(f"{D}/limitIO", diskId=1, iops=10).status


@trial("disk-destroyed-not-created", has=(400, "Disk with id 1 is not created"), later=(404, None))
def limit_destroyed(w):
    w.set_status("disks", 1, "DESTROYED")
    reply = w.alice.post(f"{D}/limitIO", diskId=1, iops=100)
    return reply.status, reply.value if reply.status == 400 else None


@trial("disk-resize-missing", has=(404, 2000), later=(200, 500))
def resize_disk(w):
    number = w.disk(iops=500).value
    return w.alice.post(f"{D}/resize", diskId=number, size=20).status, w.state.disks.find(number).tune["total_iops_sec"]


@trial("boot-disk-moves", has=(200, 200), later=(400, 400))
def add_and_detach_boot_disk(w):
    new = {"machineId": 1, "diskName": "boot", "description": "boot", "size": 10, "type": "B"}
    added = w.alice.post(f"{M}/addDisk", **new).status
    return added, w.alice.post(f"{M}/detachDisk", machineId=1, diskId=1).status


@trial("attach-takes-disk-away", has=(200, 200), later=(400, 403))
def attach_disk_of_others(w):
    other = w.machine().value
    foreign = w.store_disk(account_id=w.store_account())
    numbers = (w.later().more_disk(), foreign)
    return tuple(w.alice.post(f"{M}/attachDisk", machineId=other, diskId=number).status for number in numbers)


@trial("disk-list-all-types", has=["B", "C", "M"], later=["B"])
def list_disks_of_a_type(w):
    w.store_disk("C", account_id=0)
    return sorted(disk["type"] for disk in w.alice.value(f"{D}/list", accountId=1, type="B"))


@trial("disk-create-in-deleted-account", has=200, later=400)
def create_in_deleted_account(w):
    w.set_status("accounts", 1, "DELETED")
    return w.disk(w.root).status


@trial("disk-restore-ignores-account", has=200, later=400, earlier=404)
def restore_disk_of_deleted_account(w):
    w.set_status("accounts", 1, "DELETED")
    return w.root.post(f"{D}/restore", diskId=w.store_disk(status=steady("TOBEDELETED")), **WHY).status


@trial("disc-used-by-prefix", has=409, later=200)
def delete_disc_with_a_longer_neighbour(w):
    number = w.store_disk("C")
    w.change("machines", 1, tags=(f"cdrom:{number}9",))
    return w.root.post(f"{D}/delete", diskId=number, detach="true").status


@trial("disc-use-unchecked", has=200, later=409)
def delete_used_disc(w):
    number = w.store_disk("C")
    w.change("machines", 1, tags=(f"cdrom:{number}",))
    return w.root.post(f"{D}/delete", diskId=number, detach="true").status


@trial("image-delete-needs-two-stacks", has=(500, "Could not find image template"), later=(200, True))
def delete_image_with_few_stacks(w):
    number = w.store_image()
    w.state.nodes.drop(2)
    one = w.alice.post(f"{I}/delete", imageId=number).status
    w.state.nodes.drop(1)
    return one, w.alice.value(f"{I}/delete", imageId=number)


@trial("broker-image-reference-id", has=(400, 'Image with id "99" not found'), later=(404, None))
def delete_unknown_image(w):
    if w.release == "2.3.0":
        reply = w.root.post(f"{BI}/updateNodes", imageId=99)
        return reply.status, None
    reply = w.root.post(f"{BI}/updateNodes", imageId="99")
    return reply.status, reply.value


@trial("broker-image-switch-answers", has=([1, True, True], "Image could not be DISABLED"), later=(None, None))
def switch_image(w):
    return tuple(w.root.value(f"{BI}/disable", imageId=1, **WHY) for _ in range(2))


@trial("broker-image-delete-unknown", has=(200, True), later=(404, None), earlier=(400, None))
def delete_unknown_image_number(w):
    reply = w.root.post(f"{BI}/delete", imageId=99, **WHY)
    return reply.status, True if reply.value is True else None


@trial(
    "broker-image-enable-destroyed",
    has=(400, "Can not enable a destroyed image"),
    later=(400, "Image 1 is DESTROYED"),
    earlier=(200, "Image was not DISABLED"),
)
def enable_destroyed_image(w):
    w.set_status("images", 1, "DESTROYED")
    reply = w.root.post(f"{BI}/enable", imageId=1, **WHY)
    return reply.status, reply.value


@trial("broker-image-edit-missing", has=404, later=400)
def edit_unknown_image(w):
    return w.root.post(f"{BI}/edit", imageId=99, name="new").status


@trial("broker-image-edit-keeps-owner", has=1, later=0)
def give_image_to_all(w):
    number = w.store_image()
    w.root.value(f"{BI}/edit", imageId=number, accountId=0)
    return w.state.images.find(number).account_id


@trial("disc-create-ignores-account", has=0, later=1)
def create_disc(w):
    w.root.value(f"{BI}/createCDROMImage", name="disc", accountId=1, **SOURCE)
    return next(disk.account_id for disk in w.state.disks if disk.type == "C")


@trial("image-create-in-deleted-account", has=200, later=400)
def create_image_in_deleted_account(w):
    w.set_status("accounts", 1, "DELETED")
    return w.root.post(f"{BI}/createImage", name="image", accountId=1, **SOURCE).status


@trial("sizes-of-all-cloudspaces", has=(6, 400), later=(2, 200))
def sizes(w):
    w.change("cloudspaces", 1, sizes=(1, 2))
    listed = w.alice.value(f"{S}/list", cloudspaceId=1)
    return len(listed), w.alice.post(f"{S}/list", location="be-demo-1").status


@trial("size-exists-refused", has=(400, 6), later=(200, 6))
def add_size_again(w):
    same = {"name": "same", "vcpus": 1, "memory": 1024, "disksize": "10"}
    return w.root.post(f"{IAAS}/addSize", **same).status, len(w.state.sizes)


@trial("network-add-unchecked", has=(200, "8.8.8.8"), later=(409, "8.8.4.4"))
def add_networks_with_the_same_vlan(w):
    first = w.root.value(f"{IAAS}/addExternalNetwork", name="a", vlan=7, pingips="8.8.4.4", **NETWORK)
    status = w.root.post(f"{IAAS}/addExternalNetwork", name="b", vlan=7, **NETWORK).status
    return status, ",".join(w.state.networks.find(first).pings)


@trial("network-delete-missing", has=404, later=200)
def delete_network(w):
    return w.root.post(f"{IAAS}/deleteExternalNetwork", externalnetworkId=w.store_network()).status


@trial("network-delete-ignores-machines", has=200, later=409, earlier=404)
def delete_network_of_machines(w):
    number = w.store_network()
    w.change("machines", 1, networks=((number, "198.51.100.10"),))
    return w.root.post(f"{IAAS}/deleteExternalNetwork", externalnetworkId=number).status
