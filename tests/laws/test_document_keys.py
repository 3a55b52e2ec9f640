"""Only the readers contain the keys of a document."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ovcgen"
BEFORE_READING = ("documents", "normalise", "model/readers", "releases")  # they make the document that is read
KEYS = frozenset(
    {
        *("$ref", "additionalProperties", "allOf", "basePath", "collectionFormat", "consumes", "definitions"),
        *("discriminator", "items", "operationId", "parameters", "paths", "produces", "properties", "responses"),
        *("schema", "securityDefinitions", "x-nullable"),
        *("additionalOperations", "anyOf", "components", "dependentRequired", "itemSchema", "nullable", "oneOf"),
        *("openapi", "patternProperties", "prefixItems", "requestBody", "securitySchemes", "webhooks"),
    }
)
WORKS_ON_A_DOCUMENT = {
    "cli/commands/releases.py": "counts the paths of pinned documents",
    "client/bravado_adapter.py": "writes the document that bravado gets",
    "recordings/schema_inference.py": "writes the schemas of corrections",
    "recordings/overlay_proposals.py": "writes corrections",
    "recordings/swagger2_validator.py": "writes the document with which bravado-core validates",
    "recordings/openapi3_validator.py": "validates with the schemas of the document itself",
    "simulator/prepare_catalog_response.py": "serves the document",
    "simulator/swagger_ui.py": "writes the document that Swagger UI shows",
    "workflows/resolve.py": "finds the groups of a document to pin",
}

NAMES_A_KEY = {
    "client/openapi3_for_bravado.py": "writes a document of Swagger 2.0 for bravado",
    "diff/swagger2_as_openapi3.py": "has the flows and styles of two versions that mean the same",
    "diff/rules/openapi3/unevaluated.py": "names the keyword that changed",
    "diff/rules/openapi3/unions.py": "names the keyword that changed",
    "diff/rules/openapi3/validation_keywords.py": "names the keyword that changed",
    "diff/rules/security_definitions.py": "names the key that changed",
    "diff/rules/types.py": "names the keyword that changed",
    "recordings/value_schema_comparison.py": "has the places of schemas in a document of Swagger 2.0",
}
DISTINCTIVE = re.compile(r"[a-z]+[A-Z]\w*|\$\w+")  # what is no usual word, as `$ref` and `oneOf`
OF_THE_MODEL = frozenset(  # values in an Api: constraints, kinds of logins, styles
    {
        *("exclusiveMaximum", "exclusiveMinimum", "maxContains", "maxItems", "maxLength", "maxProperties"),
        *("minContains", "minItems", "minLength", "minProperties", "multipleOf", "uniqueItems"),
        *("apiKey", "mutualTLS", "openIdConnect", "pipeDelimited", "spaceDelimited"),
    }
)


def texts_in(path: Path) -> set[str]:
    """Return the string literals of a file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def keys_read(tree: ast.AST) -> Iterator[str]:
    """Yield the keys that code reads: `x["key"]`, `x.get("key")`, `"key" in x` and `case {"key": ...}`."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant(str(key)), ctx=ast.Load()):
                yield key
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(str(key)), *_]):
                yield key
            case ast.Compare(left=ast.Constant(str(key)), ops=[ast.In() | ast.NotIn()]):
                yield key
            case ast.MatchMapping(keys=keys):
                yield from (key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_readers_know_the_keys_of_a_document(path: Path) -> None:
    """Code after the readers uses an Api and no document keys, so that a second reader needs no change there."""
    name = path.relative_to(PACKAGE).as_posix()
    if name.startswith(BEFORE_READING) or name in WORKS_ON_A_DOCUMENT:
        return

    assert KEYS.isdisjoint(keys_read(ast.parse(path.read_text())))


def test_reading_a_key_is_seen() -> None:
    """Every way to read a key is found; writing a key does not count."""
    ways = "a['one']; b.get('two', {}); 'three' in c\nmatch d:\n    case {'four': 4}: pass\ne['five'] = {'six': 6}"

    assert sorted(keys_read(ast.parse(ways))) == ["four", "one", "three", "two"]


def test_only_readers_name_the_keys_of_openapi_3() -> None:
    """No string outside of the readers is a key that the OpenAPI 3 reader knows, however it is used."""
    reader = (PACKAGE / "model" / "readers" / "openapi3").glob("*.py")
    known = {text for path in reader for text in texts_in(path) if DISTINCTIVE.fullmatch(text)} - OF_THE_MODEL
    assert {"$ref", "oneOf", "requestBody", "itemSchema", "securitySchemes"} <= known

    names = {path.relative_to(PACKAGE).as_posix(): texts_in(path) & known for path in PACKAGE.rglob("*.py")}
    found = {name for name, keys in names.items() if keys and not name.startswith(BEFORE_READING)}
    assert sorted(found - WORKS_ON_A_DOCUMENT.keys()) == sorted(NAMES_A_KEY)
