"""Find the objects that a call whose answer was lost may have created, by the name that it gave them."""

from __future__ import annotations

import inspect
from typing import Any

from .errors import ArgumentError, OutcomeUnknown
from .typeguards import is_dict, is_list

NAME, LIST = "name", "list"


def objects_named_in(client: Any, error: OutcomeUnknown) -> list[Any]:
    """Return the objects with the name that a lost call was to create: none, the new one, or several.

    They are those that the operation `list` beside the lost one returns, called with the arguments that both take, and
    whose ids of other objects (`accountId`) are those of the lost call.

    Raises:
        ArgumentError: the call has no argument `name`, or there is no such `list`.
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
    taken = inspect.signature(listing).parameters
    shared = {key: value for key, value in error.arguments.items() if key in taken and value is not None}
    try:
        found = listing(**shared)
    except TypeError:
        raise ArgumentError(
            f"{'.'.join([*path, LIST])}() needs more than the lost call was given.",
            fix="Look at the objects of that kind yourself, before you repeat the call.",
        ) from None
    return [entry for entry in found if _fits(entry, name, error)] if is_list(found) else []


def _fits(found: Any, name: str, error: OutcomeUnknown) -> bool:
    """Return whether an object has that name, and the ids of other objects that the call was given."""
    if not is_dict(found) or found.get(NAME) != name:
        return False
    ids = {key: value for key, value in error.arguments.items() if key.endswith("Id") and value is not None}
    return all(found[key] == value for key, value in ids.items() if found.get(key) is not None)
