"""Typed Python clients for OpenvCloud portals: at run time from a portal's catalog, or as a generated SDK.

All names are imported at first use, so `import ovcgen` itself is fast.
"""

from __future__ import annotations

import importlib

from ovcgen._version import __version__ as __version__

TYPE_CHECKING: bool = False  # annotated, because jedi skips the branch of a plain False
if TYPE_CHECKING:
    from ovcgen.client.applied_corrections import Corrections as Corrections
    from ovcgen.client.legacy_portal_client import PortalClient as PortalClient
    from ovcgen.client.portal import RuntimePortal as RuntimePortal
    from ovcgen.diff.change import Change as Change
    from ovcgen.diff.change import Level as Level
    from ovcgen.errors import OverlayMissesTarget as OverlayMissesTarget
    from ovcgen.errors import SpecRefused as SpecRefused
    from ovcgen.errors import UnknownRelease as UnknownRelease
    from ovcgen.errors import UsageError as UsageError
    from ovcgen.releases.spec import Origin as Origin
    from ovcgen.releases.spec import Spec as Spec
    from ovcgen.runtime.auth import Bearer as Bearer
    from ovcgen.runtime.basic_and_api_key import ApiKey as ApiKey
    from ovcgen.runtime.basic_and_api_key import Basic as Basic
    from ovcgen.runtime.errors import ApiError as ApiError
    from ovcgen.runtime.errors import ArgumentError as ArgumentError
    from ovcgen.runtime.errors import BadRequest as BadRequest
    from ovcgen.runtime.errors import ClientError as ClientError
    from ovcgen.runtime.errors import Conflict as Conflict
    from ovcgen.runtime.errors import DecodeError as DecodeError
    from ovcgen.runtime.errors import Forbidden as Forbidden
    from ovcgen.runtime.errors import NotFound as NotFound
    from ovcgen.runtime.errors import OutcomeUnknown as OutcomeUnknown
    from ovcgen.runtime.errors import RateLimited as RateLimited
    from ovcgen.runtime.errors import ResponseTooLarge as ResponseTooLarge
    from ovcgen.runtime.errors import ServerError as ServerError
    from ovcgen.runtime.errors import TransportError as TransportError
    from ovcgen.runtime.errors import Unauthorized as Unauthorized
    from ovcgen.runtime.full_response import FullResponse as FullResponse
    from ovcgen.runtime.full_response import Headers as Headers
    from ovcgen.runtime.oauth import OAuth2 as OAuth2
    from ovcgen.runtime.openid import OpenIdConnect as OpenIdConnect
    from ovcgen.runtime.pagination import RepeatedPage as RepeatedPage
    from ovcgen.runtime.pagination import paginate as paginate
    from ovcgen.runtime.polling import Progress as Progress
    from ovcgen.runtime.portal_auth import AuthKey as AuthKey
    from ovcgen.runtime.portal_auth import Credentials as Credentials
    from ovcgen.runtime.portal_auth import ItsYouOnline as ItsYouOnline
    from ovcgen.runtime.portal_errors import AuthExpired as AuthExpired
    from ovcgen.runtime.portal_errors import ListCapped as ListCapped
    from ovcgen.runtime.portal_errors import OvcError as OvcError
    from ovcgen.runtime.portal_errors import TaskError as TaskError
    from ovcgen.runtime.portal_errors import TaskFailed as TaskFailed
    from ovcgen.runtime.portal_errors import TaskLost as TaskLost
    from ovcgen.runtime.portal_errors import TaskTimeout as TaskTimeout
    from ovcgen.runtime.portal_errors import WaitError as WaitError
    from ovcgen.runtime.portal_errors import WaitFailed as WaitFailed
    from ovcgen.runtime.portal_errors import WaitTimeout as WaitTimeout
    from ovcgen.runtime.session import DecodedResponse as DecodedResponse
    from ovcgen.runtime.tasks import Task as Task
    from ovcgen.runtime.tasks import Waited as Waited
    from ovcgen.runtime.tasks import as_completed as as_completed
    from ovcgen.runtime.tasks import wait as wait
    from ovcgen.runtime.waiters import Waiters as Waiters
    from ovcgen.simulator.mock.mock_server import MockedService as MockedService
    from ovcgen.simulator.portal_server import SimulatedPortal as SimulatedPortal
    from ovcgen.workflows.build_sdk import Packaging as Packaging
    from ovcgen.workflows.build_sdk import UnknownGroup as UnknownGroup
    from ovcgen.workflows.build_sdk import generate as generate
    from ovcgen.workflows.compare_releases import compare as compare
    from ovcgen.workflows.connect import connect as connect
    from ovcgen.workflows.connect import portal_client as portal_client
    from ovcgen.workflows.previous_sdk_names import DamagedNames as DamagedNames
    from ovcgen.workflows.previous_sdk_names import OtherApi as OtherApi
    from ovcgen.workflows.resolve import NothingPinned as NothingPinned
    from ovcgen.workflows.resolve import PinnedAlready as PinnedAlready
    from ovcgen.workflows.resolve import UnreadableDocument as UnreadableDocument
    from ovcgen.workflows.resolve import load as load
    from ovcgen.workflows.simulate import NoPortal as NoPortal
    from ovcgen.workflows.simulate import simulate as simulate


_HOMES = {
    "ovcgen.client.applied_corrections": ("Corrections",),
    "ovcgen.client.legacy_portal_client": ("PortalClient",),
    "ovcgen.client.portal": ("RuntimePortal",),
    "ovcgen.diff.change": (
        "Change",
        "Level",
    ),
    "ovcgen.errors": (
        "OverlayMissesTarget",
        "SpecRefused",
        "UnknownRelease",
        "UsageError",
    ),
    "ovcgen.releases.spec": (
        "Origin",
        "Spec",
    ),
    "ovcgen.runtime.auth": ("Bearer",),
    "ovcgen.runtime.basic_and_api_key": (
        "ApiKey",
        "Basic",
    ),
    "ovcgen.runtime.errors": (
        "ApiError",
        "ArgumentError",
        "BadRequest",
        "ClientError",
        "Conflict",
        "DecodeError",
        "Forbidden",
        "NotFound",
        "OutcomeUnknown",
        "RateLimited",
        "ResponseTooLarge",
        "ServerError",
        "TransportError",
        "Unauthorized",
    ),
    "ovcgen.runtime.full_response": (
        "FullResponse",
        "Headers",
    ),
    "ovcgen.runtime.oauth": ("OAuth2",),
    "ovcgen.runtime.openid": ("OpenIdConnect",),
    "ovcgen.runtime.portal_auth": (
        "AuthKey",
        "Credentials",
        "ItsYouOnline",
    ),
    "ovcgen.runtime.portal_errors": (
        "AuthExpired",
        "ListCapped",
        "OvcError",
        "TaskError",
        "TaskFailed",
        "TaskLost",
        "TaskTimeout",
        "WaitError",
        "WaitFailed",
        "WaitTimeout",
    ),
    "ovcgen.runtime.pagination": (
        "RepeatedPage",
        "paginate",
    ),
    "ovcgen.runtime.polling": ("Progress",),
    "ovcgen.runtime.tasks": (
        "Task",
        "Waited",
        "as_completed",
        "wait",
    ),
    "ovcgen.runtime.waiters": ("Waiters",),
    "ovcgen.runtime.session": ("DecodedResponse",),
    "ovcgen.simulator.mock.mock_server": ("MockedService",),
    "ovcgen.simulator.portal_server": ("SimulatedPortal",),
    "ovcgen.workflows.build_sdk": (
        "Packaging",
        "UnknownGroup",
        "generate",
    ),
    "ovcgen.workflows.compare_releases": ("compare",),
    "ovcgen.workflows.connect": (
        "connect",
        "portal_client",
    ),
    "ovcgen.workflows.previous_sdk_names": (
        "DamagedNames",
        "OtherApi",
    ),
    "ovcgen.workflows.resolve": (
        "NothingPinned",
        "PinnedAlready",
        "UnreadableDocument",
        "load",
    ),
    "ovcgen.workflows.simulate": (
        "NoPortal",
        "simulate",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


if not TYPE_CHECKING:  # hidden from type checkers, which would accept any name

    def __getattr__(name: str) -> object:
        """Import a public name at its first use.

        Raises:
            AttributeError: there is no such name.
        """
        if name not in _HOME_OF:
            raise AttributeError(f"module 'ovcgen' has no attribute {name!r}")
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
