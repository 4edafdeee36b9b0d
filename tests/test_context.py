"""JSON of `/v1` as JSON-LD: with the context that is served, all that it says is in the graph."""

import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
from kg_api import context
from kg_api.collections import COLLECTIONS, Collection
from starlette.testclient import TestClient

from kg import jsonld, turtle
from kg.namespaces import DEF, ID, PREFIXES

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
EVERY = pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=COLLECTIONS)


@pytest.fixture(scope="module")
def known(store: ox.Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}


@pytest.fixture(scope="module")
def words(client) -> dict:
    return client.get(context.PATH).json()["@context"]


def expanded(said: dict, words: dict) -> set[ox.Triple]:
    graph = rdflib.Graph().parse(data=json.dumps({"@context": words, **said}), format="json-ld")
    return {quad.triple for quad in ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)}


def pages(client: TestClient, collection: Collection) -> Iterator[dict]:
    address: str | None = f"/v1/{collection.name}?paginaGrootte=500"
    while address:
        response = client.get(address)
        yield response.json()
        address = response.links.get("next", {}).get("url")


@EVERY
def test_a_list_says_nothing_that_the_graph_does_not(client, known, words, collection: Collection):
    said = set().union(*(expanded(page, words) for page in pages(client, collection)))
    assert said <= known
    assert len(said) > 5


@EVERY
def test_a_thing_says_nothing_that_the_graph_does_not(client, known, words, collection: Collection):
    refs = [thing["ref"] for thing in next(pages(client, collection))[collection.name]][::20]
    for ref in {collection.example, *refs}:
        said = expanded(client.get(f"/v1/{collection.name}/{ref}").json(), words)
        assert said <= known
        assert said


def test_a_thing_says_who_takes_part_and_when_a_target_is_due(client, words):
    action = expanded(client.get("/v1/acties/werkagenda-2024-2-5-5").json(), words)
    assert {DEF + "deelname", DEF + "partij", DEF + "naamInBron"} <= {triple.predicate.value for triple in action}
    due = ox.Literal("2024", datatype=ox.NamedNode(PREFIXES["xsd"] + "gYear"))
    results = expanded(client.get("/v1/resultaten?jaar=2024").json(), words)
    assert any(triple.object == due and triple.subject.value.startswith(f"{ID}resultaat/") for triple in results)


def test_a_wrong_context_is_found_out(client, known, words):
    item = client.get("/v1/acties/werkagenda-2024-2-5-5").json()
    for wrong in ({"aanhef": DEF + "nummer"}, {"plan": DEF + "onderdeelVan"}, {"naam": DEF + "toelichting"}):
        assert not expanded(item, {**words, **wrong}) <= known


def test_json_leads_to_its_context(client):
    for path in ("/v1/wetten", "/v1/wetten/avg"):
        link = client.get(path).links["http://www.w3.org/ns/json-ld#context"]
        assert (link["type"], link["url"]) == ("application/ld+json", context.PATH)
    served = client.get(context.PATH)
    assert served.headers["content-type"] == "application/ld+json"
    assert served.headers["api-version"]
    assert "json-ld" not in client.get("/v1/wetten?formaat=csv").headers["link"]


@pytest.mark.parametrize("path", ["/v1/wetten", "/v1/wetten/avg"])
def test_who_asks_for_json_ld_gets_it_with_its_context(client, path: str):
    """As JSON-LD a processor looks for the context in the answer alone (JSON-LD 1.1, section 6.1)."""
    answer = client.get(path, headers={"accept": "application/ld+json"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    assert answer.json() == {"@context": context.PATH, **client.get(path).json()}
    assert "json-ld" not in answer.headers.get("link", "")
    assert "Accept" in answer.headers["vary"]
    assert client.get(path, headers={"accept": "*/*"}).headers["content-type"] == "application/json"


def test_the_whole_graph_is_the_same_as_json_ld_and_as_turtle(known):
    """What any document says is some of these triples, written by these two functions."""
    written = sorted(known, key=str)
    read = [
        {quad.triple for quad in ox.parse(text, format=form) if isinstance(quad.subject, ox.NamedNode)}
        for text, form in (
            (jsonld.write(written), ox.RdfFormat.JSON_LD),
            (turtle.write(written, ox.RdfFormat.TURTLE), ox.RdfFormat.TURTLE),
        )
    ]
    named = {triple for triple in known if isinstance(triple.subject, ox.NamedNode)}
    assert [len(found) for found in read] == [len(named)] * 2
    assert all(_without_blank(found) == _without_blank(named) for found in read)


def _without_blank(triples: set[ox.Triple]) -> set[ox.Triple]:
    return {triple for triple in triples if not isinstance(triple.object, ox.BlankNode)}
