"""Find the Python names of an earlier SDK of an API, so that a new SDK can keep them."""

from __future__ import annotations

from pathlib import Path

from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.model.earlier_sdk_names import GivenNames
from ovcgen.model.release_names import order
from ovcgen.workflows.release_history import History

FILE = "names.json"
LARGEST = 2**26  # bytes of a names.json that are read


class OtherApi(UsageError):
    """An error: the folder to write an SDK to holds the SDK of another API.

    Args:
        target: The folder.
        title: The title of the API whose SDK the folder holds.
    """

    def __init__(self, target: Path, title: str) -> None:
        super().__init__(
            f"{target} holds the SDK of another API, {title[:80]!a}.",
            fix="Pass another --release or --out, or delete that folder if nobody needs it.",
        )


class DamagedNames(UsageError):
    """An error: the names.json of the SDK to replace can't be read, so its Python names can't be kept."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} can't be read as the list of names of an SDK.",
            fix="Restore that file, or delete the folder of the SDK if its Python names may change.",
        )


def names_before(api: Api, history: History, *, naming: str, out: Path | None) -> GivenNames:
    """Return the Python names that the new SDK has to keep.

    They are those of the SDK that is replaced in `out` (if it has the same naming), else those of the release before:
    for a pinned release the pinned ones before it (in `history`), for a file the newest older SDK below `out` of the
    same API. Empty if there is none. Operations of a catalog need none: their names depend on their paths alone.

    Raises:
        OtherApi: the SDK to replace belongs to another API.
        DamagedNames: its names.json exists and can't be read.
    """
    from ovcgen.generator import distribution

    folder, package = distribution(api)
    file = out / folder / package / FILE if out else None
    replaced = _read(file) if file else None
    if file and replaced is None and file.exists():
        raise DamagedNames(file)
    if out and replaced and not replaced.is_of(api):
        raise OtherApi(out / folder, replaced.api or folder)
    if replaced and replaced.naming == naming:
        return replaced
    if history.is_pinned:
        return GivenNames(naming=naming, types=history.type_names())
    older = _older(api, naming, out) if out else []
    return max(older, key=lambda names: order(names.release), default=GivenNames(naming=naming))


def replaced_sdk_has_aio(api: Api, out: Path | None) -> bool:
    """Return whether the SDK that is replaced in the folder `out` has asynchronous modules, as its names.json says.

    True if there is no such SDK, if its names.json can't be read, or if `out` is None.
    """
    from ovcgen.generator import distribution

    folder, package = distribution(api)
    replaced = _read(out / folder / package / FILE) if out else None
    return replaced.aio if replaced else True


def _older(api: Api, naming: str, out: Path) -> list[GivenNames]:
    """Return the names of all SDKs of earlier releases of this API below `out`."""
    known = [_read(path) for path in sorted(out.glob(f"*/*/{FILE}"))]
    return [
        names
        for names in known
        if names
        and names.api == api.title
        and names.naming == naming
        and order(names.release) < order(api.release)
        and names.is_of(api)
    ]


def _read(path: Path) -> GivenNames | None:
    """Return the names in a names.json; None if it is missing or damaged."""
    try:
        with path.open("rb") as file:
            return GivenNames.parse(file.read(LARGEST))
    except OSError:
        return None
