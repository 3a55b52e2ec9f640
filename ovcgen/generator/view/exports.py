"""List the public names of an SDK and the module of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ovcgen.generator.code import Code, literal
from ovcgen.normalise.dialect import Dialect
from ovcgen.runtime import errors

LOGINS = {"auth": ("Bearer",), "oauth": ("OAuth2",), "auth_schemes": ("ApiKey", "Basic")}
RESPONSES = ("FullResponse",)
TASKS = ("Task", "as_completed", "wait")
TYPES = "types"  # the module of the types, itself a public name
OF_TASKS = (errors.TaskError, errors.WaitError)  # only for dialects with tasks and waiters


@dataclass(frozen=True, slots=True)
class Export:
    """One public name of a package: `from <module> import <name>`; `home` is the module to load for it."""

    name: Code
    literal: Code
    module: Code
    home: Code


def exports(dialect: Dialect) -> tuple[Export, ...]:
    """Return all public names of a package, in the order of its sorted imports."""
    module_of_types = Export(Code(TYPES), Code(literal(TYPES)), Code("."), Code(literal(f".{TYPES}")))
    return (
        module_of_types,
        *(
            Export(Code(name), Code(literal(name)), Code(f".{home}"), Code(literal(f".{home}")))
            for home, names in sorted(_homes(dialect).items())
            for name in names
        ),
    )


def public(given: Iterable[Export]) -> tuple[Code, ...]:
    """Return the names for `__all__`, sorted."""
    return tuple(sorted(export.name for export in given))


def logins(dialect: Dialect) -> tuple[str, ...]:
    """Return the names of the login classes, those of the dialect first."""
    own = [login.name for login in dialect.wording.logins]
    return tuple(dict.fromkeys([*own, *sorted(name for names in LOGINS.values() for name in names)]))


def _homes(dialect: Dialect) -> dict[str, tuple[str, ...]]:
    return {
        "_client": (dialect.wording.class_name, "connect"),
        "_runtime.errors": _errors(dialect),
        "_runtime.full_response": RESPONSES,
        **{f"_runtime.{home}": names for home, names in _logins(dialect).items()},
        **({"_runtime.tasks": TASKS} if dialect.tasks else {}),
    }


def _logins(dialect: Dialect) -> dict[str, tuple[str, ...]]:
    """Return the login classes by module: those for any document, and those of the dialect."""
    own = {home: {login.name for login in dialect.wording.logins if login.home == home} for home in LOGINS}
    return {home: tuple(sorted({*names, *own[home]})) for home, names in LOGINS.items()}


def _errors(dialect: Dialect) -> tuple[str, ...]:
    known = [var for var in vars(errors).values() if isinstance(var, type) and var.__module__ == errors.__name__]
    raised = [type_ for type_ in known if issubclass(type_, (errors.ClientError, Warning))]
    names = [type_.__name__ for type_ in raised if dialect.tasks or not issubclass(type_, OF_TASKS)]
    return tuple(sorted({*names, *dialect.wording.base_error_aliases}))
