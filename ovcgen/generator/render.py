"""Fills the template tree. It reads templates and the runtime, and knows nothing of Python or of APIs.

A template's path is the path of what it makes; `{package}`, `{group}` and `{actor}` in it are filled in, once for each.
What does not end in `.jinja` is copied; what comes out empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.generator.code import Code
from ovcgen.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment

    from ovcgen.generator.view import SdkView

SUFFIX = ".jinja"
RUNTIME = Path(__file__).resolve().parent.parent / "runtime"


def rendered(sdk: SdkView) -> dict[str, str]:
    """Every file of the SDK by its path."""
    folder = resource_folder("templates")
    files = {f"{sdk.package}/_runtime/{path.name}": path.read_text("utf-8") for path in sorted(RUNTIME.glob("*.py"))}
    for path in sorted((folder / "sdk").rglob("*")):
        if path.is_file():
            files.update(_filled(path, folder, sdk))
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
    """The files that one template makes, each with what its template sees."""
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
    """Jinja as strict as it can be: an unknown name is an error, and so is a text that the view did not finish."""
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
    """What a template may print: code that the view has finished, and no other text."""
    from jinja2 import Undefined

    if type(value) is Code or isinstance(value, Undefined):
        return value
    raise TypeError(f"A template printed {type(value).__name__}, which is no finished code.")
