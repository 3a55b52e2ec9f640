"""Decode responses by status and media type: which of the declared ones a response is, and what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .content_type_choice import fits
from .media_types import JSON, is_json, is_text, json_text, plain_type, text_in
from .response_decoding import unreadable_body_error

if TYPE_CHECKING:
    from requests import Response  # type: ignore[import-untyped,unused-ignore]

    from .styled_operation import StyledOperation

WITHOUT_BODY = (204, 205, 304)
HEAD = "HEAD"


def decode_negotiated(operation: StyledOperation, response: Response) -> Any:
    """Return the decoded value of a successful response, or a Stream of its records if its body is still unread.

    JSON becomes a value, a sequence of JSON texts a list, text (also a stream of events that is read as a whole) a
    string, everything else bytes; for an operation that returns a file always bytes. None for a response that is
    declared to have no body, and for an empty one, unless its type is text or a declared type other than JSON. A
    response without a content type is read as the first declared one. JSON under an undeclared text type is accepted if
    JSON is declared.

    Raises:
        DecodeError: the media type is not declared, or the body is not of its type, for a call that changes nothing.
        OutcomeUnknown: the same for a call that may have changed something.
    """
    if response.raw is not None:
        from .response_streams import stream_of

        return stream_of(operation, response)
    if operation.method == HEAD or response.status_code in WITHOUT_BODY:
        return None
    content = response.content
    declared = declared_types(operation.responses, response.status_code)
    if operation.answer == "file" and declared != ():
        return content
    header = response.headers.get("Content-Type", "")
    if declared == () or (not content and not _can_be_empty(header, declared)):
        return None
    kind = header or next(iter(declared or ()), "")
    if declared is not None and not most_specific(kind, declared):
        return _of_undeclared_type(operation, response, declared)
    return _decoded(operation, response, kind)


def _can_be_empty(kind: str, declared: tuple[str, ...] | None) -> bool:
    """Return whether no bytes are a value of that content type: text, or a declared type other than JSON."""
    if is_text(kind):
        return True
    return bool(kind and declared and not is_json(kind) and most_specific(kind, declared))


def declared_types(responses: Iterable[tuple[str, tuple[str, ...]]], status: int) -> tuple[str, ...] | None:
    """Return the declared media types of a response with that status; None if no responses are declared.

    The response for the status itself counts, then the one for its range (`2XX`), then `default`. If there is none of
    them, the types of all declared responses are returned, each once. () is a response without a body.

    Args:
        responses: (status, media types) pairs, as in `StyledOperation.responses`.
        status: The HTTP status.
    """
    known = dict(responses)
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in known:
            return known[key]
    return tuple(dict.fromkeys(kind for kinds in known.values() for kind in kinds)) if known else None


def most_specific(kind: str, declared: Iterable[str]) -> str:
    """Return the declared media type that matches a content type best; "" if none does.

    The same type counts 3, a range such as `text/*` 2, `*/*` 1, and one more if it has parameters (`charset=...`) and
    the content type has all of them. Of equal ones the first is returned. Upper and lower case do not count.
    """
    found = ""
    best = 0
    for pattern in declared:
        if fits(kind, pattern):
            wanted = _parameters(pattern)
            score = 1 if plain_type(pattern) == "*/*" else 2 if "*" in pattern else 3
            score += 1 if wanted and wanted <= _parameters(kind) else 0
            found, best = (pattern, score) if score > best else (found, best)
    return found


def _parameters(kind: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in kind.split(";")[1:])


def _of_undeclared_type(operation: StyledOperation, response: Response, declared: tuple[str, ...]) -> Any:
    """Return the value of JSON under a wrong text type; raise an error with the bytes for everything else."""
    kind = plain_type(response.headers.get("Content-Type", ""))
    if any(is_json(pattern) for pattern in declared) and is_text(kind):
        try:
            return JSON.decode(json_text(response.content))
        except (ValueError, RecursionError):
            pass
    listed = " or ".join(declared)
    raise unreadable_body_error(operation, response, f"is {kind or 'without a type'}, and not {listed}")


def _decoded(operation: StyledOperation, response: Response, kind: str) -> Any:
    content = response.content
    try:
        if is_json(kind):
            return JSON.decode(json_text(content))
        from .record_parsers import EVENT_STREAM, parser_for  # JSON does not need it

        parser = parser_for(kind)
        if parser is not None and plain_type(kind) != EVENT_STREAM:
            return [*parser.feed(content), *parser.close()]
    except (ValueError, RecursionError):
        raise unreadable_body_error(operation, response) from None
    return text_in(content, kind) if is_text(kind) else content
