"""Implement cloudbroker, the API for administrators. Many operations are variants of those in cloudapi."""

from __future__ import annotations

from ovcgen.simulator.actors.broker import account, cloudspace, grid, iaas, image, machine, node, qos, user
from ovcgen.simulator.operation_call import Behaviour

TABLE: dict[str, Behaviour] = {
    **account.TABLE,
    **cloudspace.TABLE,
    **user.TABLE,
    **machine.TABLE,
    **image.TABLE,
    **iaas.TABLE,
    **node.TABLE,
    **qos.TABLE,
    **grid.TABLE,
}

__all__ = ["TABLE"]
