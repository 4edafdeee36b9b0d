"""Files of mappings → findings: what stands wrong on which line."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict

from kg import sssom
from kg.namespaces import DEF, compact
from kg.report import Finding, Language
from kg.sssom import LITERAL, NOT, Mapping, MappingSet, Row

RULE = "mappings"
JUSTIFICATIONS = frozenset(
    f"semapv:{name}"
    for name in (
        *("LexicalMatching", "LogicalReasoning", "CompositeMatching", "UnspecifiedMatching", "MappingReview"),
        *("SemanticSimilarityThresholdMatching", "LexicalSimilarityThresholdMatching", "MappingChaining"),
        *("ManualMappingCuration", "MappingInversion", "StructuralMatching", "InstanceBasedMatching"),
        "BackgroundKnowledgeBasedMatching",
    )
)
"""The kinds of reason that SSSOM 1.1 knows."""
_LINKED = frozenset(DEF + name for name in ("Organisatie", "Wet", "Voorziening", "Afspraak", "Programma"))
_NUMBERS = {"confidence": (0, 1), "similarity_score": (0, 1), "reviewer_agreement": (-1, 1)}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")

_MESSAGES = {
    "cells": (
        "het aantal cellen is niet dat van de kolommen ({value}). Vul lege cellen aan.",
        "the number of cells is not that of the columns ({value}). Fill in empty cells.",
    ),
    "subject": (
        "de graaf kent geen organisatie, wet, voorziening, afspraak of programma '{value}'. Verbeter subject_id.",
        "the graph knows no organisation, law, facility, agreement or programme '{value}'. Correct subject_id.",
    ),
    "predicate": (
        "'{value}' hoort hier niet. Kies skos:exactMatch, skos:closeMatch, sb:publiceertAls of sb:genoemdAls.",
        "'{value}' does not belong here. Choose skos:exactMatch, skos:closeMatch, sb:publiceertAls or sb:genoemdAls.",
    ),
    "object": (
        "'{value}' is geen volledige IRI. Zet het voorvoegsel in curie_map, of verbeter object_id.",
        "'{value}' is no whole IRI. Put its prefix in curie_map, or correct object_id.",
    ),
    "literal": (
        "een naam in object_label vraagt om object_type 'rdfs literal', een lege object_id en sb:publiceertAls of "
        "sb:genoemdAls, en andersom. Verbeter wat niet klopt: '{value}'.",
        "a name in object_label goes with object_type 'rdfs literal', an empty object_id and sb:publiceertAls or "
        "sb:genoemdAls, and the other way round. Correct what is wrong: '{value}'.",
    ),
    "modifier": (
        "predicate_modifier kan leeg zijn of Not, niet '{value}'.",
        "predicate_modifier is either empty or Not, not '{value}'.",
    ),
    "justification": (
        "SSSOM kent de reden '{value}' niet. Kies bijvoorbeeld semapv:ManualMappingCuration.",
        "SSSOM does not know the justification '{value}'. Choose for example semapv:ManualMappingCuration.",
    ),
    "number": ("'{value}' past niet: schrijf een getal tussen de grenzen.", "'{value}' does not fit: write a number."),
    "day": (
        "een beoordeling heeft reviewer_label en review_date samen, de dag als 2026-11-22; hier staat '{value}'.",
        "a review has reviewer_label and review_date together, the day as 2026-11-22; here stands '{value}'.",
    ),
    "twice": (
        "over dit paar beslist regel {value} al. Houd er één.",
        "line {value} decides on this pair already. Keep one.",
    ),
    "rival": (
        "regel {value} geeft hetzelfde ding of dezelfde naam al iets anders dat geldt. Wijs er een af.",
        "line {value} already gives the same thing or the same name another match that holds. Reject one.",
    ),
}
_LINE = {"nl": "regel {line}: {message}", "en": "line {line}: {message}"}


def check(sets: Iterable[MappingSet], classes: Dict[str, set[str]], language: Language = "nl") -> Iterator[Finding]:
    """Findings of every file; `classes` gives the classes of each thing of ours."""
    for mappings in sets:
        file = f"{sssom.FOLDER}/{mappings.name}{sssom.SUFFIX}"
        for row, problem, value in _problems(mappings, classes):
            message = _MESSAGES[problem][language == "en"].format(value=value)
            said = _LINE[language].format(line=row.line, message=message)
            yield Finding("Violation", file, row.mapping.subject_id, RULE, said, value=value)


def _problems(mappings: MappingSet, classes: Dict[str, set[str]]) -> Iterator[tuple[Row, str, str]]:
    for row in mappings.rows:
        if row.problem:
            yield row, "cells", row.problem
            continue
        for problem, value in (*_ends(row.mapping, classes), *_slots(row.mapping)):
            yield row, problem, value
    yield from _doubles([row for row in mappings.rows if not row.problem])


def _ends(mapping: Mapping, classes: Dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """What is wrong with subject, predicate or object."""
    if not classes.get(mapping.subject_id, set()) & _LINKED:
        yield "subject", compact(mapping.subject_id)
    if mapping.predicate_id not in sssom.PREDICATES:
        yield "predicate", compact(mapping.predicate_id)
    elif (mapping.predicate_id in sssom.OF_NAMES) != _is_name(mapping):
        yield "literal", mapping.object_label or mapping.object_id
    if not _is_name(mapping) and not _IRI.fullmatch(mapping.object_id):
        yield "object", mapping.object_id


def _is_name(mapping: Mapping) -> bool:
    return mapping.object_type == LITERAL and not mapping.object_id and bool(mapping.object_label)


def _slots(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """What is wrong with the other cells."""
    if mapping.predicate_modifier not in ("", NOT):
        yield "modifier", mapping.predicate_modifier
    if mapping.mapping_justification not in JUSTIFICATIONS:
        yield "justification", mapping.mapping_justification
    for name, (low, high) in _NUMBERS.items():
        value = getattr(mapping, name)
        if value and not (_NUMBER.fullmatch(value) and low <= float(value) <= high):
            yield "number", f"{name} {value}"
    day = mapping.review_date
    if bool(day) != bool(mapping.reviewer_label) or (day and not sssom.DAY.fullmatch(day)):
        yield "day", f"{mapping.reviewer_label} {day}".strip()


def _doubles(rows: Iterable[Row]) -> Iterator[tuple[Row, str, str]]:
    """Rows on one pair, and rows that hold against each other."""
    pairs: dict[tuple, int] = {}
    holding: dict[tuple, int] = {}
    for row in rows:
        before = pairs.setdefault(row.mapping.pair, row.line)
        if before != row.line:
            yield row, "twice", str(before)
            continue
        for key in _only_once(row.mapping):
            rival = holding.setdefault(key, row.line)
            if rival != row.line:
                yield row, "rival", str(rival)


def _only_once(mapping: Mapping) -> Iterator[tuple[str, str, str]]:
    """What may hold only once in a register: an exact match of a thing and of a record, the meaning of a name."""
    if not mapping.holds:
        return
    if mapping.predicate_id == sssom.EXACT_MATCH:
        yield "subject", mapping.subject_id, mapping.predicate_id
        yield "object", mapping.object_id, mapping.predicate_id
    elif mapping.predicate_id in sssom.OF_NAMES:
        yield "object", mapping.object_label, mapping.predicate_id
