"""The words are ours: no label or description repeats eight words of a source, but for names and titles."""

import re
from pathlib import Path

import pytest

from kg import sourcefiles
from kg.namespaces import DEF, PREFIXES
from kg.terms import RDF_TYPE

WORD = re.compile(r"[^\W_]+")
LENGTH = 8
LABELS = {PREFIXES["skos"] + name for name in ("prefLabel", "altLabel")}
TEXTS = LABELS | {PREFIXES["dct"] + "description", DEF + "toelichting"}
# What these are called is a name or a title, which is taken over exactly.
NAMED = {
    DEF + name
    for name in (
        "Afspraak",
        "Brondocument",
        "Bronsectie",
        "Organisatie",
        "Organisatiegroep",
        "Pijler",
        "Plan",
        "Prioriteit",
        "Programma",
        "Spoor",
        "Voorziening",
        "Webbron",
        "Wet",
    )
}


def phrases(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, in lower case, without the hyphens that break words."""
    words = [word.lower() for word in WORD.findall(text.replace("\u00ad", ""))]
    return {tuple(words[i : i + LENGTH]) for i in range(len(words) - LENGTH + 1)}


@pytest.fixture(scope="module")
def printed(documents: Path) -> set[tuple[str, ...]]:
    """Every run of eight words in a source text, with words that are broken over lines joined and not."""
    found: set[tuple[str, ...]] = set()
    for path in sorted(documents.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found |= phrases(text) | phrases(re.sub(r"-\s*\n\s*", "", text))
    return found


def test_no_text_of_ours_repeats_a_source(files, printed):
    triples = list(sourcefiles.triples_of(files.data))
    named = {s.value for s, p, o in triples if p == RDF_TYPE and o.value in NAMED}
    # What is part of the plan itself has a printed title, whether it is a spoor or one of the iPlan's six goals.
    named |= {s.value for s, p, o in triples if p.value == DEF + "onderdeelVan" and "/id/plan/" in o.value}
    ours = [
        (s.value, o.value) for s, p, o in triples if p.value in TEXTS and not (p.value in LABELS and s.value in named)
    ]
    assert len(ours) > 500
    assert [entry for entry in ours if phrases(entry[1]) & printed] == []


def test_the_measure_finds_a_copied_sentence(documents: Path, printed):
    line = next(line for line in (documents / "werkagenda-2024.txt").read_text("utf-8").splitlines() if len(line) > 100)
    assert phrases(line) & printed
