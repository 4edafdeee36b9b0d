"""A release of agenda-shaped data of any size, to be served with `kg serve --out FOLDER`.

A few small agendas are made from a template and reasoned over with our own rules, once. The release is copies of these,
each with a name of its own, below one ontology: more triples are more agendas, not denser ones, and every inferred fact
is in the graph of the rule that finds it. No clock and no chance is asked: same size, same store.

Example: python -m benchmarks.generate 1000000 --out /tmp/large
"""

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import jinja2
import pyoxigraph as ox
import typer

from kg import reasoning, search, sourcefiles
from kg.namespaces import CONCEPTS, LISTS
from kg.project import FOLDERS, Project
from kg.release import CURRENT, Release

VARIANTS = 4
TEMPLATE = Path(__file__).parent / "agenda.ttl.j2"
_NAME = re.compile(r"\bagenda-(\d+)\b")
_COPIES_AT_A_TIME = 100


@dataclass
class Part:
    """Statements as N-Quads, and how many there are in each named graph and, under "", in the default graph."""

    lines: list[str] = field(default_factory=list)
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, quad: ox.Quad) -> None:
        """Take in one statement."""
        self.lines.append(f"{quad} .\n")
        self.sizes["" if quad.graph_name == ox.DefaultGraph() else quad.graph_name.value] += 1


def agenda(number: int) -> str:
    """One agenda as Turtle."""
    template = jinja2.Template(TEMPLATE.read_text(encoding="utf-8"), undefined=jinja2.StrictUndefined)
    return template.render(name=f"agenda-{number}", variant=number % VARIANTS, concepts=(*CONCEPTS, *LISTS))


def small_project(project: Project, folder: Path) -> Project:
    """The words, shapes and rules of `project` in an empty folder, with one agenda of each variant as its data."""
    for name in set(FOLDERS) - {"data"}:
        shutil.copytree(project.root / name, folder / name)
    (folder / "data").mkdir()
    shutil.copy(project.root / "data" / "uitgave.ttl", folder / "data")
    for number in range(VARIANTS):
        (folder / "data" / f"agenda-{number}.ttl").write_text(agenda(number), encoding="utf-8")
    return Project(folder)


def parts(project: Project) -> tuple[Part, list[Part]]:
    """What a release of the small project says, in a fixed order: the words, and each agenda apart."""
    with TemporaryDirectory() as folder:
        small = small_project(project, Path(folder))
        store, _ = reasoning.reason(small, sourcefiles.read(small))
    quads = ox.Dataset(store)
    # Blank nodes of the shapes get the same names each time.
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    words, agendas = Part(), [Part() for _ in range(VARIANTS)]
    for quad in sorted(quads, key=str):
        found = _NAME.search(str(quad.subject))
        (agendas[int(found[1])] if found else words).add(quad)
    return words, agendas


def generate(project: Project, triples: int, out: Path, *, searchable: bool = False) -> Release:
    """Write a release of at least so many distinct triples in `out`, and make it the current one.

    Memory does not grow with the size, unless it is to be searched.
    """
    words, agendas = parts(project)
    sizes = Counter(words.sizes)
    digest = hashlib.sha256()
    making = out / "making"
    making.mkdir(parents=True)
    store = ox.Store(str(making / "store"))
    for text in _texts(words, agendas, triples, sizes):
        digest.update(text)
        store.bulk_load(text, ox.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()
    if searchable:
        search.build(store, making / "search.db")
    del store
    release = Release(out / digest.hexdigest()[:12])
    manifest = {"version": release.version, "distinctTriples": sizes.pop(""), "graphs": dict(sorted(sizes.items()))}
    (making / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    making.rename(release.folder)
    (out / CURRENT).symlink_to(release.folder.name)
    return release


def _texts(words: Part, agendas: list[Part], triples: int, sizes: Counter[str]) -> Iterator[bytes]:
    """The release as N-Quads, some agendas at a time; counts in `sizes` what is in them."""
    yield "".join(words.lines).encode()
    lines: list[str] = []
    for number in count():
        if number % _COPIES_AT_A_TIME == 0 or sizes[""] >= triples:
            yield "".join(lines).encode()
            lines.clear()
        if sizes[""] >= triples:
            return
        original = f"agenda-{number % VARIANTS}"
        part = agendas[number % VARIANTS]
        lines.append("".join(part.lines).replace(original, f"agenda-{number}"))
        for graph, size in part.sizes.items():
            sizes[graph.replace(original, f"agenda-{number}")] += size


def main(
    triples: Annotated[int, typer.Argument(min=1, help="How many distinct triples, at least.")],
    out: Annotated[Path, typer.Option(help="An empty folder for the release.")],
    searchable: Annotated[bool, typer.Option(help="With an index for search; takes memory by size.")] = True,
) -> None:
    """Write a release of agenda-shaped data."""
    release = generate(Project.find(), triples, out, searchable=searchable)
    typer.echo(f"release {release.version}: {release.manifest['distinctTriples']} triples in {release.folder}")


if __name__ == "__main__":
    typer.run(main)
