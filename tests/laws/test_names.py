"""One name for one thing: public classes are unique, and words that were replaced do not come back."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ovcgen"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Old words for modules, each with the word of the field that replaced it.
REPLACED_MODULES = {
    "going_through": "builtin_iterables",
    "displays": "literals",
    "invoking": "calls",
    "defining": "definitions",
    "storing": "assignment",
    "foreign": "library_models",
    "promises": "type_hints",
    "truth": "narrowing",
    "surface": "api_index",
    "uses": "usages",
    "lesson": "learned",
    "sightings": "observations",
    "judge": "swagger2_validator",
    "witness": "counterexample",
    "evidence": "newly_refused_requests",
    "shown": "render",
    "pieces": "walk",
    "fitting": "value_compatibility",
    "settling": "one_sided_corrections",
    "likeness": "name_similarity",
    "moves": "rename_detection",
    "sameness": "rename_detection",
    "merging": "resolve",
    "wording": "sanitize",
    "heirs": "discriminator_subtypes",
    "words": "scoped_names",
    "failures": "error_docs",
    "spelling": "python_names",
    "vanished": "unknown_names",
    "filling": "request_building",
    "kinds": "typeguards",
    "schemes": "basic_and_api_key",
    "answers": "response_decoding",
    "downloads": "download_document",
    "uploads": "upload",
    "connection": "adapter",
    "opening": "connect",
    "products": "build_sdk",
    "sides": "diff_inputs",
    "spots": "change_locations",
    "sources": "resolve",
    "mending": "repair",
    "marks": "source_map",
    "refusals": "errors",
    "noted": "change_tracking_dict",
    "gate": "log_and_fault_middleware",
    "perform": "dispatch",
    "columns": "serialization",
    "pace": "timing",
    "contents": "small_system_actors",
    "copies": "machine_copies",
    "ending": "deletion",
    "giving": "cloudapi_adapters",
    "loopback": "network_guard",
    "grammar": "fast_jsonschema_import",
    "own_code": "impact_and_migrate",
    "comparing": "diff",
    "learning": "learn",
    "catalogs": "releases",
    "exits": "exit_codes",
    "colours": "colored_diff",
    "screen": "terminal",
}
# Old words in the names of classes, functions and arguments, each with what is written now.
REPLACED_WORDS = {
    "capped": "max_items",
    "displays": "literals",
    "fallen": "regress_to",
    "falling": "regress_from",
    "gathered": "the verb that it is",
    "heir": "subtype",
    "heirs": "discriminator_subtypes",
    "held": "the noun that it is",
    "invoking": "calls",
    "judge": "validator",
    "leaving": "deprecated_in",
    "lesson": "learned",
    "lessons": "learned",
    "likeness": "similarity",
    "lineage": "ancestors",
    "mending": "repair",
    "noted": "tracked",
    "promises": "annotations",
    "sameness": "equality",
    "settled": "the noun that it is",
    "settling": "one_sided",
    "shown": "the noun that it is",
    "sighting": "observation",
    "sightings": "observations",
    "somebody": "the noun that it is",
    "spelled": "the noun that it is",
    "spoken": "dialect",
    "storing": "assignment",
    "surface": "api_index",
    "swallowed": "ignored",
    "told": "the noun that it is",
    "truth": "release",
    "vanished": "removed",
}
ALLOWED_NAMES = {"truth_value"}  # the term for what a condition evaluates to
ALLOWED_IN_RUNTIME = {
    # Generated SDKs pass these options and raise this error.
    "capped",
    "fallen",
    "falling",
    "leaving",
    "ListCapped",
    # How values are written in messages.
    "_shown",
    "_told",
    "shown",
}
ALLOWED = {
    "usage/source_files.py",  # the source files of a project
    "normalise/openvcloud/sdk_wording.py",  # the words that SDKs of that dialect use
}


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_no_public_class_name_stands_twice() -> None:
    """A reader who searches for a class finds one."""
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_has_no_name_that_was_replaced(path: Path) -> None:
    """Modules and packages have the names of the field."""
    parts = {*path.relative_to(PACKAGE).with_suffix("").parts}

    assert {part: REPLACED_MODULES[part] for part in parts & REPLACED_MODULES.keys()} == {} or relative(path) in ALLOWED


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_classes_functions_and_arguments_have_no_word_that_was_replaced(path: Path) -> None:
    """No class, function or argument has a name with a word that was replaced by the term of the field."""
    allowed = ALLOWED_NAMES | (ALLOWED_IN_RUNTIME if relative(path).startswith("runtime/") else set())

    found = {name: words(name) & REPLACED_WORDS.keys() for name in declared_names(path) - allowed}

    assert {name: [REPLACED_WORDS[word] for word in replaced] for name, replaced in found.items() if replaced} == {}


def declared_names(path: Path) -> set[str]:
    """Return the names of all classes, functions and arguments of a module."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    return {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)} | {
        node.arg for node in nodes if isinstance(node, ast.arg)
    }


def words(name: str) -> set[str]:
    """Return the words of a name in lower case: `api`, `index` for `ApiIndex` and for `api_index`."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
