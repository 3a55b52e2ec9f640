"""The rules behind validators."""

import pytest

from ovcgen.model.api import Parameter
from ovcgen.model.schema import Scalar
from ovcgen.simulator.http_errors import Crash, HttpBadRequest
from ovcgen.simulator.parameter_validators import check_value


def parameter(validator):
    """A text with that rule."""
    return Parameter("p", "p", "formData", Scalar("string"), validator=validator)


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        ("name", "ab"),
        ("name", "  "),
        ("username", "abc"),
        ("username", "alice@itsyouonline"),
        ("username", "a" * 39),
        ("groupname", "a-b.c"),
        ("password", "12345678"),
        ("ip", "1.2.3.4"),
        ("ip", "1.2.3.4.x"),
        ("uuid", "0d3f5a0c-1c39-4d8e-9d3b-1f4b1f1f0a11"),
        ("", "anything <at> all"),
        ("unheard-of", "x"),
    ],
)
def test_passes(validator, value):
    """No complaint."""
    check_value(parameter(validator), value)


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        ("name", "a"),
        ("name", "a<b"),
        ("name", 'a"b'),
        ("username", "ab"),
        ("username", "a b c"),
        ("username", "abc@"),
        ("username", "abc@d@e"),
        ("username", "a" * 40),
        ("groupname", "abc@d"),
        ("groupname", "ab"),
        ("password", "1234567"),
        ("ip", "1.2.3"),
        ("ip", "1.2.3.256"),
        ("posint", "0"),
    ],
)
def test_refuses(validator, value):
    """400."""
    with pytest.raises(HttpBadRequest):
        check_value(parameter(validator), value)


def test_a_number_in_a_text_rule_crashes():
    """A JSON number is passed on unchecked and meets a rule for texts."""
    with pytest.raises(Crash):
        check_value(parameter("name"), 12)
