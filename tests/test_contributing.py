"""The examples of CONTRIBUTING.md are what the project holds, formatted as it wants them."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT

from kg import queries, turtle
from kg.sourcefiles import SourceFiles, triples_of
from kg.store import ask, rows

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TURTLE = re.findall(r"^```turtle\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
SPARQL = re.findall(r"^```sparql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def known(files: SourceFiles) -> set[ox.Triple]:
    samples = (ROOT / "tests" / "shapes").glob("*.ttl")
    return {*triples_of(files), *(triple for path in samples for triple in turtle.read(path))}


@pytest.mark.parametrize("number", range(len(TURTLE)))
def test_a_turtle_example_stands_in_the_project(number: int, tmp_path: Path, known: set[ox.Triple]):
    path = tmp_path / "example.ttl"
    path.write_text(TURTLE[number], encoding="utf-8")
    command = [Path(sysconfig.get_path("scripts")) / "turtlefmt", "--check", path]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert set(turtle.read(path)) - known == set()


@pytest.mark.parametrize("number", range(len(SPARQL)))
def test_a_sparql_example_gives_rows(number: int, store: ox.Store):
    query = queries.parse("example", SPARQL[number])
    assert set(query.titles) == {"nl", "en"}
    assert rows(ask(store, query, query.samples()))
