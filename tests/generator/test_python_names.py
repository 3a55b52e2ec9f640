"""Names of classes, modules, constants and packages."""

from __future__ import annotations

import keyword
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.generator.python_names import (
    class_name,
    constant_name,
    distinct,
    distribution,
    module_name,
    pep8,
    snake_case,
)
from tests.build import api, machines, operation, parameter

SPELLERS = [class_name, module_name, constant_name]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("machines", "Machines"),
        ("addDisk", "AddDisk"),
        ("add_disk", "AddDisk"),
        ("CloudspaceSummary", "CloudspaceSummary"),
        ("2fast", "N2fast"),
        ("caf\u00e9 au lait", "Caf\u00e9AuLait"),
        ("stra\u00dfe", "Stra\u00dfe"),
        ("\u00e4rger", "\u00c4rger"),
        ("None", "None_"),
        ("\u4e2d", "\u4e2d"),
        ("", "Unnamed_e3b0c4"),
        ("\U0001f600", "Unnamed_f0443a"),
        ("word" * 13, f"{'Word' + 'word' * 9 + 'wor'}_f4824d"),
    ],
)
def test_a_class_is_in_cap_words(name: str, spelled: str) -> None:
    """Whatever a document calls a thing, its class reads like Python."""
    assert class_name(name) == spelled


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("machines", "machines"),
        ("zeroAccess", "zero_access"),
        ("import", "import_"),
        ("CON", "con_"),
        ("../../etc/passwd", "etc_passwd"),
        ("a.b\\c:d", "a_b_c_d"),
        ("__init__", "init"),
        ("7up", "n7_up"),
    ],
)
def test_a_module_is_a_plain_file_name(name: str, spelled: str) -> None:
    """A name leads to one file in the folder, on any system."""
    assert module_name(name) == spelled


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("addDisk", "add_disk"), ("limitIO", "limit_io"), ("deleteByPort", "delete_by_port"), ("_async", "_async")],
)
def test_pep8_reads_like_python(name: str, spelled: str) -> None:
    """Capitals begin words, and several in a row are one."""
    assert snake_case(name) == spelled


@pytest.mark.parametrize("spell", SPELLERS)
@given(names=st.sets(st.text(max_size=12), max_size=12))
def test_two_names_never_become_one(spell, names: set[str]) -> None:
    """Every name gets an identifier of its own, also where upper case does not count; files and constants are ASCII."""
    spelled = distinct(names, spell)

    assert len({each.casefold() for each in spelled.values()}) == len(names)
    assert all(each.isidentifier() and not keyword.iskeyword(each) for each in spelled.values())
    assert all(each.isascii() for each in spelled.values() if spell is not class_name)
    assert spelled == distinct(sorted(names, reverse=True), spell)


def test_a_name_that_is_spelled_well_keeps_its_spelling() -> None:
    """What else a document names does not rename `Machine`."""
    assert distinct(["machine", "Machine", " Machine"], class_name)["Machine"] == "Machine"


@pytest.mark.parametrize(
    ("release", "names"),
    [
        ("2.4.5", ("openvcloud-2.4.5", "openvcloud_2_4_5")),
        ("2.4.5-rc1", ("openvcloud-2.4.5-rc1", "openvcloud_2_4_5_rc1")),
        ("Swagger Petstore 1.0.0", ("swagger-petstore-1.0.0", "swagger_petstore_1_0_0")),
        ("../../x", ("x-9cdf6a50", "x_9cdf6a50")),
        ("", ("api-e3b0c442", "api_e3b0c442")),
    ],
)
def test_a_distribution_says_its_release(release: str, names: tuple[str, str]) -> None:
    """The folder, the package index and the import statement agree."""
    assert distribution(api(release=release)) == names


def test_pep8_changes_python_names_and_nothing_on_the_wire() -> None:
    """Methods and arguments read like Python; names, paths and defaults stay the portal's."""
    renamed = pep8(api(operation("/cloudapi/machines/addDisk", parameter("machineId")))).operations[0]

    assert (renamed.name, renamed.parameters[0].key) == ("add_disk", "machine_id")
    assert (renamed.path, renamed.parameters[0].name) == ("/cloudapi/machines/addDisk", "machineId")


def test_pep8_keeps_names_apart() -> None:
    """`diskId` and `disk_id` beside each other stay two arguments."""
    renamed = pep8(api(machines(parameter("diskId"), parameter("disk_id")))).operations[0]

    assert [parameter.key for parameter in renamed.parameters] == ["disk_id_30e641", "disk_id"]


def test_pep8_keeps_the_words_that_methods_need() -> None:
    """An argument can't be called `self`."""
    odd = replace(parameter("Self"), key="Self")

    assert [parameter.key for parameter in pep8(api(machines(odd))).operations[0].parameters] == ["self_"]
