"""YAML by the core rules of YAML 1.2: what looks like a word is one (`no`, `Off`), and so is a date.

The result is what JSON could have said, with the same limits; an alias counts as often as it is used.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar

from ovcgen.reading.refusals import NotYaml, TooLarge, printable
from ovcgen.reading.strict import DEPTH, DIGITS, LIMIT, VALUES, checked
from ovcgen.spec import Document, Json

RULES = {
    "null": (re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    "bool": (re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")),
    "int": (re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"), list("-+0123456789")),
    "float": (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), list("-+0123456789.")),
}
TAG = "tag:yaml.org,2002:"


def parse_yaml(data: bytes, source: str) -> Document:
    """The object in these bytes; `source` is how messages name it."""
    if len(data) > LIMIT:
        raise TooLarge(source, LIMIT)
    import yaml

    try:
        text = data.decode("utf-8-sig")
        _bounded(text)
        node = yaml.compose(text, Loader=_loader())
        value = _Reading().value(node, 0)
    except UnicodeDecodeError as error:
        raise NotYaml(source, f"byte {error.start} is not UTF-8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml(source, printable(" ".join(str(error).split()), 200) or "it nests too deeply") from None
    if not isinstance(value, dict):
        raise NotYaml(source, "it holds no object")
    return checked(value, source)


@cache
def _loader() -> Any:
    """PyYAML with the core schema's idea of what is no text."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for kind, (pattern, starts) in RULES.items():
        Loader.add_implicit_resolver(f"{TAG}{kind}", re.compile(f"(?:{pattern.pattern})\\Z"), starts)
    return Loader


def _bounded(text: str) -> None:
    """Look at the depth first: building the nodes of a deep text uses up the stack, and ends the process."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise ValueError(f"it nests deeper than {DEPTH} levels")


class _Reading:
    """What nodes mean, and how many of them there have been."""

    def __init__(self) -> None:
        self.count = 0

    def value(self, node: Any, depth: int) -> Json:
        """The JSON value of a node."""
        import yaml

        self.count += 1
        if self.count > VALUES or depth > DEPTH:
            raise ValueError(f"it nests deeper than {DEPTH} levels, or holds more than {VALUES} values")
        match node:
            case yaml.MappingNode() | yaml.SequenceNode() if node.tag not in (f"{TAG}map", f"{TAG}seq"):
                raise ValueError(f"it has a value of the kind {printable(node.tag)}, which JSON does not have")
            case yaml.MappingNode():
                return self._members(node, depth)
            case yaml.SequenceNode():
                return [self.value(each, depth + 1) for each in node.value]
            case yaml.ScalarNode():
                return _scalar(node.tag.removeprefix(TAG), node.value)
        raise ValueError("it is empty")

    def _members(self, node: Any, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, inner in node.value:
            if not isinstance(name.value, str):
                raise ValueError("a key is no text")
            if name.value in found:
                raise ValueError(f"it has the key {printable(name.value)} twice in one object")
            found[name.value] = self.value(inner, depth + 1)
        return found


def _scalar(kind: str, text: str) -> Json:
    match kind:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" | "float" if len(text) > DIGITS:
            raise ValueError(f"it has a number of {len(text)} digits")
        case "int":
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        case "float":
            return float(text)
        case "str":
            return text
    raise ValueError(f"it has a value of the kind {printable(kind)}, which JSON does not have")
