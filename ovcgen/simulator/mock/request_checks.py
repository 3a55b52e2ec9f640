"""Check whether requests fit the operation that they call: logins, parameters, content types and bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

from ovcgen.documents.depth_limit import read_json
from ovcgen.model.api import Api, Content, Operation, Parameter, SecurityDefinition
from ovcgen.model.media import FORM, FORMS, MULTIPART
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, File, Schema
from ovcgen.model.value_validation import SchemaValidator
from ovcgen.runtime.content_type_choice import fits
from ovcgen.runtime.media_types import is_json, plain_type, text_in
from ovcgen.runtime.record_parsers import is_sequential
from ovcgen.simulator.mock.parameter_decoding import ABSENT, ParameterReader, object_of
from ovcgen.simulator.mock.path_index import Match
from ovcgen.simulator.mock.problem_details import RequestError, RequestRefused, errors_of
from ovcgen.simulator.request import HttpRequest, parts_of

Json = Any
NO_JSON = object()
AUTHENTICATIONS = {"basic": "Basic", "bearer": "Bearer", "oauth2": "Bearer", "openIdConnect": "Bearer"}


class RequestChecks:
    """A checker of requests to the operations of one API."""

    def __init__(self, api: Api, resolver: Resolver) -> None:
        self._resolver = resolver
        self._validator = SchemaValidator(resolver, is_request=True)
        self._schemes = {scheme.name: scheme for scheme in api.security_definitions}

    def check(self, match: Match, request: HttpRequest) -> None:
        """Check that a request fits the operation that it calls: login, parameters, content type and body.

        Any key, token or password is accepted as a login.

        Raises:
            RequestRefused: 401 without a login that the operation needs, 415 for a content type that is not declared,
                and 400 for wrong values (422 if the operation declares 422 and not 400).
        """
        self._check_login(match.operation, request)
        errors = self.errors(match, request)
        if errors:
            status = self._status(match.operation)
            sentences = "; ".join(error.sentence for error in errors[:3])
            more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
            raise RequestRefused(status, f"{sentences}{more}.", errors=errors)

    def errors(self, match: Match, request: HttpRequest) -> list[RequestError]:
        """Return the errors in the parameters and the body of a request; [] for a valid one. Its login is not checked.

        Parameters that the operation does not declare are no errors. Of bodies, JSON, forms and texts are checked.

        Raises:
            RequestRefused: the content type is not declared (the response is 415).
        """
        operation = match.operation
        content = self._content(operation, request)
        errors = list(self._parameter_errors(match, request))
        if operation.body is not None:
            errors += self._body_errors(operation.body, content, request)
        return errors

    def _status(self, operation: Operation) -> int:
        declared = {response.status for response in operation.responses}
        return 422 if "422" in declared and "400" not in declared else 400

    def _check_login(self, operation: Operation, request: HttpRequest) -> None:
        """Raise RequestRefused unless the request has all credentials of one alternative. Any value is accepted."""
        missing = [self._missing(alternative, request) for alternative in operation.security]
        if not missing or any(not schemes for schemes in missing):
            return
        wanted = " or ".join(" and ".join(map(_credential, schemes)) for schemes in missing[:5])
        challenges = dict.fromkeys(
            AUTHENTICATIONS.get(scheme.kind, scheme.http_scheme.title()) for schemes in missing for scheme in schemes
        )
        headers = tuple(("WWW-Authenticate", f"{name} realm=mock") for name in challenges if name.isalnum())
        raise RequestRefused(401, f"The request has no login. Send {wanted}.", headers=headers)

    def _missing(
        self, alternative: Iterable[tuple[str, tuple[str, ...]]], request: HttpRequest
    ) -> list[SecurityDefinition]:
        """Return the security schemes of one alternative whose credentials the request lacks."""
        schemes = [self._schemes[name] for name, _ in alternative if name in self._schemes]
        return [scheme for scheme in schemes if not _has_credentials(scheme, request)]

    def _content(self, operation: Operation, request: HttpRequest) -> Content | None:
        """Return the declared content for the body; None without a body, or if every content type is accepted.

        Raises:
            RequestRefused: the content type is not declared.
        """
        declared = _declared_contents(operation)
        if not request.body or not declared:
            return None
        sent = request.header("content-type") or ""
        fitting = [content for content in declared if fits(sent, content.media_type)]
        if not fitting and any(is_json(content.media_type) for content in declared) and not sent:
            fitting = [content for content in declared if is_json(content.media_type)]
        if not fitting:
            listed = ", ".join(content.media_type for content in declared[:5])
            raise RequestRefused(415, f"The body is {sent[:100]!a}. {operation.place} takes {listed}.")
        return min(fitting, key=lambda content: content.media_type.count("*"))

    def _parameter_errors(self, match: Match, request: HttpRequest) -> Iterable[RequestError]:
        operation = match.operation
        is_form = any(parameter.location == "formData" for parameter in operation.parameters)
        form = form_fields(request) if is_form else {}
        reader = ParameterReader(request, match.values, self._resolver, form)
        for parameter in operation.parameters:
            if parameter.contents:
                continue
            if parameter.location == "body":
                yield from self._swagger_body_errors(operation, parameter, request)
                continue
            value = reader.value(parameter)
            if value is ABSENT:
                if parameter.required and not parameter.login:
                    yield RequestError(parameter.location, parameter.name, "", "it is missing")
                continue
            yield from errors_of(
                parameter.location, parameter.name, self._validator.violations(parameter.schema, value)
            )

    def _swagger_body_errors(
        self, operation: Operation, parameter: Parameter, request: HttpRequest
    ) -> Iterable[RequestError]:
        bodies = [parameter for parameter in operation.parameters if parameter.location == "body"]
        kind = request.header("content-type") or "application/json"
        content = Content(plain_type(kind), parameter.schema)
        if len(bodies) == 1:
            yield from self._body_errors(parameter, content, request)

    def _body_errors(
        self, parameter: Parameter, content: Content | None, request: HttpRequest
    ) -> Iterable[RequestError]:
        if not request.body:
            return [RequestError("body", "", "", "it is missing")] if parameter.required else []
        if content is None:
            return []
        kind = plain_type(request.header("content-type") or content.media_type)
        schema = _whole(content)
        if is_json(kind) and not is_sequential(kind):
            value = _json_of(request.body)
            if value is NO_JSON:
                return [RequestError("body", "", "", "it is no JSON")]
            return errors_of("body", "", self._validator.violations(schema, value))
        if kind in FORMS:
            if content.encodings:
                return []  # parts with encodings of their own
            value = object_of(schema, form_fields(request), self._resolver)
            return errors_of("body", "", self._validator.violations(schema, value))
        if kind == "text/plain" and not isinstance(schema, Array):
            value = text_in(request.body, kind)
            resolved = self._resolver.resolved(schema)
            is_text = getattr(resolved, "kind", "") == "string"
            return errors_of("body", "", self._validator.violations(schema, value)) if is_text else []
        return []


def _declared_contents(operation: Operation) -> list[Content]:
    """Return the contents that the body of an operation can have; [] if every content type is accepted."""
    if operation.openapi:
        return list(operation.body.contents) if operation.body else []
    locations = {parameter.location for parameter in operation.parameters}
    schema: Schema = File()
    kinds: list[str] = list(operation.consumes)
    if "formData" in locations:
        kinds = [kind for kind in kinds if plain_type(kind) in FORMS] or list(FORMS)
    elif "body" not in locations:
        return []
    return [Content(kind, schema) for kind in kinds or ["application/json"]]


def _whole(content: Content) -> Schema:
    """Return the schema of the whole body: for a stream, the schema of the list of its items."""
    return Array(content.schema) if content.streams else content.schema


def _json_of(body: bytes) -> Json:
    try:
        return read_json(body)
    except (ValueError, UnicodeDecodeError):
        return NO_JSON


def _has_credentials(scheme: SecurityDefinition, request: HttpRequest) -> bool:
    """Return whether a request has the credentials of a security scheme. Always True for mutual TLS."""
    authorization = request.header("authorization") or ""
    word, _, secret = authorization.partition(" ")
    if scheme.kind == "apiKey":
        name = scheme.parameter or ""
        match scheme.location:
            case "query":
                return any(key == name and value for key, value in parse_qsl(request.query))
            case "cookie":
                cookies = (request.header("cookie") or "").split(";")
                return any(cookie.strip().startswith(f"{name}=") for cookie in cookies)
        return bool(request.header(name))
    if scheme.kind == "mutualTLS":
        return True
    wanted = AUTHENTICATIONS.get(scheme.kind, scheme.http_scheme)
    return bool(secret.strip()) and word.lower() == wanted.lower()


def _credential(scheme: SecurityDefinition) -> str:
    if scheme.kind == "apiKey":
        return f"the key {scheme.parameter} ({scheme.location})"
    return f"Authorization: {AUTHENTICATIONS.get(scheme.kind, scheme.http_scheme.title())} ..."


def form_fields(request: HttpRequest) -> Mapping[str, list[Json]]:
    """Return the values of each form field by name: bytes for files, else texts. Empty if the body is not a form.

    Forms are URL-encoded or multipart. Blank values are kept.
    """
    kind = plain_type(request.header("content-type") or "")
    found: dict[str, list[Json]] = {}
    if kind == FORM:
        text = request.body.decode("utf-8", "replace")
        for name, value in parse_qsl(text, keep_blank_values=True):
            found.setdefault(name, []).append(value)
    elif kind == MULTIPART:
        for name, part in chain(*parts_of(request)):
            found.setdefault(name, []).append(part)
    return found
