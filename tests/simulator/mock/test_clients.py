"""Test mocks with real clients and sockets, and the control of faults that mocks share with simulated portals."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

import ovcgen
from ovcgen.simulator.mock import MockedService, MockService
from ovcgen.simulator.mock.path_index import base_paths
from ovcgen.simulator.request import HttpRequest
from ovcgen.workflows.resolve import resolve
from tests.corpus.document_values import Document
from tests.simulator.mock.conftest import PETS
from tests.simulator.mock.test_wsgi_application import SWAGGER

DOCUMENTS = sorted((Path(__file__).parents[2] / "corpus" / "documents").glob("*.yaml"))
SLOT = re.compile(r"\{[^}]+\}")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the pets document."""
    path = tmp_path_factory.mktemp("pets") / "pets.json"
    path.write_text(json.dumps(PETS))
    return path


@pytest.fixture
def service(written: Path) -> Iterator[MockedService]:
    """Start a mock of the pets document for one test."""
    with ovcgen.simulate(written) as service:
        yield service


def test_the_runtime_client(service: MockedService, written: Path) -> None:
    """The runtime client calls a mock; a request that the mock refuses raises ApiError with the mock's message."""
    with ovcgen.connect(f"{service.url}/v1", spec=str(written), auth=ovcgen.ApiKey("k", name="X-Key")) as client:
        assert client.pets.getPet(id=7) == {"id": 7, "name": "Tom"}
        assert client.pets.createPet(body={"id": 1, "name": "Rex"}) is None
        with pytest.raises(ovcgen.ApiError, match="/name: it has 0 characters") as refused:
            client.pets.createPet(body={"id": 1, "name": ""})

    assert refused.value.status == 422
    assert [seen.method for seen in service.mock.seen] == ["GET", "POST", "POST"]


@pytest.mark.slow
def test_a_generated_sdk(service: MockedService, written: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """A generated SDK calls a mock and decodes the responses to its types."""
    for path, text in ovcgen.generate(written).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (typed,) = tmp_path.rglob("py.typed")
    monkeypatch.syspath_prepend(typed.parents[1])
    sdk = importlib.import_module(typed.parent.name)

    with sdk.connect(f"{service.url}/v2") as client:
        assert client.pets.listPets(limit=3) == [{"id": 1, "name": "text", "tag": "quiet"}]
        assert client.pets.mine() is None


def test_nested_members_of_a_deep_object_arrive(tmp_path: Path) -> None:
    """A mock reads the objects and lists inside of a deepObject as clients write them, and checks their types."""
    numbers = {"type": "array", "items": {"type": "integer"}}
    pet = {"type": "object", "required": ["age"], "properties": {"age": numbers["items"], "tags": numbers}}
    pets = {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
    wanted = {"type": "object", "required": ["pet"], "properties": {"pet": pets["items"], "pets": pets}}
    find = {
        "tags": ["pets"],
        "operationId": "find",
        "parameters": [{"name": "q", "in": "query", "required": True, "style": "deepObject", "schema": wanted}],
        "responses": {"204": {"description": ""}},
    }
    source = tmp_path / "nested.json"
    source.write_text(json.dumps({**PETS, "paths": {"/found": {"get": find}}, "components": {"schemas": {"Pet": pet}}}))

    with ovcgen.simulate(source) as service, ovcgen.connect(f"{service.url}/v1", spec=source) as client:
        assert client.pets.find(q={"pet": {"age": 3, "tags": [1, 2]}, "pets": [{"age": 4}, {"age": 5}]}) is None
        for wrong, detail in [
            ({"age": "x"}, "/pet/age: .* is not an integer"),
            ({"tags": [1]}, "/pet: 'age' is missing"),
        ]:
            with pytest.raises(ovcgen.ApiError, match=detail):
                client.pets.find(q={"pet": wrong})
        assert requests.get(f"{service.url}/v1/found?q{'[a]' * 5000}=1", timeout=5).status_code == 400


def test_a_parsed_document() -> None:
    """A parsed document, also of Swagger 2.0, is mocked without a file."""
    with ovcgen.simulate(SWAGGER) as service:
        found = requests.get(f"{service.url}/api/a", timeout=5)

    assert (found.json(), found.headers["Content-Type"]) == ({"a": 1}, "application/json")
    assert repr(service) == f"MockedService('{service.url}', title='Pets')"


def test_a_document_by_name_is_a_portal_or_an_error(written: Path) -> None:
    """A string must be a release or the catalog of a portal; for other documents the error says how to mock them."""
    with (
        pytest.raises(ovcgen.UsageError, match="is not the catalog of a portal") as refused,
        ovcgen.simulate(str(written)),
    ):
        pass

    assert "pathlib.Path(" in refused.value.fix


def test_faults_happen(service: MockedService) -> None:
    """Faults are added for operations of the document, and each use of a fault is counted."""
    with service.faults.planned("status", status=503, operation="pets.getPet", retry_after=1) as number:
        assert requests.get(f"{service.url}/v1/pets", timeout=5).status_code == 200
        assert requests.get(f"{service.url}/v1/pets/1", timeout=5).status_code == 503
        assert service.faults.used(number) == 1
    with pytest.raises(ovcgen.UsageError, match="No operation"):
        service.faults.add("drop", operation="pets.nothing")


def test_a_fault_has_the_declared_response(service: MockedService) -> None:
    """A fault has the body that the document declares for its status, and problem details for an undeclared status."""
    for status in (404, 429):
        service.faults.add("status", status=status, operation="pets.getPet")
    declared, other = (requests.get(f"{service.url}/v1/pets/1", timeout=5) for _ in range(2))

    assert (declared.status_code, declared.json()) == (404, {"code": 1})
    assert (other.status_code, other.json()["detail"]) == (429, "A fault asks for this status.")


def test_a_fault_without_an_operation_is_for_all(service: MockedService) -> None:
    """A fault without an operation pattern is applied to the next request of any operation."""
    service.faults.add("half")

    with pytest.raises(requests.RequestException):
        requests.get(f"{service.url}/v1/pets", timeout=5)
    assert requests.get(f"{service.url}/v1/pets", timeout=5).ok


def test_another_process_controls_it(service: MockedService) -> None:
    """The control API and the fault header work as for a simulated portal, and require the token."""
    token = {"X-Simulator-Token": service.simulator_token}
    added = requests.post(f"{service.url}/_simulator/faults", json={"kind": "html"}, headers=token, timeout=5)

    assert added.json() == {"id": 1}
    assert requests.get(f"{service.url}/v1/pets", timeout=5).headers["Content-Type"] == "text/html"
    assert requests.get(f"{service.url}/_simulator/", headers=token, timeout=5).json()["requests"] == 1
    assert requests.post(f"{service.url}/_simulator/reset", headers=token, timeout=5).json() == {}
    assert service.mock.seen == ()
    wanted = {**token, "X-Simulator-Fault": '{"kind": "status", "status": 418}'}
    assert requests.get(f"{service.url}/v1/pets", headers=wanted, timeout=5).status_code == 418
    assert requests.get(f"{service.url}/_simulator/", timeout=5).status_code == 404


def test_many_calls_at_once(service: MockedService) -> None:
    """Requests of several threads at the same time are checked and answered independently."""

    def call(number: int) -> tuple[int, bytes]:
        body = {"id": number % 2, "name": "Tom", "more": {"n": [number] * 50}}
        answer = requests.post(f"{service.url}/v1/pets", json=body, headers={"X-Key": "k"}, timeout=10)
        listed = requests.get(f"{service.url}/v1/pets", timeout=10)
        return answer.status_code, listed.content

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(call, range(80)))

    assert {status for status, _ in found[::2]} == {422}
    assert {status for status, _ in found[1::2]} == {201}
    assert len({content for _, content in found}) == 1
    assert not service.mock.crashes


def test_head_has_the_length_and_no_body(service: MockedService) -> None:
    """HEAD returns the headers of GET without the body."""
    head = requests.head(f"{service.url}/v1/pets", timeout=5)

    assert head.headers["Content-Length"] == str(len(requests.get(f"{service.url}/v1/pets", timeout=5).content))
    assert head.content == b""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_operation_has_a_valid_answer(path: Path) -> None:
    """An independent validator accepts the response body of every operation."""
    resolved = resolve(path)
    document = Document(dict(resolved.spec.document))
    mock = MockService(resolved.api, checks_requests=False)
    checked = 0
    for operation in resolved.api.operations:
        target = SLOT.sub("1", base_paths(operation, resolved.api)[0].rstrip("/") + operation.called_path)
        answer = mock.answer(HttpRequest(operation.method, *target.partition("?")[::2], (), b""))
        assert answer.status < 300, operation.place
        method = operation.method.lower()
        if answer.kind == "application/json" and method in document.raw["paths"][operation.path]:
            declared = document.raw["paths"][operation.path][method]["responses"]
            described = document.followed(declared[str(answer.status)])["content"][answer.kind]
            assert document.allows(described.get("schema", {}), json.loads(answer.body)) is True, operation.place
            checked += 1
    assert checked
    assert not mock.crashes
