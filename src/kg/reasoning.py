"""Ontology → rules; rules + data → new facts, each in the named graph of the rule that found it.

`owlrl` closes the ontology, which is small. What then follows for the data is compiled, axiom by axiom, from the closed
ontology into SPARQL updates (the rules of OWL 2 RL, section 4.3 of OWL 2 Profiles, for the constructs our ontology
uses). The hand-written rules in `queries/rules/` come first; all run in a fixed order until nothing new is found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import owlrl
import pyoxigraph as ox
import rdflib
from rdflib import OWL, RDF, RDFS
from rdflib.collection import Collection

from kg.errors import DataError
from kg.namespaces import INFERRED
from kg.project import Project
from kg.rdflib_graphs import to_rdflib
from kg.sourcefiles import SourceFiles, load, triples_of

# Annotations and facts in the ontology files that say nothing a reasoner could use.
_SCHEMA_NAMESPACES = (str(OWL), str(RDFS), str(RDF))
_ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionInfo}
_BUILT_IN = (str(OWL), str(RDFS), str(RDF), "http://www.w3.org/2001/XMLSchema#")
# Every OWL and RDFS word an axiom of ours may use; an ontology with others is refused rather than half understood.
_SUPPORTED = {
    OWL.disjointWith,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.inverseOf,
    OWL.onProperty,
    OWL.propertyChainAxiom,
    OWL.someValuesFrom,
    RDF.first,
    RDF.rest,
    RDF.type,
    RDFS.domain,
    RDFS.range,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
}
_SUPPORTED_TYPES = {
    OWL.AnnotationProperty,
    OWL.Class,
    OWL.DatatypeProperty,
    OWL.NamedIndividual,
    OWL.ObjectProperty,
    OWL.Ontology,
    OWL.Restriction,
    OWL.SymmetricProperty,
    OWL.TransitiveProperty,
    RDFS.Datatype,
}


@dataclass(frozen=True)
class Rule:
    """A SPARQL update that adds what follows to the default graph and to the rule's own graph."""

    name: str
    update: str

    @property
    def graph(self) -> ox.NamedNode:
        """The named graph of what this rule adds."""
        return ox.NamedNode(INFERRED + self.name)


def rules(project: Project, ontology: Iterable[ox.Triple]) -> list[Rule]:
    """The hand-written rules of the project, then those compiled from its ontology.

    Raises DataError when the ontology uses a construct that is not compiled, or contradicts itself.
    """
    written = [Rule(path.stem, path.read_text(encoding="utf-8")) for path in project.rule_files()]
    return [*written, *compiled(ontology)]


def compiled(ontology: Iterable[ox.Triple]) -> list[Rule]:
    """The rules that the closed ontology gives for data, sorted by name."""
    schema = axioms(ontology)
    closure(schema)
    # A set, because the closure states an inverse in both directions.
    return sorted({rule for compiler in _COMPILERS for rule in compiler(schema)}, key=lambda rule: rule.name)


def axioms(ontology: Iterable[ox.Triple]) -> rdflib.Graph:
    """The part of the ontology that a reasoner uses: no labels, definitions or value lists."""
    graph = to_rdflib(
        triple
        for triple in ontology
        if triple.predicate.value.startswith(_SCHEMA_NAMESPACES)
        and rdflib.URIRef(triple.predicate.value) not in _ANNOTATIONS
        and not (triple.predicate.value == str(RDF.type) and not triple.object.value.startswith(_BUILT_IN))
    )
    words = {str(word) for word in set(graph.predicates()) - _SUPPORTED}
    words |= {str(word) for word in set(graph.objects(predicate=RDF.type)) - _SUPPORTED_TYPES}
    if words:
        raise DataError(
            f"ontology: {', '.join(sorted(words))} is not compiled into rules; add it to kg.reasoning or leave it out"
        )
    return graph


def closure(schema: rdflib.Graph) -> None:
    """Close the axioms in place under OWL 2 RL; raises DataError when they contradict each other."""
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(schema)
    errors = sorted(map(str, schema.objects(predicate=owlrl.Namespaces.ERRNS.error)))
    if errors:
        raise DataError("ontology: " + "; ".join(errors))


def reason(project: Project, files: SourceFiles) -> tuple[ox.Store, dict[str, int]]:
    """A store in memory with the files and all that follows from them, and how many facts each rule added."""
    store = load(files)
    return store, infer(store, rules(project, triples_of(files.ontology)))


def inferred_in(store: ox.Store) -> list[ox.Triple]:
    """The triples that rules added to a store."""
    graphs = (graph for graph in store.named_graphs() if graph.value.startswith(INFERRED))
    return [quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)]


def infer(store: ox.Store, rules: list[Rule]) -> dict[str, int]:
    """Run the rules on `store` until nothing new follows; returns how many triples each rule added."""
    size = -1
    while size != len(store):
        size = len(store)
        for rule in rules:
            store.update(rule.update)
    counts = {rule.name: sum(1 for _ in store.quads_for_pattern(None, None, None, rule.graph)) for rule in rules}
    return {name: count for name, count in counts.items() if count}


def _rule(name: str, head: str, body: str) -> Rule:
    graph = f"<{INFERRED}{name}>"
    update = f"INSERT {{ {head} . GRAPH {graph} {{ {head} }} }}\nWHERE {{ {body} FILTER NOT EXISTS {{ {head} }} }}"
    return Rule(name, update)


def _name(*parts: rdflib.term.Node | str) -> str:
    """A rule's name: the OWL 2 RL rule and the last parts of the terms it is about, in lower case."""
    return "-".join(str(part).rstrip("/").rpartition("#")[2].rpartition("/")[2].lower() for part in parts)


def _ours(*terms: rdflib.term.Node) -> bool:
    """Whether these are named terms that do not belong to RDF, RDFS, OWL or XSD themselves."""
    return all(isinstance(term, rdflib.URIRef) and not str(term).startswith(_BUILT_IN) for term in terms)


def _pairs(schema: rdflib.Graph, predicate: rdflib.URIRef) -> Iterator[tuple[rdflib.term.Node, rdflib.term.Node]]:
    return ((s, o) for s, o in sorted(schema.subject_objects(predicate)) if s != o and _ours(s, o))


def _sub_properties(schema: rdflib.Graph) -> Iterator[Rule]:
    for lower, upper in _pairs(schema, RDFS.subPropertyOf):
        yield _rule(_name("prp-spo1", lower, upper), f"?x <{upper}> ?y", f"?x <{lower}> ?y")


def _inverses(schema: rdflib.Graph) -> Iterator[Rule]:
    for one, other in _pairs(schema, OWL.inverseOf):
        for forward, back in ((one, other), (other, one)):
            yield _rule(_name("prp-inv", forward, back), f"?y <{back}> ?x", f"?x <{forward}> ?y")


def _symmetric(schema: rdflib.Graph) -> Iterator[Rule]:
    for prop in filter(_ours, schema.subjects(RDF.type, OWL.SymmetricProperty)):
        yield _rule(_name("prp-symp", prop), f"?y <{prop}> ?x", f"?x <{prop}> ?y")


def _transitive(schema: rdflib.Graph) -> Iterator[Rule]:
    for prop in filter(_ours, schema.subjects(RDF.type, OWL.TransitiveProperty)):
        yield _rule(_name("prp-trp", prop), f"?x <{prop}> ?z", f"?x <{prop}> ?y . ?y <{prop}> ?z .")


def _chains(schema: rdflib.Graph) -> Iterator[Rule]:
    for prop, chain in schema.subject_objects(OWL.propertyChainAxiom):
        links = list(Collection(schema, chain))
        body = " ".join(f"?x{i} <{link}> ?x{i + 1} ." for i, link in enumerate(links))
        yield _rule(_name("prp-spo2", prop, *links), f"?x0 <{prop}> ?x{len(links)}", body)


def _domains(schema: rdflib.Graph) -> Iterator[Rule]:
    for prop, cls in _pairs(schema, RDFS.domain):
        yield _rule(_name("prp-dom", prop, cls), f"?x a <{cls}>", f"?x <{prop}> ?y")


def _ranges(schema: rdflib.Graph) -> Iterator[Rule]:
    for prop, cls in _pairs(schema, RDFS.range):
        if (cls, RDF.type, RDFS.Datatype) not in schema:
            yield _rule(_name("prp-rng", prop, cls), f"?y a <{cls}>", f"?x <{prop}> ?y . FILTER(!isLiteral(?y))")


def _sub_classes(schema: rdflib.Graph) -> Iterator[Rule]:
    for lower, upper in _pairs(schema, RDFS.subClassOf):
        yield _rule(_name("cax-sco", lower, upper), f"?x a <{upper}>", f"?x a <{lower}>")


def _some_values(schema: rdflib.Graph) -> Iterator[Rule]:
    """∃ property.filler ⊑ class: cls-svf1 (cls-svf2 where the filler is owl:Thing) and cax-sco in one step."""
    for restriction, filler in schema.subject_objects(OWL.someValuesFrom):
        prop = schema.value(restriction, OWL.onProperty)
        typed = "" if filler == OWL.Thing else f" ?y a <{filler}> ."
        for cls in filter(_ours, schema.objects(restriction, RDFS.subClassOf)):
            yield _rule(_name("cls-svf1", prop, filler, cls), f"?x a <{cls}>", f"?x <{prop}> ?y .{typed}")


_COMPILERS: tuple[Callable[[rdflib.Graph], Iterator[Rule]], ...] = (
    _sub_properties,
    _inverses,
    _symmetric,
    _transitive,
    _chains,
    _domains,
    _ranges,
    _sub_classes,
    _some_values,
)
