"""What is followed inside a function: branches, loops, dicts, answers; and what is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.usage.marked import findings, marked

START = """
import openvcloud_2_2_6 as ovc
portal = ovc.connect("x")
image, machines, space = portal.cloudbroker.image, portal.cloudapi.machines, portal.cloudbroker.cloudspace
"""
FOLLOWED = {
    "a branch that can't be known": """
        def run(flag):
            number = 1 if flag else "1"
            image.enable(imageId=number)  # breaks
        """,
    "a value that was converted on the way": """
        def run(number: str):
            image.enable(imageId=number)  # breaks
            number = int(number)
            image.enable(imageId=number)
        """,
    "a value whose type was asked for": """
        def run(number):
            if isinstance(number, str):
                image.enable(imageId=number)  # breaks
            elif isinstance(number, int):
                image.enable(imageId=number)
        """,
    "texts made of pieces": """
        def run(number):
            image.enable(imageId=f"{number}")  # breaks
            image.enable(imageId="%d" % number)  # breaks
            image.enable(imageId="{}".format(number))  # breaks
            image.enable(imageId=str(number).strip())  # breaks
            print(f"{number} {number!r} {image.enable(imageId='1')}")  # breaks
        """,
    "what an answer holds has the type that is declared": """
        for each in machines.list(cloudspaceId=1):
            image.enable(imageId=each["imageId"])
            image.enable(imageId=each["name"])  # breaks
        """,
    "what is left out is no value": """
        machines.rollbackSnapshot(machineId=1, name="a", epoch=None)
        machines.rollbackSnapshot(machineId=1, epoch=1)
        """,
    "a value that nobody knows": """
        import json, sys
        image.enable(imageId=json.load(sys.stdin))  # open
        def run(number):
            image.enable(imageId=number)  # open
        image.delete(**json.load(sys.stdin))  # open
        """,
    "what comes from outside is text": """
        import os, sys
        image.enable(imageId=sys.argv[1])  # breaks
        image.enable(imageId=os.environ["IMAGE"])  # breaks
        image.enable(imageId=os.environ.get("IMAGE", "1"))  # breaks
        image.enable(imageId=input())  # breaks
        image.enable(imageId=int(input()))
        """,
    "what is None at first": """
        class Tool:
            portal: ovc.Portal = None
            def run(self):
                self.portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        class Other:
            def __init__(self):
                self.portal = None
            def run(self):
                self.portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # open
        """,
    "what heirs promise": """
        class Base:
            def portal(self):
                raise NotImplementedError
            def run(self):
                self.portal().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        class Tool(Base):
            def portal(self):
                return portal
        """,
    "a protocol": """
        from typing import Any, Protocol
        class Like(Protocol):
            cloudapi: Any
        def run(client: Like):
            client.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # open
        """,
    "futures": """
        from concurrent.futures import ThreadPoolExecutor, as_completed
        with ThreadPoolExecutor() as pool:
            futures = [pool.submit(machines.get, machineId=each) for each in (1, 2)]
            for future in as_completed(futures):
                image.enable(imageId=future.result()["name"])  # breaks
        """,
    "a method that nobody knows": """
        import sys
        getattr(image, sys.argv[1])(imageId=1)  # open
        getattr(portal.cloudapi.sizes, sys.argv[1])()
        """,
    "a client that nobody knows": """
        def run(client, context):
            client.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # open
            context["machines"].convertToTemplate(machineId=1, templatename="a")  # open
            client.cloudapi.machines.list(cloudspaceId=1)
            client.delete(1)
        """,
    "a method that is handed to somebody": """
        from somewhere import scheduler
        scheduler.every_hour(image.delete)  # open
        scheduler.every_hour(machines.list)
        """,
    "what expects to fail": """
        try:
            machines.convertToTemplate(machineId=1, templatename="a")  # open
        except AttributeError:
            machines.createTemplate(machineId=1, templateName="a")
        if hasattr(machines, "createTemplate"):
            machines.createTemplate(machineId=1, templateName="a")
        else:
            machines.convertToTemplate(machineId=1, templatename="a")  # open
        try:
            machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        except ovc.OvcError:
            pass
        """,
    "what stands behind a return": """
        def run():
            return None
            machines.convertToTemplate(machineId=1, templatename="a")
        """,
    "a branch that no call in the project takes": """
        def run(action):
            if action == "stop":
                machines.stop(machineId=1)
            elif action == "convert":
                machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            return None
        run("stop")
        """,
    "a dict that grows": """
        def run(account=None):
            params = {"cloudspaceId": "1", "reason": "a"}
            if account:
                params["accountId"] = account
            space.destroy(**params)  # breaks
            params.update({"reason": "b"})
            for name in ("x", "y"):
                params["reason"] = name
        def hold():
            params = {"cloudspaceId": "1"}
            params.setdefault("reason", "a")
            space.destroy(**params)
        """,
    "a dict that somebody else fills": """
        def fill(params):
            params["accountId"] = 1
        params = {"cloudspaceId": "1", "reason": "a"}
        fill(params)
        space.destroy(**params)  # open
        """,
    "a list that grows": """
        def run():
            jobs = []
            for name in ("a", "b"):
                jobs.append(lambda: machines.convertToTemplate(machineId=1, templatename=name))  # breaks
            for job in jobs:
                job()
        """,
    "a walrus, a match and a star": """
        match machines.list(cloudspaceId=1):
            case [{"imageId": number}, *_]:
                image.enable(imageId=number)
        first, *rest = "1", "2", 3
        image.enable(imageId=first)  # breaks
        image.enable(imageId=rest[0])  # breaks
        image.enable(imageId=rest[1])
        if (convert := machines.convertToTemplate):  # breaks
            convert(machineId=1, templatename="a")
        """,
    "tasks": """
        tasks = [machines.stop(machineId=each, _async=True) for each in (1, 2)]
        for task in ovc.as_completed(tasks):
            task.result()
        task = machines.get(machineId=1, _async=True)
        image.enable(imageId=task.result()["name"])  # breaks
        """,
    "something else of that name": """
        class Machines:
            def convertToTemplate(self, document):
                return document
        machines = Machines()
        machines.convertToTemplate("a")
        def machine():
            return {"cloudapi": machines}
        machine()["cloudapi"].convertToTemplate("a")
        """,
    "who calls himself": """
        def run(depth):
            if depth:
                run(depth - 1)
            machines.convertToTemplate(machineId=depth, templatename="a")  # breaks
        run(5)
        """,
    "a new keyword that is passed already": """
        image.delete(imageId=1, reason="old")
        image.delete(imageId=1)  # breaks
        """,
}


@pytest.mark.parametrize("source", FOLLOWED.values(), ids=FOLLOWED.keys())
def test_it_is_followed(source: str, tmp_path: Path) -> None:
    """Each line that breaks, each that is open, and no other."""
    files = {"code.py": START + "\n".join(line[8:] for line in source.splitlines())}

    assert findings(tmp_path, files) == marked(files)
