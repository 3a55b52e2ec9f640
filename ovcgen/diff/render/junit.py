"""Render a report as JUnit XML, in which each breaking change is a failed test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovcgen.diff.change import BREAKING, Change
from ovcgen.diff.render.report_parts import place_text
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def as_junit(report: Report) -> str:
    """Return the output of `ovcgen diff --output junit`: JUnit XML with one test case for each change.

    A breaking change, by the decisive verdict, fails. If nothing changed there is one test case, which passes. Changes
    in behaviour are test cases, too.
    """
    from xml.etree import ElementTree

    totals = {
        "tests": str(len(report.all_changes) or 1),
        "failures": str(sum(report.decisive_level(change) is BREAKING for change in report.all_changes)),
    }
    root = ElementTree.Element("testsuites", {"name": "ovcgen diff", **totals})
    name = printable(f"{report.old} -> {report.new}")
    suite = ElementTree.SubElement(root, "testsuite", {"name": name, **totals, "errors": "0", "skipped": "0"})
    for change in report.all_changes:
        _case(suite, change, report)
    if not report.all_changes:
        ElementTree.SubElement(suite, "testcase", {"classname": name, "name": "nothing changed"})
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"


def _case(suite: Element, change: Change, report: Report) -> None:
    from xml.etree import ElementTree

    spot = report.source_lines.get(change.fingerprint)
    place = {"file": spot.file, "line": str(spot.line)} if spot else {}
    called = {"classname": printable(place_text(change)), "name": f"{change.id} {change.fingerprint}"}
    case = ElementTree.SubElement(suite, "testcase", {**called, **place})
    says = printable(change.message)
    if report.decisive_level(change) is BREAKING:
        failure = ElementTree.SubElement(case, "failure", {"type": change.id, "message": says})
        failure.text = printable(change.hint)
    else:
        ElementTree.SubElement(case, "system-out").text = f"{report.decisive_level(change).word}: {says}"
