"""Find the objects that a call whose answer was lost may have created, by the name that it gave them."""

from __future__ import annotations

import inspect
from typing import Any

from .errors import ArgumentError, OutcomeUnknown
from .typeguards import is_dict, is_list

NAME, LIST = "name", "list"


def objects_named_in(client: Any, error: OutcomeUnknown) -> list[Any]:
    """Return the objects with the name that a lost call was to create: none, the new one, or several.

    It calls the operation of `listing_for` once, and does not wait for the object to appear.

    Args:
        client: The blocking client that made the call.
        error: The error of the call.

    Raises:
        ArgumentError: the call has no argument `name`, there is no operation `list` beside it, or `list` needs
            arguments that the call did not have.
        ClientError: the list could not be read.
    """
    return objects_named(listing_for(client, error), error)


def listing_for(client: Any, error: OutcomeUnknown) -> Any:
    """Call the operation that lists objects of the kind that a lost call was to create, and return its result.

    The operation has the name `list` and belongs to the same group or actor as the lost one. It is called with the
    arguments that both take. With an asynchronous client, an awaitable of the result is returned.

    Raises:
        ArgumentError: the call has no argument `name`, there is no such `list`, or `list` needs further arguments. With
            an asynchronous client, awaiting raises TypeError for the last one.
        ClientError: the list could not be read.
    """
    owner = client
    *path, _ = error.operation.split(".")
    for part in path:
        owner = getattr(owner, part, None)
    listing = getattr(owner, LIST, None) if path and owner is not None else None
    name = error.arguments.get(NAME)
    if not isinstance(name, str) or not callable(listing):
        raise ArgumentError(
            f"What {error.operation or 'the call'}() has created can't be found by a name.",
            fix="Look at the objects of that kind yourself, before you repeat the call.",
        )
    taken = inspect.signature(listing)
    shared = {key: value for key, value in error.arguments.items() if key in taken.parameters and value is not None}
    try:
        taken.bind(**shared)  # a call of an asynchronous client would raise its TypeError only when it is awaited
    except TypeError:
        raise ArgumentError(
            f"{'.'.join([*path, LIST])}() needs more than the lost call was given.",
            fix="Look at the objects of that kind yourself, before you repeat the call.",
        ) from None
    return listing(**shared)


def objects_named(found: Any, error: OutcomeUnknown) -> list[Any]:
    """Return the objects of a list that have the same name as the lost call was to give.

    The names must be equal, also in upper and lower case. If both the call and an object have the id of another object,
    such as `accountId`, the two ids must be equal, too.

    Args:
        found: The result of `list`; [] is returned if it is not a list.
        error: The error of the lost call.

    Raises:
        KeyError: the lost call has no argument `name`, and the list has objects.
    """
    return [entry for entry in found if _fits(entry, error)] if is_list(found) else []


def _fits(found: Any, error: OutcomeUnknown) -> bool:
    """Return whether an object has the name, and the ids of other objects, that the call was given."""
    if not is_dict(found) or found.get(NAME) != error.arguments[NAME]:
        return False
    ids = {key: value for key, value in error.arguments.items() if key.endswith("Id") and value is not None}
    return all(found[key] == value for key, value in ids.items() if found.get(key) is not None)
