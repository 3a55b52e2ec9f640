"""Render the template tree of an SDK. This module knows templates and the runtime's files, but not Python or APIs.

A template's path is the path of the file it produces. `{package}`, `{group}`, `{actor}` and `{types}` in the path are
replaced, once for each group, actor and module of types. Files without the suffix `.jinja` are copied; empty results
are left out.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.errors import UsageError
from ovcgen.generator.code import Code
from ovcgen.generator.runtime_files import runtime_files
from ovcgen.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment

    from ovcgen.generator.view.sdk import SdkView

SUFFIX = ".jinja"


class UnknownTemplate(UsageError):
    """An error: a file in the folder of custom templates does not have the path of a template.

    Args:
        path: The file.
        names: The paths of all templates, below the folder of templates.
    """

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        super().__init__(f"{path} replaces no template.", fix=f"Templates are {', '.join(sorted(names))}.")


class BrokenTemplate(UsageError):
    """An error: a custom template can't be rendered.

    Args:
        path: The file of the template.
        error: The exception that was raised.
        line: The line of the template in which it was raised; 0 if it is not known.
    """

    def __init__(self, path: Path, error: Exception, line: int) -> None:
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {error}.", fix="Compare it with the template of ovcgen that it replaces.")


def rendered(sdk: SdkView, custom: Path | None = None) -> dict[str, str]:
    """Return the text of every file of the SDK by its path, with the runtime modules that the SDK needs.

    Args:
        sdk: The template data.
        custom: Folder whose files replace templates of the same path; None for none.

    Raises:
        UnknownTemplate: a file in `custom` does not have the path of a template.
        BrokenTemplate: a template in `custom` can't be rendered.
    """
    folder = resource_folder("templates")
    paths = {path.relative_to(folder / "sdk").as_posix(): path for path in _files_in(folder / "sdk")}
    replaced = {path.relative_to(custom).as_posix(): path for path in _files_in(custom)} if custom else {}
    for name in replaced.keys() - paths.keys():
        raise UnknownTemplate(replaced[name], paths)
    files: dict[str, str] = {}
    for name, path in paths.items():
        if name in replaced and custom:
            files.update(_filled_by_user(replaced[name], custom, sdk))
        else:
            files.update(_filled(path, folder, sdk))
    files.update({f"{sdk.package}/_runtime/{name}": text for name, text in runtime_files(files).items()})
    return dict(sorted(files.items()))


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _filled_by_user(path: Path, custom: Path, sdk: SdkView) -> dict[str, str]:
    """Return the text of the files that a custom template produces, by path. Raises BrokenTemplate."""
    from jinja2 import TemplateSyntaxError

    try:
        return dict(_filled(path, custom, sdk, below=""))
    except Exception as error:  # a template is code, which can raise anything
        line = error.lineno if isinstance(error, TemplateSyntaxError) else _line_in(path, error)
        raise BrokenTemplate(path, error, line) from error


def _line_in(path: Path, error: BaseException) -> int:
    """Return the line of the template in which an error was raised; 0 if it is not known."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == str(path)), 0)


def _filled(path: Path, folder: Path, sdk: SdkView, *, below: str = "sdk") -> Iterator[tuple[str, str]]:
    target = path.relative_to(folder / below).as_posix().removesuffix(SUFFIX)
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
    for module in sdk.types.modules if "{types}" in target else ():
        yield target.replace("{types}", module.path), {"sdk": sdk, "types": module}
    if "{group}" not in target and "{types}" not in target:
        yield target, {"sdk": sdk}


@cache
def environment(folder: Path) -> Environment:
    """Return the Jinja environment for the templates in a folder; one folder always gives the same object.

    Unknown names are errors in it, and so are printed values that are not `Code` (see `finished`). Compiled templates
    are kept on the disk only for ovcgen's own folder.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from ovcgen.generator.compiled_templates import CompiledTemplates

    found = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=finished,
        autoescape=False,  # noqa: S701 - nothing here is HTML; `finished` lets only code pass
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    if folder == resource_folder("templates"):
        options = f"{found.trim_blocks} {found.lstrip_blocks} {found.keep_trailing_newline}"
        found.bytecode_cache = CompiledTemplates(folder, options)
    return found


def finished(value: object) -> object:
    """Return `value` unchanged if a template may print it: `Code`, or an unknown name, which Jinja then refuses.

    Raises:
        TypeError: it is anything else.
    """
    from jinja2 import Undefined

    if type(value) is Code or isinstance(value, Undefined):
        return value
    raise TypeError(f"A template printed {type(value).__name__}, which is no finished code.")
