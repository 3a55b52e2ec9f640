"""Tables of records."""

import pytest

from ovcgen.simulator.http_errors import UnknownObject
from ovcgen.simulator.state import Table
from ovcgen.simulator.state_records import NEW, Disk
from ovcgen.simulator.timing import steady

DISK = Disk(NEW, "data", "D", 10, 1, steady("CREATED"))


@pytest.fixture
def disks():
    """A table of disks by machine."""
    return Table("disk", owner="machine_id")


def test_a_number_is_never_given_twice(disks):
    """Not even when its record has gone."""
    first = disks.add(DISK)
    disks.drop(first.id)

    assert disks.add(DISK).id == 2
    with pytest.raises(UnknownObject, match=r"^Could not find 1 of type disk$"):
        disks.find(1)


def test_records_are_found_by_what_they_belong_to(disks):
    """Also after they have moved."""
    disk = disks.add(DISK)
    assert disks.of(None) == [disk]

    moved = disks.put(Disk(disk.id, "data", "D", 10, 1, disk.status, machine_id=7))
    assert (disks.of(None), disks.of(7)) == ([], [moved])


@pytest.mark.parametrize("odd", [True, 1.0, "x", None, [1], {}, float("nan"), "²"])
def test_odd_numbers_are_unknown(disks, odd):
    """Whatever gets through the parameter check."""
    disks.add(DISK)

    with pytest.raises(UnknownObject):
        disks.find(odd)


def test_digits_are_a_number(disks):
    """A few operations declare their ids as text."""
    assert disks.add(DISK) == disks.find("1")


def test_what_is_made_of_a_record_is_kept(disks):
    """Until the record, or what else it is made of, has changed."""
    disk, made = disks.add(DISK), []

    def seen(*also):
        return disks.derived(disks.find(disk.id), also, lambda: made.append(also) or len(made))

    assert (seen("a"), seen("a"), seen("b"), seen("b")) == (1, 1, 2, 2)
    disks.put(Disk(disk.id, "data", "D", 20, 1, disk.status))
    assert (seen("b"), seen("b")) == (3, 3)
    disks.drop(disk.id)
    disks.put(disk)
    assert seen("b") == 4
