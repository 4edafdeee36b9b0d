"""A crowd of clients, half of them hostile: does a normal query still get its answer, and what does the rest get?

Every client asks its next query when it has the answer to the one before, and no query is asked twice.

Example: python -m benchmarks.crowd /tmp/large crowd.json
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from pathlib import Path
from typing import Annotated

import aiohttp
import psutil
import typer

from benchmarks import hostile, questions, servers
from benchmarks.compare import percentiles
from benchmarks.machine import machine
from benchmarks.servers import Server
from kg import queries
from kg.project import Project
from kg.release import Release
from kg.store import open_store

_PATIENCE = aiohttp.ClientTimeout(total=120)
_COUNT = "SELECT (COUNT(*) AS ?n) {{ <{thing}> ?property ?value }}"


@dataclass
class Seen:
    """What the clients got, and what the service used meanwhile."""

    milliseconds: list[float] = field(default_factory=list)
    normal: Counter[str] = field(default_factory=Counter)
    hostile: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    memory: list[dict[str, int]] = field(default_factory=list)
    called: int = 0
    """Connections that came in at the canary."""
    outgoing: set[str] = field(default_factory=set)
    """Connections that the service made itself."""


async def crowd(project: Project, release: Release, clients: int, seconds: int) -> Seen:
    """Let so many clients loose on a service of its own for so long."""
    seen = Seen()
    texts = normal_queries(project, release)
    with servers.kg_serve(release.folder.parent) as server:
        async with _canary(seen) as port, _client() as honest, _client() as other:
            numbers = count()
            tasks = [
                asyncio.create_task(
                    _normal(honest, server, islice(cycle(texts), client * 7, None), numbers, seen)
                    if client % 2
                    else _hostile(other, server, client, port, numbers, seen)
                )
                for client in range(clients)
            ]
            await _watch(server, seen, seconds)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if not isinstance(result, asyncio.CancelledError):
            raise result
    return seen


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=_PATIENCE)


def normal_queries(project: Project, release: Release) -> list[str]:
    """Lookups, counts and questions about impact, each about another thing."""
    store = open_store(release.store)
    acties, voorzieningen, wetten = (questions.things(store, name, 500) for name in ("Actie", "Voorziening", "Wet"))
    kinds = [
        [questions.lookup(thing) for thing in acties],
        [_COUNT.format(thing=thing) for thing in acties],
        [questions.about(queries.find(project, "wat-raakt-voorziening"), thing) for thing in voorzieningen],
        [questions.about(queries.find(project, "wat-raakt-wetswijziging"), thing) for thing in wetten],
    ]
    return [text for together in zip(*kinds, strict=False) for text in together]


async def _normal(
    session: aiohttp.ClientSession, server: Server, texts: Iterator[str], numbers: Iterator[int], seen: Seen
) -> None:
    for text in texts:
        started = time.perf_counter()
        seen.normal[await _status(session.get(server.address, params={"query": f"{text}#{next(numbers)}"}))] += 1
        seen.milliseconds.append((time.perf_counter() - started) * 1000)


async def _hostile(
    session: aiohttp.ClientSession, server: Server, first: int, canary: int, numbers: Iterator[int], seen: Seen
) -> None:
    for turn in count(first):
        requests = hostile.requests(canary, next(numbers))
        kind = list(requests)[turn % len(requests)]
        seen.hostile[kind][await _status(session.post(server.address, **requests[kind]))] += 1


async def _status(request: aiohttp.client._RequestContextManager) -> str:
    """The status of the answer, read to its end, or else what came instead of it."""
    try:
        async with request as response:
            await response.read()
            return str(response.status)
    except aiohttp.ClientError as error:
        return type(error).__name__


async def _watch(server: Server, seen: Seen, seconds: int) -> None:
    for _ in range(seconds):
        await asyncio.sleep(1)
        seen.memory.append(await asyncio.to_thread(server.memory))
        seen.outgoing |= await asyncio.to_thread(_outgoing, server)


def _outgoing(server: Server) -> set[str]:
    found = set()
    for process in (server.process, *server.process.children(recursive=True)):
        try:
            connections = process.net_connections("inet")
        except psutil.NoSuchProcess:
            continue
        found |= {f"{c.raddr.ip}:{c.raddr.port}" for c in connections if c.raddr and c.laddr.port != server.port}
    return found


@asynccontextmanager
async def _canary(seen: Seen) -> AsyncIterator[int]:
    """A port that nobody has a reason to call."""

    def called(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.called += 1
        writer.close()

    async with await asyncio.start_server(called, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


def figures(seen: Seen, clients: int, seconds: int) -> dict:
    """What is worth telling of it."""
    statuses = sum(seen.hostile.values(), Counter(seen.normal))
    return {
        "clients": clients,
        "seconds": seconds,
        "normal": {
            "milliseconds": percentiles(seen.milliseconds),
            "statuses": seen.normal,
            "answered": seen.normal["200"] / seen.normal.total(),
        },
        "hostile": {kind: dict(found) for kind, found in sorted(seen.hostile.items())},
        "unwanted": {
            name: n
            for name, n in statuses.items()
            if not name.isdigit() or (name[0] == "5" and name not in {"503", "504"})
        },
        "memory": {part: _course([sample[part] for sample in seen.memory]) for part in ("web", "workers", "processes")},
        "called": seen.called,
        "outgoing": sorted(seen.outgoing),
    }


def _course(values: list[int]) -> dict[str, int]:
    return {"first": values[0], "most": max(values), "last": values[-1]}


def main(
    out: Annotated[Path, typer.Argument(help="Folder with a release, as benchmarks.generate makes it.")],
    file: Annotated[Path, typer.Argument(help="Where the figures go, as JSON.")],
    clients: Annotated[int, typer.Option(min=2)] = 50,
    seconds: Annotated[int, typer.Option(min=1)] = 60,
) -> None:
    """Measure the service under a crowd."""
    about = machine()
    release = Release.current(out)
    seen = asyncio.run(crowd(Project.find(), release, clients, seconds))
    found = {"machine": about, "triples": release.manifest["distinctTriples"], **figures(seen, clients, seconds)}
    file.write_text(json.dumps(found, indent=2), encoding="utf-8")
    typer.echo(json.dumps({name: found[name] for name in found if name != "machine"}, indent=2))


if __name__ == "__main__":
    typer.run(main)
