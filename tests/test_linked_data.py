"""Things and the documents about them: every form says the same, errors help, caches work."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.formats import FORMS
from kg_api.settings import Settings
from rdflib import Graph
from rdflib.compare import isomorphic

from kg import jsonld
from kg import release as releases
from kg.namespaces import BASE, CONCEPTS, DEF, ID, INFERRED, LISTS, PREFIXES
from kg.remote import RemoteRelease

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}
REPLACED = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wet: <https://w3id.org/spoorboek/id/wet/> .

wet:oud skos:prefLabel "Oude wet"@nl ; owl:deprecated true ; dct:isReplacedBy wet:nieuw .
wet:nieuw skos:prefLabel "Nieuwe wet"@nl .
wet:weg skos:prefLabel "Wet die weg is"@nl ; owl:deprecated true .
wet:elders skos:prefLabel "Wet die verhuisd is"@nl ; owl:deprecated true ; dct:isReplacedBy <https://example.org/wet> .
"""


@pytest.fixture(scope="module")
def changed(project, tmp_path_factory) -> Iterator[TestClient]:
    """A client of a graph in which some laws are no more."""
    folder: Path = tmp_path_factory.mktemp("changed")
    (folder / "wetten.ttl").write_text(REPLACED, encoding="utf-8")
    release = releases.load([folder / "wetten.ttl"], tmp_path_factory.mktemp("release"))
    with TestClient(create_app(project, lambda: release, Settings()), follow_redirects=False) as client:
        yield client


def things_of_every_concept(store: ox.Store) -> list[str]:
    """One thing of each concept and list, the first by name."""
    first: dict[str, str] = {}
    for iri in sorted({quad.subject.value for quad in store if quad.subject.value.startswith(ID)}):
        first.setdefault(iri.removeprefix(ID).partition("/")[0], iri.removeprefix(ID))
    # Records of registers come in by an import, which this release has none of.
    assert set(first) >= {*CONCEPTS, *LISTS} - {"registratie"}
    return list(first.values())


def graph(client, path: str) -> ox.Dataset:
    """What a document says, with blank nodes named in the one canonical way: equal is isomorphic."""
    response = client.get(path)
    assert response.status_code == 200, path
    said = ox.Dataset(ox.parse(response.content, format=PARSERS[path.rpartition(".")[2]]))
    said.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return said


def test_every_form_of_a_thing_of_every_concept_says_the_same(client, store):
    for thing in things_of_every_concept(store):
        turtle = graph(client, f"/doc/{thing}.ttl")
        assert len(turtle) > 0
        for suffix in PARSERS:
            assert graph(client, f"/doc/{thing}.{suffix}") == turtle, (thing, suffix)


@pytest.mark.parametrize("path", ["/def", "/def/samenhang", "/def/lijst-rol", "/shapes"])
def test_every_form_of_the_words_and_shapes_says_the_same(client, path: str):
    turtle = graph(client, f"{path}.ttl")
    assert len(turtle) > 50
    for suffix in PARSERS:
        assert graph(client, f"{path}.{suffix}") == turtle, suffix


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_compact_json_keeps_every_kind_of_term():
    text = """
        <urn:a> a <urn:b> ; <urn:p> "x"@nl, "x", 1, 01, 1.50, true, "sb:Actie" ;
            <urn:q> _:c, <https://w3id.org/spoorboek/id/wet/x> .
        _:c <http://www.w3.org/2004/02/skos/core#prefLabel> "wet:avg \\"\\u00e9\\n" .
    """
    turtle = Graph().parse(data=text, format="turtle")
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    assert isomorphic(Graph().parse(data=jsonld.write(triples), format="json-ld"), turtle)


def test_a_table_has_every_statement_and_the_rule_that_inferred_it(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/doc/voorziening/digid.csv").text)))
    turtle = graph(client, "/doc/voorziening/digid.ttl")
    assert len(rows) == len(turtle)
    rules = {(row["property"], row["value"]): row["rule"] for row in rows if row["subject"] == f"{ID}voorziening/digid"}
    assert rules[f"{DEF}grondslag", f"{ID}wet/wet-digitale-overheid"] == "1-verband"
    assert rules[f"{DEF}soort", f"{ID}soort-voorziening/inlogmiddel"] == ""


def test_json_lists_what_was_inferred_and_the_rule(client):
    table = list(csv.DictReader(io.StringIO(client.get("/doc/voorziening/digid.csv").text)))
    said = client.get("/doc/voorziening/digid.json").json()
    context, inferred = said["@context"], said["afgeleid"]

    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return context[prefix] + local if prefix in context else name

    told = {(full(fact["onderwerp"]), full(fact["eigenschap"]), fact["regel"]) for fact in inferred}
    assert told == {(row["subject"], row["property"], row["rule"]) for row in table if row["rule"]}
    assert len(inferred) == len([row for row in table if row["rule"]])
    assert {"@id": "wet:wet-digitale-overheid"} in [fact["waarde"] for fact in inferred if fact["regel"] == "1-verband"]
    assert client.get("/doc/voorziening/digid.jsonld").json()["afgeleid"] == inferred
    provenance = '</doc/voorziening/digid.json>; rel="http://www.w3.org/ns/prov#has_provenance"'
    assert provenance in client.get("/doc/voorziening/digid.ttl").headers["link"]


def test_a_description_has_what_refers_to_it_and_its_sources(client):
    said = client.get("/doc/voorziening/digid.nt").text
    assert f"<{ID}voorziening/mijnoverheid> <{DEF}gebruikt> <{ID}voorziening/digid>" in said
    assert f"{DEF}vindplaats" in said
    assert f"{DEF}toelichting" in said


@pytest.mark.parametrize("thing", ["voorziening/digid", "actie/werkagenda-2024-2-5-5", "organisatie/bzk"])
def test_a_description_names_all_that_it_speaks_of(client, store, thing: str):
    said = graph(client, f"/doc/{thing}.nt")
    spoken_of = {term for quad in said for term in quad.triple}
    naming = [ox.NamedNode(PREFIXES["skos"] + "prefLabel"), ox.NamedNode(PREFIXES["rdfs"] + "label")]
    for term in spoken_of:
        names = {quad for name in naming if not isinstance(term, ox.Literal) for quad in pattern(store, term, name)}
        assert names <= set(said), term


def pattern(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.Quad]:
    return list(store.quads_for_pattern(subject, predicate, None, ox.DefaultGraph()))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("path", ["/doc/voorziening/digid", "/def", "/def/kern", "/shapes"])
def test_suffix_and_accept_give_the_same_and_the_suffix_wins(client, path: str, form):
    by_suffix = client.get(f"{path}.{form.suffix}", headers={"accept": "image/png"})
    by_accept = client.get(path, headers={"accept": form.media_type})
    assert by_suffix.headers["content-type"].partition(";")[0] == form.media_type
    if form.suffix != "html":
        assert by_accept.content == by_suffix.content
    assert by_accept.headers["vary"].startswith("Accept, Accept-Language")


def test_links_lead_to_every_other_form_the_words_and_the_lasting_addresses(client):
    links = client.get("/doc/voorziening/digid.ttl").headers["link"]
    for form in FORMS:
        assert (f'</doc/voorziening/digid.{form.suffix}>; rel="alternate"' in links) == (form.suffix != "ttl")
    assert f'<{BASE}doc/voorziening/digid>; rel="canonical"' in links
    assert f'<{ID}voorziening/digid>; rel="about"' in links
    assert '</def>; rel="describedby"' in links


@pytest.mark.parametrize(
    "path", ["/doc/voorziening/digid", "/doc/wet/avg.ttl", "/def.html", "/def.ttl", "/shapes.json"]
)
def test_who_has_it_already_gets_304(client, path: str):
    first = client.get(path)
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == first.headers["vary"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_no_two_forms_or_languages_share_an_etag(client):
    addresses = [f"/doc/wet/avg.{form.suffix}" for form in FORMS] + ["/doc/wet/avg.html?lang=en"]
    assert len({client.get(address).headers["etag"] for address in addresses}) == len(addresses)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/doc/voorziening/digidd", "/doc/voorziening/digid"),
        ("/doc/voorziening/digid.exe", "/doc/voorziening/digid"),
        ("/doc/wet/wet-digitaleoverheid", "/doc/wet/wet-digitale-overheid"),
        ("/doc/wet/WDO", "/doc/wet/wet-digitale-overheid"),
        ("/doc/wet/Archief", "/doc/wet/archiefwet"),
    ],
)
def test_an_unknown_name_brings_names_that_are_like_it(client, path: str, near: str):
    response = client.get(path)
    assert response.status_code == 404
    assert near in [thing["href"] for thing in response.json()["near"]]
    assert f'<a href="{near}">' in client.get(path, headers=BROWSER).text


@pytest.mark.parametrize("ref", ["x" * 5000, "%00", "%22%3E%3Cscript%3E", "zzzzqqqq", "..", "%2e%2e"])
def test_an_impossible_name_is_only_not_found(client, ref: str):
    for concept in ("wet", "nergens"):
        response = client.get(f"/doc/{concept}/{ref}", headers=BROWSER)
        assert response.status_code == 404
        assert "<script" not in response.text


def test_an_unknown_concept_brings_the_concepts(client):
    assert "voorziening" in client.get("/doc/wetten/avg").json()["detail"]


@pytest.mark.parametrize(
    "path", ["/doc/wet/bestaat-niet", "/nergens", "/def/nergens", "/def.exe", "/shapes.exe", "/sparql?query=x"]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_error_is_a_page_for_a_browser_and_a_problem_for_others(client, path: str, language: str):
    page = client.get(path, headers={**BROWSER, "accept-language": language})
    problem = client.get(path, headers={"accept-language": language})
    assert page.status_code == problem.status_code >= 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in page.text
    assert '<a href="/">' in page.text
    assert problem.headers["content-type"] == "application/problem+json"


def test_an_error_speaks_the_language_of_the_visitor(client):
    def detail(**asked) -> str:
        return client.get("/doc/wet/bestaat-niet", **asked).json()["detail"]

    assert detail(headers={"accept-language": "en"}) == "the graph does not describe 'wet/bestaat-niet'"
    assert detail(headers={"accept-language": "nl"}) == "de graaf beschrijft 'wet/bestaat-niet' niet"
    assert detail(params={"lang": "en"}) == detail(headers={"accept-language": "en-GB"})


def test_errors_of_the_rest_interface_stay_data_for_a_browser(client):
    assert client.get("/v1/acties/bestaat-niet", headers=BROWSER).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
def test_a_replaced_thing_leads_to_what_came_in_its_place(changed, suffix: str):
    response = changed.get(f"/doc/wet/oud{suffix}")
    assert (response.status_code, response.headers["location"]) == (301, f"/doc/wet/nieuw{suffix}")
    elsewhere = changed.get(f"/doc/wet/elders{suffix}")
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (301, "https://example.org/wet")


def test_a_thing_that_is_no_more_is_gone(changed):
    assert changed.get("/doc/wet/weg").status_code == 410
    assert "Vervallen" in changed.get("/doc/wet/weg", headers=BROWSER).text
    assert changed.get("/id/wet/weg").status_code == 303
    assert changed.get("/doc/wet/nieuw").status_code == 200


def test_a_redirect_keeps_the_language(client):
    assert client.get("/id/wet/avg?lang=en").headers["location"] == "/doc/wet/avg?lang=en"


def test_a_page_says_where_why_and_by_which_rule(client):
    html = client.get("/doc/actie/werkagenda-2024-2-5-5", headers=BROWSER).text
    assert "2.5 Acties, nr. 5" in html
    assert "Het contactpunt is de plek voor vragen die het doel aan burgers belooft" in html
    assert '<a href="/graph/inferred/1-verband">' in html
    assert '<a href="/def#Actie">actie</a>' in html
    assert html.index("Wat er is vastgelegd") < html.index("Technische gegevens") < html.index("volgorde</a>")


def test_the_graph_of_a_rule_is_where_a_page_says(client):
    response = client.get("/graph/inferred/1-verband", headers={"accept": "application/n-triples"})
    assert response.status_code == 200
    assert client.get("/sparql", params={"query": f"ASK {{ GRAPH <{INFERRED}1-verband> {{ ?s ?p ?o }} }}"}).json()[
        "boolean"
    ]


@pytest.mark.parametrize("path", ["/def", "/shapes"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_and_shape_has_a_place_on_its_page(client, store, path: str, language: str):
    html = client.get(f"{path}.html", params={"lang": language}).text
    begin = f"{BASE}{path.removeprefix('/')}#"
    # A word is what an ontology file gives a type.
    typed = store.quads_for_pattern(None, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), None, None)
    words = {quad.subject.value.removeprefix(begin) for quad in typed if quad.subject.value.startswith(begin)}
    assert len(words) > 100
    assert [word for word in sorted(words) if html.count(f'id="{word}"') != 1] == []


def test_the_words_are_explained_in_both_languages(client):
    dutch, english = (client.get("/def.html", params={"lang": language}).text for language in ("nl", "en"))
    assert "Beleidselement dat zegt wat een of meer partijen gaan doen" in dutch
    assert "Policy element that says what one or more parties will do" in english
    assert "Gebruik sb:onderdeelVan alleen bij een beleidselement" in dutch
    assert "Use sb:onderdeelVan only on a policy element" in english
    assert '<a href="/def?lang=en#Beleidselement">policy element</a>' in english
    assert "trekker" in dutch


def test_every_link_on_a_page_leads_somewhere(client):
    for page in ("/doc/actie/werkagenda-2024-2-5-5", "/doc/voorziening/digid", "/def", "/def/kern", "/shapes"):
        html = client.get(page, headers=BROWSER).text
        links = {part.partition('"')[0].partition("#")[0] for part in html.split('href="')[1:]}
        for link in sorted(link for link in links if link.startswith("/")):
            assert client.get(link).status_code in (200, 204), (page, link)


def test_a_service_on_an_endpoint_gives_the_same_documents(project, client, served, release):
    remote = RemoteRelease(f"{served}/sparql", 30)
    with TestClient(create_app(project, lambda: remote, Settings())) as other:
        for path in ("/doc/voorziening/digid.ttl", "/doc/voorziening/digid.csv", "/def/kern.ttl", "/shapes.ttl"):
            assert other.get(path).content == client.get(path).content, path
        for path in ("/doc/voorziening/digid.html", "/def/samenhang.html", "/shapes.html", "/doc/wet/avgg"):
            # A server without a release has no search, and no catalogue that names a licence.
            search_and_licence = r'<form .*?</form>\n| <a href="[^"]*" rel="license">.*?</a>\.'
            expected = re.sub(search_and_licence, "", client.get(path).text, flags=re.DOTALL)
            assert other.get(path).text == expected.replace(release.version, remote.version), path
