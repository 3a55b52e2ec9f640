"""What holds for every step, and what each of them does."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ovcgen.normalise import dialect_registry, inline_shared_objects, names, normalise, syntax_cleanup
from ovcgen.normalise.openvcloud import auth, tasks, unreliable_responses
from ovcgen.normalise.reference_resolution import DanglingReference
from ovcgen.workflows.resolve import load

STEPS = {name: dialect.steps for name, dialect in dialect_registry.DIALECTS.items()}
EVERY = [pytest.param(name, step, id=f"{name}-{step.__name__}") for name, steps in STEPS.items() for step in steps]

TEXT = {"name": "name", "in": "formData", "type": "string", "collectionFormat": "multi"}
LIST = {"name": "ids", "in": "formData", "type": "array", "items": {"type": "integer"}, "collectionFormat": "multi"}


def catalog(verb: str = "post", path: str = "/cloudapi/machines/create", **more: Any) -> dict[str, Any]:
    """A catalog with that call."""
    app, actor, _ = path.strip("/").split("/")
    body = {"tags": [f"{app}__{actor}"], "parameters": [TEXT, LIST], "responses": {"200": {"schema": {}}}, **more}
    return {"swagger": "2.0", "basePath": "/restmachine/", "paths": {path: {verb: body}}}


def plain() -> dict[str, Any]:
    """A document that uses whatever Swagger lets paths and operations share."""
    return {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1", "x-text": "t"},
        "parameters": {"page/size": {"name": "size", "in": "query", "type": "integer"}},
        "responses": {"Missing": {"description": "none"}},
        "paths": {
            "/pets": {
                "parameters": [{"$ref": "#/parameters/page~1size"}, {"name": "a", "in": "query", "type": "string"}],
                "get": {
                    "parameters": [{"name": "a", "in": "query", "type": "array", "items": {"type": "string"}}],
                    "responses": {"404": {"$ref": "#/responses/Missing"}, "x-note": "text"},
                },
                "post": {"responses": {"200": {"description": "ok"}}},
                "x-note": {"parameters": "text"},
            },
            "/cats": {"$ref": "#/paths/~1pets"},
            "x-note": ["anything"],
        },
    }


@pytest.mark.parametrize(("kind", "step"), EVERY)
def test_a_step_leaves_its_input_alone(kind: str, step: Any) -> None:
    """Each gets what the steps before it have made, and returns a document of its own."""
    document: Any = copy.deepcopy(load("2.4.5").document) if kind == "openvcloud" else plain()
    for before in STEPS[kind][: STEPS[kind].index(step)]:
        document = before(document)
    was = json.dumps(document)

    step(document)

    assert json.dumps(document) == was


def test_normalising_leaves_its_input_alone() -> None:
    """All steps and the overlay together; and changing what comes out changes nothing that went in."""
    document = catalog()
    was = json.dumps(document)
    action = {"name": "a", "target": "/paths/~1cloudapi~1machines~1create/post", "merge": {"x-retry": "read"}}
    overlay = {"actions": [action]}

    done = normalise(document, overlay)
    done["paths"]["/cloudapi/machines/create"]["post"]["tags"].append("more")

    assert (json.dumps(document), overlay) == (was, {"actions": [action]})


def test_shared_things_are_written_out() -> None:
    """Own parameters win over the path's; references to parameters, responses and paths are followed."""
    paths = inline_shared_objects.inline_references(plain())["paths"]

    assert [(parameter["name"], parameter["type"]) for parameter in paths["/pets"]["get"]["parameters"]] == [
        ("size", "integer"),
        ("a", "array"),
    ]
    assert [parameter["name"] for parameter in paths["/cats"]["post"]["parameters"]] == ["size", "a"]
    assert paths["/cats"]["get"]["responses"] == {"404": {"description": "none"}, "x-note": "text"}
    assert "parameters" not in paths["/pets"]
    assert paths["x-note"] == ["anything"]


@pytest.mark.parametrize(
    "target",
    ["#/parameters/none", "#/parameters/a", "#/info", "#/paths/~1a", "#", "", "#/~2", "http://elsewhere.example/#/x"],
)
def test_references_to_nothing_are_refused(target: str) -> None:
    """Also one that leads back to itself."""
    document = plain() | {"parameters": {"a": {"$ref": "#/parameters/b"}, "b": {"$ref": "#/parameters/a"}}}
    document["paths"] = {"/pets": {"get": {"parameters": [{"$ref": target}], "responses": {}}}}

    with pytest.raises(DanglingReference):
        inline_shared_objects.inline_references(document)


def test_a_collection_format_stays_where_there_is_a_collection() -> None:
    """A text has none."""
    document = syntax_cleanup.drop_useless_collection_format(catalog())
    text, several = document["paths"]["/cloudapi/machines/create"]["post"]["parameters"]

    assert "collectionFormat" not in text
    assert several["collectionFormat"] == "multi"


@pytest.mark.parametrize("base", ["/restmachine/", "/restmachine", "restmachine"])
def test_a_base_path_ends_without_a_slash(base: str) -> None:
    """Paths begin with one."""
    assert syntax_cleanup.normalise_base_path({"basePath": base})["basePath"] == "/restmachine"


def test_one_text_is_enough() -> None:
    """The catalog has two, with a newline each."""
    document = unreliable_responses.trim_texts(catalog(summary="Makes it.\n", description="Makes it.\n"))
    body = document["paths"]["/cloudapi/machines/create"]["post"]

    assert body["description"] == "Makes it."
    assert "summary" not in body


@pytest.mark.parametrize(("guest", "logins"), [(True, []), (False, [{"authkey": []}, {"bearer": []}])])
def test_all_but_guests_log_in(guest: bool, logins: list[Any]) -> None:
    """The catalog says nothing of it."""
    document = auth.declare_logins(catalog(**({"x-guest": True} if guest else {})))

    assert document["paths"]["/cloudapi/machines/create"]["post"]["security"] == logins
    assert document["securityDefinitions"].keys() == {"authkey", "bearer"}


@pytest.mark.parametrize(
    ("verb", "path", "more", "place"),
    [
        pytest.param("post", "/cloudapi/machines/create", {}, "formData", id="a form"),
        pytest.param("get", "/cloudapi/machines/list", {}, "query", id="a query"),
        pytest.param("post", "/cloudapi/users/authenticate", {}, "", id="a login"),
        pytest.param("get", "/system/oauth/authorize", {}, "", id="oauth"),
        pytest.param("post", "/system/task/get", {}, "", id="about tasks"),
        pytest.param("post", "/system/docgenerator/prepareCatalog", {}, "", id="the catalog"),
        pytest.param(
            "get", "/cloudapi/a/zip", {"responses": {"200": {"schema": {"type": "file"}}}}, "", id="answers a file"
        ),
    ],
)
def test_what_can_be_a_task_takes_async(verb: str, path: str, more: dict[str, Any], place: str) -> None:
    """It is a parameter like any other, and a sign to the reader."""
    document = catalog(verb, path, **more)
    document["paths"].setdefault("/system/task/get", {"post": {"tags": ["system__task"], "responses": {}}})
    body = tasks.accept_async(document)["paths"][path][verb]

    assert [parameter["in"] for parameter in body.get("parameters", ()) if parameter["name"] == "_async"] == (
        [place] if place else []
    )
    assert body.get("x-ovcgen-async", False) is bool(place)


def test_a_portal_without_tasks_takes_no_async() -> None:
    """Releases before 2.2 have a system group without a task actor."""
    document = catalog(path="/system/usermanager/whoami")

    assert tasks.accept_async(tasks.declare_actor(document)) == document


def test_the_task_actor_is_there_with_any_group() -> None:
    """Whoever fetched cloudapi only can ask for tasks too."""
    assert {"/system/task/get", "/system/task/kill"} <= tasks.declare_actor(catalog())["paths"].keys()


def test_a_task_stands_for_its_guid() -> None:
    """Wherever the catalog asks for one."""
    (marked,) = tasks.accept_tasks(tasks.declare_actor(catalog()))["paths"]["/system/task/get"]["post"]["parameters"]

    assert (marked["name"], marked["x-ovcgen-task"]) == ("taskguid", True)


def test_a_parameter_of_that_name_elsewhere_is_just_a_parameter() -> None:
    """Only portals have tasks."""
    parameter = {"name": "_async", "in": "query", "type": "string"}
    document = {"swagger": "2.0", "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}}}
    (named,) = names.name_parameters(document)["paths"]["/a"]["get"]["parameters"]

    assert named["x-ovcgen-key"] == "async_"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (catalog(), "openvcloud"),
        (plain(), "plain"),
        ({"paths": {}}, "plain"),
        ({}, "plain"),
        ({"paths": {**catalog()["paths"], "/short": {"get": {"tags": ["a__b"]}}}}, "plain"),
        ({"paths": {**catalog()["paths"], "x-note": 1}}, "openvcloud"),
    ],
)
def test_dialects(document: dict[str, Any], kind: str) -> None:
    """A portal's catalog is known by its tags and paths; what nobody knows is plain."""
    assert dialect_registry.dialect_of(document).name == kind
