"""Any content type of a response can be read, also one that a hostile service chose."""

from __future__ import annotations

import warnings
from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ovcgen.runtime.client import Client
from ovcgen.runtime.errors import ApiError
from ovcgen.runtime.media_types import known_charset, text_in
from ovcgen.runtime.operation import OperationSpec
from tests.runtime.conftest import Listener, answer

NO_CHARSETS = ("hex", "rot13", "base64", "zip", "idna", "punycode", "undefined", "unicode_escape", "", "no-such", "\0")
CODECS = sorted({*aliases, *aliases.values(), *NO_CHARSETS, "utf_8_sig", "raw_unicode_escape", "mbcs", "oem"})


@given(charset=some.sampled_from(CODECS) | some.text(), content=some.binary())
def test_every_charset_decodes_every_body(charset: str, content: bytes) -> None:
    """No name of a charset, known to Python or not, leads to an error or a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text_in(content, f"text/plain; charset={charset}")
        content.decode(known_charset(charset), "replace")


@pytest.mark.parametrize("charset", NO_CHARSETS)
def test_a_name_that_is_no_charset_means_utf_8(charset: str) -> None:
    """Codecs of Python that are no charsets are unknown like any other name."""
    assert text_in("ünï".encode(), f"text/plain; charset={charset}") == "ünï"


@pytest.mark.parametrize("charset", ["hex", "idna", "undefined"])
def test_a_refusal_in_a_strange_charset_is_an_api_error(portal: Listener, charset: str) -> None:
    """The text of the refusal can be read from the error, and from its response."""
    portal.says(answer("nö.".encode(), 400, kind=f"text/plain; charset={charset}"))
    call = OperationSpec("things.get", "GET", "/things", plain=True, retry="read")
    with Client(portal.url) as client, pytest.raises(ApiError, match="nö") as caught:
        client.call(call, {})
    response = caught.value.response
    assert response is not None
    assert response.text == "nö."
