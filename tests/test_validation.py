"""Wrong data gives one clear finding with its file; validators agree; reports come in every form."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg import sourcefiles, validation
from kg.checks import check_project
from kg.errors import DataError
from kg.namespaces import PREFIXES
from kg.report import Finding, Report
from kg.report_formats import FORMATS


def replace(world, old: str, new: str) -> None:
    """Change the one place in the small world's data that reads `old`."""
    path = world.root / "data" / "wereld.ttl"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def leave_out_the_party(world) -> None:
    """Take the only party of the only action away."""
    replace(world, " ;\n    sb:deelname betrokkenheid:werkagenda-proef-1-1-1-proefdienst .", " .")
    path = world.root / "data" / "wereld.ttl"
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(b for b in blocks if not b.startswith("betrokkenheid:")), encoding="utf-8")


def violations(world) -> list[Finding]:
    return [finding for finding in check_project(world).findings if finding.severity == "Violation"]


def test_the_small_world_is_valid(small_world):
    assert violations(small_world) == []


def test_the_shipped_data_is_valid(project):
    # The other validator checks it before each release is made, and so before most of these tests.
    report = check_project(project, engine="shifty")
    assert [finding for finding in report.findings if finding.severity == "Violation"] == []


def test_a_syntax_error_names_file_and_line(small_world):
    replace(small_world, 'sb:nummer "1.1.1" ;', 'sb:nummer "1.1.1"')
    with pytest.raises(DataError, match=r"^data/wereld\.ttl line \d+: "):
        check_project(small_world)


def test_every_unreadable_file_is_named_at_once(small_world):
    (small_world.root / "data" / "a.ttl").write_text("kapot", encoding="utf-8")
    (small_world.root / "data" / "b.ttl").write_text("kapot", encoding="utf-8")
    with pytest.raises(DataError, match=r"(?s)data/a\.ttl line 1.*data/b\.ttl line 1"):
        check_project(small_world)


def test_an_unknown_term_is_one_finding(small_world):
    replace(small_world, "sb:aanhef", "sb:aanhefff")
    (finding,) = (f for f in violations(small_world) if f.rule == "known-terms")
    assert (finding.file, finding.focus) == ("data/wereld.ttl", "https://w3id.org/spoorboek/def#aanhefff")
    assert "kent 'sb:aanhefff' niet" in finding.message


def test_a_reference_to_nothing_is_one_finding(small_world):
    replace(small_world, "sb:partij organisatie:proefdienst", "sb:partij organisatie:proefdinst")
    (finding,) = (f for f in violations(small_world) if f.rule == "known-things")
    assert finding.file == "data/wereld.ttl"
    assert "'organisatie:proefdinst'" in finding.message


def test_a_missing_label_is_one_finding(small_world):
    replace(small_world, '    skos:prefLabel "Iets uitproberen"@nl ;\n', "")
    (finding,) = violations(small_world)
    assert finding.file == "data/wereld.ttl"
    assert finding.focus.endswith("/id/actie/werkagenda-proef-1-1-1")
    assert finding.path.endswith("#prefLabel")


def test_an_action_without_a_party_is_one_finding(small_world):
    leave_out_the_party(small_world)
    (finding,) = violations(small_world)
    assert (finding.file, finding.rule) == ("data/wereld.ttl", "sbsh:Actie-deelname-verplicht")


def test_messages_come_in_the_asked_language(small_world):
    leave_out_the_party(small_world)
    dutch, english = (
        [f.message for f in check_project(small_world, language=language).findings if f.severity == "Violation"]
        for language in ("nl", "en")
    )
    assert len(dutch) == len(english) == 1
    assert dutch != english


def test_a_relation_stated_twice_is_a_finding(small_world):
    path = small_world.root / "data" / "wereld.ttl"
    path.write_text(
        path.read_text(encoding="utf-8")
        + """
        <https://w3id.org/spoorboek/id/verband/x> a sb:Verband ;
            sb:van actie:werkagenda-proef-1-1-1 ;
            sb:naar prioriteit:werkagenda-proef-1-1 ;
            sb:eigenschap sb:onderdeelVan .
        """,
        encoding="utf-8",
    )
    files = sourcefiles.read(small_world)
    from kg import quality, reasoning

    store, _ = reasoning.reason(small_world, files)
    findings = quality.check(small_world, store, files.described_in(), "en").findings
    assert "verband-en-rechtstreeks" in {finding.rule for finding in findings}


def test_files_of_ones_own_are_reported_with_all_that_they_bring(small_world, tmp_path: Path):
    extra = tmp_path / "extra.ttl"
    extra.write_text(
        "@prefix organisatie: <https://w3id.org/spoorboek/id/organisatie/> .\n"
        "@prefix sb: <https://w3id.org/spoorboek/def#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '[] a sb:Actie .\norganisatie:proefdienst skos:prefLabel "Nog een naam"@nl .\norganisatie:iets sb:rol sb:x .\n',
        encoding="utf-8",
    )
    found = {finding.rule for finding in check_project(small_world, [extra]).findings}
    assert {"sbsh:Actie-iri-vorm", "sbsh:Gedeeld-prefLabel-een-per-taal", "known-things", "known-terms"} <= found


def test_shapes_that_are_none_are_one_clear_error(small_world, tmp_path: Path):
    (tmp_path / "vorm.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:x:s> a sh:NodeShape ; sh:targetClass <https://w3id.org/spoorboek/def#Actie> ; sh:property <urn:x:p> .\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r"the shapes cannot be used: 'urn:x:p' .*PropertyShape"):
        check_project(small_world, [small_world.root / "data" / "wereld.ttl"], [tmp_path / "vorm.ttl"])


def test_a_file_of_the_project_is_reported_alone(small_world):
    wrong = "<https://w3id.org/spoorboek/id/wet/x> a <https://w3id.org/spoorboek/def#Wet> .\n"
    (small_world.root / "data" / "fout.ttl").write_text(wrong, encoding="utf-8")
    assert check_project(small_world, [small_world.root / "data" / "fout.ttl"]).count("Violation") > 0
    assert check_project(small_world, [small_world.root / "data" / "wereld.ttl"]).count("Violation") == 0


def test_a_thing_in_two_disjoint_classes_is_a_finding(small_world):
    replace(
        small_world,
        "organisatie:proefdienst a sb:Organisatie ;",
        "organisatie:proefdienst a sb:Organisatie , sb:Organisatiegroep ;",
    )
    assert "in-twee-gescheiden-klassen" in {finding.rule for finding in violations(small_world)}


def test_both_validators_agree_on_the_shipped_data(files):
    found = {
        engine: {(f.focus, f.rule, f.constraint, f.value) for f in validation.shacl(files, "nl", engine)}
        for engine in ("pyshacl", "shifty")
    }
    assert found["pyshacl"] == found["shifty"]


REPORT = Report.of(
    [
        Finding("Info", "data/a.ttl", "https://w3id.org/spoorboek/id/wet/a", "twee-dingen", "Kan mooier", value="x"),
        Finding(
            "Violation", "data/b.ttl", "https://w3id.org/spoorboek/id/wet/b", "sbsh:Wet-label", "Moet <anders> & snel"
        ),
    ]
)


def test_findings_are_sorted_worst_first_and_unique():
    assert [f.severity for f in (REPORT + REPORT).findings] == ["Violation", "Info"]


def test_the_human_report_says_what_where_and_counts():
    text = FORMATS["human"](REPORT)
    assert "data/b.ttl  wet:b" in text
    assert "Info      1 times" in text
    assert text.endswith("1 Violation, 0 Warning, 1 Info")


def test_the_json_report_has_every_finding():
    assert [entry["focus"][-1] for entry in json.loads(FORMATS["json"](REPORT))] == ["b", "a"]


def test_the_junit_report_fails_violations_only():
    suite = ET.fromstring(FORMATS["junit"](REPORT))
    assert [case.find("failure") is not None for case in suite] == [True, False]


def test_the_sarif_report_points_at_files():
    results = json.loads(FORMATS["sarif"](REPORT))["runs"][0]["results"]
    assert [(r["level"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for r in results] == [
        ("error", "data/b.ttl"),
        ("note", "data/a.ttl"),
    ]


def test_the_turtle_report_is_a_shacl_report():
    store = ox.Store()
    store.load(FORMATS["turtle"](REPORT).encode(), format=ox.RdfFormat.TURTLE)
    query = "SELECT ?s { ?r a sh:ValidationReport ; sh:conforms false ; sh:result/sh:resultSeverity ?s } ORDER BY ?s"
    found = store.query(query, prefixes=PREFIXES)
    assert [row["s"].value.rpartition("#")[2] for row in found] == ["Info", "Violation"]


def test_what_others_wrote_does_nothing_to_a_terminal_or_a_form():
    hostile = Finding("Violation", "a.ttl", "doi: \x1b]0;x\x07 1", "rule", "\x1b[2J weg\x00", value="\x9bx")
    report = Report.of([hostile])
    assert all(sign.isprintable() or sign == "\n" for sign in FORMATS["human"](report))
    assert ET.fromstring(FORMATS["junit"](report))[0].get("name").startswith("rule doi: ")
    assert b"doi: " in FORMATS["turtle"](report).encode()
