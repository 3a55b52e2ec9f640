"""Connect to a portal: load or fetch its catalog and return a client with its operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ovcgen._version import __version__
from ovcgen.client.applied_corrections import Corrections
from ovcgen.normalise.openvcloud.sdk_wording import WORDING
from ovcgen.releases import fetch_catalog
from ovcgen.releases.library import Library, bundled
from ovcgen.releases.spec import Spec
from ovcgen.runtime import portal_encoding as portal_encoding  # adds how a portal reads values to `encoding`
from ovcgen.runtime.adapter import checked_url
from ovcgen.runtime.errors import ArgumentError, BadRequest, NotFound
from ovcgen.runtime.login_selection import AnyLogin
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.portal_auth import PORTAL_ROOT
from ovcgen.runtime.session import Session
from ovcgen.workflows.resolve import Release, Source, load, resolve

if TYPE_CHECKING:
    from ovcgen.client.legacy_portal_client import PortalClient
    from ovcgen.client.portal import CatalogClient, RuntimePortal

AnyPortal = TypeVar("AnyPortal", bound="CatalogClient")

CATALOG = OperationSpec(
    "system.docgenerator.prepareCatalog",
    "POST",
    "/system/docgenerator/prepareCatalog",
    (ParameterSpec("group", "string"), ParameterSpec("format", "string")),
    answer="file",  # as bytes, so that they are checked before they are parsed
    retry="read",
)
SCHEMES = {"authkey": ("apiKey", "authkey", "query"), "bearer": ("apiKey", "Authorization", "header", "JWT")}
ANY_OF_THEM = (("authkey",), ("bearer",))
FIXES = {
    400: "Check the group: portals have cloudapi, cloudbroker, libcloud and system, and old ones more.",
    404: "Check that the address is a portal's root, as in https://portal.example. Another service, or a mock, needs "
    "its document: spec=, or --spec on the command line.",
}


def connect(
    url: str = "",
    *,
    auth: AnyLogin = None,
    release: str | None = None,
    spec: Source | None = None,
    groups: str | Iterable[str] = ("cloudapi",),
    timeout: float = 300.0,
    retries: int = 2,
    verify: bool | str = True,
    cert: str | tuple[str, str] | None = None,
    app_id: str = "",
    specs: Path | None = None,
    server: int | str = 0,
    variables: Mapping[str, str] | None = None,
) -> RuntimePortal:
    """Return a client for the portal at `url`, or at the address that the document `spec` declares.

    Its operations are those of the pinned `release`, of the document `spec`, or, without both, of the catalog that the
    portal serves (which needs a login).

    Args:
        url: The root of the portal, such as https://portal.example; "" for the address that `spec` declares.
        release: The name of a pinned release, such as "2.4.5".
        spec: The path or URL of a Swagger 2.0 or OpenAPI 3 document, or a loaded Spec.
        auth: ItsYouOnline, Credentials, Bearer or AuthKey; for other services Basic, ApiKey, OAuth2 or OpenIdConnect.
            Several as a list, or as a dict by the name of their scheme. None calls as a guest.
        groups: Name or names of the groups to fetch. Ignored with `release` or `spec`.
        timeout: Seconds for one call, with its retries and logins.
        retries: The largest number of repetitions of a call. Only what is safe is repeated.
        verify: Whether to check the portal's TLS certificate, or the path of a CA bundle.
        cert: Path of a client certificate with its key, or the pair of their paths.
        app_id: Name of your application, for the User-Agent header; else that in OVCGEN_APP_ID.
        specs: Folder of pinned catalogs; see `library_of`.
        server: The position (from 0 on) or the name of one of the servers that `spec` declares.
        variables: The values of the variables in the server's address, by name.

    Raises:
        ArgumentError: both `release` and `spec` are given, `url` is missing or no portal's address, there is no such
            server or variable, or a login is given, but `spec` is a URL and declares another server (pass `url`).
        TransportError: no response.
        ApiError: the portal refused to serve its catalog (401 without a login).
        UsageError: the release or document can't be found or read; see `load`.
        SpecRefused: the catalog or document is incomplete or unsafe.
    """
    from ovcgen.client.portal import RuntimePortal

    source = release_or_spec(release, spec)
    options = {"auth": auth, "timeout": timeout, "retries": retries, "verify": verify, "cert": cert, "app_id": app_id}
    return open_client(RuntimePortal, url, source, groups, specs, server=server, variables=variables, **options)


def portal_client(
    url: str,
    *,
    auth: AnyLogin = None,
    release: str | None = None,
    spec: Source | None = None,
    groups: str | Iterable[str] = ("cloudapi",),
    timeout: float = 300.0,
    retries: int = 2,
    verify: bool | str = True,
    cert: str | tuple[str, str] | None = None,
    app_id: str = "",
    specs: Path | None = None,
    on_login: Callable[[str], None] | None = None,
) -> PortalClient:
    """Return a client with the interface of OpenvCloud's own portal client (`pcl`).

    Arguments and errors are those of `connect`, but `groups` names only the groups to fetch at once: other groups are
    fetched when they are first used, unless `release` or `spec` is given. `pcl.actors.cloudapi...` works as well as
    `pcl.cloudapi...`. Arguments may be positional. Unknown arguments are left out with a warning, because the portal
    ignores them. A call with `_async=True` returns the task's guid as a string, for
    `pcl.system.task.get(taskguid=guid)`. `on_login` is called with the session key when `authenticate` is called.
    """
    from ovcgen.client.legacy_portal_client import PortalClient

    source = release_or_spec(release, spec)
    session = {"auth": auth, "timeout": timeout, "verify": verify, "cert": cert, "app_id": app_id}

    def load(source: Source | None, *named: str, grows: bool = False) -> PortalClient:
        found = resolved_catalog(url, source, named, specs, **session)
        more = {"served": found.spec.document, "complete": found.spec.origin.groups, "load": load_more}
        more |= {"grows": grows, "on_login": on_login}
        return client_for(PortalClient, url, found, retries=retries, **session, **more)

    def load_more(group: str, file: str) -> PortalClient:
        return load(file or None, group)

    return load(source, *((groups,) if isinstance(groups, str) else groups), grows=source is None)


def release_or_spec(release: str | None, spec: Source | None) -> Source | None:
    """Return `release` or `spec`, whichever is not None; None if both are.

    Raises:
        ArgumentError: both are given.
    """
    if release is not None and spec is not None:
        raise ArgumentError(
            "Both release and spec were given, and each says what can be called.",
            fix="Pass release for a pinned release, or spec for a document; a spec has its own release.",
        )
    return spec if release is None else release


def open_client(
    kind: type[AnyPortal],
    url: str,
    source: Source | None,
    groups: str | Iterable[str],
    specs: Path | None,
    **options: Any,
) -> AnyPortal:
    """Load or fetch the API to use, and return a client of class `kind` for it. Raises the errors of `connect`.

    Requests are sent only to fetch the portal's catalog, or to download a document.

    Args:
        kind: The class of the client.
        url: The address of the portal or service; "" for the one that a document declares.
        source: The release or document; None fetches the catalog that the portal serves.
        groups: Name or names of the groups to fetch.
        specs: Folder of pinned catalogs; see `library_of`.
        options: The other arguments of `connect`; `auth`, `timeout`, `verify`, `cert` and `app_id` are required.
    """
    named = (groups,) if isinstance(groups, str) else tuple(groups)
    session = {name: options[name] for name in ("auth", "timeout", "verify", "cert", "app_id")}
    return client_for(kind, url, resolved_catalog(url, source, named, specs, **session), **options)


def client_for(kind: type[AnyPortal], url: str, resolved: Release, **options: Any) -> AnyPortal:
    """Return a client of class `kind` for the service at `url`, with the API of `resolved`. No request is sent.

    `url` is "" for the address that the document declares. `options` are further arguments of the class, which raises
    ArgumentError if it can't use them.
    """
    nearest = resolved.nearest
    corrections = Corrections(
        release=nearest.release if nearest else resolved.spec.release,
        exact=nearest.is_exact if nearest else True,
        skipped=resolved.skipped,
    )
    return kind(
        url,
        resolved.api,
        resolved.document,
        corrections=corrections,
        document_url=resolved.spec.url,
        removed=partial(removed_operations, corrections.release),
        **options,
    )


@lru_cache(maxsize=8)
def removed_operations(release: str) -> Mapping[str, tuple[str, str]]:
    """Return the operations that releases before a bundled one had and it lacks, by their dotted names.

    The values are pairs (first release without it, dotted name of the replacement or ""). They are read from the stored
    history. Empty if there is none for that release. With them a client tells what replaces an operation that it lacks.
    """
    history = Library(bundled()).history()
    rows = history.releases.get(release, {"removed": []})["removed"] if history else []
    return {dotted: (gone, instead) for dotted, key, gone, instead in rows if not key}


def resolved_catalog(
    url: str, source: Source | None, groups: tuple[str, ...], specs: Path | None, **session: Any
) -> Release:
    """Return the document and API to use: those of `source`, or with None those of the catalog that the portal serves.

    `groups` are the groups to fetch, and `session` are the arguments of `fetch_spec` for the request of the catalog;
    both count only if `source` is None. Raises the errors of `connect`.
    """
    if url or source is None:
        checked_url(
            url, "a service" if source else "a portal"
        )  # checked first, so that the message quotes what the caller wrote
    if source is not None:
        return resolve(load(source, specs=specs), specs=specs)
    return resolve(fetch_spec(url, groups, release="live", **session), specs=specs)


def fetch_spec(
    url: str,
    groups: Iterable[str],
    *,
    auth: AnyLogin,
    release: str,
    timeout: float = 300.0,
    verify: bool | str = True,
    cert: str | tuple[str, str] | None = None,
    app_id: str = "",
    allow_partial: bool = False,
) -> Spec:
    """Fetch the catalog that the portal serves now, and return it as a spec named `release`, without corrections.

    `groups` are the names of the groups, one request for each. `allow_partial` accepts a catalog in which the portal
    could not load some actors. Other arguments as for `connect`. Nothing is kept.

    Raises:
        ArgumentError: `url` is not a portal's address, or the login can't be used.
        TransportError: no response.
        ApiError: the portal refused to serve its catalog.
        BadReleaseName: `release` can't be the name of a release.
        SpecRefused: the catalog is incomplete or unsafe.
    """
    with Session(
        checked_url(url, "a portal") + PORTAL_ROOT,
        auth=auth,
        timeout=timeout,
        verify=verify,
        cert=cert,
        agent=f"ovcgen/{__version__}",
        app_id=app_id,
        logins=(SCHEMES, ANY_OF_THEM),
        hint=WORDING.first_login,
    ) as session:

        def ask(group: str) -> tuple[str, bytes]:
            fields = fetch_catalog.catalog_fields(group)
            sent = [(parameter, fields[parameter.name]) for parameter in CATALOG.parameters]
            try:
                response = session.deliver(CATALOG, session.request_for(CATALOG, sent))
            except (BadRequest, NotFound) as error:
                if error.operation == CATALOG.place:  # an error of the login has its own fix
                    error.fix = FIXES[error.status]
                raise
            return response.headers.get("Content-Type", ""), response.content

        return fetch_catalog.fetch(ask, url, groups, release=release, allow_partial=allow_partial)
