"""Operations of OpenAPI 3 have short, readable and stable Python names."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.readers.openapi3 import read


def names(paths: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The dotted Python name of each operation, by method and path."""
    api, _ = read({"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "paths": paths}, "1")
    return {operation.place: operation.dotted for operation in api.operations}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("get", "/pets", "pets.get"),
        ("get", "/pets/{petId}", "pets.get_by_petId"),
        ("get", "/repos/{owner}/{repo}/issues", "repos.get_issues"),
        ("get", "/repos/{owner}/{repo}", "repos.get_by_owner_repo"),
        ("post", "/api/v1/users/{id}/keys", "users.post_keys"),
        ("delete", "/v2/{id}", "v2.delete_by_id"),
        ("get", "/", "root.get"),
        ("post", "/#Action=Create", "Action_Create.post"),
    ],
)
def test_an_operation_without_an_operation_id_is_named_by_method_and_path(
    method: str, path: str, expected: str
) -> None:
    """Versions, the group and parameters inside of the path are left out."""
    assert names({path: {method: {}}}) == {f"{method.upper()} {path}": expected}


def test_operation_ids_and_tags_name_operations() -> None:
    """The first tag is the group."""
    assert names({"/x": {"get": {"operationId": "list-all", "tags": ["Big Pets", "b"]}}}) == {
        "GET /x": "Big_Pets.list_all"
    }


def test_who_comes_second_gets_a_longer_name() -> None:
    """The shorter path keeps the short name, also if the other one is added later."""
    first = {"/users/posts": {"get": {}}}

    assert names(first) == {"GET /users/posts": "users.get_posts"}
    assert names({**first, "/users/{id}/posts": {"get": {}}}) == {
        "GET /users/posts": "users.get_posts",
        "GET /users/{id}/posts": "users.get_users_id_posts",
    }
    same = {"get": {"operationId": "same", "tags": ["t"]}, "post": {"operationId": "same", "tags": ["t"]}}
    assert names({"/a": same}) == {"GET /a": "t.same", "POST /a": "t.post_a"}


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        pytest.param("pets/list-all", "list_all", id="group/name"),
        pytest.param("pets_listAll", "listAll", id="group_name"),
        pytest.param("Pets.list", "list", id="another case"),
        pytest.param("v1.pets.list", "list", id="a version in front"),
        pytest.param("read_all_pets__petId__toys_get", "read_all", id="with path and method"),
        pytest.param("petsList", "petsList", id="no separator"),
        pytest.param("pets", "pets", id="the group alone"),
        pytest.param("pets_2", "pets_2", id="a number is no name"),
        pytest.param("listPets", "listPets", id="another id"),
    ],
)
def test_an_operation_id_does_not_repeat_group_path_and_method(operation_id: str, name: str) -> None:
    """`client.pets.list_all` says enough."""
    call = {"operationId": operation_id, "tags": ["pets"]}

    assert names({"/pets/{petId}/toys": {"get": call}}) == {"GET /pets/{petId}/toys": f"pets.{name}"}


def test_shortened_operation_ids_stay_distinct() -> None:
    """The second one is as long as it is in the document."""
    calls = {f"/{name}": {"get": {"operationId": name, "tags": ["pets"]}} for name in ("list", "pets_list")}

    assert names(calls) == {"GET /list": "pets.list", "GET /pets_list": "pets.pets_list"}


def test_an_operation_id_that_is_there_twice_gets_a_number_if_the_path_is_long() -> None:
    """A name of method and path alone would be cut."""
    long = "/namespaces/worker-deployments/{series}/versions/{build}/compatibility"
    calls = {path: {"get": {"operationId": "Describe", "tags": ["t"]}} for path in ("/a", long)}

    assert names(calls) == {"GET /a": "t.Describe", f"GET {long}": "t.Describe_2"}


def test_actions_in_the_fragment_of_a_path_are_in_the_group_of_their_service() -> None:
    """As in the documents of AWS, where all actions have one path."""
    calls = {f"/#X-Amz-Target=Stage_2020.{name}": {"post": {"operationId": name}} for name in ("Open", "Close")}

    assert sorted(names(calls).values()) == ["Stage_2020.Close", "Stage_2020.Open"]


def test_an_operation_id_that_is_there_twice_is_reported() -> None:
    """One of the two has another name; a path item that stands for two paths is no mistake."""
    call = {"operationId": "same", "tags": ["t"], "responses": {}}
    shared = {"/c": {"get": {**call, "operationId": "c"}}, "/d": {"$ref": "#/paths/~1c"}}
    paths = {"/a": {"get": call, "post": call}, "/b": {"get": {**call, "operationId": "b"}}, **shared}

    _, problems = read({"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "paths": paths}, "1")

    assert [(problem.pointer, problem.what) for problem in problems] == [
        ("/paths/~1a/post/operationId", "'same' is the operationId of GET /a, too")
    ]
