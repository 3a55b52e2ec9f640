"""From an address to a portal."""

from __future__ import annotations

from typing import Any

import pytest

import ovcgen


def login(server: Any) -> ovcgen.ItsYouOnline:
    return ovcgen.ItsYouOnline(server.client_id, server.client_secret, url=server.itsyouonline)


@pytest.mark.parametrize("open_portal", [ovcgen.connect, ovcgen.portal_client])
@pytest.mark.parametrize("release", [None, "2.4.5"])
def test_an_address_is_refused_as_it_was_written(open_portal: Any, release: str | None) -> None:
    """Not with what was put behind it."""
    with pytest.raises(ovcgen.ArgumentError, match=r"'portal\.example' is no address"):
        open_portal("portal.example", release=release)


def test_a_group_that_no_portal_has(simulated: Any) -> None:
    """The portal says invalid; the way out is ours."""
    with pytest.raises(ovcgen.BadRequest, match="portals have cloudapi, cloudbroker"):
        ovcgen.connect(simulated.url, auth=login(simulated), groups=["cloudapy"])


def test_an_address_that_is_no_portals(simulated: Any) -> None:
    """The way out is about the address, not about the id of an object."""
    with pytest.raises(ovcgen.NotFound, match=r"portal's root.* Another service, or a mock, needs its document"):
        ovcgen.connect(simulated.itsyouonline, auth=login(simulated))


def test_without_a_login_there_is_no_catalog(simulated: Any) -> None:
    """A pinned release needs none to be opened."""
    with pytest.raises(ovcgen.Unauthorized):
        ovcgen.connect(simulated.url)
    assert ovcgen.connect(simulated.url, release="2.4.5").release == "2.4.5"


def test_a_live_portal_is_the_release_it_equals(simulated: Any) -> None:
    """With all of that release's corrections."""
    portal = ovcgen.connect(simulated.url, auth=login(simulated))

    assert (portal.corrections.release, portal.corrections.exact) == ("2.4.5", True)
    assert portal.cloudapi.accounts.list()[0]["name"] == "acme"


@pytest.mark.parametrize("open_portal", [ovcgen.connect, ovcgen.portal_client])
def test_one_group_may_be_a_text(simulated: Any, open_portal: Any) -> None:
    """It is that group, and not one for each of its letters."""
    with open_portal(simulated.url, auth=login(simulated), groups="libcloud") as portal:
        assert portal.libcloud.libvirt


def test_a_group_that_was_not_fetched_says_how_to_fetch_it(simulated: Any) -> None:
    """The sentence can be pasted."""
    portal = ovcgen.connect(simulated.url, auth=login(simulated))

    with pytest.raises(AttributeError, match=r"connect\(\.\.\., groups=\[.*'cloudapi', .*'libcloud'\]\)"):
        portal.libcloud  # noqa: B018


@pytest.mark.parametrize("open_portal", [ovcgen.connect, ovcgen.portal_client])
def test_a_release_and_a_spec_at_once_are_refused(open_portal: Any) -> None:
    """Neither wins silently."""
    with pytest.raises(ovcgen.ArgumentError, match="Both release and spec"):
        open_portal("https://portal.example", release="2.4.5", spec="2.4.4")
