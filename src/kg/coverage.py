"""How much of each section of the source texts some thing in the graph points at."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import sourcefiles, sources
from kg.errors import DataError
from kg.namespaces import DEF, PREFIXES, compact
from kg.project import Project
from kg.sources import Documents

_BRONPASSAGE = ox.NamedNode(DEF + "bronpassage")
_FACTS = {
    "title": PREFIXES["skos"] + "prefLabel",
    "document": DEF + "bron",
    "first": DEF + "regelVan",
    "last": DEF + "regelTot",
    "counted": DEF + "geteld",
}


@dataclass(frozen=True)
class Section:
    """A run of lines of a document: its content, or lines that do not count wherever they stand (heads, addresses)."""

    iri: str
    title: str
    document: str
    lines: range
    counted: bool


@dataclass(frozen=True)
class Coverage:
    """A section with its counted lines, and those of them that nothing points at."""

    section: str
    title: str
    document: str
    counted: int
    missing: list[int]

    @property
    def share(self) -> float:
        """The part of the counted lines that some thing points at; 1 where none counts."""
        return 1 - len(self.missing) / self.counted if self.counted else 1.0


def coverage(project: Project, folder: Path) -> list[Coverage]:
    """The coverage of every counted section, in the order of the documents.

    Lines that are blank, or that an uncounted section holds, do not count. Raises DataError when a document is not in
    `folder`, or when the graph describes no sections.
    """
    triples = list(sourcefiles.triples_of(sourcefiles.read(project).data))
    texts = sources.texts(triples, Documents(folder))
    found = sections(triples)
    if not found:
        raise DataError("the graph describes no sb:Bronsectie; there is nothing to measure")
    pointed = _pointed(triples)
    left_out = _lines(section for section in found if not section.counted)
    result = []
    for section in (section for section in found if section.counted):
        text = texts.get(section.document, [])
        if section.lines.stop > len(text) + 1:
            raise DataError(f"{compact(section.iri)}: {compact(section.document)} has no line {section.lines.stop - 1}")
        counts = [n for n in section.lines if text[n - 1].strip() and n not in left_out[section.document]]
        missing = [n for n in counts if n not in pointed[section.document]]
        result.append(Coverage(compact(section.iri), section.title, compact(section.document), len(counts), missing))
    return result


def sections(triples: Iterable[ox.Triple]) -> list[Section]:
    """The sections described in the graph, by document and line."""
    found = [
        Section(
            iri=iri,
            title=said[_FACTS["title"]],
            document=said[_FACTS["document"]],
            lines=range(
                sources.line_number(iri, said[_FACTS["first"]]), sources.line_number(iri, said[_FACTS["last"]]) + 1
            ),
            counted=said[_FACTS["counted"]] == "true",
        )
        for iri, said in sources.by_thing(triples).items()
        if set(_FACTS.values()) <= said.keys()
    ]
    return sorted(found, key=lambda section: (section.document, section.lines.start, section.lines.stop))


def _pointed(triples: list[ox.Triple]) -> dict[str, set[int]]:
    """The lines of each document in a passage that some thing points at."""
    used = {value.value for _, predicate, value in triples if predicate == _BRONPASSAGE}
    lines: dict[str, set[int]] = defaultdict(set)
    for passage in sources.passages(triples):
        if passage.iri in used:
            lines[passage.document].update(range(passage.first, passage.last + 1))
    return lines


def _lines(some: Iterable[Section]) -> dict[str, set[int]]:
    lines: dict[str, set[int]] = defaultdict(set)
    for section in some:
        lines[section.document].update(section.lines)
    return lines


def human(found: list[Coverage]) -> str:
    """A line per section with its share and the lines nothing points at, and a line per document."""
    lines = [
        f"{entry.share:6.1%}  {entry.counted:4} lines  {entry.title}"
        + (f"  missing: {_runs(entry.missing)}" if entry.missing else "")
        for entry in found
    ]
    for document in dict.fromkeys(entry.document for entry in found):
        entries = [entry for entry in found if entry.document == document]
        counted, missing = sum(e.counted for e in entries), sum(len(e.missing) for e in entries)
        lines.append(f"{document}: {1 - missing / max(counted, 1):.1%} of {counted} counted lines")
    return "\n".join(lines)


def as_json(found: list[Coverage]) -> str:
    """A JSON array with an object per section."""
    return json.dumps(
        [{**asdict(entry), "share": round(entry.share, 4)} for entry in found], ensure_ascii=False, indent=2
    )


def _runs(numbers: list[int]) -> str:
    """Numbers as runs: `3-5, 9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)
