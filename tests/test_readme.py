"""The README shows what the project really prints, and no number that the graph does not have."""

import re

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from kg import queries
from kg.cli import app

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```console\n\$ kg ([^\n]*)\n(.+?)\n```$", README, re.MULTILINE | re.DOTALL)
ANSWERS = [(command, output) for command, output in SHOWN if not output.startswith("$")]
COUNTS = re.findall(r"^\| ([a-z]+) \| (\d+) \|$", README, re.MULTILINE)


def test_the_readme_shows_answers_and_counts():
    assert len(ANSWERS) == 1
    assert len(COUNTS) == 16


@pytest.mark.parametrize(("command", "output"), ANSWERS, ids=[command for command, _ in ANSWERS])
def test_a_command_prints_what_the_readme_shows(command: str, output: str, release, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KG_BUILD", str(release.folder.parent))
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(app, command.split()).stdout == output + "\n"


@pytest.mark.parametrize(("label", "number"), COUNTS)
def test_a_number_is_that_of_the_graph(label: str, number: str, store):
    query = f"""
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT (COUNT(DISTINCT ?ding) AS ?aantal) {{ ?ding a ?klasse . ?klasse rdfs:label "{label}"@nl }}
    """
    assert next(iter(store.query(query)))["aantal"].value == number


def test_every_question_is_listed_with_its_title():
    listed = set(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", README, re.MULTILINE))
    titles = {(path.stem, queries.read(path).titles["en"]) for path in (ROOT / "queries").glob("*.rq")}
    assert titles <= listed


def test_every_link_leads_somewhere():
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []
