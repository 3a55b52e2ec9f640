"""List how nodes, grids, libcloud and the system actors differ between releases."""

from __future__ import annotations

from ovcgen.behaviours.record import ReleaseBehaviour

COMPUTENODE = "/cloudbroker/computenode"
LIBVIRT = "/libcloud/libvirt"

NODES_AND_SYSTEM = (
    ReleaseBehaviour(
        "computenode-operations",
        "The operations of cloudbroker/computenode",
        f"{COMPUTENODE}/*",
        until="2.4.4",
        seen="they exist: enable answers the status, maintenance and decommission true, enableStacks null; an unknown "
        "node is 404, an unknown vmaction 400",
        later="404, because there are no such operations; cloudbroker/node has some of them",
        level="breaking",
    ),
    ReleaseBehaviour(
        "computenode-status",
        "The operation cloudbroker/computenode/setStatus",
        f"{COMPUTENODE}/setStatus",
        until="2.4.4",
        seen="the status text; 412 for a node that is not MAINTENANCE, ENABLED or ERROR; to MAINTENANCE or "
        "DECOMMISSIONED it is 500",
        later="404, because there is no such operation",
        level="info",
    ),
    ReleaseBehaviour(
        "computenode-maintenance-unwritten",
        "Setting a node to MAINTENANCE with setStatus, which is 500",
        f"{COMPUTENODE}/setStatus",
        until="2.3.0",
        seen="the status stays",
        later="the status is written",
        level="info",
    ),
    ReleaseBehaviour(
        "computenode-rebalance",
        "The operation cloudbroker/computenode/btrfs_rebalance",
        f"{COMPUTENODE}/btrfs_rebalance",
        until="2.4.4",
        seen="500: it is in the catalog, but not implemented",
        later="404, because there is no such operation",
        level="info",
    ),
    ReleaseBehaviour(
        "node-active",
        "The state in the record of a node",
        "/system/gridmanager/getNodes",
        until="2.3.0",
        seen="the boolean active",
        later="the text status",
        level="breaking",
    ),
    ReleaseBehaviour(
        "activate-nodes-crashes",
        "Activating storage nodes",
        "/cloudbroker/ovsnode/activateNodes",
        since="2.3.0",
        until="2.4.0",
        seen="500 with any node",
        later="the nodes are activated",
    ),
    ReleaseBehaviour(
        "node-operations-missing",
        "Maintenance, enabling and decommissioning with cloudbroker/node",
        "/cloudbroker/node/maintenance /cloudbroker/node/enable /cloudbroker/node/enableNodes "
        "/cloudbroker/node/decomission",
        until="2.4.0",
        seen="404, because there are no such operations",
        later="the operations exist",
        level="info",
        note="The catalogs of these releases lack the operations.",
    ),
    ReleaseBehaviour(
        "upgrade-script-of-current",
        "The operation cloudbroker/grid/runUpgradeScript",
        "/cloudbroker/grid/runUpgradeScript",
        until="2.4.4",
        seen="it takes the CURRENT version and changes no status; there are no grid/status and upgradeFailed",
        later="it takes the version that is being installed, and 500 if there is none",
        level="info",
    ),
    ReleaseBehaviour(
        "upgrade-without-preflight",
        "The pre-flight check of cloudbroker/grid/upgrade",
        "/cloudbroker/grid/upgrade",
        since="2.4.4",
        until="2.4.5",
        seen="there is none",
        later="the upgrade is refused if it fails",
        level="info",
        note="What the check looks at is not simulated.",
        simulated=False,
    ),
    ReleaseBehaviour(
        "libvirt-registry",
        "The operations of libcloud/libvirt for nodes, images and sizes",
        f"{LIBVIRT}/getNode {LIBVIRT}/listNodes {LIBVIRT}/registerNode {LIBVIRT}/unregisterNode {LIBVIRT}/listImages "
        f"{LIBVIRT}/registerImage {LIBVIRT}/removeImage {LIBVIRT}/linkImage {LIBVIRT}/unLinkImage {LIBVIRT}/listSizes "
        f"{LIBVIRT}/listResourceProviders {LIBVIRT}/addFreeSubnet {LIBVIRT}/getFreeIpaddress "
        f"{LIBVIRT}/releaseIpaddress",
        until="2.3.0",
        seen="they exist",
        later="404, because there are no such operations",
        level="info",
        note="The catalogs of these releases have the operations, which answer sample values.",
    ),
    ReleaseBehaviour(
        "network-ids-as-stack",
        "The order of free network ids",
        f"{LIBVIRT}/getFreeNetworkId {LIBVIRT}/releaseNetworkId",
        until="2.2.6",
        seen="a released id is the next one that is given; an unknown grid is an error of the store",
        later="a released id becomes the last one",
        level="info",
    ),
    ReleaseBehaviour(
        "netmgr-public",
        "The operations jumpscale/netmgr/fw_*",
        "/jumpscale/netmgr/*",
        until="2.2.6",
        seen="they exist",
        later="404, because there are no such operations",
        level="info",
        note="The catalog of this release has the operations, which answer sample values.",
    ),
    ReleaseBehaviour(
        "jumpscript-unchecked",
        "Executing a script on an unknown node or role",
        "/system/agentcontroller/executeJumpscript",
        until="2.3.0",
        seen="it is not checked; 400 only without role and nid",
        later="400 or 404",
        level="info",
    ),
    ReleaseBehaviour(
        "mail-errors-200",
        "A bad address for system/emailsender/send",
        "/system/emailsender/send",
        until="2.2.6",
        seen="200 with a text that begins with Error:",
        later="400",
    ),
    ReleaseBehaviour(
        "refresh-command-unchecked",
        "Refreshing the health of an unknown node",
        "/system/health/refreshCommand",
        until="2.2.6",
        seen="it is not checked",
        later="404",
        level="info",
        note="The catalog of this release lacks the operation, and the simulator serves the catalog.",
        simulated=False,
    ),
    ReleaseBehaviour(
        "nodes-active-filter",
        "The parameter active of gridmanager/getNodes",
        "/system/gridmanager/getNodes",
        until="2.4.5",
        seen="it is compared with a field of that name, which nodes lack from 2.3.0 on",
        later="true means status ENABLED",
        level="info",
    ),
)
