"""Valid samples pass, each invalid one fails on exactly its shape, and every shape has one."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SH

from kg import sourcefiles, turtle, validation
from kg.namespaces import SHAPES, compact
from kg.rdflib_graphs import to_rdflib
from kg.report import Finding
from kg.sourcefiles import SourceFile, SourceFiles

FOLDER = Path(__file__).parent / "shapes"
VALID = sorted(FOLDER.glob("*-valid-*.ttl"))
INVALID = sorted(FOLDER.glob("*-invalid-*.ttl"))
EXPECTS = re.compile(r"^# expects: (sbsh:\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def shapes(files) -> rdflib.Graph:
    return to_rdflib(sourcefiles.triples_of(files.shapes))


@pytest.fixture(scope="module")
def findings(files):
    """A function from samples to the findings of the shapes, by one of the validators."""

    def check(paths: list[Path], engine: validation.Engine) -> list[Finding]:
        samples = [SourceFile(path.name, ox.NamedNode("urn:sample"), turtle.read(path)) for path in paths]
        return list(validation.shacl(SourceFiles(files.ontology, files.shapes, samples), "nl", engine))

    return check


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_sample_passes(path: Path, findings):
    assert [f for f in findings([path], "shifty") if f.severity != "Info"] == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_sample_fails_on_its_shape_only(path: Path, findings):
    expected = EXPECTS.findall(path.read_text(encoding="utf-8"))
    assert len(expected) == 1
    assert {finding.rule for finding in findings([path], "shifty")} == set(expected)


def test_the_reference_validator_agrees_on_all_samples_together(findings):
    found = [
        {(f.focus, f.rule, f.constraint, f.value) for f in findings(INVALID, engine)}
        for engine in ("pyshacl", "shifty")
    ]
    assert found[0] == found[1]


def test_every_property_shape_has_a_sample_that_fails_on_it(shapes):
    expected = {name for path in INVALID for name in EXPECTS.findall(path.read_text(encoding="utf-8"))}
    named = {compact(shape) for shape in shapes.subjects(RDF.type, SH.PropertyShape) if shape.startswith(SHAPES)}
    assert sorted(named - expected) == []


def test_every_node_shape_has_a_sample_that_passes(shapes):
    classes = {path.stem.partition("-")[0] for path in VALID}
    targets = {compact(cls).partition(":")[2].lower() for cls in shapes.objects(None, SH.targetClass)}
    assert sorted(targets - classes - {"concept", "afhankelijkheid"}) == []


def test_every_property_shape_says_what_to_do_in_both_languages(shapes):
    wrong = [
        shape
        for shape in shapes.subjects(RDF.type, SH.PropertyShape)
        if sorted(str(message.language) for message in shapes.objects(shape, SH.message)) != ["en", "nl"]
        or len(list(shapes.objects(shape, SH.severity))) != 1
    ]
    assert wrong == []


def test_every_shacl_term_exists(shapes):
    used = {
        node for triple in shapes for node in triple if isinstance(node, rdflib.URIRef) and node.startswith(str(SH))
    }
    assert [term for term in used if term not in SH] == []


def test_shapes_have_readable_names(shapes):
    for shape in {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}:
        assert isinstance(shape, rdflib.URIRef)
        assert re.fullmatch(r"sbsh:\w+(-[\w-]+)?", compact(shape))
