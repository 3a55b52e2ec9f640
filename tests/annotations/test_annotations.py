"""Annotations for GitHub and SARIF have the exact form that each format demands."""

from __future__ import annotations

import json

import pytest

from ovcgen.annotations import Place
from ovcgen.annotations.github import github_annotation
from ovcgen.annotations.sarif import SarifResult, SarifRule, sarif_log


def test_github_reserves_other_characters_in_properties_than_in_messages() -> None:
    """Colons and commas are escaped in properties but not in messages; line ends are escaped in both."""
    line = github_annotation("error", "a:b,c%", "d:e,f%\r\ng", Place("x,y.py", 3))

    assert line == "::error file=x%2Cy.py,line=3,title=a%3Ab%2Cc%25::d:e,f%25%0D%0Ag\n"


@pytest.mark.parametrize(
    ("place", "physical"),
    [
        (Place("a b.py"), {"artifactLocation": {"uri": "a%20b.py"}}),
        (Place("/a.py", 2), {"artifactLocation": {"uri": "file:///a.py"}, "region": {"startLine": 2}}),
        (
            Place("\udce9.py", 2, 1, 3, 4),
            {
                "artifactLocation": {"uri": "%E9.py"},
                "region": {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 4},
            },
        ),
    ],
)
def test_sarif_writes_what_is_known_of_a_place(place: Place, physical: object) -> None:
    """A SARIF location has the line and columns that are known, and a file name keeps bytes that are not UTF-8."""
    text = sarif_log([SarifRule("a", "b"), SarifRule("c", "d")], [SarifResult("c", "note", "text", {}, place)], {})

    (result,) = json.loads(text)["runs"][0]["results"]
    assert result["locations"] == [{"physicalLocation": physical}]
    assert result["ruleIndex"] == 1
