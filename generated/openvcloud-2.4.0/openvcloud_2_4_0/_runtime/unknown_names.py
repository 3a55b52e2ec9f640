"""Explain missing names: what earlier releases had (from `migrations.json` of an SDK), and what is similar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from .arguments import nearest

TABLE = "migrations.json"
CLIENT = "._client"  # the module of an SDK's client
Row = tuple[str, tuple[str, ...]]  # the first release without it, and what to use
Rows = Mapping[str, Mapping[str, Row]]  # by module or operation, then by name


NOTHING: Mapping[str, Row] = {}


def missing_attribute(client: type, holder: object, name: str) -> AttributeError:
    """Return the AttributeError for a missing attribute of a client, group or actor.

    If an earlier release had the name, it says since when it is gone and what to use; else it suggests a similar name.

    Args:
        client: The class of the client; it determines the SDK.
        holder: The object that lacks the attribute.
        name: The missing attribute.
    """
    package, kind = _package(client), type(holder)
    place = kind.__module__.removeprefix(package)
    row = _rows(package, "names", "" if place == CLIENT else place.removeprefix(".")).get(name)
    what = f"{kind.__name__!r} object has no attribute {name!r}"
    if row:
        return AttributeError(f"{what}. {_told(row, call=True)}", name=name, obj=holder)
    return with_suggestion(what, name, holder, similar_attribute(holder, name))


def similar_attribute(holder: object, name: str, *, cutoff: float = 0.6) -> str:
    """Return the name of the public attribute that is most similar to `name`; "" if none is, or `name` begins with `_`.

    `cutoff` is the smallest similarity, from 0 to 1. Case and underscores do not count.
    """
    if name.startswith("_"):  # Python and notebooks look for many of those
        return ""
    return nearest(name, (known for known in dir(holder) if not known.startswith("_")), cutoff=cutoff)


def with_suggestion(what: str, name: str, holder: object, near: str) -> AttributeError:
    """Return an AttributeError whose text suggests the name `near`, unless it is "".

    Python adds a suggestion of its own to the traceback of an error that has an object: then there would be two.
    """
    if not near:
        return AttributeError(what, name=name, obj=holder)
    return AttributeError(f"{what}. Did you mean {near!r}?", name=name)


def missing_keyword(client: type, operation: str, name: str) -> str:
    """Return a sentence on a keyword that earlier releases had: since when it is gone, and what to use instead.

    "" if the SDK's `migrations.json` does not list the keyword for that operation.

    Args:
        client: The class of the client; it determines the SDK.
        operation: The name of the operation, such as `pets.create`.
        name: The keyword.
    """
    row = _rows(_package(client), "keywords", operation).get(name)
    return _told(row, call=False) if row else ""


def _rows(package: str, kind: str, holder: str) -> Mapping[str, Row]:
    """Return the removed names of a holder: a module for `names`, an operation for `keywords`."""
    rows = _table(package).get(kind) if package else None
    return rows.get(holder, NOTHING) if rows else NOTHING


def _told(row: Row, *, call: bool) -> str:
    release, instead = row
    spelled = ", ".join(f"{name}()" if call else repr(name) for name in instead)
    return f"It is gone since release {release}{f': use {spelled}' if spelled else ''}."


def _package(client: type) -> str:
    """Return the package of the SDK that a client class comes from; "" if it is not from an SDK."""
    modules = (type_.__module__ for type_ in client.__mro__)
    return next((module.removesuffix(CLIENT) for module in modules if module.endswith(CLIENT)), "")


@lru_cache(maxsize=8)
def _table(package: str) -> Mapping[str, Rows]:
    from importlib.resources import files  # few programs meet a name that is gone

    try:
        table: Mapping[str, Rows] = json.loads(files(package).joinpath(TABLE).read_text("utf-8"))
    except (OSError, ValueError):  # the SDK of the first release has no table
        return {}
    return table
