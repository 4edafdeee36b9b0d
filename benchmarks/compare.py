"""Our service beside Oxigraph's server, rdflib-endpoint and rdflib: same triples, same lookups, in one run.

Rounds alternate between the four, so that whatever else the machine does meets all of them. Needs the command `wrk`.

Example: python -m benchmarks.compare /tmp/large compare.json
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

import pyoxigraph as ox
import rdflib
import typer

from benchmarks import questions, servers
from benchmarks.machine import machine
from benchmarks.servers import Server
from kg.release import Release
from kg.store import open_store

_SCRIPT = Path(__file__).parent / "queries.lua"
_THINGS = 200
_CONNECTIONS = 8
_FAR_APART = 10_000_000


def compare(release: Release, rounds: int, seconds: int) -> dict:
    """Requests a second by kind of lookup and server, and the latency of one client, in milliseconds."""
    store = open_store(release.store)
    queries = [questions.lookup(thing) for thing in questions.things(store, "Actie", _THINGS)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        file = folder / "default.nt"
        store.dump(file, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        peers = {
            "this service": stack.enter_context(servers.kg_serve(release.folder.parent)),
            "oxigraph": stack.enter_context(servers.oxigraph(release.store)),
            "rdflib-endpoint": stack.enter_context(servers.rdflib_endpoint(file)),
        }
        graph = rdflib.Graph().parse(file)
        _check_that_all_agree(peers, graph, queries[:20])
        asked = folder / "queries.txt"
        asked.write_text("".join(f"{quote(query)}\n" for query in queries), encoding="utf-8")
        throughput = _throughput(peers, graph, asked, queries, rounds, seconds)
        latency = _latency(peers, store, queries, rounds * 200)
    return {"triples": release.manifest["distinctTriples"], "throughput": throughput, "latency": latency}


def _check_that_all_agree(peers: dict[str, Server], graph: rdflib.Graph, queries: list[str]) -> None:
    for query in queries:
        rows = {name: len(_rows(server, query)) for name, server in peers.items()}
        rows["rdflib"] = len(graph.query(query))
        if len(set(rows.values())) > 1:
            raise RuntimeError(f"the servers disagree on the number of rows: {rows} for {query}")


def _rows(server: Server, query: str) -> list[dict]:
    return json.loads(server.ask(server.connect(), query))["results"]["bindings"]


def _throughput(
    peers: dict[str, Server], graph: rdflib.Graph, asked: Path, queries: list[str], rounds: int, seconds: int
) -> dict[str, dict[str, list[float]]]:
    first = count(_FAR_APART, _FAR_APART)
    found: dict[str, dict[str, list[float]]] = {"repeated": {}, "distinct": {}}
    for _ in range(rounds):
        for name, server in peers.items():
            found["repeated"].setdefault(name, []).append(_wrk(server, seconds, asked))
            found["distinct"].setdefault(name, []).append(_wrk(server, seconds, asked, str(next(first))))
        alone = _alone(lambda query: graph.query(query).serialize(format="json"), queries, next(first), seconds)
        found["distinct"].setdefault("rdflib, no server", []).append(alone)
    return found


def _wrk(server: Server, seconds: int, *arguments: Path | str) -> float:
    """Answered requests a second; raises RuntimeError when one was not answered well."""
    load = [
        "wrk",
        "--threads",
        "1",
        "--connections",
        str(_CONNECTIONS),
        "--duration",
        f"{seconds}s",
        "--timeout",
        "30s",
    ]
    script = ["--script", _SCRIPT, f"http://127.0.0.1:{server.port}", "--", server.path, *arguments]
    done = subprocess.run([*load, *script], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    if result["failed"]:
        raise RuntimeError(f"{server.address}: {result['failed']} of {result['requests']} requests failed")
    return result["requests"] / result["seconds"]


def _alone(ask: Callable[[str], object], queries: list[str], first: int, seconds: int) -> float:
    end = time.perf_counter() + seconds
    for answered, query in enumerate(questions.distinct(queries, first)):
        if time.perf_counter() > end:
            return answered / seconds
        ask(query)
    raise AssertionError("distinct queries do not end")


def _latency(peers: dict[str, Server], store: ox.Store, queries: list[str], number: int) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of distinct lookups that one client asks one after the other."""
    connections = {name: peers[name].connect() for name in ("this service", "oxigraph")}
    taken: dict[str, list[float]] = {
        name: [] for name in (*connections, "this service, repeated", "pyoxigraph, no server")
    }
    for query, _ in zip(questions.distinct(queries), range(number), strict=False):
        for name, connection in connections.items():
            with _timed(taken[name]):
                peers[name].ask(connection, query)
        with _timed(taken["this service, repeated"]):
            peers["this service"].ask(connections["this service"], query)
        with _timed(taken["pyoxigraph, no server"]):
            store.query(query).serialize(format=ox.QueryResultsFormat.JSON)
    return {name: percentiles(times) for name, times in taken.items()}


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times.append((time.perf_counter() - start) * 1000)


def percentiles(times: list[float]) -> dict[str, float]:
    """The median and the 95th and 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


def main(
    out: Annotated[Path, typer.Argument(help="Folder with a release, as benchmarks.generate makes it.")],
    file: Annotated[Path, typer.Argument(help="Where the figures go, as JSON.")],
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    seconds: Annotated[int, typer.Option(min=1, help="Length of one measurement.")] = 4,
) -> None:
    """Measure this service beside others."""
    figures = {"machine": machine(), **compare(Release.current(out), rounds, seconds)}
    file.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    for kind, found in figures["throughput"].items():
        for name, rates in found.items():
            typer.echo(f"{kind:<9} {name:<22} {statistics.median(rates):>10.0f} /s")
    for name, times in figures["latency"].items():
        typer.echo(f"latency   {name:<22} {times['p50']:>10.2f} ms")


if __name__ == "__main__":
    typer.run(main)
