"""Get logins from plugins. Errors of a plugin's code are reported with the plugin's name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import Any

from requests import PreparedRequest
from requests.auth import AuthBase

from ovcgen import plugins


class PluginLogin(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login that a plugin has returned, for requests. It raises exceptions of the plugin as BrokenPlugin.

    Its repr shows the plugin and no secret.

    Args:
        plugin: The entry point of the plugin.
        login: The login of the plugin, which signs requests.

    Attributes:
        source: The text `the plugin NAME`, by which errors name the login.
    """

    def __init__(self, plugin: EntryPoint, login: AuthBase) -> None:
        self.source = f"the plugin {plugin.name}"
        self._sign = plugins.guarded(plugin, login.__call__)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.source}>"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed: PreparedRequest = self._sign(request)
        return signed


def login_of_plugin(name: str, variables: Mapping[str, str]) -> AuthBase:
    """Call a plugin of the group `ovcgen.auth` with the values of environment variables, and return its login.

    A login of a class of ovcgen is returned unchanged, any other one as a PluginLogin.

    Args:
        name: The name of the plugin's entry point, as in OVCGEN_AUTH.
        variables: The values of the variables, by name.

    Raises:
        UnknownPlugin: no plugin of that name is installed.
        BrokenPlugin: the plugin can't be loaded, has failed, or has returned no login.
        ClientError: the plugin has raised that error of ovcgen.
    """
    plugin, function = plugins.load_named("ovcgen.auth", name)
    login: Any = plugins.guarded(plugin, function)(variables)
    if not isinstance(login, AuthBase):
        raise plugins.BrokenPlugin(plugin, f"returned no login but {type(login).__name__}")
    return login if type(login).__module__.startswith("ovcgen.") else PluginLogin(plugin, login)
