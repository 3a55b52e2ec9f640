"""Execute one call: check for an upgrade, check rights, run the behaviour, and record the call."""

from __future__ import annotations

from ovcgen.model.schema import File, Scalar
from ovcgen.simulator.actors import BEHAVIOUR
from ovcgen.simulator.audit_recording import audited
from ovcgen.simulator.http_errors import Unavailable
from ovcgen.simulator.operation_call import ActorCall, Outcome
from ovcgen.simulator.parameter_validators import check_value
from ovcgen.simulator.rights import INNER_CALLS, authorise
from ovcgen.simulator.samples import sample

DURING_UPGRADES = ("/system/", "/libcloud/", "/cloudbroker/grid/upgradeFailed", "/cloudbroker/grid/runUpgradeScript")
FIRST_INVENTED = 1_000_000  # far from the ids of stored records


def perform(call: ActorCall) -> Outcome:
    """Check the caller's rights, execute a call, store its audit and return its outcome.

    An operation without a behaviour of its own returns a sample value of its result type.

    Raises:
        Unavailable: the portal is being upgraded.
        Refused: rights or the behaviour refuse the call.
        Crash: the behaviour fails as a portal would.
    """
    with audited(call) as audit:
        _check_upgrade(call)
        authorise(call)
        _check_like_cloudapi(call)
        value = BEHAVIOUR.get(call.operation.path, _without_state)(call)
        outcome = value if isinstance(value, Outcome) else Outcome(value)
        audit.duration = outcome.after
    return outcome


def _check_like_cloudapi(call: ActorCall) -> None:
    """Check the parameters that a cloudbroker operation passes on to cloudapi, in releases that do so by HTTP."""
    inner = INNER_CALLS.get(call.operation.path)
    if inner is None or not call.behaves("broker-checks-like-cloudapi"):
        return
    operation = call.api.operation("POST", inner)
    for parameter in operation.parameters if operation else ():
        value = call.arguments.get(parameter.name)
        if value is not None:
            check_value(parameter, value)


def _check_upgrade(call: ActorCall) -> None:
    """Refuse calls during an upgrade, except those of guests and those that control the upgrade."""
    if call.operation.guest or call.operation.path.startswith(DURING_UPGRADES):
        return
    if call.behaves("calls-during-upgrade"):
        return
    if call.state.upgrading(call.now):
        raise Unavailable("The environment is being upgraded, please try again later.")


def _without_state(call: ActorCall) -> Outcome:
    operation = call.operation
    value = sample(operation, call.api, call.arguments)
    match operation.result:
        case File():
            return Outcome(value, file=f"{operation.name}.zip")
        case Scalar("integer") if operation.retry == "creating":
            call.state.counters[operation.path] += 1  # every creation gets a new id
            return Outcome(FIRST_INVENTED + call.state.counters[operation.path])
    return Outcome(value)
