"""Translate a Swagger 2.0 document to OpenAPI 3.0 by hand, as users do when they migrate."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

JSON, FORM, PART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}
BESIDE = ("name", "in", "required", "description", "allowEmptyValue")
FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def translated(document: Body) -> Body:
    """The same API as an OpenAPI 3.0 document."""
    host, base = document.get("host"), document.get("basePath", "/")
    urls = [f"{scheme}://{host}{base}" for scheme in document.get("schemes", ["https"])] if host else [base]
    components = {
        "schemas": {name: schema(body) for name, body in document.get("definitions", {}).items()},
        "securitySchemes": {name: login(body) for name, body in document.get("securityDefinitions", {}).items()},
    }
    paths = {
        path: {method: operation(body, document) for method, body in item.items()}
        for path, item in document["paths"].items()
    }
    kept = {key: document[key] for key in ("info", "security", "tags") if key in document}
    return {"openapi": "3.0.3", **kept, "servers": [{"url": url} for url in urls], "paths": paths} | {
        "components": components
    }


def schema(body: Any) -> Any:
    """A schema: references lead to the components, null and files are written in another way."""
    if isinstance(body, list):
        return [schema(each) for each in body]
    if not isinstance(body, dict):
        return body
    found = {key: schema(value) for key, value in body.items() if key != "collectionFormat"}
    if "x-nullable" in found:
        found["nullable"] = found.pop("x-nullable")
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/definitions/", "#/components/schemas/")
    if isinstance(found.get("discriminator"), str):
        found["discriminator"] = {"propertyName": found["discriminator"]}
    return {**found, "type": "string", "format": "binary"} if found.get("type") == "file" else found


def operation(body: Body, document: Body) -> Body:
    """An operation: what it takes in its body is apart, and each answer has its own media types."""
    consumes = body.get("consumes", document.get("consumes", []))
    produces = body.get("produces", document.get("produces", [])) or [JSON]
    listed = body.get("parameters", [])
    found = {
        key: value for key, value in body.items() if key not in ("parameters", "responses", "consumes", "produces")
    }
    found["parameters"] = [parameter(each) for each in listed if each["in"] not in ("body", "formData")]
    sent = [each for each in listed if each["in"] == "body"]
    fields = [each for each in listed if each["in"] == "formData"]
    if sent:
        kinds = [kind for kind in consumes if kind not in (FORM, PART)] or [JSON]
        content = {kind: {"schema": schema(sent[0]["schema"])} for kind in kinds}
        found["requestBody"] = {"required": sent[0].get("required", False), "content": content}
    elif fields:
        found["requestBody"] = form(fields, [kind for kind in consumes if kind in (FORM, PART)])
    found["responses"] = {code: answer(each, produces) for code, each in body["responses"].items()}
    return found


def parameter(body: Body) -> Body:
    """A parameter: its type is in a schema, and its collectionFormat a style."""
    found = {key: body[key] for key in BESIDE if key in body}
    found["schema"] = schema({key: value for key, value in body.items() if key not in BESIDE})
    return {**found, **style(body)} if body["in"] == "query" else found


def style(body: Body) -> Body:
    """The style of a list."""
    if body.get("type") != "array":
        return {}
    way = body.get("collectionFormat", "csv")
    return {"style": STYLES.get(way, "form"), "explode": way == "multi"}


def form(fields: list[Body], consumes: list[str]) -> Body:
    """The body that the fields of a form are members of."""
    usual = [PART if any(each["type"] == "file" for each in fields) else FORM]
    members = {each["name"]: parameter(each)["schema"] for each in fields}
    needed = [each["name"] for each in fields if each.get("required")]
    whole = {"type": "object", "properties": members, **({"required": needed} if needed else {})}
    encoding = {each["name"]: style(each) for each in fields if style(each)}
    content = {"schema": whole, **({"encoding": encoding} if encoding else {})}
    return {"required": bool(needed), "content": dict.fromkeys(consumes or usual, content)}


def answer(body: Body, produces: list[str]) -> Body:
    """A response: its schema is under each media type."""
    found: Body = {"description": body.get("description", "")}
    if "headers" in body:
        found["headers"] = {name: {"schema": schema(each)} for name, each in body["headers"].items()}
    if "schema" in body:
        kinds = (
            ["application/octet-stream"] if body["schema"].get("type") == "file" and produces == [JSON] else produces
        )
        found["content"] = {kind: {"schema": schema(body["schema"])} for kind in kinds}
    return found


def login(body: Body) -> Body:
    """A security scheme."""
    if body["type"] == "basic":
        return {"type": "http", "scheme": "basic"}
    if body["type"] == "apiKey":
        return body
    urls = {key: body[key] for key in ("authorizationUrl", "tokenUrl") if key in body}
    flow = {**urls, "scopes": body.get("scopes", {})}
    return {"type": "oauth2", "flows": {FLOWS.get(body["flow"], body["flow"]): flow}}
