"""Build the response of `prepareCatalog`: the raw document, limited to a group, with shuffled keys as from a portal."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ovcgen.documents.document import Document
from ovcgen.simulator.http_errors import HttpBadRequest

Json = Any


@dataclass(frozen=True, slots=True)
class Catalog:
    """A record of the document from which the responses of `prepareCatalog` are made.

    Attributes:
        document: The raw document of all groups.
        broken_actors: Names of actors (`cloudapi__machines`) that the simulated portal fails to load.
    """

    document: Document
    broken_actors: tuple[str, ...] = ()

    def response(self, group: str = "", actors: Sequence[str] = (), *, order: int = 0) -> Json:
        """Return the response of `prepareCatalog`: a copy of the document, limited to a group and to `actors`.

        `group=""` means all groups. `actors` are names such as `cloudapi__machines`; none mean all. Unknown actors and
        actors that fail to load are named in `info.description`. `order` seeds the order of keys. `document` is not
        changed.

        Raises:
            HttpBadRequest: there is no such group.
        """
        whole = self.document.get("paths", {})
        if group and not any(_chosen(path, group, ()) for path in whole):
            raise HttpBadRequest("invalid actor group")
        paths = {path: item for path, item in whole.items() if _chosen(path, group, actors)}
        unknown = set(actors) - {_actor(path) for path in whole}
        served = {path: item for path, item in paths.items() if _actor(path) not in self.broken_actors}
        failed = sorted({_actor(path) for path in paths} & set(self.broken_actors) | unknown)
        names = {_actor(path) for path in served}
        document = {
            **self.document,
            "info": {**self.document.get("info", {}), "description": "".join(map(_failure, failed))},
            "tags": [tag for tag in self.document.get("tags", ()) if tag["name"] in names],
            "paths": served,
        }
        return _shuffled(document, random.Random(order))  # noqa: S311 - an order, not a secret


def _chosen(path: str, group: str, actors: Sequence[str]) -> bool:
    return (not group or path.split("/")[1] == group) and (not actors or _actor(path) in actors)


def _actor(path: str) -> str:
    return "__".join(path.split("/")[1:3])


def _failure(actor: str) -> str:
    reason = "No module named JumpScale.lib"
    return f"<p class='alert alert-danger'>Failed to load actor {html.escape(actor)} error was {reason}</p>"


def _shuffled(value: Json, order: random.Random) -> Json:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: _shuffled(value[key], order) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_shuffled(item, order) for item in value]
    return value
