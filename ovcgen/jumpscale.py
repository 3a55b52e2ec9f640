"""Run scripts that were written for JumpScale's portal client: replace `from JumpScale import j` by this module's `j`.

After this module is imported, the script can also import `JumpScale`, `JumpScale9Lib`, `Jumpscale` and `js9`, as in
`from JumpScale.portal.portal.PortalClient2 import ApiError`, if those packages are not installed. `j` has only the
portal clients: `j.clients.portal` and `j.core.portal`.

`getByInstance("main")` opens the portal of the profile `main` (see `ovcgen profile`). Without such a profile it reads
the address from the environment variable OVC_URL_MAIN, or from OVC_URL, and the login from the variables that
`ovcgen --help` names.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from requests.auth import AuthBase

from ovcgen.client.legacy_portal_client import PortalClient
from ovcgen.errors import UsageError
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.errors import ApiError
from ovcgen.runtime.portal_auth import AuthKey
from ovcgen.workflows.connect import portal_client
from ovcgen.workflows.resolve import pinned

__all__ = ["ApiError", "j"]

PACKAGES = ("JumpScale", "JumpScale9", "JumpScale9Lib", "Jumpscale", "js9")
SESSION_COOKIE = "beaker.session.id"  # the cookie by which the old client logs in


class UnknownInstance(UsageError):
    """An error: no profile and no environment variable has the address of the named portal.

    Args:
        instance: The name of the portal.
        variable: The environment variable that would have the address.
    """

    def __init__(self, instance: str, variable: str) -> None:
        super().__init__(
            f"The portal {instance!r} has no address.",
            fix=f"Run `ovcgen profile set {instance} url=URL`, or export {variable} or OVC_URL.",
        )


class NotEmulated(AttributeError):
    """An error: the script uses a part of JumpScale that is not its portal client.

    Args:
        path: That part, as the script writes it, such as `j.sal.process`.
    """

    def __init__(self, path: str) -> None:
        super().__init__(
            f"ovcgen has no {path}. It stands in for j.clients.portal and j.core.portal alone; "
            "use JumpScale itself, or another library, for the rest."
        )


class WatchedValues(MutableMapping[str, str]):
    """A dict of the headers or cookies of a LoginSession, by name in any case. Its repr shows no values.

    Names are kept in lower case.

    Args:
        changed: Called without arguments after every change.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._values: dict[str, str] = {}
        self._changed = changed

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __setitem__(self, name: str, value: str) -> None:
        self._values[name.lower()] = value
        self._changed()

    def __delitem__(self, name: str) -> None:
        del self._values[name.lower()]
        self._changed()

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self)}>"


class LoginSession:
    """A stand-in for the old client's `_session`. A script logs in by setting its headers or cookies.

    Args:
        changed: Called without arguments after each change.

    Attributes:
        headers: Only `Authorization` is used: `bearer JWT` or `authkey SECRET`.
        cookies: Only `beaker.session.id` is used: a session key.
        verify: Whether to check the portal's TLS certificate, or the path of a CA bundle.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.headers = WatchedValues(changed)
        self.cookies = WatchedValues(changed)
        self._changed = changed
        self._verify: bool | str = True

    @property
    def verify(self) -> bool | str:
        """Whether the TLS certificate is checked, or the path of a CA bundle.

        Setting it closes the client, so that the next call opens one with the new value.
        """
        return self._verify

    @verify.setter
    def verify(self, value: bool | str) -> None:
        self._verify = value
        self._changed()

    def login(self) -> AuthBase | None:
        """Return the login that the headers hold, else that of the cookies; None if neither has one.

        The scheme of the header may be in any case. Headers with another scheme are ignored. No request is sent.

        Raises:
            ArgumentError: the JWT, the secret or the session key holds characters that can't be sent.
        """
        scheme, _, secret = self.headers.get("Authorization", "").strip().partition(" ")
        if secret and scheme.lower() in ("bearer", "authkey"):
            return Bearer(secret.strip()) if scheme.lower() == "bearer" else AuthKey(secret.strip())
        key = self.cookies.get(SESSION_COOKIE)
        return AuthKey(key) if key else None


class JumpScalePortal:
    """A portal with the interface of JumpScale's client: `portal.<group>.<actor>.<method>(...)`, also after `.actors`.

    The catalog is fetched at the first call with a login. Before that the operations of the newest pinned release can
    be called, so that a script can log in with `authenticate`.

    Args:
        url: The address of the portal.
        auth: The login until the script logs in; None for a guest.
    """

    def __init__(self, url: str, auth: AuthBase | None = None) -> None:
        self._url = url
        self._auth = auth
        self._client: PortalClient | None = None
        self._session = LoginSession(self.close)

    def __getattr__(self, group: str) -> Any:
        if group.startswith("_"):
            raise AttributeError(group)
        return getattr(self._opened(group), group)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url!r})"

    @property
    def actors(self) -> JumpScalePortal:
        """Return this same object: older scripts write `portal.actors.cloudapi`."""
        return self

    @property
    def wsclient(self) -> Any:
        """Return the object with the method `callWebService`, which calls an operation by its group, actor and name.

        The catalog is fetched if that was not done before.
        """
        return self._opened("cloudapi").wsclient

    def getActor(self, appname: str, actorname: str, *_: object, **__: object) -> Any:
        """Return the actor `actorname` of the group `appname`, whose methods are operations.

        Other arguments are ignored.

        Raises:
            AttributeError: there is no such group or actor.
        """
        return getattr(getattr(self, appname), actorname)

    def load_swagger(self, file: str | None = None, group: str | None = None) -> Mapping[str, Any]:
        """Load the catalog of a group, or from a file, and return the document as served.

        Arguments and errors are those of `PortalClient.load_swagger`.
        """
        return self._opened(group or "cloudapi").load_swagger(file=file, group=group)

    def close(self) -> None:
        """Close the connections; the next call opens new ones.

        The login is then that of the headers and cookies at that time, else the constructor's `auth`.
        """
        if self._client is not None:
            self._client.close()
        self._client = None

    def _opened(self, group: str) -> PortalClient:
        if self._client is None:
            auth = self._session.login() or self._auth
            options: dict[str, Any] = {"groups": (group,)} if auth else {"release": pinned(None)[-1]}
            self._client = portal_client(
                self._url, auth=auth, verify=self._session.verify, on_login=self._log_in, **options
            )
        return self._client

    def _log_in(self, key: str) -> None:
        """Use a session key for all further calls, as the old client did by keeping the cookie of the response."""
        self._session.cookies[SESSION_COOKIE] = key


class PortalClients:
    """The object `j.clients.portal` (and `j.core.portal`), which makes clients of portals.

    Nothing is sent before the first call of an operation.
    """

    def get(
        self,
        ip: str = "localhost",
        port: int | str = 443,
        secret: str | None = None,
        *,
        data: dict[str, Any] | None = None,
        **_: object,
    ) -> JumpScalePortal:
        """Return the portal at a host and port. Port 443 means https, every other port http.

        Other arguments are ignored.

        Args:
            ip: The host, or a URL.
            port: The port, unless `ip` is a URL.
            secret: A session key, a user's static key or the portal's secret; None or "" for a guest.
            data: A dict with the keys `ip` and, if it is not 443, `port`, in place of these arguments.

        Raises:
            ValueError: the port is no number.
            KeyError: `data` has no `ip`.
        """
        host, number = (data["ip"], data.get("port", 443)) if data else (ip, port)
        scheme = "https" if int(number) == 443 else "http"
        url = host if re.match("https?://", host) else f"{scheme}://{host}:{number}"
        return JumpScalePortal(url, AuthKey(secret) if secret else None)

    def getByInstance(self, instance: str = "main", **_: object) -> JumpScalePortal:
        """Return the portal of the profile `instance`, else the portal of the environment variables.

        Without such a profile the address is that of OVC_URL_<INSTANCE> (in capitals, with `_` for other characters),
        else of OVC_URL, and the login is that of the environment. Other arguments are ignored.

        Raises:
            UnknownInstance: neither has an address for the name.
            UsageError: the profile or its login can't be used.
        """
        from ovcgen.cli.portal_credentials import auth_from_environment, login_for
        from ovcgen.cli.profiles.command_target import target_of
        from ovcgen.cli.profiles.profile_selection import Profiles

        if instance in Profiles().names():
            target = target_of(None, instance)
            portal = JumpScalePortal(target.address, login_for(target))
            portal._session.verify = target.verify
            return portal
        variable = f"OVC_URL_{re.sub('[^A-Z0-9]', '_', instance.upper())}"
        url = os.environ.get(variable) or os.environ.get("OVC_URL")
        if not url:
            raise UnknownInstance(instance, variable)
        return JumpScalePortal(url, auth_from_environment())

    getByInstance2 = getClientByInstance = getByInstance
    getClient = get


class Namespace:
    """An object such as `j.clients` that has only the attributes passed to the constructor.

    Any other attribute raises NotEmulated, whose message names it.

    Args:
        path: The name of this object in scripts, such as `j.clients`.
        members: The attributes, by name.
    """

    def __init__(self, path: str, **members: object) -> None:
        self._path = path
        vars(self).update(members)

    def __getattr__(self, name: str) -> Any:
        raise NotEmulated(f"{self._path}.{name}")


_PORTALS = PortalClients()
j: Any = Namespace("j", clients=Namespace("j.clients", portal=_PORTALS), core=Namespace("j.core", portal=_PORTALS))


class _StandIn(ModuleType):
    """A substitute for any module of a missing JumpScale package. It has `j` and the errors of the portal client."""

    __path__: MutableSequence[str] = []  # noqa: RUF012 (a module's path is a list)
    j = j
    ApiError = HTTPError = ApiError


class _StandInFinder(MetaPathFinder, Loader):
    """Finds modules of JumpScale that are not installed. Python asks this finder after all others."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in PACKAGES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the class of the module has all attributes."""


sys.meta_path.append(_StandInFinder())
