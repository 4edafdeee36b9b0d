"""Links out: candidates against a labelled sample, mentions, suggestions beside decisions, what follows for records."""

import csv
from pathlib import Path

import pytest

from kg.linking import things
from kg.linking.suggestions import own_triples
from kg.linking.things import Name, Thing

PAIRS = Path(__file__).parent / "linking" / "pairs.tsv"
TOOI = "https://identifier.overheid.nl/tooi/id/"


@pytest.fixture(scope="module")
def ours(project) -> list[Thing]:
    return things.read(own_triples(project))


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def _theirs(row: dict[str, str]) -> Thing:
    if row["pool"] == "writings":
        return things.named(row["theirs"])
    iri = TOOI + row["ref"] if row["pool"] == "tooi" else f"https://wetten.example/{row['theirs'].replace(' ', '-')}"
    short = frozenset([row["abbreviation"]] if row["abbreviation"] else [])
    return things.thing(iri, row["kind"], (Name(row["theirs"], official=True),), short)
