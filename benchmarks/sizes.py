"""Does anything slow down as the graph grows? Start-up, lookups, impact and memory by size.

Example: python -m benchmarks.sizes sizes.json 10000 100000 1000000 10000000
"""

import json
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import pyoxigraph as ox
import typer

from benchmarks import questions, servers
from benchmarks.compare import percentiles
from benchmarks.generate import generate
from benchmarks.machine import machine
from kg import queries
from kg.project import Project
from kg.release import Release
from kg.store import ask, open_store

_IMPACT = {"wat-raakt-voorziening": "Voorziening", "wat-raakt-wetswijziging": "Wet"}
_ASKED = 300


def measure(project: Project, release: Release) -> dict:
    """Seconds, milliseconds and bytes of the service on one release."""
    store = open_store(release.store)
    impact = {name: queries.find(project, name) for name in _IMPACT}
    things = {name: questions.things(store, concept, _ASKED) for name, concept in _IMPACT.items()}
    texts = {
        "lookup": [questions.lookup(thing) for thing in questions.things(store, "Actie", _ASKED)],
        **{name: [questions.about(impact[name], thing) for thing in found] for name, found in things.items()},
    }
    started = time.perf_counter()
    with servers.kg_serve(release.folder.parent) as server:
        connection = server.connect()
        server.ask(connection, texts["lookup"][0])
        start_up = time.perf_counter() - started
        asked = {name: questions.distinct(found) for name, found in texts.items()}
        over_http = {name: _times(lambda text: server.ask(connection, text), found) for name, found in asked.items()}
        server.settle()
        connection = server.connect()
        over_http["lookup, later"] = _times(lambda text: server.ask(connection, text), asked["lookup"])
        memory = server.memory()
    in_process = {
        name: _times(lambda thing, question=question: _ask(store, question, thing), cycle(things[name]))
        for name, question in impact.items()
    }
    return {
        "triples": release.manifest["distinctTriples"],
        "bytes": sum(path.stat().st_size for path in release.store.iterdir()),
        "start-up": start_up,
        "http": over_http,
        "library": in_process,
        "memory": memory,
    }


def _times(run: Callable[[str], object], asked: Iterator[str]) -> dict[str, float]:
    """Percentiles in milliseconds, without the first two, which wake things up."""
    taken = []
    for text in islice(asked, _ASKED):
        started = time.perf_counter()
        run(text)
        taken.append((time.perf_counter() - started) * 1000)
    return percentiles(taken[2:])


def _ask(store: ox.Store, question: queries.NamedQuery, thing: str) -> None:
    answer = ask(store, question, {question.parameters[0].name: thing})
    answer.serialize(format=ox.QueryResultsFormat.JSON)


def main(
    file: Annotated[Path, typer.Argument(help="Where the figures go, as JSON.")],
    sizes: Annotated[list[int], typer.Argument(min=1, help="Numbers of triples.")],
    folder: Annotated[Path | None, typer.Option(help="Where stores of these sizes are, and stay.")] = None,
) -> None:
    """Measure the service on graphs of several sizes."""
    project = Project.find()
    figures = {"machine": machine(), "sizes": []}
    for size in sizes:
        with TemporaryDirectory() as temporary:
            out = (folder or Path(temporary)) / str(size)
            release = Release.current(out) if out.exists() else generate(project, size, out)
            figures["sizes"].append(measure(project, release))
            typer.echo(json.dumps(figures["sizes"][-1]))
            file.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
