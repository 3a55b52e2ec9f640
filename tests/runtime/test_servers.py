"""Which address a client calls: that of a declared server, with variables, or the caller's."""

import pytest

from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.servers import ServerSpec, server_url

REGION = ServerSpec("https://{region}.h/v1", (("region", "eu", ("eu", "us")),))
OPEN = ServerSpec("{scheme}://h:{port}", (("scheme", "https", ()), ("port", "8443", ())))


@pytest.mark.parametrize(
    ("server", "variables", "url"),
    [
        (ServerSpec("https://h/v1"), {}, "https://h/v1"),
        (ServerSpec("https://h/v1/"), {}, "https://h/v1"),
        (REGION, {}, "https://eu.h/v1"),
        (REGION, {"region": "us"}, "https://us.h/v1"),
        (OPEN, {}, "https://h:8443"),
        (OPEN, {"scheme": "http", "port": 80}, "http://h:80"),
    ],
)
def test_variables_are_filled(server, variables, url):
    """With the caller's values, else with the defaults."""
    assert server_url((server,), variables=variables) == url


@pytest.mark.parametrize(("server", "url"), [(0, "https://a"), (1, "https://b"), ("second", "https://b")])
def test_a_server_is_chosen_by_position_or_name(server, url):
    """The first one is the usual one."""
    assert server_url((ServerSpec("https://a"), ServerSpec("https://b", name="second")), server) == url


@pytest.mark.parametrize(
    ("server", "url", "address"),
    [
        (REGION, "http://localhost:8000", "http://localhost:8000/v1"),
        (REGION, "http://localhost:8000/", "http://localhost:8000/v1"),
        (REGION, "http://localhost:8000/v2/", "http://localhost:8000/v2"),
        (OPEN, "https://other", "https://other"),
        (ServerSpec("/api/"), "https://other", "https://other/api"),
        (ServerSpec("."), "https://other", "https://other"),
        (ServerSpec("https://{undeclared}/a"), "https://other", "https://other/a"),
        (ServerSpec("https://h/{x}", (("x", "1", ()),)), "https://other", "https://other/1"),
    ],
)
def test_the_address_of_the_caller(server, url, address):
    """It is complete if it has a path, else the path of the declared server follows."""
    assert server_url((server,), url=url) == address


@pytest.mark.parametrize(
    ("servers", "options", "message"),
    [
        ((REGION,), {"variables": {"region": "ap"}}, "Pass one of eu, us"),
        ((REGION,), {"variables": {"zone": "eu"}}, "has no variable 'zone'. Those of https://{region}.h/v1 are region"),
        ((ServerSpec("https://h"),), {"variables": {"zone": "eu"}}, "https://h has none"),
        ((ServerSpec("https://{x}.h"),), {}, "variable 'x', which the document does not declare"),
        ((ServerSpec("/api"),), {}, "which is relative. Pass the address of the service"),
        ((), {}, "which is relative"),
        ((ServerSpec("file:///tmp"),), {}, "which is no http(s) URL"),
        ((ServerSpec("http://[::1"),), {}, "which is no http(s) URL"),
        ((REGION,), {"url": "ftp://x"}, "'ftp://x' is no address of a service."),
        ((REGION, OPEN), {"server": 2}, "no server 2. Pass one of 0, 1"),
        ((REGION,), {"server": 1}, "no server 1. There is only one, which is used without that choice: leave it out."),
        ((REGION, OPEN), {"server": -1}, "no server -1"),
        ((REGION, OPEN), {"server": "x"}, "no server 'x'"),
    ],
)
def test_what_gives_no_address_is_refused(servers, options, message):
    """Before any call, with what to pass instead."""
    with pytest.raises(ArgumentError) as caught:
        server_url(servers, **options)
    assert message in " ".join(str(caught.value).split())
