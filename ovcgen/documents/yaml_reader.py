"""Read YAML by the core schema of YAML 1.2: `no`, `Off` and dates are strings.

The result holds only what JSON can express, with the same limits; an alias counts each time it is used. Merge keys
(`<<`) are followed although YAML 1.2 removed them, because all common readers follow them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar

from ovcgen.documents.depth_limit import DEPTH, check_yaml_depth, yaml_reader
from ovcgen.documents.document import Document, Json, Problem
from ovcgen.documents.errors import NotYaml, TooLarge, printable
from ovcgen.documents.json_reader import DIGITS, LIMIT, VALUES, Loaded, Path, checked
from ovcgen.documents.pointers import printable_pointer
from ovcgen.documents.source_map import decoded
from ovcgen.documents.yaml_merge_keys import MERGE, MergeKeyResolver

RULES = {
    "null": (re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    "bool": (re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")),
    "int": (re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"), list("-+0123456789")),
    "float": (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), list("-+0123456789.")),
}
IGNORED = "the key is ignored"
TAG = "tag:yaml.org,2002:"


def parse_yaml(data: bytes, source: str) -> Document:
    """Return the object in the bytes of a YAML text. `source` names the document in error messages.

    Keys are strings, as written: `200:` is "200". The encoding is UTF-8, or what a byte order mark says.

    Raises:
        TooLarge: there are more than 32 MiB.
        NotYaml: the bytes are not one YAML object that JSON can express, break a limit (64 levels, 2,000,000 values,
            100 digits of one number), hold a lone surrogate, repeat a key, or have a merge key (`<<`) that merges no
            object.
    """
    loaded = load_yaml(data, source)
    if loaded.fault:
        raise NotYaml(source, loaded.fault)
    return loaded.document


def load_yaml(data: bytes, source: str) -> Loaded:
    """Return the object in the bytes of a YAML text, with the repeated keys and the spelling of numbers in the text.

    Unlike `parse_yaml`, repeated keys are accepted (the last one counts), and merge keys that merge no object are
    ignored. Keys are strings, as written: `200:` is "200". `source` names the document in error messages. The encoding
    is UTF-8, or what a byte order mark says.

    Raises:
        TooLarge: there are more than 32 MiB.
        NotYaml: the bytes are not one YAML object that JSON can express, hold a lone surrogate, or break a limit (64
            levels, 2,000,000 values, 100 digits of one number).
    """
    if len(data) > LIMIT:
        raise TooLarge(source, LIMIT)
    import yaml

    try:
        text = decoded(data)
        node = yaml.compose(check_yaml_depth(text), Loader=_loader())
        reading = _Reading()
        value = reading.value(node, ())
    except UnicodeDecodeError as error:
        raise NotYaml(source, f"byte {error.start} is not {error.encoding.upper()}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml(source, printable(" ".join(str(error).split()), 200) or "it nests too deeply") from None
    if not isinstance(value, dict):
        raise NotYaml(source, "it holds no object")
    return Loaded(
        checked(value, source, NotYaml), reading.repeated, reading.texts, tuple(reading.faults), unquoted=True
    )


@cache
def _loader() -> Any:
    """Return PyYAML's loader class with the core schema's rules for values that are not strings."""

    class Loader(yaml_reader()):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    Loader.add_implicit_resolver(MERGE, re.compile(r"<<\Z"), ["<"])
    for kind, (pattern, starts) in RULES.items():
        Loader.add_implicit_resolver(f"{TAG}{kind}", re.compile(f"(?:{pattern.pattern})\\Z"), starts)
    return Loader


class _Reading:
    """Converts nodes to JSON values, counts them, and collects what `Loaded` needs besides the values."""

    def __init__(self) -> None:
        self.count = 0
        self.repeated: dict[tuple[Path, str], list[int]] = {}
        self.texts: dict[Path, str] = {}
        self._merging = MergeKeyResolver(self._counted)
        self.faults: list[Problem] = []
        self._looked_at: set[int] = set()

    def _counted(self, number: int) -> None:
        self.count += number
        if self.count > VALUES:
            raise ValueError(f"it holds more than {VALUES} values")

    def value(self, node: Any, path: Path) -> Json:
        """Return the JSON value of the node at that path; raise ValueError if JSON has none, or a limit is broken."""
        import yaml

        self._counted(1)
        if len(path) > DEPTH:
            raise ValueError(f"it nests deeper than {DEPTH} levels")
        match node:
            case yaml.MappingNode() | yaml.SequenceNode() if node.tag not in (f"{TAG}map", f"{TAG}seq"):
                raise ValueError(f"it has a value of the kind {printable(node.tag)}, which JSON does not have")
            case yaml.MappingNode():
                return self._members(node, path)
            case yaml.SequenceNode():
                return [self.value(item, (*path, str(number))) for number, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return self._scalar(node, path)
        raise ValueError("it is empty")

    def _scalar(self, node: Any, path: Path) -> Json:
        value = _scalar(node.tag.removeprefix(TAG), node.value)
        if isinstance(value, int | float):
            self.texts[path] = node.value
        return value

    def _members(self, node: Any, path: Path) -> dict[str, Json]:
        found: dict[str, Json] = {}
        lines: dict[str, int] = {}
        members = self._merging.members(node)
        while self._merging.faults:
            line = self._merging.faults.pop()
            self.faults.append(Problem(printable_pointer(path), f"the key << in line {line} merges no object", IGNORED))
        for name, inner in members:
            key, line = name.value, name.start_mark.line + 1
            if not isinstance(key, str):
                raise ValueError("a key is no text")
            if key in found and id(node) not in self._looked_at:  # an alias repeats what was noted already
                self.repeated.setdefault((path, key), [lines[key]]).append(line)
            lines[key] = line
            found[key] = self.value(inner, (*path, key))
        self._looked_at.add(id(node))
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
        case "str" | "merge":
            return text
    raise ValueError(f"it has a value of the kind {printable(kind)}, which JSON does not have")
