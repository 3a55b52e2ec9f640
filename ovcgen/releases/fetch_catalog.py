"""Fetch the catalog of a portal: one document per group, checked and merged into one spec.

All network access is behind the callable `Ask`. Its responses are not trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlunsplit

from ovcgen.documents import actors_not_loaded, check, ordered, parse
from ovcgen.documents.document import Document, Json, canonical, sha256_of
from ovcgen.documents.errors import EmptyCatalog, GroupConflict, HtmlPage, printable
from ovcgen.model.release_names import valid_release
from ovcgen.releases.spec import Origin, Spec
from ovcgen.runtime.redaction import url_without_secrets
from ovcgen.runtime.urls import split_url

GROUPS = ("cloudapi",)

# group -> content type and bytes of the response
Ask = Callable[[str], tuple[str, bytes]]


def catalog_fields(group: str) -> dict[str, str]:
    """Return the arguments, by name, for which a portal's operation `prepareCatalog` returns a group's catalog."""
    return {"group": group, "format": "jsonraw"}


def fetch(
    ask: Ask,
    url: str,
    groups: Iterable[str] = GROUPS,
    *,
    release: str,
    allow_partial: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Spec:
    """Return the catalog of these groups as a spec: one request per group, checked and merged, with its keys sorted.

    Args:
        ask: Sends the request for the catalog of a group, and returns the content type and the bytes of the response.
            Errors that it raises pass through.
        url: The URL of the portal; user, password, query and fragment are left out of the spec.
        groups: The names of the groups, in any order; a duplicate is asked for once.
        release: The name of the release.
        allow_partial: Whether to accept a catalog in which the portal could not load some actors. They are named in the
            origin's note.
        now: Returns the time to record, as a datetime with a time zone.

    Raises:
        BadReleaseName: `release` can't be the name of a release.
        HtmlPage: the portal sent an HTML page, which is a SpecRefused.
        GroupConflict, EmptyCatalog: two groups contradict each other, or there are no paths; both are SpecRefused.
        SpecRefused: a catalog is incomplete, invalid, unsafe or too large.
    """
    valid_release(release)
    portal = without_secrets(url)
    wanted = tuple(sorted(set(groups)))
    catalogs = [_catalog(ask, group, portal, allow_partial=allow_partial) for group in wanted]
    document = ordered(merged(catalogs, portal))
    origin = Origin(
        kind="downloaded",
        sha256=sha256_of(document),
        groups=wanted,
        portal=portal,
        date=now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        note=_note(actors_not_loaded(document)),
    )
    return Spec(document, release, origin)


def without_secrets(url: str) -> str:
    """Return a portal's URL, to be written to files, without user, password, query, fragment and final slashes."""
    parts = split_url(url)
    if not parts.netloc:  # not a URL
        return url_without_secrets(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))


def merged(catalogs: Iterable[Document], source: str) -> Document:
    """Return one new document with the contents of all catalogs. `source` names the portal in error messages.

    Equal parts are kept once, and different texts of `info.description` are joined by line breaks. Tags are merged by
    name.

    Raises:
        GroupConflict: two catalogs have different values for the same path, definition, tag or other key.
        EmptyCatalog: the result has no paths.
    """
    document: Document = {}
    for catalog in catalogs:
        document = _merged(document, catalog, source)
    if not document.get("paths"):
        raise EmptyCatalog(f"The catalog of {source}")
    return document


def _catalog(ask: Ask, group: str, portal: str, *, allow_partial: bool) -> Document:
    """Return the checked catalog of one group.

    Raises:
        HtmlPage: the portal sent an HTML page.
        SpecRefused: the catalog can't be used.
    """
    source = f"The catalog {group} of {portal}"
    content_type, data = ask(group)
    if content_type.partition(";")[0].strip().lower() == "text/html":
        raise HtmlPage(source)
    document = parse(data, source)
    check(document, source, allow_partial=allow_partial)
    return document


def _note(missing: Sequence[str]) -> str:
    return f"Incomplete: the portal could not load {', '.join(map(printable, missing))}." if missing else ""


def _merged(first: Document, second: Document, source: str) -> Document:
    """Return both documents as one. Raises GroupConflict."""
    result = {**first, **second}
    for key in first.keys() & second.keys():
        result[key] = _joined(key, first[key], second[key], source)
    return result


def _joined(key: str, first: Json, second: Json, source: str) -> Json:
    """Return the merged value of a top-level key that both documents have. Raises GroupConflict."""
    match key:
        case "paths" | "definitions" | "parameters" | "responses" | "securityDefinitions":
            return _union(first, second, source)
        case "tags":
            return list(_union(_by_name(first), _by_name(second), source).values())
        case "info":
            descriptions = dict.fromkeys(text for text in (first.get("description"), second.get("description")) if text)
            same = _union({**first, "description": ""}, {**second, "description": ""}, source)
            return {**same, "description": "\n".join(descriptions)}
        case _:
            return _union({key: first}, {key: second}, source)[key]


def _by_name(tags: Iterable[dict[str, Json]]) -> dict[str, Json]:
    return {tag["name"]: tag for tag in tags}


def _union(first: dict[str, Json], second: dict[str, Json], source: str) -> dict[str, Json]:
    """Return both dicts as one. Raises GroupConflict if they differ in a common key."""
    for name in sorted(first.keys() & second.keys()):
        if canonical(first[name]) != canonical(second[name]):
            raise GroupConflict(source, name)
    return {**first, **second}
