"""Find changes of descriptions and of the version that an API declares. No request depends on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovcgen.diff.change import INFO
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, PARAMETER_RULES, RESPONSE_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation, Parameter, Response


@API_RULES.rule("info.version-changed", wire=INFO, sdk=INFO)
def info_version_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The API has another version in its `info`.

    Nobody breaks by that. If it is lower than before, check whether the releases are in the right order.
    """
    had, has = old.api.version, new.api.version
    if had != has:
        lowered = _numbers(has) < _numbers(had)
        yield Finding(
            f"says that it is version {quoted(has)} now; it was {quoted(had)}.",
            before=had,
            after=has,
            hint="Check that the older release comes first." if lowered else "",
            pointer="/info/version",
        )


@API_RULES.rule("info.description", wire=INFO, sdk=INFO)
def info_description(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The API describes itself in other words.

    Nobody breaks.
    """
    yield from _reworded(old.api.doc, new.api.doc, "/info/description")


@OPERATION_RULES.rule("operation.summary", wire=INFO, sdk=INFO)
def operation_summary(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call is summed up or described in other words.

    Nobody breaks.
    """
    yield from _reworded(f"{old.summary}\n{old.doc}", f"{new.summary}\n{new.doc}")


@PARAMETER_RULES.rule("parameter.description", wire=INFO, sdk=INFO)
def parameter_description(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter is described in other words.

    Nobody breaks.
    """
    yield from _reworded(old.doc, new.doc)


@RESPONSE_RULES.rule("response.description", wire=INFO, sdk=INFO)
def response_description(old: Response, new: Response) -> Iterator[Finding]:
    """An answer is described in other words.

    Nobody breaks.
    """
    yield from _reworded(old.doc, new.doc)


def _reworded(old: str, new: str, pointer: str = "") -> Iterator[Finding]:
    if old.split() != new.split():
        yield Finding("is described in other words.", before=old.strip(), after=new.strip(), pointer=pointer)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d{1,9}", version)))
