"""The words of a page are what a person sees in a browser."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.runtime.html_text import is_page, page_text
from tests.runtime.conftest import answer

SHEET = "body { font: 12px } /* <p>no text</p> */\n" * 160  # 6.5 kB, as on the page of an expired JWT
HIDDEN = {
    "style": f"<style type='text/css'>{SHEET}</style>",
    "script": "<SCRIPT>if (a < b) { document.write('<p>no text</p>') }</SCRIPT >",
    "comment": "<!-- no text <b>at all</b> > -- -->",
    "head": "<head><meta charset=utf-8><title>no text</title><style>no text</style></head>",
    "open head": "<head><title>no text</title><link rel=x><body class='x'>",
    "template": "<template><p>no text</p></template>",
    "doctype": "<!DOCTYPE html>",
    "svg": "<svg><text>no text</text></svg><svg />",
}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_browser_hides_is_no_text(name, order):
    """Style sheets, scripts, comments and the head are left out, before and after the words."""
    pieces = [HIDDEN[name], "<p>JWT has &quot;expired&quot;</p>"][::order]
    assert page_text(f"<html>{''.join(pieces)}</html>") == 'JWT has "expired"'


def test_an_expired_token_is_told_in_the_pages_words(runtime, connect, operation, portal):
    """The page is cleaned first and cut then: the words stand behind 10 kB of style sheet."""
    page = f"<html><head><title>401</title>{HIDDEN['style'] * 2}</head><body><h1>Unauthorized</h1>Token expired</body>"
    portal.says(answer(page.encode() + b"<!-- -->" * 1000, 401, "text/html; charset=utf-8"))

    with pytest.raises(runtime.errors.Unauthorized) as caught:
        connect().call(operation(), {})

    assert caught.value.message == "Unauthorized Token expired"


@pytest.mark.parametrize("kind", ["text/plain", "", "application/json"])
def test_a_page_is_recognised_by_its_beginning(runtime, connect, operation, portal, kind):
    """Proxies send pages under any content type."""
    portal.says(answer(b"\n<!DOCTYPE html>\n<title>Bad gateway</title><hr>", 500, kind))

    with pytest.raises(runtime.errors.ServerError) as caught:
        connect().call(operation(), {})

    assert caught.value.message == "Bad gateway"


def test_a_text_with_angles_is_no_page():
    """What only looks a little like HTML stays as it is."""
    assert not is_page("<b> is missing", "text/plain")
    assert page_text("1 < 2 and 3 <4") == "1 < 2 and 3 <4"


@given(st.lists(st.sampled_from([*"<>!-/?\"' a&", "<script", "</script", "<style>", "<!--", "-->", "<head>", "<p "])))
def test_any_page_can_be_read(pieces):
    """However broken it is."""
    assert isinstance(page_text("".join(pieces)), str)


@pytest.mark.parametrize(
    "piece", ["<script", "<!--", '<a x="', "</", "<?", "<script></script ", "<head><p", "<title", "<"]
)
def test_a_hostile_page_costs_no_time(piece):
    """Tags that never end are read once, and not once for each."""
    begun = time.monotonic()
    page_text(piece * (1_000_000 // len(piece)))
    page_text("<script>" + piece * (1_000_000 // len(piece)))
    assert time.monotonic() - begun < 20
