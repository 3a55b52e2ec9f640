"""Put the template data of a whole SDK together: package, client, groups, types, waiters and texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ovcgen.errors import UsageError
from ovcgen.generator.code import STEP, Code, docstring, literal
from ovcgen.generator.python_names import (
    class_name,
    distinct,
    distribution,
    group_class_name,
    module_name,
    release_distribution,
)
from ovcgen.generator.removed_name import RemovedName
from ovcgen.generator.view.actors import RESERVED, GroupView, group_view
from ovcgen.generator.view.client import ClientModule, client_module
from ovcgen.generator.view.exports import Export, all_assignment, async_imports, exports, home_assignment
from ovcgen.generator.view.login_examples import opening_call
from ovcgen.generator.view.migrations_json import migrations
from ovcgen.generator.view.names_json import names
from ovcgen.generator.view.package_metadata import Metadata, metadata
from ovcgen.generator.view.readme import Readme, readme
from ovcgen.generator.view.schema_annotations import NamedTypes, named_types
from ovcgen.generator.view.types_package import TypesView, types_view
from ovcgen.generator.view.waiters import WaitersModule, waiters_module
from ovcgen.model.api import Api
from ovcgen.normalise.dialect_registry import DIALECTS


class BadVersion(UsageError):
    """An error: a text is not a valid version of a package."""

    def __init__(self, version: str) -> None:
        super().__init__(f"{version!a} can't be the version of an SDK.", fix="Use numbers with dots, as in 1.0.")


# Names of a package that no module of a group may have.
BESIDE = frozenset({"aio", "types", "release", "spec_sha256"})

PACKAGE = """Typed client of {title}.

    import {package} as {alias}

    with {opening} as {client}:
        ...

Calls take keyword arguments only. Everything loads on first use.
"""
ASYNC_PACKAGE = """Typed client of {title} for asyncio and trio. It needs the extra `aio`.

    import {package}.aio as {alias}

    async with {opening} as {client}:
        ...

The arguments of a call are described at the blocking method of the same name.
"""


@dataclass(frozen=True, slots=True)
class AsyncPackage:
    """The template data of the `__init__.py` of the asynchronous modules: its docstring and its import lines."""

    docstring: Code
    imports: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class SdkView:
    """The template data of one SDK package: code of its `__init__.py`, and the data of its other modules and files.

    Attributes:
        distribution, package: The name of the distribution, and the import name.
        header: The comment at the start of each file.
        package_docstring: The docstring of the package.
        aio: The data of the asynchronous package; None for an SDK without asynchronous modules.
        release, version, sha256, agent, description: String literals: the release, the version of the package, the hash
            of the document, the User-Agent and the description of the package.
        client, groups, types, waiters, metadata, readme: The data of these modules and files.
        names, migrations: The texts of names.json and migrations.json; "" for none.
        exports: The public names of the package.
        public, homes: The assignments to `__all__` and `_HOME`.
        spec: The hash of the document without quotes, for comments; "unknown" if it is no hash.
    """

    distribution: Code
    package: Code
    header: Code
    package_docstring: Code
    aio: AsyncPackage | None
    release: Code
    version: Code
    sha256: Code
    agent: Code
    client: ClientModule
    groups: tuple[GroupView, ...]
    types: TypesView
    names: Code
    migrations: Code
    waiters: WaitersModule
    exports: tuple[Export, ...]
    public: Code
    homes: Code
    description: Code
    metadata: Metadata
    spec: Code
    readme: Readme


def sdk_view(
    api: Api,
    *,
    sha256: str,
    version: str,
    changes: str,
    removed: Sequence[RemovedName] = (),
    naming: str = "wire",
    given: Mapping[str, str] | None = None,
    aio: bool = True,
) -> SdkView:
    """Return the template data of one release's SDK; `api` has the names that the SDK gets, in the spelling `naming`.

    Args:
        changes: Markdown about the changes since the release before.
        removed: What earlier releases had, spelled like the names of `api`, for migrations.json.
        given: Names of types to keep, by their place in the document (see `type_place`); None for none.
        aio: Whether the SDK has asynchronous modules.

    Raises:
        BadVersion, BadPackageName: `version` or `api.package` is not valid.
    """
    name, package, title = _names_of(api)
    dialect, known = DIALECTS[api.dialect], named_types(api, given)
    exported = exports(api, dialect)
    groups = _groups(api, known, exported)
    return SdkView(
        distribution=Code(name),
        package=Code(package),
        header=Code(f"# Generated by ovcgen for {name}; do not edit."),
        package_docstring=docstring(_package_text(PACKAGE, api, package, title), 0),
        aio=_async_package(api, package, title) if aio else None,
        release=Code(literal(api.release)),
        version=Code(literal(_plain_version(version))),
        sha256=Code(literal(sha256)),
        agent=Code(literal(f"{name}/{version}")),
        client=client_module(api, dialect, groups, title),
        groups=groups,
        types=types_view(known),
        names=names(api, known, naming, aio=aio),
        migrations=migrations(removed, groups),
        waiters=waiters_module(api, known),
        exports=exported,
        public=all_assignment(exported),
        homes=home_assignment(exported),
        description=Code(literal(f"Typed client of {title}.")),
        metadata=metadata(api.publisher, aio=aio),
        spec=Code(_hex(sha256)),
        readme=readme(api, dialect.wording, title, shapes=known, changes=changes),
    )


def _async_package(api: Api, package: str, title: str) -> AsyncPackage:
    text = docstring(_package_text(ASYNC_PACKAGE, api, package, title), 0)
    return AsyncPackage(text, async_imports(api, DIALECTS[api.dialect]))


def _groups(api: Api, known: NamedTypes, exported: tuple[Export, ...]) -> tuple[GroupView, ...]:
    """Return the groups, sorted; no module gets a name that the package uses itself."""
    beside = {export.name for export in exported} | BESIDE
    groups = sorted({operation.group for operation in api.callable_operations})
    actors = {class_name(operation.actor) for operation in api.callable_operations}
    taken = {DIALECTS[api.dialect].wording.class_name}
    modules = distinct(groups, module_name, reserved=beside)
    classes = distinct(groups, group_class_name, reserved=RESERVED | actors | taken)
    return tuple(group_view(group, modules[group], classes[group], api=api, shapes=known) for group in groups)


def _package_text(text: str, api: Api, package: str, name: str) -> str:
    wording = DIALECTS[api.dialect].wording
    before = len("async with " if text is ASYNC_PACKAGE else "with ")
    start = opening_call(api, wording, indent=STEP, before=before, after=len(f" as {wording.client}:"))
    return text.format(title=name, package=package, alias=wording.alias, client=wording.client, opening=start)


def _plain_version(version: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9a-z]+)*", version):
        raise BadVersion(version)
    return version


def _hex(sha256: str) -> str:
    """Return a hash without other characters, because it goes into a comment."""
    return re.sub("[^0-9a-f]", "", sha256)[:64] or "unknown"


def _names_of(api: Api) -> tuple[str, str, str]:
    """Return the names of the distribution and of the package, and the release's name in prose, as `Petstore 1.0`."""
    wording = DIALECTS[api.dialect].wording
    name, package = distribution(api)
    release = release_distribution(api)[0]
    number = release.removeprefix(f"{wording.distribution}-")
    return name, package, f"{wording.product} {number}" if wording.product and number != release else release
