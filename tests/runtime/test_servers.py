"""Which address a client calls: of the declared servers, with variables, relative to the document."""

import pytest

from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.servers import ServerSpec, server_url

REGION = ServerSpec("https://{region}.h/v1", (("region", "eu", ("eu", "us")),))
OPEN = ServerSpec("{scheme}://h:{port}", (("scheme", "https", ()), ("port", "8443", ())))
DOCUMENT = "https://docs.example/specs/openapi.json"


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


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("/api", "https://docs.example/api"),
        (".", "https://docs.example/specs"),
        ("../v2/", "https://docs.example/v2"),
        ("//other.example/x", "https://other.example/x"),
        ("http://h", "http://h"),
        ("/", "https://docs.example"),
    ],
)
def test_a_relative_address_is_relative_to_the_document(url, resolved):
    """Not to what the document says of itself."""
    assert server_url((ServerSpec(url),), document_url=DOCUMENT) == resolved


def test_without_servers_it_is_the_host_of_the_document():
    """As the specification says."""
    assert server_url((), document_url=DOCUMENT) == "https://docs.example"


@pytest.mark.parametrize(("server", "url"), [(0, "https://a"), (1, "https://b"), ("second", "https://b")])
def test_a_server_is_chosen_by_position_or_name(server, url):
    """The first one is the usual one."""
    assert server_url((ServerSpec("https://a"), ServerSpec("https://b", name="second")), server) == url


@pytest.mark.parametrize(
    ("servers", "options", "message"),
    [
        ((REGION,), {"variables": {"region": "ap"}}, "Pass one of eu, us"),
        ((REGION,), {"variables": {"zone": "eu"}}, "has no variable 'zone'. Those of https://{region}.h/v1 are region"),
        ((ServerSpec("https://h"),), {"variables": {"zone": "eu"}}, "https://h has none"),
        ((ServerSpec("https://{x}.h"),), {}, "variable 'x', which the document does not declare"),
        ((ServerSpec("/api"),), {}, "which is relative. Pass the address of the service"),
        ((), {}, "which is relative"),
        ((ServerSpec("/api"),), {"document_url": "file:///tmp/openapi.json"}, "which is relative"),
        ((REGION, OPEN), {"server": 2}, "no server 2. Pass one of 0, 1"),
        ((REGION, OPEN), {"server": -1}, "no server -1"),
        ((REGION, OPEN), {"server": "x"}, "no server 'x'"),
    ],
)
def test_what_gives_no_address_is_refused(servers, options, message):
    """Before any call, with what to pass instead."""
    with pytest.raises(ArgumentError) as caught:
        server_url(servers, **options)
    assert message in " ".join(str(caught.value).split())
