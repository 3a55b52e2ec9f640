"""The public names of an SDK, and the module that each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.generator.code import Code, literal
from ovcgen.runtime import errors

ERRORS = tuple(
    sorted(
        name
        for name, each in vars(errors).items()
        if isinstance(each, type)
        and issubclass(each, (errors.OvcError, Warning))
        and each.__module__ == errors.__name__
    )
)
HOMES = {
    "_portal": ("Portal", "connect"),
    "_runtime.auth": ("AuthKey", "Bearer", "Credentials", "ItsYouOnline"),
    "_runtime.errors": ERRORS,
    "_runtime.oauth": ("OAuth2",),
    "_runtime.schemes": ("ApiKey", "Basic"),
    "_runtime.tasks": ("Task", "as_completed", "wait"),
}
# `Portal` is there for annotations; what `ovcgen` itself has is public.
PUBLIC = tuple(sorted(name for names in HOMES.values() for name in names if name != "Portal"))


@dataclass(frozen=True, slots=True)
class Export:
    """One name and the module that it comes from."""

    name: Code
    literal: Code
    module: Code
    home: Code


def exports() -> tuple[Export, ...]:
    """All names that a package gives, by their modules."""
    return tuple(
        Export(Code(name), Code(literal(name)), Code(home), Code(literal(f".{home}")))
        for home, names in HOMES.items()
        for name in names
    )
