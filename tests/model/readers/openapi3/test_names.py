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
