"""Name types after the place of their schema in the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from functools import cached_property

from ovcgen.documents.python_identifiers import columns
from ovcgen.generator.python_names import class_name
from ovcgen.generator.view.schema_places import CALL, DEFINITION, SENT_ARGUMENT, SENT_DEFINITION, Key
from ovcgen.model.api import Api

LONGEST = 60  # columns of a name that is made of several words
LONGEST_DEFINITION = 80
SAID = {"paths", "components", "schemas", "responses", "content", "schema", "properties", "$defs", "definitions"}
MEDIA_TYPE = re.compile(r"[a-z*]+/[\w*.+-]+")


class TypeNaming:
    """A function object that returns the wanted name of the type at a key; several types may want one name.

    Args:
        api: The API of the release.
        named: The keys of all types that get a name.
        labels: What describes a member of a union, instead of its number (the last step of its key).
    """

    def __init__(self, api: Api, named: Set[Key], labels: Mapping[Key, str]) -> None:
        self._api = api
        self._named = named
        self._labels = labels

    def __call__(self, key: Key) -> str:
        """Return `PetStatus` for `("type", "Pet", "status")`.

        For `("call", "store", "pets", "get", "result")`, the result of an operation, it is `PetsGetResult`. In OpenAPI
        3 the group goes in front if several groups have a method of that name; the type of `Pet` in requests is
        `PetInput` if responses have another; and of a long place the first and the last steps make the name.
        """
        is_of_call = key[0] in (CALL, SENT_ARGUMENT)
        is_input = key[0] == SENT_DEFINITION and any(
            (DEFINITION, *key[1:length]) in self._named for length in (2, len(key))
        )
        if self._labels:
            key = tuple(self._labels.get(key[: at + 1], step) for at, step in enumerate(key))
        if not self._api.openapi:
            return class_name(" ".join(key[1:] if key[0] == DEFINITION else key[2:]))
        if is_of_call:
            start = key[2:4] if key[3] not in self._often else key[1:4]
            return _shortest(" ".join(start), key[4:])
        start = (_of_definition(key[1]),)
        if is_input:
            start = (*start, "input")
        return _shortest(" ".join(start), key[2:])

    @cached_property
    def _often(self) -> frozenset[str]:
        """The names of methods that several groups have."""
        calls = {(operation.group, operation.name) for operation in self._api.callable_operations}
        names = Counter(name for _, name in calls)
        return frozenset(name for name, number in names.items() if number > 1)


def _of_definition(name: str) -> str:
    """Return the name of a definition; for a JSON pointer, its steps without keywords of OpenAPI and media types."""
    if "#" not in name:
        return name
    steps = [step.replace("~1", "/").replace("~0", "~") for step in name.rpartition("#")[2].split("/")]
    return " ".join(step for step in steps if step not in SAID and not MEDIA_TYPE.fullmatch(step)) or name


def _shortest(start: str, steps: tuple[str, ...]) -> str:
    """Return a class name from `start` and all steps; if that is too long, from `start` and the last steps that fit."""
    for number in range(len(steps)):
        word = class_name(" ".join((start, *steps[number:])), LONGEST_DEFINITION)
        if columns(word) <= LONGEST:
            return word
    return class_name(" ".join((start, *steps[-1:])), LONGEST_DEFINITION)
