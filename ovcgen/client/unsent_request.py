"""Build the HTTP request of a call without sending it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from requests import PreparedRequest
from requests.auth import AuthBase

from ovcgen.runtime.client import Client
from ovcgen.runtime.login_selection import parameter_target, signer_of, target_of
from ovcgen.runtime.operation import OperationSpec


def unsent_request(
    portal: Client,
    operation: OperationSpec,
    arguments: Mapping[str, object],
    login: Callable[[AuthBase], AuthBase],
) -> PreparedRequest:
    """Return the signed HTTP request that a call would send. Nothing is sent.

    Args:
        portal: The client.
        operation: The operation to call.
        arguments: The values by keyword.
        login: Called with each login that would sign the call; returns the login that signs the request instead, which
            must send nothing. A login for the header, query field or cookie that an argument writes is left out.

    Raises:
        TypeError: a keyword is unknown, or a required one is missing.
        ArgumentError: a value can't be sent, or the address of the operation can't be used.
    """
    sent, switches, _ = portal._checked(operation, arguments)
    sent = list(sent)
    session = portal._session.session_for(operation)
    given = {parameter_target(parameter) for parameter, _ in sent}
    logins = (carried for carried in session.logins.of(operation) if target_of(carried) not in given)
    return signer_of(tuple(map(login, logins)))(session.request_for(operation, sent, switches))
