"""Find the operation of each recorded call, and the recorded responses that can be compared with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ovcgen.documents.depth_limit import TooDeep, read_json
from ovcgen.documents.document import Json
from ovcgen.model.api import Api, Operation, Response
from ovcgen.model.media import status_range
from ovcgen.recordings.cassette_reader import Interaction

ASYNC = re.compile(r"""(?:^|[&?"])_async(?=["=&]|$)""")
TASK = "system.task.get"  # returns the result of any other operation
WORDS = ("text/", "application/yaml", "application/xhtml+xml")  # media types in which portals format values for people


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """A record of one recorded response that can be compared with what its operation declares.

    Attributes:
        operation: The operation that was called.
        response: The declared response: if it has a schema, the one for the recorded status, else for its range
            (`2XX`), else `default` in OpenAPI 3. Otherwise the first success or `default`, those with a schema before
            others. None if the operation declares neither.
        value: The parsed JSON body; None for a file.
        file: Whether the body is a file. Its bytes are not kept.
    """

    operation: Operation
    response: Response | None
    value: Json
    file: bool = False


class Skipped(Exception):
    """An exception: a recorded call can't be compared. Its message is the reason, such as `no success`."""


class ResponseMatcher:
    """A finder of the operations of one API that were called in recordings, and of the responses to compare."""

    def __init__(self, api: Api) -> None:
        self._release = api.release
        self._base = _plain(api.base_path).rstrip("/")
        self._places = {
            (operation.method, _plain(path)): operation
            for operation in api.operations
            for path in (operation.path, operation.called_path)
        }

    def comparable_response(self, recorded: Interaction) -> RecordedResponse:
        """Return the response of a recorded call, with the operation that was called and the response that it declares.

        Raises:
            Skipped: the call has no operation in this release, starts or reads a task, has no 2xx status, has no body
                and a status other than 200, or returned text, YAML or a body that is not JSON (or is nested too deeply)
                though its media type is JSON or missing.
        """
        operation = self.operation(recorded)
        if operation is None:
            raise Skipped(f"no operation of {self._release}")
        if operation.dotted == TASK:
            raise Skipped("answer of a task")
        if ASYNC.search(recorded.sent) or ASYNC.search(recorded.url):
            raise Skipped("start of a task")
        if not 200 <= recorded.status < 300:
            raise Skipped("no success")
        if recorded.kind.startswith(WORDS) or not (recorded.body or recorded.status == 200):
            raise Skipped("no JSON")
        response = _response(operation, recorded.status)
        if recorded.kind not in ("", "application/json") and not recorded.kind.endswith("+json"):
            return RecordedResponse(operation, response, None, file=True)
        return RecordedResponse(operation, response, _value(recorded.body))

    def operation(self, recorded: Interaction) -> Operation | None:
        """Return the operation that was called; None if the release has none with that method and path.

        Any path before the base path is ignored, as are double and trailing slashes. An operation with exactly this
        path comes before one with a matching template such as `/pets/{id}`. A URL that can't be parsed has no
        operation.
        """
        try:
            path = _plain(urlsplit(recorded.url).path)
        except ValueError:
            return None
        found = re.finditer(re.escape(self._base) + "(?=/)", path)
        tails = [path[match.end() :] for match in found] if self._base else [path]
        for tail in tails:
            if operation := self._places.get((recorded.method, tail)):
                return operation
        templates = [
            operation
            for (verb, _), operation in self._places.items()
            if verb == recorded.method and "{" in operation.path
        ]
        return next((template for template in templates if any(_fits(template.path, tail) for tail in tails)), None)


def _plain(path: str) -> str:
    """Return a path without double and trailing slashes."""
    return "/" + "/".join(step for step in path.split("/") if step)


def _fits(template: str, path: str) -> bool:
    """Return whether a path matches a template such as `/pets/{id}`."""
    wanted, given = _plain(template).split("/"), path.split("/")
    pairs = zip(wanted, given, strict=False)
    return len(wanted) == len(given) and all("{" in step or step == other for step, other in pairs)


def _response(operation: Operation, status: int) -> Response | None:
    """Return the declared response for a status, its range, or in OpenAPI 3 by default.

    Without one it is any success, preferably one with a schema; else None.
    """
    successes = [
        response for response in operation.responses if response.status.startswith("2") or response.status == "default"
    ]
    shaped = [success for success in successes if success.schema is not None]
    keys = (str(status), status_range(str(status)), *(["default"] if operation.openapi else []))
    declared = [response for key in keys for response in shaped if response.status == key]
    return next(iter([*declared, *shaped, *successes]), None)


def _value(body: bytes) -> Json:
    """Return the parsed body. Raises Skipped if it is not JSON."""
    try:
        return read_json(body)
    except TooDeep:
        raise Skipped("nested too deeply") from None
    except ValueError:
        raise Skipped("no JSON") from None
