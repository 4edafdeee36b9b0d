"""Every error is a problem document, says what is wrong, and the service goes on."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from kg_api import rest
from kg_api.app import create_app
from kg_api.settings import Settings

PROBLEM = "application/problem+json"
BRACES = "SELECT * WHERE " + "{" * 2500 + "}" * 2500
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nergens", 404, "/nergens"),
        ("/doc/voorziening/bestaat-niet", 404, "voorziening/bestaat-niet"),
        ("/doc/voorziening/a%20b", 404, "a b"),
        ("/doc/voorziening/%3Cscript%3E", 404, "script"),
        ("/v1/acties/bestaat-niet", 404, "bestaat-niet"),
        ("/v1/acties/Hoofdletter", 400, "path.ref"),
        ("/v1/nergens", 404, "/v1/docs"),
        ("/v1/acties/werkagenda-2024-2-5-5%2Fimpact", 404, "%2F"),
        ("/v1%2Facties", 404, "%2F"),
        ("/v1/acties%5Cwerkagenda-2024-2-5-5", 404, "/v1/docs"),
        ("/id/voorziening%2fdigid", 404, "%2f"),
        ("/doc/voorziening/..%5Cdigid", 404, "%5C"),
        ("/v1/acties?prioriteit=bestaat-niet", 404, "bestaat-niet"),
        ("/v1/acties?uitvoerder=bestaat-niet", 404, "bestaat-niet"),
        ("/v1/acties?uitvoerder=" + "x" * 200, 400, "query.uitvoerder"),
        ("/v1/acties?kleur=rood", 400, "unknown parameter: kleur"),
        ("/sparql?query=", 400, "exactly one 'query'"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "exactly one 'query'"),
        ("/sparql?query=SELECT%20nonsense", 400, "error at 1:16"),
        ("/sparql?query=INSERT%20DATA%20%7B%20%3Ca%3A%3E%20%3Ca%3A%3E%201%20%7D", 403, ""),
        ("/static/../app.py", 404, ""),
        ("/static/..%2fapp.py", 404, ""),
    ],
)
def test_a_wrong_request_is_a_problem_document(client, path: str, status: int, says: str):
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert says in body["detail"]


@pytest.mark.parametrize(
    ("path", "near"),
    [("/v1/actie", "/v1/acties"), ("/v1/Wetten", "/v1/wetten"), ("/v1/voorziening/digid", "/v1/voorzieningen")],
)
def test_an_address_that_is_not_there_brings_those_that_are_like_it(client, path: str, near: str):
    assert near in [found["href"] for found in client.get(path).json()["near"]]
    assert client.get(near).status_code == 200
    assert "near" not in client.get("/v1/zzzzzzzzzz").json()


def test_other_methods_are_refused(client):
    for path in ("/", "/id/wet/avg", "/doc/wet/avg", "/v1/acties", "/v1/acties/x", "/sparql", "/health/live"):
        response = client.delete(path)
        assert (response.status_code, response.headers["content-type"]) == (405, PROBLEM)
        assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["allow"].split(", "))
        assert len(response.headers.get_list("allow")) == 1


def test_a_form_nobody_offers_is_refused_with_what_there_is(client):
    for path in ("/sparql?query=ASK%7B%7D", "/doc/voorziening/digid"):
        response = client.get(path, headers={"accept": "image/png"})
        assert response.status_code == 406
        assert "text/turtle" in response.json()["detail"]
    select_as_turtle = client.get("/sparql?query=SELECT%20*%20%7B%7D", headers={"accept": "text/turtle"})
    assert select_as_turtle.status_code == 406
    assert "json, csv, tsv, xml" in select_as_turtle.json()["detail"]


def test_a_body_of_another_type_is_refused(client):
    response = client.post("/sparql", content="ASK {}", headers={"content-type": "text/plain"})
    assert response.status_code == 415


def test_a_body_that_is_no_text_is_refused(client):
    response = client.post("/sparql", content=b"\xff", headers={"content-type": "application/sparql-query"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        BRACES,
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK { FILTER(" + "!" * 20_000 + "true) }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p 1e0SERVICE:x { ?s ?p ?o } }",
    ],
    ids=["braces", "parentheses", "negations", "service", "lower case", "glued", "after a dot", "after a number"],
)
def test_a_query_that_could_do_harm_is_refused_before_it_runs(client, query: str):
    response = client.post("/sparql", data={"query": query}, headers={"accept-language": "en"})
    assert response.status_code == 400
    assert "the query" in response.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER('SERVICE {{{{' != \"SERVICE\") }",
        "PREFIX cpsv: <urn:SERVICE> PREFIX : <urn:> ASK { FILTER(cpsv:PublicService != ?service || :service = 1) }",
        "ASK { } # SERVICE <http://127.0.0.1/> " + "{" * 500,
        "ASK { FILTER(<urn:a#SERVICE> != '''SERVICE \\' { ''') }",
    ],
    ids=["string", "prefixed name", "comment", "IRI"],
)
def test_a_word_that_only_looks_dangerous_is_let_through(client, query: str):
    assert client.post("/sparql", data={"query": query}).status_code == 200


@pytest.mark.parametrize("text", ["1" * 60_000, "a." * 30_000, "'" * 60_000, "<a" * 30_000, "\\" * 60_000])
def test_a_long_run_of_one_thing_does_not_hold_up_the_service(client, text: str):
    assert client.post("/sparql", data={"query": text}).status_code == 400


def test_a_form_with_too_many_fields_is_refused(client):
    assert client.post("/sparql", data={f"q{n}": "x" for n in range(1200)}).status_code == 400


def test_a_query_too_many_is_told_to_come_back_later(project, release):
    """Two that run and none that may wait: the third of three slow ones gets 503."""
    settings = Settings(query_workers=2, query_queue=0, query_seconds=3)
    with TestClient(create_app(project, lambda: release, settings)) as busy, ThreadPoolExecutor(3) as visitors:
        answers = list(visitors.map(lambda n: busy.get("/sparql", params={"query": f"{CROSS} LIMIT {n}"}), (1, 2, 3)))
        refused = [answer for answer in answers if answer.status_code == 503]
        assert len(refused) == 1
        assert refused[0].headers["retry-after"] == "5"
        assert busy.get("/health/ready").status_code == 200


def test_a_bug_is_a_problem_document_too(project, release, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rest, "link_header", lambda *_: 1 / 0)
    app = create_app(project, lambda: release, Settings())
    with TestClient(app, raise_server_exceptions=False) as broken:
        response = broken.get("/v1/acties")
    assert (response.status_code, response.headers["content-type"]) == (500, PROBLEM)


def test_a_query_that_is_too_long_is_refused(client):
    assert client.post("/sparql", data={"query": "ASK {} #" + "x" * 70_000}).status_code == 413
    assert client.post("/sparql", data={"query": "ASK {} #" + "x" * 300_000}).status_code == 413


def test_a_query_that_takes_too_long_is_stopped_and_the_service_goes_on(client):
    response = client.get("/sparql", params={"query": CROSS})
    assert response.status_code == 504
    assert "5 seconden" in response.json()["detail"]
    assert client.get("/sparql", params={"query": "ASK {}"}).json() == {"head": {}, "boolean": True}
