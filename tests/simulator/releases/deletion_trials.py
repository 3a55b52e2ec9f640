"""Trials of deletion and the recycle bin."""

from tests.simulator.releases.world import BA, BC, BI, BM, WHY, A, C, D, I, M, trial

OLD = {"accountId": 1}  # a parameter that older releases want of cloudspace/destroy


@trial("machine-delete-destroys", has=("DESTROYED", "DESTROYED"), later=("DELETED", "DELETED"))
def delete_machine(w):
    w.alice.value(f"{M}/delete", machineId=1)
    w.later()
    return w.status("machines", 1), w.status("disks", 1)


@trial("machine-delete-keeps-physical-disks", has="DELETED", later="DESTROYED")
def delete_machine_with_physical_disk(w):
    w.store_disk("P", machine_id=1)
    w.alice.value(f"{M}/delete", machineId=1)
    return w.later().status("machines", 1)


@trial("machine-delete-again", has=(200, True, True), later=(200, True, False), earlier=(404, None, False))
def delete_machine_again(w):
    w.alice.value(f"{M}/delete", machineId=1)
    before = w.later().state.machines.find(1).updated
    reply = w.alice.post(f"{M}/delete", machineId=1)
    return reply.status, reply.value if reply.status == 200 else None, w.state.machines.find(1).updated > before


@trial("machine-clones-in-bin-block", has=409, later=200)
def delete_machine_with_broken_clone(w):
    clone = w.machine().value
    w.change("machines", clone, clone_of=1)
    w.later().set_status("machines", clone, "ERROR")
    return w.alice.post(f"{M}/delete", machineId=1).status


@trial("machine-restore-missing", has=404, later=200)
def restore_machine(w):
    w.set_status("machines", 1, "DELETED")
    return w.alice.post(f"{M}/restore", machineId=1, **WHY).status


@trial("permanently-ignored", has="DELETED", later="DESTROYED")
def delete_permanently(w):
    w.alice.value(f"{M}/delete", machineId=1, permanently="true")
    return w.later().status("machines", 1)


@trial("delete-name-ignored", has=(200, 200, 200), later=(400, 400, 400))
def delete_with_wrong_name(w):
    return (
        w.root.post(f"{D}/delete", diskId=w.store_disk(), detach="false", name="no").status,
        w.root.post(f"{BC}/destroy", cloudspaceId=1, **OLD, **WHY, name="no").status,
        w.root.post(f"{BA}/delete", accountId=1, **WHY, name="no").status,
    )


@trial("cloudspace-delete-destroys", has="DESTROYED", later="DELETED")
def delete_cloudspace(w):
    number = w.space().value
    w.later().alice.value(f"{C}/delete", cloudspaceId=number)
    return w.later().status("cloudspaces", number)


@trial("cloudspace-delete-blocked-by-bin", has=409, later=200)
def delete_cloudspace_with_machine_in_bin(w):
    w.alice.value(f"{M}/delete", machineId=1)
    return w.later().alice.post(f"{C}/delete", cloudspaceId=1).status


@trial("cloudspace-delete-destroyed-again", has=(True, "DESTROYING"), later=(True, "DESTROYED"))
def delete_destroyed_cloudspace(w):
    w.set_status("machines", 1, "DESTROYED")
    w.set_status("cloudspaces", 1, "DESTROYED")
    began = w.clock.now
    answer = w.root.value(f"{C}/delete", cloudspaceId=1)
    return answer, w.state.cloudspaces.find(1).status.at(began)


@trial("cloudspace-restore-missing", has=404, later=200)
def restore_cloudspace(w):
    w.set_status("cloudspaces", 1, "DELETED")
    return w.root.post(f"{C}/restore", cloudspaceId=1, **WHY).status


@trial("disk-delete-destroys", has="DESTROYED", later="TOBEDELETED")
def delete_disk(w):
    number = w.disk().value
    w.admin.value(f"{D}/delete", diskId=number, detach="false")
    return w.status("disks", number)


@trial("disk-detach-delete-destroys", has="DESTROYED", later="TOBEDELETED")
def detach_and_delete_disk(w):
    number = w.more_disk()
    w.alice.value(f"{D}/delete", diskId=number, detach="true")
    return w.status("disks", number)


@trial("deletion-time-absent", has=False, later=True)
def deletion_time(w):
    return "deletionTime" in w.alice.value(f"{D}/get", diskId=1)


@trial("disk-deletion-time-zero", has=0, later=1_540_000_000, earlier=None)
def deletion_time_of_disk(w):
    number = w.disk().value
    w.admin.value(f"{D}/delete", diskId=number, detach="false")
    reply = w.admin.post(f"{D}/get", diskId=number)
    return reply.value["deletionTime"] if reply.status == 200 else None


@trial("image-delete-removes", has=([], 404), later=(["DELETED"], 200))
def delete_image(w):
    number = w.store_image()
    w.alice.value(f"{I}/delete", imageId=number)
    listed = [image["status"] for image in w.alice.value(f"{A}/listTemplates", accountId=1)]
    return listed, w.alice.post(f"{I}/delete", imageId=number).status


@trial("image-delete-refused-in-use", has=409, later=200)
def delete_used_image(w):
    number = w.store_image()
    w.change("machines", 1, image_id=number)
    w.set_status("machines", 1, "DELETED")
    return w.alice.post(f"{I}/delete", imageId=number).status


@trial("broker-image-delete-destroys", has="DESTROYED", later="DELETED")
def delete_image_as_broker(w):
    w.root.value(f"{BI}/delete", imageId=1, **WHY)
    return w.status("images", 1)


@trial("account-delete-destroys", has=("DESTROYED", "DESTROYED"), later=("DELETED", "DELETED"))
def delete_account(w):
    w.root.value(f"{BA}/delete", accountId=1, **WHY)
    w.later()
    return w.status("accounts", 1), w.status("cloudspaces", 1)


@trial("account-delete-keeps-disks", has="CREATED", later="TOBEDELETED")
def delete_account_with_disk(w):
    number = w.disk().value
    w.root.value(f"{BA}/delete", accountId=1, **WHY)
    return w.later().status("disks", number)


@trial("restore-checks-deleted-parent-only", has=(400, 200), later=(400, 400), earlier=(404, 404))
def restore_into_what_is_gone(w):
    number, seen = w.store_image(), []
    for status in ("DELETED", "DESTROYED"):
        w.set_status("images", number, "DELETED")
        w.set_status("accounts", 1, status)
        seen.append(w.root.post(f"{I}/restore", imageId=number, **WHY).status)
    return tuple(seen)


@trial("broker-restore-unchecked", has=200, later=400, earlier=404)
def restore_machine_over_limit(w):
    w.set_status("machines", 1, "DELETED")
    w.change("cloudspaces", 1, limits={"CU_C": 0})
    return w.root.post(f"{BM}/restore", machineId=1, **WHY).status


@trial("broker-destroys-bin", has="DESTROYED", later="DELETED")
def destroy_cloudspace_with_machine_in_bin(w):
    w.set_status("machines", 1, "DELETED")
    w.root.value(f"{BC}/destroy", cloudspaceId=1, **OLD, **WHY)
    return w.later().status("machines", 1)
