"""List how port forwards differ between releases."""

from __future__ import annotations

from ovcgen.release_behaviours.release_behaviour import ReleaseBehaviour

P = "/cloudapi/portforwarding"

PORT_FORWARDS = (
    ReleaseBehaviour(
        "forward-firewall-unchecked",
        "Port forwards while the firewall does not run",
        f"{P}/create {P}/update {P}/updateByPort {P}/delete {P}/deleteByPort",
        until="2.4.0",
        seen="they are changed",
        later="503",
    ),
    ReleaseBehaviour(
        "forward-port-once",
        "The same public port for tcp and udp",
        f"{P}/create {P}/update {P}/updateByPort",
        since="2.2.6",
        until="2.4.0",
        seen="503 for the second protocol in create and updateByPort, 409 in update, which loses the old rule",
        later="one rule for each protocol",
    ),
    ReleaseBehaviour(
        "forward-to-other-cloudspace",
        "A port forward to a machine of another cloudspace",
        f"{P}/create",
        until="2.2.6",
        seen="it is accepted",
        later="it is refused",
        level="info",
    ),
    ReleaseBehaviour(
        "forward-delete-both-protocols",
        "Deleting a port forward when the port has one for each protocol",
        f"{P}/delete {P}/deleteByPort",
        until="2.2.6",
        seen="both are removed",
        later="only the one with that protocol is removed",
    ),
    ReleaseBehaviour(
        "forward-list-without-address",
        "The port forwards of a machine that has no address yet",
        f"{P}/list",
        until="2.2.6",
        seen="all of the cloudspace",
        later="an empty list",
        level="info",
    ),
    ReleaseBehaviour(
        "forward-update-by-port-missing",
        "Changing a port forward by its port",
        f"{P}/updateByPort",
        until="2.2.6",
        seen="404, because there is no such operation",
        later="the port forward is changed",
        level="info",
        note="The catalog of this release lacks the operation.",
    ),
)
