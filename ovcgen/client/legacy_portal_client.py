"""Emulate OpenvCloud's own portal client, for scripts that were written for it."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ovcgen.client.actor_classes import check_call
from ovcgen.client.portal import RuntimePortal
from ovcgen.documents.document import Document
from ovcgen.runtime.arguments import check_names
from ovcgen.runtime.client import Group
from ovcgen.runtime.errors import ApiError, ArgumentError
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.session import DecodedResponse
from ovcgen.runtime.tasks import Task

LOGINS = ("cloudapi.users.authenticate", "system.usermanager.authenticate")


Load = Callable[[str, str], "PortalClient"]
"""Returns a client with the catalog of a group, or that of a file. One of both names is empty."""


def bind_positional(
    qualified: str, wire: OperationSpec, positional: tuple[object, ...], given: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the arguments of a call by keyword, in a new dict. Positional arguments are in the order of the document.

    The portal ignores unknown names and reads "" as no value. Therefore unknown keywords are left out with a
    UserWarning, and optional arguments that are "" are left out. The arguments are those of `check_call`.

    Raises:
        TypeError: more values than parameters, two values for one parameter, or a required parameter is missing.
    """
    keys = [parameter.key for parameter in wire.parameters]
    if len(positional) > len(keys):
        number = f"{len(keys)} argument{'' if len(keys) == 1 else 's'}"
        raise TypeError(f"{wire.name}() takes {number} but {len(positional)} were given.")
    named = dict(zip(keys, positional, strict=False))
    if twice := sorted(named.keys() & given.keys()):
        raise TypeError(f"{wire.name}() got multiple values for argument {twice[0]!r}.")
    keywords: dict[str, object] = {}
    for name, value in {**named, **given}.items():
        if name not in wire.known:
            _warn_unknown(wire, name)
        elif value != "" or name in wire.required:
            keywords[name] = value
    return check_call(qualified, wire, (), keywords)


def _warn_unknown(wire: OperationSpec, name: str) -> None:
    try:
        check_names(wire, [name])
    except TypeError as error:
        warnings.warn(f"{error} The argument was left out, because the portal ignores it.", stacklevel=5)


class PortalClient(RuntimePortal):
    """A client of a portal with the interface of OpenvCloud's own client.

    Tasks are returned as guids, positional arguments are taken in the order of the catalog, `.actors.<group>` is the
    same as `.<group>`, and an ApiError also has the old names `.status_code` and `.msg`.

    Args:
        served: The document that the portal served.
        complete: The groups that `served` contains completely.
        load: Called with (group, file), one of which is ""; returns a client for that catalog. None if no further
            catalog can be loaded.
        grows: Whether groups that the document lacks are loaded when they are first used; needs `load`.
        on_login: Called with the session key when a script logs in by calling `authenticate`.
        options: The arguments of CatalogClient.
    """

    _bind = staticmethod(bind_positional)

    def __init__(
        self,
        *arguments: Any,
        served: Document | None = None,
        complete: Iterable[str] = (),
        load: Load | None = None,
        grows: bool = False,
        on_login: Callable[[str], None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self._served = served or self._document
        self._load = load
        self._grows = grows and load is not None
        self._on_login = on_login
        self._loaded: dict[str, PortalClient] = {}
        self._complete = frozenset(complete)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or not self._grows or name in self._complete:
                return super().__getattr__(name)
            own = self._groups.get(name, Group)  # such as `system`, of which every client has the tasks
            group = type(own.__name__, (_GroupOnDemand, own), {"_name": name})(self)
            self.__dict__[name] = group
            return group

    @property
    def actors(self) -> PortalClient:
        """Return the portal itself: older scripts write `pcl.actors.cloudapi`."""
        return self

    @property
    def wsclient(self) -> PortalClient:
        """Return the portal itself: the oldest scripts write `pcl.wsclient.callWebService(...)`."""
        return self

    def callWebService(self, appname: str, actorname: str, method: str, **params: Any) -> tuple[int, Any]:
        """Call the operation `method` of the actor `actorname` of the group `appname`, and return (0, result).

        `params` are the arguments of the operation. A keyword `params` may hold further ones as a dict. The first
        member is always 0: a refused call raises an ApiError.

        Raises:
            AttributeError: there is no such group, actor or method.
            TypeError: an argument is given twice, or a required one is missing.
        """
        more = params.pop("params", {})
        return 0, getattr(self.getActor(appname, actorname), method)(**params, **more)

    def getActor(self, appname: str, actorname: str, *_: object, **__: object) -> Any:
        """Return the actor `actorname` of the group `appname`. Other arguments are ignored.

        Raises:
            AttributeError: there is no such group or actor, also after loading the group.
        """
        return getattr(getattr(self, appname), actorname)

    def load_swagger(self, file: str | None = None, group: str | None = None) -> Document:
        """Load the catalog of a group, or from a file, and return a copy of the document as it was served.

        The operations of the catalog can be called afterwards. Nothing is loaded without arguments, for a group that
        this client already has completely, and by a client that does not load groups: then a copy of its own document
        is returned, which may hold further groups. Each catalog is loaded once.

        Raises:
            ApiError: the portal refused to serve the catalog.
            SpecRefused: the catalog is incomplete or unsafe.
            ArgumentError: a file is given, and this client was not opened by `ovcgen.portal_client()`.
        """
        if file is None and (group is None or group in self._complete or not self._grows):
            return copy.deepcopy(self._served)
        client = self._catalog(group or "", file or "")
        for name in client._complete:
            self.__dict__[name] = getattr(client, name)
        return copy.deepcopy(client._served)

    def close(self) -> None:
        """Close all connections, including those of groups that were loaded later."""
        for client in self._loaded.values():
            client.close()
        super().close()

    def _catalog(self, group: str, file: str = "") -> PortalClient:
        """Return the client for a group or a file. Its catalog is loaded on the first call."""
        if self._load is None:
            raise ArgumentError(
                "This client has no way to load another catalog.", fix="Open it with ovcgen.portal_client()."
            )
        if (file or group) not in self._loaded:
            self._loaded[file or group] = self._load(group, file)
        return self._loaded[file or group]

    def _answer(self, operation: OperationSpec, arguments: Mapping[str, object]) -> DecodedResponse:
        """Send a call. An ApiError also gets `.status_code` and `.msg`, the old names of the status and the message."""
        try:
            return super()._answer(operation, arguments)
        except ApiError as error:
            vars(error).update(status_code=error.status, msg=error.message)
            raise

    def _value(self, operation: OperationSpec, arguments: Mapping[str, object], answer: DecodedResponse) -> Any:
        """Return the result of a call; for a task its guid, or its result if the call was executed at once."""
        value = super()._value(operation, arguments, answer)
        if isinstance(value, Task):
            return value.guid or value.result()
        if self._on_login is not None and operation.name in LOGINS:
            self._on_login(value)
        return value


class _GroupOnDemand:
    """A group that loads the portal's catalog when a script uses an actor that the client does not have yet."""

    _name: str
    _client: PortalClient

    def __getattr__(self, actor: str) -> Any:
        if actor.startswith("_"):
            raise AttributeError(actor)
        loaded = self._client._catalog(self._name)
        return getattr(getattr(loaded, self._name), actor)
