"""Pieces of the rows in this folder: a row is what it shows, the old release, the new one, and all that is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.diff import compare
from ovcgen.diff.change import BREAKING, INFO, WARNING, Level
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Constant, Record, Scalar, Schema, Traits
from tests.build import answers, api, body, machines, operation, parameter, record

B, W, N = BREAKING, WARNING, INFO

Row = tuple[str, Api, Api, list[tuple[str, Level, Level]]]


def found(old: Api, new: Api) -> list[tuple[str, Level, Level]]:
    """Kind, who breaks over HTTP and whose Python code breaks, of every change."""
    return [(change.id, change.wire, change.sdk) for change in compare(old, new)]


def size(schema: Schema, **more: Any) -> Api:
    """A release whose call takes `sizeId` of that shape."""
    return api(machines(parameter("sizeId", schema, **more)))


def takes(*parameters: Parameter) -> Api:
    """A release whose call takes these."""
    return api(machines(*parameters))


def sent(schema: Schema | None = None, **members: Any) -> Api:
    """A release whose call takes such a body: that shape, or an object with these members."""
    return api(machines(body(record(**members) if schema is None else schema)))


def got(schema: Schema | None = None, **members: Any) -> Api:
    """A release whose call answers so."""
    return api(answers(record(**members) if schema is None else schema))


def pet(**more: Any) -> Api:
    """A release of any service, whose call has these marks."""
    return api(plain(**more))


def plain(*parameters: Parameter, path: str = "/pets", **more: Any) -> Operation:
    """A call of any service: its Python name is told by its tag and its id."""
    name = {"name": more["id"]} if "id" in more else {}
    group = {"group": more["tags"][0]} if more.get("tags") else {}
    return replace(operation(path, *parameters), actor="", plain=True, **{**more, **name, **group})


def limited(kind: str = "integer", **limits: Any) -> Scalar:
    """A value with these limits."""
    return Scalar(kind, Traits(constraints=tuple((key, Constant.of(value)) for key, value in sorted(limits.items()))))


def formatted(format: str, kind: str = "string") -> Scalar:
    """A value of that format."""
    return Scalar(kind, Traits(format=format))


def told_apart(by: str) -> Record:
    """An object whose member `by` says of which kind it is."""
    return replace(record(kind=Scalar("string"), sort=Scalar("string")), discriminator=by)
