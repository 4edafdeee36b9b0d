"""Passages: hashes are stamped, recomputed, and a wrong one is named."""

import hashlib
from pathlib import Path

import pytest

from kg import sources, turtle
from kg.errors import DataError
from kg.namespaces import ID


@pytest.fixture
def text(tmp_path: Path, small_world) -> Path:
    """A folder with the document that the small world cites: its checksum is written into the world."""
    folder = tmp_path / "teksten"
    folder.mkdir()
    document = folder / "tekst.txt"
    document.write_text("eerste regel\n\x0ctweede re-\ngel\n", encoding="utf-8")
    data = small_world.root / "data" / "wereld.ttl"
    checksum = hashlib.sha256(document.read_bytes()).hexdigest()
    data.write_text(data.read_text(encoding="utf-8").replace("0" * 64, checksum), encoding="utf-8")
    return folder


def test_hash_ignores_spaces_controls_and_dashes_only():
    assert sources.passage_hash(["\x0ctweede re-", "gel"]) == hashlib.sha256(b"tweederegel").hexdigest()
    assert sources.passage_hash(["tweede regel."]) != sources.passage_hash(["tweede regel"])


def test_lines_end_at_a_line_feed_only(text: Path):
    documents = sources.Documents(text)
    checksum = hashlib.sha256((text / "tekst.txt").read_bytes()).hexdigest()
    assert documents.lines(checksum) == ["eerste regel", "\x0ctweede re-", "gel", ""]


def test_stamp_fills_in_every_hash_and_changes_nothing_else(small_world, text: Path):
    path = small_world.root / "data" / "wereld.ttl"
    before = set(turtle.read(path))
    assert sources.stamp(small_world, text) == 1
    added = set(turtle.read(path)) - before
    assert {(t.subject.value, t.object.value) for t in added} == {
        (f"{ID}bronpassage/werkagenda-proef-2-3", hashlib.sha256(b"tweederegel").hexdigest())
    }
    assert sources.stamp(small_world, text) == 0
    assert sources.check(small_world, text).findings == ()


def test_check_names_a_passage_that_has_changed(small_world, text: Path):
    sources.stamp(small_world, text)
    path = small_world.root / "data" / "wereld.ttl"
    stamped = path.read_text(encoding="utf-8")
    path.write_text(stamped.replace("sb:regelTot 3", "sb:regelTot 2"), encoding="utf-8")
    (finding,) = sources.check(small_world, text).findings
    assert finding.focus == f"{ID}bronpassage/werkagenda-proef-2-3"
    assert finding.file == "data/wereld.ttl"
    assert "lines 2-2 of brondocument:werkagenda-proef" in finding.message


def test_lines_outside_the_document_are_refused(small_world, text: Path):
    path = small_world.root / "data" / "wereld.ttl"
    before = path.read_text(encoding="utf-8").replace("sb:regelTot 3", "sb:regelTot 30")
    path.write_text(before, encoding="utf-8")
    with pytest.raises(DataError, match="lines 2-30 of brondocument:werkagenda-proef do not exist"):
        sources.stamp(small_world, text)
    assert path.read_text(encoding="utf-8") == before


def test_another_edition_is_refused(small_world, text: Path):
    (text / "tekst.txt").write_text("een andere uitgave\n", encoding="utf-8")
    with pytest.raises(DataError, match="Is it another edition"):
        sources.check(small_world, text)


def test_no_folder_is_a_clear_error(small_world, tmp_path: Path):
    with pytest.raises(DataError, match="is no folder"):
        sources.check(small_world, tmp_path / "weg")


def test_every_passage_of_the_graph_is_what_the_document_says(project, documents: Path):
    assert sources.check(project, documents).findings == ()
