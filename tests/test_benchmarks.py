"""The data for the benchmarks: the same each time, of our own shape, and fit to be served. Nothing is timed."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.settings import Settings

from benchmarks.generate import generate, parts, small_project
from kg.checks import check_project
from kg.project import Project
from kg.release import Release

ACTIE = "https://w3id.org/spoorboek/id/actie/agenda-0-1-1-1"


@pytest.fixture(scope="module")
def generated(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A small release: all words, and as few agendas as that takes."""
    return generate(project, 8_000, tmp_path_factory.mktemp("generated"))


def test_same_size_gives_same_release(project: Project, generated: Release, tmp_path: Path):
    again = generate(project, 8_000, tmp_path)
    assert again.version == generated.version
    assert again.manifest == generated.manifest


def test_agendas_hold_against_the_ontology_and_the_shapes(project: Project, tmp_path: Path):
    report = check_project(small_project(project, tmp_path), engine="shifty")
    assert not report.has_violations, report


def test_every_agenda_speaks_of_its_own_things_only(project: Project):
    _, agendas = parts(project)
    for number, part in enumerate(agendas):
        others = {f"agenda-{other}" for other in range(len(agendas))} - {f"agenda-{number}"}
        assert not [line for line in part.lines for other in others if f"/{other}" in line]


def test_release_is_served(project: Project, generated: Release):
    current = Release.current(generated.folder.parent)
    query = f"SELECT * {{ GRAPH ?graph {{ <{ACTIE}> ?property ?value }} }}"
    with TestClient(create_app(project, lambda: current, Settings())) as client:
        answer = client.get("/sparql", params={"query": query, "format": "json"})
    graphs = {row["graph"]["value"] for row in answer.json()["results"]["bindings"]}
    assert "https://w3id.org/spoorboek/graph/data/agenda-0" in graphs
    assert any("/inferred/" in graph for graph in graphs)
    assert graphs <= set(json.loads((current.folder / "manifest.json").read_text())["graphs"])
