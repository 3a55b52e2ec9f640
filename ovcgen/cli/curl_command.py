"""Write a request as a curl command line for a POSIX shell. Secrets are references to environment variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote_plus

from ovcgen.cli.request_preview import BASIC, FormPart, Placeholders, Preview
from ovcgen.errors import UsageError
from ovcgen.runtime.content_type_choice import FORM
from ovcgen.runtime.upload import Upload

CONTINUED = " \\\n  "
# headers that curl writes itself, or that describe our own connection
CURLS_OWN = ("accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent")
GLOBBED = re.compile(r"[\[\]{}]")  # characters of an address that curl would expand
BRACED_FOR_NOTHING, UNBRACED = re.compile(r"\$\{(\w+)\}(?!\w)"), r"$\1"
SPECIAL = re.compile(r'[\\"$`!]')  # characters that keep a meaning in double quotes


class NoCurl(UsageError):
    """An error: the request can't be written as a curl command line.

    Args:
        reason: Why, as a phrase such as `it holds a null character`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The request can't be written for curl: {reason}.", fix="--dry-run shows it.")


def curl(
    request: Preview,
    files: Mapping[str, Path],
    *,
    verify: bool | str = True,
    cert: str | tuple[str, str] | None = None,
) -> str:
    """Return a request as a curl command line for a shell, with one option per line, joined by backslashes.

    Nothing is run. Headers that curl writes by itself are left out. Secrets are written as environment variables, such
    as `$OVC_TOKEN`.

    Args:
        request: The request, with placeholders for secrets.
        files: The paths of uploaded files, by their names without folders.
        verify: The path of a CA bundle; True for the default one of curl. It counts for https only, as `cert` does.
        cert: The client certificate: one path, or a pair (certificate, key); None for none.

    Raises:
        NoCurl: the request has a null character, or a body that is neither text in UTF-8 nor one of `files`.
    """
    address, secret_fields = _address(request)
    word = Shell(request.placeholders).word
    body = list(_body(request, files))
    method = "" if request.method == ("POST" if body else "GET") else f"-X {request.method} "
    lines = [f"curl {method}{'-g ' if GLOBBED.search(address) else ''}{word(address)}"]
    lines += [_header(name, value, request) for name, value in request.headers.items() if _is_needed(name, value)]
    lines += ["-G"] if secret_fields and not body else []
    lines += [f"{'--url-query' if body else '--data-urlencode'} {word(field)}" for field in secret_fields]
    trust = _trust(verify, cert) if request.url.startswith("https:") else ()
    return CONTINUED.join([*lines, *body, *trust])


def variables(request: Preview) -> list[str]:
    """Return the names of the environment variables that stand for the secrets of a request; [] if it has none.

    A Basic login stands for two variables. They have to be set before the command line of `curl` is run.
    """
    return [name for names in request.placeholders.variables.values() for name in names.split(":")]


def _address(request: Preview) -> tuple[str, list[str]]:
    """Return the URL without the query fields that hold secrets, and these fields with decoded values."""
    address, question, query = request.url.partition("?")
    fields = query.split("&") if question else []
    is_secret = request.placeholders.are_in
    kept = "&".join(field for field in fields if not is_secret(field))
    return f"{address}?{kept}" if kept else address, [_decoded(field) for field in fields if is_secret(field)]


def _decoded(field: str) -> str:
    """Return a URL-encoded field for curl's --data-urlencode, which needs the value decoded."""
    name, _, value = field.partition("=")
    return f"{name}={unquote_plus(value)}"


def _trust(verify: bool | str, cert: str | tuple[str, str] | None) -> Iterator[str]:
    """Yield curl's options for the CA bundle and the client certificate."""
    if isinstance(verify, str):
        yield f"--cacert {shlex.quote(verify)}"
    paths = (cert,) if isinstance(cert, str) else cert or ()
    for option, path in zip(("--cert", "--key"), paths, strict=False):
        yield f"{option} {shlex.quote(path)}"


def _is_needed(name: str, value: str) -> bool:
    """Return whether a header needs a -H option, because curl does not write it by itself."""
    is_form = value == FORM or value.startswith("multipart/form-data")
    return name.lower() not in CURLS_OWN and not (name.lower() == "content-type" and is_form)


def _header(name: str, value: str, request: Preview) -> str:
    if request.placeholders.variables.get(value.removeprefix("Basic ")) == BASIC:
        return '--user "$OVCGEN_USERNAME:$OVCGEN_PASSWORD"'
    return f"-H {Shell(request.placeholders).word(f'{name}: {value}' if value else f'{name};')}"


def _body(request: Preview, files: Mapping[str, Path]) -> Iterator[str]:
    """Yield curl's options for the body."""
    word = Shell(request.placeholders).word
    body = request.body
    if isinstance(body, Upload):
        yield f"--data-binary {word(f'@{_path(body, files)}')}"
    elif isinstance(body, list):
        yield from (_form_option(part, files, request.placeholders) for part in body)
    elif body and request.headers.get("Content-Type") == FORM:
        yield from (f"--data-urlencode {word(_decoded(field))}" for field in body.split("&"))
    elif body:
        yield f"--data-raw {word(body)}"


def _form_option(part: FormPart, files: Mapping[str, Path], placeholders: Placeholders) -> str:
    word = Shell(placeholders).word
    kind = f";type={part.content_type}" if part.content_type else ""
    if isinstance(part.content, Upload):
        return f"-F {word(f'{part.name}=@{_quoted(str(_path(part.content, files)))}{kind}')}"
    if not kind:
        return f"--form-string {word(f'{part.name}={part.content}')}"
    return f"-F {word(f'{part.name}={_quoted(part.content)}{kind}')}"


def _quoted(text: str) -> str:
    """Return a text in double quotes, escaped for curl's -F."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _path(file: Upload, files: Mapping[str, Path]) -> Path:
    if file.name not in files:
        raise NoCurl("its body is no file, and no text in UTF-8")
    return files[file.name]


class Shell:
    """Writes words of a POSIX shell in which environment variables (`$NAME`) replace the placeholders of secrets."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders

    def word(self, text: str) -> str:
        """Return a text as one quoted word of a shell, with `$NAME` for each placeholder.

        Control characters are written as `$'\\x..'`, which bash, zsh and ksh understand.

        Raises:
            NoCurl: the text has a null character.
        """
        if "\0" in text:
            raise NoCurl("it holds a null character")
        pieces = self._placeholders.pieces(text)
        if not any(variable for _, variable in pieces):
            return _literal(text)
        if any(SPECIAL.search(piece) or not piece.isprintable() for piece, _ in pieces):
            return "".join(f'"${variable}"' if variable else _literal(piece) for piece, variable in pieces)
        written = "".join(f"${{{variable}}}" if variable else piece for piece, variable in pieces)
        return f'"{BRACED_FOR_NOTHING.sub(UNBRACED, written)}"'


def _literal(text: str) -> str:
    """Return a text as one shell word. Control characters become $'...' escapes, which bash, zsh and ksh understand."""
    if text.replace("\n", "").isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def _escaped(letter: str) -> str:
    if letter in "'\\":
        return f"\\{letter}"
    return letter if letter.isprintable() else "".join(f"\\x{byte:02x}" for byte in letter.encode())
