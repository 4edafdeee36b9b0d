"""Every identifier of law, party or regulation is in the lists of official identifiers, on the thing of that name."""

import csv
from pathlib import Path

import pytest

from kg import sourcefiles
from kg.namespaces import DEF, PREFIXES

IDENTIFIER = PREFIXES["dct"] + "identifier"
EXACT_MATCH = PREFIXES["skos"] + "exactMatch"


@pytest.fixture(scope="module")
def facts(files) -> list[tuple[str, str, str]]:
    """Thing, kind of identifier and identifier, for every identifier in the data."""
    triples = list(sourcefiles.triples_of(files.data))
    typed = [(s.value, o.datatype.value.removeprefix(DEF), o.value) for s, p, o in triples if p.value == IDENTIFIER]
    return typed + [(s.value, "IRI", o.value) for s, p, o in triples if p.value == EXACT_MATCH]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_identifier_stands_in_an_official_list(facts, standards: Path):
    laws = _rows(standards / "wetten.csv")
    parties = _rows(standards / "tooi" / "organisaties-agenda.csv")
    official = {("BWB", row["bwb"]) for row in laws} | {("CELEX", row["celex"]) for row in laws}
    official |= {("OIN", row["oin"]) for row in parties}
    official |= {("IRI", row["eli"]) for row in laws} | {("IRI", row["tooi_uri"]) for row in parties}
    official |= {("IRI", row["tooi_uri"]) for row in _rows(standards / "tooi" / "organisaties-met-tooi.csv")}
    assert len(facts) > 50
    assert [fact for fact in facts if fact[1:] not in official] == []


def test_two_identifiers_of_one_thing_stand_in_one_row(facts, standards: Path):
    """So that the number of one law or party never ends up on another."""
    lists = ("wetten.csv", "tooi/organisaties-agenda.csv", "tooi/organisaties-met-tooi.csv")
    rows = [row for name in lists for row in _rows(standards / name)]
    values = [set(row.values()) for row in rows]
    by_thing: dict[str, set[str]] = {}
    for thing, _, value in facts:
        by_thing.setdefault(thing, set()).add(value)
    assert [thing for thing, found in by_thing.items() if not any(found <= row for row in values)] == []


def test_no_identifier_is_on_two_things(facts):
    values = [fact[1:] for fact in facts]
    assert sorted({value for value in values if values.count(value) > 1}) == []
