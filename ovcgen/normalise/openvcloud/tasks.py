"""Add what catalogs do not declare about tasks: the parameter `_async`, and the task actor."""

from __future__ import annotations

from typing import Any

from ovcgen.documents.document import VERBS, Document
from ovcgen.normalise.transform import Body, each_operation, each_parameter

TASK_GET, TASK_KILL = "/system/task/get", "/system/task/kill"
GUID = "taskguid"

# Logins and the catalog respond immediately; a redirect can't be a task's result.
NEVER_A_TASK = ("/system/task/", "/system/docgenerator/prepareCatalog", "/system/oauth/")

ASYNC = {
    "name": "_async",
    "type": "boolean",
    "required": False,
    "description": "Run the call as a task and answer its guid at once.",
    "x-undeclared": True,
}


def declare_actor(document: Document) -> Document:
    """Return the document with the operations `get` and `kill` of the task actor: POST /system/task/get and kill.

    A document that has any path in the group `system` is returned unchanged.
    """
    if any(path.startswith("/system/") for path in document["paths"]):
        return document
    known = {
        TASK_GET: _task_operation("get", "None while the task runs, then a pair: success and result, or message."),
        TASK_KILL: _task_operation("kill", "Stops a running task; what it has done so far stays done."),
    }
    return {**document, "paths": {**document["paths"], **known}}


def accept_async(document: Document) -> Document:
    """Return the document with the parameter `_async` in operations that can run as a task, marked `x-ovcgen-async`.

    Logins, the catalog, the task actor and operations that return a file can't. A document without the task actor is
    unchanged. The parameter stands in the query of a GET, else in the form, and replaces a declared one. It is declared
    because bravado refuses undeclared ones; releases without tasks ignore it.
    """
    if TASK_GET not in document["paths"]:
        return document

    def accepting(path: str, verb: str, body: Body) -> Body:
        if path.startswith(NEVER_A_TASK) or path.endswith("/authenticate") or _answers_a_file(document, path):
            return body
        parameter = {**ASYNC, "in": "query" if verb == "get" else "formData"}
        others = [parameter for parameter in body.get("parameters", ()) if parameter["name"] != ASYNC["name"]]
        return {**body, "parameters": [*others, parameter], "x-ovcgen-async": True}

    return each_operation(document, accepting)


def accept_tasks(document: Document) -> Document:
    """Return the document with the mark `x-ovcgen-task` on each parameter `taskguid`: callers may pass a Task."""

    def accepting(parameter: Body) -> Body:
        return {**parameter, "x-ovcgen-task": True} if parameter["name"] == GUID else parameter

    return each_parameter(document, accepting)


def _answers_a_file(document: Document, path: str) -> bool:
    """Return whether a verb of that path returns a file, which can't be the result of a task."""
    item = document["paths"][path]
    schemas = [item[verb]["responses"].get("200", {}).get("schema", {}) for verb in VERBS if verb in item]
    return any(schema.get("type") == "file" for schema in schemas)


def _task_operation(verb: str, text: str) -> dict[str, Any]:
    guid = {
        "name": GUID,
        "in": "formData",
        "type": "string",
        "required": True,
        "description": "Guid answered by a call that was sent with `_async`.",
    }
    return {
        "post": {
            "operationId": f"post__system_task_{verb}",
            "tags": ["system__task"],
            "description": text,
            "parameters": [guid],
            "responses": {"200": {"description": "result", "schema": {}}},
            "x-retry": "read" if verb == "get" else "converging",
        }
    }
