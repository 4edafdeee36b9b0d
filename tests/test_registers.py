"""Registers elsewhere: read record by record, imported all or not at all, and taken into a release."""

import csv
import hashlib
import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg import release as releases
from kg import search, turtle
from kg.cli import app
from kg.errors import DataError, FetchError, NotFoundError, RefusedError
from kg.namespaces import BASE, DEF, ID, PREFIXES
from kg.project import Project
from kg.publishing.publication import Publication
from kg.registers import exports, importing, known
from kg.registers.algoritmeregister import REGISTER
from kg.registers.client import Client, Limits
from kg.registers.framework import (
    Finding,
    Record,
    Register,
    TruncatedError,
    address,
    laws,
    own_iri,
    plain,
    record,
    text,
)
from kg.registers.imported import imports, locked, quads_of
from kg.registers.importing import import_file
from kg.registers.pages import fetch_export
from kg.sorting import sorted_lines
from kg.store import open_store
from kg.terms import named
from tests.elsewhere import Elsewhere, elsewhere, send

PAGE = "https://algoritmes.overheid.nl/nl/algoritme/"
GRAPH = ox.NamedNode("https://w3id.org/spoorboek/graph/register/algoritmeregister")


def _algorithm(number: int, **changes: object) -> dict[str, object]:
    """A record of our own making in the form of the publication standard 1.0."""
    return {
        "name": f"Proefalgoritme {number}",
        "organization": "Gemeente Voorbeeld",
        "description_short": f"<p>Telt &amp; sorteert\n\n aanvraag {number}.</p>",
        "status": "In gebruik",
        "publication_category": "Overige algoritmes",
        "category": ["Verkeer", "Werk"],
        "begin_date": "2024-03",
        "website": "https://gemeente.example/algoritme",
        "goal": "Sneller weten hoe het staat",
        "lawful_basis": "Wet digitale overheid",
        "lawful_basis_grouping": [{"title": "UAVG", "link": "https://wetten.overheid.nl/bwbr0040940/2021-07-01"}],
        "source_data": "Basisregistratie Personen",
        "lang": "NLD",
        "standard_version": "1.0",
        "lars": str(10_000_000 + number),
        "publication_dt": "2024-05-06T07:08:09",
        **changes,
    }


@pytest.fixture
def export(tmp_path: Path):
    """A function from records to a saved export."""

    def save(records: object, name: str = "algoritmes.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(records), encoding="utf-8")
        return path

    return save


@pytest.fixture
def take_in(project: Project, tmp_path: Path):
    """A function that imports an export of the Algoritmeregister."""
    return lambda path, **options: import_file(REGISTER, path, tmp_path / "uit", project, **options)


def _facts(item: Record) -> dict[str, set[str]]:
    facts: dict[str, set[str]] = {}
    for triple in item.triples:
        word = triple.predicate.value.rpartition("#")[2].rpartition("/")[2]
        facts.setdefault(word, set()).add(triple.object.value)
    return facts


def _read(path: Path) -> list[Record | Finding]:
    return list(REGISTER.read(path))


def test_a_record_of_the_standard_becomes_triples(export):
    (item,) = _read(export([_algorithm(1)]))
    assert item.iri == PAGE + "10000001"
    assert _facts(item) == {
        "type": {f"{DEF}Registratie", f"{DEF}Algoritmeregistratie"},
        "isPartOf": {"https://w3id.org/spoorboek/id/register/algoritmeregister"},
        "identifier": {"10000001"},
        "prefLabel": {"Proefalgoritme 1"},
        "naamInBron": {"Gemeente Voorbeeld"},
        "description": {"Telt & sorteert aanvraag 1.", "Sneller weten hoe het staat"},
        "statusInRegister": {"In gebruik"},
        "publicatiecategorie": {"Overige algoritmes"},
        "keyword": {"Verkeer", "Werk"},
        "vanaf": {"2024-03"},
        "page": {"https://gemeente.example/algoritme"},
        "grondslagTekst": {"Wet digitale overheid", "UAVG https://wetten.overheid.nl/bwbr0040940/2021-07-01"},
        "references": {"https://wetten.overheid.nl/BWBR0040940"},
        "bronnenTekst": {"Basisregistratie Personen"},
        "modified": {"2024-05-06"},
    }


def test_the_csv_that_the_register_gives_says_the_same(export, tmp_path):
    row = _algorithm(1, category="Verkeer, Werk")
    row["lawful_basis_grouping"] = "1: UAVG, https://wetten.overheid.nl/BWBR0040940. 2: AVG, CELEX:32016R0679"
    row["algorithm_id"] = row.pop("lars")
    path = tmp_path / "algoritmes.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, row, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerow(row)
    (item,) = _read(path)
    (same,) = _read(export([_algorithm(1)]))
    facts, expected = _facts(item), _facts(same)
    assert facts.pop("references") == {
        "https://wetten.overheid.nl/BWBR0040940",
        "http://publications.europa.eu/resource/celex/32016R0679",
    }
    for word in ("references", "grondslagTekst"):
        facts.pop(word, None)
        expected.pop(word)
    assert facts == expected


def test_an_older_layout_is_read_too(export):
    old = {
        "name": "Oud",
        "organization": "Gemeente Voorbeeld",
        "lars": 75856898,
        "lang": "Nederlands",
        "description": "Lang verhaal",
        "impact": "Klein",
        "mprd": "BRP",
        "lawful_basis_link": "BWBR0045754",
        "documentation": "https://gemeente.example/oud",
        "type": None,
    }
    facts = _facts(_read(export([old]))[0])
    assert facts["description"] == {"Lang verhaal", "Klein"}
    assert facts["bronnenTekst"] == {"BRP"}
    assert facts["page"] == {"https://gemeente.example/oud"}
    assert facts["references"] == {"https://wetten.overheid.nl/BWBR0045754"}
    assert facts["identifier"] == {"75856898"}


def test_a_record_without_a_number_of_the_register_gets_an_iri_of_ours(export):
    (item,) = _read(export([_algorithm(1, lars=None, source_id="Gemeente Voorbeeld/12")]))
    assert item.iri == "https://w3id.org/spoorboek/id/registratie/algoritmeregister-gemeente-voorbeeld-12"


def test_a_record_without_any_number_is_a_finding(export):
    found = _read(export([_algorithm(1), _algorithm(2, lars="")]))
    assert [item.where for item in found if isinstance(item, Finding)] == ["record 2"]


def test_what_does_not_fit_a_field_is_left_out_with_a_finding(export):
    found = _read(export([_algorithm(1, begin_date="maart 2024", website="op de site", lawful_basis_grouping=7)]))
    assert [(item.where, item.lost) for item in found[:2]] == [("10000001", False)] * 2
    assert "'maart 2024' is no month such as 2024-03" in found[0].problem
    assert "'op de site' is no address" in found[1].problem
    assert {"vanaf", "page"} & _facts(found[2]).keys() == set()


def test_of_a_field_without_end_the_beginning_is_taken(export):
    (item,) = _read(export([_algorithm(1, category=None, tags=", ".join(map(str, range(500))))]))
    assert len(_facts(item)["keyword"]) == 100


def test_a_translation_is_passed_over(export):
    assert _read(export([_algorithm(1, lang="ENG"), _algorithm(2, lang="FRY")])) == []


@pytest.mark.parametrize(
    "hostile",
    [
        {"@context": "https://evil.example/context.jsonld"},
        {"@graph": [{"iri": "https://w3id.org/spoorboek/id/wet/avg", "name": "Weg"}]},
        {"iri": "https://w3id.org/spoorboek/id/wet/avg", "register": "https://evil.example/"},
        {"name": {"@id": "https://evil.example/", "@graph": []}},
        {"website": ["javascript:alert(1)", "https://a.example/> <https://b.example"]},
        {"description_short": "\ud800\x00<script>alert(1)</script>" + "<" * 50_000},
        {"goal": [["x"] * 200] * 200},
        {"status": ["In gebruik"] * 1000},
    ],
)
def test_a_record_says_nothing_but_of_itself(export, hostile):
    start = time.perf_counter()
    items = [item for item in _read(export([_algorithm(1, **hostile)])) if isinstance(item, Record)]
    assert time.perf_counter() - start < 2
    assert [item.iri for item in items] == [PAGE + "10000001"]
    for triple in items[0].triples:
        assert triple.subject.value == PAGE + "10000001"
        assert "evil.example" not in triple.object.value
        assert "javascript" not in triple.object.value
        assert "<script" not in triple.object.value


@pytest.mark.parametrize(
    "text_", ['[{"a": 1}, {"a": 2}]', '{"n": 2, "algoritmes": [{"a": 1}, {"a": 2}]}', '{"a": 1}\n{"a": 2}\n']
)
def test_json_in_each_of_its_forms(tmp_path, text_):
    path = tmp_path / "uit.json"
    path.write_text("\ufeff" * text_.startswith("{\n") + text_, encoding="utf-8")
    assert [row["a"] for row in exports.json_records(path, ("algoritmes",))] == [1, 2]


def test_pages_one_after_the_other_are_one_export(tmp_path):
    path = tmp_path / "uit.json"
    path.write_text('{"result": {"results": [{"a": 1}]}}\n{"result": {"results": [{"a": 2}, 3]}}\n', encoding="utf-8")
    assert list(exports.json_records(path, ("result.results",))) == [{"a": 1}, {"a": 2}, {}]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'[{"a": 1}, {"a": ', TruncatedError),
        (b'[{"a": 1}', TruncatedError),
        (b'[{"a": 1}, nee]', DataError),
        (b'{"a": {"b": []}}', DataError),
        (b"[" * 100_000, DataError),
        (b'[{"a": ' + b"9" * 10_000 + b"}]", DataError),
        (b'[{"b": "' + b"x" * 65_000 + b'", "a": ' + b"9" * 5_000 + b"}]", DataError),
        (b'[{"a": "\xff\xfe"}]', DataError),
        (b"", DataError),
        (b"<html>kapot</html>", DataError),
    ],
)
def test_what_is_no_whole_json_is_told(tmp_path, content, kind):
    path = tmp_path / "uit.json"
    path.write_bytes(content)
    with pytest.raises(kind, match=r"uit\.json"):
        list(exports.json_records(path))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'"a","b"\n"1","2"\n"3"\n', DataError),
        (b'"a","b"\n"1","2"\n"3","4', TruncatedError),
        (b'"a","b"\n"1","2\n', TruncatedError),
        (b'"a"\n"\xff"\n', DataError),
        (b'"a"\n"' + b"x" * 200_000 + b'"\n', DataError),
        (b"", TruncatedError),
    ],
)
def test_what_is_no_whole_csv_is_told(tmp_path, content, kind):
    path = tmp_path / "uit.csv"
    path.write_bytes(content)
    with pytest.raises(kind, match=r"uit\.csv"):
        list(exports.csv_rows(path))


def test_text_loses_markup_and_stays_within_bounds():
    assert plain("<p>een\u00a0<b>twee</b>\r\n\x00drie</p>") == "een twee drie"
    assert plain("a &lt;b&gt; &amp; c") == "a <b> & c"
    assert len(plain("x" * 10_000)) == 4000
    assert text(" \n ") is None
    assert text(12) is None


def test_an_address_is_one_or_nothing():
    assert address(" https://a.example/b ") == ox.NamedNode("https://a.example/b")
    assert [
        address(wrong) for wrong in ("javascript:x", "a.example", "https://a b/", 'https://a"', 7, "https://[a")
    ] == [None] * 6


def test_laws_are_found_by_their_number():
    found = laws("zie BWBR0040940 en https://wetten.overheid.nl/bwbr0045754/2024-01-01#a", None, "BWBR004")
    assert [law.value[-11:] for law in found] == ["BWBR0040940", "BWBR0045754"]


def test_a_name_with_no_letter_or_digit_gives_no_iri():
    with pytest.raises(ValueError, match="no letter or digit"):
        own_iri("proef", "…")
    assert own_iri("proef", "Één Ding/2").endswith("/id/registratie/proef-een-ding-2")


def test_lines_are_sorted_within_bounded_memory(tmp_path):
    lines = [f"{number * 7919 % 1000}\n" for number in range(3000)]
    assert list(sorted_lines(lines, tmp_path, at_a_time=64)) == sorted(set(lines))
    assert list(tmp_path.iterdir()) == []


def test_an_import_is_written_in_order_and_says_what_it_is(export, take_in, tmp_path):
    imported = take_in(export([_algorithm(2), _algorithm(1)]), made="2026-11-01")
    assert (imported.records, imported.lost, imported.findings) == (2, 0, [])
    path = tmp_path / "uit" / "registers" / "algoritmeregister.nq"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == imported.triples
    store = ox.Store()
    store.bulk_load(path=path)
    assert list(store.named_graphs()) == [GRAPH]
    (count,) = store.quads_for_pattern(REGISTER.iri, ox.NamedNode(f"{DEF}aantalRegistraties"), None)
    assert count.object == ox.Literal(2)
    assert imports(tmp_path / "uit") == [imported]
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    take_in(export([_algorithm(2), _algorithm(1)]), made="2026-11-01")
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_broken_record_is_left_out_and_told(export, take_in):
    records = [_algorithm(number) for number in range(9)]
    imported = take_in(export([*records, _algorithm(9, name="")]), language="en")
    assert (imported.records, imported.lost) == (9, 1)
    (finding,) = imported.report.findings
    assert (finding.rule, finding.focus) == ("sbsh:Registratie-naam-verplicht", PAGE + "10000009")
    assert finding.message.endswith("ask its keeper to fill one in.")


def test_a_record_that_comes_twice_is_taken_once(export, take_in):
    records = [_algorithm(number) for number in range(9)]
    imported = take_in(export([*records, _algorithm(3, name="Nog eens")]))
    assert (imported.records, imported.lost) == (9, 1)
    assert imported.report.findings[0].rule == "register-once"


@pytest.mark.parametrize("subject", [ox.NamedNode("https://w3id.org/spoorboek/id/wet/avg"), ox.BlankNode("b")], ids=str)
def test_a_record_cannot_speak_for_our_own_things(project, tmp_path, subject):
    name = [("skos:prefLabel", ox.Literal("Proef", language="nl"))]
    good = [record("proef", own_iri("proef", str(number)), "dcat:Dataset", name) for number in range(5)]
    bad = Record("https://r.example/1", (ox.Triple(subject, ox.NamedNode(f"{DEF}status"), ox.Literal("weg")),))
    (tmp_path / "leeg").write_text("")
    register = Register("proef", "https://r.example/", lambda _: iter([bad, *good]))
    imported = import_file(register, tmp_path / "leeg", tmp_path, project)
    assert (imported.records, imported.lost) == (5, 1)
    assert [finding.rule for finding in imported.report.findings] == ["register-own"]


def test_a_record_cannot_say_that_it_is_a_thing_of_ours(project, tmp_path):
    ours = ox.NamedNode("https://w3id.org/spoorboek/id/organisatie/logius")
    name = ("skos:prefLabel", ox.Literal("Proef", language="nl"))
    records = [record("proef", own_iri("proef", key), "org:Organization", [name]) for key in "abcdef"]
    records.append(record("proef", own_iri("proef", "z"), "org:Organization", [name, ("skos:exactMatch", ours)]))
    (tmp_path / "leeg").write_text("")
    register = Register("proef", "https://r.example/", lambda _: iter(records))
    assert import_file(register, tmp_path / "leeg", tmp_path, project).lost == 1


@pytest.mark.parametrize(
    "iri",
    [
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "https://identifier.overheid.nl/tooi/id/ministerie/mnre1034",
        "https://wetten.overheid.nl/BWBR0005537",
        f"{PAGE}10000001",
        own_iri("roo", "1"),
    ],
)
def test_a_record_cannot_speak_for_a_word_or_another_register(project, tmp_path, iri):
    name = [("skos:prefLabel", ox.Literal("Proef", language="nl"))]
    records = [record("proef", one, "dcat:Dataset", name) for one in (iri, *(own_iri("proef", n) for n in "abcdef"))]
    (tmp_path / "leeg").write_text("")
    register = Register("proef", "https://r.example/", lambda _: iter(records))
    assert import_file(register, tmp_path / "leeg", tmp_path, project).lost == 1


def test_an_export_that_is_wrong_everywhere_ends(project, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "MOST_RECORDS", 3000)
    monkeypatch.setattr(importing, "_MOST_HELD", 10)
    (tmp_path / "leeg").write_text("")
    register = Register("proef", "https://r.example/", lambda _: (Finding(str(n), "mis", "x") for n in count()))
    with pytest.raises(DataError, match="more than 3,000 records"):
        import_file(register, tmp_path / "leeg", tmp_path, project)


def test_a_record_without_end_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "LARGEST_RECORD", 200_000)
    path = tmp_path / "lang.json"
    path.write_text(json.dumps([{"name": "x" * 1000} for _ in range(1000)]))
    assert len(list(exports.json_records(path))) == 1000
    path.write_text(json.dumps([{"names": ["x" * 1000] * 1000}]))
    with pytest.raises(DataError, match="200,000 bytes without a whole record"):
        list(exports.json_records(path))


@pytest.mark.parametrize("kind", ["cut off", "too much lost", "empty", "no export"])
def test_a_bad_export_leaves_the_earlier_import(export, take_in, tmp_path, kind):
    records = [_algorithm(number) for number in range(5)]
    take_in(export(records))
    folder = tmp_path / "uit" / "registers"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    bad = export([] if kind == "empty" else [{**one, "name": None} if i > 2 else one for i, one in enumerate(records)])
    if kind in ("cut off", "no export"):
        whole = export(records).read_bytes()
        bad.write_bytes(whole[:-40] if kind == "cut off" else b"{}")
    with pytest.raises(DataError if kind == "no export" else RefusedError) as error:
        take_in(bad)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    if kind == "too much lost":
        assert error.value.report.count("Violation") == 2


def test_a_folder_that_cannot_be_written_is_told(export, take_in, tmp_path):
    """Rights say nothing to root, so a folder stands where a file should be made."""
    (tmp_path / "uit" / "registers" / ".algoritmeregister.lock").mkdir(parents=True)
    with pytest.raises(DataError, match=r"algoritmeregister\.lock: "):
        take_in(export([_algorithm(1)]))


def test_a_thousand_records_take_less_than_five_seconds(export, take_in):
    path = export([_algorithm(number) for number in range(1000)])
    start = time.perf_counter()
    assert take_in(path).records == 1000
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("name", ["algoritmes.json", "algoritmes.csv"])
def test_an_export_is_read_as_it_goes(tmp_path, name):
    """Its first records are out before its end is reached, so however long it is, it takes no more memory."""
    rows = [f'{{"name": "Proef", "lars": "{10_000_000 + number}"}}' for number in range(5000)]
    text_ = "[" + ",".join(rows)
    if name.endswith(".csv"):
        text_ = "name,lars\n" + "".join(f"Proef,{10_000_000 + number}\n" for number in range(5000)) + "kapot\n"
    (tmp_path / name).write_text(text_)
    items = REGISTER.read(tmp_path / name)
    assert next(items).iri == PAGE + "10000000"
    with pytest.raises(DataError):
        list(items)


def test_real_records_come_through(standards: Path, take_in):
    folder = standards / "algoritmeregister"
    imported = take_in(folder / "algoritmes-steekproef.json")
    assert (imported.records, imported.lost, imported.findings) == (212, 0, [])
    for supplier in ("Xxllnc", "Zylab"):
        assert take_in(folder / f"template-{supplier}.json").records == 1


def test_every_field_of_the_standard_that_matters_is_read(standards: Path):
    fields = json.loads((standards / "algoritmeregister" / "publicatiestandaard-v1_0-velden.json").read_text())
    text_of = Path(exports.__file__).with_name("algoritmeregister.context.jsonld").read_text(encoding="utf-8")
    read = {*json.loads(text_of)["@context"], "lang", "lars", "source_id"}
    about_the_making = {
        "proportionality",
        "human_intervention",
        "risks",
        "methods_and_models",
        "provider",
        "publiccode",
    }
    about_the_record = {"contact_email", "url", "process_index_url", "impacttoetsen", "standard_version"}
    left_out = about_the_making | about_the_record | {"impacttoetsen_grouping"}
    assert fields["properties"].keys() - read == left_out


def test_an_unknown_register_brings_the_known_ones():
    with pytest.raises(NotFoundError, match="algoritmeregister"):
        known.find("onbekend")


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


def test_an_export_in_pages_is_fetched_to_the_end(there, tmp_path):
    rows = [{"key": f"k{number}"} for number in range(7)]

    def read(path: Path) -> Iterator[Record]:
        for row in exports.json_records(path, ("result.results",)):
            yield record("proef", own_iri("proef", row["key"]), "dcat:Dataset", ())

    def page(start: int):
        body = json.dumps({"result": {"results": rows[start : start + 3]}}).encode()
        return lambda handler: send(handler, body)

    for start in (0, 3, 6, 7):
        there.by(f"/zoek?rows=100&start={start}", page(start))
    register = Register("proef", there.address + "/zoek", read, page_size=100)
    found = fetch_export(Client("", Limits(interval=0)), register, tmp_path)
    assert len(list(register.read(found.path))) == 7
    assert len(there.asked) == 4
    with pytest.raises(FetchError, match="pages of more than 100 bytes"):
        fetch_export(Client("", Limits(interval=0, text_bytes=100)), register, tmp_path / "weinig")


@pytest.fixture
def kg(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command, in the project's folder, with a build folder of its own."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("KG_BUILD", str(tmp_path / "uit"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_the_commands_import_and_list(kg, export):
    assert "not imported" in kg("link", "registers").stdout
    result = kg("link", "import", "algoritmeregister", export([_algorithm(1)]))
    assert result.exit_code == 0, result.output
    assert "1 records, 0 lost" in result.stderr
    assert "1 records, 0 lost" in kg("link", "registers").stdout
    result = kg("link", "import", "algoritmeregister", export([_algorithm(1), {}]))
    assert result.exit_code == 1
    assert "Nothing was imported; an earlier import stays." in result.stderr
    for words in (("onbekend", "x.json"), ("algoritmeregister", "er-niet.json")):
        result = kg("link", "import", *words)
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()) == 1


def test_fetch_imports_what_it_finds_and_goes_on_past_what_it_does_not(kg, there, monkeypatch):
    rows = "name,organization,status,lars\nProef,Gemeente Voorbeeld,In gebruik,10000001\n"
    good = Register("algoritmeregister", there.at("/uit", rows.encode()), REGISTER.read, suffix=".csv")
    bad = Register("aaa", there.address + "/niets", REGISTER.read)
    monkeypatch.setattr(known, "REGISTERS", {"aaa": bad, "algoritmeregister": good})
    words = ("link", "fetch", "--contact", "beheer@voorbeeld.example", "--interval", "0")
    result = kg(*words)
    assert result.exit_code == 2
    assert "private network" in result.stderr
    assert there.asked == []
    result = kg(*words, "--private")
    assert result.exit_code == 2
    assert "kg: aaa: " in result.stderr
    assert "algoritmeregister: 1 records, 0 lost" in result.stderr
    assert "beheer@voorbeeld.example" in there.last["user-agent"]


def test_a_release_takes_in_what_was_imported(small_world: Project, export, tmp_path):
    out = tmp_path / "uit"
    without = releases.version_of(small_world, Publication())
    import_file(REGISTER, export([_algorithm(1), _algorithm(2, lars=None, source_id="b")]), out, small_world)
    release = releases.build(small_world, out)
    assert release.version != without
    assert release.manifest["registers"]["algoritmeregister"]["records"] == 2
    assert release.manifest["graphs"][GRAPH.value] == release.manifest["registers"]["algoritmeregister"]["triples"]
    store = open_store(release.store)
    about = ox.NamedNode(PAGE + "10000001")
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    assert [quad.graph_name for quad in store.quads_for_pattern(about, label, None)] in (
        [GRAPH, ox.DefaultGraph()],
        [ox.DefaultGraph(), GRAPH],
    )
    assert GRAPH.value in (release.folder / "dumps" / "spoorboek.nq").read_text(encoding="utf-8")
    assert GRAPH.value not in (release.folder / "dumps" / "spoorboek.ttl").read_text(encoding="utf-8")
    found = search.search(release.search, "proefalgoritme")
    assert {(hit.kind, hit.iri) for hit in found.hits} == {
        ("registratie", PAGE + "10000001"),
        ("registratie", "https://w3id.org/spoorboek/id/registratie/algoritmeregister-b"),
    }
    assert releases.build(small_world, out).version == release.version
    # The catalogue has what was copied as the source of the whole, not as a dataset of ours.
    said = turtle.read(release.folder / "catalogus.ttl")
    sources = {(t.subject.value, t.object.value) for t in said if t.predicate == named("prov:wasDerivedFrom")}
    assert (f"{BASE}catalogus#spoorboek", f"{ID}register/algoritmeregister") in sources


def test_an_import_that_was_tampered_with_is_not_taken_in(project, take_in, export, tmp_path):
    take_in(export([_algorithm(1)]))
    quads = tmp_path / "uit" / "registers" / "algoritmeregister.nq"
    about = quads.with_suffix(".json")
    quads.write_bytes(quads.read_bytes().replace(b"graph/register/algoritmeregister", b"graph/data/wetten"))
    with pytest.raises(
        DataError, match=r"algoritmeregister\.nq: it is not the file that was imported. Import it again"
    ):
        releases.build(project, tmp_path / "uit")
    facts = {**json.loads(about.read_text()), "nquads": hashlib.sha256(quads.read_bytes()).hexdigest()}
    about.write_text(json.dumps(facts))
    (imported,) = imports(tmp_path / "uit")
    with pytest.raises(DataError, match="it has a statement outside"):
        list(quads_of(imported, tmp_path / "uit"))
    for wrong in ("{}", "nee", '{"register": 1}'):
        about.write_text(wrong)
        with pytest.raises(DataError, match="Import it again"):
            imports(tmp_path / "uit")


@pytest.mark.parametrize(("step", "records"), [(1, 1), (2, 1), (3, 2)])
def test_an_import_that_is_killed_halfway_leaves_the_old_one_or_the_new(
    export, take_in, tmp_path, monkeypatch: pytest.MonkeyPatch, step, records
):
    take_in(export([_algorithm(1)]))
    steps = count(1)

    def replace(path: Path, target: Path) -> Path:
        if next(steps) == step:
            raise KeyboardInterrupt
        return path.rename(target)

    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            take_in(export([_algorithm(1), _algorithm(2)]))
    (found,) = imports(tmp_path / "uit")
    assert found.records == records
    assert len(list(quads_of(found, tmp_path / "uit"))) == found.triples
    # What was left halfway is in nobody's way.
    assert take_in(export([_algorithm(n) for n in range(3)])).records == 3
    assert imports(tmp_path / "uit")[0].records == 3


def test_what_a_killed_run_left_is_removed_and_is_no_import(export, take_in, tmp_path):
    folder = tmp_path / "uit" / "registers"
    left_over, of_another = folder / ".import-algoritmeregister.x1", folder / ".import-algoritmeregister-2.x1"
    for path in (left_over, of_another):
        path.mkdir(parents=True)
    (folder / ".algoritmeregister.nq").write_text("half")
    take_in(export([_algorithm(1)]))
    assert (left_over.exists(), of_another.exists()) == (False, True)
    assert [one.register for one in imports(tmp_path / "uit")] == ["algoritmeregister"]


def test_a_build_takes_no_import_that_came_after_it_began(export, take_in, tmp_path):
    before = take_in(export([_algorithm(1)]))
    take_in(export([_algorithm(1), _algorithm(2)]))
    with pytest.raises(DataError, match="imported anew in the meantime"):
        list(quads_of(before, tmp_path / "uit"))


def test_two_imports_of_a_register_do_not_run_at_once(export, take_in, tmp_path):
    take_in(export([_algorithm(1)]))
    with locked("algoritmeregister", tmp_path / "uit" / "registers"), pytest.raises(DataError, match="busy with"):
        take_in(export([_algorithm(1)]))
