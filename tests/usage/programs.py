"""Make small programs that call one operation in ways that people write: the call is always there, and always run.

Every program is made of nested idioms. Each takes an expression that gives the portal, an actor or the method, and
returns statements and another expression for the same thing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

OPERATIONS = {  # all are gone in the new release; the names of some are words that everybody uses
    "cloudapi.machines.convertToTemplate": "machineId=1, templatename='a'",
    "cloudapi.accounts.create": "name='a', access=['b']",
    "cloudbroker.computenode.enable": "id=1, gid=2, message='a'",
    "cloudbroker.ovsnode.activateNodes": "nids=[1]",
}
SOURCES = (
    ("import openvcloud_2_2_6 as ovc", "ovc.connect('https://p')"),
    ("import ovcgen", "ovcgen.portal_client('https://p')"),
    ("from openvcloud_2_2_6 import connect as opened", "opened('https://p')"),
    ("from JumpScale import j", "j.clients.portal.getByInstance2('main').actors"),
    ("from company.clients import portal as theirs", "theirs"),
    ("import company", "company.portals['main']"),
    ("import sys", "sys.modules['company'].portal"),
)


@dataclass
class Program:
    """The files of a program, and what makes their names unlike each other."""

    random: random.Random
    operation: str
    lines: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    names: int = 0

    def name(self, stem: str = "v") -> str:
        """Return a name that nothing else has."""
        self.names += 1
        return f"{stem}{self.names}"

    def add(self, text: str) -> None:
        """Append statements at the level of the module."""
        self.lines += text.splitlines()


Idiom = Callable[[Program, str], str]


def program(seed: int) -> tuple[dict[str, str], str]:
    """Return the files of the program of that number, and the operation that it calls."""
    numbers = random.Random(seed)  # noqa: S311 - the same programs each time
    made = Program(numbers, numbers.choice(sorted(OPERATIONS)))
    group, actor, _ = made.operation.split(".")
    statement, value = made.random.choice(SOURCES)
    made.add(statement)
    for step in ("", f".{group}", f".{actor}"):
        value += step
        for _ in range(made.random.choice((0, 0, 1, 1, 2))):
            value = made.random.choice(IDIOMS)(made, value)
    method = made.random.choice(METHODS)(made, value)
    for _ in range(made.random.choice((0, 0, 1))):
        method = made.random.choice(IDIOMS)(made, method)
    made.random.choice(CALLS)(made, method)
    return {**made.files, "code.py": "\n".join(made.lines) + "\n"}, made.operation


def _written(text: str) -> Idiom:
    """`VALUE` is what goes in; the last line is the expression that comes out; NAME0... are fresh names."""

    def idiom(made: Program, value: str) -> str:
        names = {f"NAME{number}": made.name() for number in range(5)}
        filled = text.replace("METHOD", made.operation.rpartition(".")[2])
        filled = filled.replace("PATH", made.operation.replace(".", "/"))
        for placeholder, name in {**names, "VALUE": value}.items():
            filled = filled.replace(placeholder, name)
        *statements, result = filled.split("\n")
        made.add("\n".join(statements))
        return result

    return idiom


def _in_another_file(made: Program, value: str) -> str:
    """What was there so far becomes a module of its own."""
    file, name = made.name("module"), made.name()
    made.files[f"{file}.py"] = "\n".join([*made.lines, f"{name} = {value}"]) + "\n"
    made.lines = made.random.choice(([f"from {file} import {name}"], [f"from {file} import *"]))
    return name


def _called(text: str) -> Callable[[Program, str], None]:
    def call(made: Program, method: str) -> None:
        name = made.name()
        made.add(text.replace("CALLED", method).replace("NAME", name).replace("ARGUMENTS", OPERATIONS[made.operation]))

    return call


def _texts(name: str) -> list[str]:
    """The idioms of a file, which are parted by lines of three dashes."""
    text = (Path(__file__).parent / "idioms" / f"{name}.txt").read_text()
    return [part.strip("\n") for part in text.split("\n---\n")]


IDIOMS: tuple[Idiom, ...] = (_in_another_file, *map(_written, _texts("values")))
PLAIN, *OTHERS = map(_written, _texts("methods"))
METHODS: tuple[Idiom, ...] = (PLAIN, PLAIN, PLAIN, PLAIN, *OTHERS)
CALLS = tuple(map(_called, _texts("calls")))
