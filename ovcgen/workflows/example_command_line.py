"""Make the arguments of an example command line for an operation."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import File, Json
from ovcgen.model.value_validation import SchemaValidator
from ovcgen.runtime.known_secrets import is_secret
from ovcgen.runtime.value_encoding import text_of

if TYPE_CHECKING:
    from ovcgen.simulator.mock.sample_bodies import BodySamples

REQUIRED_FIRST = (0, 1, 4)  # levels of optional members to try for a body
LONGEST = 300  # characters of a value with optional members, or of an example of the document


class ExampleWords:
    """Makes words of a command line, such as `name=value`, that the checks of an operation accept.

    Args:
        resolver: Resolves the schemas of the API.
        samples: Preferred values, by the wire name of a parameter.
        has_proposals: Whether values are also taken from the document's examples, and made from its schemas.
    """

    def __init__(self, resolver: Resolver, samples: Mapping[str, Json], *, has_proposals: bool) -> None:
        self._resolver, self._samples = resolver, samples
        self._bodies: BodySamples | None = None
        if has_proposals:
            from ovcgen.simulator.mock.sample_bodies import BodySamples

            self._bodies = BodySamples(resolver, is_request=True)
        self._validator = SchemaValidator(resolver, is_request=True, is_strict=True)

    def of(self, operation: Operation) -> list[str]:
        """Return the fewest words that a call needs, quoted for a shell; [] if it needs none.

        If no values are found that the checks accept, each required argument is `name=...`. A file is written as
        `name@FILE`, an object, list or null as `name:=json`, and a secret as `name=-`, which reads it from standard
        input.
        """
        needed = [parameter for parameter in operation.parameters if parameter.needed]
        files = [parameter for parameter in needed if isinstance(self._resolver.resolved(parameter.schema), File)]
        others = tuple(parameter for parameter in operation.parameters if parameter not in files)
        values = example_arguments(
            replace(operation, parameters=others), self._samples, self._proposals, resolver=self._resolver
        )
        uploads = [f"{parameter.key}@FILE" for parameter in files]
        if values is None:
            return [*(f"{parameter.key}=..." for parameter in needed if parameter not in files), *uploads]
        secrets = {parameter.key for parameter in others if is_secret(parameter.name)}
        return [*(f"{key}=-" if key in secrets else _word(key, value) for key, value in values.items()), *uploads]

    def _proposals(self, parameter: Parameter) -> Iterator[Json]:
        """Yield valid values of a parameter that can be written as JSON: a short example, then a made value."""
        if self._bodies is None:
            return
        written = [example.value for content in parameter.contents[:1] for example in content.examples]
        least = self._bodies.body(parameter.schema, REQUIRED_FIRST)
        more = self._bodies.body(parameter.schema, (1, 0)) if least in ({}, []) else least
        for value in (*written, more, least):
            is_short = len(json.dumps(value, default=str)) <= LONGEST or value is least
            if is_short and _is_json(value) and self._validator.is_valid(parameter.schema, value):
                yield value


def _is_json(value: Json) -> bool:
    """Return whether a value has no bytes in it: a file can't be written inside of JSON."""
    try:
        json.dumps(value)
    except TypeError:
        return False
    return True


def _word(key: str, value: Json) -> str:
    if isinstance(value, dict | list) or value is None:
        return shlex.quote(f"{key}:={json.dumps(value)}")
    return shlex.quote(f"{key}={text_of(value)}")
