"""Define the runtime client of a portal: `portal.<group>.<actor>.<method>(...)` for the catalog it serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from ovcgen._version import __version__
from ovcgen.client import bravado_adapter
from ovcgen.client.actor_classes import Bind, check_call, group_classes
from ovcgen.client.applied_corrections import Corrections
from ovcgen.client.base_urls import addresses_of
from ovcgen.client.openapi3_for_bravado import bravado_document
from ovcgen.client.wait_methods import waiters_class
from ovcgen.documents.document import Document
from ovcgen.model import api
from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_logins, wire_operation
from ovcgen.normalise.dialect_registry import DIALECTS
from ovcgen.runtime import operation as wire
from ovcgen.runtime import tasks
from ovcgen.runtime.known_secrets import declare_secret
from ovcgen.runtime.policy import CallLimits
from ovcgen.runtime.portal import Portal, PortalBase
from ovcgen.runtime.request_building import Sent
from ovcgen.runtime.session import DecodedResponse, Session
from ovcgen.runtime.unknown_names import similar_attribute, with_suggestion
from ovcgen.runtime.waiters import Waiters, WaitersBase

SIMILAR = 0.75  # of names that are suggested


class CatalogClient(PortalBase):
    """The base class of RuntimePortal and AsyncRuntimePortal: clients whose operations come from a document.

    The service need not be an OpenvCloud portal. An unknown group raises AttributeError.

    Args:
        url: The address of the service; "" for that of the document, as in `base_urls.addresses_of`.
        model: The API, read from the document.
        document: The normalised document.
        corrections: The corrections that were applied to the document, kept as an attribute.
        server, variables: As in `servers.server_url`, for documents that declare servers.
        document_url: Where the document was downloaded from; "" for a document that the caller has.
        removed: Returns the operations that earlier releases had, by dotted name, as pairs (first release without it,
            replacement or ""). It is called for an unknown attribute only.
        options: The options of `ClientBase`.

    Attributes:
        release: The release that the catalog resembles.
    """

    _waiters_base: type[WaitersBase] = Waiters
    _bind: Bind = staticmethod(check_call)

    def __init__(
        self,
        url: str,
        model: api.Api,
        document: Document,
        *,
        corrections: Corrections,
        server: int | str = 0,
        variables: Mapping[str, str] | None = None,
        document_url: str = "",
        removed: Callable[[], Mapping[str, tuple[str, str]]] = dict,
        **options: Any,
    ) -> None:
        schemes, security = wire_logins(model)
        self._login_hint = DIALECTS[model.dialect].wording.first_login
        self._is_portal = DIALECTS[model.dialect].pinned
        has_login = bool(options.get("auth") or options.get("cert"))
        chosen = addresses_of(
            model, url, server=server, variables=variables, document_url=document_url, has_login=has_login
        )
        super().__init__(
            chosen.root,
            base_path=chosen.base_path,
            agent=f"ovcgen/{__version__}",
            schemes=schemes,
            security=security,
            other_address=chosen.other,
            **options,
        )
        for scheme in model.security_definitions:
            if scheme.kind == "apiKey":
                declare_secret(scheme.parameter or "", scheme.location or "")
        self.release = corrections.release
        self.corrections = corrections
        self._removed = removed if self._is_portal else dict  # other services have releases of the same names
        self._document = (
            bravado_document(model, urlsplit(self._blocking_session.root).path) if model.openapi else document
        )
        resolver = Resolver(model.schemas)
        self._wire = {
            (operation.method, operation.path): wire_operation(operation, resolver) for operation in model.operations
        }
        self._groups = group_classes(model, self._wire, self._bind)
        self._waiters = waiters_class(model, self._wire, self._waiters_base)
        self._named = {
            operation.dotted: self._wire[operation.method, operation.path] for operation in model.callable_operations
        }
        self._found: dict[wire.OperationSpec, bravado_adapter.BravadoOperation | None] = {}

    def _removal(self, dotted: str) -> str:
        """Return a sentence on a removed operation or actor: since when it is gone, and what to use; "" for others."""
        rows = [row for name, row in self._removed().items() if f"{name}.".startswith(f"{dotted}.")]
        replacements = ", ".join(f"{name}()" for name in sorted({instead for _, instead in rows} - {""}))
        return f"It is gone since release {rows[-1][0]}{replacements and f': use {replacements}'}." if rows else ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # while a copy is being made, `_groups` is not set yet
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if name not in self._groups:
            known, near = ", ".join(sorted(self._groups)) or "none", similar_attribute(self, name, cutoff=SIMILAR)
            if near:
                raise with_suggestion(f"{type(self).__name__!r} object has no attribute {name!r}", name, self, near)
            if not self._is_portal:
                raise AttributeError(f"This client has no {name!r}; it has: {known}.", name=name, obj=self)
            raise AttributeError(
                f"This portal was opened without a group {name!r}; it has: {known}. "
                f"Name it in connect(..., groups={[*sorted(self._groups), name]})."
            )
        group = self._groups[name](cast("Any", self))
        self.__dict__[name] = group
        return group

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self._groups]

    def __reduce__(self) -> Any:
        raise TypeError("A portal holds connections and can't be pickled or copied; open one in each process.")

    @cached_property
    def wait(self) -> Any:
        """Return the Waiters or AsyncWaiters of this client, created once.

        Its methods wait for a state, as in `portal.wait.machine_running(machineId=12)`.
        """
        return self._waiters(self)

    @cached_property
    def swagger(self) -> Any:
        """The SwaggerClient of bravado, for all operations that Swagger 2.0 can express; created at the first access.

        Its calls block, also for an asynchronous portal, and are sent by the portal's session.

        Raises:
            SpecRefused: a reference leaves the document.
        """
        called = (tasks.GET, tasks.KILL, *self._wire.values())
        operations = {(spec.method, spec.path): spec for spec in called}
        return bravado_adapter.swagger_client(self._document, self._blocking_session, operations)

    @property
    def _blocking_session(self) -> Session:
        """Return the session that builds requests, and that `swagger` sends through."""
        session: Session = self._session
        return session

    def _bravado_operation(self, operation: wire.OperationSpec) -> bravado_adapter.BravadoOperation | None:
        """Return bravado's own object for an operation; None if the catalog does not have the operation."""
        if operation not in self._found:
            self._found[operation] = bravado_adapter.find_operation(self.swagger, operation)
        return self._found[operation]


class RuntimePortal(CatalogClient, Portal):
    """A blocking client whose operations come from a document at run time and are called through bravado.

    Arguments and attributes are those of CatalogClient; the errors of calls are those of `Client.call`.
    """

    def exchange(
        self,
        operation: wire.OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send checked values through bravado and return the decoded response.

        Operations that the catalog does not have are sent directly.
        """
        found = self._bravado_operation(operation)
        if found is None:  # the poll of a task, if the catalog does not list that operation
            return super().exchange(operation, sent, switches=switches, to=to, limits=limits)
        return bravado_adapter.call(found, operation, sent, switches=switches, to=to, limits=limits or self._limits)


def operation_named(portal: CatalogClient, dotted: str) -> wire.OperationSpec | None:
    """Return the runtime's record of the operation with the full name `dotted`; None if the client has none.

    A full name is such as `cloudapi.machines.create`; upper and lower case count.
    """
    return portal._named.get(dotted)


def is_portal(portal: CatalogClient) -> bool:
    """Return whether the client's document has the dialect of OpenvCloud portals, and not that of other services."""
    return portal._is_portal


def operation_names(portal: CatalogClient) -> list[str]:
    """Return the full names of all operations that are methods of the client, sorted: `cloudapi.machines.create`, …."""
    return sorted(portal._named)


def nearest_name(portal: CatalogClient, dotted: str) -> str:
    """Return the operation name that is most similar to `dotted`; "" if none is similar enough (0.75, see `difflib`).

    Names are such as `cloudapi.machines.create`. They are compared without regard to upper and lower case.
    """
    by_lower = {name.lower(): name for name in sorted(portal._named)}
    near = get_close_matches(dotted.lower(), by_lower, n=1, cutoff=SIMILAR)
    return by_lower[near[0]] if near else ""
