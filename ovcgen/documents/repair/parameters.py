"""Repair parameters and headers, which are described alike. A parameter is kept if it can be sent."""

from __future__ import annotations

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import (
    HEADER_NAME,
    IGNORED,
    LEFT_OUT,
    UNNAMED,
    Body,
    RepairContext,
    excerpt,
    known_keys,
    mapping,
)
from ovcgen.documents.repair.schemas import schema
from ovcgen.documents.repair.validation_keywords import BOUNDS, SCALARS, plain_values, type_meant, with_format

KIND = "parameter"
PLACES = ("query", "formData", "path", "header", "body")
OTHER_PLACES = {"form": "formData", "formdata": "formData", "url": "path", "querystring": "query"}
MULTI = ("query", "formData")
COLLECTIONS = ("csv", "ssv", "tsv", "pipes")
OF_ALL = ("name", "in", "description", "required")
OF_VALUES = ("type", "format", "items", "collectionFormat", "default", *BOUNDS)


def parameter(place: RepairContext, value: Json) -> Body | None:
    """Return a valid parameter object, or a reference to one; None, with a report, if it can't be sent.

    It can't be sent if it is no object, has no name or no known location, is a header with an invalid name, or refers
    to a parameter that does not exist. A body without a name is called `body` and marked `x-ovcgen-unnamed`. Other
    spellings of locations (`Query`, `form`) are corrected, and a path parameter becomes required.
    """
    if not isinstance(value, dict):
        place.note(f"{excerpt(value)} is no parameter", LEFT_OUT)
        return None
    if "$ref" in value:
        return _reference(place, value)
    where = _where(place, value)
    name = (place / "name").text(value.get("name"))
    if where == "body" and not (isinstance(name, str) and name):
        place.note("'name' is a required property", "read as 'body'")  # the name of a body is not sent
        name, value = "body", {**value, UNNAMED: True}
    if not isinstance(name, str) or not name:
        place.note("'name' is a required property", LEFT_OUT)
    if not where or not isinstance(name, str) or not name:
        return None
    if where == "header" and not HEADER_NAME.fullmatch(name := name.strip()):
        (place / "name").note(f"no header can be called {excerpt(name)}", LEFT_OUT)
        return None
    body = _required(place, {**value, "in": where, "name": name})
    place.note_kind(KIND)
    if where == "body":
        return _content(place, body)
    also = (*OF_ALL, "allowEmptyValue") if where in ("query", "formData") else OF_ALL
    return non_body_value(place, body, also=also, where=where)


def _reference(place: RepairContext, body: Body) -> Body | None:
    """Return the reference to a parameter; None, with a report, if the document has no such parameter."""
    target = body["$ref"]
    for key in body:
        if key != "$ref":
            (place / key).note(f"{key!r} does not belong beside a reference", IGNORED)
    if not isinstance(target, str) or not place.refers_to(target, KIND):
        place.note(f"the document has no parameter at {excerpt(target)}", LEFT_OUT)
        return None
    place.note_kind(KIND, target)
    return {"$ref": target}


def _where(place: RepairContext, body: Body) -> str:
    """Return one of the five locations; "" if none can be determined."""
    said = body.get("in")
    if said in PLACES:
        return str(said)
    meant = {place.lower(): place for place in PLACES} | OTHER_PLACES
    found = meant.get(said.strip().lower(), "") if isinstance(said, str) else ""
    done = f"read as `{found}`" if found else LEFT_OUT
    (place / "in").note(f"{excerpt(said)} is not one of {', '.join(PLACES)}", done)
    return found


def _required(place: RepairContext, body: Body) -> Body:
    said, is_path = body.get("required"), body["in"] == "path"
    if (said is True) if is_path else ((said is None and "required" not in body) or isinstance(said, bool)):
        return body
    meant = is_path or str(said).strip().lower() == "true"
    what = "a part of the path is always required" if is_path else f"{excerpt(said)} is not of type 'boolean'"
    (place / "required").note(what, f"read as {str(meant).lower()}")
    return {**body, "required": meant}


def _content(place: RepairContext, body: Body) -> Body:
    """Return a valid body parameter."""
    if "schema" not in body:
        own = {key: body[key] for key in body if key not in OF_ALL and key != "collectionFormat"}
        place.note("'schema' is a required property", "its other keys are read as the schema")
        body = {**{key: body[key] for key in OF_ALL if key in body}, "schema": own}
    known = plain_values(place, known_keys(place, body, (*OF_ALL, "schema")))
    return {**known, "schema": schema(place / "schema", body["schema"])}


def _flattened(place: RepairContext, body: Body) -> Body:
    """Return a parameter with the keywords of its `schema`, which only bodies may have, if it has no `type`."""
    said = body.get("schema")
    if not isinstance(said, dict) or "type" in body or not isinstance(said.get("type"), str):
        return body
    (place / "schema").note("'schema' belongs to bodies only", "its keys are read as those of the parameter")
    return {**said, **{key: member for key, member in body.items() if key != "schema"}}


def non_body_value(place: RepairContext, body: Body, *, also: tuple[str, ...], where: str = "header") -> Body:
    """Return a valid parameter (other than a body), header or `items` object; each repair is reported at `place`.

    Another spelling of a type (`int`) is corrected, and an unknown or missing type becomes `string`; `file` is a type
    in forms only. A list without `items` becomes a list of strings. The keywords of a `schema`, which only bodies may
    have, are read as those of the object if the schema has a `type` and the object has none.

    Args:
        place: The place in the document.
        body: The object to repair.
        also: The allowed keys besides those that describe the value, such as `name` and `in`.
        where: The location of the parameter (`query`, ...), `header` for a header, or `items` inside a list.
    """
    known = plain_values(place, known_keys(place, _flattened(place, body), (*also, *OF_VALUES)))
    result = _typed(place, known, is_form=where == "formData")
    if result["type"] == "array":
        if not isinstance(result.get("items"), dict):
            (place / "items").note(
                f"{excerpt(result.get('items'))} does not say what is in the list", "read as `string`"
            )
            result["items"] = {"type": "string"}
        else:
            result["items"] = non_body_value(place / "items", result["items"], also=(), where="items")
    elif "items" in result:
        (place / "items").note("only lists have items", IGNORED)
        del result["items"]
    style = result.get("collectionFormat")
    if "collectionFormat" in result and style not in COLLECTIONS and (style != "multi" or where not in MULTI):
        (place / "collectionFormat").note(f"{excerpt(style)} is not one of {', '.join(COLLECTIONS)}", IGNORED)
        del result["collectionFormat"]
    return result


def _typed(place: RepairContext, body: Body, *, is_form: bool) -> Body:
    allowed = (*SCALARS, "array", *(("file",) if is_form else ()))
    said = body.get("type")
    if said in allowed:
        return dict(body)
    meant = type_meant(said) if isinstance(said, str) else ""
    kind = meant if meant in allowed else "string"
    (place / "type").note(
        f"{excerpt(said)} is no type here" if "type" in body else "'type' is a required property", f"read as `{kind}`"
    )
    return with_format({**body, "type": kind}, said if isinstance(said, str) else "")


def headers(place: RepairContext, value: Json) -> Body:
    """Return the repaired headers of a response by name; those that are no objects are reported and left out.

    {} if `value` is no object, which is reported.
    """
    found: Body = {}
    for name, body in mapping(place, value).items():
        if isinstance(body, dict):
            found[name] = non_body_value(place / name, body, also=("description",))
        else:
            (place / name).note(f"{excerpt(body)} is no header", LEFT_OUT)
    return found
