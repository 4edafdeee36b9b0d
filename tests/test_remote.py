"""A remote endpoint: parameters put in their place, and every way in which it can fail as one clear error."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT

from kg import queries
from kg.errors import EndpointError, QueryError
from kg.remote import RemoteStore
from kg.store import ask
from kg.substitution import substitute

WITH_PARAMETERS = [path for path in sorted((ROOT / "queries").glob("*.rq")) if queries.read(path).parameters]
DIGID = ox.NamedNode("https://w3id.org/spoorboek/id/voorziening/digid")
ACTION = ox.NamedNode("https://w3id.org/spoorboek/id/actie/werkagenda-2024-2-5-5")
PLAN = ox.NamedNode("https://w3id.org/spoorboek/id/plan/werkagenda-2024")
LOGIUS = ox.NamedNode("https://w3id.org/spoorboek/id/organisatie/logius")
SERVICE = {
    "afgeleid": {"ding": DIGID},
    "beschrijving": {"ding": DIGID},
    "bekend": {"ding": DIGID},
    "bronplaatsen": {"ding": DIGID},
    "deelnames": {"van": ACTION},
    "filter-beheerder": {"waarde": LOGIUS},
    "filter-deel-van": {"waarde": PLAN},
    "filter-eigenschap": {
        "eigenschap": ox.NamedNode("https://w3id.org/spoorboek/def#eigenschap"),
        "waarde": ox.NamedNode("https://w3id.org/spoorboek/def#gebruikt"),
    },
    "filter-genoemd-in": {"waarde": PLAN},
    "filter-hoort-bij": {"waarde": DIGID},
    "filter-identificatie": {"waarde": ox.Literal("32016R0679")},
    "filter-jaar": {"waarde": ox.Literal("2024", datatype=queries.XSD_GYEAR)},
    "filter-raakt": {"waarde": DIGID},
    "filter-uitvoerder": {"waarde": LOGIUS},
    "filter-verband-met": {"waarde": DIGID},
    "gehelen": {"deel": ACTION},
    "genoemd": {"naam": ox.Literal("digid")},
    "graaf": {"graaf": ox.NamedNode("https://w3id.org/spoorboek/graph/ontology/kern")},
    "leden": {"klasse": ox.NamedNode("https://w3id.org/spoorboek/def#Voorziening")},
    "naam": {"ding": DIGID},
    "namen-van-begrip": {"begin": ox.Literal("https://w3id.org/spoorboek/id/wet/")},
    "redenen": {"van": ox.NamedNode("https://w3id.org/spoorboek/id/voorziening/mijnoverheid"), "naar": DIGID},
    "regels-van-eigenschap": {"taal": ox.Literal("nl")},
    "relaties": {"van": ACTION},
    "stap-naar": {"naar": DIGID},
    "stap-van": {"van": DIGID},
    "streefwaarden": {"ding": ox.NamedNode("https://w3id.org/spoorboek/id/indicator/werkagenda-2024-1-3-d1-i1")},
    "uitspraken": {"ding": DIGID, "taal": ox.Literal("nl")},
    "velden-uit-register": {"ding": DIGID},
    "velden-van-element": {"ding": ACTION},
    "velden-van-verband": {"ding": ox.NamedNode("https://w3id.org/spoorboek/id/verband/mijnoverheid--gebruikt--digid")},
    "verbanden-van-ding": {"ding": DIGID, "taal": ox.Literal("nl")},
    "verwijzingen": {"ding": DIGID},
    "vindplaatsen": {"ding": ACTION},
    "waarden-van-klasse": {
        "klasse": ox.NamedNode("https://w3id.org/spoorboek/def#Voorziening"),
        "eigenschap": ox.NamedNode("https://w3id.org/spoorboek/def#soort"),
    },
}


@pytest.mark.parametrize("path", WITH_PARAMETERS, ids=lambda path: path.stem)
def test_a_question_means_the_same_with_terms_in_place_of_parameters(
    path: Path, store: ox.Store, store_with_registers: ox.Store
):
    query = queries.read(path)
    bound = query.bind(query.samples())
    assert same(store_with_registers if query.needs else store, query.text, bound)


@pytest.mark.parametrize("name", sorted(SERVICE))
def test_a_question_of_the_service_does_too(name: str, store: ox.Store):
    query = queries.read(ROOT / "queries" / "service" / f"{name}.rq")
    assert same(store, query.text, {ox.Variable(key): term for key, term in SERVICE[name].items()})


def same(store: ox.Store, text: str, bound: dict) -> bool:
    """Whether both ways give the same rows or triples, and any at all."""
    one, other = store.query(text, substitutions=bound), store.query(substitute(text, bound))
    first, second = sorted(map(str, one)), sorted(map(str, other))
    return first == second and bool(first)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("SELECT ?x ?y { ?x ?p ?y }", "SELECT (<urn:a> AS ?x) ?y { <urn:a> ?p ?y }"),
        ("SELECT $x (COUNT(?x) AS ?n) { $x ?p ?y }", "SELECT (<urn:a> AS $x) (COUNT(<urn:a>) AS ?n) { <urn:a> ?p ?y }"),
        ("SELECT ?x { ?x ?xy ?y } GROUP BY ?x", "SELECT (<urn:a> AS ?x) { <urn:a> ?xy ?y } GROUP BY (<urn:a>)"),
        ("SELECT ?x { {SELECT ?x {?x ?p 1}} }", "SELECT (<urn:a> AS ?x) { {SELECT (<urn:a> AS ?x_) {<urn:a> ?p 1}} }"),
        ('ASK { ?y ?p \'?x\', """"?x""", <?x> } # ?x', None),
        ("ASK { ?y :a\\?x ?p . FILTER (1 <?y && ?y> 2) }", None),
        ("ASK { FILTER (1 <?x && ?y> 2) }", "ASK { FILTER (1 <<urn:a> && ?y> 2) }"),
    ],
)
def test_only_a_variable_is_replaced(text: str, becomes: str | None):
    assert substitute(text, {ox.Variable("x"): ox.NamedNode("urn:a")}) == (becomes or text)


def test_a_text_that_looks_like_sparql_stays_a_text():
    text = substitute("SELECT ?x { ?s ?p ?x }", {ox.Variable("x"): ox.Literal('" } ; DROP ALL #\n')})
    assert text == 'SELECT ("\\" } ; DROP ALL #\\n" AS ?x) { ?s ?p "\\" } ; DROP ALL #\\n" }'


class Server(ThreadingHTTPServer):
    """A server that answers as a test tells it to."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    asked: bytes = b""


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the server's `answer`."""

    def do_POST(self) -> None:
        """Answer a request."""
        self.server.asked = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answer(self)

    def do_GET(self) -> None:
        """Answer a request to which another one led."""
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback that answers as told."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def store_at(server: Server, seconds: float = 5, most: int = 10_000) -> RemoteStore:
    return RemoteStore(f"http://127.0.0.1:{server.server_address[1]}/sparql", seconds, most)


def reply(body: bytes, status: int = 200, **headers: object) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": len(body), **headers}.items():
            request.send_header(name.replace("_", "-"), str(value))
        request.end_headers()
        request.wfile.write(body)

    return answer


ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "a"}}]}}'


def slowly(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    # Until the client has had enough.
    with suppress(OSError):
        for _ in range(30):
            request.wfile.write(b" ")
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(b"<html>hello</html>"), "no SPARQL result"),
        (reply(ROWS[:-1]), "no SPARQL result"),
        (reply(ROWS, Content_Length=len(ROWS) + 1), f"broke off at {len(ROWS)} of {len(ROWS) + 1} bytes"),
        (reply(b"5\r\nhello\r\n", Transfer_Encoding="chunked"), "cannot be reached"),
        (reply(b" " * 10_001), "longer than 10000 bytes"),
        (reply(ROWS, 206), "sent a part of the answer"),
        (reply(ROWS, X_SQL_State="S1TAT"), "sent a part of the answer"),
        (reply(ROWS, X_SPARQL_MaxRows=1), "sent a part of the answer"),
        (reply(b"kaputt\nand more", 500), "refused (status 500)"),
        (reply(b"", 503), "refused (status 503)"),
        (reply(b"line 1: too hard", 400), "too hard"),
        (reply(b"", 401), "Set KG_ENDPOINT_USER"),
        (reply(b"", 404), "Check the address"),
        (slowly, "did not answer within 1 seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_goes_wrong_is_one_clear_error(server: Server, answer: Callable, says: str):
    server.answer = answer
    with pytest.raises(EndpointError) as caught:
        store_at(server, 1).query("SELECT ?x { ?x ?p ?o }")
    message = str(caught.value)
    assert says in message
    assert message.isprintable()
    assert "127.0.0.1" in message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("user", ["ik", ""])
def test_an_endpoint_that_sends_one_on_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch, status: int, user: str
):
    monkeypatch.setenv("KG_ENDPOINT_USER", user)
    monkeypatch.setenv("KG_ENDPOINT_PASSWORD", "geheim")
    paths = []
    redirect = reply(b"", status, Location="/elders")
    server.answer = lambda request: (paths.append(request.path), redirect(request))
    # Who is sent on takes along the password.
    with pytest.raises(EndpointError, match=r"sends one on to http://127\.0\.0\.1:\d+/elders|status 30[78]"):
        store_at(server).query("SELECT ?x { ?x ?p ?o }")
    assert paths == ["/sparql"]


def test_a_bad_query_is_told_without_asking(server: Server):
    remote = store_at(server)
    with pytest.raises(SyntaxError):
        remote.query("SELECT nonsense")
    with pytest.raises(QueryError, match="stdin: "):
        ask(remote, queries.parse("stdin", "SELECT nonsense"))
    assert server.asked == b""


def test_a_password_alone_is_a_token(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KG_ENDPOINT_PASSWORD", "sleutel")
    seen = []
    server.answer = lambda request: (seen.append(request.headers["Authorization"]), reply(ROWS)(request))
    assert [row["x"].value for row in store_at(server).query("SELECT ?x { ?x ?p ?o }")] == ["a"]
    assert seen == ["Bearer sleutel"]


def test_a_query_is_never_sent_as_an_update(server: Server):
    server.answer = reply(ROWS)
    list(store_at(server).query("PREFIX insert: <urn:DELETE/> SELECT ?x { ?x insert:drop ?o }"))
    assert server.asked.startswith(b"query=")


GRAPH_ROWS = b"<urn:a> <urn:b> <urn:c> ."


@pytest.mark.parametrize(
    ("query", "body", "kind"),
    [
        ("select ?x { ?x ?p ?o }", ROWS, ox.QuerySolutions),
        ("PREFIX construct: <urn:x#CONSTRUCT> BASE <urn:DESCRIBE> SELECT ?x { ?x ?p ?o }", ROWS, ox.QuerySolutions),
        ("# DESCRIBE\n#CONSTRUCT <\nPREFIX # BASE <>\n : <urn:> SELECT ?x { ?x ?p : }", ROWS, ox.QuerySolutions),
        ("DESCRIBE<urn:a>", GRAPH_ROWS, ox.QueryTriples),
        ("PREFIX : <urn:> DESCRIBE:a", GRAPH_ROWS, ox.QueryTriples),
        ("prefix select: <urn:>\n# ask\nconstruct{ ?s select:p ?o }where{ ?s ?p ?o }", GRAPH_ROWS, ox.QueryTriples),
        ("ASK { ?construct ?p ?o }", b'{"head": {}, "boolean": true}', ox.QueryBoolean),
    ],
)
def test_the_kind_of_answer_follows_from_the_query(server: Server, query: str, body: bytes, kind: type):
    server.answer = reply(body)
    assert isinstance(store_at(server).query(query), kind)


@pytest.mark.parametrize("query", ["SELECT (COUNT(*) AS ?n) {{ {} }}", "ASK {{ {} FILTER(?a > 9000) }}"])
def test_no_query_runs_here_instead_of_there(server: Server, query: str):
    """It would take hours, on an empty store too."""
    server.answer = reply(ROWS)
    values = " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(500)))} }}" for name in "abcde")
    started = time.process_time()
    store_at(server).query(query.format(values))
    assert time.process_time() - started < 1
