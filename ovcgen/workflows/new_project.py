"""Begin a project: the file with its settings, and a first script that runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ovcgen.errors import UsageError
from ovcgen.files import replace_file, write_new
from ovcgen.model.api import Api, Operation
from ovcgen.releases.fetch_catalog import without_secrets
from ovcgen.runtime.adapter import checked_url
from ovcgen.runtime.urls import split_url
from ovcgen.workflows.resolve import api_of, wants_yaml

SETTINGS, PYPROJECT, SCRIPT = "ovcgen.toml", "pyproject.toml", "first_call.py"
OWN_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*[\"']?ovcgen\b", re.MULTILINE)
NOTE = "# The portals and folders of this project, for ovcgen. Logins are never kept here."
LOGINS = {
    "itsyouonline": ("CLIENT_ID and CLIENT_SECRET", "ovcgen.ItsYouOnline.from_env()"),
    "password": (
        "OVC_USERNAME and OVC_PASSWORD",
        'ovcgen.Credentials(os.environ["OVC_USERNAME"], os.environ["OVC_PASSWORD"])',
    ),
}
PORTAL_SCRIPT = '''"""List the cloudspaces of the portal. The login is read from {variables}."""

{imports}
URL = {url}

with ovcgen.connect(URL, auth={login}) as portal:
    for space in portal.cloudapi.cloudspaces.list():
        print(space["id"], space["name"], space["status"])
'''
DOCUMENT_SCRIPT = '''"""Make a first call of {title}."""

{imports}
SPEC = {spec}
URL = {url}

with ovcgen.connect(URL, spec=SPEC) as client:
    {call}
'''


class ProjectExists(UsageError):
    """An error: a file that would be written already exists, or pyproject.toml has a table `[tool.ovcgen]`."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already.", fix="Change it by hand, or begin in another folder.")


class OutsideProject(UsageError):
    """An error: the document is not in the folder of the project or below.

    Args:
        source: The path of the document.
        folder: The folder of the project.
    """

    def __init__(self, source: str, folder: Path) -> None:
        super().__init__(f"{source} is not in the folder {folder}.", fix="Put the document beside the project's file.")


def begin_project(source: str, folder: Path, *, name: str = "main", login: str = "itsyouonline") -> list[Path]:
    """Write settings and a first script for a portal's URL or a document's file or URL.

    Return the paths of the settings and of the script (first_call.py). The settings are written to ovcgen.toml, or are
    added to a pyproject.toml that exists. A document is read, and downloaded if need be; a portal is not asked.

    Args:
        source: The URL of the portal, or the file or URL of the document.
        folder: The folder of the project, which has to exist.
        name: The name of the profile.
        login: The kind of login that the script uses: a key of LOGINS. Ignored for documents of other services.

    Raises:
        ProjectExists: the settings or the script already exist. Nothing was written.
        OutsideProject: the document is not in the folder.
        ArgumentError, TransportError, UsageError, SpecRefused: the source can't be used.
        KeyError: `login` is no key of LOGINS.
        OSError: a file can't be written.
    """
    shared = folder / PYPROJECT
    is_shared = shared.is_file()
    settings = shared if is_shared else folder / SETTINGS
    before = shared.read_text("utf-8").rstrip() if is_shared else ""
    taken = OWN_TABLE.search(before) if is_shared else settings.exists()
    for path, is_taken in ((settings, taken), (folder / SCRIPT, (folder / SCRIPT).exists())):
        if is_taken:
            raise ProjectExists(path)
    setting, script = _of_portal(source, login) if _is_portal(source) else _of_document(source, folder)
    table = _settings(name, setting, "tool.ovcgen." if is_shared else "")
    script_path = folder / SCRIPT
    write_new(script_path, script.encode())
    if is_shared:
        replace_file(shared, (f"{before}\n\n{table}" if before else table).encode())
    else:
        write_new(settings, table.encode())
    return [settings, script_path]


def _settings(name: str, setting: str, prefix: str) -> str:
    head = f"[{prefix.rstrip('.')}]\n" if prefix else ""
    return f"{NOTE}\n{head}profile = {json.dumps(name)}\n\n[{prefix}profiles.{name}]\n{setting}\n"


def _is_portal(source: str) -> bool:
    """Return whether the source is a portal's address, and not a file or the URL of a document."""
    path = split_url(source).path
    return source.startswith(("http://", "https://")) and not (path.endswith(".json") or wants_yaml(path))


def _of_portal(url: str, login: str) -> tuple[str, str]:
    """Return the text of the settings and of the script for a portal."""
    clean = checked_url(without_secrets(url), "a portal")
    variables, expression = LOGINS[login]
    imports = "import os\n\nimport ovcgen\n" if "os." in expression else "import ovcgen\n"
    script = PORTAL_SCRIPT.format(variables=variables, imports=imports, url=json.dumps(clean), login=expression)
    return f"url = {json.dumps(clean)}", script


def _of_document(source: str, folder: Path) -> tuple[str, str]:
    """Return the text of the settings and of the script for the document of another service."""
    is_url = "://" in source
    if not is_url and not Path(source).resolve().is_relative_to(folder.resolve()):
        raise OutsideProject(source, folder)
    api = api_of(source if is_url else Path(source))
    place = source if is_url else Path(source).resolve().relative_to(folder.resolve()).as_posix()
    quoted = json.dumps(place)
    script = DOCUMENT_SCRIPT.format(
        title=re.sub(r"[^\w .-]", "", api.title) or "the service",
        imports="import ovcgen\n" if is_url else "from pathlib import Path\n\nimport ovcgen\n",
        spec=quoted if is_url else f"Path(__file__).parent / {quoted}",
        url=_address(api),
        call=_first_call(api),
    )
    return f"spec = {quoted}", script


def _address(api: Api) -> str:
    """Return the Python literal of the script's address, with a comment; `""` if the document declares an address."""
    return '""  # as the document declares' if api.servers or api.host else '"http://127.0.0.1:8000"  # the address'


def _first_call(api: Api) -> str:
    """Return Python code that calls a GET operation without arguments; if there is none, code that lists the groups."""
    simple = [operation for operation in api.callable_operations if _is_simple(operation)]
    if simple:
        return f"print(client.{min(simple, key=lambda operation: len(operation.path)).dotted}())"
    return 'print("groups of operations:", *client._groups)'


def _is_simple(operation: Operation) -> bool:
    return operation.method == "GET" and not any(parameter.needed for parameter in operation.parameters)
