"""Test which operations are called through HTTP libraries, where one path has several HTTP methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from ovcgen.usage.interpreter import usage
from ovcgen.usage.source_files import sources
from ovcgen.usage.usages import OperationCall
from tests.impact.documents import DONE, version

METHODS = ("delete", "get", "post")
PATHS = {"/v1/shop/pets": {method: {"operationId": f"{method}_pets", "responses": DONE} for method in METHODS}}


@pytest.mark.parametrize(
    ("code", "called"),
    [
        pytest.param("requests.get(host + '/v1/shop/pets')", {"get"}, id="get"),
        pytest.param("requests.post(host + '/v1/shop/pets')", {"post"}, id="post"),
        pytest.param("requests.request('get', host + '/v1/shop/pets')", {"get"}, id="by position"),
        pytest.param("httpx.stream(method='POST', url=host + '/v1/shop/pets')", {"post"}, id="by keyword"),
    ],
)
def test_the_http_method_chooses_the_operation(code: str, called: set[str], tmp_path: Path) -> None:
    """Without doubt, because the path is long enough to belong to this service."""
    calls = calls_in(f"import httpx, requests\ndef f(host):\n    {code}\n", tmp_path)

    assert [(call.dotted.rpartition(".")[2], call.doubt) for call in calls] == [(f"{name}_pets", "") for name in called]


@pytest.mark.parametrize("code", ["requests.request(name, url)", "urlopen(url)", "requests.put(url)"])
def test_all_operations_of_a_path_may_be_called_by_an_unknown_method(code: str, tmp_path: Path) -> None:
    """Each is found, with the doubt that it may be another one."""
    text = (
        f"import requests\nfrom urllib.request import urlopen\ndef f(name, url='https://p/v1/shop/pets'):\n    {code}\n"
    )

    calls = calls_in(text, tmp_path)

    assert {call.dotted.rpartition(".")[2] for call in calls} == {f"{method}_pets" for method in METHODS}
    assert {call.doubt for call in calls} == {"the HTTP method may be another one"}


def calls_in(code: str, folder: Path) -> list[OperationCall]:
    """Return the calls that are found in code."""
    (folder / "code.py").write_text(code)
    found = usage(*sources([folder]), version(PATHS).api)
    return [use for use in found.uses if isinstance(use, OperationCall)]
