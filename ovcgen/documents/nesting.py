"""JSON and YAML of any origin, with our limit of depth before the limit of the reader.

The limits of readers differ: `json` stops at 1,000 levels or at 10,000, as the version of Python is; libyaml refuses a
deep text (since PyYAML 6.0.4) or ends the process; PyYAML's reader in Python uses up the stack. What is read here is
refused at the same depth everywhere, and code that goes over it may call itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ovcgen.documents.document import Json

DEPTH = 64  # containers in containers


class TooDeep(ValueError):
    """A text that nests deeper than we read."""

    def __init__(self, depth: int) -> None:
        super().__init__(f"it nests deeper than {depth} levels")


def read_json(text: str | bytes, depth: int = DEPTH) -> Json:
    """The value of a JSON text; raises ValueError where it is no JSON, or nests deeper than `depth`."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooDeep(depth) from None
    if depth_of(value) > depth:
        raise TooDeep(depth)
    return value


def depth_of(value: Json) -> int:
    """How many containers lie in one another, without trusting the stack."""
    level, depth = [value], 0
    while level := [json for json in level if isinstance(json, dict | list)]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def yaml_reader() -> Any:
    """PyYAML's safe loader: that of libyaml where PyYAML was built with it."""
    import yaml  # not needed before a text is read

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def bounded(text: str, depth: int = DEPTH) -> str:
    """The same text of YAML; raises as `yaml_events` does."""
    for _ in yaml_events(text, depth):
        pass
    return text


def yaml_events(text: str, depth: int = DEPTH) -> Iterator[Any]:
    """The events of a YAML text; raises ValueError where it nests deeper than `depth`, YAMLError where it is no YAML.

    The reader looks ahead, and may refuse a text before we have seen its events. Then we read again what stands before
    that place, and our limit comes first.
    """
    import yaml

    try:
        yield from _counted(text, depth)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        with suppress(yaml.YAMLError):
            for _ in _counted(text[: mark.index] if mark else "", depth):
                pass
        raise


def _counted(text: str, depth: int) -> Iterator[Any]:
    import yaml

    level = 0
    for event in yaml.parse(text, Loader=yaml_reader()):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > depth:
            raise TooDeep(depth)
        yield event
