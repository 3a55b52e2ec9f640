"""Find the operation that a command names, at a portal, in a pinned release or in a document, and open its client.

A portal's catalog is kept for a day (see `catalog_cache`), so that the next command only sends the call itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ovcgen.cli import options, terminal
from ovcgen.cli.output_formats import TABLE, TEXT
from ovcgen.errors import UsageError
from ovcgen.fast_requests_import import without_detection
from ovcgen.runtime.errors import ApiError, ClientError, Forbidden, NotFound, ServerError, TransportError, Unauthorized

if TYPE_CHECKING:
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.releases.spec import Spec
    from ovcgen.runtime.login_selection import AnyLogin
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.portal import Portal
    from ovcgen.workflows.operation_index import OperationIndex
    from ovcgen.workflows.operation_index_cache import OperationSources, PortalOperations

NOT_FOR_PEOPLE = ("call", "wire_parameters")  # what a record of the index has for the runtime
MOST_NAMES = 8  # operations that a message lists


class UnknownOperation(UsageError):
    """An error: the portal or pinned release has no operation of that name.

    Args:
        name: The name on the command line.
        near: The most similar name of an operation; "" for none.
    """

    def __init__(self, name: str, near: str = "") -> None:
        hint = f"Did you mean {near}?" if near else "Write it as GROUP.ACTOR.METHOD, such as cloudapi.machines.list."
        super().__init__(f"This portal has no operation {name[:100]!a}.", fix=hint)


class NotInDocument(UsageError):
    """An error: the document has no operation of that name.

    Args:
        name: The name on the command line.
        near: The most similar name of an operation; "" for none.
        known: The names of all operations. Without `near`, the advice lists some of them.
    """

    def __init__(self, name: str, near: str, known: Collection[str]) -> None:
        group = name.partition(".")[0]
        listed = [name for name in known if name.partition(".")[0] == group] or list(known)
        more = f" (and {len(listed) - MOST_NAMES} more)" if len(listed) > MOST_NAMES else ""
        some = f"Pass one of {', '.join(listed[:MOST_NAMES])}{more}." if listed else "Pass another document."
        super().__init__(
            f"The document has no operation {name[:100]!a}.", fix=f"Did you mean {near}?" if near else some
        )


class CalledOperation(NamedTuple):
    """A record of the operation that a command line names, and of where to find and call it. Nothing is looked up yet.

    Attributes:
        target: What the command line names: a profile, an address or a document.
        url: The address of the service; "" for the one that the document declares.
        name: The full name of the operation, such as `cloudapi.machines.list`.
        document: The file, URL or pinned release that has the operations; None for the portal's own catalog.
        specs: The folder of pinned releases; see `library_of`.
        refresh: Whether to fetch the portal's catalog again although a kept one is recent.
    """

    target: CommandTarget
    url: str
    name: str
    document: str | None
    specs: Path | None
    refresh: bool = False

    @property
    def is_pinned(self) -> bool:
        """Return whether the operations are those of a pinned release: `document` is set, and is no file or URL."""
        from ovcgen.workflows.document_input import is_file

        return self.document is not None and not is_file(self.document)

    @property
    def group(self) -> str:
        """Return the group of the operation, the part of its name before the first dot.

        Raises:
            UnknownOperation: the name has no group, or no name after it.
        """
        group, dot, method = self.name.partition(".")
        if not (group and dot and method):
            dotted = self.name.strip("/").replace("/", ".")
            raise UnknownOperation(self.name, dotted if "/" in self.name and "." not in self.name else "")
        return group


class OpenedCall(NamedTuple):
    """A record of an open client, and of the operation to call with this client.

    Attributes:
        portal: The client; `open_call` closes it at the end of its block.
        operation: What the client needs to know of the operation.
        is_portal: Whether the client uses the logins of an OpenvCloud portal.
    """

    portal: Portal
    operation: OperationSpec
    is_portal: bool


def operation_sources(specs: Path | None) -> OperationSources:
    """Return the sources of operations, with this user's catalog cache.

    A damaged file of the cache causes a warning on stderr. `specs` is the folder of pinned releases. With None, a note
    names the bundled releases that ./specs hides, as soon as pinned releases are read.
    """
    from ovcgen.releases.catalog_cache import catalog_cache
    from ovcgen.workflows.operation_index_cache import OperationSources

    noting = options.note_hidden_releases if specs is None else lambda: None
    return OperationSources(catalog_cache(terminal.warning), specs, before_reading=noting)


@contextmanager
def open_call(called: CalledOperation, words: Sequence[str], **session: Any) -> Iterator[OpenedCall]:
    """Yield a client and the operation to call; the client is closed at the end of the block.

    Errors of the block pass, with better advice: for a document, an Unauthorized names the variables of the login; for
    a portal whose catalog was kept by an earlier command, a NotFound fetches the catalog again.

    Args:
        called: The operation.
        words: The arguments of the call. One that a kept catalog does not have makes it outdated: it is fetched again.
        session: All of `timeout`, `retries`, `verify`, `cert`, `server` and `variables`; the last two are used for
            documents only.

    Raises:
        UnknownOperation, NotInDocument: there is no such operation.
        ClientError: the catalog or document can't be fetched, read or used, or a login can't.
    """
    if called.document is not None and not called.is_pinned:
        with _opened_document(called, **session) as found:
            yield found
        return
    group = called.group
    from ovcgen.cli.portal_credentials import login_for

    with without_detection():
        import requests  # noqa: F401  # the rest imports it too
    auth, sources = login_for(called.target), operation_sources(called.specs)
    client = {name: session[name] for name in ("timeout", "retries", "verify", "cert")}
    if called.document is not None:
        index = sources.of_release(called.document)
        with index.portal(called.url, auth=auth, **client) as portal:
            yield OpenedCall(portal, _known(index, called.name), is_portal=True)
        return
    del session["retries"], session["server"], session["variables"]  # which fetching a catalog does not take
    with document_advice():
        catalog = PortalCatalog(called.url, group, sources, lambda: auth, refresh=called.refresh, **session)
    operation = catalog.operation(called.name, words)
    with catalog.index.portal(called.url, auth=auth, **client) as portal, catalog.checked_after_404():
        yield OpenedCall(portal, operation, is_portal=True)


@contextmanager
def _opened_document(called: CalledOperation, **session: Any) -> Iterator[OpenedCall]:
    """Yield a client for a document, and the operation to call."""
    from ovcgen.cli.security_scheme_credentials import is_portal, login_advice, opened_with_logins
    from ovcgen.client.portal import nearest_name, operation_named, operation_names

    sources, document = operation_sources(called.specs), str(called.document)
    resolved, is_kept = sources.load_document(document, refresh=called.refresh)
    if is_kept and called.name not in [operation.dotted for operation in resolved.api.callable_operations]:
        resolved, _ = sources.load_document(document, refresh=True)
    with _address_advice(called):
        portal = opened_with_logins(called.url, resolved, called.target, **session)
    is_catalog = is_portal(resolved.api)
    with portal, login_advice(None if is_catalog else resolved.api):
        operation = operation_named(portal, called.name)
        if operation is None:
            near = nearest_name(portal, called.name)
            raise (
                UnknownOperation(called.name, near)
                if is_catalog
                else NotInDocument(called.name, near, operation_names(portal))
            )
        yield OpenedCall(portal, operation, is_portal=is_catalog)


@contextmanager
def _address_advice(called: CalledOperation) -> Iterator[None]:
    """Replace the advice of errors of the block that say that a document declares no address."""
    from ovcgen.client.base_urls import NoAddress
    from ovcgen.runtime.servers import RelativeAddress

    try:
        yield
    except (NoAddress, RelativeAddress) as error:
        error.fix = f"Pass the address: `ovcgen call https://service.example {called.name} --spec {called.document}`."
        raise


@contextmanager
def document_advice(advice: str = "name its document with --spec FILE") -> Iterator[None]:
    """Add to errors of the block that say that an address serves no catalog how to name a document instead.

    These are SpecRefused, and every ApiError but 401, 403 and 5xx. `advice` is the end of the added sentence.
    """
    from ovcgen.errors import SpecRefused

    try:
        yield
    except (ApiError, SpecRefused) as error:
        if not isinstance(error, (Unauthorized, Forbidden, ServerError)):
            error.fix += f" For a service that is no portal, such as a mock, {advice}."
        raise


def _known(index: OperationIndex, name: str) -> OperationSpec:
    found = index.operation(name)
    if found is None:
        raise UnknownOperation(name, index.nearest(name))
    return found


class PortalCatalog:
    """One group of a portal's catalog, from the cache, or fetched if the cached catalog may be outdated.

    The constructor reads or fetches the catalog, with the errors of `workflows.connect.fetch_spec`.

    Args:
        url: The address of the portal.
        group: The name of the group, such as `cloudapi`.
        sources: Finds the operations of the group, and keeps a fetched catalog.
        login: Returns the login with which the catalog is fetched; called only then.
        refresh: Whether to fetch the catalog again although a kept one is recent.
        session: `timeout`, `verify` and `cert`, as for `workflows.connect.fetch_spec`.
    """

    def __init__(
        self,
        url: str,
        group: str,
        sources: OperationSources,
        login: Callable[[], AnyLogin],
        *,
        refresh: bool = False,
        **session: Any,
    ) -> None:
        self._url, self._group, self._sources = url, group, sources
        self._login, self._session = login, session
        self._found = self._operations(refresh=refresh)

    @property
    def index(self) -> OperationIndex:
        """Return the index of the operations of the group, of the catalog that was read or fetched last."""
        return self._found.index

    def operation(self, name: str, words: Sequence[str]) -> OperationSpec:
        """Return an operation of the group, by its full name.

        The catalog is fetched again if it was kept by an earlier command and lacks the operation or an argument in
        `words`, which are such as `name=value`.

        Raises:
            UnknownOperation: the portal has no such operation.
            ClientError: the catalog can't be fetched.
        """
        from ovcgen.cli.call_arguments import has_all_arguments

        found = self.index.operation(name)
        if self._found.is_kept and (found is None or not has_all_arguments(found, words)):
            self._found = self._operations(refresh=True)
        return _known(self.index, name)

    @contextmanager
    def checked_after_404(self) -> Iterator[None]:
        """Fetch the catalog again if a call in the block gets a 404 response. The call is not repeated.

        That is done only if the catalog was kept by an earlier command. An error of fetching it is ignored.

        Raises:
            NotFound: the error of the block. If the catalog has changed, its advice is to repeat the command.
        """
        try:
            yield
        except NotFound as error:
            if self._found.is_kept:
                with suppress(ClientError):  # the error of the call matters more
                    if self._operations(refresh=True).sha256 != self._found.sha256:
                        error.fix = "The portal's catalog has changed, and was fetched again: repeat the command."
            raise

    def _operations(self, *, refresh: bool) -> PortalOperations:
        def fetch() -> Spec:
            from ovcgen.workflows.connect import fetch_spec
            from ovcgen.workflows.operation_index_cache import LIVE

            return fetch_spec(self._url, [self._group], release=LIVE, auth=self._login(), **self._session)

        return self._sources.of_portal(self._url, self._group, fetch, refresh=refresh)


def portal_index(
    target: CommandTarget, group: str, sources: OperationSources, *, refresh: bool = False
) -> OperationIndex:
    """Return the index of the operations of a portal's group, for descriptions.

    A kept catalog of less than a day is used. If the portal is not reached, one of any age is, with a warning on
    stderr.

    Raises:
        TransportError: the portal is not reached, and no catalog of it is kept.
        ClientError: the catalog can't be fetched, or the login can't be used.
    """
    from ovcgen.cli.portal_credentials import login_for

    url = target.address
    try:
        return PortalCatalog(url, group, sources, lambda: login_for(target), refresh=refresh, **target.trust).index
    except TransportError:
        kept = sources.kept_of_portal(url, group)
        if kept is None:
            raise
        terminal.warning(f"{url} is not reached; its catalog of {kept.age / 3600:.0f} hours ago is used.")
        return kept.index


def document_index(document: str, sources: OperationSources, *, refresh: bool = False) -> OperationIndex:
    """Return the index of the operations of a pinned release, a file, a document's URL, or standard input (`-`).

    `refresh` downloads the document of a URL again. The indexes of files and releases are kept for later commands.

    Raises:
        ClientError: the document can't be read; see `workflows.resolve.load`.
    """
    from ovcgen.workflows.document_input import STDIN, is_file, is_url
    from ovcgen.workflows.operation_index_cache import file_key

    if not is_file(document):
        return sources.of_release(document)
    is_path = document != STDIN and not is_url(document)
    return sources.of_document(document, *(file_key(Path(document)) if is_path else ()), refresh=refresh)


def describe(called: CalledOperation, output: Output) -> None:
    """Print the description of an operation on stdout: as help for people, or in the form that `output` asks for.

    That form is the operation's record in the index, without the data that only a client needs. Nothing is fetched for
    a release, a file, or a portal whose catalog was fetched within a day, unless `called` asks for that.

    Raises:
        UnknownOperation, NotInDocument: there is no such operation.
        ClientError: the catalog or document can't be fetched, read or used.
    """
    from ovcgen.cli.operation_help import operation_help

    sources = operation_sources(called.specs)
    if called.document is None:
        with document_advice():
            index = portal_index(called.target, called.group, sources, refresh=called.refresh)
    else:
        index = document_index(called.document, sources, refresh=called.refresh)
    record = index.operations.get(called.name)
    if record is None:
        near = index.nearest(called.name)
        if index.is_portal:
            raise UnknownOperation(called.name, near)
        raise NotInDocument(called.name, near, list(index.operations))
    if output.query or output.fields or output.form not in ("", TABLE, TEXT):
        output.write({key: value for key, value in record.items() if key not in NOT_FOR_PEOPLE})
    else:
        terminal.print_text(operation_help(record, called))
