"""`/v1` on what is no release of ours: another SPARQL server, and files that somebody has."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from kg_api.app import create_app
from kg_api.settings import Settings
from starlette.testclient import TestClient

from kg.namespaces import BASE, DEF, ID, PREFIXES
from kg.release import load
from kg.remote import RemoteRelease

SAME = (
    "/v1/plannen",
    "/v1/voorzieningen?spoor=werkagenda-2024-3&soort=register&sorteer=-naam",
    "/v1/acties/werkagenda-2024-2-5-5?expand=prioriteit",
    "/v1/resultaten?jaar=2024&formaat=csv",
    "/v1/voorzieningen/digid/impact?diepte=2",
    "/v1/voorzieningen/digid/afhankelijkheden?richting=beide&diepte=1",
    "/v1/pad?van=voorziening/mijnoverheid&naar=wet/wet-digitale-overheid",
    "/v1/vragen",
    "/v1/vragen/afspraken-van-voorziening?voorziening=voorziening/digid",
    "/v1/context.jsonld",
)
WRONG = (
    "/v1/voorzieningen/digit",
    "/v1/voorzieningen?soort=kleur",
    "/v1/pad?van=wet/avg&naar=wet/bestaat-niet",
    "/v1/vragen/afspraken-van-voorziening",
)
OWN = f"""
@prefix sb: <{DEF}> .
@prefix skos: <{PREFIXES["skos"]}> .
<{ID}voorziening/loket> a sb:Voorziening ; skos:prefLabel "Loket"@nl ; sb:hangtAfVan <{ID}voorziening/bus> .
<{ID}voorziening/bus> a sb:Voorziening ; skos:prefLabel "Bus"@nl .
"""


@pytest.fixture(scope="module")
def remote(project, served: str) -> Iterator[TestClient]:
    app = create_app(project, lambda: RemoteRelease(f"{served}/sparql", 30), Settings())
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("path", SAME + WRONG)
def test_a_service_on_an_endpoint_answers_the_same(remote: TestClient, client: TestClient, path: str):
    here, there = client.get(path), remote.get(path)
    assert (here.status_code < 400) == (path in SAME)
    assert (there.status_code, there.content) == (here.status_code, here.content)
    assert there.headers["content-type"] == here.headers["content-type"]


def test_the_page_of_a_question_has_the_same_choices_and_answer(remote: TestClient, client: TestClient):
    path = "/vragen/afspraken-van-voorziening?lang=en&voorziening=voorziening/digid"
    here, there = (one.get(path).text.partition("<select")[2].partition("<footer")[0] for one in (client, remote))
    assert '<option value="voorziening/digid" selected>DigiD</option>' in here
    assert there == here


def test_what_an_endpoint_cannot_is_a_clear_problem(remote: TestClient):
    for path in ("/v1/zoek?q=digid", "/zoek?q=digid"):
        response = remote.get(path, headers={"accept-language": "en"})
        assert (response.status_code, response.json()["detail"][:14]) == (404, "no search here")
    assert len(remote.get("/v1/openapi.json").json()["paths"]) > 50


def test_an_endpoint_that_is_gone_is_a_problem(project, release, serve_on):
    with ExitStack() as running:
        address = running.enter_context(serve_on(create_app(project, lambda: release, Settings())))
        app = create_app(project, lambda: RemoteRelease(f"{address}/sparql", 5), Settings(release_seconds=3600))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert client.get("/v1/plannen").status_code == 200
            running.close()
            problem = client.get("/v1/plannen").json()
    assert (problem["status"], problem["type"]) == (502, f"{BASE}probleem/bron-faalt")


def test_files_of_ones_own_are_lists_and_chains_too(project, tmp_path: Path):
    file = tmp_path / "eigen.ttl"
    file.write_text(OWN, encoding="utf-8")
    (tmp_path / "store").mkdir()
    # The words say which relations a chain follows.
    release = load([file, project.root / "ontology" / "samenhang.ttl"], tmp_path / "store")
    with TestClient(create_app(project, lambda: release, Settings()), raise_server_exceptions=False) as client:
        assert [thing["ref"] for thing in client.get("/v1/voorzieningen").json()["voorzieningen"]] == ["bus", "loket"]
        hit = client.get("/v1/voorzieningen/bus/impact").json()
        assert [step["ding"]["ref"] for step in hit["stappen"]] == ["loket"]
        assert client.get("/v1/wetten").json()["aantal"] == 0
        problem = client.get("/v1/zoek?q=bus").json()
        assert (problem["status"], problem["type"]) == (404, f"{BASE}probleem/niet-gevonden")
