"""An underscore in a method's name is a dot in the path that a portal answers at; the Python name stays."""

import pytest

import ovcgen
from ovcgen.workflows.resolve import load, resolve
from tests.conftest import imported_sdk

REBALANCE = "/cloudbroker/computenode/btrfs_rebalance"
WITH_UNDERSCORE = {"2.1.6": 15, "2.2.6": 1, "2.3.0": 1, "2.4.0": 1, "2.4.4": 0, "2.4.5": 0}


@pytest.mark.parametrize("release", WITH_UNDERSCORE)
def test_every_underscore_is_routed_as_a_dot(release):
    """Only in the last part of the path, and nothing else of an operation changes."""
    routed = [operation for operation in resolve(load(release)).api.operations if operation.route]

    assert len(routed) == WITH_UNDERSCORE[release]
    for operation in routed:
        assert operation.called_path == f"/{operation.group}/{operation.actor}/{operation.name.replace('_', '.')}"
        assert operation.path == f"/{operation.group}/{operation.actor}/{operation.name}"


@pytest.mark.filterwarnings("ignore:cloudbroker.computenode.btrfs_rebalance:DeprecationWarning")
@pytest.mark.parametrize("kind", ["runtime", "sdk"])
def test_both_clients_call_what_answers(kind):
    """The simulator routes as the portal does: the declared path is not found."""
    import requests

    with ovcgen.simulate("2.4.0") as server:
        auth = ovcgen.AuthKey(server.simulator.auth_secrets.portal)
        if kind == "sdk":
            sdk = imported_sdk("2.4.0")
            portal = sdk.connect(server.url, auth=sdk.AuthKey(server.simulator.auth_secrets.portal))
        else:
            portal = ovcgen.connect(server.url, auth=auth, groups=["cloudbroker"])

        portal.cloudbroker.computenode.btrfs_rebalance(name="node1", gid=1, mountpoint="/mnt", uuid="u")

        assert server.simulator.seen[-1].path == "/restmachine/cloudbroker/computenode/btrfs.rebalance"
        assert requests.post(f"{server.url}/restmachine{REBALANCE}", timeout=10).status_code == 404
        portal.close()
