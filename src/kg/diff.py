"""Two graphs → what was added, removed and changed between them, in things and facts, and which answers changed.

A fact counts once, whatever files it stands in: one that only moved to another file is no change of a thing. What rules
found is kept apart from what the files say.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kg import queries, turtle
from kg.blank_nodes import relabel
from kg.errors import QueryError
from kg.labels import best_label
from kg.manifest import MANIFEST
from kg.namespaces import GRAPH, INFERRED, PREFIXES
from kg.project import Project
from kg.queries import NamedQuery
from kg.release import Release, named
from kg.store import Readable, ask, open_store
from kg.terms import DEFAULT_GRAPH, RDF_TYPE

Progress = Callable[[str], None]
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Area = Literal["things", "terms", "shapes"]
Values = Mapping[ox.NamedNode, tuple[set[Term], set[Term]]]

AREAS: dict[Area, str] = {"things": "", "terms": GRAPH + "ontology/", "shapes": GRAPH + "shapes/"}
_FIRST, _REST = (PREFIXES["rdf"] + name for name in ("first", "rest"))
_MOST_STEPS = 100
_LONGEST = 10_000
"""Characters of a blank node in words; nodes that share their parts could be written out for ever."""


@dataclass(frozen=True)
class Side:
    """One of the two graphs: what to call it, its statements in their named graphs, and what answers questions."""

    name: str
    quads: set[ox.Quad]
    store: Readable


@dataclass(frozen=True)
class Value:
    """A value in words; `iri` where it is a thing, `language` or `datatype` where it is not."""

    text: str
    iri: str | None = None
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Changed:
    """The values of a property that went and came."""

    property: str
    name: str
    removed: list[Value]
    added: list[Value]


@dataclass(frozen=True)
class Thing:
    """A thing that was added, removed or changed, with its name, the name of its class, and what changed."""

    iri: str
    name: str
    kind: str
    change: Literal["added", "removed", "changed"]
    properties: list[Changed]


@dataclass(frozen=True)
class Answered:
    """How many rows went from and came to the answer to a question."""

    question: str
    title: str
    removed: int
    added: int


@dataclass(frozen=True)
class Diff:
    """All that is different between two graphs."""

    before: str
    after: str
    removed: list[ox.Quad]
    added: list[ox.Quad]
    moved: int
    """How many facts only went to another file."""
    areas: dict[Area, list[Thing]]
    inferred: dict[str, tuple[int, int]]
    """For each rule, how many facts that it found are no longer there, and how many are new."""
    answers: list[Answered]

    @property
    def is_empty(self) -> bool:
        """Whether both graphs make the same statements in the same named graphs."""
        return not (self.removed or self.added)


def open_side(place: str, out: Path) -> Side:
    """A release by its folder, version or edition or as `current` of `out`, or the RDF file or dump at a path.

    Raises ReleaseError when there is no such release, and DataError for a file that cannot be read.
    """
    path = Path(place)
    if path.is_file():
        quads = set(turtle.read_quads(path))
        return Side(path.name, quads, _load(quads))
    release = Release(path) if (path / MANIFEST).is_file() else named(out, place)
    quads = set(turtle.read_quads(release.folder / "dumps" / "spoorboek.nq"))
    return Side(release.version, quads, open_store(release.store))


def _load(quads: Iterable[ox.Quad]) -> ox.Store:
    """A store that holds each triple once in its default graph too, as that of a release does."""
    store = ox.Store()
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(*quad.triple) for quad in quads)
    return store


def diff(
    before: Side,
    after: Side,
    asked: Iterable[NamedQuery] = (),
    language: str = "nl",
    *,
    inferred: bool = True,
    progress: Progress = lambda _: None,
) -> Diff:
    """What changed from one graph to the other; the questions `asked` are put to both with their sample values.

    Without `inferred` all that rules found is left out.
    """
    progress("comparing statements")
    old = {quad for quad in before.quads if inferred or not _is_inferred(quad)}
    new = relabel({quad for quad in after.quads if inferred or not _is_inferred(quad)}, old)
    removed, added = old - new, new - old
    progress("putting it into words")
    told = _triples(old, inferred=False), _triples(new, inferred=False)
    words = Words(before, after, told, language)
    gone, come = _facts(removed, told[1]), _facts(added, told[0])
    return Diff(
        before=before.name,
        after=after.name,
        removed=sorted(removed, key=str),
        added=sorted(added, key=str),
        moved=sum(1 for quad in added if not _is_inferred(quad)) - len(come),
        areas={area: words.things(_of_area(gone, area), _of_area(come, area)) for area in AREAS},
        inferred=_by_rule(_found(removed, _triples(new)), _found(added, _triples(old))),
        answers=list(_answers(before, after, asked, language, progress)),
    )


def _triples(quads: Iterable[ox.Quad], *, inferred: bool = True) -> set[ox.Triple]:
    return {quad.triple for quad in quads if inferred or not _is_inferred(quad)}


def _facts(quads: Iterable[ox.Quad], others: set[ox.Triple]) -> list[ox.Quad]:
    """What the files of one graph say and those of the other do not."""
    return [quad for quad in quads if not _is_inferred(quad) and quad.triple not in others]


def _found(quads: Iterable[ox.Quad], others: set[ox.Triple]) -> Counter[str]:
    """How many facts each rule found in one graph that are not in the other at all."""
    found = (quad for quad in quads if _is_inferred(quad) and quad.triple not in others)
    return Counter(quad.graph_name.value.removeprefix(INFERRED) for quad in found)


def library(project: Project) -> list[NamedQuery]:
    """The questions of a project."""
    return [queries.read(path) for path in project.query_files()]


def _is_inferred(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(INFERRED)


def _area(quad: ox.Quad) -> Area:
    name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
    return next((area for area, begin in AREAS.items() if begin and name.startswith(begin)), "things")


def _of_area(quads: Iterable[ox.Quad], area: Area) -> list[ox.Quad]:
    return [quad for quad in quads if _area(quad) == area]


def _by_rule(fewer: Counter[str], more: Counter[str]) -> dict[str, tuple[int, int]]:
    return {rule: (fewer[rule], more[rule]) for rule in sorted({*fewer, *more})}


class Words:
    """Says what changed in the names that things have in either graph."""

    def __init__(self, before: Side, after: Side, told: tuple[set[ox.Triple], set[ox.Triple]], language: str) -> None:
        self._stores = before.store, after.store
        self._told = told
        self._subjects = [{triple.subject for triple in triples} for triples in told]
        self._nested = [Nested(triples, self._name) for triples in told]
        self._language = language
        self._names: dict[Term, str] = {}

    def things(self, gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> list[Thing]:
        """The things that these facts are about, sorted, each with its properties that changed."""
        facts: dict[Term, Values] = defaultdict(lambda: defaultdict(lambda: (set(), set())))
        for side, quads in enumerate((gone, come)):
            for quad in quads:
                fact = self._nested[side].outermost(quad.triple)
                facts[fact.subject][fact.predicate][side].add(fact.object)
        return [self._thing(node, facts[node]) for node in sorted(facts, key=str)]

    def _thing(self, node: Term, values: Values) -> Thing:
        was, is_ = (node in subjects for subjects in self._subjects)
        change = "changed" if was and is_ else "added" if is_ else "removed"
        changed = [self._changed(property_, *values[property_]) for property_ in sorted(values, key=str)]
        return Thing(node.value, self._name(node), self._kind(node, int(is_)), change, changed)

    def _changed(self, property_: ox.NamedNode, *sides: set[Term]) -> Changed:
        removed, added = (
            [self._value(term, self._nested[side]) for term in sorted(terms, key=str)]
            for side, terms in enumerate(sides)
        )
        return Changed(property_.value, self._name(property_), removed, added)

    def _kind(self, node: Term, side: int) -> str:
        """The name of a class that the files give a thing."""
        if isinstance(node, ox.BlankNode):
            return ""
        found = self._stores[side].quads_for_pattern(node, RDF_TYPE, None, DEFAULT_GRAPH)
        stated = [quad.object for quad in found if quad.triple in self._told[side]]
        return self._name(min(stated, key=str)) if stated else ""

    def _name(self, node: Term) -> str:
        """What a thing is called now, or else what it was called."""
        if isinstance(node, ox.BlankNode):
            return f"_:{node.value}"
        if node not in self._names:
            known = node in self._subjects[1] or node not in self._subjects[0]
            self._names[node] = best_label(self._stores[int(known)], node, self._language)
        return self._names[node]

    def _value(self, term: Term, nested: "Nested") -> Value:
        if isinstance(term, ox.Literal):
            return Value(term.value, None, term.language, None if term.language else term.datatype.value)
        return Value(nested.text(term), term.value if isinstance(term, ox.NamedNode) else None)


class Nested:
    """The blank nodes of a graph, as the parts of things that they are."""

    def __init__(self, triples: Iterable[ox.Triple], name: Callable[[Term], str]) -> None:
        self._name = name
        self._above: dict[ox.BlankNode, ox.Triple] = {}
        self._below: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        self._texts: dict[tuple[ox.BlankNode, int], str] = {}
        nested = [t for t in triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]
        for triple in sorted(nested, key=str):
            if isinstance(triple.object, ox.BlankNode):
                self._above.setdefault(triple.object, triple)
            if isinstance(triple.subject, ox.BlankNode):
                self._below[triple.subject].append(triple)

    def outermost(self, fact: ox.Triple) -> ox.Triple:
        """The fact about a thing that this one is a part of; the fact itself where it is part of none."""
        for _ in range(_MOST_STEPS):
            if fact.subject not in self._above:
                break
            fact = self._above[fact.subject]
        return fact

    def text(self, node: Term, steps: int = _MOST_STEPS) -> str:
        """A value in words: of a list its members, of another blank node what is said of it, a few levels deep."""
        if not isinstance(node, ox.BlankNode) or steps <= 0:
            return self._name(node) if not isinstance(node, ox.Literal) else node.value
        if (node, steps) not in self._texts:
            self._texts[node, steps] = self._parts(node, steps)[:_LONGEST]
        return self._texts[node, steps]

    def _parts(self, node: ox.BlankNode, steps: int) -> str:
        said = {triple.predicate.value: triple.object for triple in self._below[node]}
        if _FIRST in said and _REST in said:
            rest = said[_REST]
            more = f", {self.text(rest, steps - 1)}" if isinstance(rest, ox.BlankNode) else ""
            return self.text(said[_FIRST], steps - 1) + more
        parts, length = [], 0
        for t in self._below[node]:
            parts.append(f"{self._name(t.predicate)} {self.text(t.object, steps - _MOST_STEPS // 5)}")
            length += len(parts[-1])
            if length > _LONGEST:
                break
        return f"({'; '.join(parts)})"


def _answers(
    before: Side, after: Side, asked: Iterable[NamedQuery], language: str, progress: Progress
) -> Iterator[Answered]:
    for question in asked:
        progress(f"asking {question.name}")
        old, new = (_rows(side.store, question) for side in (before, after))
        if old != new:
            title = question.titles.get(language, question.name)
            yield Answered(question.name, title, (old - new).total(), (new - old).total())


def _rows(store: Readable, question: NamedQuery) -> Counter[str]:
    """The rows of an answer; none where the graph does not know what the question is about."""
    try:
        answer = ask(store, question, question.samples())
    except QueryError:
        return Counter()
    if isinstance(answer, ox.QueryBoolean):
        return Counter([str(bool(answer))])
    if isinstance(answer, ox.QuerySolutions):
        variables = answer.variables
        return Counter(" ".join(str(row[variable]) for variable in variables) for row in answer)
    return Counter(map(str, answer))
