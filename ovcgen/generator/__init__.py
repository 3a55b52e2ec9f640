"""Generate an SDK from an API: `sdk_files` returns its files, and `write.write` writes them to a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from ovcgen.generator.later_removals import with_removals, with_removals_since
from ovcgen.generator.python_names import distribution, pep8
from ovcgen.generator.removed_name import RemovedName
from ovcgen.model.api import Api
from ovcgen.model.earlier_sdk_names import GivenNames, keep

__all__ = ["distribution", "sdk_files", "with_removals", "with_removals_since"]

SPELLINGS: dict[str, Callable[[Api], Api]] = {"wire": lambda api: api, "pep8": pep8}


def sdk_files(
    api: Api,
    *,
    sha256: str,
    version: str = "1.0",
    changes: str = "",
    naming: str = "wire",
    groups: Collection[str] | None = None,
    removed: Sequence[RemovedName] = (),
    given: GivenNames | None = None,
    aio: bool = True,
    templates: Path | None = None,
) -> dict[str, str]:
    """Return the text of every file of the SDK by its path in the SDK's folder. Nothing is written.

    Args:
        api: The API of the release.
        sha256: The hash of the document.
        version: The version of the SDK package.
        changes: Markdown about the changes since the release before.
        naming: `wire` (names as in the document) or `pep8` (`add_disk` for `addDisk`); anything else is a KeyError.
        groups: The groups to generate; None for all groups. Unknown groups have no effect.
        removed: Operations and keywords that earlier releases had, spelled as `naming` says.
        given: The names of an earlier SDK, which are kept if it had the same `naming` and ignored otherwise; None for
            none.
        aio: Whether the SDK has asynchronous modules.
        templates: Folder whose files replace those of the same path in templates/sdk; None for none.

    Raises:
        BadVersion: `version` is not a valid version.
        BadPackageName: `api.package` can't be the name of a package.
        UnknownTemplate, BrokenTemplate: a file in `templates` does not have the path of a template, or can't be
            rendered.
    """
    from ovcgen.generator.render import rendered
    from ovcgen.generator.view.sdk import sdk_view

    spelled = SPELLINGS[naming](api.limited_to(groups))
    known = given if given and given.naming == naming else GivenNames()
    view = sdk_view(
        keep(spelled, known),
        sha256=sha256,
        version=version,
        changes=changes,
        removed=removed,
        naming=naming,
        given=known.types,
        aio=aio,
    )
    return rendered(view, templates)
