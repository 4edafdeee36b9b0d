"""What changed between two graphs, in words, as JSON and as a patch; what only looks different is no change."""

import gzip
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT
from typer.testing import CliRunner

from kg import blank_nodes, dumps
from kg import diff as comparing
from kg.cli import app
from kg.diff import Diff, Side
from kg.diff_formats import as_json, markdown, rdf_patch
from kg.namespaces import DEF, GRAPH, ID, PREFIXES
from kg.queries import parse
from kg.release import named

DATA, TERMS, RULE = (f"<{GRAPH}{name}>" for name in ("data/wetten", "ontology/kern", "inferred/2-status"))
TYPE, NAME = f"<{PREFIXES['rdf']}type>", f"<{PREFIXES['skos']}prefLabel>"
AVG, BIO, NEW = (f"<{ID}{ref}>" for ref in ("wet/avg", "afspraak/bio", "wet/nieuw"))
BASE = f"""
{AVG} {TYPE} <{DEF}Wet> {DATA} .
{AVG} {NAME} "Verordening"@nl {DATA} .
{AVG} {NAME} "Regulation"@en {DATA} .
{AVG} <{DEF}status> <{ID}status/van-kracht> {RULE} .
{BIO} {TYPE} <{DEF}Afspraak> {DATA} .
{BIO} {NAME} "Baseline"@nl {DATA} .
<{DEF}Wet> {NAME} "wet"@nl {TERMS} .
<{DEF}Wet> <{PREFIXES["owl"]}unionOf> _:l1 {TERMS} .
_:l1 <{PREFIXES["rdf"]}first> <{DEF}Een> {TERMS} .
_:l1 <{PREFIXES["rdf"]}rest> _:l2 {TERMS} .
_:l2 <{PREFIXES["rdf"]}first> <{DEF}Twee> {TERMS} .
_:l2 <{PREFIXES["rdf"]}rest> <{PREFIXES["rdf"]}nil> {TERMS} .
"""


@pytest.fixture
def compare(tmp_path: Path) -> Callable[..., Diff]:
    """The difference between two texts in N-Quads."""

    def compared(before: str, after: str, asked=(), **options) -> Diff:
        return comparing.diff(*sides(tmp_path, before, after), asked, **options)

    return compared


def sides(folder: Path, before: str, after: str) -> list[Side]:
    for name, text in (("a.nq", before), ("b.nq", after)):
        (folder / name).write_text(text, encoding="utf-8")
    return [comparing.open_side(str(folder / name), folder) for name in ("a.nq", "b.nq")]


def patched(quads: set[ox.Quad], patch: str) -> list[ox.Quad]:
    """The statements that a patch makes of others, in canonical form; each line must do something."""
    lines = patch.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    made = set(quads)
    for line in lines[1:-1]:
        (quad,) = ox.parse(line[2:], format=ox.RdfFormat.N_QUADS)
        assert (quad in made) == (line[0] == "D")
        made ^= {quad}
    return dumps.canonical(made)


def test_a_graph_is_the_same_as_itself_whatever_the_order_and_the_labels(compare):
    other = "\n".join(reversed(BASE.replace("_:l1", "_:z").replace("_:l2", "_:l1").splitlines()))
    assert compare(BASE, other).is_empty
    assert markdown(compare(BASE, other), "en").endswith("Nothing: both graphs say the same.\n")


def test_a_name_that_changed_is_told_by_old_and_new(compare):
    found = compare(BASE, BASE.replace('"Verordening"', '"Verordening gegevens"'))
    (thing,) = found.areas["things"]
    assert (thing.iri, thing.name, thing.kind, thing.change) == (
        f"{ID}wet/avg",
        "Verordening gegevens",
        "wet",
        "changed",
    )
    (changed,) = thing.properties
    assert [[value.text for value in values] for values in (changed.removed, changed.added)] == [
        ["Verordening"],
        ["Verordening gegevens"],
    ]
    assert (
        "wet: **Verordening gegevens** `wet:avg`\n  - prefLabel: “Verordening” (nl) → “Verordening gegevens” (nl)"
        in (markdown(found, "nl"))
    )


def test_things_that_came_and_went(compare):
    without = "\n".join(line for line in BASE.splitlines() if not line.startswith(BIO))
    more = f'{without}\n{NEW} {TYPE} <{DEF}Wet> {DATA} .\n{NEW} {NAME} "Nieuwe *wet*"@nl {DATA} .\n'
    found = compare(BASE, more)
    assert {(thing.name, thing.change) for thing in found.areas["things"]} == {
        ("Baseline", "removed"),
        ("Nieuwe *wet*", "added"),
    }
    text = markdown(found, "nl")
    assert text.index("### Erbij (1)") < text.index(r"**Nieuwe \*wet\*** `wet:nieuw`") < text.index("### Weg (1)")


def test_a_fact_that_moved_to_another_file_changes_no_thing(compare):
    found = compare(BASE, BASE.replace("data/wetten", "data/regels"))
    assert not any(found.areas.values())
    assert (found.moved, len(found.added), len(found.removed)) == (5, 5, 5)
    assert not found.is_empty


def test_terms_stand_apart_with_their_lists_in_words(compare):
    found = compare(BASE, BASE.replace(f"<{DEF}Twee>", f"<{DEF}Drie>"))
    assert not found.areas["things"]
    (term,) = found.areas["terms"]
    (changed,) = term.properties
    assert (term.iri, changed.name) == (f"{DEF}Wet", "unionOf")
    assert [value.text for value in (*changed.removed, *changed.added)] == ["Een, Twee", "Een, Drie"]


def test_what_rules_found_stands_apart_or_is_left_out(compare):
    after = BASE.replace("status/van-kracht", "status/ingetrokken")
    found = compare(BASE, after)
    assert not any(found.areas.values())
    assert found.inferred == {"2-status": (1, 1)}
    assert compare(BASE, after, inferred=False).is_empty


def test_a_fact_that_was_inferred_and_is_now_stated_is_new_to_the_files(compare):
    found = compare(BASE, BASE.replace(RULE, DATA))
    assert [thing.iri for thing in found.areas["things"]] == [f"{ID}wet/avg"]
    assert found.inferred == {}


def test_answers_that_changed_are_counted_in_rows(compare):
    text = f"#+ title-en: Which laws?\nSELECT ?wet ?naam WHERE {{ ?wet a <{DEF}Wet> ; {NAME} ?naam }}"
    same = parse("zelfde", f"SELECT ?wet WHERE {{ ?wet a <{DEF}Wet> }}")
    added = (
        f'{BASE}{NEW} {TYPE} <{DEF}Wet> {DATA} .\n{NEW} {NAME} "Nieuw"@nl {DATA} .\n{NEW} {NAME} "New"@en {DATA} .\n'
    )
    found = compare(BASE, added.replace('"Verordening"', '"Anders"'), [parse("wetten", text)], language="en")
    (answered,) = found.answers
    assert (answered.question, answered.title, answered.removed, answered.added) == ("wetten", "Which laws?", 1, 3)
    assert not compare(BASE, BASE.replace("Baseline", "Basis"), [same]).answers


def test_json_has_all_that_is_told(compare):
    found = json.loads(as_json(compare(BASE, BASE.replace('"Regulation"', '"GDPR"')), "en"))
    assert found["statements"] == {"removed": 1, "added": 1, "moved": 0}
    assert not found["same"]
    (thing,) = found["things"]
    assert thing["properties"][0]["added"] == [{"text": "GDPR", "iri": None, "language": "en", "datatype": None}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Verordening"', '"Ver\\n\\"ordening\\""'),
        (f"<{DEF}Twee>", f"<{DEF}Drie>"),
        (f"<{DEF}Wet> {NAME}", f"_:l9 {NAME}"),
        (BASE, ""),
        ("_:l2", f"<{DEF}Lijst>"),
    ],
    ids=["literal", "list", "new blank node", "all of it", "blank node gone"],
)
def test_the_patch_makes_the_second_graph_of_the_first(compare, old: str, new: str):
    after = BASE.replace(old, new)
    before = set(ox.parse(BASE, format=ox.RdfFormat.N_QUADS))
    assert patched(before, rdf_patch(compare(BASE, after), "nl")) == dumps.canonical(
        ox.parse(after, format=ox.RdfFormat.N_QUADS)
    )


def test_the_patch_of_what_a_release_has_with_blank_nodes(release, tmp_path: Path):
    """Some statements gone, some changed, the rest in another order with other labels."""
    chance = random.Random(5)
    with (release.folder / "dumps" / "spoorboek.nq").open(encoding="utf-8") as dump:
        lines = [line for line in dump if "/graph/shapes/" in line or "/graph/ontology/" in line]
    before = "".join(lines)
    lines = [line for line in lines if chance.random() > 0.01]
    chance.shuffle(lines)
    after = "".join(lines).replace("_:c14n", "_:n").replace('"@en', '!"@en', 50)
    old, new = sides(tmp_path, before, after)
    found = comparing.diff(old, new)
    assert before.count("_:c14n") > 100
    assert 50 < len(found.removed) < len(lines) / 10
    assert patched(old.quads, rdf_patch(found, "nl")) == dumps.canonical(new.quads)


def test_a_side_is_a_release_by_any_of_its_names_or_a_file(release, tmp_path: Path):
    out = release.folder.parent
    for name in (release.version, "2026.1", "current"):
        assert named(out, name).folder.resolve() == release.folder
    assert comparing.open_side(str(release.folder), tmp_path).name == release.version
    (tmp_path / "a.nq.gz").write_bytes(gzip.compress(BASE.encode()))
    (old, _) = sides(tmp_path, BASE, BASE)
    assert comparing.open_side(str(tmp_path / "a.nq.gz"), tmp_path).quads == old.quads


@pytest.fixture
def kg(release, monkeypatch: pytest.MonkeyPatch):
    """Run a command in this process, on the session's release."""
    monkeypatch.setenv("KG_BUILD", str(release.folder.parent))
    monkeypatch.chdir(ROOT)
    return lambda *arguments: CliRunner().invoke(app, ["diff", *map(str, arguments)])


def test_exit_codes_are_those_of_diff(kg, tmp_path: Path):
    (tmp_path / "a.nq").write_text(BASE, encoding="utf-8")
    same = kg(tmp_path / "a.nq", tmp_path / "a.nq")
    assert (same.exit_code, same.stdout.splitlines()[-1]) == (0, "Niets: beide grafen zeggen hetzelfde.")
    (tmp_path / "b.nq").write_text(BASE.replace("Baseline", "Basis"), encoding="utf-8")
    different = kg(tmp_path / "a.nq", tmp_path / "b.nq", "--lang", "en", "--no-inferred")
    assert different.exit_code == 1
    assert "Changed (1)" in different.stdout
    patch = kg(tmp_path / "a.nq", tmp_path / "b.nq", "--format", "rdfpatch")
    assert (patch.exit_code, len(patch.stdout.splitlines())) == (1, 4)


@pytest.mark.parametrize(
    ("before", "says"), [("2020.1", "no release '2020.1'"), ("README.md", "no RDF format"), ("..", "no release '..'")]
)
def test_trouble_is_one_line_and_exit_code_2(kg, before: str, says: str):
    result = kg(before)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_statement_about_a_statement_is_a_clear_error(kg, tmp_path: Path):
    (tmp_path / "a.nq").write_text(f'{AVG} {NAME} <<( {AVG} {NAME} "x" )>> .')
    assert kg(tmp_path / "a.nq").exit_code == 2


def test_a_broken_packed_dump_is_a_clear_error(kg, tmp_path: Path):
    (tmp_path / "a.nq.gz").write_bytes(gzip.compress(BASE.encode())[:60])
    assert kg(tmp_path / "a.nq.gz").exit_code == 2
    (tmp_path / "b.nq.gz").write_bytes(b"niets")
    assert kg(tmp_path / "b.nq.gz").exit_code == 2


def test_blank_nodes_that_share_their_parts_are_put_into_words_in_time(compare):
    first, rest = (f"<{PREFIXES['rdf']}{name}>" for name in ("first", "rest"))
    lists = "".join(f"_:l{n} {first} _:l{n + 1} .\n_:l{n} {rest} _:l{n + 1} .\n" for n in range(100))
    layers = "".join(
        f"_:n{layer}x{a} <{DEF}p> _:n{layer + 1}x{b} .\n" for layer in range(6) for a in range(30) for b in range(30)
    )
    hostile = f"{AVG} <{DEF}lijst> _:l0 .\n{AVG} <{DEF}laag> _:n0x0 .\n{lists}{layers}"
    found = compare(BASE, BASE + hostile)
    assert all(len(value.text) <= 10_000 for c in found.areas["things"][0].properties for value in c.added)


def test_a_long_chain_of_blank_nodes_is_paired_in_time(compare, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(blank_nodes, "_MOST_LOOKS", 40_000)
    chain = "".join(f"_:c{n} <{DEF}p> _:c{n + 1} .\n" for n in range(1000))
    before = time.process_time()
    assert compare(chain, chain.replace("_:c", "_:d")).is_empty
    assert time.process_time() - before < 4


def test_xml_that_grows_is_refused(kg, tmp_path: Path):
    deeper = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{deeper}]><rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}">'
    part = "<rdf:Description><rdf:value>", "</rdf:value></rdf:Description>"
    for name, inner, says in (("a", "&e8;".join(part), "amplification"), ("b", part[0] * 99 + part[1] * 99, "deep")):
        (tmp_path / f"{name}.rdf").write_text(f"{head}{inner}</rdf:RDF>")
        (tmp_path / f"{name}.rdf.gz").write_bytes(gzip.compress((tmp_path / f"{name}.rdf").read_bytes()))
        for path in tmp_path.glob(f"{name}.*"):
            result = kg(path)
            assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
