"""Every way in which people come by a client and call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.usage.marked import findings, marked

WAYS = {
    "a call of the module": """
        import openvcloud_2_2_6 as ovc
        portal = ovc.connect("https://portal.example")
        portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        portal.cloudapi.machines.list(cloudspaceId=1)
        """,
    "without an alias": """
        import openvcloud_2_2_6
        openvcloud_2_2_6.connect("x").cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a name imported from the package": """
        from openvcloud_2_2_6 import connect
        with connect("https://portal.example") as portal:
            portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "the runtime client": """
        import ovcgen
        portal = ovcgen.connect("https://portal.example", release="2.2.6")
        portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "another SDK is another matter": """
        import openvcloud_2_4_5 as ovc
        ovc.connect("https://portal.example").cloudbroker.image.enable(imageId=1)
        """,
    "by annotation": """
        from __future__ import annotations
        from typing import TYPE_CHECKING, Optional
        if TYPE_CHECKING:
            from openvcloud_2_2_6 import Portal
            from openvcloud_2_2_6.cloudapi.machines import Machines
        def one(portal: Portal):
            portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        def two(portal: "Portal | None" = None):
            portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        def three(machines: Optional[Machines]):
            if machines:
                machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        def four(portals: list[Portal]):
            for portal in portals:
                portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "by what callers pass": """
        import openvcloud_2_2_6 as ovc
        def convert(client, machine_id):
            client.cloudapi.machines.convertToTemplate(machineId=machine_id, templatename="a")  # breaks
        def main():
            convert(ovc.connect("x"), 1)
        """,
    "a class that makes its own": """
        import openvcloud_2_2_6 as ovc
        class Tool:
            def __init__(self, url):
                self._portal = ovc.connect(url)
            @property
            def machines(self):
                return self._portal.cloudapi.machines
            def run(self):
                self.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a class that inherits it": """
        import openvcloud_2_2_6 as ovc
        class Base:
            def __init__(self, portal: ovc.Portal):
                self.api = portal.cloudapi
        class Tool(Base):
            def run(self):
                self.api.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a base that only its heirs fill": """
        import openvcloud_2_2_6 as ovc
        class Base:
            def run(self):
                self.portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        class Tool(Base):
            def __init__(self):
                self.portal = ovc.connect("x")
        """,
    "a dataclass": """
        from dataclasses import dataclass
        import openvcloud_2_2_6 as ovc
        @dataclass
        class Tool:
            portal: ovc.Portal
            name: str = "a"
            def run(self):
                self.portal.cloudapi.machines.convertToTemplate(machineId=1, templatename=self.name)  # breaks
        """,
    "a wrapper that delegates": """
        import openvcloud_2_2_6 as ovc
        class Logged:
            def __init__(self, inner):
                self._inner = inner
            def __getattr__(self, name):
                return getattr(self._inner, name)
        portal = Logged(ovc.connect("x"))
        portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a context manager of their own": """
        from contextlib import contextmanager
        import openvcloud_2_2_6 as ovc
        @contextmanager
        def opened():
            portal = ovc.connect("x")
            yield portal
            portal.close()
        class Opened:
            def __enter__(self):
                self.portal = ovc.connect("x")
                return self.portal
            def __exit__(self, *error):
                self.portal.close()
        with opened() as one, Opened() as two:
            one.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            two.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "closing and an exit stack": """
        from contextlib import ExitStack, closing
        import openvcloud_2_2_6 as ovc
        with closing(ovc.connect("x")) as one, ExitStack() as stack:
            two = stack.enter_context(ovc.connect("x"))
            one.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            two.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a global that is filled later": """
        import openvcloud_2_2_6 as ovc
        _portal = None
        def portal():
            global _portal
            if _portal is None:
                _portal = ovc.connect("x")
            return _portal
        def run():
            portal().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a cached factory": """
        from functools import lru_cache
        import openvcloud_2_2_6 as ovc
        @lru_cache(maxsize=None)
        def portal():
            return ovc.connect("x")
        portal().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "a table of operations": """
        import openvcloud_2_2_6 as ovc
        portal = ovc.connect("x")
        machines = portal.cloudapi.machines
        ACTIONS = {"stop": machines.stop, "golden": machines.convertToTemplate}  # breaks
        def run(action):
            ACTIONS[action](machineId=1)
        for name in ("activateNodes", "list"):
            getattr(portal.cloudbroker.ovsnode, name)(nids=[1])  # breaks
        """,
    "names in tuples": """
        import openvcloud_2_2_6 as ovc
        portal = ovc.connect("x")
        CALLS = [
            ("cloudapi", "accounts", "list", {}),
            ("cloudbroker", "image", "delete", {"imageId": 1}),
        ]
        for group, actor, method, arguments in CALLS:
            getattr(getattr(getattr(portal, group), actor), method)(**arguments)  # breaks
        """,
    "attrgetter and reduce": """
        from functools import reduce
        from operator import attrgetter
        import openvcloud_2_2_6 as ovc
        portal = ovc.connect("x")
        attrgetter("cloudapi.machines.convertToTemplate")(portal)(machineId=1, templatename="a")  # breaks
        reduce(getattr, "cloudapi.machines.convertToTemplate".split("."), portal)(machineId=1)  # breaks
        """,
    "half made and handed on": """
        import asyncio, threading
        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        import openvcloud_2_2_6 as ovc
        portal = ovc.connect("x")
        delete = partial(portal.cloudbroker.image.delete, imageId=1)
        delete()  # breaks
        delete(reason="old")
        with ThreadPoolExecutor() as pool:
            pool.submit(portal.cloudbroker.image.delete, imageId=1)  # breaks
            list(pool.map(lambda each: portal.cloudbroker.image.delete(imageId=each), [1, 2]))  # breaks
        threading.Thread(target=portal.cloudbroker.image.delete, kwargs={"imageId": 1}).start()  # breaks
        async def run():
            await asyncio.to_thread(portal.cloudbroker.image.delete, imageId=1)  # breaks
        """,
    "a retrying wrapper": """
        import time
        import openvcloud_2_2_6 as ovc
        def retry(function, *args, **kwargs):
            for _ in range(3):
                try:
                    return function(*args, **kwargs)  # breaks
                except ovc.OvcError:
                    time.sleep(1)
        portal = ovc.connect("x")
        retry(portal.cloudapi.machines.stop, machineId=1)
        retry(portal.cloudbroker.image.delete, imageId=1, reason="old")
        retry(portal.cloudbroker.image.delete, imageId=1)
        """,
    "a decorator that passes the client": """
        import functools
        import openvcloud_2_2_6 as ovc
        def with_portal(function):
            @functools.wraps(function)
            def inner(*args, **kwargs):
                with ovc.connect("x") as portal:
                    return function(portal, *args, **kwargs)
            return inner
        @with_portal
        def convert(portal, machine_id):
            portal.cloudapi.machines.convertToTemplate(machineId=machine_id, templatename="a")  # breaks
        convert(1)
        """,
    "a fixture": """
        import openvcloud_2_2_6 as ovc
        import pytest
        @pytest.fixture
        def portal():
            with ovc.connect("x") as opened:
                yield opened
        def test_with_ours(ovc_client):
            ovc_client.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        def test_it(portal):
            portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
        """,
    "the old style": """
        import ovcgen
        pcl = ovcgen.portal_client("x", auth=None)
        params = {"accountId": 1, "cloudspaceId": "1", "reason": "a"}
        pcl.actors.cloudbroker.cloudspace.destroy(**params)  # breaks
        del params["accountId"]
        pcl.actors.cloudbroker.cloudspace.destroy(**params)
        params = dict(params, accountId=1)
        pcl.actors.cloudbroker.cloudspace.destroy(**params)  # breaks
        params.pop("accountId")
        pcl.actors.cloudbroker.cloudspace.destroy(**params)
        pcl.actors.cloudbroker.cloudspace.destroy(**{**params, "accountId": 1})  # breaks
        pcl.actors.cloudbroker.cloudspace.destroy(**params | {"accountId": 1})  # breaks
        pcl.actors.cloudbroker.cloudspace.destroy(reason="a", **dict(cloudspaceId="1", accountId=1))  # breaks
        """,
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS.keys())
def test_it_is_found_however_it_is_written(source: str, tmp_path: Path) -> None:
    """Each line that breaks, and no other."""
    assert findings(tmp_path, {"code.py": source}) == marked({"code.py": source})


def test_it_is_found_across_files(tmp_path: Path) -> None:
    """Imported, exported again, relative and absolute, under another name."""
    files = {
        "tool/__init__.py": "from .clients import make as make_client\n",
        "tool/clients.py": """
            import openvcloud_2_2_6 as ovc
            def make():
                return ovc.connect("x")
            """,
        "tool/deep/__init__.py": "",
        "tool/deep/work.py": """
            from .. import make_client
            from ..clients import make
            import tool.clients as clients
            make_client().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            make().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            clients.make().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            """,
        "script.py": """
            from tool import *
            from tool.deep import work
            make_client().cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # breaks
            """,
    }

    assert findings(tmp_path, files) == marked(files)
