"""Whoever lacks an optional library is told which extra brings it, or loses nothing but comfort."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# module names that differ from the package's
MODULES = {"jinja2": "jinja2", "pyjwt": "jwt", "pyyaml": "yaml", "vcrpy": "vcr", "bravado-core": "bravado_core"}
NOT_OURS = {"ovcgen", "pytest", "typing_extensions"}  # pytest loads the plugin, checkers bring the other along

# extra: what needs it, and what is said without it; "" where the work is done without
NEEDED = {
    "aio": ("import ovcgen.runtime.aio", "Asynchronous clients need"),
    "cassettes": ("from ovcgen.cassettes import recorder; recorder()", "Recording needs vcrpy"),
    "cli": (
        "from ovcgen.cli import colored_diff, login_store; colored_diff.console(); login_store.login_store()",
        "",
    ),
    "learn": (
        "from ovcgen.recordings.schema_inference import inferred_schema; inferred_schema([1])",
        "Learning needs genson",
    ),
    "migrate": (
        "from ovcgen.migrate.rewrite import rewritten; rewritten(b'', (), '', '')",
        "Rewriting code needs libcst",
    ),
    "simulator": ("from ovcgen.simulator.json_web_tokens import new_key; new_key(); new_key('ES384')", "need"),
}


def modules(requirements: list[str]) -> set[str]:
    """The modules that these requirements bring."""
    names = {re.split(r"[<>=!~\\[; ]", requirement)[0] for requirement in requirements}
    return {MODULES.get(name, name.replace("-", "_")) for name in names}


EXTRAS = {name: modules(each) for name, each in PROJECT["optional-dependencies"].items() if name not in ("all", "test")}


def test_every_extra_is_used_and_every_import_is_required() -> None:
    """No library is asked for that nothing imports, and none is imported that nothing asks for."""
    imported: set[str] = set()
    for path in (ROOT / "ovcgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - NOT_OURS

    optional = set().union(*EXTRAS.values())
    assert foreign - optional <= modules(PROJECT["dependencies"])
    assert optional <= foreign
    assert EXTRAS.keys() == NEEDED.keys()


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_a_missing_extra_says_what_to_install(extra: str) -> None:
    """Each of its libraries is hidden in a process of its own."""
    code, said = NEEDED[extra]
    for module in EXTRAS[extra]:
        script = dedent(f"""
            import sys
            from ovcgen.runtime.errors import ClientError

            class Hidden:
                def find_spec(self, name, path=None, target=None):
                    if name.partition(".")[0] == {module!r}:
                        raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

            sys.meta_path.insert(0, Hidden())
            try:
                {code}
            except ClientError as error:
                print(error.what, error.fix)
            """)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

        assert said in done.stdout
        assert (f"pip install 'ovcgen[{extra}]'" in done.stdout) == bool(said)
