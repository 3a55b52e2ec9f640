"""Where the names of an earlier SDK come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ovcgen.generator.write import write
from ovcgen.workflows.build_sdk import generate, sdk_of
from ovcgen.workflows.previous_sdk_names import DamagedNames, OtherApi


def file_of(folder: Path, version: str, title: str = "Shift", **ids: str) -> Path:
    """A document with an operation for each id, by its verb."""
    item = {
        verb: {"operationId": id_, "tags": ["u"], "responses": {"200": {"description": ""}}}
        for verb, id_ in ids.items()
    }
    path = folder / f"{title} {version}.json"
    document = {"swagger": "2.0", "info": {"title": title, "version": version}, "paths": {"/u": item}}
    path.write_text(json.dumps(document))
    return path


def written(path: Path, out: Path, **more: Any) -> dict[str, str]:
    """The calls of the SDK of that document, which lies below `out` afterwards."""
    sdk = sdk_of(path, out=out, **more)
    write(sdk.files, out / sdk.folder)
    return calls(sdk.files)


def calls(files: dict[str, str]) -> dict[str, str]:
    return next(json.loads(text)["calls"] for name, text in files.items() if name.endswith("/names.json"))


def test_an_sdk_that_is_replaced_gives_its_names(tmp_path: Path) -> None:
    """The same release, generated again from a document that has grown."""
    written(file_of(tmp_path, "1", delete="user-get"), tmp_path)

    assert written(file_of(tmp_path, "1", delete="user-get", get="user.get"), tmp_path) == {
        "DELETE /u": "u.user_get",
        "GET /u": "u.get_u",
    }


def test_the_sdk_of_the_release_before_gives_its_names(tmp_path: Path) -> None:
    """The newest of the older ones, whatever lies there besides."""
    written(file_of(tmp_path, "1", delete="user-get"), tmp_path)
    written(file_of(tmp_path, "9", delete="user_get"), tmp_path)
    written(file_of(tmp_path, "2", delete="user-get", get="user.get"), tmp_path)

    found = written(file_of(tmp_path, "3", delete="user-get", get="user.get", put="user get"), tmp_path)

    assert found == {"DELETE /u": "u.user_get", "GET /u": "u.get_u", "PUT /u": "u.put_u"}


def test_names_of_another_kind_are_not_kept(tmp_path: Path) -> None:
    """Whoever asks for snake case gets it, and other APIs have no say."""
    document = file_of(tmp_path, "1", get="getUser")
    written(document, tmp_path)
    written(file_of(tmp_path, "0", title="Other", delete="user-get"), tmp_path)

    assert written(document, tmp_path, naming="pep8") == {"GET /u": "u.get_user"}
    assert calls(generate(file_of(tmp_path, "5", get="user.get", delete="user-get"), out=tmp_path / "empty")) == {
        "GET /u": "u.user_get",
        "DELETE /u": "u.delete_u",
    }


def test_the_sdk_of_another_api_is_not_replaced(tmp_path: Path) -> None:
    """One release's name for two APIs would give one folder to both."""
    written(file_of(tmp_path, "1", title="One", get="a", put="b", post="c"), tmp_path, release="7")

    with pytest.raises(OtherApi, match="holds the SDK of another API, 'One'") as raised:
        written(file_of(tmp_path, "1", title="Two", get="x"), tmp_path, release="7")

    assert "--release" in raised.value.fix
    assert written(file_of(tmp_path, "1", title="Renamed", get="a", put="b"), tmp_path, release="7")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"calls": 1}', "[" * 100_000])
def test_a_damaged_list_of_names_is_refused(text: str, tmp_path: Path) -> None:
    """An SDK whose names can't be read is not replaced: its users would get other names without a word."""
    written(file_of(tmp_path, "1", delete="user-get"), tmp_path)
    [path] = tmp_path.glob("*/*/names.json")
    path.write_text(text)

    with pytest.raises(DamagedNames, match=r"can't be read as the list of names"):
        written(file_of(tmp_path, "1", delete="user-get", get="user.get"), tmp_path)
