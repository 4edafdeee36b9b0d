"""Candidates and mentions of a register as SSSOM rows, beside what a person decided before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg import sssom, turtle
from kg.errors import NotFoundError
from kg.linking import candidates, mentions, names, things
from kg.linking.candidates import Candidate
from kg.linking.mentions import Written
from kg.linking.things import Thing
from kg.namespaces import DEF, PREFIXES
from kg.project import Project
from kg.registers.imported import Imported, imports, quads_of
from kg.registers.known import REGISTERS
from kg.sssom import LEXICAL, LITERAL, NAMED_AS, PUBLISHES_AS, Mapping, MappingSet

OFFICIAL_NAME_IN_TEXT = "official name of one thing, in full"
_LONG_ENOUGH = 8
_NAME_IN_SOURCE = DEF + "naamInBron"
_PUBLISHER = PREFIXES["dct"] + "publisher"
_CONFIDENCE = {"official": 0.95, "name": 0.8, "abbreviation": 0.7, "shared": 0.4}


def registers(build: Path) -> dict[str, Imported]:
    """The registers that were imported, by name; raises DataError where an import cannot be used."""
    return {entry.register: entry for entry in imports(build) if entry.register in REGISTERS}


def suggest(project: Project, build: Path, register: str) -> tuple[MappingSet, int]:
    """The mappings of a register: those that a person decided on as they stand, the rest worked out anew.

    Beside them, how many things of ours were linked with one in the register by our own data, and so need none.
    Raises NotFoundError when the register is not imported in `build`, and DataError when files cannot be read.
    """
    known = registers(build)
    if register not in known:
        others = f"imported are: {', '.join(known)}" if known else "nothing is imported yet"
        raise NotFoundError(f"'{register}' is not imported in {build}; {others}. Run 'kg link fetch {register}' first.")
    ours = things.read(own_triples(project))
    before = existing(project, register)
    triples = [quad.triple for quad in quads_of(known[register], build)]
    there = {triple.subject.value for triple in triples}
    linked = sum(1 for thing in ours if thing.matches & there)
    return sssom.with_mappings(before, merged(before.mappings, suggested(ours, triples))), linked


def own_triples(project: Project) -> list[ox.Triple]:
    """The triples of the project's own data, without those of mappings."""
    triples: list[ox.Triple] = []
    for path in project.turtle_files("data"):
        triples += turtle.read(path)
    return triples


def path_of(project: Project, register: str) -> Path:
    """The file of a register's mappings."""
    return project.root / sssom.FOLDER / f"{register}{sssom.SUFFIX}"


def existing(project: Project, register: str) -> MappingSet:
    """The mappings of a register so far; raises DataError when a row of theirs cannot be read."""
    path = path_of(project, register)
    return sssom.read_whole(path) if path.is_file() else MappingSet(register)


def suggested(ours: Sequence[Thing], triples: Sequence[ox.Triple]) -> list[Mapping]:
    """What the records of a register bring: pairs of things, names of publishers, names in texts."""
    found = [_row(candidate) for candidate in candidates.candidates(ours, things.read(triples))]
    published = [things.named(name) for name in sorted(_publishers(ours, triples))]
    parties = [thing for thing in ours if thing.kind == "organisatie"]
    found += [_row(candidate) for candidate in candidates.candidates(parties, published)]
    return [*found, *_mentions(ours, triples)]


def merged(before: Iterable[Mapping], found: Iterable[Mapping]) -> list[Mapping]:
    """The decisions of people as they stand, and what was found beside them.

    What a rule would accept against such a decision is a proposal: a thing for which a person chose another match.
    """
    decided = [mapping for mapping in before if mapping.status in ("accepted", "rejected")]
    pairs = {mapping.pair for mapping in decided}
    matched = {mapping.subject_id for mapping in decided if mapping.holds and mapping.object_type != LITERAL}
    new = [mapping for mapping in found if mapping.pair not in pairs]
    return [*decided, *(_withheld(mapping) if _against(mapping, matched) else mapping for mapping in new)]


def _against(mapping: Mapping, matched: set[str]) -> bool:
    return mapping.holds and mapping.object_type != LITERAL and mapping.subject_id in matched


def _withheld(mapping: Mapping) -> Mapping:
    return replace(mapping, curation_rule_text="", comment=f"{mapping.comment}; another match was accepted before")


def _row(candidate: Candidate) -> Mapping:
    name_only = not candidate.theirs.iri
    return Mapping(
        subject_id=candidate.ours.iri,
        subject_label=candidate.ours.label,
        predicate_id=PUBLISHES_AS if name_only else candidate.predicate,
        object_id=candidate.theirs.iri,
        object_label=candidate.theirs.label,
        object_type=LITERAL if name_only else "",
        mapping_justification=candidate.justification,
        confidence=_number(candidate.confidence),
        curation_rule_text=candidate.rule,
        subject_match_field=candidate.subject_field,
        object_match_field=_NAME_IN_SOURCE if name_only else candidate.object_field,
        match_string=candidate.matched,
        similarity_score="" if candidate.score is None else _number(candidate.score),
        similarity_measure="" if candidate.score is None else candidates.MEASURE,
        comment="; ".join(candidate.reasons),
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _publishers(ours: Iterable[Thing], triples: Iterable[ox.Triple]) -> set[str]:
    """The names of parties in records whose publisher is not known to be one of ours by its identifier."""
    known = {identifier for thing in ours for identifier in thing.identifiers}
    names_of: dict[str, set[str]] = defaultdict(set)
    identified: set[str] = set()
    for subject, predicate, value in triples:
        if predicate.value == _NAME_IN_SOURCE:
            names_of[subject.value].add(value.value)
        elif predicate.value == _PUBLISHER and value.value in known:
            identified.add(subject.value)
    return {name for record, found in names_of.items() if record not in identified for name in found}


def _mentions(ours: Sequence[Thing], triples: Iterable[ox.Triple]) -> list[Mapping]:
    """A row for each thing and each name of it that stands in the texts of some record."""
    vocabulary = mentions.vocabulary(ours)
    records: dict[Written, set[str]] = defaultdict(set)
    for subject, predicate, value in triples:
        if predicate.value in mentions.FIELDS:
            for written in vocabulary.found_in(value.value):
                records[written].add(subject.value)
    by_iri = {thing.iri: thing for thing in ours}
    shared = _shared(ours)
    return [
        _mention(by_iri[iri], written, len(records[written]), shared)
        for written in sorted(records, key=lambda one: (one.text, one.exact))
        for iri in vocabulary.meanings[written]
    ]


def _shared(ours: Iterable[Thing]) -> set[str]:
    """The names and abbreviations, without case and signs, that more than one thing of ours has, of whatever kind."""
    counts = Counter(
        text
        for thing in ours
        for text in {names.plain(one) for one in (*(name.text for name in thing.names), *thing.abbreviations)}
    )
    return {text for text, count in counts.items() if count > 1}


def _mention(thing: Thing, written: Written, count: int, shared: set[str]) -> Mapping:
    name = next((one for one in thing.names if one.text == written.text), None)
    how = "abbreviation" if name is None else "official" if name.official else "name"
    ambiguous = names.plain(written.text) in shared
    automatic = how == "official" and not ambiguous and not written.exact and len(written.text) >= _LONG_ENOUGH
    said = {"official": "official name", "name": "other name", "abbreviation": "abbreviation"}[how]
    return Mapping(
        subject_id=thing.iri,
        subject_label=thing.label,
        predicate_id=NAMED_AS,
        object_label=written.text,
        object_type=LITERAL,
        mapping_justification=LEXICAL,
        confidence=_number(_CONFIDENCE["shared" if ambiguous else how]),
        curation_rule_text=OFFICIAL_NAME_IN_TEXT if automatic else "",
        subject_match_field=name.field if name else DEF + "afkorting",
        match_string=written.text,
        comment=f"{said}; records: {count}" + ("; more than one thing is called so" if ambiguous else ""),
    )


def counts(mappings: MappingSet) -> Dict[str, int]:
    """How many rows have each status."""
    return Counter(mapping.status for mapping in mappings.mappings)
