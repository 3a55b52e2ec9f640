"""Show the request of a call without sending it. Secrets are replaced by placeholders, which never leave the process.

A placeholder is a random word of letters and digits, so that no encoding changes it. Each placeholder represents an
environment variable.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_plus

from requests import PreparedRequest
from requests.auth import AuthBase

from ovcgen.runtime.content_type_choice import FORM
from ovcgen.runtime.known_secrets import is_secret, is_secret_header
from ovcgen.runtime.login_selection import AUTHORIZATION, target_of
from ovcgen.runtime.media_types import is_json, plain_type
from ovcgen.runtime.portal_auth import AUTHKEY, AuthKey
from ovcgen.runtime.redaction import HIDDEN
from ovcgen.runtime.upload import Multipart, Upload

if TYPE_CHECKING:
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.portal import Portal

BASIC = "OVCGEN_USERNAME:OVCGEN_PASSWORD"  # stands for two variables
VARIABLE = re.compile("[A-Z][A-Z0-9_]*")
PART_NAME = re.compile(r'name="([^"]*)"')
PART_TYPE = re.compile(r"Content-Type: ([^\r\n]*)")


class Placeholders:
    """The placeholders for the secrets of one request: random words that stand for environment variables.

    Args:
        is_portal: Whether the logins are those of a portal, whose default variables begin with OVC_. The default
            variables of other services begin with OVCGEN_.

    Attributes:
        variables: The name of the environment variable that each placeholder stands for, by placeholder. For a Basic
            login it is two names with a colon between them.
    """

    def __init__(self, *, is_portal: bool) -> None:
        self.variables: dict[str, str] = {}
        self._prefix = "OVC" if is_portal else "OVCGEN"
        self._values: dict[str, list[str]] = {}

    def word(self, variable: str) -> str:
        """Return the placeholder for an environment variable, a random word of letters and digits.

        The first call for a variable makes a new one, further calls return the same.
        """
        known = {name: word for word, name in self.variables.items()}
        if variable not in known:
            known[variable] = f"x{secrets.token_hex(12)}x"
            self.variables[known[variable]] = variable
        return known[variable]

    def are_in(self, text: str) -> bool:
        """Return whether a text contains a placeholder that this object has made."""
        return any(word in text for word in self.variables)

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """Return the parts of a text in order: ("", variable) for each placeholder, (text, "") for the text between."""
        if not self.are_in(text):
            return [(text, "")]
        split = re.split(f"({'|'.join(self.variables)})", text)
        return [("", self.variables[part]) if part in self.variables else (part, "") for part in split if part]

    def hidden(self, text: str) -> str:
        """Return a text in which each placeholder is replaced by `***`."""
        return "".join(HIDDEN if variable else piece for piece, variable in self.pieces(text))

    def login(self, login: AuthBase) -> AuthBase:
        """Return a login that writes a placeholder where `login` writes its secret. It sends no request of its own.

        A login of another kind, whose secret has no known place, is returned unchanged: its secret is in the request.
        """
        from ovcgen.runtime.basic_and_api_key import ApiKey

        source = str(getattr(login, "source", ""))
        named = source if VARIABLE.fullmatch(source) else ""
        if isinstance(login, ApiKey):
            return ApiKey(self.word(named or f"{self._prefix}_KEY"), name=login.name, place=login.place)
        if target_of(login) == AUTHKEY:
            return AuthKey(self.word("OVC_AUTHKEY"))
        if target_of(login) == AUTHORIZATION:
            return _WithPlaceholder(login, self, named or f"{self._prefix}_TOKEN")
        return login

    def value(self, name: str, text: str) -> str:
        """Return a placeholder for the secret value `text` of the field `name`.

        Its environment variable has the name of the field in capitals (`clientSecret` gives CLIENT_SECRET), or SECRET;
        a second value of the same variable gets the suffix `_2`, an equal value the same placeholder. A text that is
        empty or has a placeholder is returned unchanged.
        """
        if self.are_in(text) or not text:
            return text
        words = re.sub("[^A-Z0-9]+", "_", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()).strip("_")
        variable = words if VARIABLE.fullmatch(words) else "SECRET"
        values = self._values.setdefault(variable, [])
        if text not in values:
            values.append(text)
        number = values.index(text) + 1
        return self.word(variable if number == 1 else f"{variable}_{number}")


class _WithPlaceholder(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login that writes the same Authorization header as another one, with a placeholder for the token."""

    def __init__(self, login: AuthBase, placeholders: Placeholders, variable: str) -> None:
        self._login, self._placeholders, self._variable = login, placeholders, variable

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = getattr(self._login, "sign", self._login)(request)
        scheme, _, _ = str(signed.headers["Authorization"]).partition(" ")
        word = self._placeholders.word(BASIC if scheme == "Basic" else self._variable)
        signed.headers["Authorization"] = f"{scheme} {word}"
        return request


@dataclass(frozen=True)
class FormPart:
    """A record of one part of a multipart body.

    Attributes:
        name: Its name; "" if it has none.
        content_type: Its content type; "" if it has none.
        content: Its text, or the uploaded file, which is not read.
    """

    name: str
    content_type: str
    content: str | Upload


@dataclass(frozen=True)
class Preview:
    """A record of a request as it would be sent, with placeholders for secrets.

    Attributes:
        method: The HTTP method.
        url: The URL with its query.
        headers: The headers by name.
        body: A text, a file, or the parts of a multipart form; None for no body.
        placeholders: The placeholders in the request.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | Upload | list[FormPart] | None
    placeholders: Placeholders

    def as_json(self) -> dict[str, Any]:
        """Return the request as a dict with the keys `method`, `url`, `headers` and `body`, with `***` for secrets.

        The body is a text, also that of a form; a file is written as its name and size. None for no body.
        """
        hidden = self.placeholders.hidden
        headers = {name: hidden(value) for name, value in self.headers.items()}
        body = None if self.body is None else hidden(_body_text(self.body))
        return {"method": self.method, "url": hidden(self.url), "headers": headers, "body": body}

    def as_text(self) -> str:
        """Return the request as text with `***` for secrets: method and URL, headers, an empty line, and the body."""
        request = self.as_json()
        lines = [f"{self.method} {request['url']}", *(f"{name}: {value}" for name, value in request["headers"].items())]
        return "\n".join([*lines, *(["", request["body"]] if request["body"] is not None else [])])


def preview(portal: Portal, operation: OperationSpec, arguments: Mapping[str, Any], *, is_portal: bool) -> Preview:
    """Return the request that a call would send. Nothing is sent, not even for a login.

    Secrets, by the names of headers, fields, parameters and JSON keys, become placeholders.

    Args:
        portal: The client.
        operation: The operation to call.
        arguments: The arguments of the call by keyword; they are not changed.
        is_portal: Whether the logins are those of an OpenvCloud portal.

    Raises:
        TypeError, ArgumentError: the arguments are wrong; the call would raise the same error.
    """
    from ovcgen.client.unsent_request import unsent_request

    placeholders = Placeholders(is_portal=is_portal)
    marked = _without_path_secrets(operation, arguments, placeholders)
    request = unsent_request(portal, operation, marked, placeholders.login)
    url, question, query = str(request.url).partition("?")
    headers = {name: _header(name, str(value), placeholders) for name, value in request.headers.items()}
    body = _body(request, placeholders)
    if isinstance(body, str) and placeholders.are_in(body):  # its length is that of the placeholder
        headers.pop("Content-Length", None)
    address = url + question + _fields(query, placeholders)
    return Preview(str(request.method), address, headers, body, placeholders)


def _without_path_secrets(
    operation: OperationSpec, arguments: Mapping[str, Any], placeholders: Placeholders
) -> dict[str, Any]:
    """Return the arguments of a call with placeholders for secret path parameters.

    In the finished URL, a value of the path no longer has a name and could not be recognised as secret.
    """
    secrets_in_path = {
        parameter.key: parameter.name
        for parameter in operation.parameters
        if parameter.place == "path" and is_secret(parameter.name)
    }
    return {
        key: placeholders.value(secrets_in_path[key], str(value)) if key in secrets_in_path else value
        for key, value in arguments.items()
    }


def _fields(text: str, placeholders: Placeholders) -> str:
    """Return a query string or URL-encoded form with placeholders for secrets."""
    fields = []
    for field in text.split("&"):
        name, equals, value = field.partition("=")
        plain = unquote_plus(value)
        marked = _value(unquote_plus(name), plain, placeholders)
        fields.append(f"{name}{equals}{value if marked == plain else quote_plus(marked)}")
    return "&".join(fields)


def _value(name: str, text: str, placeholders: Placeholders) -> str:
    """Return the value of a field with a placeholder if the field is secret, or with placeholders inside its JSON."""
    return placeholders.value(name, text) if is_secret(name) else _json(text, placeholders)


def _header(name: str, value: str, placeholders: Placeholders) -> str:
    if name.lower() == "cookie":
        pairs = [pair.partition("=") for pair in value.split("; ")]
        return "; ".join(f"{key}={placeholders.value(key, text) if is_secret(key) else text}" for key, _, text in pairs)
    return placeholders.value(name, value) if is_secret_header(name) else value


def _body(request: PreparedRequest, placeholders: Placeholders) -> str | Upload | list[FormPart] | None:
    body: Any = request.body
    kind = str(request.headers.get("Content-Type", ""))
    if isinstance(body, Multipart):
        return [
            _part(heading, content, placeholders)
            for heading, content in zip(body.parts[:-1:3], body.parts[1::3], strict=True)
        ]
    text = body.decode() if isinstance(body, bytes) else body
    if not isinstance(text, str):
        return text  # type: ignore[no-any-return]  # a file, or None
    if plain_type(kind) == FORM:
        return _fields(text, placeholders)
    return _json(text, placeholders) if is_json(kind) else text


def _part(heading: bytes | Upload, content: bytes | Upload, placeholders: Placeholders) -> FormPart:
    headers = heading.decode() if isinstance(heading, bytes) else ""
    name, kind = PART_NAME.search(headers), PART_TYPE.search(headers)
    part_name = name[1] if name else ""
    value = content.decode() if isinstance(content, bytes) else content
    marked = _value(part_name, value, placeholders) if isinstance(value, str) else value
    return FormPart(part_name, kind[1] if kind else "", marked)


def _json(text: str, placeholders: Placeholders) -> str:
    """Return a JSON object or list with placeholders for the values of secret keys; any other text unchanged."""
    from ovcgen.documents.depth_limit import read_json

    try:
        value = read_json(text) if text[:1] in ("{", "[") else None
    except ValueError:
        return text
    numbers: list[str] = []
    marked = _marked(value, "", placeholders, numbers)
    if marked == value:
        return text
    written = json.dumps(marked, ensure_ascii=False, separators=(",", ":"))
    for word in numbers:
        written = written.replace(f'"{word}"', word)
    return written


def _marked(value: Any, name: str, placeholders: Placeholders, numbers: list[str]) -> Any:
    """Return a JSON value with placeholders for secrets.

    Args:
        value: The JSON value.
        name: The secret key that the value belongs to; "" if it is not secret.
        placeholders: The placeholders of the request.
        numbers: Placeholders for numbers are added to this list, so that they can be written without quotes.
    """
    if isinstance(value, dict):
        names = {key: key if is_secret(key) else name for key in value}
        return {key: _marked(each, names[key], placeholders, numbers) for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(item, name, placeholders, numbers) for item in value]
    if not name or value is None or isinstance(value, bool):
        return value
    word = placeholders.value(name, str(value))
    if not isinstance(value, str):
        numbers.append(word)
    return word


def _body_text(body: str | Upload | list[FormPart]) -> str:
    """Return a body as text. A file is shown by its name and size."""
    if isinstance(body, str):
        return body
    if isinstance(body, Upload):
        return f"<file {body.name or 'without a name'}, {body.size} bytes>"
    return "\n".join(
        f"{part.name}{f' ({part.content_type})' if part.content_type else ''}: {_body_text(part.content)}"
        for part in body
    )
