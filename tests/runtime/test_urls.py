"""URLs of unknown origin are split, joined and compared without errors."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from ovcgen.runtime.urls import joined_url, same_origin, split_url

INVALID = ("http://[::1/x", "http://a:99999999/", "http://a:x/", "http://a]/", "//[", "http://\u2100.example/")
URLS = some.sampled_from(INVALID) | some.text("htp:/[]@#?.a1\u2100")


@given(URLS, URLS)
@example("http://a.example", "//[#")
def test_no_text_raises_an_error(one: str, other: str) -> None:
    """Whatever stands in a document or a header can be split, joined and compared."""
    assert isinstance(split_url(one).port, int | None)
    joined_url(one, other)
    assert same_origin(one, other) is same_origin(other, one)


@pytest.mark.parametrize("url", INVALID)
def test_an_invalid_url_has_no_host_and_no_origin(url: str) -> None:
    """An invalid URL has not even the origin of itself, so that no login is sent there."""
    assert split_url(url) == ("", "", url, "", "")
    assert not same_origin(url, url)
    assert joined_url("http://[", url) == url


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x?y", "HTTPS://u:p@A.example:443", True),
        ("http://a.example", "http://a.example:80/", True),
        ("http://a.example", "https://a.example", False),
        ("http://a.example", "http://b.example", False),
        ("http://a.example:8080", "http://a.example", False),
        ("/x", "/x", False),
    ],
)
def test_origins_are_compared_by_scheme_host_and_port(one: str, other: str, *, same: bool) -> None:
    """Default ports, case, paths and users do not count; valid URLs are split as Python does."""
    assert same_origin(one, other) is same
    assert split_url(one) == urlsplit(one)
