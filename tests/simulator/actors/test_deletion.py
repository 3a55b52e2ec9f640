"""How deletion differs between releases: into the recycle bin or for ever, and what is said of what is gone."""

from typing import NamedTuple

import pytest

from ovcgen.simulator import DEMO, LOGINS, Simulator

RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
SOFT = ("2.4.4", "2.4.5")
A, C, D, M, B = "/cloudapi/accounts", "/cloudapi/cloudspaces", "/cloudapi/disks", "/cloudapi/machines", "/cloudbroker"
BOB = "bob@itsyouonline"
WHY = {"reason": "x"}
BIN = {"permanently": "false"}
OLD = {"accountId": 1}  # a parameter that older releases want of cloudspace/destroy


class People(NamedTuple):
    """A portal of one release, and who calls it."""

    release: str
    simulator: Simulator
    clock: object
    alice: object
    admin: object

    def later(self):
        """Wait until what goes on in the background is over."""
        self.clock.sleep(10)
        return self


@pytest.fixture
def people(request, pinned, clock, visitor):
    """The demo portal of a release that the test names."""
    simulator = Simulator(*pinned(request.param), clock=clock, sleep=clock.sleep, pace=DEMO)
    named = [visitor(simulator, login.username) for login in (LOGINS.user, LOGINS.admin)]
    return People(request.param, simulator, clock, *named)


def of(*releases):
    """A test for each of these releases; without any, for all."""
    return pytest.mark.parametrize("people", releases or RELEASES, indirect=True)


def statuses(people):
    """Of all disks of machine 1, whoever may see them."""
    return {disk.status.at(people.clock()) for disk in people.simulator.state.disks_of(1)}


def machine_status(people):
    """What the portal has stored for machine 1."""
    return people.simulator.state.machines.find(1).status.at(people.clock())


@of()
def test_a_machine_is_deleted(people):
    """DESTROYED at once, into the bin from 2.3.0 on; `permanently` is heard from 2.4.4 on."""
    assert people.alice.value(f"{M}/delete", machineId=1, permanently="true", name="web1") is True

    status = "DELETED" if people.release in ("2.3.0", "2.4.0") else "DESTROYED"
    assert machine_status(people.later()) == status
    assert statuses(people) == {status}
    assert people.alice.post(f"{M}/get", machineId=1).status == 404


@of()
def test_a_machine_in_the_bin(people):
    """Only where there is one; its name can be given again where there is none, and in 2.4.0."""
    new = {"cloudspaceId": 1, "name": "web1", "sizeId": 2, "imageId": 1, "disksize": 10}
    people.alice.value(f"{M}/delete", machineId=1)

    has_bin = people.release not in ("2.1.6", "2.2.6")
    assert machine_status(people.later()) == ("DELETED" if has_bin else "DESTROYED")
    created = people.alice.post(f"{M}/create", **new)
    assert created.status == (200 if people.release in ("2.1.6", "2.2.6", "2.4.0") else 409)


@of()
def test_a_machine_with_a_physical_disk(people):
    """Does not go into the bin, from 2.4.0 on."""
    disk = people.simulator.state.disks_of(1)[0]
    people.simulator.state.disks.put(disk.__class__(99, "physical", "P", 10, 1, disk.status, 1))
    people.alice.value(f"{M}/delete", machineId=1)

    assert machine_status(people.later()) == ("DELETED" if people.release == "2.3.0" else "DESTROYED")


@of()
def test_a_wrong_name_stops_a_deletion(people):
    """From 2.4.4 on; before, it is an unknown parameter."""
    refused = 400 if people.release in SOFT else 200

    disk = {"accountId": 1, "gid": 66, "name": "data", "description": "data", "size": 10, "type": "D"}
    disk_id = people.alice.value(f"{D}/create", **disk)
    assert people.admin.post(f"{D}/delete", diskId=disk_id, detach="false", name="no").status == refused
    assert people.admin.post(f"{B}/cloudspace/destroy", cloudspaceId=1, **OLD, **WHY, name="no").status == refused
    assert people.admin.post(f"{B}/account/delete", accountId=1, **WHY, name="no").status == refused


@of()
def test_a_cloudspace_with_a_machine_in_the_bin(people):
    """The machine is in the way in 2.3.0, is destroyed along in 2.4.0, and stays in the bin afterwards."""
    people.alice.value(f"{M}/delete", machineId=1)
    deleted = people.later().alice.post(f"{C}/delete", cloudspaceId=1)

    assert deleted.status == (409 if people.release == "2.3.0" else 200)
    people.later()
    if people.release != "2.3.0":
        assert machine_status(people) == ("DELETED" if people.release in SOFT else "DESTROYED")


@of()
def test_a_cloudspace_is_deleted(people):
    """DELETED from 2.4.4 on, where ordinary users may not destroy it; before DESTROYED, and a 404 for them."""
    new = {"accountId": 1, "location": "be-demo-1", "name": "two", "access": LOGINS.username}
    space_id = people.alice.value(f"{C}/create", **new)
    assert people.later().alice.value(f"{C}/delete", cloudspaceId=space_id) is True
    people.later()

    soft = people.release in SOFT
    assert people.admin.value(f"{C}/get", cloudspaceId=space_id)["status"] == ("DELETED" if soft else "DESTROYED")
    again = people.alice.post(f"{C}/delete", cloudspaceId=space_id)
    assert again.status == (403 if soft else 404)
    assert people.alice.post(f"{C}/get", cloudspaceId=space_id).status == 404
    assert people.admin.value(f"{C}/delete", cloudspaceId=space_id) is True
    names = [space["name"] for space in people.alice.value(f"{C}/list")]
    assert ("two" in names) is (people.release == "2.4.4")


@of()
def test_a_cloudspace_is_destroyed_by_administrators(people):
    """What is gone is destroyed again up to 2.3.0; what is unknown is a 404, but null in 2.4.0."""
    assert people.admin.value(f"{B}/cloudspace/destroy", cloudspaceId=1, **OLD, **WHY) is None
    people.later()

    soft = people.release in SOFT
    last = "DELETED" if soft else "DESTROYED"
    assert people.admin.value(f"{C}/get", cloudspaceId=1)["status"] == last
    assert machine_status(people) == last
    assert people.admin.post(f"{B}/cloudspace/destroy", cloudspaceId=1, **OLD, **WHY).status == 200
    unknown = people.admin.post(f"{B}/cloudspace/destroy", cloudspaceId=99, **OLD, **WHY)
    assert unknown.status == (200 if people.release == "2.4.0" else 404)


@of()
def test_the_firewall_of_a_destroyed_cloudspace(people):
    """Can be worked on up to 2.3.0, is refused afterwards."""
    people.admin.value(f"{B}/cloudspace/destroy", cloudspaceId=1, **OLD, **WHY, permanently="true")
    people.later()

    expected = 200 if people.release in ("2.1.6", "2.2.6", "2.3.0") else 400
    for name in ("startVFW", "stopVFW", "destroyVFW"):
        assert people.admin.post(f"{B}/cloudspace/{name}", cloudspaceId=1).status == expected, name


@of()
def test_an_account_is_deleted(people):
    """DELETED from 2.4.4 on; before DESTROYED with all that is in its cloudspaces, whatever is sent beside."""
    assert people.admin.value(f"{B}/account/delete", accountId=1, **WHY, **BIN) is None
    assert people.admin.value(f"{A}/get", accountId=1)["status"] == "DESTROYING"
    people.later()

    last = "DELETED" if people.release in SOFT else "DESTROYED"
    assert people.admin.value(f"{A}/get", accountId=1)["status"] == last
    assert people.admin.value(f"{C}/get", cloudspaceId=1)["status"] == last
    assert (machine_status(people), statuses(people)) == (last, {last})


@pytest.mark.parametrize("call", ["delete", "disable", "enable"])
@of()
def test_a_destroyed_account(people, call):
    """404 up to 2.3.0; in 2.4.0 a 400, or null for deleting it again; accepted in between from 2.4.4 on."""
    people.admin.value(f"{B}/account/delete", accountId=1, **WHY, permanently="true")
    people.later()
    answer = people.admin.post(f"{B}/account/{call}", accountId=1, **WHY)

    if people.release in ("2.1.6", "2.2.6", "2.3.0"):
        assert (answer.status, answer.value) == (404, "Account name not found")
    elif call == "delete":
        assert (answer.status, answer.value) == (200, None)
    else:
        assert answer.status == 400
        assert people.release in SOFT or answer.value == "Specified account is destroyed"


@pytest.mark.parametrize("call", ["delete", "disable", "enable"])
@of()
def test_an_unknown_account(people, call):
    """404 in words of its own up to 2.4.0, where deleting it is fine."""
    texts = {"2.4.0": "Account not found"} | dict.fromkeys(SOFT, "Could not find 99 of type account")
    answer = people.admin.post(f"{B}/account/{call}", accountId=99, **WHY)

    if (people.release, call) == ("2.4.0", "delete"):
        assert (answer.status, answer.value) == (200, None)
    else:
        assert (answer.status, answer.value) == (404, texts.get(people.release, "Account name not found"))


@pytest.mark.parametrize("place", [0, 1, 2])
@of("2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
def test_many_accounts_with_one_that_is_gone(people, place):
    """Up to 2.3.0 an unknown account is a 404 and ends the deletion; later releases delete all other accounts."""
    mine = [people.admin.value(f"{B}/account/create", name=name, username=BOB) for name in ("one", "two")]
    answer = people.admin.post(f"{B}/account/deleteAccounts", accountIds=[*mine[:place], 99, *mine[place:]], **WHY)
    people.later()

    assert answer.status == (404 if people.release in ("2.2.6", "2.3.0") else 200)
    last = ["DELETED" if people.release in SOFT else "DESTROYED"] * 2
    if people.release in ("2.2.6", "2.3.0"):
        last[place:] = ["CONFIRMED"] * (2 - place)
    assert [people.admin.value(f"{A}/get", accountId=number)["status"] for number in mine] == last


@of()
def test_many_cloudspaces_with_one_that_is_gone(people):
    """The others are destroyed up to 2.4.0; afterwards the first that is unknown ends it."""
    answer = people.admin.post(f"{B}/cloudspace/destroyCloudSpaces", cloudspaceIds=[99, 1], **WHY)
    people.later()

    assert answer.status == (404 if people.release in ("2.1.6", "2.2.6", "2.3.0") else 200)
    status = people.admin.value(f"{C}/get", cloudspaceId=1)["status"]
    assert status == ("DEPLOYED" if people.release in SOFT else "DESTROYED")


@of()
def test_a_destroyed_account_is_not_edited(people):
    """By cloudapi, in 2.4.0."""
    people.admin.value(f"{B}/account/delete", accountId=1, **WHY, permanently="true")
    people.later()

    assert people.admin.post(f"{A}/update", accountId=1, name="new").status == (
        400 if people.release == "2.4.0" else 200
    )


@of()
def test_a_disk_is_deleted(people):
    """DESTROYED at once up to 2.4.0; later TOBEDELETED, with the time from 2.4.5 on."""
    disk_id = people.alice.value(f"{D}/create", accountId=1, gid=66, name="data", description="data", size=10, type="D")
    before = people.alice.value(f"{D}/get", diskId=disk_id)
    assert ("deletionTime" in before) is (people.release in SOFT)
    assert people.admin.value(f"{D}/delete", diskId=disk_id, detach="false") is True

    after = people.admin.post(f"{D}/get", diskId=disk_id)
    if people.release not in SOFT:
        assert after.status == 404
    else:
        assert after.value["status"] == "TOBEDELETED"
        assert (after.value["deletionTime"] > 0) is (people.release == "2.4.5")


@of()
def test_a_disk_is_detached_and_deleted(people):
    """DESTROYED, but into the bin in 2.4.5."""
    new = {"diskName": "more", "description": "more", "size": 10, "type": "D"}
    disk_id = people.alice.value(f"{M}/addDisk", machineId=1, **new)
    assert people.alice.value(f"{D}/delete", diskId=disk_id, detach="true") is True

    answer = people.admin.post(f"{D}/get", diskId=disk_id)
    assert (answer.status, answer.value["status"] if answer.status == 200 else "") == (
        (200, "TOBEDELETED") if people.release == "2.4.5" else (404, "")
    )


@of()
def test_disks_of_a_deleted_account(people):
    """Those that no machine had stay as they are, but in 2.4.5."""
    disk_id = people.alice.value(f"{D}/create", accountId=1, gid=66, name="data", description="data", size=10, type="D")
    people.admin.value(f"{B}/account/delete", accountId=1, **WHY)
    people.later()

    status = people.simulator.state.disks.find(disk_id).status.at(people.clock())
    alive = "CREATED" if people.release in SOFT else ""
    assert status == ("TOBEDELETED" if people.release == "2.4.5" else alive)


def template(people):
    """The number of an image of account 1 that no machine uses."""
    image = people.simulator.state.images.find(1)
    return people.simulator.state.images.add(image.__class__(0, "gold", "Linux", 10, account_id=1)).id


@of()
def test_an_image_is_deleted(people):
    """Its record goes up to 2.4.0; later it is DELETED, and listed as such."""
    image_id = template(people)
    assert people.alice.value("/cloudapi/images/delete", imageId=image_id) is True

    listed = [each["status"] for each in people.alice.value(f"{A}/listTemplates", accountId=1)]
    assert listed == (["DELETED"] if people.release in SOFT else [])
    again = people.alice.post("/cloudapi/images/delete", imageId=image_id)
    assert again.status == (200 if people.release in SOFT else 404)


@of()
def test_an_image_that_is_used(people):
    """Stays up to 2.4.0; later it may go into the bin, and only destroying it is refused."""
    image_id = template(people)
    machine = people.simulator.state.machines.find(1)
    values = {slot: getattr(machine, slot) for slot in machine.__slots__}
    people.simulator.state.machines.put(machine.__class__(**{**values, "image_id": image_id}))

    assert people.alice.post("/cloudapi/images/delete", imageId=image_id).status == (
        200 if people.release in SOFT else 409
    )


@of("2.3.0", "2.4.0", "2.4.4", "2.4.5")
def test_administrators_delete_an_image(people):
    """DESTROYED up to 2.4.0, where it may be used or unknown."""
    soft = people.release in SOFT
    assert people.admin.value(f"{B}/image/delete", imageId=1, **WHY) is True

    assert people.simulator.state.images.find(1).status.at(people.clock()) == ("DELETED" if soft else "DESTROYED")
    assert people.admin.post(f"{B}/image/delete", imageId=99, **WHY).status == (404 if soft else 200)


@of("2.4.4", "2.4.5")
def test_nothing_is_made_in_the_bin(people):
    """By administrators, who alone could: refused from 2.4.5 on."""
    new = {"cloudspaceId": 1, "name": "web9", "sizeId": 2, "imageId": 1, "disksize": 10}
    disk = {"accountId": 1, "gid": 66, "name": "data", "description": "data", "size": 10, "type": "D"}
    people.admin.value(f"{B}/account/delete", accountId=1, **WHY)
    people.later()

    expected = 400 if people.release == "2.4.5" else 200
    assert people.admin.post(f"{M}/create", **new).status == expected
    assert people.admin.post(f"{D}/create", **disk).status == expected
