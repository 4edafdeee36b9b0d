"""Every question has titles, runs with its own sample values, and gives rows."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT

from kg import queries
from kg.errors import QueryError
from kg.store import ask, rows

QUESTIONS = sorted((ROOT / "queries").glob("*.rq"))
QUALITY = sorted((ROOT / "queries" / "quality").glob("*.rq"))
ALL = sorted((ROOT / "queries").rglob("*.rq"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_query_has_titles_in_both_languages(path: Path):
    assert set(queries.read(path).titles) == {"nl", "en"}


# Questions to which the plans give no answer; test_answers.py asks them of a world that does.
UNANSWERED = {"af-voor-wat-het-nodig-heeft"}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_gives_rows_for_its_sample(path: Path, store: ox.Store, store_with_registers: ox.Store):
    query = queries.read(path)
    found = rows(ask(store_with_registers if query.needs else store, query, query.samples()))
    assert bool(found) == (path.stem not in UNANSWERED)
    assert len({tuple(sorted(row.items())) for row in found}) == len(found)


@pytest.mark.parametrize("path", [path for path in QUESTIONS if queries.read(path).needs], ids=lambda path: path.stem)
def test_a_question_without_the_register_it_needs_has_no_answer(path: Path, store: ox.Store):
    query = queries.read(path)
    assert rows(ask(store, query, query.samples())) == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_list_of_rows_has_an_order(path: Path):
    text = queries.read(path).text
    assert "ORDER BY" in text or "CONSTRUCT" in text


@pytest.mark.parametrize("path", QUALITY, ids=lambda path: path.stem)
def test_every_quality_query_says_what_is_wrong_and_what_to_do(path: Path, store: ox.Store):
    query = queries.read(path)
    assert query.header["severity"] in ("Violation", "Warning", "Info")
    assert {f"{kind}-{language}" for kind in ("problem", "solution") for language in ("nl", "en")} <= set(query.header)
    assert ox.Variable("thing") in store.query(query.text).variables


@pytest.mark.parametrize(
    ("type_", "value", "term"),
    [
        ("iri", "voorziening/digid", ox.NamedNode("https://w3id.org/spoorboek/id/voorziening/digid")),
        ("iri", "voorziening:digid", ox.NamedNode("https://w3id.org/spoorboek/id/voorziening/digid")),
        ("iri", "<https://w3id.org/spoorboek/id/wet/avg>", ox.NamedNode("https://w3id.org/spoorboek/id/wet/avg")),
        ("integer", "12", ox.Literal(12)),
        ("year", "2024", ox.Literal("2024", datatype=queries.XSD_GYEAR)),
        ("text", "} DROP ALL", ox.Literal("} DROP ALL")),
    ],
)
def test_a_parameter_becomes_a_term(type_, value, term):
    assert queries.Parameter("x", type_, "").term(value) == term


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("iri", "digid"),
        ("iri", "https://a b"),
        ("iri", "wet/avg> }"),
        ("integer", "²"),
        ("integer", "-1"),
        ("year", "24"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(type_, value):
    with pytest.raises(QueryError, match="parameter 'x'"):
        queries.Parameter("x", type_, "?").term(value)


def test_a_wrong_header_is_refused():
    with pytest.raises(QueryError, match="should be: name, type"):
        queries.parse("proef", "#+ param: x kleur rood\nASK {}")
