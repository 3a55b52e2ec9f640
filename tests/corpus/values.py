"""Arguments for any operation, made from the shapes of its parameters: the same ones for the same seed."""

from __future__ import annotations

import base64
import re
import string
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.media import is_content
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema, Traits
from tests.corpus.patterns import matching

DEEPEST = 5  # levels of a body in which more than what is required is sent
ENDLESS = 40
WORDS = ("plain", "Žluťoučký kůň & 50% + ?=#/", "a b", "x" * 70, "0", "True", "null", "ünï{code}", "~:@!$()*;")
ASCII = ("plain", "a b & c=d", "x" * 70, "0", "true", 'quoted"', "50%")
FORMATS = {
    "byte": base64.b64encode(b"some bytes").decode(),
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:30:00Z",
    "double": "2.5",
    "email": "somebody@example.com",
    "float": "2.5",
    "host": "host.example.com",
    "hostname": "host.example.com",
    "int32": "7",
    "int64": "7",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "uri": "https://example.com/a?b=c",
    "uuid": "5d8f7a52-8d3c-4b0e-9d86-3f2f1d7c9a10",
}


class NoValue(Exception):
    """No value of that shape was found."""


@dataclass(frozen=True)
class Spot:
    """Where a value goes: what may stand there, and how deep it is inside others."""

    place: str
    separators: str = ""
    depth: int = 0
    name: str = ""  # of the definition that the value belongs to

    def inside(self) -> Spot:
        """One level further down."""
        return replace(self, depth=self.depth + 1, name="")


class Values:
    """Makes values for the shapes of one API."""

    def __init__(self, api: Api, seed: int) -> None:
        self._shapes = {definition.name: definition.schema for definition in api.definitions}
        self._random = Random(seed)  # noqa: S311 - nothing is kept secret with it

    def arguments(self, operation: Operation, *, all_of_them: bool) -> dict[str, Any]:
        """The keywords of one call; raises NoValue where a required one can't be made."""
        given: dict[str, Any] = {}
        for parameter in operation.parameters:
            if not (all_of_them or parameter.required):
                continue
            try:
                is_raw = is_content(parameter, operation) and not isinstance(parameter.schema, Scalar)
                given[parameter.key] = self.value(File(), Spot("body")) if is_raw else self._argument(parameter)
            except NoValue:
                if parameter.required:
                    raise
        return given

    def _argument(self, parameter: Parameter) -> Any:
        separators, shape = "", parameter.schema
        while isinstance(shape, Array) and parameter.location != "body":
            separators += {"ssv": " ", "tsv": "\t", "pipes": "|"}.get(shape.collection, ",")
            shape = shape.items
        for _ in range(20):
            value = self.value(parameter.schema, Spot(parameter.location, separators))
            if parameter.location == "body" or value not in ("", []):  # an empty list can't be told from none
                return value
        raise NoValue(parameter.name)

    def value(self, shape: Schema, spot: Spot) -> Any:
        """One value of that shape."""
        if spot.depth > ENDLESS:
            raise NoValue(spot.name)
        if shape.traits.enum:
            value = self._random.choice(shape.traits.enum).value
            return [value] if isinstance(shape, Array) and not isinstance(value, list) else value
        match shape:
            case Scalar(kind, traits):
                return self._scalar(kind, traits, spot)
            case Array():
                return self._list(shape, spot)
            case Map() | Record():
                return self._object(shape, spot)
            case Composed(members):
                whole: dict[str, Any] = {}
                for member in members:
                    part = self.value(member, replace(spot, depth=spot.depth + 1))
                    if len(members) == 1:
                        return part
                    whole |= part if isinstance(part, dict) else {}
                return whole
            case Reference(name):
                return self.value(self._shapes[name], replace(spot, depth=spot.depth + 1, name=spot.name or name))
            case File():
                return bytes(self._random.randrange(256) for _ in range(20))
            case Anything():
                return self._random.choice(["text", 3, True] if spot.place != "body" else ["text", 3, {"a": [1]}])
            case Nothing():
                return None

    def _scalar(self, kind: str, traits: Traits, spot: Spot) -> Any:
        limits = {key: constant.value for key, constant in traits.constraints}
        match kind:
            case "boolean":
                return self._random.choice([True, False])
            case "integer":
                return self._number(limits, 1)
            case "number":
                return self._number(limits, 1) + (0 if "multipleOf" in limits or "maximum" in limits else 0.5)
        for turn in range(30):
            text = self._text(limits, traits.format, spot, turn)
            if _fits(text, limits, spot):
                return text
        raise NoValue(traits.format or "a text")

    def _text(self, limits: dict[str, Any], format_: str, spot: Spot, turn: int) -> str:
        if "pattern" in limits:
            more = min(int(limits.get("minLength", 0)), 2000) if turn % 2 else 0
            try:
                return matching(str(limits["pattern"]), self._random, more=more)
            except (re.error, ValueError, OverflowError) as error:
                raise NoValue(str(error)) from None
        if format_ in FORMATS:
            return FORMATS[format_]
        word = self._random.choice(ASCII if spot.place == "header" else WORDS)
        least, most = int(limits.get("minLength", 0)), int(limits.get("maxLength", 10**6))
        if len(word) < least:
            word += "".join(self._random.choice(string.ascii_letters) for _ in range(least - len(word)))
        return "".join(letter for letter in word if letter not in spot.separators)[:most].strip()

    def _number(self, limits: dict[str, Any], step: int) -> Any:
        step = limits.get("multipleOf") or step
        least, most = limits.get("minimum"), limits.get("maximum")
        least = least if least is not None else (0 if most is None else most - 7 * step)
        if limits.get("exclusiveMinimum") or least % step:
            least += step - least % step
        most = most if most is not None else least + 7 * step
        most -= step if limits.get("exclusiveMaximum") else 0
        if most < least:
            raise NoValue("a number")
        value = least + step * self._random.randint(0, min(7, int((most - least) // step)))
        return int(value) if value == int(value) else value

    def _list(self, shape: Array, spot: Spot) -> list[Any]:
        limits = {key: constant.value for key, constant in shape.traits.constraints}
        least = int(limits.get("minItems", 0))
        most = least if spot.depth > DEEPEST else max(least, min(3, int(limits.get("maxItems", 3))))
        first = least if spot.place == "body" else max(least, 1)
        found: list[Any] = []
        for _ in range(self._random.randint(min(first, most), most)):
            try:
                item = self.value(shape.items, spot.inside())
            except NoValue:
                if len(found) < least:
                    raise
                continue
            if not (limits.get("uniqueItems") and item in found):
                found.append(item)
        if len(found) < least:
            raise NoValue("a list")
        return found

    def _object(self, shape: Map | Record, spot: Spot) -> dict[str, Any]:
        if isinstance(shape, Map):
            count = 0 if spot.depth > DEEPEST else self._random.randint(0, 2)
            return {f"key {number}": self.value(shape.values, spot.inside()) for number in range(count)}
        found: dict[str, Any] = {}
        for member in shape.properties:
            wanted = member.required or (spot.depth <= DEEPEST and self._random.random() < 0.7)
            if not wanted or (member.schema.traits.read_only and not member.required):
                continue
            if member.name == shape.discriminator and spot.name:
                found[member.name] = spot.name
                continue
            try:
                found[member.name] = self.value(member.schema, spot.inside())
            except NoValue:
                if member.required:
                    raise
        most = next((limit.value for key, limit in shape.traits.constraints if key == "maxProperties"), len(found))
        optional = [member.name for member in shape.properties if member.name in found and not member.required]
        for name in optional[: max(0, len(found) - most)]:
            del found[name]
        return found


def _fits(text: str, limits: dict[str, Any], spot: Spot) -> bool:
    """Whether it is what was asked for, and can stand in its place."""
    least, most = int(limits.get("minLength", 0)), int(limits.get("maxLength", 10**6))
    if not least <= len(text) <= most or any(separator in text for separator in spot.separators):
        return False
    if "pattern" in limits and not re.search(str(limits["pattern"]), text):
        return False
    if spot.place == "path" and text in ("", ".", ".."):
        return False
    return spot.place != "header" or (text.isascii() and text.isprintable() and text == text.strip())
