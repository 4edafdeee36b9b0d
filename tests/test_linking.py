"""Links out: candidates against a labelled sample, mentions, suggestions beside decisions, what follows for records."""

import csv
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import ROOT
from typer.testing import CliRunner

from kg import sssom, turtle
from kg.cli import app
from kg.files import sha256
from kg.linking import candidates, decisions, mentions, names, suggestions, things
from kg.linking.things import Name, Thing
from kg.namespaces import DEF, ID, INFERRED, PREFIXES
from kg.project import Project
from kg.registers.imported import Imported

SAMPLES = Path(__file__).parent / "linking"
POOLS = ("tooi", "writings", "wetten")
TOOI = "https://identifier.overheid.nl/tooi/id/"
RVIG = f"{ID}organisatie/rvig"
REMOVALS = f"{ID}registratie/algoritmeregister-verhuizingen"
REDACTION = f"{ID}registratie/algoritmeregister-lakken"


@pytest.fixture(scope="module")
def ours(project: Project) -> list[Thing]:
    return things.read(suggestions.own_triples(project))


@pytest.fixture(scope="module")
def nameless(ours: list[Thing]) -> list[Thing]:
    """The same things without their identifiers, so that names have to do the work."""
    return [replace(thing, identifiers=frozenset([thing.iri]), matches=frozenset()) for thing in ours]


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    lines = (SAMPLES / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def _theirs(row: dict[str, str]) -> Thing:
    if row["pool"] == "writings":
        return things.named(row["theirs"])
    iri = TOOI + row["ref"] if row["pool"] == "tooi" else f"https://wetten.example/{names.plain(row['theirs'])}"
    short = [row["abbreviation"]] if row["abbreviation"] else []
    return things.thing(iri, row["kind"], [Name(row["theirs"], official=True)], short)


@pytest.fixture(scope="module")
def judged(nameless: list[Thing], pairs: list[dict[str, str]]) -> dict[str, set[tuple[str, str]]]:
    """Pairs of the sample: those that are true, those that are candidates, those that a rule accepts."""
    found: dict[str, set[tuple[str, str]]] = {"true": set(), "candidate": set(), "automatic": set()}
    for pool in POOLS:
        rows = [row for row in pairs if row["pool"] == pool]
        found["true"] |= {(ID + row["ours"], row["theirs"]) for row in rows if row["same"] == "yes"}
        for candidate in candidates.candidates(nameless, [_theirs(row) for row in rows]):
            pair = candidate.ours.iri, candidate.theirs.label
            found["candidate"].add(pair)
            if candidate.rule:
                found["automatic"].add(pair)
    return found


def test_the_sample_is_large_enough_and_about_known_things(pairs, ours):
    assert len(pairs) >= 150
    assert sum(row["same"] == "no" for row in pairs) >= 60
    assert {ID + row["ours"] for row in pairs} <= {*(thing.iri for thing in ours), *_groups(pairs)}


def _groups(pairs) -> set[str]:
    """Groups are no things to link; a member of one is a hard negative."""
    return {f"{ID}organisatie/{name}" for name in ("waterschappen", "provincies")}


def test_what_a_rule_accepts_is_right(judged):
    """Precision of automatic acceptance on the labelled sample."""
    assert len(judged["automatic"]) > 70
    assert len(judged["automatic"] & judged["true"]) / len(judged["automatic"]) >= 0.98


def test_what_is_the_same_is_a_candidate(judged):
    """Recall of candidates on the labelled sample."""
    assert len(judged["candidate"] & judged["true"]) / len(judged["true"]) >= 0.90


def test_most_candidates_are_worth_a_look(judged):
    assert len(judged["candidate"] & judged["true"]) / len(judged["candidate"]) >= 0.80


def _organisation(iri: str, name: str, *short: str, identifiers: tuple[str, ...] = (), ended: bool = False) -> Thing:
    return things.thing(iri, "organisatie", [Name(name, official=True)], short, identifiers, ended=ended)


def _pairs_of(ours: list[Thing], theirs: list[Thing]) -> list[tuple[str, str, bool]]:
    return [(c.ours.iri, c.theirs.iri, bool(c.rule)) for c in candidates.candidates(ours, theirs)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gemeente Utrecht", "provincie Utrecht"),
        ("Provincie Groningen", "Gemeente Groningen"),
        ("provincie Noord-Holland", "provincie Zuid-Holland"),
        ("Ministerie van Financiën", "Minister van Financiën"),
        ("Eerste Kamer der Staten-Generaal", "Tweede Kamer der Staten-Generaal"),
    ],
)
def test_names_that_are_alike_of_two_organisations_are_no_candidates(one: str, other: str):
    assert _pairs_of([_organisation("urn:a", one)], [_organisation("urn:b", other)]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Archiefwet 1995", "Archiefwet 1962"),
        ("Nieuwe Archiefwet", "Archiefwet 1995"),
        ("Omgevingswet", "Omgevingsbesluit"),
        ("Algemene verordening gegevensbescherming", "Uitvoeringswet Algemene verordening gegevensbescherming"),
        ("Wet basisregistratie personen", "Besluit basisregistratie personen"),
    ],
)
def test_names_that_are_alike_of_two_laws_are_no_candidates(one: str, other: str):
    laws = [things.thing(f"urn:{name}", "wet", [Name(name, official=True)]) for name in (one, other)]
    assert _pairs_of(laws[:1], laws[1:]) == []


def test_an_act_and_the_same_name_without_its_year_is_for_a_person_to_judge():
    laws = [
        things.thing(f"urn:{name}", "wet", [Name(name, official=True)]) for name in ("Archiefwet 1995", "Archiefwet")
    ]
    assert _pairs_of(laws[:1], laws[1:]) == [("urn:Archiefwet 1995", "urn:Archiefwet", False)]


def test_two_with_one_official_name_are_for_a_person_to_judge():
    theirs = [_organisation("urn:b", "Kadaster"), _organisation("urn:c", "kadaster")]
    assert {row[2] for row in _pairs_of([_organisation("urn:a", "Kadaster")], theirs)} == {False}


def test_what_has_ended_and_what_shares_only_an_abbreviation_are_for_a_person_to_judge():
    ours = [_organisation("urn:a", "Rijksinspectie Digitale Infrastructuur", "RDI")]
    ended = _organisation("urn:b", "Rijksinspectie Digitale Infrastructuur", ended=True)
    short = _organisation("urn:c", "Regionale Dienst Inkoop", "RDI")
    assert [row[2] for row in _pairs_of(ours, [ended, short])] == [False, False]


def test_things_of_two_kinds_are_never_one():
    ours = things.thing("urn:a", "voorziening", [Name("Rijksbrede Digitale Infrastructuur", official=True)], ["RDI"])
    assert _pairs_of([ours], [_organisation("urn:b", "Rijksbrede Digitale Infrastructuur", "RDI")]) == []


def test_one_identifier_settles_it_unless_two_have_it():
    ours = [_organisation("urn:a", "Logius", identifiers=("00000001822477348000",))]
    one = _organisation("urn:b", "Dienst Logius van het Rijk", identifiers=("00000001822477348000",))
    two = _organisation("urn:c", "Logius onderdeel", identifiers=("00000001822477348000",))
    assert _pairs_of(ours, [one]) == [("urn:a", "urn:b", True)]
    assert {row[2] for row in _pairs_of(ours, [one, two])} == {False}


def test_an_identifier_goes_before_a_name():
    ours = [_organisation("urn:a", "Logius", identifiers=("00000001822477348000",))]
    number = _organisation("urn:b", "Dienst Logius van het Rijk", identifiers=("00000001822477348000",))
    name = _organisation("urn:c", "Logius")
    assert _pairs_of(ours, [name, number]) == [("urn:a", "urn:b", True)]


def test_a_party_may_stand_in_a_register_under_two_writings_of_its_name():
    found = candidates.candidates(
        [_organisation("urn:a", "Ministerie van Financiën")],
        [things.named("Ministerie van Financiën"), things.named("ministerie van Financien")],
    )
    assert [bool(candidate.rule) for candidate in found] == [True, True]


def test_a_law_of_ours_and_its_page_elsewhere_have_one_number(ours: list[Thing]):
    page = things.thing(
        "https://wetten.overheid.nl/BWBR0005537", "wet", [Name("Algemene wet bestuursrecht", official=True)]
    )
    (candidate,) = candidates.candidates(ours, [page])
    assert (candidate.ours.iri, candidate.rule) == (f"{ID}wet/awb", candidates.SAME_IDENTIFIER)


def test_a_thing_that_is_linked_already_gets_no_candidates():
    ours = [things.thing("urn:a", "organisatie", [Name("Kadaster", official=True)], matches=["urn:b"])]
    assert _pairs_of(ours, [_organisation("urn:b", "Kadaster"), _organisation("urn:c", "Kadaster")]) == []


def test_a_register_and_the_dataset_made_of_it_are_close_and_never_one():
    ours = things.thing("urn:a", "voorziening", [Name("Basisregistratie Ondergrond", official=True)])
    theirs = things.thing("urn:b", "dataset", [Name("Basisregistratie Ondergrond", official=True)])
    (candidate,) = candidates.candidates([ours], [theirs])
    assert (candidate.predicate, candidate.rule) == (sssom.CLOSE_MATCH, "")


def test_many_names_are_compared_in_seconds(ours: list[Thing]):
    """500 of ours against 10,000 of theirs, all of them names with much in common: five million pairs."""
    words = ("Dienst", "Stichting", "Bureau", "Regio", "Noord", "Werk", "Zorg", "Water", "Haven", "Onderwijs")
    many = [
        _organisation(f"urn:{i}", f"{words[i % 10]} {words[i // 10 % 10]} {words[i // 100 % 10]} {i // 1000:x}{i % 7}")
        for i in range(10_000)
    ]
    some = [_organisation(f"urn:ours-{thing.iri}", f"{thing.label} x") for thing in many[:500]]
    started = time.process_time()
    assert len(candidates.candidates(some, many)) >= 500
    assert time.process_time() - started < 20


def _found(text: str, ours: list[Thing]) -> set[str]:
    vocabulary = mentions.vocabulary(ours)
    return {iri.removeprefix(ID) for written in vocabulary.found_in(text) for iri in vocabulary.meanings[written]}


@pytest.mark.parametrize(
    ("text", "things_named"),
    [
        ("Artikel 6 van de AVG en de Awb.", {"wet/avg", "wet/awb"}),
        ("algemene Verordening  Gegevensbescherming", {"wet/avg"}),
        ("Wet basisregistratie personen", {"wet/wet-brp"}),
        ("de BRP-gegevens", {"voorziening/brp"}),
        ("who is woo, en ap", set()),
        ("Uitvoeringswet Algemene verordening gegevensbescherming", set()),
        ("Besluit basisregistratie personen", set()),
        ("zie https://wetten.overheid.nl/x en wetten.overheid.nl", set()),
        ("via Overheid.nl", {"voorziening/overheid-nl"}),
        ("de BRPX of XBRP", set()),
        ("", set()),
    ],
)
def test_a_text_names_things_by_whole_words(text: str, things_named: set[str], ours: list[Thing]):
    assert _found(text, ours) == things_named


@pytest.fixture
def workplace(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the files about things, without mappings, with imports of the sample records in build/."""
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "data").mkdir()
    for path in (ROOT / "data").glob("*.ttl"):
        shutil.copy(path, tmp_path / "data")
    quads = list(turtle.read_quads(SAMPLES / "registraties.trig"))
    (tmp_path / "build" / "registers").mkdir(parents=True)
    for graph in {quad.graph_name.value for quad in quads}:
        lines = sorted(f"{quad} .\n" for quad in quads if quad.graph_name.value == graph)
        path = tmp_path / "build" / "registers" / f"{graph.rpartition('/')[2]}.nq"
        path.write_text("".join(lines), encoding="utf-8")
        entry = Imported(path.stem, "", None, 0, "", len(lines), 0, len(lines), sha256(path))
        entry.save(path.with_suffix(".json"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_BUILD", raising=False)
    return Project(tmp_path)


@pytest.fixture
def kg():
    return lambda *arguments: CliRunner().invoke(app, ["link", *arguments])


def _rows(project: Project, register: str) -> dict[tuple[str, str], sssom.Mapping]:
    found = sssom.read(suggestions.path_of(project, register))
    return {(row.subject_id.removeprefix(ID), row.object): row for row in found.mappings}


def test_suggestions_are_written_with_who_accepted_what(workplace: Project, kg):
    result = kg("suggest")
    assert result.exit_code == 0, result.stderr
    assert "data/koppelingen/roo.sssom.tsv: 0 accepted, 0 rejected, 1 automatic, 0 proposed" in result.stdout
    roo = _rows(workplace, "roo")
    assert list(roo) == [("organisatie/dji", f"{TOOI}oorg/oorg10114")]
    algorithms = _rows(workplace, "algoritmeregister")
    statuses = {key: row.status for key, row in algorithms.items()}
    assert statuses["organisatie/rvig", "Rijksdienst voor Identiteitsgegevens"] == "automatic"
    assert statuses["wet/wet-open-overheid", "Wet open overheid"] == "automatic"
    assert statuses["wet/wet-brp", "Wet BRP"] == "proposed"
    assert statuses["voorziening/brp", "BRP"] == "proposed"
    assert "wet/avg" not in {subject for subject, _ in statuses}
    (dataset,) = [row for row in _rows(workplace, "data-overheid-nl").values() if not row.object_type]
    assert (dataset.predicate_id, dataset.status) == (sssom.CLOSE_MATCH, "proposed")


def test_what_is_no_register_gets_no_mappings(workplace: Project, kg):
    quads = workplace.root / "build" / "registers" / "linkcontrole.nq"
    quads.write_text("", encoding="utf-8")
    Imported("linkcontrole", "", None, 0, "", 0, 0, 0, sha256(quads)).save(quads.with_suffix(".json"))
    assert "linkcontrole" not in kg("suggest").stdout


def test_an_import_that_was_changed_by_hand_is_refused(workplace: Project, kg):
    with (workplace.root / "build" / "registers" / "roo.nq").open("a", encoding="utf-8") as file:
        file.write("\n")
    result = kg("suggest", "roo")
    assert (result.exit_code, "it is not the file that was imported" in result.stderr) == (2, True)


def test_a_register_in_which_all_of_ours_is_linked_already_says_so(workplace: Project, kg):
    quads = workplace.root / "build" / "registers" / "tooi-ministeries.nq"
    word = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    graph = "https://w3id.org/spoorboek/graph/register/tooi-ministeries"
    fact = f"<{TOOI}ministerie/mnre1034> <{word}> <http://www.w3.org/ns/org#Organization> <{graph}> .\n"
    quads.write_text(fact, encoding="utf-8")
    Imported("tooi-ministeries", "", None, 0, "", 1, 0, 1, sha256(quads)).save(quads.with_suffix(".json"))
    assert "tooi-ministeries: the 1 that are in it were linked already" in kg("suggest", "tooi-ministeries").stdout


def test_decisions_stay_and_the_same_input_gives_the_same_bytes(workplace: Project, kg):
    kg("suggest", "algoritmeregister")
    by = ("--by", "A. Redacteur", "--date", "2026-11-22")
    assert kg("accept", "algoritmeregister", "voorziening/brp", "BRP", *by).exit_code == 0
    path = suggestions.path_of(workplace, "algoritmeregister")
    assert kg("reject", str(path), "wet/wet-open-overheid", "Wet open overheid", *by).exit_code == 0
    decided = path.read_bytes()
    assert kg("suggest", "algoritmeregister").exit_code == 0
    assert path.read_bytes() == decided
    rows = _rows(workplace, "algoritmeregister")
    accepted, rejected = rows["voorziening/brp", "BRP"], rows["wet/wet-open-overheid", "Wet open overheid"]
    assert (accepted.status, accepted.reviewer_label, accepted.review_date) == (
        "accepted",
        "A. Redacteur",
        "2026-11-22",
    )
    assert (rejected.status, rejected.predicate_modifier, rejected.holds) == ("rejected", "Not", False)


def test_who_decides_at_the_same_time_waits_and_no_decision_is_lost(workplace: Project, kg):
    kg("suggest", "algoritmeregister")
    path = suggestions.path_of(workplace, "algoritmeregister")
    one, other = [row for row in _rows(workplace, "algoritmeregister").values() if row.object_type][:2]
    code = "from kg.cli import app; from kg.linking import decisions; print('begins', flush=True); app()"
    command = [sys.executable, "-c", code, "link", "accept", path, other.subject_id, other.object, "--by", "B"]
    with sssom.changing(path):
        before = sssom.read_whole(path)
        with_one = decisions.decide(before, one.subject_id, one.object, accept=True, by="A", day="2026-11-22")
        deciding = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert deciding.stdout.readline() == "begins\n"
        with pytest.raises(subprocess.TimeoutExpired):
            deciding.wait(0.5)
        sssom.save(with_one, path)
    assert "accepted" in deciding.communicate(timeout=20)[0]
    by = {row.pair: row.reviewer_label for row in _rows(workplace, "algoritmeregister").values() if row.reviewer_label}
    assert by == {one.pair: "A", other.pair: "B"}
    assert list(path.parent.iterdir()) == [path]


def test_a_decision_for_another_match_keeps_a_rule_from_accepting_one(workplace: Project, kg):
    kg("suggest", "roo")
    path = suggestions.path_of(workplace, "roo")
    text = path.read_text(encoding="utf-8")
    other = text.replace("oorg10114", "oorg99999").replace("semapv:LexicalMatching", "semapv:ManualMappingCuration")
    path.write_text(other, encoding="utf-8")
    kg("suggest", "roo")
    statuses = {key[1][-9:]: row.status for key, row in _rows(workplace, "roo").items()}
    assert statuses == {"oorg99999": "accepted", "oorg10114": "proposed"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["suggest", "nergens"], "'nergens' is not imported in build; imported are: algoritmeregister"),
        (["suggest", "--out", "leeg"], "nothing is imported in leeg"),
        (["accept", "nergens", "wet/avg", "AVG", "--by", "x"], "no mappings of 'nergens'"),
        (["accept", "roo", "wet/avg", "AVG", "--by", "x"], "no row for wet:avg and 'AVG'"),
        (["reject", "roo", "organisatie/dji", "x", "--by", "x"], "with it stand: https://identifier.overheid.nl/"),
        (["accept", "roo", "organisatie/dji", "tooi:oorg/oorg10114", "--by", " "], "a decision needs a person"),
        (["accept", "roo", "organisatie/dji", "tooi:oorg/oorg10114", "--by", "x", "--date", "nu"], "'nu' is no day"),
        (["accept", "roo", "organisatie/dji", "x", "--by", "x", "--date", "2026-13-01"], "'2026-13-01' is no day"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input_gets_one_clear_line_and_exit_code_2(workplace: Project, kg, arguments: list[str], says: str):
    kg("suggest", "roo")
    result = kg(*arguments)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def _objects(store: ox.Store, subject: str, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, ox.DefaultGraph())
    return {quad.object.value.removeprefix(ID) for quad in quads}


def test_records_get_their_publisher_and_what_they_name(store_with_registers: ox.Store):
    named = _objects(store_with_registers, REMOVALS, f"{DEF}noemt")
    assert named == {"wet/wet-brp", "voorziening/brp"}
    assert _objects(store_with_registers, REMOVALS, f"{DEF}noemtAlsGrondslag") == {"wet/wet-brp"}
    assert _objects(store_with_registers, REMOVALS, f"{DEF}noemtAlsBron") == {"voorziening/brp"}
    laws = {"wet/wet-open-overheid", "wet/archiefwet", "wet/avg"}
    assert _objects(store_with_registers, REDACTION, f"{DEF}noemt") == laws
    assert _objects(store_with_registers, REDACTION, f"{DEF}noemtAlsGrondslag") == laws
    publisher = PREFIXES["dct"] + "publisher"
    assert _objects(store_with_registers, REMOVALS, publisher) == {"organisatie/rvig"}
    assert _objects(store_with_registers, REDACTION, publisher) == set()
    assert "organisatie/kadaster" in _objects(store_with_registers, "https://data.example/dataset/percelen", publisher)


def test_a_name_that_was_settled_for_one_register_says_nothing_of_another(store_with_registers: ox.Store):
    dataset = "https://data.example/dataset/ondergrond"
    assert _objects(store_with_registers, dataset, PREFIXES["dct"] + "publisher") == set()


def test_what_is_read_into_records_has_graphs_of_its_own_and_no_same_as(store_with_registers: ox.Store):
    graph = ox.NamedNode(f"{INFERRED}register-0-noemt")
    assert any(store_with_registers.quads_for_pattern(None, None, None, graph))
    same_as = ox.NamedNode(PREFIXES["owl"] + "sameAs")
    assert not any(store_with_registers.quads_for_pattern(None, same_as, None, None))


def test_accepted_mappings_are_in_the_graph_of_their_register(store: ox.Store):
    graph = ox.NamedNode("https://w3id.org/spoorboek/graph/data/koppelingen/roo")
    match, amsterdam = ox.NamedNode(sssom.EXACT_MATCH), ox.NamedNode(f"{ID}organisatie/gemeente-amsterdam")
    found = [quad.object.value for quad in store.quads_for_pattern(amsterdam, match, None, graph)]
    assert found == [f"{TOOI}gemeente/gm0363"]
    koop = ox.NamedNode(f"{ID}organisatie/koop")
    assert not any(store.quads_for_pattern(koop, match, None, None)), "a rejected row must not hold"


def test_the_service_says_which_register_a_question_misses(client):
    path = "/v1/vragen/algoritmes-met-voorziening-als-bron"
    answer = client.get(path, params={"voorziening": "voorziening/brp"}).json()
    assert (answer["aantal"], answer["ontbreekt"]) == (0, ["algoritmeregister"])
    listed = {question["naam"]: question for question in client.get("/v1/vragen").json()["vragen"]}
    assert listed["partijen-zonder-registratie"]["ontbreekt"] == ["algoritmeregister", "data-overheid-nl"]
    assert "registers" not in listed["welke-streefwaarden"]
