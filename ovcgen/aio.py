"""Asynchronous clients of OpenvCloud portals: `async with ovcgen.aio.connect(...) as portal`. Needs the extra `aio`.

The names are those of `ovcgen`; logins and errors are the same objects. A client belongs to one event loop.
"""

from __future__ import annotations

from ovcgen.client.async_portal import AsyncRuntimePortal as AsyncRuntimePortal
from ovcgen.runtime.aio.pagination import RepeatedPage, paginate
from ovcgen.runtime.aio.tasks import AsyncTask as Task
from ovcgen.runtime.aio.tasks import AsyncWaited as Waited
from ovcgen.runtime.aio.tasks import as_completed, wait
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.basic_and_api_key import ApiKey, Basic
from ovcgen.runtime.errors import (
    ApiError,
    ArgumentError,
    BadRequest,
    ClientError,
    Conflict,
    DecodeError,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ResponseTooLarge,
    ServerError,
    TransportError,
    Unauthorized,
)
from ovcgen.runtime.full_response import FullResponse, Headers
from ovcgen.runtime.oauth import OAuth2
from ovcgen.runtime.openid import OpenIdConnect
from ovcgen.runtime.polling import Progress
from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline
from ovcgen.runtime.portal_errors import (
    AuthExpired,
    ListCapped,
    OvcError,
    TaskError,
    TaskFailed,
    TaskLost,
    TaskTimeout,
    WaitError,
    WaitFailed,
    WaitTimeout,
)
from ovcgen.workflows.connect_async import Connecting, connect

__all__ = [
    "ApiError",
    "ApiKey",
    "ArgumentError",
    "AsyncRuntimePortal",
    "AuthExpired",
    "AuthKey",
    "BadRequest",
    "Basic",
    "Bearer",
    "ClientError",
    "Conflict",
    "Connecting",
    "Credentials",
    "DecodeError",
    "Forbidden",
    "FullResponse",
    "Headers",
    "ItsYouOnline",
    "ListCapped",
    "NotFound",
    "OAuth2",
    "OpenIdConnect",
    "OutcomeUnknown",
    "OvcError",
    "Progress",
    "RateLimited",
    "RepeatedPage",
    "ResponseTooLarge",
    "ServerError",
    "Task",
    "TaskError",
    "TaskFailed",
    "TaskLost",
    "TaskTimeout",
    "TransportError",
    "Unauthorized",
    "WaitError",
    "WaitFailed",
    "WaitTimeout",
    "Waited",
    "as_completed",
    "connect",
    "paginate",
    "wait",
]
