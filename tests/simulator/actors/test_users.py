"""What users know of themselves and others."""

U = "/cloudapi/users"


def test_data_are_merged(alice):
    """Into what is stored."""
    alice.value(f"{U}/setData", data='{"a": 1}')
    alice.value(f"{U}/setData", data='{"b": 2}')

    assert alice.value(f"{U}/get", username="alice@itsyouonline")["data"] == {"a": 1, "b": 2}
    assert alice.post(f"{U}/setData", data="x").status == 400


def test_names_are_matched(alice):
    """At most 20."""
    names = [user["username"] for user in alice.value(f"{U}/getMatchingUsernames", usernameregex="b", limit=5)]

    assert names == ["bob@itsyouonline"]
    assert alice.post(f"{U}/getMatchingUsernames", usernameregex="b", limit=21).status == 400
