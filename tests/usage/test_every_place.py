"""What the interpreter follows, and what the sweep lists: no place that names a changed operation is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.usage.marked import findings, marked

OURS = "import ovcgen\npcl = ovcgen.portal_client('https://p')\n"
CALL = "pcl.cloudapi.machines.convertToTemplate(machineId=1, templatename='a')"
FOLLOWED = {
    "a function that only calls itself": f"""
        def f(n):
            {CALL}  # breaks
            if n:
                return f(n - 1)
        """,
    "a method that only calls itself": f"""
        class K:
            def f(self, n):
                {CALL}  # breaks
                if n:
                    return self.f(n - 1)
        """,
    "functions that only call each other": f"""
        def even(n):
            return odd(n - 1)
        def odd(n):
            {CALL}  # breaks
            return even(n - 1)
        """,
    "the keys of a dict that begins empty": f"""
        def f(info):
            d = {{}}
            for item in info:
                d[item["a"]] = item
            for k in d.keys():
                {CALL}  # breaks
        """,
    "a list of the module that another function fills": f"""
        FOUND = []
        def add(k):
            FOUND.append(k)
        def f():
            for k in FOUND:
                {CALL}  # breaks
        """,
    "a list in a dict": f"""
        def f(info):
            d = {{"a": []}}
            for i in info:
                d["a"].append(i)
            for e in d["a"]:
                {CALL}  # breaks
        """,
    "a list that is filled under another name": f"""
        def f(info):
            found = []
            other = found
            other.extend(info)
            for each in found:
                {CALL}  # breaks
        """,
    "a list that something unknown fills": f"""
        from elsewhere import fill
        def f():
            found = []
            fill(found)
            for each in found:
                {CALL}  # breaks
        """,
    "a dict that something unknown fills": """
        from elsewhere import fill
        def f():
            params = {"imageId": 1}
            fill(params)
            pcl.cloudbroker.image.delete(**params)  # open
        def g():
            params = {"imageId": 1}
            other = params
            other["reason"] = "old"
            pcl.cloudbroker.image.delete(**params)  # open
        """,
    "clients of OpenvCloud's own make": """
        from JumpScale import j
        a = j.clients.portal.getByInstance2("main")
        a.actors.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        b = j.clients.portal.getByInstance("main")
        b.actors.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        c = j.clients.portal.get("host")
        c.actors.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        ovc = j.clients.openvcloud.get("u", "l", "p")
        ovc.api.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        """,
    "those clients with our own names for them": """
        from ovcgen.jumpscale import j
        a = j.clients.portal.getByInstance("main")
        a.actors.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        b = j.core.portal.getClientByInstance("main")
        b.actors.cloudapi.machines.convertToTemplate(machineId=1, templatename="x")  # breaks
        """,
    "lists that are read page by page": """
        for page in ovcgen.paginate(pcl.cloudbroker.image.delete, imageId=1):  # breaks
            print(page)
        for page in ovcgen.paginate(pcl.cloudbroker.image.delete, imageId=1, reason="why", permanently=True):
            print(page)
        """,
    "values by position": """
        pcl.actors.cloudbroker.cloudspace.destroy(3, 12, "cleanup")  # breaks
        pcl.actors.cloudbroker.image.delete(3)  # breaks
        pcl.actors.cloudbroker.machine.rollbackSnapshot(1, 2, "why")  # breaks
        pcl.actors.cloudbroker.machine.rollbackSnapshot(1)
        """,
    "requests that are written by hand": """
        import requests, httpx
        URL = "https://p/restmachine"
        def template(session: requests.Session, machine, host):
            session.post(URL + "/cloudapi/machines/convertToTemplate", data={"machineId": machine})  # breaks
            session.post(f"{host}/cloudapi/accounts/create", json={"name": "a"})  # breaks
            requests.post("https://p/restmachine/cloudapi/users/resetPassword", params={"a": "x"})  # breaks
            httpx.post("%s/cloudbroker/image/delete" % host, data={"imageId": "1"})  # breaks
            httpx.post("{}/cloudbroker/image/delete".format(host), data={"imageId": "1", "reason": "a"})
            httpx.post(host + "/cloudbroker/image/delete", data=machine)  # open
            httpx.get(host + "/cloudbroker/image/delete?imageId=1")  # breaks
        """,
    "a method caller": """
        from operator import attrgetter, methodcaller
        machines = pcl.cloudapi.machines
        methodcaller("convertToTemplate", machineId=1, templatename="a")(machines)  # breaks
        first, second = attrgetter("convertToTemplate", "list")(machines)  # breaks
        """,
    "parts of answers": """
        import functools, operator
        nodes = pcl.system.gridmanager.getNodes()
        for n in nodes:
            operator.itemgetter("active")(n)  # breaks
            first, second = operator.itemgetter("id", "active")(n)  # breaks
            "%(active)s" % n  # breaks
            "active" in n  # breaks
            del n["active"]  # breaks
            n.__getitem__("active")  # breaks
        sorted(nodes, key=operator.itemgetter("active"))  # breaks
        functools.reduce(operator.getitem, ["active"], nodes[0])  # breaks
        (nodes + [])[0]["active"]  # breaks
        nodes[1:][0]["active"]  # breaks
        """,
    "many sets of arguments": """
        def f(kind, other):
            kw = {"imageId": 1, "reason": "a"}
            if kind == 1: kw = {"imageId": 2, "reason": "a"}
            if kind == 2: kw = {"imageId": 3, "reason": "a"}
            more = {"permanently": True}
            if other == 1: more = {"permanently": False}
            if other == 2: more = {}
            if other == 3: more = {"reason": "b"}
            pcl.cloudbroker.image.delete(**kw, **more)  # open
        """,
    "a neighbour that is proven": """
        import shutil, requests
        class Converter:
            def convertToTemplate(self, text):
                return text.upper()
        Converter().convertToTemplate("a")
        shutil.delete("a")
        requests.delete("https://elsewhere/image")
        {}.update({})
        '''Calls convertToTemplate.'''
        def f():
            '''cloudapi.machines.convertToTemplate'''
        print("now comes convertToTemplate of", 1)
        """,
}
LISTED = {
    "modules that were not passed": """
        from company.clients import portal, Session
        import company.clients as cc
        from . import common
        import settings
        portal.cloudapi.machines.convertToTemplate(machineId=1, templatename="a")  # open
        cc.portal.cloudapi.machines.convertToTemplate(machineId=2, templatename="a")  # open
        common.portal.cloudapi.machines.convertToTemplate(machineId=3, templatename="a")  # open
        settings.PORTALS["a"].cloudapi.machines.convertToTemplate(machineId=4, templatename="a")  # open
        Session.portal.cloudapi.machines.convertToTemplate(machineId=6, templatename="a")  # open
        machines = portal.cloudapi.machines
        machines.convertToTemplate(machineId=8, templatename="a")  # open
        cc.get_portal().cloudbroker.image.delete(imageId=13)  # open
        """,
    "attributes of anything": """
        def f(x, image, api):
            x.convertToTemplate(machineId=1)  # open
            image.delete(imageId=1)  # open
            x.delete(imageId=1)  # open
            x.delete(name="a")
            x.create(name="a", access=["b"])  # open
            x.delete()
            action = x.convertToTemplate  # open
            x["machines"].convertToTemplate()  # open
            match x:
                case api.Machine(convertToTemplate=found):  # open
                    found(machineId=1)
        """,
    "texts": """
        import subprocess
        from elsewhere import call, run, register
        def f(x, name):
            call("cloudapi/machines/convertToTemplate", machineId=1)  # open
            call("machines", "convertToTemplate")  # open
            call("image", "delete")  # open
            run("delete", imageId=1)  # open
            run("delete", file="a")
            getattr(x, "convertToTemplate")(machineId=1)  # open
            getattr(x, "delete")(imageId=1)  # open
            x.__getattribute__("delete")(imageId=1)  # open
            eval("x.delete")(imageId=1)  # open
            code = "x.delete(imageId=1)"  # open
            exec(code)
            request = Request(b"https://p/restmachine/cloudbroker/image/delete")  # open
            register({"image": "delete", "name": "list"})  # open
            exec("x.machines.convertToTemplate(machineId=1)")  # open
            subprocess.run(f"curl -X POST https://{name}/restmachine/cloudbroker/image/delete -d imageId=1")  # open
            x.dispatch(convertToTemplate={"machineId": 1})  # open
        """,
    "parts of answers that are lost sight of": """
        import itertools, json
        nodes = pcl.system.gridmanager.getNodes()
        def register(id, active):
            print(id, active)
        for n in nodes:
            print({**n}["active"], {"active": 1}["active"])  # open
            print({"active": 1}["active"], {"active": 1}.get("active"))
            register(**n)  # open
            "{active}".format(**n)  # open
        for key, group in itertools.groupby(nodes, key=lambda n: n["active"]):  # open
            print([n["active"] for n in group])  # open
        json.loads(json.dumps(nodes))[0]["active"]  # open
        class Node:
            def __init__(self, data):
                self.__dict__.update(data)  # open
        Node(nodes[0]).active
        class Inventory:
            def __init__(self):
                self.nodes = {}
            def load(self):
                for n in pcl.system.gridmanager.getNodes():
                    self.nodes[n["id"]] = n
            def up(self):
                for n in self.nodes.values():
                    print(n["active"], n["id"])  # open
                return [n for n in self.nodes.values() if n.get("active")]  # open
        def count(nodes, key):
            return nodes.pop("active", None), nodes.get(key), key["name"]  # open
        """,
    "a method of which no call is seen": """
        from elsewhere import registry
        delete = pcl.cloudbroker.image.delete  # open
        registry["delete"] = pcl.cloudbroker.image.enable  # open
        """,
}


def test_keys_of_unknown_values_are_listed_only_beside_a_used_answer(tmp_path: Path) -> None:
    """Code that never looks at what the operation answers can't be broken by a key that went."""
    files = {"code.py": f"{OURS}pcl.system.gridmanager.getNodes()\ndef f(row):\n    return row['active']\n"}

    assert findings(tmp_path, files) == (set(), set())


@pytest.mark.parametrize("source", [*FOLLOWED.values(), *LISTED.values()], ids=[*FOLLOWED, *LISTED])
def test_every_place_is_followed_or_listed(source: str, tmp_path: Path) -> None:
    """Lines that break are reported as broken, lines that can't be resolved as open, and no other lines."""
    files = {"code.py": OURS + "\n".join(line[8:] for line in source.splitlines())}

    assert findings(tmp_path, files) == marked(files)
