"""What must follow from the data, and what must not."""

import owlrl
import pyoxigraph as ox
import pytest
import rdflib

from kg import reasoning, sourcefiles
from kg.errors import DataError
from kg.namespaces import DEF, ID, INFERRED, PREFIXES, expand
from kg.rdflib_graphs import to_rdflib
from kg.sourcefiles import SourceFile, SourceFiles

# Nodes that carry a source place take part in no axiom but their class; left out so that owlrl can keep up.
PASSAGES = "data/bronpassages/"


@pytest.fixture
def follows(project, files):
    """A function from triples to all that is inferred from them, as short names."""

    def infer(*lines: str) -> set[str]:
        triples = [ox.Triple(*(ox.NamedNode(expand(name)) for name in line.split())) for line in lines]
        source = SourceFile("data/proef.ttl", ox.NamedNode("https://w3id.org/spoorboek/graph/data/proef"), triples)
        store, _ = reasoning.reason(project, SourceFiles(files.ontology, [], [source]))
        return {" ".join(map(_short, triple)) for triple in reasoning.inferred_in(store)}

    return infer


def _short(node: ox.NamedNode) -> str:
    return next(
        (f"{p}:{node.value.removeprefix(i)}" for p, i in PREFIXES.items() if i and node.value.startswith(i)), node.value
    )


def test_a_party_of_the_column_is_an_uitvoerder(follows):
    facts = follows(
        "actie:a rdf:type sb:Actie", "actie:a sb:deelname betrokkenheid:b", "betrokkenheid:b sb:partij organisatie:o"
    )
    assert {"actie:a sb:uitvoerder organisatie:o", "organisatie:o sb:voertUit actie:a"} <= facts
    assert "organisatie:o rdf:type sb:Uitvoerder" in facts


def test_a_stated_relation_becomes_a_triple(follows):
    facts = follows("verband:v sb:van voorziening:a", "verband:v sb:naar wet:b", "verband:v sb:eigenschap sb:grondslag")
    assert {"voorziening:a sb:grondslag wet:b", "voorziening:a sb:steuntOp wet:b"} <= facts


def test_standing_dependency_is_transitive(follows):
    facts = follows("actie:a sb:gebruikt voorziening:b", "voorziening:b sb:grondslag wet:c")
    assert {"actie:a sb:steuntIndirectOp wet:c", "actie:a sb:hangtIndirectAfVan wet:c"} <= facts
    assert "actie:a sb:steuntOp wet:c" not in facts


def test_an_action_rests_on_what_its_results_rest_on(follows):
    facts = follows("actie:a sb:beoogdResultaat resultaat:r", "resultaat:r sb:gebruikt voorziening:b")
    assert "actie:a sb:steuntOp voorziening:b" in facts


def test_waiting_reaches_through_standing_dependency(follows):
    facts = follows("actie:a sb:gebruikt voorziening:b", "actie:c sb:levert voorziening:b")
    assert {"voorziening:b sb:geleverdDoor actie:c", "actie:a sb:wachtIndirectOp actie:c"} <= facts


def test_waiting_is_not_transitive(follows):
    facts = follows("actie:a sb:vereist actie:b", "actie:b sb:vereist actie:c")
    assert "actie:a sb:wachtOp actie:b" in facts
    assert "actie:a sb:wachtIndirectOp actie:c" not in facts
    assert "actie:a sb:hangtIndirectAfVan actie:c" not in facts


def test_related_things_stay_out_of_the_closure(follows):
    facts = follows("voorziening:a sb:sluitAanOp voorziening:b", "voorziening:b sb:gebruikt voorziening:c")
    assert "voorziening:a sb:samenhangMet voorziening:b" in facts
    assert not any(fact.startswith("voorziening:a sb:hangt") for fact in facts)


def test_a_member_of_a_group_may_be_involved_unless_excepted(follows):
    facts = follows(
        "actie:a sb:deelname betrokkenheid:b",
        "betrokkenheid:b sb:partij organisatie:groep",
        "betrokkenheid:b sb:uitgezonderd organisatie:een",
        "organisatie:groep sb:lid organisatie:een",
        "organisatie:groep sb:lid organisatie:twee",
    )
    assert "actie:a sb:mogelijkBetrokken organisatie:twee" in facts
    assert "actie:a sb:mogelijkBetrokken organisatie:een" not in facts


def test_the_latest_state_gives_the_status(project, files):
    data = """
        toestand:a a sb:Toestand ; sb:status status:voorstel ; sb:peildatum "2024"^^xsd:gYear .
        toestand:b a sb:Toestand ; sb:status status:van-kracht ; sb:vanaf "2026-08-15"^^xsd:date .
        wet:w sb:toestand toestand:a , toestand:b .
    """
    store = _reasoned(project, files, data)
    statuses = [
        q.object.value
        for q in store.quads_for_pattern(ox.NamedNode(f"{ID}wet/w"), ox.NamedNode(f"{DEF}status"), None, None)
    ]
    assert set(statuses) == {f"{ID}status/van-kracht"}


def test_only_a_role_that_still_holds_makes_a_beheerder(project, files):
    data = """
        voorziening:v sb:betrokkenheid betrokkenheid:oud , betrokkenheid:nu .
        betrokkenheid:oud sb:partij organisatie:een ; sb:rol rol:beheerder ; sb:tot "2023"^^xsd:gYear .
        betrokkenheid:nu sb:partij organisatie:twee ; sb:rol rol:beheerder .
    """
    store = _reasoned(project, files, data)
    found = store.quads_for_pattern(
        ox.NamedNode(f"{ID}voorziening/v"), ox.NamedNode(f"{DEF}beheerder"), None, ox.DefaultGraph()
    )
    assert [quad.object.value for quad in found] == [f"{ID}organisatie/twee"]


def _reasoned(project, files, data: str) -> ox.Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    triples = [quad.triple for quad in ox.parse(prefixes + data, format=ox.RdfFormat.TURTLE)]
    source = SourceFile("data/proef.ttl", ox.NamedNode("https://w3id.org/spoorboek/graph/data/proef"), triples)
    return reasoning.reason(project, SourceFiles(files.ontology, [], [source]))[0]


def test_every_inferred_triple_is_in_one_rule_graph_and_in_the_default_graph(store):
    graphs = [graph for graph in store.named_graphs() if graph.value.startswith(INFERRED)]
    inferred = [quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)]
    assert len(inferred) == len(set(inferred))
    assert all(ox.Quad(*triple, ox.DefaultGraph()) in store for triple in inferred)


def test_hand_written_rules_write_to_the_graph_of_their_name(project):
    for path in project.rule_files():
        assert f"GRAPH <{INFERRED}{path.stem}>" in path.read_text(encoding="utf-8")


def test_an_owl_construct_that_is_not_compiled_is_refused():
    triple = ox.Triple(ox.NamedNode(f"{DEF}x"), ox.NamedNode(PREFIXES["owl"] + "hasKey"), ox.NamedNode(f"{DEF}y"))
    with pytest.raises(DataError, match="hasKey is not compiled"):
        reasoning.compiled([triple])


def test_a_kind_of_property_that_is_not_compiled_is_refused():
    kind = ox.NamedNode(PREFIXES["owl"] + "IrreflexiveProperty")
    with pytest.raises(DataError, match="IrreflexiveProperty is not compiled"):
        reasoning.compiled([ox.Triple(ox.NamedNode(f"{DEF}x"), ox.NamedNode(PREFIXES["rdf"] + "type"), kind)])


def test_the_compiled_rules_find_what_owlrl_finds(files):
    """The reference is owlrl on ontology and data together; of our own things it must say what our rules say."""
    data = [file for file in files.data if not file.name.startswith(PASSAGES)]
    axioms = reasoning.axioms(sourcefiles.triples_of(files.ontology))
    asserted = list(sourcefiles.triples_of(data))
    store = sourcefiles.load(data)
    reasoning.infer(store, reasoning.compiled(sourcefiles.triples_of(files.ontology)))
    reference = axioms + to_rdflib(asserted)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(reference)
    ours = to_rdflib(quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert set(map(_about_things, ours)) - {None} == set(map(_about_things, reference)) - {None}


def _about_things(triple: tuple) -> tuple | None:
    """The triple, when it says something of one of our things that OWL does not say of everything."""
    subject, predicate, value = triple
    if isinstance(value, rdflib.Literal):
        # Literals are compared by value: owlrl writes some of them in another form.
        value = value.toPython()
    if not isinstance(subject, rdflib.URIRef) or not subject.startswith(ID):
        return None
    # A restriction without a name is no class that anyone could ask for.
    trivial = subject == value or isinstance(value, rdflib.BNode) or value in (rdflib.OWL.Thing, rdflib.RDFS.Resource)
    return None if trivial else (subject, predicate, value)
