"""A program on an event loop uses the API in the same places as the same program with the blocking client."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.migrate.test_apply_plan import AFTER, REWRITTEN, START, migrated
from tests.usage.marked import findings, marked
from tests.usage.programs import program
from tests.usage.test_ways_to_call import WAYS

FEW, MANY = 30, 600
PACKAGE = re.compile(r"\b(openvcloud_2_2_6|ovcgen)(?!\w|\.client|\.pytest)")
OPENING = re.compile(r"^(\s*)with (?=.*connect)", re.MULTILINE)
CALL = re.compile(r"^(\s*)((?:\w+ = |return )?)((?!await|lambda|not )[\w.]+\()")


def twin(text: str) -> str:
    """Return the program with the asynchronous modules: `async with`, and `await` before each call where it can be."""
    text = OPENING.sub(r"\1async with ", PACKAGE.sub(r"\1.aio", text))
    lines = text.splitlines()
    for number, line in enumerate(lines):
        awaiting = CALL.sub(r"\1\2await \3", line)
        if "convertToTemplate(" in line and awaiting != line:
            lines[number] = awaiting
    twins = "\n".join(lines) + "\n"
    ast.parse(re.sub(r"^        ", "", twins, flags=re.MULTILINE) if twins.startswith("\n") else twins)
    return twins


def twins(files: Mapping[str, str]) -> dict[str, str]:
    """Return the program with all its files turned into asynchronous ones."""
    return {name: twin(text) for name, text in files.items()}


@pytest.mark.parametrize("way", WAYS)
def test_what_breaks_in_a_program_breaks_in_its_twin(way: str, tmp_path: Path) -> None:
    """However people come by a client, the same lines are found."""
    files = twins({"code.py": WAYS[way]} if isinstance(WAYS[way], str) else WAYS[way])

    assert findings(tmp_path, files) == marked(files)


AWAITED = """
import asyncio
import openvcloud_2_2_6.aio as ovc
from openvcloud_2_2_6.aio import *

async def run(portal: Portal, image: "openvcloud_2_2_6.aio.cloudbroker.image.Image"):
    task = await portal.cloudapi.machines.list(cloudspaceId=1, _async=True)
    for machine in await task:
        await image.enable(imageId=machine["imageId"])
        await image.enable(imageId=machine["name"])  # breaks
    async for ended in ovc.as_completed([task]):
        for machine in await ended.result():
            await image.enable(imageId=machine["name"])  # breaks
    machine = await portal.wait.machine_running(machineId=1)
    await image.enable(imageId=machine["name"])  # breaks

async def main():
    async with ovc.connect("https://p") as portal, asyncio.TaskGroup() as group:
        group.create_task(run(portal, portal.cloudbroker.image))
"""


def test_tasks_and_waiters_are_followed(tmp_path: Path) -> None:
    """An awaited task is what its call returns; types of the asynchronous modules are known in annotations."""
    files = {"code.py": AWAITED}

    assert findings(tmp_path, files) == marked(files)


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN.keys())
def test_a_twin_is_migrated_like_the_program(before: str, after: str, tmp_path: Path) -> None:
    """The same changes are made, and the asynchronous modules of the new SDK are imported."""
    awaiting = re.compile(r"^(\s*)(?=portal\.cloud)", re.MULTILINE)
    start, end = (text.replace(" as ovc", ".aio as ovc") for text in (START, AFTER))
    (tmp_path / "code.py").write_text(start + awaiting.sub(r"\1await ", before))

    [changed] = migrated(tmp_path, repin=True).files

    assert changed.after.decode() == end + awaiting.sub(r"\1await ", after)


def unlike(folder: Path, numbers: range) -> dict[int, str]:
    """Return the random programs in which other places are found than in their twins."""
    found = {}
    for number in numbers:
        files, _ = program(number)
        if findings(folder / f"{number}", files) != findings(folder / f"{number}-twin", twins(files)):
            found[number] = "\n".join(twins(files).values())
    return found


def test_random_programs_are_like_their_twins(tmp_path: Path) -> None:
    """The same places break, and the same are left open."""
    assert unlike(tmp_path, range(FEW)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, MANY, 100))
def test_many_random_programs_are_like_their_twins(start: int, tmp_path: Path) -> None:
    """The same for 600 programs."""
    assert unlike(tmp_path, range(start, start + 100)) == {}
