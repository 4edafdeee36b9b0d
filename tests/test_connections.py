"""What one connection, or one client with many, may take of the service."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote, urlsplit

import pytest
from kg_api.app import create_app
from kg_api.metrics import Metrics
from kg_api.settings import Settings

from kg.project import Project
from kg.release import Release

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EVERYTHING = "/graph?default&format=nt"


@pytest.fixture
def serve(project: Project, release: Release, serve_on: Callable) -> Callable:
    """A context with the address of a service with some settings, and what it counts."""

    @contextmanager
    def serving(**limits: object) -> Iterator[tuple[str, Metrics]]:
        settings, metrics = Settings(**{"query_workers": 1, "slow_workers": 1, **limits}), Metrics()
        app = create_app(project, lambda: release, settings, metrics)
        with serve_on(app, settings, metrics) as address:
            yield address, metrics

    return serving


def counted(metrics: Metrics, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics.text().decode(), re.MULTILINE)
    return float(found[1]) if found else 0


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def get(address: str, path: str, **headers: str) -> HTTPResponse:
    """The answer to a GET, read."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.text = response.read().decode()
        return response


def ask(query: str) -> str:
    return f"/sparql?query={quote(query)}"


@contextmanager
def asked(address: str, path: str) -> Iterator[socket.socket]:
    """A connection on which something was asked, with less room for what comes back than it needs."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 100_000)
        connection.settimeout(20)
        parts = urlsplit(address)
        connection.connect((parts.hostname, parts.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        yield connection


def read(connection: socket.socket, slowly_for: float = 0) -> int:
    """The bytes that come until it is closed, or nothing comes."""
    connection.settimeout(2)
    length, start = 0, time.monotonic()
    with suppress(ConnectionError, TimeoutError):
        while part := connection.recv(50_000):
            length += len(part)
            if time.monotonic() - start < slowly_for:
                time.sleep(0.05)
    return length


# What clients send though it is answered already.


def after_the_answer(address: str, part: bytes, pause: float) -> float:
    """The seconds until a client is cut off that goes on with a body that was refused at once."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10000000000\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 415")
        start = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - start < 8:
                connection.sendall(part)
                time.sleep(pause)
        return time.monotonic() - start


@pytest.mark.parametrize(("part", "pause"), [(b"x" * 100_000, 0), (b"x", 0.1)])
def test_a_body_that_goes_on_after_its_answer_is_cut_off(serve: Callable, part: bytes, pause: float):
    with serve(body_seconds=0.5) as (address, metrics):
        assert after_the_answer(address, part, pause) < 5
        assert counted(metrics, 'kg_query_refusals_total{reason="rest"}') == 1


def test_the_rest_of_a_body_that_comes_soon_leaves_the_connection_open(serve: Callable):
    with (
        serve(body_seconds=0.5) as (address, _),
        closing(HTTPConnection(urlsplit(address).netloc, timeout=20)) as client,
    ):
        for _ in range(2):
            client.request("POST", "/sparql", b"x" * 3_000_000, {"Content-Type": "text/plain"})
            assert client.getresponse().read().startswith(b"{")
            time.sleep(0.7)


@pytest.mark.parametrize("family", ["sparql", "reconcile"])
def test_a_client_that_leaves_halfway_is_no_mistake_of_the_service(serve: Callable, family: str, caplog):
    with serve() as (address, metrics):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            head = f"POST /{family} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            connection.sendall(f"{head}Content-Length: 100\r\n\r\nqueries=".encode())
        until(lambda: counted(metrics, f'kg_request_seconds_count{{family="{family}",status="499"}}') == 1)
    assert [record for record in caplog.records if record.exc_info] == []


# What clients leave unread.


def test_a_client_that_reads_nothing_is_cut_off_and_one_that_reads_slowly_is_not(serve: Callable):
    with serve(send_seconds=1) as (address, metrics):
        whole = len(get(address, EVERYTHING).text)
        with asked(address, EVERYTHING) as deaf, asked(address, EVERYTHING) as slow:
            assert read(slow, slowly_for=2.5) > whole
            until(lambda: counted(metrics, 'kg_query_refusals_total{reason="slow reader"}') == 1)
            assert read(deaf) < whole


def test_together_clients_leave_no_more_unread_than_there_is_room_for(serve: Callable):
    with serve(send_seconds=60, unread_bytes=1_000_000) as (address, metrics):
        whole = len(get(address, EVERYTHING).text)
        with asked(address, EVERYTHING) as first:
            first.recv(1)
            with asked(address, EVERYTHING) as second:
                until(lambda: counted(metrics, 'kg_query_refusals_total{reason="unread"}') == 1)
                assert read(first) < whole
                assert read(second) > whole


# What uvicorn would answer by itself.


def test_one_connection_too_many_is_told_to_come_back_and_health_is_not(serve: Callable):
    with serve(connections=10) as (address, metrics):
        parts = urlsplit(address)
        idle = [socket.create_connection((parts.hostname, parts.port)) for _ in range(10)]
        try:
            refused = get(address, "/")
            refused_in_english = get(address, "/", Accept_Language="en")
            assert get(address, "/health/live").status == 200
        finally:
            for connection in idle:
                connection.close()
        assert refused.status == 503
        assert refused.headers["retry-after"] == "5"
        assert refused.headers["content-type"] == "application/problem+json"
        assert "verbindingen" in json.loads(refused.text)["detail"]
        assert "connections" in json.loads(refused_in_english.text)["detail"]
        assert counted(metrics, 'kg_query_refusals_total{reason="connections"}') == 2
        until(lambda: get(address, "/").status == 200)


NO_HTTP = {
    b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n": (501, "nl"),
    b"BREW /pot HTTP/1.1\r\nHost: x\r\nAccept-Language: fr, en-GB;q=0.8\r\n\r\n": (501, "en"),
    b"GET / HTTP/1.1\r\naccept-language: en\r\nno header\r\n\r\n": (400, "en"),
    b"GET / HTTP/7\r\n\r\n": (400, "nl"),
    b"\0\r\n\r\n": (400, "nl"),
    # What a client of https begins with.
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03": (400, "nl"),
}


def test_what_is_no_http_gets_a_problem_document(serve: Callable):
    with serve() as (address, metrics):
        parts = urlsplit(address)
        for sent, (status, language) in NO_HTTP.items():
            with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
                connection.sendall(sent)
                response = HTTPResponse(connection)
                response.begin()
                assert (response.status, response.headers["content-type"]) == (status, "application/problem+json")
                assert response.headers["access-control-allow-origin"] == "*"
                assert response.headers["content-language"] == language
                body = json.loads(response.read())
                assert (body["status"], body["type"] == "about:blank") == (status, False)
        assert counted(metrics, 'kg_query_refusals_total{reason="http"}') == len(NO_HTTP)


# What one client may take, and what many share.


def test_one_client_does_not_take_all_places(serve: Callable):
    limits = {"queries_per_client": 2, "slow_workers": 3, "quick_seconds": 0.1, "query_seconds": 2}
    limits["trusted_proxies"] = "127.0.0.1 ::1"
    with serve(**limits) as (address, metrics), ThreadPoolExecutor(3) as crowd:
        # The whole of an IPv6 network is one client.
        taken = [
            crowd.submit(get, address, ask(f"{CROSS} LIMIT {n}"), X_Forwarded_For=f"2001:db8:1:2::{n}") for n in (1, 2)
        ]
        until(lambda: counted(metrics, 'kg_lane_workers{lane="slow",state="busy"}') == 2)
        one_more = get(address, ask(CROSS), X_Forwarded_For="2001:db8:1:2:3::")
        assert (one_more.status, one_more.headers["retry-after"]) == (429, "5")
        assert get(address, ask("ASK {}"), X_Forwarded_For="2001:db8:1:2::1").status == 200
        assert counted(metrics, 'kg_query_refusals_total{reason="client"}') == 1
        another = crowd.submit(get, address, ask(f"{CROSS} LIMIT 3"), X_Forwarded_For="2001:db8:1:3::1")
        assert {answer.result().status for answer in [*taken, another]} <= {503, 504}


@contextmanager
def sending(address: str, client: str, body: bytes, *, whole: bool) -> Iterator[socket.socket]:
    """A connection on which a client has sent a batch of names, or all of it but the last byte."""
    parts = urlsplit(address)
    head = f"POST /reconcile/nl HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(head.encode() + (body if whole else body[:-1]))
        yield connection


def test_one_client_does_not_keep_others_from_reconciling(serve: Callable):
    names = {
        str(number): {"query": f"{number} " + "gegevensuitwisseling tussen overheden " * 5} for number in range(50)
    }
    batch = b"queries=" + quote(json.dumps(names)).encode()
    limits = {"requests_per_client": 1, "queries_per_client": 2, "trusted_proxies": "127.0.0.1 ::1"}
    with serve(**limits) as (address, metrics), ExitStack() as crowd:
        get(address, "/reconcile/nl")
        # Who has not sent all yet takes no place.
        slow = [crowd.enter_context(sending(address, "192.0.2.1", batch, whole=False)) for _ in range(3)]
        assert get(address, "/v1/wetten/avg", X_Forwarded_For="192.0.2.1").status == 200
        for connection in slow:
            connection.sendall(batch[-1:])
        answers = [HTTPResponse(connection) for connection in slow]
        assert get(address, "/v1/wetten/avg", X_Forwarded_For="192.0.2.2").status == 200
        for answer in answers:
            answer.begin()
        assert sorted(answer.status for answer in answers) == [200, 200, 429]
        refused = next(answer for answer in answers if answer.status == 429)
        assert refused.headers["retry-after"] == "5"
        assert json.loads(refused.read())["type"].endswith("/probleem/te-veel-tegelijk")
        assert counted(metrics, 'kg_query_refusals_total{reason="client"}') == 1
        assert get(address, "/v1/wetten/avg", X_Forwarded_For="192.0.2.1").status == 200


def test_nobody_says_where_a_request_comes_from_but_a_trusted_proxy(serve: Callable):
    with (
        serve(queries_per_client=1, quick_seconds=0.1, query_seconds=1) as (address, _),
        ThreadPoolExecutor(3) as crowd,
    ):
        asking = [
            crowd.submit(get, address, ask(f"{CROSS} LIMIT {n}"), X_Forwarded_For=f"192.0.2.{n}") for n in range(3)
        ]
        assert sorted(answer.result().status for answer in asking) == [429, 429, 504]


def test_lanes_tell_how_busy_they_are(serve: Callable):
    with serve(quick_seconds=0.1, query_seconds=1) as (address, metrics), ThreadPoolExecutor(2) as crowd:
        assert counted(metrics, 'kg_lane_workers{lane="slow",state="free"}') == 1
        asking = [crowd.submit(get, address, ask(f"{CROSS} LIMIT {n}")) for n in (1, 2)]
        until(lambda: counted(metrics, 'kg_lane_waiting{lane="slow"}') == 1)
        assert counted(metrics, 'kg_lane_workers{lane="slow",state="busy"}') == 1
        assert counted(metrics, 'kg_lane_workers{lane="slow",state="free"}') == 0
        for answer in asking:
            answer.result()
        until(lambda: counted(metrics, 'kg_lane_workers{lane="slow",state="free"}') == 1)
        assert counted(metrics, 'kg_lane_waiting{lane="slow"}') == 0


def test_the_same_query_at_the_same_time_runs_once_whoever_leaves(serve: Callable):
    with serve(quick_seconds=0.2, query_seconds=2) as (address, metrics), ThreadPoolExecutor(10) as crowd:
        with asked(address, ask(CROSS)):
            until(lambda: counted(metrics, "kg_query_slow_total") == 1)
            asking = [crowd.submit(get, address, ask(CROSS)) for _ in range(10)]
            until(lambda: counted(metrics, "kg_query_shared_total") == 10)
        # The first is gone; the others get what it began.
        assert {answer.result().status for answer in asking} == {504}
        assert counted(metrics, "kg_query_slow_total") == 1


def test_the_same_query_is_stopped_when_all_who_asked_are_gone(serve: Callable):
    with serve(quick_seconds=0.2, query_seconds=60) as (address, metrics):
        with asked(address, ask(CROSS)), asked(address, ask(CROSS)):
            until(lambda: counted(metrics, 'kg_lane_workers{lane="slow",state="busy"}') == 1)
            assert counted(metrics, "kg_query_shared_total") == 2
        until(lambda: counted(metrics, 'kg_lane_workers{lane="slow",state="free"}') == 1)


def test_a_crowd_that_asks_the_same_gets_the_same(serve: Callable):
    query = ask("SELECT * { ?s a ?class } ORDER BY ?class ?s LIMIT 300")
    start = threading.Barrier(12)

    def at_once(_: int) -> tuple[str, str]:
        start.wait()
        answer = get(address, query)
        return answer.headers["etag"], answer.text

    with serve(quick_seconds=10) as (address, metrics), ThreadPoolExecutor(12) as crowd:
        assert len(set(crowd.map(at_once, range(12)))) == 1
        asked_for = counted(metrics, "kg_query_shared_total") + counted(metrics, "kg_cache_hits_total")
        assert asked_for == 11


def test_an_answer_that_changes_is_never_shared(serve: Callable):
    query = ask("SELECT (STRUUID() AS ?x) {}")
    with serve() as (address, metrics), ThreadPoolExecutor(20) as crowd:
        answers = {answer.text for answer in crowd.map(lambda _: get(address, query), range(20))}
        assert counted(metrics, "kg_query_shared_total") == 0
    assert len(answers) == 20
