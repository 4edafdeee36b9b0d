"""The OpenAPI document: by the Dutch API Design Rules, and true."""

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kg_api.app import create_app
from kg_api.collections import COLLECTIONS
from kg_api.settings import Settings
from starlette.testclient import TestClient

_SECONDS = 240


@pytest.fixture(scope="module")
def document(client) -> dict:
    return client.get("/v1/openapi.json").json()


def tool(variable: str, name: str) -> str:
    """The program that a variable names, or that is on the path; skips where there is none."""
    found = os.environ.get(variable) or shutil.which(name)
    return found or pytest.skip(f"{name} is not there: install it, or let {variable} name it")


def lint(spectral: str, rules: Path, document: dict, folder: Path) -> list[dict]:
    """What Spectral finds in a document."""
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    command = [spectral, "lint", "--format", "json", "--quiet", "--ruleset", str(rules), "openapi.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def test_the_document_keeps_the_api_design_rules(document, standards: Path, tmp_path):
    spectral, rules = tool("KG_SPECTRAL", "spectral"), standards / "api-design-rules" / "linter.yaml"
    assert lint(spectral, rules, document, tmp_path) == []
    spoilt = {**document, "servers": [{"url": "http://127.0.0.1/"}]}
    assert {found["code"] for found in lint(spectral, rules, spoilt, tmp_path)} >= {
        "nlgov:include-major-version-in-uri"
    }


def test_the_service_does_what_the_document_says(served: str, tmp_path):
    """A bounded run of schemathesis: examples, edges of every parameter, and some chance."""
    command = [tool("KG_SCHEMATHESIS", "schemathesis"), "run", f"{served}/v1/openapi.json", "--checks", "all"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--seed", "1", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stdout[-5000:]


def test_the_address_of_the_whole_leads_to_its_description(client):
    def leads(accept: str) -> str:
        response = client.get("/v1", headers={"accept": accept})
        assert (response.status_code, response.headers["cache-control"]) == (307, "no-store")
        assert client.get(response.headers["location"]).status_code == 200
        return response.headers["location"]

    assert leads("text/html,application/xhtml+xml,*/*;q=0.8") == "/v1/docs"
    assert leads("*/*") == leads("application/json") == "/v1/openapi.json"


def test_every_route_is_described_with_its_errors(document):
    operations = [path["get"] for path in document["paths"].values()]
    assert all(path.keys() == {"get"} for path in document["paths"].values())
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert {"200", "400", "500", "502"} <= set(operation["responses"])
        assert "422" not in operation["responses"]
        assert "API-Version" in operation["responses"]["200"]["headers"]
        assert all("description" in parameter for parameter in operation["parameters"])
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def texts(part: object, name: str = "") -> Iterator[str]:
    """The summaries and descriptions of a document."""
    if isinstance(part, str) and name in ("summary", "description"):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from texts(value, key) if key not in ("example", "examples") else ()
    elif isinstance(part, list):
        for value in part:
            yield from texts(value)


def test_every_text_of_the_document_has_its_english(client, document):
    response = client.get("/v1/openapi.json", params={"lang": "en"})
    assert response.headers["content-language"] == "en"
    assert "Accept-Language" in response.headers["vary"]
    dutch, english = list(texts(document)), list(texts(response.json()))
    assert len(dutch) == len(english)
    assert [one for one, other in zip(dutch, english, strict=True) if one == other] == []
    by_header = client.get("/v1/openapi.json", headers={"Accept-Language": "en"})
    assert by_header.json() == response.json()
    assert 'data-url="/v1/openapi.json?lang=en"' in client.get("/v1/docs?lang=en").text


def test_the_examples_are_what_the_service_answers(client, document):
    for path, item in document["paths"].items():
        example = item["get"]["responses"]["200"]["content"]["application/json"].get("example")
        if path.endswith("/{ref}"):
            refs = [parameter["example"] for parameter in item["get"]["parameters"] if parameter["in"] == "path"]
            assert client.get("/v1" + path.format(ref=refs[0])).json() == example
        elif path.removeprefix("/") in COLLECTIONS:
            assert client.get(f"/v1{path}").json()["aantal"] == example["aantal"]


def test_an_abridged_example_begins_as_the_answer_does(client, document):
    abridged = 0
    for path, item in document["paths"].items():
        content = item["get"]["responses"]["200"]["content"]["application/json"]
        for example in content.get("examples", {}).values():
            asked = {p["name"]: p["example"] for p in item["get"]["parameters"] if p.get("required")}
            ref = asked.pop("ref", "")
            answer = client.get("/v1" + path.format(ref=ref), params=asked).json()
            differing = {name for name in answer if answer[name] != example["value"][name]}
            assert all(answer[name][:2] == example["value"][name] for name in differing), path
            assert len(differing) <= 1
            abridged += 1
    assert abridged == 2 * 12 + 3


def test_a_table_has_an_example(client, document):
    for name in COLLECTIONS:
        example = document["paths"][f"/{name}"]["get"]["responses"]["200"]["content"]["text/csv"]["example"]
        rows = list(csv.reader(io.StringIO(client.get(f"/v1/{name}?paginaGrootte=500&formaat=csv").text)))
        assert all(row in rows for row in csv.reader(io.StringIO(example)))


def test_every_filter_in_the_document_is_one_of_the_service_with_its_sample(client, document):
    for path, item in document["paths"].items():
        asked = {p["name"]: p["example"] for p in item["get"]["parameters"] if p["in"] == "query" and "example" in p}
        for name, sample in asked.items():
            required = {
                p["name"]: p["example"] for p in item["get"]["parameters"] if p.get("required") and p["in"] == "query"
            }
            if "{" not in path:
                assert client.get(f"/v1{path}", params={**required, name: sample}).status_code == 200, (path, name)


def test_the_address_and_contact_of_the_service_are_settings(project, release):
    settings = Settings(public_url="https://data.example.nl/", contact_email="wij@example.nl")
    with TestClient(create_app(project, lambda: release, settings)) as client:
        document = client.get("/v1/openapi.json").json()
    assert document["servers"][0]["url"] == "https://data.example.nl/v1"
    assert document["info"]["contact"]["email"] == "wij@example.nl"
