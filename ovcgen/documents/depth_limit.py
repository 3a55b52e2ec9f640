"""Read JSON and YAML with our own limit of depth.

The limits of readers differ: `json` stops at 1,000 or 10,000 levels, depending on the version of Python; libyaml
refuses deep texts (since PyYAML 6.0.4) or crashes the process; PyYAML's Python reader exhausts the stack. Here the
limit is the same everywhere, so that other code may be recursive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ovcgen.documents.document import Json

DEPTH = 64  # levels of containers


class TooDeep(ValueError):
    """A ValueError: a JSON or YAML text has more levels of objects and lists inside each other than `depth`."""

    def __init__(self, depth: int) -> None:
        super().__init__(f"it nests deeper than {depth} levels")


def read_json(text: str | bytes, depth: int = DEPTH) -> Json:
    """Return the value of a JSON text; `depth` is the largest number of levels of objects and lists (default 64).

    Like `json.loads`, it accepts NaN and repeated keys, of which the last one counts. `json_reader.parse` is stricter.

    Raises:
        TooDeep: the value has more levels. TooDeep is a ValueError.
        ValueError: the text is not JSON.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooDeep(depth) from None
    if depth_of(value) > depth:
        raise TooDeep(depth)
    return value


def depth_of(value: Json) -> int:
    """Return how many levels of objects and lists a JSON value has: 0 for a scalar, 1 for `[]`, 2 for `[[]]`."""
    level, depth = [value], 0
    while level := [container for container in level if isinstance(container, (dict, list))]:
        depth += 1
        level = [
            inner for container in level for inner in (container.values() if isinstance(container, dict) else container)
        ]
    return depth


def yaml_reader() -> Any:
    """Return PyYAML's safe loader class, that of libyaml if it is available."""
    import yaml  # imported only when a text is read

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_yaml_depth(text: str, depth: int = DEPTH) -> str:
    """Check the depth of a YAML text and return the text unchanged. An alias counts as one value without levels.

    Raises:
        TooDeep: the text nests deeper than `depth` levels.
        YAMLError: the text is not YAML.
    """
    for _ in yaml_events(text, depth):
        pass
    return text


def yaml_events(text: str, depth: int = DEPTH) -> Iterator[Any]:
    """Yield PyYAML's parser events of a YAML text, one at a time while the text is parsed.

    Aliases are not expanded: an alias is one event without levels. PyYAML looks ahead and may refuse a text before its
    events are seen. Then the part before the error is parsed again, so that TooDeep has precedence over YAMLError.

    Raises:
        TooDeep: the text nests deeper than `depth` levels.
        YAMLError: the text is not YAML.
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
    """Yield the events and count the depth; raise TooDeep."""
    import yaml

    level = 0
    for event in yaml.parse(text, Loader=yaml_reader()):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > depth:
            raise TooDeep(depth)
        yield event
