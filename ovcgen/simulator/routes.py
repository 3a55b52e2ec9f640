"""Find the operation for a path."""

from __future__ import annotations

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Anything, Scalar

CATALOG = "/system/docgenerator/prepareCatalog"
Routes = dict[tuple[str, str], Operation]


def routes(api: Api) -> Routes:
    """Return all operations of an API by (HTTP method, path), such as ("POST", "/cloudapi/machines/list").

    `prepareCatalog` is always included, even if the document lacks it.
    """
    found = {(verb, CATALOG): _catalog_operation(verb) for verb in ("GET", "POST")}
    return found | {(operation.method, operation.called_path): operation for operation in api.operations}


def route(path: str) -> str:
    """Return `/group/actor/method` for the path of a request that begins with `/restmachine`; "" for other paths.

    Slashes before the group and everything after the method are ignored. A double slash between them stays, so the path
    matches no operation. Percent-encoding is not decoded.
    """
    root, _, rest = path.lstrip("/").partition("/")
    return "/" + "/".join(rest.lstrip("/").split("/")[:3]) if root == "restmachine" else ""


def dotted(path: str) -> str:
    """Return the path of a request as `group.actor.method`, the name that fault patterns match.

    A dot in a part becomes an underscore. "" for paths that do not begin with `/restmachine`.
    """
    return ".".join(part.replace(".", "_") for part in route(path).strip("/").split("/"))


def _catalog_operation(verb: str) -> Operation:
    names = ("group", "actors", "skip_private")
    fields = tuple(Parameter(name, name, "query", Scalar("string")) for name in names)
    return Operation("system", "docgenerator", "prepareCatalog", verb, CATALOG, fields, (), Anything(), retry="read")
