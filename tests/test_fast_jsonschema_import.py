"""What loading bravado and jsonschema costs, and what is given up for it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

PROBE = """
import sys
{lines}
print(*sorted(name for name in ("bravado", "jsonschema", "rfc3987_syntax", "lark") if name in sys.modules))
"""


def probed(*lines: str) -> str:
    """Which of the dear modules a fresh interpreter has after these lines."""
    code = PROBE.format(lines="\n".join(lines))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_client_does_not_load_the_grammar() -> None:
    """It takes most of the second that bravado takes to load."""
    assert probed("import ovcgen.client.portal") == "bravado jsonschema"


def test_checking_a_document_does_not_load_the_grammar() -> None:
    """The metaschema of Swagger 2.0 asks for no format that would need it."""
    checked = "from ovcgen.documents import metaschema_validation as v; v.metaschema_mistakes({'swagger': '2.0'})"
    assert probed(checked) == "jsonschema"


def test_what_is_lost_without_the_grammar() -> None:
    """jsonschema's check of `iri` and of `iri-reference`, in this process, and nothing else."""
    shown = "import jsonschema; print(*sorted(jsonschema.Draft202012Validator.FORMAT_CHECKER.checkers), sep=',')"
    with_grammar = set(probed(shown).split("\n")[0].split(","))
    without = set(probed("import ovcgen.client.portal", shown).split("\n")[0].split(","))

    assert with_grammar - without <= {"iri", "iri-reference"}
    assert without <= with_grammar


@pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="jsonschema before 4.25 does not bring it along")
def test_the_grammar_can_still_be_loaded() -> None:
    """Whoever wants it gets it."""
    loaded = probed("import ovcgen.client.portal", "import rfc3987_syntax")

    assert loaded == "bravado jsonschema lark rfc3987_syntax"
