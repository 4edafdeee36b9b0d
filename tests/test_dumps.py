"""The dumps of a release: every form says the same, the same graph gives the same bytes, tables explain themselves."""

import csv
import gzip
import hashlib
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from csvw import CSVW, TableGroup

from kg import csvw, dumps, sourcefiles
from kg.errors import ReleaseError
from kg.namespaces import DEF, GRAPH, ID, PREFIXES
from kg.publishing.codelists import LICENCES

FORMS = {"nq.gz": ox.RdfFormat.N_QUADS, "trig.gz": ox.RdfFormat.TRIG, "jsonld.gz": ox.RdfFormat.JSON_LD}
SKOS = PREFIXES["skos"]
LICENCE = LICENCES.iri("naamsvermelding40")
TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
SHUFFLED = """
_:x <urn:p> _:y <https://w3id.org/spoorboek/graph/data/a> .
<urn:a> <urn:p> _:x <https://w3id.org/spoorboek/graph/data/a> .
_:y <urn:p> "een\\nregel | met \\"aanhaling\\""@nl <https://w3id.org/spoorboek/graph/data/a> .
"""


@pytest.fixture(scope="module")
def folder(release) -> Path:
    return release.folder / "dumps"


@pytest.fixture(scope="module")
def tables(folder) -> Path:
    return folder / "csv"


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_whole_says_the_same(folder, form: str):
    content = gzip.decompress((folder / f"spoorboek.{form}").read_bytes())
    plain = ox.parse(path=folder / "spoorboek.nq", format=ox.RdfFormat.N_QUADS)
    assert set(ox.parse(content, format=FORMS[form])) == set(plain)


def test_the_plain_dump_is_in_canonical_form_and_its_hash_is_in_the_manifest(release, folder):
    text = (folder / "spoorboek.nq").read_bytes()
    again = dumps.canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert ox.serialize(again, format=ox.RdfFormat.N_QUADS) == text
    assert release.manifest["canonical"] == {"algorithm": "RDFC-1.0", "sha256": hashlib.sha256(text).hexdigest()}


def test_the_lines_of_the_plain_dump_are_sorted_and_each_is_there_once(folder):
    lines = (folder / "spoorboek.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_labels_of_blank_nodes_and_the_order_do_not_matter():
    other = "\n".join(reversed(SHUFFLED.replace("_:x", "_:b9").replace("_:y", "_:b1").splitlines()))
    assert dumps.canonical(quads(SHUFFLED)) == dumps.canonical(quads(other))
    assert dumps.canonical(quads(SHUFFLED)) != dumps.canonical(quads(SHUFFLED.replace("_:y", "<urn:y>")))


def test_the_authored_data_in_both_its_forms(folder, files):
    authored = set(sourcefiles.triples_of(files.data))
    turtle = ox.parse(path=folder / "spoorboek.ttl", format=ox.RdfFormat.TURTLE)
    xml = ox.parse(gzip.decompress((folder / "spoorboek.rdf.gz").read_bytes()), format=ox.RdfFormat.RDF_XML)
    assert {quad.triple for quad in turtle} == {quad.triple for quad in xml} == authored


def test_each_named_graph_is_a_file(release, folder):
    sizes = {}
    for path in (folder / "graphs").rglob("*.ttl"):
        name = path.relative_to(folder / "graphs").with_suffix("").as_posix()
        sizes[GRAPH + name] = sum(1 for _ in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    assert sizes == release.manifest["graphs"]


def test_packed_files_have_no_name_and_no_time(folder):
    for path in folder.glob("*.gz"):
        head = path.read_bytes()[:10]
        assert head[:4] == b"\x1f\x8b\x08\x00", path
        assert head[4:8] == bytes(4), path


def test_the_checksums_are_as_sha256sum_wants_them(release):
    sums = (release.folder / "SHA256SUMS").read_text(encoding="utf-8")
    names = {line.split("  ", 1)[1] for line in sums.splitlines()}
    assert names == {*release.manifest["files"], "manifest.json"}
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=release.folder, check=True)


def test_a_named_graph_that_could_leave_the_folder_is_refused(tmp_path: Path):
    store = ox.Store()
    store.add(ox.Quad(*(ox.NamedNode(f"urn:{n}") for n in "abc"), ox.NamedNode(f"{GRAPH}data/../../x")))
    with pytest.raises(ReleaseError, match="make the name of a dump"):
        dumps.write(tmp_path / "dumps", store, sourcefiles.SourceFiles(), LICENCE)
    assert not (tmp_path / "x.ttl").exists()


def test_the_tables_are_valid_csvw_by_another_reader(tables):
    """Every cell has the datatype, and every header the name, that the metadata says; no IRI has two rows."""
    read = CSVW(str(tables / csvw.METADATA), validate=True)
    assert read.is_valid, read.warnings
    assert {table.url.string for table in read.tables} == {path.name for path in tables.glob("*.csv")}


def test_the_tables_say_under_which_licence_they_are(tables, tmp_path: Path):
    assert json.loads((tables / csvw.METADATA).read_text(encoding="utf-8"))["dc:license"] == {
        "@id": LICENCES.iri("cc0")
    }
    csvw.write(tmp_path, [], ox.Store(), LICENCE)
    assert json.loads((tmp_path / csvw.METADATA).read_text(encoding="utf-8"))["dc:license"] == {"@id": LICENCE}


def test_that_reader_finds_a_wrong_datatype(tables, tmp_path: Path):
    for name in (csvw.METADATA, "wetten.csv"):
        shutil.copy(tables / name, tmp_path)
    metadata = json.loads((tmp_path / csvw.METADATA).read_text(encoding="utf-8"))
    metadata["tables"] = [table for table in metadata["tables"] if table["url"] == "wetten.csv"]
    (name,) = (c for c in metadata["tables"][0]["tableSchema"]["columns"] if c["name"] == "naam_nl")
    name["datatype"] = "integer"
    (tmp_path / csvw.METADATA).write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(UserWarning, match="Invalid column value"):
        _ = CSVW(str(tmp_path / csvw.METADATA), validate=True).is_valid


def test_every_column_has_a_title_in_both_languages_and_a_meaning(tables):
    metadata = json.loads((tables / csvw.METADATA).read_text(encoding="utf-8"))
    for table in metadata["tables"]:
        names = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(names) == len(set(names)), table["url"]
        for column in table["tableSchema"]["columns"]:
            assert column["name"] in column["titles"]["nl"]
            assert column["titles"]["en"]
            assert "propertyUrl" in column or column["suppressOutput"]


def test_every_thing_with_a_class_is_in_a_table(tables, store):
    things = {
        quad.subject.value
        for graph in store.named_graphs()
        if graph.value.startswith(GRAPH + "data/")
        for quad in store.quads_for_pattern(None, TYPE, None, graph)
    }
    assert {iri for path in tables.glob("*.csv") for iri in rows(path)} == things


def test_a_table_says_what_the_graph_says(tables, store):
    law = rows(tables / "wetten.csv")[f"{ID}wet/avg"]
    assert (law["naam_nl"], law["naam_en"], law["afkorting"], law["identificatie_CELEX"]) == (
        "Algemene verordening gegevensbescherming",
        "General Data Protection Regulation",
        "AVG",
        "32016R0679",
    )
    assert (law["soort"], law["soort_naam"]) == (f"{ID}soort-wet/eu-verordening", "EU-verordening")
    for iri, row in rows(tables / "acties.csv").items():
        said = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(SKOS + "prefLabel"), None, ox.DefaultGraph())
        names = {quad.object.language: quad.object.value for quad in said}
        assert (row["naam_nl"], row["naam_en"]) == (names["nl"], names["en"])


def test_a_table_has_who_takes_part_though_that_is_inferred(tables):
    row = rows(tables / "acties.csv")[f"{ID}actie/werkagenda-2024-2-5-5"]
    assert set(row["uitvoerder"].split("|")) == {f"{ID}organisatie/{ref}" for ref in ("az", "bzk", "dpc", "koop")}
    assert len(row["uitvoerder_naam"].split("|")) == 4


def test_rows_stand_in_the_order_of_the_sources(tables):
    refs = [iri.rpartition("/")[2] for iri in rows(tables / "acties.csv")]
    assert refs.index("werkagenda-2024-2-5-9") < refs.index("werkagenda-2024-2-5-10")


def test_a_value_with_the_separator_in_it_gets_another(tmp_path: Path):
    store, iri, graph = ox.Store(), ox.NamedNode(f"{ID}wet/x"), ox.NamedNode(f"{GRAPH}data/x")
    store.add(ox.Quad(iri, TYPE, ox.NamedNode(DEF + "Wet"), graph))
    for name in ("een | twee", "drie"):
        store.add(ox.Quad(iri, ox.NamedNode(SKOS + "altLabel"), ox.Literal(name, language="nl"), graph))
    csvw.write(tmp_path, store, store, LICENCE)
    assert rows(tmp_path / "wetten.csv")[iri.value]["andereNamen_nl"] == "drie¦een | twee"
    (table,) = TableGroup.from_file(tmp_path / csvw.METADATA).tables
    (row,) = table.iterdicts(strict=True)
    assert row["andereNamen_nl"] == ["drie", "een | twee"]


def test_a_record_of_a_register_is_in_the_table_of_its_own_kind(tmp_path: Path):
    store, graph = ox.Store(), ox.NamedNode(f"{GRAPH}register/x")
    for ref, kinds in {"a": ["Registratie", "Wooregistratie"], "b": ["Registratie"], "c": ["Iets"]}.items():
        for kind in kinds:
            store.add(ox.Quad(ox.NamedNode(f"urn:{ref}"), TYPE, ox.NamedNode(f"{DEF}{kind}"), graph))
    csvw.write(tmp_path, store, store, LICENCE)
    assert {path.stem: list(rows(path)) for path in tmp_path.glob("*.csv")} == {
        "wooregistraties": ["urn:a"],
        "registraties": ["urn:b"],
        "iets": ["urn:c"],
    }


def test_two_properties_of_one_name_have_a_column_each(tmp_path: Path):
    store, graph = ox.Store(), ox.NamedNode(f"{GRAPH}data/x")
    thing = ox.NamedNode(f"{ID}webbron/x")
    store.add(ox.Quad(thing, TYPE, ox.NamedNode(DEF + "Webbron"), graph))
    store.add(ox.Quad(thing, ox.NamedNode(DEF + "uitgever"), ox.Literal("A"), graph))
    store.add(ox.Quad(thing, ox.NamedNode("http://purl.org/dc/terms/publisher"), ox.Literal("B"), graph))
    csvw.write(tmp_path, store, store, LICENCE)
    header = (tmp_path / "webbronnen.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert all(count == 1 for count in Counter(header).values())
    assert set(rows(tmp_path / "webbronnen.csv")[thing.value].values()) >= {"A", "B"}


def test_a_class_of_a_register_is_no_table_of_ours():
    kinds = [f"{DEF}Registratie", f"{PREFIXES['org']}Organization", f"{PREFIXES['tooiont']}Plan"]
    assert csvw._plurals(map(ox.NamedNode, kinds)) == {"organisatieregistraties"}
