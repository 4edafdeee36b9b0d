"""SPARQL 1.1 Protocol, Service Description and Graph Store Protocol, one test for each thing a client may do."""

import gzip
from email.message import Message
from urllib.request import Request, urlopen

import brotli
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.formats import GRAPH_TYPES, RESULT_TYPES
from kg_api.settings import Settings
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

WETTEN = "https://w3id.org/spoorboek/graph/data/wetten"
TRACKS = "https://w3id.org/spoorboek/graph/data/werkagenda-2024/plan"
ASK = {"query": "ASK {}"}
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPHS = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
SELECT = "SELECT ?s { ?s a <https://w3id.org/spoorboek/def#Spoor> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT { ?s a <https://w3id.org/spoorboek/def#Spoor> } { ?s a <https://w3id.org/spoorboek/def#Spoor> }"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID_TRIPLES = ox.NamedNode("http://rdfs.org/ns/void#triples")


def count(response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def in_graph(store: ox.Store, iri: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))


# The query operation, three ways, and its dataset.


def test_get_form_and_direct_give_the_same(client):
    answers = [
        client.get("/sparql", params={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers={"content-type": "application/sparql-query; charset=UTF-8"}),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("how", ["get", "form", "direct", "form and address"])
def test_default_graph_uri_is_the_whole_default_graph(client, store, how):
    graphs = {"default-graph-uri": [WETTEN, TRACKS]}
    direct = {"content-type": "application/sparql-query"}
    response = {
        "get": lambda: client.get("/sparql", params={"query": ALL, **graphs}),
        "form": lambda: client.post("/sparql", data={"query": ALL, **graphs}),
        "direct": lambda: client.post("/sparql", content=ALL, headers=direct, params=graphs),
        "form and address": lambda: client.post("/sparql", data={"query": ALL}, params=graphs),
    }[how]()
    assert count(response) == in_graph(store, WETTEN) + in_graph(store, TRACKS)


def test_with_only_a_default_graph_there_are_no_named_ones(client):
    assert count(client.get("/sparql", params={"query": GRAPHS, "default-graph-uri": WETTEN})) == 0


def test_with_only_named_graphs_the_default_graph_is_empty(client):
    named = {"named-graph-uri": [WETTEN, TRACKS]}
    assert count(client.get("/sparql", params={"query": GRAPHS, **named})) == 2
    assert count(client.get("/sparql", params={"query": ALL, **named})) == 0


def test_the_dataset_of_the_request_goes_before_from(client, store):
    query = f"SELECT (COUNT(*) AS ?n) FROM <{TRACKS}> {{ ?s ?p ?o }}"
    assert count(client.get("/sparql", params={"query": query})) == in_graph(store, TRACKS)
    assert count(client.get("/sparql", params={"query": query, "default-graph-uri": WETTEN})) == in_graph(store, WETTEN)


def test_from_a_file_reads_nothing(client):
    query = "SELECT (COUNT(*) AS ?n) FROM <file:///etc/passwd> { ?s ?p ?o }"
    assert count(client.get("/sparql", params={"query": query})) == 0


# Accept, `format`, and what the answer says of itself.


@pytest.mark.parametrize("accept", RESULT_TYPES)
def test_every_type_of_results(client, accept):
    response = client.get("/sparql", params=ASK, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == accept


@pytest.mark.parametrize("accept", GRAPH_TYPES)
def test_every_type_of_graph(client, accept):
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": accept})
    assert response.headers["content-type"].partition(";")[0] == accept
    assert len(list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(accept)))) == 5


@pytest.mark.parametrize(("name", "media_type"), [(name, accept) for accept, name in RESULT_TYPES.items()][::2])
def test_the_format_parameter_goes_before_accept(client, name, media_type):
    response = client.get("/sparql", params={**ASK, "format": name}, headers={"accept": "image/png"})
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_a_describe_gives_a_graph(client):
    query = "DESCRIBE <https://w3id.org/spoorboek/id/voorziening/digid>"
    response = client.get("/sparql", params={"query": query, "format": "nt"})
    assert response.headers["content-type"] == "application/n-triples"
    assert b'"DigiD"' in response.content


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/*;q=0.5, application/sparql-results+xml;q=0.4", "text/csv; charset=utf-8"),
        ("text/csv;q=0, text/*", "text/tab-separated-values; charset=utf-8"),
        ("application/sparql-results+json;q=0, application/json;q=0, */*", "application/sparql-results+xml"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/sparql-results+json"),
        ("text/turtle, application/sparql-results+json", "application/sparql-results+json"),
    ],
)
def test_quality_and_wildcards(client, accept, expected):
    headers = {"accept": accept} if accept else {}
    assert client.get("/sparql", params=ASK, headers=headers).headers["content-type"] == expected


def test_what_nobody_offers_is_406_with_what_there_is(client):
    for headers in ({"accept": "image/png"}, {"accept": "*/*;q=0"}):
        response = client.get("/sparql", params=ASK, headers=headers)
        assert response.status_code == 406
        assert "text/csv" in response.json()["detail"]


@pytest.mark.parametrize(("language", "says"), [("nl", "het antwoord komt als"), ("en", "its answer comes as")])
def test_a_form_for_another_kind_of_query_is_406_with_what_there_is(client, language: str, says: str):
    response = client.get("/sparql", params={**ASK, "format": "turtle"}, headers={"accept-language": language})
    assert response.status_code == 406
    assert response.json()["detail"].endswith(f"{says} json, csv, tsv, xml")


def test_an_unknown_format_is_400_with_what_there_is(client):
    response = client.get("/sparql", params={**ASK, "format": "docx"})
    assert response.status_code == 400
    assert "csv" in response.json()["detail"]


def test_answers_vary_by_accept_and_encoding(client):
    assert client.get("/sparql", params=ASK).headers["vary"] == "Accept, Accept-Encoding"


# HEAD, OPTIONS and what is not allowed.


def test_head_gives_the_headers_of_get(client):
    get, head = client.get("/sparql", params={"query": SELECT}), client.head("/sparql", params={"query": SELECT})
    assert (head.status_code, head.content, head.headers) == (200, b"", get.headers)


@pytest.mark.parametrize("path", ["/sparql", "/graph", "/v1/acties"])
def test_a_script_on_another_site_may_ask(client, path):
    asking = {"origin": "https://example.org", "access-control-request-method": "GET"}
    response = client.options(path, headers=asking)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "GET" in response.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in response.headers
    assert ("POST" in response.headers["allow"]) == (path == "/sparql")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_what_is_allowed(client, method):
    for path in ("/sparql", "/graph?default", "/graph/data/wetten"):
        response = client.request(method, path)
        assert response.status_code == 405
        assert "GET" in response.headers["allow"]


def test_an_update_is_refused(client):
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    direct = {"content-type": "application/sparql-update"}
    assert client.post("/sparql", data={"update": update}).status_code == 403
    assert client.post("/sparql", content=update, headers=direct).status_code == 415
    assert client.get("/sparql", params={"query": update}).status_code == 403
    assert client.get("/sparql", params={"query": "LOAD <http://127.0.0.1:1/>"}).status_code == 403
    after_names = f"#insert\nBASE <urn:x> PREFIX select: <urn:y#>\n{update}"
    assert client.get("/sparql", params={"query": after_names}).status_code == 403


def test_a_word_of_an_update_elsewhere_is_no_update(client):
    query = "PREFIX insert: <urn:load> ASK { ?delete insert:clear 'DROP' } # COPY"
    assert client.get("/sparql", params={"query": query}).status_code == 200


@pytest.mark.parametrize(
    "parameters", ["charset=utf-8; x=y", 'x="charset=latin-1"', 'charset="US-ASCII"', "charset = UTF8"]
)
def test_a_body_in_utf_8_is_read_whatever_else_its_type_says(client, parameters: str):
    for media_type, content in (("sparql-query", "ASK {}"), ("x-www-form-urlencoded", "query=ASK%7B%7D")):
        headers = {"content-type": f"application/{media_type}; {parameters}"}
        assert client.post("/sparql", content=content, headers=headers).status_code == 200


def test_a_byte_order_mark_before_a_query_is_passed_over(client):
    query = "\ufeffASK {}"
    headers = {"content-type": "application/sparql-query"}
    assert client.post("/sparql", content=query.encode(), headers=headers).status_code == 200
    assert client.post("/sparql", data={"query": query}).status_code == 200


def test_a_form_in_another_charset_is_415(client):
    headers = {"content-type": "application/x-www-form-urlencoded; charset=latin-1"}
    assert client.post("/sparql", content="query=ASK%7B%7D", headers=headers).status_code == 415


@pytest.mark.parametrize("coding", ["gzip", "br", "x"])
def test_a_compressed_query_is_415_with_what_is_taken(client, coding: str):
    headers = {"content-type": "application/sparql-query", "content-encoding": coding}
    response = client.post("/sparql", content=gzip.compress(b"ASK {}"), headers=headers)
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")
    plain = {**headers, "content-encoding": "identity"}
    assert client.post("/sparql", content=b"ASK {}", headers=plain).status_code == 200


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"query": ""}, "exactly one 'query'"),
        ({"query": ["ASK {}", "ASK {}"]}, "exactly one 'query'"),
        ({"vraag": "ASK {}"}, "exactly one 'query'"),
        ({"query": "SELECT ?x {\n ?x ?y }"}, "error at 2:"),
        ({**ASK, "default-graph-uri": "geen iri"}, "'geen iri' is no absolute IRI"),
        ({**ASK, "timeout": "morgen"}, "'timeout' should be a number"),
        ({**ASK, "timeout": "nan"}, "'timeout' should be a number"),
        ({**ASK, "timeout": "-1"}, "'timeout' should be a number"),
    ],
)
def test_a_wrong_request_is_400_and_says_what_is_wrong(client, params, says):
    response = client.get("/sparql", params=params, headers={"accept-language": "en"})
    assert response.status_code == 400
    assert says in response.json()["detail"]


def test_a_query_in_the_address_and_in_the_form_is_two(client):
    assert client.post("/sparql", params=ASK, data=ASK).status_code == 400


def test_graphs_in_the_address_and_in_the_form_count_both(client, store):
    response = client.post(
        "/sparql", params={"default-graph-uri": WETTEN}, data={"query": ALL, "default-graph-uri": TRACKS}
    )
    assert count(response) == in_graph(store, WETTEN) + in_graph(store, TRACKS)


@pytest.mark.parametrize("wanted", [JSON, XML, CSV, TSV])
def test_a_client_library_gets_every_form_of_a_table(served: str, wanted: str):
    endpoint = SPARQLWrapper(f"{served}/sparql", returnFormat=wanted)
    endpoint.setQuery(SELECT)
    assert endpoint.query().response.status == 200


@pytest.mark.parametrize("wanted", [XML, RDFXML, TURTLE, N3, JSONLD])
def test_a_client_library_gets_every_form_of_a_graph(served: str, wanted: str):
    endpoint = SPARQLWrapper(f"{served}/sparql", returnFormat=wanted)
    endpoint.setQuery(CONSTRUCT)
    assert endpoint.query().response.status == 200


# Caching and compression.


def test_who_has_the_answer_already_gets_304(client):
    first = client.get("/sparql", params={"query": SELECT})
    etag = first.headers["etag"]
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    changed = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


def test_an_etag_belongs_to_one_format_and_encoding(client):
    def etag(accept: str, encoding: str) -> str:
        headers = {"accept": accept, "accept-encoding": encoding}
        return client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 50"}, headers=headers).headers[
            "etag"
        ]

    tags = [etag(a, e) for a in RESULT_TYPES for e in ("br", "gzip", "identity")]
    assert len(set(tags)) == 3 * len(RESULT_TYPES)
    assert all(tag.startswith('"') for tag in tags)


DECODE = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def fetched(address: str, accept_encoding: str, **headers: str) -> tuple[bytes, Message]:
    """The bytes as they come over the line, and the headers."""
    request = Request(address, headers={"Accept-Encoding": accept_encoding, **headers})
    with urlopen(request) as response:
        return response.read(), response.headers


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("*", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br, gzip;q=0.1", "br"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, br;q=0, *", None),
        ("identity, gzip;q=0.5", None),
        ("", None),
    ],
)
def test_long_answers_are_compressed_for_who_takes_that(served: str, accepts: str, coding: str | None):
    query = "SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20100"
    body, headers = fetched(f"{served}/sparql?query={query}", accepts)
    assert headers["content-encoding"] == coding
    assert DECODE[coding](body).startswith(b'{"head"')


@pytest.mark.parametrize("path", ["/", "/def.ttl", "/v1/openapi.json", "/static/spoorboek.css"])
def test_pages_documents_and_json_are_compressed_too(served: str, path: str):
    plain, before = fetched(served + path, "identity")
    for coding in ("br", "gzip"):
        body, headers = fetched(served + path, coding)
        assert headers["content-encoding"] == coding
        assert "accept-encoding" in headers["vary"].lower()
        assert DECODE[coding](body) == plain
        assert len(body) < len(plain) / 2
        assert headers["etag"] is None or headers["etag"] != before["etag"]
    assert "accept-encoding" in before["vary"].lower()


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("path", ["/def.ttl", "/static/spoorboek.css"])
def test_who_has_a_document_in_a_coding_gets_304(client, path: str, coding: str):
    accept = {"accept-encoding": coding}
    etag = client.get(path, headers=accept).headers["etag"]
    again = client.get(path, headers={**accept, "if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.headers["etag"]) == (304, etag)
    changed = client.get(path, headers={**accept, "if-none-match": etag[:-3] + 'x"'})
    assert changed.status_code == 200


def test_a_short_answer_is_left_as_it_is(client):
    assert "content-encoding" not in client.get("/sparql", params=ASK, headers={"accept-encoding": "gzip"}).headers


@pytest.mark.parametrize("function", ["NOW", "RAND", "UUID", "STRUUID"])
def test_an_answer_that_changes_is_never_kept(client, function: str):
    query = {"query": f"SELECT ({function}() AS ?x) {{}}", "format": "csv"}
    first, second = client.get("/sparql", params=query), client.get("/sparql", params=query)
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert client.get("/sparql", params=query, headers={"if-none-match": "*"}).status_code == 200


# The description of the service.


def description(client) -> ox.Store:
    response = client.get("/sparql", headers={"accept": "text/turtle"})
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    found = ox.Store()
    found.load(response.content, format=ox.RdfFormat.TURTLE)
    return found


def test_without_a_query_the_service_describes_itself_with_true_sizes(client, store):
    found = description(client)
    query = f"""
        SELECT ?name ?size {{
            ?service a <{SD}Service> ; <{SD}endpoint> ?service ; <{SD}defaultDataset>/<{SD}namedGraph> ?named .
            ?named <{SD}name> ?name ; <{SD}graph>/<http://rdfs.org/ns/void#triples> ?size .
        }}
    """
    sizes = {row["name"].value: int(row["size"].value) for row in found.query(query)}
    assert set(sizes) == {graph.value for graph in store.named_graphs()}
    assert sizes[WETTEN] == in_graph(store, WETTEN)
    default = next(found.query(f"SELECT ?n {{ ?d <{SD}defaultGraph>/<{VOID_TRIPLES.value}> ?n }}"))["n"]
    assert int(default.value) == sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_the_description_comes_in_every_type_of_graph_and_a_browser_gets_a_form(client):
    for accept in GRAPH_TYPES:
        response = client.get("/sparql", headers={"accept": accept})
        assert response.headers["content-type"].startswith(accept)
        assert len(list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(accept)))) > 100
    page = client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8"})
    assert '<textarea id="query" name="query"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_description_is_for_the_address_that_was_asked(served: str):
    def described(host: str) -> tuple[str, Message]:
        body, headers = fetched(f"{served}/sparql", "br", Accept="application/n-triples", Host=host)
        return brotli.decompress(body).decode(), headers

    (here, first), (there, second) = described("here.example:8000"), described("there.example")
    assert "<http://here.example:8000/sparql> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>" in here
    assert here.replace("http://here.example:8000/", "http://there.example/") == there
    assert first["etag"] != second["etag"]
    assert "no-cache" in first["cache-control"]
    for odd in ("<script>.example", "a/b", 'a"b', "a b", ""):
        assert f"<{served}/sparql> " in described(odd)[0]


def test_the_description_names_the_public_address_whatever_the_host(project, release):
    public = Settings(public_url="https://data.example.nl/agenda", query_workers=1, slow_workers=1)
    with TestClient(create_app(project, lambda: release, public)) as client:
        texts = {client.get("/sparql", headers={"host": host}).text for host in ("evil.example", "<", "127.0.0.1")}
    (text,) = texts
    assert "<https://data.example.nl/agenda/sparql>" in text


def test_who_has_the_description_gets_304(client):
    first = client.get("/sparql", headers={"accept": "text/turtle"})
    headers = {"accept": "text/turtle", "if-none-match": first.headers["etag"]}
    assert client.get("/sparql", headers=headers).status_code == 304


# Graph Store Protocol, reading.


def test_a_named_graph_by_parameter_and_by_address(client, store):
    by_parameter = client.get("/graph", params={"graph": WETTEN}, headers={"accept": "application/n-triples"})
    by_address = client.get("/graph/data/wetten", headers={"accept": "application/n-triples"})
    assert by_parameter.content == by_address.content
    assert len(set(by_address.text.splitlines())) == in_graph(store, WETTEN)


def test_the_default_graph(client, store):
    response = client.get("/graph?default&format=nt")
    assert len(response.text.splitlines()) == sum(
        1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    )


def test_a_graph_is_the_one_that_is_named_whatever_dataset_is(client, store):
    response = client.get("/graph/data/wetten", params={"format": "nt", "default-graph-uri": TRACKS})
    assert len(response.text.splitlines()) == in_graph(store, WETTEN)
    other = client.get("/graph", params={"default": "", "format": "nt", "named-graph-uri": WETTEN})
    assert other.text == client.get("/graph?default&format=nt").text


def test_head_of_a_graph(client):
    assert client.head("/graph/data/wetten").headers == client.get("/graph/data/wetten").headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graph", 400),
        ("/graph?graph=", 400),
        ("/graph?graph=a&graph=b", 400),
        ("/graph?graph=urn:x", 404),
        ("/graph/data/bestaat-niet", 404),
        ("/graph/../../etc/passwd", 404),
        ("/graph/data/wetten?format=csv", 406),
    ],
)
def test_a_graph_that_is_not_there(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
