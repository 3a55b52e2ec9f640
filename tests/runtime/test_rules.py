"""The portal's rules for texts, as it applies them."""

import pytest


@pytest.mark.parametrize(
    ("rule", "text", "allowed"),
    [
        ("name", "ab", True),
        ("name", "web 1 & ünï", True),
        ("name", "x" * 5000, True),
        ("name", "a", False),
        ("name", "  ", False),
        ("name", " a", True),
        ("name", "a<b", False),
        ("name", "a>b", False),
        ("name", 'a"b', False),
        ("name", "a'b", False),
        ("name", "two\nlines", True),
        ("username", "ann", True),
        ("username", "an", False),
        ("username", "a" * 39, True),
        ("username", "a" * 40, False),
        ("username", "ann_b.c-1@itsyouonline", True),
        ("username", "ann@", False),
        ("username", "ann@b@c", False),
        ("username", "ann\n", False),
        ("username", "änn", False),
        ("groupname", "admin", True),
        ("groupname", "ad min", False),
        ("groupname", "ann@b", False),
        ("password", "x" * 7, False),
        ("password", "x" * 8, True),
        ("password", "x" * 60, True),
        ("password", "x" * 61, False),
    ],
)
def test_a_rule_allows_what_the_portal_takes(runtime, rule, text, allowed):
    """And refuses what it would answer 400 to; blanks alone are refused by us, as machines fail over them with 500."""
    assert runtime.rules.RULES[rule].allows(text) is allowed


def test_a_rule_is_checked_before_anything_is_sent(runtime):
    """The message says what the text must be, and not what a password was."""
    name = runtime.arguments.Parameter("name", "string", validator="name")
    password = runtime.arguments.Parameter("password", "string", validator="password")
    act = runtime.arguments.Operation("a.b.c", "POST", "/a/b/c", (name, password))
    with pytest.raises(runtime.errors.ArgumentError, match=r"can't send '<b>' for 'name'\. Pass at least 2 characters"):
        runtime.arguments.check_values(act, {"name": "<b>"})
    with pytest.raises(runtime.errors.ArgumentError, match=r"can't send str for 'password'\. Pass 8 to 60 characters"):
        runtime.arguments.check_values(act, {"password": "canary"})
