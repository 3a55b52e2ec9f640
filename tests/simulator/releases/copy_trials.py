"""Trials of snapshots, clones, templates and cloudbroker/machine."""

from tests.simulator.releases.world import BM, WHY, M, trial

TEMPLATE = {"templateName": "gold", "templatename": "gold"}


@trial("snapshot-answers-epoch", has=int, later=dict)
def snapshot(w):
    return type(w.alice.value(f"{M}/snapshot", machineId=1, name="before"))


@trial("snapshot-same-name", has=200, later=400)
def snapshot_again(w):
    w.alice.value(f"{M}/snapshot", machineId=1, name="before")
    return w.alice.post(f"{M}/snapshot", machineId=1, name="before").status


@trial("snapshot-without-force", has=400, later=200)
def snapshot_with_force(w):
    w.alice.value(f"{M}/snapshot", machineId=1, name="before")
    return w.alice.post(f"{M}/snapshot", machineId=1, name="before", force="true").status


@trial("snapshots-name-and-epoch", has={"name", "epoch"}, later={"name", "epoch", "guid", "diskguid"})
def keys_of_snapshots(w):
    w.alice.value(f"{M}/snapshot", machineId=1, name="before")
    return set(w.alice.value(f"{M}/listSnapshots", machineId=1)[0])


@trial("snapshots-one-per-disk", has=["before"] * 2, later=["before"])
def snapshots_of_two_disks(w):
    w.more_disk()
    w.alice.value(f"{M}/snapshot", machineId=1, name="before")
    return [snapshot["name"] for snapshot in w.alice.value(f"{M}/listSnapshots", machineId=1)]


@trial("snapshot-epoch-required", has=(400, 200), later=(200, 200))
def delete_snapshot(w):
    w.alice.value(f"{M}/snapshot", machineId=1, name="before")
    by_name = w.alice.post(f"{M}/deleteSnapshot", machineId=1, name="before").status
    return by_name, w.alice.post(f"{M}/deleteSnapshot", machineId=1, epoch=99).status


@trial("rollback-epoch-unchecked", has=(400, 200), later=(400, 400), earlier=(400, 200))
def rollback(w):
    named = w.halted().alice.post(f"{M}/rollbackSnapshot", machineId=1, name="none").status
    return named, w.alice.post(f"{M}/rollbackSnapshot", machineId=1, epoch=99).status


@trial("rollback-epoch-text", has="string", later="integer")
def type_of_epoch(w):
    return w.simulator.api.operation("POST", f"{M}/rollbackSnapshot").parameter("epoch").schema.kind


@trial("clone-without-choices", has=(1, 0), later=(2, 1))
def clone(w):
    other = w.space().value
    number = w.later().halted().alice.value(f"{M}/clone", machineId=1, name="copy", cloudspaceId=other)
    return w.state.machines.find(number).cloudspace_id, len(w.state.snapshots_of(1))


@trial("template-answers-image", has=(int, "CREATED"), later=(409, None))
def template(w):
    reply = w.alice.post(f"{M}/createTemplate", machineId=1, **TEMPLATE)
    if reply.status != 200:
        return 409, None
    return type(reply.value), w.status("images", reply.value)


@trial("template-of-template-refused", has=409, later=200)
def template_of_template(w):
    w.halted().change("machines", 1, image_id=w.store_image())
    return w.alice.post(f"{M}/createTemplate", machineId=1, **TEMPLATE).status


@trial("template-disabled", has=(404, 501), later=(200, 404), earlier=(200, 404))
def convert(w):
    w.halted()
    replies = (w.alice.post(f"{M}/{name}", machineId=1, **TEMPLATE) for name in ("createTemplate", "convertToTemplate"))
    return tuple(reply.status for reply in replies)


@trial("image-without-hot-resize", has=200, later=202)
def resize_from_an_image_without_hot_resize(w):
    w.change("images", 1, hot_resize=False)
    return w.alice.post(f"{M}/resize", machineId=1, sizeId=3).status


@trial("broker-template-callback", has=(400, 500), later=(500, 500))
def broker_template(w):
    given = {"machineId": 1, "templateName": "gold", **WHY}
    replies = (w.root.post(f"{BM}/createTemplate", **given, **more) for more in ({"callbackUrl": "x"}, {}))
    return tuple(reply.status for reply in replies)


@trial("broker-machine-checks-first", has=("Machine ID 99 was not found", 400), later=(None, 500))
def broker_machine(w):
    unknown = w.root.post(f"{BM}/stop", machineId=99, **WHY).value
    w.set_status("machines", 1, "DESTROYED")
    text = unknown if "Machine ID" in unknown else None
    return text, w.root.post(f"{BM}/stop", machineId=1, **WHY).status


@trial("broker-resize-never-202", has=(200, str), later=(202, bool), earlier=(404, str))
def resize_disk_of_a_machine(w):
    w.change("images", 1, hot_resize=False)
    reply = w.root.post("/cloudbroker/qos/resize", diskId=1, size=20)
    return reply.status, type(reply.value)


@trial("broker-resize-boolean", has=bool, later=str)
def broker_resize(w):
    return type(w.halted().root.value(f"{BM}/resize", machineId=1, sizeId=3, **WHY))


@trial("broker-snapshot-epoch-required", has=400, later=200)
def broker_snapshot(w):
    w.halted().alice.value(f"{M}/snapshot", machineId=1, name="before")
    return w.root.post(f"{BM}/rollbackSnapshot", machineId=1, name="before", **WHY).status


@trial("broker-history-crashes", has=500, later=200)
def broker_history(w):
    return w.root.post(f"{BM}/getHistory", machineId=1, result="x").status


@trial("broker-update-without-name", has="web1", later="new")
def broker_update(w):
    w.root.value(f"{BM}/updateMachine", machineId=1, name="new", description="x", **WHY)
    return w.state.machines.find(1).name
