"""A developer on 2.4.5 writes what only earlier releases had, and is told what to write."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def portal(openvcloud_2_4_5: Any) -> Iterator[Any]:
    """The SDK's client; nothing is ever sent."""
    with openvcloud_2_4_5.connect("https://portal.example") as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param(
            "cloudapi.machines.convertToTemplate",
            "'Machines' object has no attribute 'convertToTemplate'."
            " It is gone since release 2.3.0: use cloudapi.machines.createTemplate().",
            id="a call with a new name",
        ),
        pytest.param(
            "cloudapi.users.updatePassword",
            "'Users' object has no attribute 'updatePassword'. It is gone since release 2.3.0.",
            id="a call that nothing replaces",
        ),
        pytest.param(
            "cloudbroker.computenode",
            "'CloudbrokerGroup' object has no attribute 'computenode'. It is gone since release 2.4.4: use"
            " cloudbroker.node.decomission(), cloudbroker.node.enable(), cloudbroker.node.enableNodes(),"
            " cloudbroker.node.maintenance().",
            id="an actor",
        ),
        pytest.param(
            "jumpscale", "'Portal' object has no attribute 'jumpscale'. It is gone since release 2.2.6.", id="a group"
        ),
        pytest.param("cloudapi.machines.nothing", "'Machines' object has no attribute 'nothing'", id="what never was"),
        pytest.param("_nothing", "'Portal' object has no attribute '_nothing'", id="what is nobody's business"),
    ],
)
def test_a_name_that_is_gone_names_the_new_one(portal: Any, path: str, says: str) -> None:
    """In the AttributeError that comes anyway."""
    *holders, name = path.split(".")
    for holder in holders:
        portal = getattr(portal, holder)

    with pytest.raises(AttributeError) as error:
        getattr(portal, name)

    assert str(error.value) == says
    assert (error.value.name, error.value.obj) == (name, portal)
    assert not hasattr(portal, name)


@pytest.mark.parametrize(
    ("path", "near"),
    [("cloudap", "cloudapi"), ("cloudapi.machine", "machines"), ("cloudapi.machines.lst", "list"), ("wait.run", "")],
)
def test_a_misspelt_name_suggests_the_right_one(portal: Any, path: str, near: str) -> None:
    """The text of the AttributeError has the suggestion; blocking and asynchronous clients share the code."""
    *holders, name = path.split(".")
    for holder in holders:
        portal = getattr(portal, holder)

    with pytest.raises(AttributeError) as error:
        getattr(portal, name)

    assert str(error.value).endswith(f". Did you mean {near!r}?") == bool(near)


def test_a_keyword_that_is_gone_says_so(portal: Any) -> None:
    """In the TypeError that comes anyway; a misspelt one gets the hint that it always got."""
    destroy = portal.cloudbroker.cloudspace.destroy

    with pytest.raises(TypeError, match=r"argument 'accountId'\. It is gone since release 2\.4\.4\.$"):
        destroy(cloudspaceId="1", reason="old", accountId=1)
    with pytest.raises(TypeError, match=r"Did you mean 'permanently'\?$"):
        destroy(cloudspaceId="1", reason="old", permanent=True)


def test_parts_of_a_portal_are_copied_as_ever(portal: Any) -> None:
    """Looking for what is missing does not go in circles."""
    assert copy.copy(portal.cloudapi.machines).list
    with pytest.raises(TypeError, match="holds connections"):
        pickle.dumps(portal.cloudapi)
