"""Images in the hands of administrators."""

import pytest

B = "/cloudbroker/image"
NEW = {"name": "Debian", "url": "https://example.org/d.qcow2", "gid": 66, "boottype": "bios", "imagetype": "Linux"}


def names(visitor):
    return [image["name"] for image in visitor.value("/cloudapi/images/list", accountId=1)]


def test_an_image_is_fetched(admin, alice, clock):
    """In the background; then machines can be made of it."""
    assert admin.value(f"{B}/createImage", **NEW) is True
    assert "Debian" not in names(alice)
    clock.sleep(10)
    assert "Debian" in names(alice)

    assert admin.value(f"{B}/syncCreateImage", **{**NEW, "name": "Fedora"}) is True
    assert "Fedora" in names(alice)


@pytest.mark.parametrize(
    ("values", "status"), [({"url": "nowhere"}, 400), ({"boottype": "tape"}, 400), ({"gid": 99}, 404)]
)
def test_what_no_image_is_made_of(admin, values, status):
    """An address that can't be, an unknown way to boot or grid."""
    assert admin.post(f"{B}/createImage", **{**NEW, **values}).status == status


def test_an_image_is_shut_and_opened(admin, alice):
    """A disabled one is not offered, and can't be deleted; an unknown one is a wrong value."""
    assert admin.value(f"{B}/disable", imageId=1) is None
    assert "Ubuntu 16.04 x64" not in names(alice)
    assert admin.post(f"{B}/delete", imageId=1, reason="x").status == 403
    assert admin.value(f"{B}/enable", imageId=1) is None
    assert "Ubuntu 16.04 x64" in names(alice)
    assert admin.post(f"{B}/enable", imageId=99).status == 400


def test_images_go_and_come_back(admin, alice):
    """Not for ever while a machine uses them; system images too."""
    assert admin.post(f"{B}/delete", imageId=1, reason="x", permanently="true").status == 409
    assert admin.post(f"{B}/delete", imageId=1, reason="x", name="other").status == 400
    assert admin.value(f"{B}/delete", imageId=1, reason="x") is True
    assert admin.post(f"{B}/edit", imageId=1, name="x").status == 400
    assert admin.value(f"{B}/restore", imageId=1, reason="x") is True
    assert admin.post(f"{B}/restore", imageId=1, reason="x").status == 400

    assert admin.value(f"{B}/deleteImages", imageIds=[2], reason="x", permanently="true") is True
    assert names(alice) == ["Ubuntu 16.04 x64"]
    assert admin.post(f"{B}/deleteImages", imageIds=[99], reason="x").status == 404


def test_an_image_can_change(admin, alice):
    """Name, user and account."""
    admin.value(f"{B}/edit", imageId=2, name="Better", username="root", accountId=1)
    image = next(each for each in alice.value("/cloudapi/images/list", accountId=1) if each["id"] == 2)

    assert (image["name"], image["username"], image["accountId"]) == ("Better", "root", 1)


def test_discs(admin, simulator, clock):
    """Disks of type C; no other is deleted here."""
    disc = {"name": "rescue", "url": "https://example.org/r.iso", "gid": 66}
    assert admin.value(f"{B}/createCDROMImage", **disc, accountId=1) is True
    clock.sleep(10)
    disk = list(simulator.state.disks)[-1]
    assert (disk.type, disk.status.at(clock.now)) == ("C", "CREATED")

    assert admin.value(f"{B}/deleteCDROMImage", diskId=disk.id, permanently="true") is True
    assert admin.post(f"{B}/deleteCDROMImage", diskId=1).status == 400


def test_where_an_image_is(admin):
    """On stacks that are there."""
    assert admin.value(f"{B}/updateNodes", imageId=1, enabledStacks=["1", "2"]) is True
    assert admin.post(f"{B}/updateNodes", imageId=1, enabledStacks=["9"]).status == 400
