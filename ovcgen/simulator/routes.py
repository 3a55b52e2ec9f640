"""Find the operation for a path."""

from __future__ import annotations

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Anything, Scalar

CATALOG = "/system/docgenerator/prepareCatalog"
Routes = dict[tuple[str, str], Operation]


def routes(api: Api) -> Routes:
    """Return all operations by method and path. `prepareCatalog` is always included, even if the document lacks it."""
    found = {(verb, CATALOG): _catalog_operation(verb) for verb in ("GET", "POST")}
    return found | {(operation.method, operation.called_path): operation for operation in api.operations}


def route(path: str) -> str:
    """Return group, actor and method behind `/restmachine` as `/group/actor/method`, or "" for other paths.

    Slashes before the group and everything after the method are ignored. A double slash between them stays, so the path
    matches no operation.
    """
    root, _, rest = path.lstrip("/").partition("/")
    return "/" + "/".join(rest.lstrip("/").split("/")[:3]) if root == "restmachine" else ""


def dotted(path: str) -> str:
    """Return a path as `group.actor.method`, the name in fault patterns. A dot in a part becomes an underscore."""
    return ".".join(part.replace(".", "_") for part in route(path).strip("/").split("/"))


def _catalog_operation(verb: str) -> Operation:
    names = ("group", "actors", "skip_private")
    fields = tuple(Parameter(name, name, "query", Scalar("string")) for name in names)
    return Operation("system", "docgenerator", "prepareCatalog", verb, CATALOG, fields, (), Anything(), retry="read")
