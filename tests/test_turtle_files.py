"""Every Turtle file parses, is formatted, and uses each prefix it declares."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT

from kg import turtle
from kg.errors import DataError
from kg.namespaces import PREFIXES

TURTLE_FILES = sorted(
    path for folder in ("ontology", "shapes", "data", "tests") for path in (ROOT / folder).rglob("*.ttl")
)
PREFIX = re.compile(r"^@prefix ([\w-]*): <([^>]*)> \.$", re.MULTILINE)


@pytest.mark.parametrize("path", TURTLE_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_prefixes_are_sorted_and_used(path: Path):
    text = path.read_text(encoding="utf-8")
    body = PREFIX.sub("", text)
    names = [name for name, _ in PREFIX.findall(text)]
    assert names == sorted(names)
    assert [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}:", body)] == []


@pytest.mark.parametrize("path", TURTLE_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_prefixes_are_those_of_the_library(path: Path):
    declared = PREFIX.findall(path.read_text(encoding="utf-8"))
    assert {name: iri for name, iri in declared if name in PREFIXES and PREFIXES[name] != iri} == {}


def test_files_are_formatted():
    command = [Path(sysconfig.get_path("scripts")) / "turtlefmt", "--check", *TURTLE_FILES]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_data_has_no_blank_nodes(files):
    import pyoxigraph as ox

    blank = [
        (file.name, triple)
        for file in files.data
        for triple in file.triples
        if any(isinstance(n, ox.BlankNode) for n in triple)
    ]
    assert blank == []


def test_a_syntax_error_names_file_and_line(tmp_path: Path):
    path = tmp_path / "kapot.ttl"
    path.write_text(
        "@prefix sb: <https://w3id.org/spoorboek/def#> .\n\nsb:x a sb:Actie\nsb:y a sb:Actie .\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"kapot\.ttl line 4: "):
        turtle.read(path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00"], ids=["not UTF-8", "null byte"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "kapot.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"kapot\.ttl"):
        turtle.read(path)


def test_an_unknown_format_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="no RDF format"):
        turtle.read(tmp_path / "data.xlsx")


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match=r"weg\.ttl"):
        turtle.read(tmp_path / "weg.ttl")
