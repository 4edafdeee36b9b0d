"""The service on the shipped graph: SPARQL, REST, pages."""

import re

import pyoxigraph as ox
import pytest
from kg_api import pages
from SPARQLWrapper import JSON, SPARQLWrapper

from kg.namespaces import DEF, ID, PREFIXES

COUNT = """
    PREFIX sb: <https://w3id.org/spoorboek/def#>
    SELECT (COUNT(*) AS ?n) { ?actie a sb:Actie ; sb:onderdeelVan/sb:onderdeelVan/a sb:Spoor }
"""
CONSTRUCT = "PREFIX sb: <https://w3id.org/spoorboek/def#> CONSTRUCT { ?s a sb:Spoor } WHERE { ?s a sb:Spoor }"


def number(answer: ox.QuerySolutions) -> int:
    return int(next(iter(answer))["n"].value)


@pytest.mark.parametrize(
    ("accept", "result_format"),
    [
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ],
)
def test_select_in_every_format_that_reads_back(client, accept, result_format):
    response = client.get("/sparql", params={"query": COUNT}, headers={"accept": accept})
    assert response.headers["content-type"].startswith(accept)
    assert number(ox.parse_query_results(response.content, format=result_format)) == 104


def test_select_in_csv(client):
    response = client.get("/sparql", params={"query": COUNT}, headers={"accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.text.splitlines() == ["n", "104"]


@pytest.mark.parametrize(
    ("accept", "parser"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_construct_in_every_format_that_reads_back(client, accept, parser):
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": accept})
    assert response.headers["content-type"].startswith(accept)
    assert len(list(ox.parse(response.content, format=parser))) == 5


def test_post_as_form_and_direct(client):
    form = client.post("/sparql", data={"query": COUNT})
    direct = client.post("/sparql", content=COUNT, headers={"content-type": "application/sparql-query"})
    assert form.json() == direct.json()
    assert form.headers["vary"] == "Accept, Accept-Encoding"


def test_the_accept_header_decides_and_quality_counts(client):
    def content_type(accept: str) -> str:
        return client.get("/sparql", params={"query": "ASK {}"}, headers={"accept": accept}).headers["content-type"]

    assert content_type("*/*") == "application/sparql-results+json"
    assert content_type("text/csv;q=0.1, application/sparql-results+xml;q=0.9") == "application/sparql-results+xml"
    assert content_type("text/*") == "text/csv; charset=utf-8"


def test_a_client_library_can_ask(served: str):
    """SPARQLWrapper, the way many Python users come."""
    endpoint = SPARQLWrapper(f"{served}/sparql", returnFormat=JSON)
    endpoint.setQuery(COUNT)
    assert endpoint.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "104"


def test_actions_in_the_order_of_the_plan(client):
    body = client.get("/v1/acties?plan=werkagenda-2024&paginaGrootte=200").json()
    numbers = [actie["nummer"] for actie in body["acties"]]
    assert body["aantal"] == len(numbers) == 104
    assert numbers[:7] == ["1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.2.1"]
    assert "1.3.2" in numbers
    assert numbers[-1] == "5.2.4"
    assert numbers.index("4.3.9") < numbers.index("4.3.10")


def test_filters_on_actions_combine(client):
    def numbers(**filters: str) -> list[str]:
        asked = {"plan": "werkagenda-2024", **filters}
        return [actie["nummer"] for actie in client.get("/v1/acties", params=asked).json()["acties"]]

    assert numbers(prioriteit="werkagenda-2024-2-6") == ["2.6.1", "2.6.2"]
    assert numbers(uitvoerder="cip") == ["2.5.1", "2.5.3", "2.5.7"]
    assert numbers(uitvoerder="logius") == ["3.1.3", "3.2.1", "3.2.3"]
    assert numbers(uitvoerder="logius", prioriteit="werkagenda-2024-3-1") == ["3.1.3"]


def test_one_action_with_its_parties_as_printed(client):
    body = client.get("/v1/acties/werkagenda-2024-2-5-5").json()
    assert body["uri"] == f"{ID}actie/werkagenda-2024-2-5-5"
    assert body["prioriteit"]["naam"] == "Versterken cybersecurity"
    assert [deelname["naamInBron"] for deelname in body["deelnames"]] == ["BZK", "AZ", "DPC", "KOOP"]
    assert ("sb:levert", "contactpunt-overheidswebsites") in {
        (r["eigenschap"], r["ding"]["ref"]) for r in body["relaties"]
    }
    assert "2.5 Acties, nr. 5" in body["vindplaatsen"]


def test_rest_answers_carry_version_and_are_not_stored(client):
    headers = client.get("/v1/acties/werkagenda-2024-2-5-5").headers
    assert (headers["api-version"], headers["cache-control"]) == ("1.0.0", "no-store")


def test_openapi_describes_the_rest_routes(client):
    document = client.get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/acties", "/acties/{ref}"} <= set(document["paths"])
    assert document["servers"][0]["url"].endswith("/v1")


def test_head_is_get_without_a_body(client):
    for path in ("/", "/v1/acties", "/sparql?query=ASK%7B%7D", "/doc/voorziening/digid.ttl"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == get.headers


def test_a_limit_of_a_part_is_shown(client):
    """4.1.2 (lines 2610-2614): BZK stands there for the whole and once more for the MDTO."""
    deelnames = client.get("/v1/acties/werkagenda-2024-4-1-2").json()["deelnames"]
    assert [d.get("beperktTot", {}).get("ref") for d in deelnames if d["partij"]["ref"] == "bzk"] == [None, "mdto"]


def test_a_thing_redirects_to_its_page(client):
    response = client.get("/id/voorziening/digid")
    assert (response.status_code, response.headers["location"]) == (303, "/doc/voorziening/digid")


@pytest.mark.parametrize(
    ("suffix", "accept", "parser"),
    [
        (".ttl", "text/html", ox.RdfFormat.TURTLE),
        ("", "text/turtle", ox.RdfFormat.TURTLE),
        (".jsonld", "*/*", ox.RdfFormat.JSON_LD),
        ("", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_a_description_as_data(client, store, suffix, accept, parser):
    response = client.get(f"/doc/voorziening/digid{suffix}", headers={"accept": accept})
    said = {quad.object.value for quad in ox.parse(response.content, format=parser)}
    assert {f"{DEF}Voorziening", "DigiD"} <= said


def test_a_description_as_a_page_names_its_links(client):
    html = client.get("/doc/actie/werkagenda-2024-2-5-5", headers={"accept": "text/html"}).text
    assert '<html lang="nl">' in html
    assert '<a href="/doc/prioriteit/werkagenda-2024-2-5">Versterken cybersecurity</a>' in html
    assert "afgeleid met regel" in html


def test_pages_speak_english_on_request(client):
    asked = client.get("/?lang=en")
    preferred = client.get("/", headers={"accept-language": "en;q=0.9, nl;q=0.1"})
    assert '<html lang="en">' in asked.text
    kept = re.compile(r'\?lang=en|<input type="hidden" name="lang" value="en">\n')
    assert preferred.text == kept.sub("", asked.text)
    assert '<html lang="nl">' in client.get("/", headers={"accept-language": "fy"}).text
    assert '<html lang="nl">' in client.get("/", headers={"accept-language": "nl-NL,en;q=0.5"}).text
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "en-US,nl;q=0.5"}).text


@pytest.mark.parametrize(
    ("language", "names"),
    [("nl", ["hetzelfde elders", "identificatie"]), ("en", ["identifier", "same thing elsewhere"])],
)
def test_a_page_has_words_for_properties_of_other_vocabularies(client, language: str, names: list[str]):
    html = client.get(f"/doc/wet/avg.html?lang={language}").text
    assert sorted(set(re.findall(r'<th scope="row">([^<]+)</th>', html))) == names


def test_the_front_page_shows_every_track_and_priority_with_counts(client, store):
    html = client.get("/").text
    query = """
        SELECT ?naam {
            VALUES ?klasse { sb:Spoor sb:Prioriteit }
            ?ding a ?klasse ; skos:prefLabel ?naam
            FILTER (LANG(?naam) = "nl")
        }
    """
    names = [row["naam"].value for row in store.query(query, prefixes=PREFIXES)]
    assert len(names) == 22
    assert [name for name in names if name.replace("&", "&amp;") not in html] == []


def test_the_stylesheet_is_served_from_here(client):
    response = client.get("/static/spoorboek.css")
    assert response.headers["content-type"].startswith("text/css")


def test_health(client, release):
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok", "release": release.version}


def test_every_answer_has_security_headers(client):
    for path in ("/", "/v1/acties", "/health/live", "/nergens"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["//elders.example/", "/%5Celders.example/", "/%2F%5Celders.example/"])
def test_no_path_makes_a_link_to_another_host(client, path: str):
    html = client.get(path, headers={"accept": "text/html"}).text
    assert "lang=en" in html
    assert re.findall(r'href="/[/\\\\][^"]*"', html) == []


@pytest.mark.parametrize("rest", ["/elders.example/", "\\\\elders.example/"])
def test_no_iri_of_ours_makes_a_link_to_another_host(rest: str):
    assert pages.local(f"https://w3id.org/spoorboek/{rest}") is None
