"""What holds for every pinned catalog: it has the shape in which a portal serves it, and says something."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from ovcgen.documents import check, ordered
from ovcgen.documents.document import canonical, sha256_of
from ovcgen.releases.library import Library

LIBRARY = Library(Path(__file__).parents[2] / "specs")
RELEASES = LIBRARY.releases()
PINNED = {"2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5"}
PLACES = {"post": "formData", "get": "query"}
TYPES = {"string", "integer", "number", "boolean", "array"}
ARRAY = {"type": "array"}
DEFINITIONS = {
    "strarray": {**ARRAY, "items": {"type": "string"}},
    "intarray": {**ARRAY, "items": {"type": "integer"}},
    "object": {"type": "object"},
}
FILLERS = """
a all also an and any are as at be been being by can current do does done for from get given has have if in into is it
its new no not of on one or out parameter set should specified that the their them then there these this those to up
use used value was were which whose will with
"""

each_release = pytest.mark.parametrize("release", RELEASES)


def document(release):
    """The pinned catalog, as served."""
    return json.loads((LIBRARY.folder / release / "swagger.json").read_bytes())


def operations(release):
    """(path, verb, operation) of a release."""
    paths = document(release)["paths"].items()
    return [(path, verb, operation) for path, item in paths for verb, operation in item.items()]


def parameters(release):
    """(path, verb, parameter) of a release."""
    return [
        (path, verb, parameter)
        for path, verb, operation in operations(release)
        for parameter in operation.get("parameters", [])
    ]


def words(text):
    """Its words in lower case, camelCase taken apart, without plural s."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", text)
    return {word.lower().removesuffix("s") for word in found if word != "s"}


def only_repeats(text, *names):
    """Whether a text says nothing that these names don't say."""
    return not words(text) - words(FILLERS) - words(" ".join(names))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ("/cloudapi/accounts/get",)),
        ("Gets the accounts.", ("/cloudapi/accounts/get",)),
        ("ID of the account", ("/cloudapi/accounts/get", "accountId")),
        ("The given cloudspace's name", ("/cloudapi/cloudspaces/create", "name")),
        ("public IP address", ("/cloudapi/portforwarding/list", "publicIpAddress")),
    ],
)
def test_a_text_of_a_names_own_words_is_recognised(text, names):
    """So the law below means something."""
    assert only_repeats(text, *names)


def test_a_text_that_says_more_is_recognised():
    """One word that helps is enough."""
    assert not only_repeats("Size in GB.", "/cloudapi/disks/create", "size")


def test_the_six_releases_are_pinned():
    """More may be, these must."""
    assert set(RELEASES) >= PINNED


@each_release
def test_a_catalog_is_in_canonical_form(release):
    """What git shows is what a portal changed, and its hash is the one in origin.json."""
    data = (LIBRARY.folder / release / "swagger.json").read_text()
    origin = json.loads((LIBRARY.folder / release / "origin.json").read_text())

    assert data == canonical(json.loads(data)) == canonical(ordered(json.loads(data)))
    assert origin["sha256"] == sha256_of(json.loads(data))
    assert canonical(origin) == (LIBRARY.folder / release / "origin.json").read_text()


@each_release
def test_a_catalog_is_whole_and_harmless_swagger(release):
    """What `ovcgen fetch` would refuse is not pinned."""
    check(LIBRARY.load(release).document, release)


@each_release
def test_the_origin_says_where_a_catalog_comes_from(release):
    """A compiled one says so; a downloaded one names its portal; both name their groups."""
    origin = LIBRARY.load(release).origin

    assert origin.kind in ("compiled", "downloaded")
    assert bool(origin.portal) == (origin.kind == "downloaded")
    assert origin.note or origin.kind == "downloaded"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", origin.date)
    assert set(origin.groups) == {path.split("/")[1] for path, _, _ in operations(release)}


@each_release
def test_the_frame_is_the_one_that_portals_serve(release):
    """The version is 7.0 in every release, and there is neither host nor login."""
    served = document(release)
    frame = {key: value for key, value in served.items() if key not in ("paths", "tags")}

    assert frame == {
        "swagger": "2.0",
        "basePath": "/restmachine/",
        "info": {"title": "JumpScale Actors", "version": "7.0", "description": ""},
        "definitions": DEFINITIONS,
    }


@each_release
def test_every_actor_has_one_tag(release):
    """`app__actor`, with a text that says what it is for."""
    tags = {tag["name"]: tag["description"] for tag in document(release)["tags"]}

    assert set(tags) == {"__".join(path.split("/")[1:3]) for path, _, _ in operations(release)}
    assert [name for name, text in tags.items() if only_repeats(text, name.replace("__", " "))] == []


@each_release
def test_operations_look_as_served(release):
    """Double underscores in the id, one tag, one text twice, and a 200 with any schema as the only answer."""
    for path, verb, operation in operations(release):
        group, actor, method = path.strip("/").split("/")
        (answer,) = operation["responses"].items()

        assert operation["operationId"] == f"{verb}__{group}_{actor}_{method}"
        assert operation["tags"] == [f"{group}__{actor}"]
        assert operation["summary"] == operation["description"].rstrip("\n") + "\n"
        assert answer == ("200", {"description": "result", "schema": answer[1]["schema"]})
        assert operation.keys() - {"parameters"} == {"description", "summary", "operationId", "tags", "responses"}
        assert operation.get("parameters") != []


@each_release
def test_parameters_look_as_served(release):
    """`multi` on every one, also on scalars; nothing of ours, such as a validator, among them."""
    for path, verb, parameter in parameters(release):
        told = (path, parameter)

        assert parameter["in"] == PLACES[verb], told
        assert parameter["collectionFormat"] == "multi", told
        assert parameter["type"] in TYPES, told
        assert isinstance(parameter["required"], bool), told
        assert ("items" in parameter) == (parameter["type"] == "array"), told
        assert parameter.keys() - {"items", "default"} == {
            "name", "in", "type", "description", "required", "collectionFormat",
        }, told  # fmt: skip


@each_release
def test_no_parameter_is_declared_twice(release):
    """A caller could only send one of them."""
    for path, _, operation in operations(release):
        names = [parameter["name"] for parameter in operation.get("parameters", [])]

        assert len(names) == len(set(names)), path


@each_release
def test_no_operation_only_repeats_its_name(release):
    """A description tells what the name does not."""
    assert [path for path, _, operation in operations(release) if only_repeats(operation["description"], path)] == []


@each_release
def test_no_parameter_only_repeats_its_name(release):
    """Unit, allowed values, or what absence means: something that helps."""
    assert [
        (path, parameter["name"])
        for path, _, parameter in parameters(release)
        if only_repeats(parameter["description"], path, parameter["name"])
    ] == []


def test_the_same_thing_says_the_same_in_every_release():
    """Whoever compares two releases sees what a portal changed, and not how we put it."""
    texts = defaultdict(set)
    for release in RELEASES:
        for path, _, operation in operations(release):
            texts[path].add(operation["description"])
        for path, _, parameter in parameters(release):
            texts[path, parameter["name"]].add(parameter["description"])

    assert {place: said for place, said in texts.items() if len(said) > 1} == {}
