"""A release is complete or not there; the same input gives the same bytes."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import release as releases
from kg.errors import DataError, InvalidError, ReleaseError
from kg.release import Release
from kg.store import open_store


def test_the_manifest_describes_every_file(release):
    files = release.manifest["files"]
    paths = (path for path in release.folder.rglob("*") if path.is_file() and path.parent != release.store)
    on_disk = {path.relative_to(release.folder).as_posix() for path in paths}
    assert set(files) == on_disk - {"manifest.json", "SHA256SUMS"}
    for name, entry in files.items():
        content = (release.folder / name).read_bytes()
        assert entry == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_dump_holds_the_named_graphs_and_nothing_else(release, store):
    dump = ox.Store()
    dump.bulk_load(path=release.folder / "dumps" / "spoorboek.nq")
    assert {graph.value for graph in dump.named_graphs()} == set(release.manifest["graphs"])
    assert len(dump) == sum(release.manifest["graphs"].values()) == release.manifest["triples"]


def test_every_triple_is_once_in_the_default_graph(store):
    default = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    named = {quad.triple for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph)}
    assert default == named


def test_building_again_elsewhere_gives_the_same_bytes(project, release, tmp_path: Path):
    """In a process of its own, with another hash seed, current folder and locale."""
    code = (
        "from pathlib import Path; from kg.project import Project; from kg.release import build\n"
        f"print(build(Project(Path({str(project.root)!r})), Path('uit')).version)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == release.version
    again = Release.current(tmp_path / "uit")
    assert again.manifest == release.manifest
    for name in release.manifest["files"]:
        assert (again.folder / name).read_bytes() == (release.folder / name).read_bytes()


def test_an_equal_release_is_kept(small_world, tmp_path: Path):
    first = releases.build(small_world, tmp_path)
    made = first.folder.stat().st_mtime_ns
    assert releases.build(small_world, tmp_path).folder == first.folder
    assert first.folder.stat().st_mtime_ns == made


def test_changed_data_gives_another_version_and_the_last_two_stay(small_world, tmp_path: Path):
    path = small_world.root / "data" / "wereld.ttl"
    text = path.read_text(encoding="utf-8")
    versions = []
    for number in range(3):
        path.write_text(text.replace("Try something", f"Try {number} things"), encoding="utf-8")
        versions.append(releases.build(small_world, tmp_path).version)
    assert len(set(versions)) == 3
    kept = {manifest.parent.name for manifest in tmp_path.glob("*/manifest.json")}
    assert kept == {*versions[1:], "current"}
    assert Release.current(tmp_path).version == versions[2]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('sb:nummer "1.1.1" ;', 'sb:nummer "1.1.1"', DataError),
        ('    skos:prefLabel "Iets uitproberen"@nl ;\n', "", InvalidError),
    ],
    ids=["syntax", "shapes"],
)
def test_a_failed_build_leaves_the_current_release(
    small_world, tmp_path: Path, old: str, new: str, error: type[Exception]
):
    before = releases.build(small_world, tmp_path)
    path = small_world.root / "data" / "wereld.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(error):
        releases.build(small_world, tmp_path)
    assert Release.current(tmp_path).folder == before.folder
    assert not list(tmp_path.glob(".making-*"))
    assert len(open_store(before.store)) > 0


def test_a_killed_build_leaves_the_current_release_and_the_next_one_cleans_up(small_world, tmp_path: Path):
    before = releases.build(small_world, tmp_path)
    (small_world.root / "data" / "extra.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    code = (
        "import sys, time; from pathlib import Path; from kg.project import Project; from kg import release\n"
        "def step(name):\n"
        "    if name == 'writing dumps': print('half-way', flush=True); time.sleep(60)\n"
        f"release.build(Project(Path({str(small_world.root)!r})), Path({str(tmp_path)!r}), step)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "half-way\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert list(tmp_path.glob(".making-*"))
    assert Release.current(tmp_path).folder == before.folder
    after = releases.build(small_world, tmp_path)
    assert after.version != before.version
    assert not list(tmp_path.glob(".making-*"))


def test_a_release_that_is_held_stays(small_world, tmp_path: Path):
    path = small_world.root / "data" / "wereld.ttl"
    text = path.read_text(encoding="utf-8")
    first = releases.build(small_world, tmp_path)
    with releases.hold(first):
        for number in range(2):
            path.write_text(text.replace("Try something", f"Try {number} things"), encoding="utf-8")
            releases.build(small_world, tmp_path)
        assert len(open_store(first.store)) > 0
    path.write_text(text.replace("Try something", "Try more things"), encoding="utf-8")
    releases.build(small_world, tmp_path)
    assert not first.folder.exists()


def test_a_damaged_release_is_made_again(small_world, tmp_path: Path):
    release = releases.build(small_world, tmp_path)
    shutil.rmtree(release.store)
    assert len(open_store(releases.build(small_world, tmp_path).store)) > 0
    release.search.unlink()
    assert releases.build(small_world, tmp_path).search.is_file()


def test_two_builds_at_once_are_refused(small_world, tmp_path: Path):
    with releases._locked(tmp_path), pytest.raises(ReleaseError, match="another build is running"):
        releases.build(small_world, tmp_path)


def test_no_release_is_a_clear_error(tmp_path: Path):
    with pytest.raises(ReleaseError, match="Run 'kg build' first"):
        Release.current(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(small_world, tmp_path: Path):
    (tmp_path / "bestand").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot be written"):
        releases.build(small_world, tmp_path / "bestand")


def test_a_label_of_a_blank_node_says_nothing_outside_its_file(tmp_path: Path):
    for name in ("a.ttl", "b.nt"):
        (tmp_path / name).write_text("_:x <urn:p> _:y .", encoding="utf-8")
    (tmp_path / "c.trig").write_text("_:x { _:x <urn:p> _:x }", encoding="utf-8")
    loaded = open_store(releases.load([tmp_path / name for name in ("a.ttl", "b.nt", "c.trig")], tmp_path).store)
    assert len({quad.subject for quad in loaded}) == 3
    (in_a_graph,) = (quad for quad in loaded if quad.graph_name != ox.DefaultGraph())
    assert in_a_graph.subject == in_a_graph.object == in_a_graph.graph_name


def test_a_relative_iri_in_a_file_is_one_of_that_file(tmp_path: Path):
    (tmp_path / "a.ttl").write_text("<> <#p> <b> .", encoding="utf-8")
    (quad,) = open_store(releases.load([tmp_path / "a.ttl"], tmp_path).store)
    file, folder = (tmp_path / "a.ttl").as_uri(), tmp_path.as_uri()
    assert [term.value for term in quad.triple] == [file, f"{file}#p", f"{folder}/b"]


def test_an_ontology_as_editors_save_it_can_be_loaded(tmp_path: Path):
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Bag rdf:about="urn:a"/></rdf:RDF>'
    (tmp_path / "a.owl").write_text(rdf, encoding="utf-8")
    assert len(open_store(releases.load([tmp_path / "a.owl"], tmp_path).store)) == 1


def test_a_damaged_store_is_a_clear_error(tmp_path: Path):
    with pytest.raises(ReleaseError, match="Build the release again"):
        open_store(tmp_path / "weg")
