"""Running the service: what it counts and writes down, workers that die, new releases, stopping."""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.nursery import Nursery
from kg_api.server import allow_files
from kg_api.settings import Settings

from kg import release as releases
from kg.errors import ReleaseError
from kg.project import Project
from kg.release import Release

KG = Path(sysconfig.get_path("scripts")) / "kg"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def metric(client: TestClient, name: str) -> float:
    """The sum of a counter over its labels."""
    lines = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return sum(map(float, lines))


@pytest.fixture
def fresh(project: Project, release: Release) -> Iterator[TestClient]:
    """A service that nobody asked anything yet."""
    settings = Settings(quick_seconds=0.2, query_seconds=0.5)
    with TestClient(create_app(project, lambda: release, settings)) as client:
        yield client


def test_queries_are_counted_by_what_became_of_them(fresh: TestClient):
    for query in ("ASK {}", "ASK {}", "ASK { SERVICE <http://127.0.0.1:1/> {} }", "ASK {", CROSS, CROSS):
        fresh.get("/sparql", params={"query": query})
    counted = {
        name: metric(fresh, name)
        for name in (
            "kg_cache_hits_total",
            "kg_query_refusals_total",
            "kg_query_timeouts_total",
            "kg_query_slow_total",
            "kg_worker_restarts_total",
        )
    }
    assert counted == {
        "kg_cache_hits_total": 1,
        "kg_query_refusals_total": 4,
        "kg_query_timeouts_total": 2,
        "kg_query_slow_total": 2,
        # Once in the quick lane, where it is not tried again, and twice in the slow one.
        "kg_worker_restarts_total": 3,
    }
    assert metric(fresh, "kg_request_seconds_count") >= 6


def test_a_path_that_a_visitor_makes_up_gets_no_counter_of_its_own(fresh: TestClient):
    fresh.get("/verzonnen/pad")
    assert "verzonnen" not in fresh.get("/metrics").text


def test_a_request_is_one_line_of_json_without_the_query(
    project: Project, release: Release, capfd: pytest.CaptureFixture[str]
):
    with TestClient(create_app(project, lambda: release, Settings())) as client:
        client.get("/sparql", params={"query": "ASK { ?geheim ?p ?o }"})
        client.get("/nergens%0A%22%7B%7D")
    written = capfd.readouterr().err
    first, second = (json.loads(line) for line in written.splitlines() if line.startswith("{"))
    assert (first["method"], first["path"], first["status"], first["cached"]) == ("GET", "/sparql", 200, False)
    assert re.fullmatch("[0-9a-f]{12}", first["query"])
    assert "geheim" not in written
    assert (second["path"], second["status"]) == ('/nergens\n"{}', 404)


def workers() -> list[psutil.Process]:
    """The processes that run queries: those that a nursery has started."""
    started = [child for child in psutil.Process().children(recursive=True) if child.ppid() != os.getpid()]
    return [child for child in started if is_alive(child) and "kg_api.nursery" in child.cmdline()]


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def nurseries() -> list[psutil.Process]:
    """The processes that start workers."""
    return [child for child in psutil.Process().children() if is_alive(child) and "kg_api.nursery" in child.cmdline()]


def assert_gone(processes: list[psutil.Process]) -> None:
    end = time.monotonic() + 10
    while any(map(is_alive, processes)):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("killed", [workers, nurseries])
def test_a_process_that_is_killed_is_replaced(fresh: TestClient, release: Release, killed):
    until(fresh, release.version)
    assert fresh.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    running = workers()
    for process in killed():
        process.kill()
    assert_gone(running)
    statuses = [fresh.get("/sparql", params={"query": f"ASK {{}} #{number}"}).status_code for number in range(12)]
    assert statuses == [200] * 12
    until(fresh, release.version)


def test_a_process_that_is_killed_while_it_reads_the_graph_leaves_none(release: Release):
    reading = []
    others = set(nurseries())
    nursery = Nursery(str(release.store), 10**9, 5, may_call_out=False, in_memory=True)
    try:
        (process,) = set(nurseries()) - others
        end = time.monotonic() + 10
        while not reading:
            assert time.monotonic() < end
            reading = process.children()
        process.kill()
        assert_gone(reading)
    finally:
        for left in reading:
            with suppress(psutil.NoSuchProcess):
                left.kill()
        nursery.close()


def test_a_worker_starts_where_the_system_allows_less_memory_than_the_settings(release: Release):
    others = set(nurseries())
    nursery = Nursery(str(release.store), 10**15, 5, may_call_out=False, in_memory=False)
    try:
        (process,) = set(nurseries()) - others
        process.rlimit(psutil.RLIMIT_AS, (4 * 10**9, 4 * 10**9))
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                nursery.start(theirs, niceness=0)
            # It says so when it is ready; else it ends.
            assert ours.recv(1)
    finally:
        nursery.close()


def test_the_limit_on_open_files_is_raised_and_never_lowered():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        allow_files(700)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 700
        allow_files(600)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 700
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_stopped_service_leaves_no_workers(project: Project, release: Release):
    before = {worker.pid for worker in workers()}
    with TestClient(create_app(project, lambda: release, Settings())) as client:
        until(client, release.version)
        assert len(workers()) == len(before) + 6
    assert {worker.pid for worker in workers()} == before


@contextmanager
def asked_all_the_time(client: TestClient) -> Iterator[list[tuple[int, str]]]:
    """Someone who asks for a label again and again; yields the statuses and answers so far."""
    query = "SELECT ?x { <https://w3id.org/spoorboek/id/wet/nieuwe-wet> a ?x }"
    answers: list[tuple[int, str]] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            response = client.get("/sparql", params={"query": query, "format": "csv"})
            answers.append((response.status_code, response.text))

    visitor = threading.Thread(target=ask)
    visitor.start()
    try:
        yield answers
    finally:
        stop.set()
        visitor.join()


def until(client: TestClient, version: str) -> None:
    for _ in range(100):
        if client.get("/health/ready").json().get("release") == version:
            return
        time.sleep(0.1)
    raise AssertionError(f"{version} is not served after ten seconds")


@pytest.fixture
def out(small_world: Project, tmp_path: Path) -> Path:
    """A folder with a release of the small world."""
    releases.build(small_world, tmp_path / "build")
    return tmp_path / "build"


def test_a_new_release_is_served_without_a_restart_or_a_failed_request(small_world: Project, out: Path):
    settings = Settings(release_seconds=0.1)
    with (
        TestClient(create_app(small_world, lambda: Release.current(out), settings)) as client,
        asked_all_the_time(client) as answers,
    ):
        first = Release.current(out)
        until(client, first.version)
        add_a_law(small_world)
        second = releases.build(small_world, out)
        until(client, second.version)
        time.sleep(0.5)
    assert second.version != first.version
    assert {status for status, _ in answers} == {200}
    texts = [text for _, text in answers]
    changed = next(number for number, text in enumerate(texts) if "Wet" in text)
    assert all("Wet" in text for text in texts[changed:])
    assert changed > 0


def add_a_law(project: Project) -> None:
    world = project.root / "data" / "wereld.ttl"
    law = """
wet:nieuwe-wet a sb:Wet ;
    skos:prefLabel "Nieuwe wet"@nl , "New act"@en ;
    sb:soort soort-wet:wet ;
    sb:bronpassage bronpassage:klein-1-1 .
"""
    text = world.read_text(encoding="utf-8")
    passage = re.search(r"bronpassage:[\w-]+", text).group()
    prefixes = "".join(
        f"@prefix {name}: <https://w3id.org/spoorboek/id/{name}/> .\n"
        for name in ("wet", "soort-wet")
        if f"@prefix {name}:" not in text
    )
    world.write_text(prefixes + text + law.replace("bronpassage:klein-1-1", passage), encoding="utf-8")


def test_a_new_release_that_cannot_be_opened_leaves_the_one_that_is_served(
    project: Project, release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    broken = tmp_path / "broken"
    (broken / "store").mkdir(parents=True)
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    found = [release]
    settings = Settings(release_seconds=0.05)
    with TestClient(create_app(project, lambda: found[0], settings)) as client:
        found[0] = Release(broken)
        time.sleep(0.5)
        assert client.get("/health/ready").json()["release"] == release.version
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    said = {record.message for record in caplog.records if record.levelname == "ERROR"}
    assert said == {"the newest release cannot be served"}


def test_a_release_that_could_not_be_looked_for_once_is_served_later(small_world: Project, out: Path):
    first = Release.current(out)
    looks = iter([first, ReleaseError("just being switched")])

    def find() -> Release:
        found = next(looks, None) or Release.current(out)
        if isinstance(found, Exception):
            raise found
        return found

    with TestClient(create_app(small_world, find, Settings(release_seconds=0.05))) as client:
        add_a_law(small_world)
        until(client, releases.build(small_world, out).version)


def test_a_query_is_stopped_when_its_client_is_gone(project: Project, release: Release, serve_on: Callable):
    settings = Settings(query_workers=1, slow_workers=1, quick_seconds=0.2, query_seconds=8, wait_seconds=2)
    with serve_on(create_app(project, lambda: release, settings)) as address:
        host, port = address.removeprefix("http://").split(":")
        for number in range(5):
            with closing(http.client.HTTPConnection(host, int(port))) as leaving:
                leaving.request("GET", "/sparql?query=" + urllib.request.quote(f"{CROSS} LIMIT {number}"))
                time.sleep(0.3)
        time.sleep(0.5)
        slow = urllib.request.quote(CROSS.replace("COUNT(*)", "COUNT(?a)"))
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{address}/sparql?timeout=1&query={slow}", timeout=20)
        # Out of time, not told to come back: the worker of the slow lane was free.
        assert error.value.code == 504
        error.value.close()


def test_a_store_that_is_gone_is_not_blamed_on_the_query(project: Project, release: Release, tmp_path: Path):
    copy = tmp_path / release.version
    shutil.copytree(release.folder, copy)
    with TestClient(create_app(project, lambda: Release(copy), Settings(memory_triples=0))) as client:
        until(client, release.version)
        (copy / "store").rename(tmp_path / "away")
        running = workers()
        for worker in running:
            worker.kill()
        assert_gone(running)
        response = client.get("/sparql", params={"query": "ASK {}"}, headers={"accept-language": "en"})
        assert response.status_code == 503
        assert "could be started" in response.json()["detail"]
        (tmp_path / "away").rename(copy / "store")
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_no_release_at_all_is_told_at_the_start(project: Project, tmp_path: Path):
    with pytest.raises(ReleaseError, match="kg build"):
        create_app(project, lambda: Release.current(tmp_path), Settings())


def test_a_query_that_runs_when_the_service_is_stopped_gets_its_answer(release: Release):
    environment = {**os.environ, "KG_BUILD": str(release.folder.parent), "KG_QUERY_SECONDS": "2"}
    process = subprocess.Popen(
        [KG, "serve", "--port", "0"],
        cwd=ROOT,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    answers: list[int] = []

    def ask(address: str) -> None:
        try:
            urllib.request.urlopen(address + "sparql?query=" + urllib.request.quote(CROSS), timeout=20)
        except urllib.error.HTTPError as error:
            answers.append(error.code)
            error.close()

    try:
        visitor = threading.Thread(target=ask, args=[process.stdout.readline().split()[-1]])
        visitor.start()
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        visitor.join(20)
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert answers == [504]
    assert "Traceback" not in errors
