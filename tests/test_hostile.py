"""What visitors who mean harm send: each gets a clear error, and the next one is answered all the same."""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.gate import check_query
from kg_api.problems import Problem
from kg_api.settings import Settings
from kg_api.worker import FRAME, Question

from kg.project import Project
from kg.release import load

# Room for long texts, so that more than their length is put to the test, and little time.
SETTINGS = Settings(query_bytes=5_000_000, quick_seconds=0.2, query_seconds=1, worker_bytes=300_000_000, body_seconds=1)


@pytest.fixture(scope="module")
def dense(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service on a graph in which everything is linked with everything."""
    folder = tmp_path_factory.mktemp("dense")
    nodes = range(250)
    lines = (f"<urn:n{a}> <urn:p> <urn:n{b}> .\n" for a in nodes for b in nodes)
    (folder / "dense.nt").write_text("".join(lines), encoding="utf-8")
    release = load([folder / "dense.nt"], folder)
    with TestClient(create_app(project, lambda: release, SETTINGS)) as client:
        yield client


def nest(opening: str, closing: str, times: int) -> str:
    return opening * times + closing * times


TOO_COMPLEX = {
    "2,500 braces": "SELECT * WHERE " + nest("{", "}", 2500),
    "100,000 braces": "SELECT * WHERE " + nest("{", "}", 100_000),
    "100,000 parentheses": "ASK { FILTER(" + nest("(", ")", 100_000) + ") }",
    "100,000 brackets": "ASK { ?s ?p " + nest("[ ?p ", "]", 100_000) + "}",
    "100,000 opening braces": "ASK " + "{" * 100_000,
    "20,000 negations": "ASK { FILTER(" + "!" * 20_000 + "true) }",
    "20,000 minus signs": "ASK { FILTER(" + "-" * 20_000 + "1 = 1) }",
    "50,000 UNION arms": "SELECT * { {} " + "UNION {} " * 50_000 + "}",
    "50,000 triples": "ASK { " + "?s ?p ?o . " * 50_000 + "}",
    "giant VALUES": "SELECT * { VALUES ?x { " + "1 " * 50_000 + "} }",
    "50,000 path steps": "ASK { ?s <urn:p>" + "/<urn:p>" * 50_000 + " ?o }",
    "20,000 path negations": "ASK { ?s " + "^" * 20_000 + "<urn:p> ?o }",
    "50,000 additions": "ASK { FILTER(1" + "+1" * 50_000 + " = 1) }",
    "EXISTS in EXISTS": "ASK { " + "FILTER EXISTS { " * 1000 + "}" * 1000 + "}",
    "null bytes": "ASK { \0 }",
    "SERVICE": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SERVICE SILENT": "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SERVICE with a variable": "SELECT * { VALUES ?x { <http://127.0.0.1:1/> } SERVICE ?x { ?s ?p ?o } }",
    "LOAD": "LOAD <file:///etc/passwd>",
}


@pytest.mark.parametrize("query", TOO_COMPLEX.values(), ids=TOO_COMPLEX.keys())
def test_a_query_made_to_break_the_parser_is_refused(dense: TestClient, query: str):
    started = time.monotonic()
    response = dense.post("/sparql", data={"query": query})
    assert response.status_code == (403 if query.startswith("LOAD") else 400), response.text[:300]
    assert time.monotonic() - started < 5
    assert dense.get("/sparql", params={"query": "ASK {}"}).status_code == 200


TOO_LONG = {
    "cross product under COUNT": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cross product under ORDER BY": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "cross product under DISTINCT": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f }",
    "cross product under GROUP_CONCAT": "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "cross product under CONSTRUCT": "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }",
    "EXISTS in EXISTS": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER NOT EXISTS { ?c ?d ?e FILTER NOT EXISTS { ?e ?f ?a . ?g ?h ?e } } }"
    ),
    "unbounded path": "SELECT (COUNT(*) AS ?n) { ?a <urn:p>+ ?b . ?b <urn:p>* ?c . ?c (<urn:p>|^<urn:p>)+ ?d }",
    "regular expression": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER REGEX(CONCAT(STR(?a), STR(?d)), '(n+)+(n+)+x$') }"
    ),
    "doubled text": "SELECT * { ?a ?b ?c "
    + "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
    + "}",
}
TOO_LONG["doubled text"] = TOO_LONG["doubled text"].replace("?a ?b ?c ", "BIND('0123456789' AS ?x0) ")


@pytest.mark.parametrize("query", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_a_query_without_end_is_stopped_and_others_go_on(dense: TestClient, query: str):
    started = time.monotonic()
    response = dense.post("/sparql", data={"query": query})
    # Out of time, out of memory, or too long an answer.
    assert response.status_code in (400, 503, 504), response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - started < 5
    assert dense.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_large_answer_is_refused_and_never_cut_off(dense: TestClient, project: Project):
    response = dense.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?a ?b ?d }", "format": "csv"})
    assert response.status_code in (400, 504)
    assert "<urn:n1>" not in response.text
    # In one language.
    assert "the answer" not in response.text


def test_a_body_that_is_too_long_is_not_read_to_its_end(served: str):
    with sending(served, 10_000_000_000) as connection:
        for _ in range(4):
            connection.send(b"#" * 64_000)
        assert connection.getresponse().status == 413


def test_a_body_that_takes_too_long_is_given_up(project: Project, release, serve_on):
    with serve_on(create_app(project, lambda: release, SETTINGS)) as address, sending(address, 1000) as connection:
        connection.send(b"ASK")
        assert connection.getresponse().status == 408


def test_a_client_that_goes_away_leaves_no_trouble(served: str, capfd: pytest.CaptureFixture[str]):
    with sending(served, 1000) as connection:
        connection.send(b"ASK")
    time.sleep(0.2)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("body", [b"query=%FF%FE", b"query=\xff\xfe", b"query=ASK%20%7B%7D%00", b"\0"])
def test_broken_text_is_400(dense: TestClient, body: bytes):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert dense.post("/sparql", content=body, headers=headers).status_code == 400
    assert dense.get("/sparql?query=%FF").status_code == 400


@pytest.mark.parametrize("allowed", [[], ["http://127.0.0.1:9/sparql"]], ids=["none allowed", "another allowed"])
def test_a_query_reaches_no_other_host(project: Project, release, allowed: list[str]):
    """Not even with SERVICE allowed for another endpoint, and spelled in every way we know of."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        here = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        settings = Settings(service_endpoints=allowed)
        spellings = [
            f"SELECT * {{ SERVICE <{here}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{here}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?x {{ <{here}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
            f"PREFIX : <{here}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
            f"PREFIX service: <{here}> SELECT * {{ SERVICE service:x {{ ?s ?p ?o }} }}",
            f"BASE <{here}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE # <http://127.0.0.1:9/sparql>\n <{here}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICESILENT<{here}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ FILTER(1<'>' || true) SERVICE SILENT <{here}> {{ ?s ?p '' }} }}",
            f"SELECT * {{ FILTER(1<2#>'''\n || true) SERVICE SILENT <{here}> {{ ?s ?p ?o }} \n#'''\n}}",
            f"SELECT * {{ OPTIONAL {{ ?s <urn:\\u0041'> ?o }} SERVICE SILENT <{here}> {{ ?s ?p '' }} }}",
            f"PREFIX s: <urn:x> SELECT * {{ ?s a s:.SERVICE SILENT <{here}> {{ ?s ?p ?o }} }}",
            f"PREFIX : <urn:x> SELECT * {{ ?s a :.SERVICE SILENT <{here}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{here}> {{ ?s ?p ?o }}",
        ]
        with TestClient(create_app(project, lambda: release, settings)) as client:
            for query in spellings:
                response = client.post("/sparql", data={"query": query})
                assert response.status_code == (200 if "FROM" in query else 400), query
        canary.settimeout(0.2)
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_worker_cannot_open_a_socket_whatever_gets_past_the_gate(release):
    """What a worker does when its query is not checked at all."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{canary.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        script = (
            "import sys; from kg.store import open_store; from kg_api.confinement import forbid_sockets; "
            "from kg_api.worker import work; forbid_sockets(); work(open_store(sys.argv[1]), 0, 300_000_000, 20)"
        )
        ours, theirs = socket.socketpair()
        with (
            ours,
            theirs,
            ours.makefile("rwb") as stream,
            subprocess.Popen([sys.executable, "-c", script, release.place], stdin=theirs.fileno()) as worker,
        ):
            header = json.dumps(Question(query, None, None, "json", None, 10_000)).encode()
            stream.write(FRAME.pack(len(header), 0) + header)
            stream.flush()
            ready, _ = FRAME.unpack(stream.read(FRAME.size))
            stream.read(ready)
            answered, _ = FRAME.unpack(stream.read(FRAME.size))
            assert json.loads(stream.read(answered))[0] == "json"
            worker.kill()
        canary.settimeout(0.2)
        with pytest.raises(TimeoutError):
            canary.accept()


SLOW_TO_SCAN = {
    "escaped quotes": "ASK{}" + "\\'" * 31_000,
    "both quotes": "\\'\\\"" * 15_000,
    "long string": 'ASK { FILTER("""\n' + "\\'" * 31_000 + '\n""" = \'\') }',
    "openings": "'''\\" * 15_000,
    "less than": "?a<" * 20_000,
    "names": "PREFIX\n#\n" * 4000 + "PREFIX a:<b>" * 2000,
}


@pytest.mark.parametrize("text", SLOW_TO_SCAN.values(), ids=SLOW_TO_SCAN.keys())
def test_the_check_takes_no_longer_than_a_text_is_long(text: str):
    started = time.process_time()
    with suppress(Problem):
        check_query(text, Settings())
    assert time.process_time() - started < 1


def test_a_content_type_takes_no_longer_than_it_is_long(dense: TestClient):
    started = time.process_time()
    content_type = 'application/sparql-query; "' + ";" * 60_000
    response = dense.post("/sparql", content="ASK {}", headers={"content-type": content_type})
    assert response.status_code == 200
    assert time.process_time() - started < 1


def test_a_head_without_end_is_cut_off(served: str):
    address = ("127.0.0.1", urlsplit(served).port)
    with socket.create_connection(address, timeout=10) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            for _ in range(1000):
                endless.sendall(b"a: b\r\n" * 1000)
            assert endless.recv(1) == b""
    with socket.create_connection(address, timeout=10) as honest:
        honest.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert honest.recv(100).startswith(b"HTTP/1.1 200")


def test_service_asks_an_endpoint_that_is_allowed(project: Project, release, served: str):
    with TestClient(create_app(project, lambda: release, Settings(service_endpoints=[f"{served}/sparql"]))) as client:
        query = f"SELECT ?n {{ SERVICE <{served}/sparql> {{ SELECT (COUNT(*) AS ?n) {{ ?s a ?class }} }} }}"
        found = client.post("/sparql", data={"query": query}).json()["results"]["bindings"]
    assert int(found[0]["n"]["value"]) > 1000


def test_many_long_queries_do_not_keep_a_short_one_waiting(dense: TestClient):
    slow = TOO_LONG["cross product under COUNT"]
    stop = threading.Event()

    def insist(number: int) -> None:
        while not stop.is_set():
            dense.post("/sparql", data={"query": f"{slow} #{number}"})

    crowd = [threading.Thread(target=insist, args=[number]) for number in range(10)]
    for visitor in crowd:
        visitor.start()
    try:
        time.sleep(2)
        waits = []
        for number in range(20):
            started = time.monotonic()
            assert dense.get("/sparql", params={"query": f"ASK {{}} #{number}"}).status_code == 200
            waits.append(time.monotonic() - started)
    finally:
        stop.set()
        for visitor in crowd:
            visitor.join()
    assert sorted(waits)[len(waits) // 2] < 1


@contextmanager
def sending(address: str, length: int) -> Iterator[http.client.HTTPConnection]:
    """A connection on which a query of so many bytes was announced."""
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)) as connection:
        connection.putrequest("POST", "/sparql")
        connection.putheader("Content-Type", "application/sparql-query")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        yield connection
