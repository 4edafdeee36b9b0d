"""The ontology: every term is declared once, named and defined in two languages, and within OWL 2 RL."""

import re

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from kg import reasoning, sourcefiles
from kg.namespaces import DEF, ID, LISTS
from kg.rdflib_graphs import to_rdflib

RELATIONS = ("betreft", "hangtAfVan", "samenhangMet", "onderdeelVan")


@pytest.fixture(scope="module")
def ontology(files) -> rdflib.Graph:
    return to_rdflib(sourcefiles.triples_of(files.ontology))


@pytest.fixture(scope="module")
def terms(ontology) -> list[rdflib.URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDFS.Datatype)
    return sorted({term for kind in kinds for term in ontology.subjects(RDF.type, kind) if str(term).startswith(DEF)})


def _languages(graph: rdflib.Graph, term: rdflib.URIRef, predicate: rdflib.URIRef) -> list[str]:
    return sorted(str(value.language) for value in graph.objects(term, predicate))


def test_every_term_has_one_label_and_definition_in_each_language(ontology, terms):
    wrong = [
        (term, predicate)
        for term in terms
        for predicate in (RDFS.label, SKOS.definition)
        if _languages(ontology, term, predicate) != ["en", "nl"]
    ]
    assert wrong == []


def test_every_term_says_which_file_defines_it(files, terms):
    for file in files.ontology:
        for subject, predicate, value in file.triples:
            if predicate.value == str(RDFS.isDefinedBy):
                assert (
                    value.value
                    == f"https://w3id.org/spoorboek/def/{file.name.removeprefix('ontology/').removesuffix('.ttl')}"
                )
                assert rdflib.URIRef(subject.value) in terms


def test_no_label_is_used_for_two_terms(ontology, terms):
    labels = [label for term in terms for label in ontology.objects(term, RDFS.label)]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_classes_are_capitalised_and_properties_are_not(ontology, terms):
    for term in terms:
        name = term.removeprefix(DEF)
        if (term, RDF.type, OWL.Class) in ontology or (term, RDF.type, RDFS.Datatype) in ontology:
            assert re.fullmatch(r"[A-Z]\w*", name)
        else:
            assert re.fullmatch(r"[a-z]\w*", name)


def test_relations_have_no_domain_or_range(ontology):
    families = [rdflib.URIRef(DEF + name) for name in RELATIONS]
    relations = {prop for family in families for prop in ontology.transitive_subjects(RDFS.subPropertyOf, family)}
    assert len(relations) > 20
    assert [p for p in relations if (p, RDFS.domain, None) in ontology or (p, RDFS.range, None) in ontology] == []


def test_every_list_of_the_library_is_there_and_the_other_way_round(ontology):
    schemes = {str(scheme).rpartition("/")[2] for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme)}
    assert schemes == set(LISTS)


def test_every_concept_has_names_definitions_and_a_scheme(ontology):
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    for concept in concepts:
        scheme = ontology.value(concept, SKOS.inScheme)
        assert str(concept).removeprefix(ID).split("/")[0] == str(scheme).rpartition("/")[2]
        assert _languages(ontology, concept, SKOS.prefLabel) == ["en", "nl"]
        assert _languages(ontology, concept, SKOS.definition) == ["en", "nl"]


def test_outside_terms_are_linked_in_the_mappings_only(files):
    inside = (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        str(RDFS),
        str(OWL),
        str(SKOS),
        DEF,
        ID,
        "http://www.w3.org/2001/XMLSchema#",
    )
    axioms = (
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        SKOS.closeMatch,
        SKOS.exactMatch,
        SKOS.relatedMatch,
        OWL.equivalentClass,
    )
    for file in files.ontology:
        outside = [
            t
            for t in file.triples
            if rdflib.URIRef(t.predicate.value) in axioms
            and str(t.object.value).startswith("http")
            and not t.object.value.startswith(inside)
        ]
        assert bool(outside) == (file.name == "ontology/mappings.ttl"), file.name


def test_the_closed_ontology_is_consistent_and_compiles(files):
    rules = reasoning.compiled(sourcefiles.triples_of(files.ontology))
    names = [rule.name for rule in rules]
    assert len(names) == len(set(names))
    assert "prp-trp-steuntindirectop" in names
    assert "prp-trp-wachtindirectop" not in names


def test_nothing_is_the_same_as_something_outside(files):
    assert [t for file in files for t in file.triples if t.predicate.value == str(OWL.sameAs)] == []
