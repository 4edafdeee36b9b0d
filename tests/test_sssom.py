"""Files of mappings: what is written is SSSOM, reads back the same, and what is wrong in one is said with its line."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from kg import mapping_checks, sourcefiles, sssom, validation
from kg.errors import DataError
from kg.namespaces import DEF, ID
from kg.project import Project
from kg.sssom import CURATED, EXACT_MATCH, LITERAL, NAMED_AS, Mapping, MappingSet

FILES = sorted((ROOT / "data" / "koppelingen").glob(f"*{sssom.SUFFIX}"))
AWB = Mapping(
    subject_id=f"{ID}wet/awb",
    subject_label="Algemene wet bestuursrecht",
    predicate_id=NAMED_AS,
    object_label="Awb",
    object_type=LITERAL,
    mapping_justification=sssom.LEXICAL,
    confidence="0.7",
    match_string="Awb | awb",
    comment="een\topmerking\nop twee regels",
)
DIGID = Mapping(
    subject_id=f"{ID}organisatie/logius",
    predicate_id=EXACT_MATCH,
    object_id="https://register.example/org/5",
    mapping_justification=CURATED,
    reviewer_label="A. Redacteur",
    review_date="2026-11-22",
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_reads_back_as_the_same_bytes(path: Path):
    assert sssom.write(sssom.read(path)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_file_keeps_the_schema_of_sssom(path: Path, standards: Path):
    schema = json.loads((standards / "sssom" / "sssom_schema.schema.json").read_text(encoding="utf-8"))["$defs"]
    slots, of_set = schema["Mapping"]["properties"], schema["MappingSet"]
    lines = path.read_text(encoding="utf-8").splitlines()
    head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    assert set(of_set["required"]) <= head.keys() <= of_set["properties"].keys()
    columns = next(line for line in lines if not line.startswith("#")).split("\t")
    assert set(schema["Mapping"]["required"]) <= set(columns) <= slots.keys()
    for row in sssom.read(path).mappings:
        assert row.object_type in ("", *schema["EntityTypeEnum"]["enum"])
        assert row.predicate_modifier in ("", *schema["PredicateModifierEnum"]["enum"])
        assert row.mapping_justification in {kind["const"] for kind in slots["mapping_justification"]["anyOf"]}
        assert {getattr(row, name) for name in ("predicate_id", "mapping_justification")}.isdisjoint({""})


def test_the_justifications_are_those_of_the_schema(standards: Path):
    schema = json.loads((standards / "sssom" / "sssom_schema.schema.json").read_text(encoding="utf-8"))["$defs"]
    known = {kind["const"] for kind in schema["Mapping"]["properties"]["mapping_justification"]["anyOf"]}
    assert known == mapping_checks.JUSTIFICATIONS


def test_what_is_written_is_sorted_compact_and_reads_back(tmp_path: Path):
    written = sssom.write(sssom.with_mappings(MappingSet("proef"), [AWB, DIGID]))
    assert written == sssom.write(sssom.with_mappings(MappingSet("proef"), [DIGID, AWB]))
    lines = written.decode().splitlines()
    assert "#  proef: https://register.example/org/" in lines
    assert [line.partition("\t")[0] for line in lines[-2:]] == ["organisatie:logius", "wet:awb"]
    path = tmp_path / "proef.sssom.tsv"
    path.write_bytes(written)
    back = sssom.read(path).mappings
    assert [row.object for row in back] == ["https://register.example/org/5", "Awb"]
    assert back[1].match_string == "Awb | awb"
    assert back[1].comment == "een opmerking op twee regels"


def test_who_decided_is_read_from_the_slots():
    assert AWB.status == "proposed"
    assert DIGID.status == "accepted"
    assert Mapping(curation_rule_text="same identifier").status == "automatic"
    assert Mapping(curation_rule_text="same identifier", predicate_modifier="Not").status == "rejected"


def test_only_what_holds_becomes_triples():
    rejected = Mapping(**{**DIGID.__dict__, "predicate_modifier": "Not", "object_id": "https://register.example/6"})
    triples = sssom.with_mappings(MappingSet("proef"), [AWB, DIGID, rejected]).triples()
    assert [str(triple) for triple in triples] == [
        f"<{ID}organisatie/logius> <{EXACT_MATCH}> <https://register.example/org/5>"
    ]


def test_words_in_the_head_that_a_person_added_stay(tmp_path: Path):
    path = tmp_path / "proef.sssom.tsv"
    sssom.save(MappingSet("proef", {"mapping_set_title": "Eigen titel"}), path)
    assert sssom.read(path).metadata["mapping_set_title"] == "Eigen titel"
    assert list(tmp_path.iterdir()) == [path]


CLASSES = {f"{ID}wet/awb": {f"{DEF}Wet"}, f"{ID}actie/x": {f"{DEF}Actie"}}
COLUMNS = [
    "subject_id",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "object_type",
    "mapping_justification",
]
GOOD = {
    "subject_id": "wet:awb",
    "predicate_id": "skos:exactMatch",
    "object_id": "bwb:BWBR0005537",
    "mapping_justification": "semapv:ManualMappingCuration",
}


def _file(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = ()) -> Path:
    names = [*COLUMNS, *columns]
    lines = ["#mapping_set_id: https://example.org/set", "#license: https://example.org/licence", "\t".join(names)]
    lines += ["\t".join(row.get(name, "") for name in names) for row in rows]
    path = folder / "proef.sssom.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"subject_id": "wet:weg"}, "'wet:weg'"),
        ({"subject_id": "actie:x"}, "knows no organisation"),
        ({"predicate_id": "owl:sameAs"}, "'owl:sameAs' does not belong here"),
        ({"object_id": "onbekend:5"}, "no whole IRI"),
        ({"object_id": ""}, "no whole IRI"),
        ({"predicate_id": "sb:genoemdAls"}, "goes with object_type"),
        ({"object_type": "rdfs literal", "object_id": "", "object_label": "Awb"}, "goes with object_type"),
        ({"predicate_modifier": "Geen"}, "either empty or Not"),
        ({"mapping_justification": "semapv:Gok"}, "does not know the justification"),
        ({"confidence": "1.5"}, "confidence 1.5"),
        ({"confidence": "veel"}, "confidence veel"),
        ({"reviewer_agreement": "-2"}, "reviewer_agreement -2"),
        ({"review_date": "2026-11-22"}, "reviewer_label and review_date together"),
        ({"reviewer_label": "A", "review_date": "gisteren"}, "here stands 'A gisteren'"),
    ],
    ids=lambda value: ",".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_wrong_cell_is_a_finding_with_its_line(tmp_path: Path, wrong: dict[str, str], says: str):
    slots = ("confidence", "reviewer_agreement", "reviewer_label", "review_date")
    path = _file(
        tmp_path,
        GOOD | {"object_id": "bwb:BWBR0000001", "predicate_id": "skos:closeMatch"},
        GOOD | wrong,
        columns=slots,
    )
    (finding,) = mapping_checks.check([sssom.read(path)], CLASSES, "en")
    assert says in finding.message
    assert finding.message.startswith("line 5: ")
    assert finding.file == "data/koppelingen/proef.sssom.tsv"
    (dutch,) = mapping_checks.check([sssom.read(path)], CLASSES)
    assert dutch.message.startswith("regel 5: ")


def test_doubles_and_rivals_are_findings(tmp_path: Path):
    other = GOOD | {"object_id": "bwb:BWBR0000002"}
    path = _file(
        tmp_path, GOOD, GOOD | {"predicate_id": "skos:closeMatch"}, other, GOOD | {"predicate_modifier": "Not"}
    )
    messages = [finding.message for finding in mapping_checks.check([sssom.read(path)], CLASSES, "en")]
    assert [message.partition(" decides")[0] for message in messages if "decides" in message] == [
        "line 5: line 4",
        "line 7: line 4",
    ]
    assert [message.partition(" already")[0] for message in messages if "another match" in message] == [
        "line 6: line 4"
    ]


def test_a_line_with_too_few_cells_is_a_finding(tmp_path: Path):
    path = _file(tmp_path, GOOD)
    path.write_text(path.read_text(encoding="utf-8") + "wet:awb\tskos:exactMatch\n", encoding="utf-8")
    (finding,) = mapping_checks.check([sssom.read(path)], CLASSES, "en")
    assert finding.message.startswith("line 5: the number of cells")
    with pytest.raises(DataError, match="line 5: 2 cells, 7 columns"):
        sssom.read_whole(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"", "the head should be"),
        (b"#license: x\n", "the first line should name columns"),
        (b"#license: x\nsubject_id\tkleur\n", "the columns kleur are not among"),
        (b"#license: [\nsubject_id\n", "the head is no YAML"),
        (b"#license: x\nsubject_id\n#laat: x\n", "before the table only"),
        (b"#a: !!python/object/apply:os.getcwd []\nsubject_id\n", "the head is no YAML"),
    ],
)
def test_a_file_that_is_no_sssom_is_refused(tmp_path: Path, text: bytes, says: str):
    path = tmp_path / "proef.sssom.tsv"
    path.write_bytes(text)
    with pytest.raises(DataError, match=says):
        sssom.read(path)


def test_a_cell_without_end_is_refused(tmp_path: Path):
    path = tmp_path / "proef.sssom.tsv"
    path.write_text("#license: x\nsubject_id\n" + "x" * 200_000, encoding="utf-8")
    with pytest.raises(DataError, match="field larger than field limit"):
        sssom.read(path)


def test_prefixes_of_ones_own_are_never_those_of_others(tmp_path: Path):
    mappings = [Mapping(object_id=f"https://{host}.example/5") for host in ("a", "b")]
    text = sssom.write(sssom.with_mappings(MappingSet("bwb"), mappings)).decode()
    assert "#  bwb2: https://a.example/\n#  bwb3: https://b.example/" in text
    path = tmp_path / "bwb.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    assert [row.object_id for row in sssom.read(path).mappings] == [mapping.object_id for mapping in mappings]


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match=r"weg\.sssom\.tsv"):
        sssom.read(tmp_path / "weg.sssom.tsv")


def test_validation_reports_what_is_wrong_in_a_file_of_mappings(small_world: Project):
    folder = small_world.root / "data" / "koppelingen"
    folder.mkdir()
    _file(folder, GOOD | {"subject_id": "wet:weg", "predicate_modifier": "Not"})
    report = validation.check(sourcefiles.read(small_world), engine="shifty", language="en")
    (finding,) = [finding for finding in report.findings if finding.rule == mapping_checks.RULE]
    assert (finding.file, finding.severity) == ("data/koppelingen/proef.sssom.tsv", "Violation")


def test_what_does_not_hold_adds_nothing_to_a_project(small_world: Project):
    folder = small_world.root / "data" / "koppelingen"
    folder.mkdir()
    shutil.copy(_file(small_world.root, GOOD | {"predicate_modifier": "Not"}), folder)
    (file,) = [file for file in sourcefiles.read(small_world).data if file.name.endswith(sssom.SUFFIX)]
    assert (file.triples, file.graph.value.rpartition("/")[2]) == ([], "proef")


def test_a_head_that_names_itself_again_and_again_is_read_at_once(tmp_path):
    deeper = "".join(f"#  l{n}: &l{n} [*l{n - 1}, *l{n - 1}, *l{n - 1}, *l{n - 1}]\n" for n in range(1, 40))
    path = tmp_path / f"proef{sssom.SUFFIX}"
    path.write_text(f"#curie_map:\n#  ex: https://r.example/\n#  l0: &l0 [x, x, x, x]\n{deeper}subject_id\nex:1\n")
    assert [mapping.subject_id for mapping in sssom.read(path).mappings] == ["https://r.example/1"]
