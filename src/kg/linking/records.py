"""What the accepted mappings say of the records in a release: who publishes them, and what they name.

Reasoning is done when records come in, so these few rules stand apart. What they add is in graphs of their own, such as
`graph/inferred/register-1-uitgever`, so that a reading of a text is never taken for what the register says.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import reasoning, sssom
from kg.linking import mentions, things
from kg.linking.things import Thing
from kg.namespaces import DEF, INFERRED, REGISTER
from kg.project import Project
from kg.sourcefiles import SourceFiles, triples_of
from kg.terms import DEFAULT_GRAPH

NAMES = ox.NamedNode(f"{DEF}noemt")
_GRAPH = ox.NamedNode(f"{INFERRED}register-0-noemt")
# What is named as a source of data is a facility, and what is named as a basis is a law; the rest is only named.
_PRECISER = {
    (DEF + "bronnenTekst", "voorziening"): ox.NamedNode(f"{DEF}noemtAlsBron"),
    (DEF + "grondslagTekst", "wet"): ox.NamedNode(f"{DEF}noemtAlsGrondslag"),
}


def link(project: Project, files: SourceFiles, store: ox.Store) -> dict[str, int]:
    """Add to a store with records what follows from mappings that hold; returns how much each rule added."""
    ours = things.read(triples_of(files.data))
    kinds = {thing.iri: thing.kind for thing in ours}
    for name in _imported(store):
        vocabulary, accepted = _names(ours, files, name)
        for triple in _named(store, name, vocabulary, accepted, kinds):
            store.extend([ox.Quad(*triple, _GRAPH), ox.Quad(*triple, DEFAULT_GRAPH)])
    rules = [
        reasoning.Rule(f"register-{path.stem}", path.read_text(encoding="utf-8"))
        for path in project.rule_files("registers")
    ]
    named = sum(1 for _ in store.quads_for_pattern(None, None, None, _GRAPH))
    return {**({"register-0-noemt": named} if named else {}), **reasoning.infer(store, rules)}


def _imported(store: ox.Store) -> list[str]:
    graphs = (graph.value for graph in store.named_graphs())
    return sorted(graph.removeprefix(REGISTER) for graph in graphs if graph.startswith(REGISTER))


def _names(
    ours: Iterable[Thing], files: SourceFiles, register: str
) -> tuple[mentions.Vocabulary, set[tuple[str, str]]]:
    """All names that a text may have, also those that nobody accepted: they keep a shorter one from being found."""
    rows = [
        mapping
        for mappings in files.mappings
        if mappings.name == register
        for mapping in mappings.mappings
        if mapping.predicate_id == sssom.NAMED_AS
    ]
    accepted = {(mapping.object, mapping.subject_id) for mapping in rows if mapping.holds}
    return mentions.vocabulary(ours, ((mapping.object, mapping.subject_id) for mapping in rows)), accepted


def _named(
    store: ox.Store,
    register: str,
    vocabulary: mentions.Vocabulary,
    accepted: set[tuple[str, str]],
    kinds: dict[str, str],
) -> list[ox.Triple]:
    found: set[ox.Triple] = set()
    graph = ox.NamedNode(REGISTER + register)
    for predicate in mentions.FIELDS:
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, graph):
            for iri in _meant(vocabulary, accepted, quad.object.value):
                found.update(_triples(quad.subject, predicate, iri, kinds.get(iri, "")))
    return sorted(found, key=str)


def _meant(vocabulary: mentions.Vocabulary, accepted: set[tuple[str, str]], text: str) -> Iterator[str]:
    for written in vocabulary.found_in(text):
        yield from (iri for iri in vocabulary.meanings[written] if (written.text, iri) in accepted)


def _triples(record: ox.NamedNode, predicate: str, iri: str, kind: str) -> Iterator[ox.Triple]:
    yield ox.Triple(record, NAMES, ox.NamedNode(iri))
    if (predicate, kind) in _PRECISER:
        yield ox.Triple(record, _PRECISER[predicate, kind], ox.NamedNode(iri))
