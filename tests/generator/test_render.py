"""Templates print and repeat; what they print was decided in the view."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError, nodes

from ovcgen.generator.code import Code
from ovcgen.generator.render import environment
from ovcgen.resources import resource_folder

FOLDER = resource_folder("templates")
TEMPLATES = sorted([*(FOLDER / "sdk").rglob("*.jinja"), *(FOLDER / "parts").rglob("*.jinja")])
DECIDES = (nodes.Call, nodes.Compare, nodes.Filter, nodes.Assign, nodes.Macro, nodes.BinExpr, nodes.CondExpr)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_templates_only_print_and_repeat(template: Path) -> None:
    """What to print is decided in the view. A bare `if name` or `for x in name` is all a template may ask."""
    tree = environment(FOLDER).parse(template.read_text())

    assert [type(node).__name__ for node in tree.find_all(DECIDES)] == []


def test_a_text_that_is_no_code_is_refused() -> None:
    """No text of a portal reaches a file by way of a template."""
    template = environment(FOLDER).from_string("{{ text }}")

    assert template.render(text=Code("pass")) == "pass"
    with pytest.raises(TypeError, match="no finished code"):
        template.render(text="pass")


def test_a_misspelt_name_is_an_error() -> None:
    """A template never prints nothing by accident."""
    with pytest.raises(UndefinedError):
        environment(FOLDER).from_string("{{ tetx }}").render(text=Code("pass"))
