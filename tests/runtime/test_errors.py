"""Errors as values: two sentences, one tree, and good for a journey to another process."""

import copy
import inspect
import pickle

import pytest
import requests


def examples(runtime):
    """One of each class that is raised."""
    errors = runtime.errors
    response = requests.Response()
    response.status_code, response._content = 404, b'"gone"'
    return [
        errors.ArgumentError("It is wrong.", fix="Correct it."),
        *(errors.api_error(status, "no", operation="POST /a") for status in (400, 401, 403, 405, 409, 419, 500)),
        errors.api_error(404, "gone", operation="POST /a", response=response),
        runtime.portal_errors.TaskFailed("g", "no"),
        runtime.portal_errors.TaskLost("g"),
        runtime.portal_errors.TaskTimeout("g", 30.0),
        runtime.portal_errors.WaitFailed("thing_running", "Thing 7", "running", seen="it is ERROR", status="ERROR"),
        runtime.portal_errors.WaitTimeout(
            "thing_running", "Thing 7", "running", seen="HALTED", status="HALTED", timeout=30.0
        ),
        errors.TransportError("It is down.", fix="Start it."),
        errors.OutcomeUnknown("It is lost.", fix="Look."),
        errors.DecodeError("It is odd.", fix="Look."),
    ]


def test_every_class_is_drawn_in_the_tree(runtime):
    """The docstring of the module shows who is whose child."""
    for module in (runtime.errors, runtime.portal_errors):
        classes = [name for name, kind in vars(module).items() if inspect.isclass(kind) and issubclass(kind, Exception)]
        assert [name for name in classes if f" {name} " not in module.__doc__.replace("\n", " ")] == []


def test_every_error_says_what_to_do(runtime):
    """Two sentences, each ending as one."""
    for error in examples(runtime):
        assert isinstance(error, runtime.errors.ClientError)
        assert str(error) == f"{error.what} {error.fix}"
        assert (error.what[-1], error.fix[-1]) == (".", ".")


def test_the_advice_fits_the_status(runtime):
    """501 means that the service does not offer the call, so there is no object to look at; after 500 there is one."""
    missing, failed = (runtime.errors.api_error(status, "no", operation="POST /a") for status in (501, 500))

    assert type(missing) is type(failed) is runtime.errors.ServerError
    assert missing.fix.startswith("This release of the service does not offer the call")
    assert failed.fix == "Look at the object before you repeat."


@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301
def test_an_error_survives_a_journey(runtime, travel):
    """To a worker and back: the class, the words and all it knows."""
    for error in examples(runtime):
        arrived = travel(error)
        assert (type(arrived), str(arrived), arrived.args) == (type(error), str(error), error.args)
        assert vars(arrived).keys() == vars(error).keys()
        for name, value in vars(error).items():
            same = getattr(arrived, name)
            assert same == value or (same.status_code, same.content) == (value.status_code, value.content)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("", "POST /a answered 400."),
        ("no", "POST /a answered 400: no."),
        ("No.", "POST /a answered 400: No."),
        ("1..65535 only", "POST /a answered 400: 1..65535 only."),
        ("Why?", "POST /a answered 400: Why?"),
    ],
)
def test_the_portals_words_are_not_changed(runtime, message, what):
    """They are only ended as a sentence."""
    assert runtime.errors.api_error(400, message, operation="POST /a").what == what


def test_a_failed_task_is_told_in_one_line(runtime):
    """The portal sends a whole traceback; `.message` has all of it."""
    error = runtime.portal_errors.TaskFailed("g", "Remote error:\n  line 1\x1b[2J\n" + "x" * 5000)
    assert error.what.startswith("Task g failed: Remote error: line 1 [2J xxx")
    assert len(error.what) < 2100 < len(error.message)


def test_the_base_error_has_two_names(runtime):
    """OvcError, the name in ovcgen and SDKs for OpenvCloud, is the same class as ClientError."""
    assert runtime.portal_errors.OvcError is runtime.errors.ClientError


def test_a_lost_answer_was_sent(runtime, connect, operation, portal):
    """`TransportError.sent` is True if the answer was lost, and False if no connection was made."""
    portal.says(b"reset")
    with pytest.raises(runtime.errors.TransportError) as caught:
        connect().call(operation(retry="read"), {})
    assert caught.value.sent is True

    with pytest.raises(runtime.errors.TransportError) as caught:
        connect("http://127.0.0.1:9").call(operation(), {})
    assert caught.value.sent is False
