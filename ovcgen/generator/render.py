"""Render the template tree of an SDK. This module knows templates and the runtime's files, but not Python or APIs.

A template's path is the path of the file it produces. `{package}`, `{group}` and `{actor}` in the path are replaced,
once for each group and actor. Files without the suffix `.jinja` are copied; empty results are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.generator.code import Code
from ovcgen.generator.runtime_files import runtime_files
from ovcgen.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment

    from ovcgen.generator.view.sdk import SdkView

SUFFIX = ".jinja"


def rendered(sdk: SdkView) -> dict[str, str]:
    """Return the text of every file of the SDK by its path. The runtime modules that the SDK needs are included."""
    folder = resource_folder("templates")
    files: dict[str, str] = {}
    for path in sorted((folder / "sdk").rglob("*")):
        if path.is_file():
            files.update(_filled(path, folder, sdk))
    files.update({f"{sdk.package}/_runtime/{name}": text for name, text in runtime_files(files).items()})
    return dict(sorted(files.items()))


def _filled(path: Path, folder: Path, sdk: SdkView) -> Iterator[tuple[str, str]]:
    target = path.relative_to(folder / "sdk").as_posix().removesuffix(SUFFIX)
    if path.suffix != SUFFIX:
        yield target.replace("{package}", sdk.package), path.read_text("utf-8")
        return
    template = environment(folder).get_template(path.relative_to(folder).as_posix())
    for name, scope in _scopes(target, sdk):
        if text := template.render(scope):
            yield name, text


def _scopes(target: str, sdk: SdkView) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (path, template variables) of each file that one template produces."""
    target = target.replace("{package}", sdk.package)
    for group in sdk.groups if "{group}" in target else ():
        in_group = target.replace("{group}", group.module)
        for actor in group.actors if "{actor}" in target else ():
            yield in_group.replace("{actor}", actor.module), {"sdk": sdk, "group": group, "actor": actor}
        if "{actor}" not in target:
            yield in_group, {"sdk": sdk, "group": group}
    if "{group}" not in target:
        yield target, {"sdk": sdk}


@cache
def environment(folder: Path) -> Environment:
    """Return a strict Jinja environment: unknown names, and values that are not `Code`, are errors."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=finished,
        autoescape=False,  # noqa: S701 - nothing here is HTML; `finished` lets only code pass
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def finished(value: object) -> object:
    """Return `value` if a template may print it: only `Code`.

    Raises:
        TypeError: it is anything else.
    """
    from jinja2 import Undefined

    if type(value) is Code or isinstance(value, Undefined):
        return value
    raise TypeError(f"A template printed {type(value).__name__}, which is no finished code.")
