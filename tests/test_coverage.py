"""Coverage: counted lines that nothing points at are listed, blank and uncounted lines are not."""

import hashlib
import json
from pathlib import Path

import pytest

from kg import coverage
from kg.errors import DataError

SECTIONS = """
<https://w3id.org/spoorboek/id/bronsectie/inhoud> a sb:Bronsectie ; skos:prefLabel "Inhoud"@nl ;
    sb:bron brondocument:werkagenda-proef ; sb:regelVan 1 ; sb:regelTot 6 ; sb:geteld true .
<https://w3id.org/spoorboek/id/bronsectie/kop> a sb:Bronsectie ; skos:prefLabel "Kop"@nl ;
    sb:bron brondocument:werkagenda-proef ; sb:regelVan 1 ; sb:regelTot 1 ; sb:geteld false .
"""


@pytest.fixture
def texts(tmp_path: Path, small_world) -> Path:
    """A document of six lines, of which the small world's only passage holds the second and third."""
    folder = tmp_path / "teksten"
    folder.mkdir()
    (folder / "tekst.txt").write_text("Kop\neen\ntwee\n\nvier\nvijf\n", encoding="utf-8")
    checksum = hashlib.sha256((folder / "tekst.txt").read_bytes()).hexdigest()
    data = small_world.root / "data" / "wereld.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace("0" * 64, checksum) + SECTIONS, encoding="utf-8")
    return folder


def test_counted_lines_that_nothing_points_at_are_listed(small_world, texts: Path):
    (entry,) = coverage.coverage(small_world, texts)
    assert (entry.title, entry.counted, entry.missing, entry.share) == ("Inhoud", 4, [5, 6], 0.5)


def test_a_passage_that_nothing_points_at_covers_nothing(small_world, texts: Path):
    data = small_world.root / "data" / "wereld.ttl"
    text = data.read_text(encoding="utf-8").replace("sb:bronpassage bronpassage:werkagenda-proef-2-3", "sb:volgorde 1")
    data.write_text(text, encoding="utf-8")
    (entry,) = coverage.coverage(small_world, texts)
    assert entry.missing == [2, 3, 5, 6]


def test_the_report_counts_per_document(small_world, texts: Path):
    report = coverage.human(coverage.coverage(small_world, texts))
    assert " 50.0%     4 lines  Inhoud  missing: 5-6" in report
    assert report.endswith("brondocument:werkagenda-proef: 50.0% of 4 counted lines")


def test_the_report_as_json(small_world, texts: Path):
    (entry,) = json.loads(coverage.as_json(coverage.coverage(small_world, texts)))
    assert (entry["section"], entry["share"], entry["missing"]) == ("bronsectie:inhoud", 0.5, [5, 6])


def test_a_graph_without_sections_is_a_clear_error(small_world, texts: Path):
    data = small_world.root / "data" / "wereld.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace(SECTIONS, ""), encoding="utf-8")
    with pytest.raises(DataError, match="no sb:Bronsectie"):
        coverage.coverage(small_world, texts)


def test_a_section_whose_line_is_no_number_is_a_clear_error(small_world, texts: Path):
    data = small_world.root / "data" / "wereld.ttl"
    data.write_text(data.read_text(encoding="utf-8").replace("sb:regelTot 6", 'sb:regelTot "zes"'), encoding="utf-8")
    with pytest.raises(DataError, match="bronsectie:inhoud: 'zes' is no line number"):
        coverage.coverage(small_world, texts)


def test_both_plans_are_covered(project, documents: Path):
    """At least 97% of the counted lines of each document; docs/coverage.md explains the rest."""
    entries = coverage.coverage(project, documents)
    for document in ("brondocument:werkagenda-2024", "brondocument:iplan-bzk2"):
        counted = sum(entry.counted for entry in entries if entry.document == document)
        missing = sum(len(entry.missing) for entry in entries if entry.document == document)
        assert counted > 800
        assert missing / counted <= 0.03
