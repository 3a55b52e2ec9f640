"""Cloud units."""

import pytest

from ovcgen.simulator.http_errors import HttpBadRequest
from ovcgen.simulator.resource_quotas import limits_of


def test_what_is_not_given_stays():
    """Minus one is unlimited."""
    assert limits_of({"maxCPUCapacity": 4, "maxMemoryCapacity": None})["CU_C"] == 4
    assert limits_of({"maxCPUCapacity": 4})["CU_M"] == -1
    assert limits_of({"maxCPUCapacity": -1}, {"CU_C": 4}) == {"CU_C": -1}


@pytest.mark.parametrize(
    "given",
    [{"maxCPUCapacity": 0}, {"maxCPUCapacity": -2}, {"maxVDiskCapacity": 9}, {"maxNumPublicIP": 0}],
)
def test_no_limit_of_nothing(given):
    """Nor less than a disk needs."""
    with pytest.raises(HttpBadRequest):
        limits_of(given)


def test_a_cloudspace_reserves_on_its_account(alice):
    """What the account has not left can't be promised."""
    alice.value("/cloudapi/accounts/update", accountId=1, maxCPUCapacity=4)
    new = {"accountId": 1, "location": "be-demo-1", "access": "alice@itsyouonline"}

    assert alice.post("/cloudapi/cloudspaces/create", **new, name="one", maxCPUCapacity=3).status == 200
    assert alice.post("/cloudapi/cloudspaces/create", **new, name="two", maxCPUCapacity=3).status == 400
