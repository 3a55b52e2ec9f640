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
    """The part behind `/restmachine`, without doubled and trailing slashes."""
    first, *rest = [part for part in path.split("/") if part] or [""]
    return "/" + "/".join(rest) if first == "restmachine" else ""


def dotted(path: str) -> str:
    """`group.actor.method`, as faults name it: a dot in a method's path is an underscore in its name."""
    return ".".join(part.replace(".", "_") for part in route(path).strip("/").split("/"))


def _catalog_operation(verb: str) -> Operation:
    names = ("group", "actors", "skip_private")
    fields = tuple(Parameter(name, name, "query", Scalar("string")) for name in names)
    return Operation("system", "docgenerator", "prepareCatalog", verb, CATALOG, fields, (), Anything(), retry="read")
