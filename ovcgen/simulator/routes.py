"""Which operation a path belongs to."""

from __future__ import annotations

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Anything, Scalar

CATALOG = "/system/docgenerator/prepareCatalog"
Routes = dict[tuple[str, str], Operation]


def routes(api: Api) -> Routes:
    """Every operation by verb and called path; any portal can say what it offers, whichever groups were fetched."""
    found = {(verb, CATALOG): _catalog_operation(verb) for verb in ("GET", "POST")}
    return found | {(operation.method, operation.called_path): operation for operation in api.operations}


def route(path: str) -> str:
    """Return group, actor and method behind `/restmachine` as `/group/actor/method`, or "" for other paths.

    Slashes before the group don't count, and neither does anything behind the method. A doubled slash between them
    stays, so that no operation has the path.
    """
    root, _, rest = path.lstrip("/").partition("/")
    return "/" + "/".join(rest.lstrip("/").split("/")[:3]) if root == "restmachine" else ""


def dotted(path: str) -> str:
    """`group.actor.method`, as faults name it: a dot in a method's path is an underscore in its name."""
    return ".".join(part.replace(".", "_") for part in route(path).strip("/").split("/"))


def _catalog_operation(verb: str) -> Operation:
    names = ("group", "actors", "skip_private")
    fields = tuple(Parameter(name, name, "query", Scalar("string")) for name in names)
    return Operation("system", "docgenerator", "prepareCatalog", verb, CATALOG, fields, (), Anything(), retry="read")
