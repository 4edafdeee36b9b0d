"""Every command: help with an example, one clear line for each wrong input, the right exit code."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import typer
from conftest import ROOT
from typer.testing import CliRunner

from kg.cli import app

KG = Path(sysconfig.get_path("scripts")) / "kg"
COMMANDS = {
    " ".join(name): command
    for group, command_names in [((), typer.main.get_command(app).commands)]
    for word, command in command_names.items()
    for name, command in (
        [((*group, word), command)]
        if not hasattr(command, "commands")
        else [((*group, word, sub), leaf) for sub, leaf in command.commands.items()]
    )
}


@pytest.fixture
def kg(release, monkeypatch: pytest.MonkeyPatch):
    """Run a command in this process, on the session's release, from the project's folder."""
    monkeypatch.setenv("KG_BUILD", str(release.folder.parent))
    monkeypatch.chdir(ROOT)
    return lambda *arguments, **options: CliRunner().invoke(app, [str(a) for a in arguments], **options)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name: str):
    help_text = COMMANDS[name].help
    assert f"Example: kg {name}" in help_text


def test_validate_says_that_nothing_is_wrong(kg):
    result = kg("validate", "--engine", "shifty")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("0 Violation")


def test_validate_of_a_wrong_file_names_it_and_exits_1(kg):
    sample = ROOT / "tests" / "shapes" / "actie-invalid-deelname-verplicht.ttl"
    result = kg("validate", sample, "--engine", "shifty", "--format", "json", "--lang", "en")
    assert result.exit_code == 1
    assert {entry["rule"] for entry in json.loads(result.output)} == {"sbsh:Actie-deelname-verplicht"}


def test_validate_any_file_against_any_shapes(kg, tmp_path: Path):
    (tmp_path / "d.ttl").write_text("<urn:a> a <urn:K> .\n", encoding="utf-8")
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:S> a sh:NodeShape ; sh:targetClass <urn:K> ; sh:property <urn:P> .\n"
        '<urn:P> a sh:PropertyShape ; sh:path <urn:p> ; sh:minCount 1 ; sh:message "Geef p."@nl .\n',
        encoding="utf-8",
    )
    result = kg("validate", tmp_path / "d.ttl", "--shapes", tmp_path / "s.ttl")
    assert result.exit_code == 1
    assert "Geef p." in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["validate", "weg.ttl"], "weg.ttl"),
        (["validate", "README.md"], "no RDF format"),
        (["query", "bestaat-niet"], "no question 'bestaat-niet'; there are: "),
        (["query", "wat-raakt-voorziening"], "needs a value: --param voorziening=voorziening/digid"),
        (["query", "wat-raakt-voorziening", "--param", "voorziening"], "write name=value"),
        (["query", "wat-raakt-voorziening", "--param", "voorziening=a b"], "'a b' is no iri"),
        (["query", "wat-raakt-voorziening", "--param", "voorziening=voorziening/nope"], "knows no voorziening:nope"),
        (["query", "voorzieningen-in-meer-prioriteiten", "--param", "a=1", "--param", "a=2"], "given twice"),
        (["query", "wat-raakt-voorziening", "--param", "wet=wet/avg"], "has no parameter 'wet'"),
        (["query", "voorzieningen-in-meer-prioriteiten", "--format", "turtle"], "does not fit this kind of answer"),
        (["query", "weg.rq"], "weg.rq"),
        (["query", "-"], "stdin: "),
        (["query", "voorzieningen-in-meer-prioriteiten", "--out", "/weg"], "Run 'kg build' first"),
        (["sources", "check", "--documents", "weg"], "is no folder"),
        (["build", "--out", "README.md"], "cannot be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input_gets_one_clear_line_and_exit_code_2(kg, arguments: list[str], says: str):
    result = kg(*arguments, input="SELECT nonsense")
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


def test_query_answers_in_every_format_that_fits(kg):
    sizes = {
        name: len(kg("query", "voorzieningen-in-meer-prioriteiten", "--format", name).stdout)
        for name in ("table", "json", "csv", "tsv", "xml")
    }
    assert all(size > 100 for size in sizes.values()), sizes


def test_query_takes_a_question_of_ones_own(kg):
    ask = kg("query", "-", input="PREFIX sb: <https://w3id.org/spoorboek/def#> ASK { ?x a sb:Actie }")
    assert ask.stdout == "yes\n"
    construct = kg("query", "-", "--format", "nt", input="CONSTRUCT { <urn:a> <urn:b> 1 } {}")
    assert construct.stdout == '<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


def when_ready(address: str) -> dict:
    """What the service says of itself once its workers have started."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address + "health/ready", timeout=20) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            error.close()
            time.sleep(0.1)
    raise AssertionError("the service is not ready after ten seconds")


def test_serve_answers_and_stops_and_a_taken_port_is_one_line(release):
    environment = {**os.environ, "KG_BUILD": str(release.folder.parent), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [KG, "serve", "--port", "0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        address = process.stdout.readline().split()[-1]
        assert address.startswith("http://127.0.0.1:")
        assert when_ready(address) == {"status": "ok", "release": release.version}
        port = address.rstrip("/").rpartition(":")[2]
        second = subprocess.run(
            [KG, "serve", "--port", port], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert (second.returncode, second.stdout) == (2, "")
        assert f"cannot listen on 127.0.0.1 port {port}" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.mark.parametrize(
    ("name", "value"), [("KG_QUERY_SECONDS", "nooit"), ("KG_QUERY_WORKERS", "0"), ("KG_WORKER_BYTES", "1000")]
)
def test_a_wrong_setting_is_one_line(kg, monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    result = kg("serve", "--port", "0")
    assert result.exit_code == 2
    assert f"wrong setting {name}={value}: " in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_serve_builds_where_there_is_no_release(small_world, tmp_path: Path):
    environment = {**os.environ, "KG_BUILD": str(tmp_path / "uit"), "PYTHONUNBUFFERED": "1"}
    command = [KG, "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=small_world.root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("Spoorboek ")
            assert (tmp_path / "uit" / "current" / "manifest.json").is_file()
        finally:
            process.terminate()


def test_the_command_line_starts_without_the_heavy_libraries():
    code = "import sys, kg.cli; print(sorted({'rdflib', 'pyshacl', 'owlrl', 'fastapi'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
