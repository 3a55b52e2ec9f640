"""Trials of machines: creation, listing, power, size and history."""

from dataclasses import replace

from ovcgen.simulator.state_records import NEW
from ovcgen.simulator.timing import DEMO, steady
from tests.simulator.releases.world import BM, C, M, trial

LINK = {"username": "u", "passwd": "p", "path": "folder"}


@trial("machine-size-required", has=400, later=200)
def create_without_size(w):
    return w.machine(sizeId="", memory=1024, vcpus=1).status


@trial("machine-disksize-of-size", has=400, later=200)
def create_with_other_disk_size(w):
    return w.machine(disksize=15).status


@trial(
    "machine-size-of-cloudspace",
    has=(400, "Cannot create machine with specified size on this cloudspace"),
    later=(200, None),
    earlier=(200, None),
)
def create_with_size_of_others(w):
    w.change("cloudspaces", 1, sizes=(1,))
    reply = w.machine(sizeId=2)
    return reply.status, reply.value if reply.status == 400 else None


@trial("machine-any-size", has=200, later=400, earlier=400)
def create_with_size_that_is_not_allowed(w):
    w.change("cloudspaces", 1, sizes=(1,))
    return w.machine(sizeId=2).status


@trial("machine-odd-memory", has=200, later=400)
def create_with_odd_memory(w):
    return w.machine(sizeId="", memory=1023, vcpus=1).status


@trial("machine-image-of-others", has=200, later=400)
def create_from_image_of_others(w):
    return w.machine(imageId=w.store_image(account_id=w.store_account())).status


@trial("machine-without-userdata", has=200, later=200)
def create_with_userdata(w):
    return w.machine(userdata="{}").status


@trial("machine-userdata-unchecked", has=200, later=400, earlier=200)
def create_with_odd_userdata(w):
    return w.machine(userdata="[1, 2]").status


def crowd(w, status="HALTED"):
    """Add 249 machines of that status to cloudspace 1, beside its first machine."""
    first = w.state.machines.find(1)
    for number in range(249):
        w.state.machines.add(replace(first, id=NEW, name=f"m{number}", status=steady(status), address=""))


@trial("machine-count-unlimited", has=200, later=400)
def create_number_251(w):
    crowd(w)
    return w.machine().status


@trial("machine-count-250", has=400, later=200)
def create_number_251_again(w):
    crowd(w)
    return w.machine().status


@trial("machine-count-includes-bin", has=400, later=200)
def create_beside_a_full_bin(w):
    crowd(w, "DELETED")
    return w.machine().status


@trial("machine-name-of-errors-free", has=200, later=409)
def name_of_a_broken_machine(w):
    w.set_status("machines", 1, "ERROR")
    return w.machine(name="web1").status


@trial("machine-name-free-in-bin", has=200, later=409)
def name_of_a_deleted_machine(w):
    w.set_status("machines", 1, "DELETED")
    return w.machine(name="web1").status


@trial("machine-create-in-deleted-space", has=("DELETED", 200), later=("DELETED", 400), earlier=("DESTROYED", 0))
def create_in_deleted_cloudspace(w):
    number = w.space().value
    w.later().alice.value(f"{C}/delete", cloudspaceId=number)
    status = w.later().status("cloudspaces", number)
    return status, w.machine(w.root, cloudspaceId=number).status if status == "DELETED" else 0


@trial("machine-without-metadata-disk", has="B", later="BM")
def disks_of_a_machine(w):
    number = w.machine().value
    return "".join(disk["type"] for disk in w.alice.value(f"{M}/get", machineId=number)["disks"])


@trial("machine-address-from-lease", has=("Undefined", "192.168.103.253"), later=("192.168.103.253",) * 2)
def address(w):
    number = w.machine().value
    w.later()
    listed = next(each for each in w.alice.value(f"{M}/list", cloudspaceId=1) if each["id"] == number)
    shown = w.alice.value(f"{M}/get", machineId=number)
    return listed["nics"][0]["ipAddress"], shown["interfaces"][0]["ipAddress"]


@trial("machine-list-hides-new", has=["web1"], later=["web1", "web2"])
def list_new(w):
    number = w.machine().value
    w.set_status("machines", number, "")
    return [machine["name"] for machine in w.alice.value(f"{M}/list", cloudspaceId=1)]


@trial("machine-error-seen", has=(200, 200, 500), later=(404, 404, 404))
def read_broken(w):
    w.set_status("machines", 1, "ERROR")
    return tuple(w.alice.post(f"{M}/{name}", machineId=1).status for name in ("get", "getConsoleUrl", "listSnapshots"))


@trial("machine-without-memory", has=[False, False], later=[True, True])
def memory(w):
    answers = w.alice.value(f"{M}/get", machineId=1), w.alice.value(f"{M}/list", cloudspaceId=1)[0]
    return ["memory" in answer for answer in answers]


@trial("machine-start-boot-unchecked", has=200, later=400)
def start_without_boot_disk(w):
    w.halted().state.disks.drop(1)
    return w.alice.post(f"{M}/start", machineId=1).status


@trial("machine-start-without-disk", has=200, later=400)
def start_from_a_data_disk(w):
    return w.halted().alice.post(f"{M}/start", machineId=1, diskId=w.store_disk("D")).status


@trial("machine-start-from-foreign-disc", has=200, later=400)
def start_from_foreign_disc(w):
    disc = w.store_disk("C", account_id=w.store_account())
    return w.halted().root.post(f"{M}/start", machineId=1, diskId=disc).status


@trial("machine-stop-without-force", has=DEMO.power, later=0)
def stop_at_once(w):
    w.alice.value(f"{M}/stop", machineId=1, force=True)
    return round(w.clock.now - w.start, 3)


@trial("machine-start-from-any-disc", has=(200, ""), later=(400, "cdrom:{}"))
def start_from_disc(w):
    unready, ready = w.store_disk("C", status=steady("CREATING")), w.store_disk("C")
    status = w.halted().alice.post(f"{M}/start", machineId=1, diskId=unready).status
    w.halted().alice.value(f"{M}/start", machineId=1, diskId=ready)
    return status, w.root.value(f"{BM}/get", machineId=1)["tags"].replace(str(ready), "{}")


@trial("reboot-answers-null", has=None, later=True)
def reboot(w):
    return w.alice.value(f"{M}/reboot", machineId=1)


@trial("power-writes-status-first", has=(500, "PAUSED"), later=(503, "HALTED"))
def pause_halted(w):
    return w.halted().alice.post(f"{M}/pause", machineId=1).status, w.status("machines", 1)


@trial("pause-not-running-crashes", has=500, later=503)
def pause_not_running(w):
    return w.halted().alice.post(f"{M}/pause", machineId=1).status


@trial("power-keeps-update-time", has=0, later=100)
def update_time(w):
    w.later(100).alice.value(f"{M}/stop", machineId=1)
    return w.state.machines.find(1).updated - int(w.start)


@trial("reboot-refuses-boot-disks", has=400, later=200)
def reboot_with_two_boot_disks(w):
    w.store_disk("B", machine_id=1)
    return w.alice.post(f"{M}/reboot", machineId=1).status


@trial("machine-resize-halted-only", has=409, later=200)
def resize(w):
    return w.alice.post(f"{M}/resize", machineId=1, sizeId=3).status


@trial("machine-hot-resize-tried", has=200, later=202, earlier=409)
def resize_hot(w):
    w.change("images", 1, hot_resize=False)
    return w.alice.post(f"{M}/resize", machineId=1, sizeId=3).status


@trial("history-log-records", has=["Stop", "Created"], later=["User alice@itsyouonline called machines/stop"])
def history(w):
    w.alice.value(f"{M}/stop", machineId=1)
    entries = w.later().alice.value(f"{M}/getHistory", machineId=1, size=9)
    return [entry["message"] for entry in entries]


@trial("ovf-links-unchecked", has=200, later=400)
def export_to_any_link(w):
    return w.alice.post(f"{M}/exportOVF", machineId=1, link="http://nowhere:80", **LINK).status


@trial("export-keeps-snapshot", has=1, later=2)
def export_twice(w):
    for _ in range(2):
        w.alice.value(f"{M}/exportOVF", machineId=1, link="https://cloud.example.org/dav/", **LINK)
    return len(w.state.appliances)


@trial("import-in-deleted-space", has=200, later=400)
def import_into_deleted(w):
    w.set_status("cloudspaces", 1, "DELETED")
    new = {"cloudspaceId": 1, "name": "imported", "sizeId": 2, "link": "https://cloud.example.org/dav/"}
    return w.root.post(f"{M}/importOVF", **new, **LINK).status


@trial("one-external-network", has=([1], []), later=([1, 2], [1]))
def two_networks(w):
    more = w.store_network()
    for number in (1, more):
        w.alice.value(f"{M}/attachExternalNetwork", machineId=1, externalNetworkId=number)
    attached = [number for number, _ in w.state.machines.find(1).networks]
    w.alice.value(f"{M}/detachExternalNetwork", machineId=1, externalNetworkId=more)
    return attached, [number for number, _ in w.state.machines.find(1).networks]


@trial("external-device-name", has="vm-1-ext", later="vm-1-1-ext")
def device_name(w):
    w.alice.value(f"{M}/attachExternalNetwork", machineId=1)
    return w.alice.value(f"{M}/get", machineId=1)["interfaces"][1]["deviceName"]
