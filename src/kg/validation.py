"""Files → Report: only known terms, no loose ends, and all shapes (SHACL 1.0) hold."""

from collections.abc import Callable, Iterable
from typing import Literal

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH

from kg import mapping_checks
from kg.errors import DataError
from kg.namespaces import ID, compact
from kg.rdflib_graphs import to_rdflib
from kg.report import SEVERITIES, Finding, Language, Report
from kg.sourcefiles import SourceFiles, own_terms, triples_of
from kg.terms import RDF_TYPE

Engine = Literal["pyshacl", "shifty"]

UNKNOWN_TERM = {
    "nl": "De ontologie kent '{term}' niet. Verbeter de naam, of leg de term vast in ontology/.",
    "en": "The ontology does not know '{term}'. Correct the name, or declare the term in ontology/.",
}
UNKNOWN_THING = {
    "nl": "Geen bestand beschrijft '{thing}'. Verbeter de verwijzing, of beschrijf dit ding.",
    "en": "No file describes '{thing}'. Correct the reference, or describe this thing.",
}
UNTYPED_THING = {
    "nl": "Geen bestand zegt wat '{thing}' is. Geef het een klasse met 'a', of verbeter de naam.",
    "en": "No file says what '{thing}' is. Give it a class with 'a', or correct the name.",
}
# A type from one of these namespaces declares a term.
_DECLARING = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#")


def check(files: SourceFiles, *, language: Language = "nl", engine: Engine = "pyshacl") -> Report:
    """Check the data files against the ontology's terms and the shapes, and for references to nothing."""
    loose_ends = list(unknown_things(files, language))
    # What nobody describes has no class either; one finding says enough.
    undescribed = {finding.value for finding in loose_ends}
    shapes = (finding for finding in shacl(files, language, engine) if finding.value not in undescribed)
    mappings = mapping_checks.check(files.mappings, files.classes(), language)
    return Report.of(
        [*unknown_terms(files, language), *untyped_things(files, language), *loose_ends, *mappings, *shapes]
    )


def unknown_terms(files: SourceFiles, language: Language) -> Iterable[Finding]:
    """A finding for every word in our namespace that a file uses and the ontology does not declare."""
    declared = {
        triple.subject.value
        for triple in triples_of(files.ontology)
        if triple.predicate == RDF_TYPE and triple.object.value.startswith(_DECLARING)
    }
    for file in files:
        for term in sorted(set(own_terms(file.triples)) - declared):
            message = UNKNOWN_TERM[language].format(term=compact(term))
            yield Finding("Violation", file.name, term, "known-terms", message)


def unknown_things(files: SourceFiles, language: Language) -> Iterable[Finding]:
    """A finding for every reference to a thing of ours that no file gives a type."""
    described = files.described_in()
    for file in files.data:
        for subject, predicate, value in file.triples:
            if isinstance(value, ox.NamedNode) and value.value.startswith(ID) and value.value not in described:
                message = UNKNOWN_THING[language].format(thing=compact(value.value))
                yield Finding(
                    "Violation", file.name, subject.value, "known-things", message, predicate.value, value.value
                )


def untyped_things(files: SourceFiles, language: Language) -> Iterable[Finding]:
    """A finding for every thing of ours that a file says something of and none gives a type."""
    described = files.described_in()
    for file in files.data:
        for iri in sorted({t.subject.value for t in file.triples if t.subject.value.startswith(ID)} - described.keys()):
            message = UNTYPED_THING[language].format(thing=compact(iri))
            yield Finding("Violation", file.name, iri, "known-things", message)


def shacl(
    files: SourceFiles, language: Language, engine: Engine, inferred: Iterable[ox.Triple] = ()
) -> Iterable[Finding]:
    """The findings of a SHACL validator on data and ontology together; raises DataError for shapes that are none."""
    data = to_rdflib((*triples_of(files.ontology), *triples_of(files.authored), *inferred))
    shapes = to_rdflib(triples_of(files.shapes))
    report = _ENGINES[engine](data, shapes)
    described = files.described_in()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _finding(report, shapes, result, described, language)


def _pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    try:
        return pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)[1]
    except ReportableRuntimeError as error:
        raise DataError(f"the shapes cannot be used: {' '.join(str(error).split())}") from error


def _shifty(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import shifty

    return shifty.validate(data, shapes, infer=False, graph_mode="data")[1]


_ENGINES: dict[str, Callable[[rdflib.Graph, rdflib.Graph], rdflib.Graph]] = {"pyshacl": _pyshacl, "shifty": _shifty}


def _finding(
    report: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node, described: dict[str, str], language: Language
) -> Finding:
    """One sh:ValidationResult in our words; the message is the shape's own in the asked language."""
    focus = str(report.value(result, SH.focusNode))
    shape = report.value(result, SH.sourceShape)
    value = report.value(result, SH.value)
    severity = str(report.value(result, SH.resultSeverity)).removeprefix(str(SH))
    return Finding(
        severity=severity if severity in SEVERITIES else "Violation",
        file=described.get(focus, ""),
        focus=focus,
        rule=compact(str(shape)),
        message=_message(report, shapes, result, shape, language),
        path=_path(report, result),
        value="" if value is None else str(value),
        constraint=str(report.value(result, SH.sourceConstraintComponent)),
    )


def _message(
    report: rdflib.Graph,
    shapes: rdflib.Graph,
    result: rdflib.term.Node,
    shape: rdflib.term.Node,
    language: Language,
) -> str:
    """The shape's message in the asked language, else in another, else what the validator says."""
    messages = sorted(shapes.objects(shape, SH.message), key=lambda text: (text.language != language, str(text)))
    messages = messages or sorted(report.objects(result, SH.resultMessage))
    return str(messages[0]) if messages else ""


def _path(report: rdflib.Graph, result: rdflib.term.Node) -> str:
    path = report.value(result, SH.resultPath)
    return str(path) if isinstance(path, rdflib.URIRef) else ""
