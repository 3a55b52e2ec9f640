"""What a later release does not have any more, and how an SDK says so."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from ovcgen.generator import sdk_files, with_removals_since
from ovcgen.model.api import Api, Operation
from tests.build import INTEGER, NAME, SIZE, api, machines, must, operation

OLD = operation("/cloudapi/machines/convert", must(NAME), result=INTEGER, doc="Makes one.")
NEW = operation("/cloudapi/machines/copy", must(NAME))


def later(*operations: Operation) -> Api:
    return api(*operations, release="2.5.0")


def test_nothing_is_marked_where_nothing_goes() -> None:
    """Whatever else is new in the later release."""
    before = api(machines(NAME), OLD)

    assert with_removals_since(before, later(machines(NAME, SIZE), OLD, NEW)) == before


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        ("", "is not in release 2.5.0."),
        ("cloudapi.machines.copy", "is not in release 2.5.0: use cloudapi.machines.copy()."),
        ("cloudapi.machines.nothing", "is not in release 2.5.0."),
    ],
)
def test_a_call_that_goes_says_what_to_use(instead: str, sentence: str) -> None:
    """A replacement is named only where the later release has it."""
    (found,) = with_removals_since(api(replace(OLD, use_instead=instead)), later(NEW)).operations

    assert found.deprecation == f"cloudapi.machines.convert() {sentence}"


def test_a_call_with_another_verb_stays() -> None:
    """It is spelled as before."""
    (found,) = with_removals_since(api(OLD), later(replace(OLD, method="GET"))).operations

    assert found.deprecation == ""


def test_a_parameter_that_goes_is_marked() -> None:
    """It alone, by its wire name."""
    (found,) = with_removals_since(api(machines(NAME, SIZE)), later(machines(NAME))).operations

    assert [(parameter.name, parameter.removed_in) for parameter in found.parameters] == [
        ("name", ""),
        ("sizeId", "2.5.0"),
    ]


def test_the_portals_own_mark_counts() -> None:
    """Swagger has a word for it; a replacement is named as everywhere."""
    assert replace(OLD, deprecated=True).deprecation == "cloudapi.machines.convert() is deprecated."
    assert replace(OLD, use_instead="cloudapi.machines.copy").deprecation == ""


def module(before: Api, *after: Operation, naming: str = "wire", file: str = "machines") -> str:
    files = sdk_files(with_removals_since(before, later(*after)), sha256="", naming=naming)
    return files[f"openvcloud_2_4_5/cloudapi/{file}.py"]


def test_every_overload_is_marked_and_the_method_too() -> None:
    """As PEP 702 wants it."""
    text = module(api(replace(OLD, tasks=True), NEW), NEW)
    mark = '    @deprecated("cloudapi.machines.convert() is not in release 2.5.0.")\n'

    assert text.count(f"    @overload\n{mark}    def convert(") == 3
    assert text.count(f"{mark}    def convert(") == 4
    assert text.count("@deprecated") == 4
    assert "from .._runtime.deprecation import deprecated\n" in text


def test_texts_say_what_goes() -> None:
    """The call below its own text, the parameter in its line."""
    before, after = api(OLD, machines(NAME, SIZE)), machines(NAME)

    text = module(before, after)

    assert 'Makes one.\n\n        cloudapi.machines.convert() is not in release 2.5.0.\n        """' in text
    assert "        sizeId: Release 2.5.0 does not take it.\n" in text
    assert 'leaving=(("sizeId", "2.5.0"),)' in module(before, after, file="_machines_operations")


def test_an_sdk_without_deprecations_knows_nothing_of_them() -> None:
    """Neither imports nor marks."""
    assert "deprecat" not in module(api(OLD), OLD)


def test_replacements_are_spelled_as_the_calls_are() -> None:
    """In Python's way where all names are."""
    before = api(replace(OLD, name="convertIt", use_instead="cloudapi.machines.copyIt"))

    text = module(before, replace(NEW, name="copyIt"), naming="pep8")

    assert "cloudapi.machines.convert_it() is not in release 2.5.0: use cloudapi.machines.copy_it()." in text


def test_a_method_may_be_called_deprecated() -> None:
    """The decorator then has another name."""
    own = replace(OLD, name="deprecated")

    text = module(api(own, OLD), own)

    assert "from .._runtime.deprecation import deprecated as deprecated_\n" in text
    assert '    @deprecated_("cloudapi.machines.convert() is not in release 2.5.0.")\n    def convert(' in text


def test_no_text_breaks_out_of_its_place() -> None:
    """A document may say anything; in the module it stays a text."""
    words = 'x"""\n    import os\n    @"\\'

    tree = ast.parse(module(api(replace(OLD, deprecated=True, use_instead=words)), OLD))

    (mark,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and "deprecated" in ast.dump(node.func))
    assert [argument.value for argument in mark.args if isinstance(argument, ast.Constant)] == [
        f"cloudapi.machines.convert() is deprecated: use {words}()."
    ]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
