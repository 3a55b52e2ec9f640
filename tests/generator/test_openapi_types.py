"""Which annotation each schema of an OpenAPI 3 document becomes, in a response and in a request."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.view.schema_annotations import named_types
from ovcgen.model.earlier_sdk_names import GivenNames
from ovcgen.model.readers.openapi3 import read

Json = dict[str, Any]
TEXT = {"type": "string"}
FILE = "FileLike"


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def record(required: str = "", **properties: Any) -> Json:
    return {"type": "object", "required": required.split(), "properties": properties}


def content(schema: Json | bool, media_type: str = "application/json") -> Json:
    return {"content": {media_type: {"schema": schema}}}


def document(call: Json, version: str = "3.1.0", **schemas: Json) -> Json:
    operation = {"operationId": "do", "tags": ["m"], "responses": {"204": {"description": ""}}, **call}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/m": {"post": operation}},
        "components": {"schemas": schemas},
    }


def files(call: Json, version: str = "3.1.0", **schemas: Json) -> dict[str, str]:
    """The SDK of a document with one call."""
    api, _ = read(document(call, version, **schemas), "t 1")
    return sdk_files(api, sha256="")


def content_of(sent: Json, answer: Json) -> Json:
    return {"requestBody": content(sent), "responses": {"200": {"description": "", **content(answer)}}}


def types(call: Json, **schemas: Json) -> str:
    return files(call, **schemas)["t_1/types.py"].partition("TypedDict\n")[2]


def signature(call: Json, **schemas: Json) -> str:
    """The last signature of the call, in one line."""
    code = files(call, **schemas)["t_1/m/__init__.py"]
    return re.sub(r"\s+", " ", re.findall(r" def do(\(.*?\).*?):\n\s+\"\"\"", code, re.DOTALL)[-1])


def answer(schema: Json | bool, version: str = "3.1.0", **schemas: Json) -> str:
    """The annotation of a member of a response."""
    found = files({"responses": {"200": {"description": "", **content(record("x", x=schema))}}}, version, **schemas)
    return re.search(r"    x: (.*)", found["t_1/types.py"])[1]  # type: ignore[index]


def sent(schema: Json | bool, version: str = "3.1.0", **schemas: Json) -> str:
    """The annotation of a member of a request."""
    found = files({"requestBody": content(record("x", x=schema))}, version, **schemas)
    return re.search(r"    x: (.*)", found["t_1/types.py"])[1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("schema", "in_response", "in_request"),
    [
        pytest.param(TEXT, "str", "str", id="a text"),
        pytest.param({"type": ["string", "null"]}, "str | None", "str | None", id="null"),
        pytest.param({"enum": ["a", "b"]}, 'Literal["a", "b"] | str', 'Literal["a", "b"]', id="an enum"),
        pytest.param({"enum": ["a", ""]}, 'Literal["", "a"] | str', 'Literal["", "a"]', id="an empty text"),
        pytest.param({"enum": ["a", None]}, 'Literal["a"] | None', 'Literal["a"] | None', id="an enum with null"),
        pytest.param({"enum": [0.5, 1.5]}, "float", "float", id="floats are no literals"),
        pytest.param({"enum": ["a", 1]}, 'Literal["a", 1] | str | int', 'Literal["a", 1]', id="a mixed enum"),
        pytest.param({"const": "a"}, 'Literal["a"]', 'Literal["a"]', id="a constant"),
        pytest.param({"const": True}, "Literal[True]", "Literal[True]", id="a boolean constant"),
        pytest.param(
            {"oneOf": [{"const": 1}, {"const": 2}]}, "Literal[1, 2] | int", "Literal[1, 2]", id="annotated constants"
        ),
        pytest.param({"anyOf": [TEXT, {"type": "integer"}]}, "str | int", "str | int", id="a union"),
        pytest.param(
            {"anyOf": [TEXT, {"type": "string", "format": "uri"}, {"type": "null"}]},
            "str | None",
            "str | None",
            id="twice",
        ),
        pytest.param({"type": ["integer", "string"]}, "int | str", "int | str", id="a list of types"),
        pytest.param(
            {"type": "object", "additionalProperties": TEXT}, "dict[str, str]", "Mapping[str, str]", id="a map"
        ),
        pytest.param({"type": "object"}, "dict[str, Any]", "Mapping[str, Any]", id="any object"),
        pytest.param(
            {"type": "array", "prefixItems": [TEXT, {"type": "integer"}], "items": False},
            "list[str | int]",
            "list[str | int]",
            id="a tuple is a list",
        ),
        pytest.param({"type": "string", "format": "date-time"}, "str", "str | datetime", id="a time"),
        pytest.param({"type": "string", "format": "uuid"}, "str", "str", id="another format"),
        pytest.param({"type": "string", "format": "binary"}, "str", FILE, id="bytes"),
        pytest.param(True, "Any", "Any", id="anything"),
        pytest.param(False, "Any", "Never", id="nothing"),
        pytest.param({"type": "null"}, "None", "None", id="only null"),
    ],
)
def test_a_member_has_its_annotation(schema: Json | bool, in_response: str, in_request: str) -> None:
    """Responses are open to values that come later; requests take what is declared."""
    assert (answer(schema), sent(schema)) == (in_response, in_request)


def test_null_of_openapi_3_0_is_no_absence() -> None:
    """`nullable` and `required` are two facts."""
    schema = record("a", a={**TEXT, "nullable": True}, b={**TEXT, "nullable": True}, c=TEXT)
    code = files({"requestBody": content(schema)}, "3.0.3")["t_1/types.py"]

    assert "    a: str | None\n    b: NotRequired[str | None]\n    c: NotRequired[str]\n" in code


USER = record("id name", id={"type": "integer", "readOnly": True}, name=TEXT, pin={**TEXT, "writeOnly": True})
BOTH = {"requestBody": content(ref("User")), "responses": {"200": {"description": "", **content(ref("User"))}}}


def test_a_required_name_without_a_property_may_be_anything() -> None:
    """`required` alone declares it; where nothing else is allowed it can't be given, and is ignored."""
    schemas = {"A": record("x y", x=TEXT), "B": {**record("x y", x=TEXT), "additionalProperties": False}}

    code = types(content_of(ref("A"), ref("B")), **schemas)

    assert "class A(TypedDict):\n    x: str\n    y: Any\n" in code
    assert "class B(TypedDict):\n    x: str\n" in code
    assert "y: Any" not in code.partition("class B")[2]


def test_requests_and_responses_have_types_of_their_own() -> None:
    """A response has no `writeOnly` members, a request no `readOnly` ones."""
    code = types(BOTH, User=USER)

    assert "class User(TypedDict):\n    id: int\n    name: str\n\n" in code
    assert "class UserInput(TypedDict):\n    name: str\n    pin: NotRequired[str]\n" in code
    assert "body: types.UserInput | None = None" in signature(BOTH, User=USER)


def test_a_type_that_holds_one_that_differs_differs_too() -> None:
    """At any depth, also in itself."""
    group = record(members={"type": "array", "items": ref("User")}, parent=ref("Group"))
    call = {"requestBody": content(ref("Group")), "responses": {"200": {"description": "", **content(ref("Group"))}}}
    code = types(call, User=USER, Group=group)

    assert "class Group(TypedDict):\n    members: NotRequired[list[User]]\n    parent: NotRequired[Group]\n" in code
    assert "    members: NotRequired[list[UserInput]]\n    parent: NotRequired[GroupInput]\n" in code


def test_a_type_in_one_direction_keeps_its_name() -> None:
    """`UserInput` is there only beside `User`."""
    code = types({"requestBody": content(ref("User"))}, User=USER)

    assert re.findall(r"class (\w+)", code) == ["User"]
    assert "    name: str\n    pin: NotRequired[str]\n" in code


def test_a_type_without_directions_is_shared() -> None:
    """One type and one name; an enum in it is open, as in every response."""
    code = types(BOTH, User=record(mood={"enum": ["good", "bad"]}))

    assert re.findall(r"class (\w+)", code) == ["User"]
    assert 'mood: NotRequired[Literal["bad", "good"] | str]' in code


def union(*members: Json, **discriminator: Any) -> Json:
    return {"oneOf": list(members), **({"discriminator": discriminator} if discriminator else {})}


def answered(schema: Json) -> Json:
    return {"responses": {"200": {"description": "", **content(schema)}}}


@pytest.mark.parametrize(
    ("tag", "mapping", "lines"),
    [
        pytest.param(TEXT, {"a": "A", "b": "B"}, ('t: Literal["a"]', 't: Literal["b"]'), id="mapped names"),
        pytest.param(
            TEXT, {"a": "#/components/schemas/A"}, ('t: Literal["a"]', 't: Literal["B"]'), id="one is not mapped"
        ),
        pytest.param(TEXT, {}, ('t: Literal["A"]', 't: Literal["B"]'), id="no mapping"),
        pytest.param(TEXT, {"a": "A", "x": "A"}, ('t: Literal["a", "x"]', 't: Literal["B"]'), id="two values"),
        pytest.param(
            {"type": "boolean"}, {"true": "A", "false": "B"}, ("t: Literal[True]", "t: Literal[False]"), id="booleans"
        ),
        pytest.param({"type": "integer"}, {"1": "A", "2": "B"}, ("t: Literal[1]", "t: Literal[2]"), id="numbers"),
        pytest.param(
            {"enum": ["a", "b"]}, {"a": "A", "b": "B"}, ('t: Literal["a"]', 't: Literal["b"]'), id="of an enum"
        ),
        pytest.param({"const": "c"}, {}, ('t: Literal["c"]', 't: Literal["c"]'), id="a constant is right"),
        pytest.param(
            {"type": "number"}, {"1": "A"}, ("t: NotRequired[float]", "t: NotRequired[float]"), id="no literal"
        ),
    ],
)
def test_a_discriminator_becomes_a_literal_in_each_member(tag: Json, mapping: Json, lines: tuple[str, str]) -> None:
    """It is required there, so that checkers narrow by it."""
    whole = union(ref("A"), ref("B"), propertyName="t", **({"mapping": mapping} if mapping else {}))
    code = types(answered(whole), A=record(t=tag), B=record(t=tag))

    assert tuple(re.findall(r"    (t: .*)", code)) == lines


def test_a_tag_that_only_the_discriminator_declares_is_added() -> None:
    """If its mapping says which values it has; once, also where the members declare it."""
    whole = union(ref("A"), ref("B"), propertyName="t", mapping={"a": "A", "b": "B"})
    code = types(answered(whole), A=record(x=TEXT), B=record(t=TEXT))

    assert re.findall(r"    (\w+: .*)", code) == ['t: Literal["a"]', "x: NotRequired[str]", 't: Literal["b"]']


def test_the_default_member_of_a_discriminator_has_any_tag() -> None:
    """What has another value, or none, is of this member, so that its type promises neither."""
    whole = union(ref("A"), ref("B"), propertyName="t", mapping={"a": "A"}, defaultMapping="B")
    code = files(answered(whole), "3.2.0", A=record(t=TEXT), B=record(t=TEXT))["t_1/types.py"]

    assert re.findall(r"    (t: .*)", code) == ['t: Literal["a"]', "t: NotRequired[str]"]


def test_the_members_of_a_union_in_a_union_have_the_tag() -> None:
    """The value is that of the inner union's place in the mapping."""
    whole = union(ref("A"), ref("Rest"), propertyName="t", mapping={"a": "A", "rest": "Rest"})
    code = types(answered(whole), A=record(t=TEXT), Rest=union(ref("B"), ref("C")), B=record(t=TEXT), C=record(t=TEXT))

    assert re.findall(r"    (t: .*)", code) == ['t: Literal["a"]', *['t: Literal["rest"]'] * 2]


def test_enums_that_tell_members_apart_are_closed() -> None:
    """Also in a response: an open member spoils the narrowing of the whole union."""
    whole = union(record("t", t={"enum": ["a", "b"]}), record("t", t={"enum": ["c"]}, u={"enum": ["x", "y"]}))
    code = types(answered(whole))

    assert re.findall(r"    ([tu]: .*)", code) == [
        't: Literal["a", "b"]',
        't: Literal["c"]',
        'u: NotRequired[Literal["x", "y"] | str]',
    ]


BASE = {**record("t", t=TEXT, x=TEXT), "discriminator": {"propertyName": "t"}}


def test_a_definition_with_subtypes_is_their_union() -> None:
    """Each subtype has the members of its base, and its own name as the tag."""
    first, second = ({"allOf": [ref("Base"), inner]} for inner in (record(y=TEXT), record(z=TEXT)))
    code = types(answered(ref("Base")), Base=BASE, First=first, Second=second)

    assert 'Base: TypeAlias = "First | Second"' in code
    assert '    t: Literal["First"]\n    x: NotRequired[str]\n    y: NotRequired[str]\n' in code


def test_a_base_that_is_mapped_is_in_the_union() -> None:
    """Its mapping says that it occurs as itself."""
    base = {**BASE, "discriminator": {"propertyName": "t", "mapping": {"base": "Base", "first": "First"}}}
    code = types(answered(ref("Base")), Base=base, First={"allOf": [ref("Base")]})

    assert re.findall(r"    (t: .*)", code) == ['t: Literal["base"]', 't: Literal["first"]']


def test_a_body_has_the_type_of_each_media_type() -> None:
    """The keyword is `body`, also for a form; `_content_type` chooses among the declared types."""
    body = {"content": {"application/json": {"schema": ref("A")}, "multipart/form-data": {"schema": record(f=TEXT)}}}
    found = signature({"requestBody": body}, A=record(a=TEXT))

    assert "body: types.A | types.DoBodyFormData | None = None" in found
    assert '_content_type: Literal["application/json", "multipart/form-data"] | None = None' in found


def test_media_types_with_one_schema_have_one_type() -> None:
    """JSON and a form of the same schema take the same dict."""
    same = {"schema": record(a=TEXT)}
    body = {"required": True, "content": {"application/json": same, "application/x-www-form-urlencoded": same}}

    assert "body: types.DoBody, _content_type" in signature({"requestBody": body})


@pytest.mark.parametrize(
    ("media_type", "schema", "annotation"),
    [
        pytest.param("application/pdf", {}, FILE, id="bytes"),
        pytest.param("application/octet-stream", {"type": "string", "format": "binary"}, FILE, id="binary"),
        pytest.param("text/csv", TEXT, f"str | {FILE}", id="text"),
        pytest.param("application/xml", record(a=TEXT), f"str | {FILE}", id="XML"),
        pytest.param("application/x-ndjson", {"type": "integer"}, "list[int]", id="lines of JSON"),
        pytest.param("multipart/form-data", {}, "Mapping[str, Any]", id="any form"),
        pytest.param("application/vnd.it+json", {"type": "array", "items": TEXT}, "list[str]", id="like JSON"),
        pytest.param("*/*", {"type": "integer"}, "int", id="a range"),
    ],
)
def test_a_body_of_one_media_type_has_its_type(media_type: str, schema: Json, annotation: str) -> None:
    """Files are bytes, a path, an open file or chunks; text can be a file too."""
    found = signature({"requestBody": {"required": True, **content(schema, media_type)}})

    assert f"body: {annotation}," in found


def test_a_call_returns_what_any_success_has() -> None:
    """Of each status and media type; another type with the schema of JSON is the same value."""
    text = {"text/plain": {"schema": TEXT}, "application/xml": {"schema": {"type": "integer"}}}
    json = {"application/json": {"schema": {"type": "integer"}}}
    found = signature(
        {
            "responses": {
                "200": {"description": "", "content": {**text, **json}},
                "201": {"description": "", "content": {"text/csv": {"schema": TEXT}}},
                "202": {"description": ""},
            }
        }
    )

    assert found.endswith("-> int | str | None")


@pytest.mark.parametrize("kind", ["integer", "number", "boolean"])
def test_a_number_in_a_text_stays_a_text(kind: str) -> None:
    """Only JSON is decoded; a text beside it is promised, too."""
    text, other = ({media_type: {"schema": {"type": kind}}} for media_type in ("text/plain", "application/xml"))
    json = {"application/json": {"schema": {"type": "array"}}}

    assert signature({"responses": {"200": {"description": "", "content": text | other}}}).endswith("-> str")
    assert signature({"responses": {"200": {"description": "", "content": text | json}}}).endswith("[Any] | str")


@pytest.mark.parametrize(
    ("contents", "accept"),
    [
        pytest.param(
            ("application/json", "application/xml", "*/*"),
            "application/json, application/xml;q=0.1, */*;q=0.1",
            id="JSON",
        ),
        pytest.param(("text/plain", "text/json"), "text/json, text/plain;q=0.1", id="JSON under another name"),
        pytest.param(("application/xml", "text/plain"), "application/xml, text/plain", id="no JSON"),
    ],
)
def test_a_call_prefers_the_types_that_it_returns(contents: tuple[str, ...], accept: str) -> None:
    """XML with the schema of JSON would be a text, and the call promises what the schema says."""
    declared = {kind: {"schema": record("x", x=TEXT)} for kind in contents}
    code = files({"responses": {"200": {"description": "", "content": declared}}})["t_1/m/_operations.py"]

    found = re.search(r'accept="(.*?)"', code)
    assert (found and found[1]) == accept


def test_types_of_unions_and_calls_have_readable_names() -> None:
    """A member without a name gets that of its constant; a method's name that is there twice its group's."""
    whole = union(record("t", t={"const": "cat"}), record("t", t={"const": "dog"}), record(z=TEXT))
    code = types(answered(record(pet=whole)))

    assert re.findall(r"class (\w+)", code) == ["DoResult", "DoResultPetCat", "DoResultPetDog", "DoResultPetWithZ"]


CONSTANT = record(t={"allOf": [TEXT, {"const": "dog"}]})


@pytest.mark.parametrize(
    ("members", "names"),
    [
        ([record(a=TEXT, b=TEXT), record("c", a=TEXT, b=TEXT, c=TEXT, d=TEXT)], ["Pet1", "PetWithC"]),
        ([record(a=TEXT), {"type": "array", "items": record(b=TEXT)}], ["PetListItem", "PetWithA"]),
        ([record(a=TEXT), {"type": "object", "additionalProperties": record(b=TEXT)}], ["PetMapValue", "PetWithA"]),
        ([record(a=TEXT), CONSTANT], ["PetDog", "PetWithA"]),
        ([record(a=TEXT), record(a={"type": "integer"})], ["Pet1", "Pet2"]),
    ],
)
def test_members_of_unions_are_named_by_what_they_alone_have(members: list[Json], names: list[str]) -> None:
    """A property that no other member has, or the type, tells more than a number, which is the last resort."""
    code = types(answered(record(pet=union(*members))))

    assert [name for name in re.findall(r"class DoResult(\w+)", code) if name] == names


def test_numbers_of_members_do_not_run_into_statuses() -> None:
    """The first member of the response 422 is no response 4221."""
    alike = union(record(a=TEXT), record(a={"type": "integer"}))
    responses = {"200": {"description": ""}, "422": {"description": "", **content(alike)}}

    assert re.findall(r"class (\w+)", types({"responses": responses})) == ["DoError422Variant1", "DoError422Variant2"]


def test_types_of_undeclared_members_are_in_the_docstring() -> None:
    """No TypedDict that mypy and pyright both understand can say them; a type that only they use is there, too."""
    owners = {"patternProperties": {"^x-": ref("Owner")}, "additionalProperties": {"type": "integer"}}
    closed = {"type": "object", "patternProperties": {"^x-": ref("Owner")}, "additionalProperties": False}
    pet = {**record(a=TEXT, closed=closed), **owners, "description": "A pet."}
    code = types(answered(ref("Pet")), Pet=pet, Owner=record(b=TEXT))

    told = "Members that match `^x-` are of the type `Owner`. Other members are of the type `int`."
    assert f'class Pet(TypedDict):\n    """A pet.\n\n    {told}\n    """' in code
    assert "class Owner(TypedDict)" in code
    assert "    closed: NotRequired[dict[str, Owner]]" in code


def test_an_earlier_name_of_a_member_is_kept() -> None:
    """The place of a member in names.json has its number, so that SDKs keep the names that they had."""
    whole = union(record(a=TEXT), record(b=TEXT))
    given = GivenNames.parse(files(answered(record(pet=whole)))["t_1/names.json"])
    assert given is not None
    (place,) = (place for place, name in given.types.items() if name == "DoResultPetWithA")

    api, _ = read(document(answered(record(pet=whole))), "t 1")
    assert "DoResultPet1" in named_types(api, {place: "DoResultPet1"}).names.values()


def test_what_a_service_sends_has_a_type_and_a_description() -> None:
    """A webhook that refers to a definition has a name for it; a callback's own schema is a type of its own."""
    hook = {"description": "A pet was born.", "requestBody": content(ref("Pet")), "responses": {}}
    asked = {"requestBody": content(record(ok={"type": "boolean"})), "responses": {}}
    callbacks = {"done": {"{$request.body#/url}": {"post": asked}}}
    api, _ = read(
        {**document({"callbacks": callbacks}, Pet=record(a=TEXT)), "webhooks": {"born": {"post": hook}}}, "t 1"
    )
    code = sdk_files(api, sha256="")

    assert (
        'BornPayload: TypeAlias = "Pet"\n"""The service sends it by POST as a webhook: born.\n' in code["t_1/types.py"]
    )
    assert "class DoDonePayload(TypedDict):\n" in code["t_1/types.py"]
    assert "- `api.types.BornPayload`\n- `api.types.DoDonePayload`\n" in code["README.md"]


def test_deprecated_members_and_arguments_say_so() -> None:
    """In their descriptions: Python has no mark for them."""
    parameter = {"name": "q", "in": "query", "deprecated": True, "description": "A query", "schema": TEXT}
    made = files({"parameters": [parameter], **answered(record(x={**TEXT, "deprecated": True}))})

    assert "q: A query. Deprecated.\n" in made["t_1/m/__init__.py"]
    assert '    x: NotRequired[str]\n    """Deprecated."""\n' in made["t_1/types.py"]
