"""Check recorded requests against the model of an API, whatever version of Swagger or OpenAPI describes it.

The checks are those of the mock, which undo styles, media types and forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.media import FORM, JSON
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Map, Record
from ovcgen.recordings.cassette_reader import Interaction
from ovcgen.runtime.content_type_choice import fits
from ovcgen.runtime.parameter_styles import DEEP
from ovcgen.simulator.mock.path_index import Match, PathIndex
from ovcgen.simulator.mock.problem_details import RequestRefused
from ovcgen.simulator.mock.request_checks import RequestChecks, form_fields
from ovcgen.simulator.request import HttpRequest

BODY = "body"
NOT_RECORDED = ("header", "cookie")  # recordings keep few of them


class MatchedRequest(NamedTuple):
    """A record of a recorded request and the operation that it calls.

    Attributes:
        request: The request, with the path as the API has it; a content type that was not recorded is guessed from the
            body.
        match: The operation, with the path parameters that the path contains.
    """

    request: HttpRequest
    match: Match

    @property
    def operation(self) -> Operation:
        """Return the operation that the request calls."""
        return self.match.operation


class RecordedRequestChecker:
    """A checker of recorded requests against one API: it finds their operations and what is wrong with them."""

    def __init__(self, api: Api) -> None:
        self._resolver = Resolver(api.schemas)
        self._index = PathIndex(api)
        self._checks = RequestChecks(api, self._resolver)
        self._base = api.base_path.rstrip("/")
        self._keys = {key.parameter for key in api.security_definitions if key.location == "query"}

    def matched(self, recorded: Interaction) -> MatchedRequest | None:
        """Return a request with its operation; None if there is none.

        The request may have been recorded under another base path: the path is tried as it is, then with ever fewer of
        its first segments behind the base path of the API. A URL that can't be parsed has no operation.
        """
        try:
            url = urlsplit(recorded.url)
        except ValueError:
            return None
        for path in _paths(url.path, self._base):
            match = self._index.find(recorded.method, path, url.query)
            if match is not None:
                return MatchedRequest(_request(recorded, path, url.query), match)
        return None

    def request_errors(self, matched: MatchedRequest) -> dict[str, str]:
        """Return what is wrong with a request, by parameter name, or `body`; {} for a valid request.

        Only the first error of each name is returned. Headers and cookies that are absent count as not recorded, so
        they are no error even if they are required. Undeclared fields are no error (see `undeclared`). Logins are not
        checked.
        """
        try:
            errors = self._checks.errors(matched.match, matched.request)
        except RequestRefused as refused:
            return {BODY: str(refused).rstrip(".")}
        found: dict[str, str] = {}
        sent = {name for name, _ in matched.request.headers}
        for error in errors:
            if error.location in NOT_RECORDED and error.name.lower() not in sent:
                continue
            at = f"at {error.pointer}: " if error.pointer else ""
            found.setdefault(error.name or BODY, f"{at}{error.message}")
        return found

    def undeclared(self, matched: MatchedRequest) -> set[str]:
        """Return the names of query and form fields of a request that its operation does not declare.

        Upper and lower case count. The parameters of API keys are left out. A parameter in `querystring` declares all
        query fields, and a form with encodings, or without a schema for an object, all form fields.
        """
        sent = [name for name, _ in parse_qsl(matched.request.query, keep_blank_values=True)]
        parameters = [known for known in matched.operation.parameters if known.location in ("query", "querystring")]
        found = {name for name in sent if not any(self._has_field(parameter, name) for parameter in parameters)}
        return (found - self._keys) | set(self._undeclared_form_fields(matched))

    def _has_field(self, parameter: Parameter, name: str) -> bool:
        """Return whether a field of the query belongs to a parameter."""
        schema = self._resolver.resolved(parameter.schema)
        if parameter.location == "querystring":
            return True
        if parameter.style == DEEP:
            return name.startswith(f"{parameter.name}[")
        if name == parameter.name or not parameter.explode or parameter.content_type:
            return name == parameter.name
        return isinstance(schema, Map) or (
            isinstance(schema, Record) and name in {member.name for member in schema.properties}
        )

    def _undeclared_form_fields(self, matched: MatchedRequest) -> Iterator[str]:
        """Yield the names of form fields that no property of the form has. Forms with encodings are left out."""
        operation, kind = matched.operation, matched.request.header("content-type") or ""
        fields = {parameter.name for parameter in operation.parameters if parameter.location == "formData"}
        if operation.body is not None:
            contents = [content for content in operation.body.contents if fits(kind, content.media_type)]
            schema = self._resolver.resolved(contents[0].schema) if contents else None
            if not isinstance(schema, Record) or contents[0].encodings:
                return
            fields = {member.name for member in schema.properties}
        yield from (name for name in form_fields(matched.request) if name not in fields)


def _paths(path: str, base: str) -> Iterator[str]:
    """Yield the path, and the path with other base paths replaced by `base`, the longest rest first."""
    yield path
    segments = path.split("/")[1:]
    for start in range(len(segments)):
        yield f"{base}/{'/'.join(segments[start:])}"


def _request(recorded: Interaction, path: str, query: str) -> HttpRequest:
    """Return a recorded request. If its content type is not recorded, the body decides."""
    content = recorded.content or recorded.sent.encode()
    headers = dict(recorded.headers)
    if content and "content-type" not in headers:
        headers["content-type"] = JSON if content.lstrip()[:1] in (b"{", b"[", b'"') else FORM
    return HttpRequest(recorded.method, path, query, tuple(sorted(headers.items())), content)
