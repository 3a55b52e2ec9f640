"""Whatever texts a document holds, the SDK made of it has the shape of one with harmless texts."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from dataclasses import replace

import pytest

from ovcgen.errors import UsageError
from ovcgen.generator import sdk_files
from ovcgen.model.api import Api, Operation, Tag
from ovcgen.model.schema import Constant, Property, Record, Scalar, Traits
from ovcgen.model.waiter import ConditionSpec, ListEntry, WaiterSpec
from tests.build import INTEGER, api, machines, must, named, parameter

HOSTILE = [
    '"""',
    "'''",
    '"""\nimport os; os.system("touch /tmp/owned")\n"""',
    "\\",
    '\\"""',
    'ends with "',
    "ends with \\",
    '"); import os; os.system("id") #',
    "'\"); import os #",
    "\r import os",
    "a\rimport os\r\nb",
    "\u2028import os",
    "\x85import os",
    "\x0b\x0c\x1b[2J",
    "\0",
    "\u202e\u2066 reversed",
    "{{ 7 * 7 }}{% raw %}",
    "{__import__('os')}",
    "%(x)s ${x} \\N{BULLET} \\x41",
    "\ud800 lone",
    "\ufb01le \U0001d41d\U0001d41e\U0001d41f",
    "# -*- coding: utf-7 -*-\n+AGkAbQ-",
    "x" * 500,
    "word " * 100,
    "</script><!--",
]


def build(text: str) -> Api:
    """A release that has the text wherever a text can be."""
    told = Traits(doc=text, format=text, known=(Constant.of(text),))
    wide = replace(parameter(text, Scalar("string", told)), key="wide", doc=text, default=Constant.of(text))
    call = machines(
        must(replace(wide, validator=text)),
        replace(parameter("size", INTEGER), doc=text, default=Constant.of(text)),
        result=named("Thing"),
        doc=text,
        tags=(text,),
        tasks=True,
        id=text,
    )
    thing = Record((Property("known", Scalar("string", told)), Property("plain", INTEGER)), None, text, told)
    made = api(replace(call, path=f"/{text}", retry=text), Thing=thing)
    made = replace(made, waiters=(waiter(f"/{text}", text),))
    return replace(made, title=text, version=text, doc=text, host=text, base_path=text, tags=(Tag(text, text),))


def waiter(path: str, text: str) -> WaiterSpec:
    """One that asks the operation at that path."""
    return WaiterSpec(
        "thing_done",
        "POST",
        path,
        (ConditionSpec(text, (text,)), ConditionSpec(text, (text, text), negated=True)),
        doc=text,
        failure_states=(text,),
        regress_from=(text,),
        regress_to=(text,),
        list_entry=ListEntry("own", "own", "string", text, text),
    )


def files(text: str, **more: str) -> dict[str, str]:
    return sdk_files(build(text), sha256=text, **more)


def shape(source: str) -> str:
    """The syntax tree with every text blank, and known values, which may be many or named, as one."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


BENIGN = files("harmless")
SHORT = [text for text in HOSTILE if len(text) < 40]


@pytest.mark.parametrize("text", SHORT, ids=ascii)
def test_no_text_changes_the_shape_of_the_code(text: str) -> None:
    """Texts stay texts, in every channel at once."""
    found = files(text)

    assert found.keys() == BENIGN.keys()
    for name in (each for each in found if each.endswith(".py")):
        assert shape(found[name]) == shape(BENIGN[name]), name


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_everything_is_plain_ascii(text: str) -> None:
    """No byte of a file hides another, and lines end where they seem to."""
    for name, content in files(text).items():
        assert "_runtime" in name or re.fullmatch(r"[ -~\n]*", content), name


MODULES = ("machines", "_machines_operations")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_a_text_is_what_it_was(text: str) -> None:
    """Escaped once and in one place, a text reads back as itself."""
    found = files(text)
    tree = ast.parse("\n".join(found[f"openvcloud_2_4_5/cloudapi/{name}.py"] for name in MODULES))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    documented = [inspect.cleandoc(text).split() for text in texts]

    assert {text, f"/{text}"} <= texts
    assert any(inspect.cleandoc(text).split() == words[: len(inspect.cleandoc(text).split())] for words in documented)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_the_project_file_is_what_it_was(text: str) -> None:
    """TOML escapes other than Python, so only what needs no escape gets there."""
    made = tomllib.loads(sdk_files(api(release=text), sha256=text)["pyproject.toml"])["project"]

    assert made.keys() == tomllib.loads(BENIGN["pyproject.toml"])["project"].keys()
    assert re.fullmatch(r"[a-z0-9.-]+", made["name"])


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_a_version_that_is_none_is_refused(text: str) -> None:
    """Only numbers and dots go into package metadata."""
    with pytest.raises(UsageError):
        sdk_files(api(), sha256="", version=text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_names_stay_inside_the_package(text: str) -> None:
    """Releases, groups, actors and definitions lead to plain files and plain names."""
    call: Operation = machines(result=named(text))
    made = api(replace(call, name="create"), release=text, **{text: Record((Property(text, INTEGER),), None)})

    for name, content in sdk_files(made, sha256="").items():
        assert all(part.isascii() and part not in ("", ".", "..") for part in name.split("/"))
        assert name.endswith(".py") is False or ast.parse(content)


def test_the_runtime_has_no_formatted_texts_of_ours() -> None:
    """What is generated holds no f-strings: nothing in it is evaluated but what is meant to be."""
    for name, content in files("{1 + 1}").items():
        if name.endswith(".py") and "_runtime" not in name:
            assert [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.JoinedStr)] == []
