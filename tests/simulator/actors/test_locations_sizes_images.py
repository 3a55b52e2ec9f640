"""What a portal offers."""


def test_sizes_want_a_place(alice):
    """A cloudspace or a location."""
    assert alice.post("/cloudapi/sizes/list").status == 400
    assert alice.post("/cloudapi/sizes/list", location="mars").status == 400
    assert alice.value("/cloudapi/sizes/list", location="be-demo-1") == alice.value(
        "/cloudapi/sizes/list", cloudspaceId=1
    )


def test_images_are_sorted(alice):
    """By account, type and name."""
    assert [image["type"] for image in alice.value("/cloudapi/images/list")] == ["Linux", "Windows"]


def test_guests_see_locations(guest):
    """Two calls that need no login."""
    assert [each["locationCode"] for each in guest.value("/cloudapi/locations/list")] == ["be-demo-1"]
    assert guest.value("/cloudapi/locations/getUrl").startswith("https://")


def test_there_is_a_network(alice):
    """For everybody."""
    assert alice.value("/cloudapi/externalnetwork/list", accountId=1) == [{"id": 1, "name": "public"}]
