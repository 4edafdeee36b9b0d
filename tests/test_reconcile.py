"""Reconciliation: by the standard's own schemas, certain only when it is, and no input that it cannot take."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, SMALL_WORLD
from fastapi.testclient import TestClient
from kg_api import pages
from kg_api.app import create_app
from kg_api.reconcilable import CONCEPTS
from kg_api.reconcile_queries import MOST_BYTES, MOST_QUERIES
from kg_api.settings import Settings
from referencing import Registry
from referencing.jsonschema import DRAFT7

from kg import search
from kg.namespaces import DEF, ID, PREFIXES
from kg.reconciliation import FIELDS, LONGEST, Names
from kg.release import Release, load

ENGLISH = {"accept-language": "en"}
PROBLEM = "application/problem+json"
CURL = re.findall(r"^\$ (curl .*)$", (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8"), re.MULTILINE)
BATCH = {
    "q0": {"query": "DigiD"},
    "q1": {"query": "bzk", "type": DEF + "Organisatie", "type_strict": "should", "limit": 3},
    "q2": {"query": "Wet", "type": [DEF + "Wet", DEF + "Afspraak"], "type_strict": "any"},
    "q3": {
        "query": "contactpunt",
        "properties": [{"pid": DEF + "uitvoerder", "v": [{"id": "organisatie/bzk"}, "KOOP"]}],
    },
    "q4": {"properties": [{"pid": DEF + "jaar", "v": 2023}]},
    "q5": {"query": "qqq"},
}
WORLD = Names(
    (ID + iri, field, name)
    for iri, field, name in (
        ("wet/a", "naam", "Wet open overheid"),
        ("wet/a", "afkorting", "WOO"),
        ("wet/a", "identificatie", "BWBR0045754"),
        ("programma/b", "naam", "Werken aan open onderwijs"),
        ("programma/b", "afkorting", "Woo"),
        ("wet/c", "naam", "Wet digitale overheid"),
        ("actie/d", "naam", "Overheid open maken"),
        ("actie/d", "nummer", "2.5.1"),
        ("actie/d", "aanhef", "Open maken van"),
        ("wet/e", "naam", "Cafe-wet"),
    )
)


@pytest.fixture(scope="module")
def names(release: Release) -> Names:
    """The names of the shipped graph."""
    texts = search.texts(release.search, CONCEPTS)
    return Names((iri, text.field, text.text) for iri, text in texts if text.field in FIELDS)


@pytest.fixture(scope="module")
def valid(standards: Path) -> Callable[[str, object], None]:
    """Hold an answer against a schema of the standard."""
    schemas = [json.loads(path.read_text("utf-8")) for path in (standards / "reconciliatie" / "schemas").glob("*.json")]
    resources = [(schema["$id"], DRAFT7.create_resource(schema)) for schema in schemas]
    # The schema for property proposals calls itself a draft; all others refer to each other in this folder.
    folder = "https://reconciliation-api.github.io/specs/0.2/schemas/"
    by_file = {
        path.stem: schema
        for path, schema in zip((standards / "reconciliatie" / "schemas").glob("*.json"), schemas, strict=True)
    }
    registry = Registry().with_resources([*resources, (folder + "type.json", DRAFT7.create_resource(by_file["type"]))])

    def check(name: str, value: object) -> None:
        jsonschema.Draft7Validator(by_file[name], registry=registry).validate(value)

    return check


def ask(client: TestClient, path: str = "/reconcile/nl", **queries: object) -> dict[str, list[dict]]:
    """The candidates for each query."""
    response = client.post(path, data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    return {key: answer["result"] for key, answer in response.json().items()}


def extend(client: TestClient, ids: list[str], *properties: str, path: str = "/reconcile/nl") -> dict:
    asked = {"ids": ids, "properties": [{"id": name} for name in properties]}
    response = client.get(path, params={"extend": json.dumps(asked)})
    assert response.status_code == 200, response.text
    return response.json()


def certain(name: str, *wanted: str, names: Names = WORLD) -> list[str]:
    things = {ID + iri for iri in wanted} or None
    return [found.iri.removeprefix(ID) for found in names.like(name, None, things) if found.certain]


def test_an_exact_name_that_one_thing_has_is_certain():
    for name in ("Wet open overheid", " wet  OPEN overheid.", "BWBR0045754", "wet/a", ID + "wet/a"):
        assert certain(name) == ["wet/a"]
    assert certain("Café-wet") == ["wet/e"]
    assert certain("Wet open") == certain("Wet open overheden") == []


def test_an_abbreviation_of_two_things_is_certain_only_when_one_is_wanted():
    assert certain("Woo") == []
    assert certain("Woo", "wet/a", "wet/c") == ["wet/a"]
    assert [found.score for found in WORLD.like("woo")[:2]] == [100, 100]


def test_a_number_is_certain_only_among_things_of_a_kind():
    assert certain("2.5.1") == []
    assert certain("2.5.1", "actie/d") == ["actie/d"]
    assert certain("Open maken van", "actie/d") == []


def test_what_is_not_wanted_scores_half():
    assert {found.iri.removeprefix(ID): found.score for found in WORLD.like("woo", None, {ID + "wet/a"})} == {
        "wet/a": 100,
        "programma/b": 50,
    }
    assert [found.iri for found in WORLD.like("woo", {ID + "wet/a"})] == [ID + "wet/a"]


@pytest.mark.parametrize("name", ["Wet digtale overheid", "overheid, digitale wet", "Wet digitale overheid (Wdo)"])
def test_errors_order_and_additions_do_not_hide_a_thing(name: str):
    best = WORLD.like(name)[0]
    assert (best.iri, best.certain) == (ID + "wet/c", False)
    assert 30 < best.score < 100


@pytest.mark.parametrize("name", ["", "   ", "?!", "\x00", "\U0001f600", "x" * 100_000, "zq " * 10_000, "%_*\"'"])
def test_no_name_is_too_strange(name: str):
    assert WORLD.like(name) == []


def test_of_a_long_name_the_beginning_counts():
    assert WORLD.like("Wet open overheid " + "x" * LONGEST)[0].iri == ID + "wet/a"


def test_scores_go_down():
    scores = [found.score for found in WORLD.like("open overheid")]
    assert len(scores) >= 2
    assert scores == sorted(scores, reverse=True)


def test_every_thing_is_found_by_its_names(names: Names, release: Release):
    texts = [(iri, text.text) for iri, text in search.texts(release.search, CONCEPTS) if text.field in FIELDS]
    assert all(iri in names.called(name) for iri, name in texts)
    for iri, name in texts[::100]:
        assert iri in {found.iri for found in names.like(name) if found.called}


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("Ministerie van VWS", "organisatie/vws"),
        ("BZK (ministerie)", "organisatie/bzk"),
        ("Dienst uitvoering onderwijs (DUO)", "organisatie/duo"),
        ("Wet digitale overheid (Wdo)", "wet/wet-digitale-overheid"),
        ("Algoritme register", "voorziening/algoritmeregister"),
    ],
)
def test_the_right_thing_comes_first(name: str, ref: str, names: Names):
    kind = ref.partition("/")[0]
    among = {iri for iri in names.things if iri.startswith(ID + kind)}
    assert names.like(name, among, among)[0].iri == ID + ref


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_manifest_is_by_the_standard_and_its_addresses_answer(client, valid, language: str):
    manifest = client.get(f"/reconcile/{language}").json()
    valid("manifest", manifest)
    assert manifest["identifierSpace"] == ID
    assert manifest["batchSize"] == MOST_QUERIES
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        address = template.replace("{{id}}", "wet%2Favg")
        assert f"/reconcile/{language}/" in address
        assert client.get(address).status_code in (200, 303)
    samples = {"entity": "wet/avg", "type": DEF + "Wet", "property": DEF + "status"}
    for what, service in manifest["suggest"].items():
        found = client.get(service["service_url"] + service["service_path"], params={"prefix": "wet"}).json()
        valid(
            {"entity": "suggest-entities-response", "type": "suggest-types-response"}.get(
                what, "suggest-properties-response"
            ),
            found,
        )
        flyout = service["flyout_service_url"] + service["flyout_service_path"]
        response = client.get(flyout.replace("${id}", samples[what].replace("/", "%2F").replace("#", "%23")))
        assert response.json()["id"] == samples[what]
        assert response.json()["html"].startswith("<p><strong>")


def test_the_language_is_that_of_the_path_or_of_the_client(client):
    def name(path: str, accepts: str) -> str:
        response = client.get(path, headers={"accept-language": accepts})
        return response.json()["defaultTypes"][0]["name"]

    assert name("/reconcile", "en") == name("/reconcile/en", "nl") == name("/reconcile?lang=en", "nl") == "facility"
    assert name("/reconcile", "nl") == name("/reconcile/nl", "en") == "voorziening"


def test_addresses_begin_as_the_service_is_known(project, release):
    app = create_app(project, lambda: release, Settings(public_url="https://spoorboek.example/"))
    with TestClient(app) as elsewhere:
        assert elsewhere.get("/reconcile/nl").json()["preview"]["url"].startswith("https://spoorboek.example/reconcile")


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/nl", "/reconcile/en"])
def test_a_batch_and_its_answer_are_by_the_standard(client, valid, path: str):
    valid("reconciliation-query-batch", BATCH)
    posted = client.post(path, data={"queries": json.dumps(BATCH)})
    got = client.get(path, params={"queries": json.dumps(BATCH)})
    assert posted.json() == got.json()
    valid("reconciliation-result-batch", posted.json())
    assert list(posted.json()) == list(BATCH)
    assert posted.json()["q5"] == {"result": []}
    assert len(posted.json()["q1"]["result"]) == 3
    assert posted.headers["access-control-allow-origin"] == "*"


def test_only_the_certain_is_a_match(client):
    found = ask(client, **{str(i): {"query": name} for i, name in enumerate(("DigiD", "32016R0679", "RDI", "digd"))})
    assert [result[0]["match"] for result in found.values()] == [True, True, False, False]
    assert found["1"][0]["id"] == "wet/avg"
    assert all(candidate["match"] is False for candidate in found["0"][1:])
    with_type = ask(client, q={"query": "RDI", "type": "sb:Organisatie"})["q"]
    assert (with_type[0]["id"], with_type[0]["match"]) == ("organisatie/rdi", True)


def test_identifiers_elsewhere_lead_to_a_thing(client):
    iri = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1034"
    assert ask(client, q={"query": iri})["q"][0]["id"] == "organisatie/bzk"


def test_types_narrow_down(client):
    def kinds(strict: str, *types: str) -> set[str]:
        query = {"query": "BZK", "type": [f"sb:{name}" for name in types], "type_strict": strict, "limit": 50}
        return {candidate["id"].partition("/")[0] for candidate in ask(client, q=query)["q"]}

    assert kinds("any", "Organisatie") == {"organisatie"}
    assert kinds("any", "Organisatie", "Plan") == {"organisatie", "plan"}
    assert kinds("all", "Organisatie", "Plan") == set()
    assert kinds("all", "Organisatie", "Partij") == {"organisatie"}
    assert kinds("should", "Organisatie") > {"organisatie"}


def test_properties_narrow_down(client):
    def found(value: object, pid: str = "sb:uitvoerder") -> list[str]:
        query = {"type": "sb:Actie", "properties": [{"pid": pid, "v": value}], "limit": 100}
        return sorted(candidate["id"] for candidate in ask(client, q=query)["q"])

    assert found("KOOP") == found({"id": "organisatie/koop"}) == found("koop") == found(ID + "organisatie/koop")
    assert "actie/werkagenda-2024-2-5-5" in found("KOOP")
    assert found("niemand") == []
    assert found("2.5.5", "sb:nummer") == ["actie/werkagenda-2024-2-5-5"]
    assert set(found(["KOOP", "niemand"])) == set(found("KOOP"))
    assert "actie/werkagenda-2024-2-5-5" in found("werkagenda-2024-2-5", "sb:Prioriteit") + found(
        {"id": "prioriteit/werkagenda-2024-2-5"}, "sb:Prioriteit"
    )


def test_a_blank_name_finds_nothing(client):
    assert ask(client, a={"query": ""}, b={"query": "  "}) == {"a": [], "b": []}
    assert ask(client) == {}


def test_limits_hold_and_a_long_name_does_not_spoil_a_batch(client):
    found = ask(
        client, a={"query": "de overheid", "limit": 5000}, b={"query": "x" * 9000}, c={"query": "DigiD", "limit": 1}
    )
    assert len(found["a"]) <= 100
    assert [len(found["b"]), len(found["c"])] == [0, 1]
    assert len(ask(client, **{str(i): {"query": "BZK"} for i in range(MOST_QUERIES)})) == MOST_QUERIES


@pytest.mark.parametrize(
    ("queries", "status", "says"),
    [
        ("", 400, "queries"),
        ("nonsense", 400, "queries"),
        ("[]", 400, "queries"),
        ("[" * 100_000, 400, "queries"),
        ('{"q": 5}', 400, "queries.q"),
        ('{"q": {}}', 400, "give 'query', or else 'properties'"),
        ('{"q": {"query": 5}}', 400, "queries.q.query"),
        ('{"q": {"query": "a", "limit": 0}}', 400, "queries.q.limit"),
        ('{"q": {"query": "a", "limit": NaN}}', 400, "queries.q.limit"),
        ('{"q": {"query": "a", "type_strict": "soms"}}', 400, "queries.q.type_strict"),
        ('{"q": {"query": "a", "kleur": "rood"}}', 400, "queries.q.kleur"),
        ('{"q": {"query": "a", "type": "sb:Niets"}}', 400, "unknown type: " + DEF + "Niets"),
        ('{"q": {"query": "a", "type": "<script>"}}', 400, "unknown type: <script>"),
        ('{"q": {"query": "a", "properties": [{"pid": "kleur", "v": "rood"}]}}', 400, "unknown property: kleur"),
        ('{"q": {"query": "a", "properties": [{"pid": "sb:soort"}]}}', 400, "queries.q.properties.0.v"),
        ('{"q": {"query": "a", "properties": [{"pid": "sb:soort", "v": null}]}}', 400, "queries.q.properties.0.v"),
        ('{"q": {"query": "\\ud800"}}', 400, "queries"),
        (json.dumps({str(i): {"query": "a"} for i in range(MOST_QUERIES + 1)}), 413, "too many"),
        (json.dumps({"q": {"properties": [{"pid": "sb:soort", "v": list(range(100))}] * 21}}), 413, "too many"),
        ('{"q": {"properties": [{"pid": "sb:soort", "v": ' + "9" * 5000 + "}]}}", 400, "queries"),
        (json.dumps({"q": {"query": "x" * 20_000}}), 400, "queries.q.query"),
    ],
)
def test_a_wrong_batch_says_what_is_wrong(client, queries: str, status: int, says: str):
    response = client.post("/reconcile/en", data={"queries": queries})
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    assert says in response.json()["detail"]
    assert len(response.content) < 4000


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/reconcile?callback=f", 400, "JSONP"),
        ("/reconcile?queries=%7B%7D&callback=f", 400, "JSONP"),
        ("/reconcile?query=DigiD", 400, "'queries'"),
        ("/reconcile?queries=%7B%7D&extend=%7B%7D", 400, "one 'queries'"),
        ("/reconcile?queries=%7B%7D&queries=%7B%7D", 400, "one 'queries'"),
        ("/reconcile?queries=%FF", 400, "read"),
        ("/reconcile/de", 400, "taal"),
        ("/reconcile/nl?extend=%7B%7D", 400, "extend.ids"),
        ('/reconcile/en?extend={"ids":["wet/avg"],"properties":[{"id":"kleur"}]}', 400, "unknown property"),
        ("/reconcile/nl/suggest/kleur?prefix=a", 400, "what"),
        ("/reconcile/nl/suggest/entity?prefix=" + "x" * 300, 400, "prefix"),
        ("/reconcile/nl/suggest/entity?prefix=a&cursor=-1", 400, "cursor"),
        ("/reconcile/en/properties?type=sb:Niets", 404, "unknown type"),
        ("/reconcile/nl/properties?limit=0", 400, "limit"),
        ("/reconcile/nl/flyout/entity", 400, "id"),
        ("/reconcile/nl/flyout/entity?id=wet/bestaat-niet", 404, "wet/bestaat-niet"),
        ("/reconcile/en/flyout/type?id=sb:Niets", 404, "unknown type"),
        ("/reconcile/en/flyout/property?id=%3Cb%3E", 400, "unknown property"),
        ("/reconcile/nl/preview?id=%3Cscript%3E", 404, "<script>"),
        ("/reconcile/nl/preview?id=" + ID + "wet/a%20b", 404, "a b"),
        ("/reconcile/nl/view?id=https://elders.example/", 404, "elders.example"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(client, path: str, status: int, says: str):
    response = client.get(path, headers=ENGLISH)
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    assert says in response.json()["detail"]


@pytest.mark.parametrize(
    ("queries", "nl", "en"),
    [
        ("{", "queries is geen JSON: het gaat mis op regel 1, teken 1", "queries is no JSON: it goes wrong on line 1"),
        ("[]", "queries is geen JSON-object", "queries is no JSON object"),
        ('{"q": 1}', "queries.q is geen JSON-object", "queries.q is no JSON object"),
        ('{"q": {}}', "queries.q vraagt niets", "queries.q asks nothing"),
        ('{"q": {"query": 1}}', "queries.q.query is geen tekst", "queries.q.query is no text"),
        ('{"q": {"query": "a", "limit": "x"}}', "queries.q.limit is geen heel getal", "is no whole number"),
        ('{"q": {"query": "a", "limit": 1.5}}', "queries.q.limit is geen heel getal", "is no whole number"),
        ('{"q": {"query": "a", "limit": 0}}', "queries.q.limit is minder dan 1", "queries.q.limit is less than 1"),
        ('{"q": {"query": "a", "kleur": 1}}', "queries.q.kleur hoort hier niet", "does not belong here"),
        ('{"q": {"query": "a", "type_strict": "x"}}', "is geen van 'any', 'should', 'all'", "is none of 'any'"),
        ('{"q": {"query": "a", "properties": 1}}', "queries.q.properties is geen lijst", "is no list"),
        (
            '{"q": {"query": "a", "properties": [{"pid": "x"}]}}',
            "properties.0.v ontbreekt",
            "properties.0.v is missing",
        ),
        ('{"q": {"properties": [{"pid": "x", "v": null}]}}', "is geen tekst, getal,", "is no text, number,"),
        (json.dumps({"q": {"query": "x" * 20_000}}), "is langer dan 10000 tekens", "is longer than 10000 characters"),
        (json.dumps({"q": {"properties": [{"pid": "x", "v": 1}] * 41}}), "meer dan 40 delen", "more than 40 parts"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(client, queries: str, nl: str, en: str):
    for language, says in (("nl", nl), ("en", en)):
        assert says in client.post(f"/reconcile/{language}", data={"queries": queries}).json()["detail"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/reconcile/de", "path.taal is geen van 'nl', 'en'"),
        ("/reconcile/nl/suggest/entity?prefix=" + "x" * 300, "query.prefix is langer dan"),
        ("/reconcile/nl/suggest/entity?prefix=a&cursor=-1", "query.cursor is minder dan 0"),
        ("/reconcile/nl/suggest/entity?prefix=a&cursor=1000000", "query.cursor is meer dan 100000"),
        ("/reconcile/nl/suggest/entity?prefix=a&cursor=x", "query.cursor is geen heel getal"),
        ("/reconcile/nl/flyout/entity", "query.id ontbreekt"),
        ("/reconcile/nl/flyout/entity?id=", "query.id is leeg"),
    ],
)
def test_a_wrong_parameter_is_named_in_dutch(client, path: str, says: str):
    assert says in client.get(path).json()["detail"]


def test_other_bodies_and_methods_are_refused(client):
    assert client.post("/reconcile", json=BATCH).status_code == 415
    assert client.post("/reconcile", data={"queries": "x" * MOST_BYTES}).status_code == 413
    assert client.post("/reconcile", data={"query": "a"}).status_code == 400
    assert client.delete("/reconcile").status_code == 405
    assert client.post("/reconcile/nl/view?id=wet/avg").status_code == 405
    assert "POST" in client.options("/reconcile/en").headers["access-control-allow-methods"]
    assert client.get("/reconcile", headers={"host": 'a"b'}).json()["view"]["url"].startswith("http://testserver/")


def test_suggestions_go_on_where_the_last_ended(client):
    def ids(cursor: int) -> list[str]:
        address = "/reconcile/nl/suggest/entity"
        return [
            item["id"] for item in client.get(address, params={"prefix": "digi", "cursor": cursor}).json()["result"]
        ]

    assert ids(0)[0] == "voorziening/digid"
    assert len(ids(0)) == len(set(ids(0) + ids(len(ids(0))))) - len(ids(20)) == 20
    assert client.get("/reconcile/nl/suggest/entity").json() == {"result": []}


def test_an_identifier_is_a_suggestion(client):
    for prefix in ("voorziening/digid", ID + "voorziening/digid", "32016R0679"):
        found = client.get("/reconcile/en/suggest/entity", params={"prefix": prefix}).json()["result"]
        assert found[0]["id"] in ("voorziening/digid", "wet/avg")
    kinds = client.get("/reconcile/en/suggest/type", params={"prefix": "fac"}).json()["result"]
    assert kinds[0]["id"] == DEF + "Voorziening"


def test_properties_are_proposed_for_a_type(client, valid):
    response = client.get("/reconcile/nl/properties", params={"type": "sb:Actie", "limit": 3})
    valid("data-extension-property-proposal", response.json())
    assert (len(response.json()["properties"]), response.json()["type"]) == (3, "sb:Actie")
    of_law = {item["id"] for item in client.get("/reconcile/nl/properties?type=sb:Wet").json()["properties"]}
    assert PREFIXES["dct"] + "identifier" in of_law
    assert DEF + "aanhef" not in of_law


def test_every_type_of_a_plan_has_properties_with_values(client):
    things = {
        "Opgave": "opgave/werkagenda-2024-2-5",
        "Pijler": "pijler/iplan-bzk2-1",
        "Coalitie": "coalitie/iplan-bzk2-1",
    }
    plans = {"Opgave": "plan/werkagenda-2024", "Pijler": "plan/iplan-bzk2", "Coalitie": "plan/iplan-bzk2"}
    for kind, thing in things.items():
        proposed = client.get("/reconcile/nl/properties", params={"type": f"sb:{kind}"}).json()["properties"]
        row = extend(client, [thing], *(item["id"] for item in proposed))["rows"][thing]
        assert [cell["id"] for cell in row[DEF + "Plan"]] == [plans[kind]]
        assert row[PREFIXES["skos"] + "prefLabel"]
        assert row[DEF + "onderdeelVan"]


def test_values_are_fetched_by_the_standard(client, valid):
    ids = [
        "wet/avg",
        "voorziening/digid",
        "actie/werkagenda-2024-2-5-5",
        ID + "resultaat/werkagenda-2024-2-5-b4",
        "x/y",
    ]
    names = ["dct:identifier", "skos:prefLabel", "sb:beheerder", "sb:uitvoerder", "sb:jaar", "skos:exactMatch"]
    valid("data-extension-query", {"ids": ids, "properties": [{"id": name} for name in names]})
    found = extend(client, ids, *names, path="/reconcile/en")
    valid("data-extension-response", found)
    assert [meta["id"] for meta in found["meta"]] == names
    law, facility, action, result, unknown = found["rows"].values()
    assert law["dct:identifier"] == [{"str": "32016R0679"}]
    assert law["skos:prefLabel"] == [{"str": "General Data Protection Regulation"}]
    assert facility["sb:beheerder"] == [{"id": "organisatie/logius", "name": "Logius"}]
    assert {"organisatie/bzk", "organisatie/koop"} <= {cell["id"] for cell in action["sb:uitvoerder"]}
    assert result["sb:jaar"] == [{"int": 2023}]
    assert set(map(len, unknown.values())) == {0}


def test_every_property_of_every_thing_can_be_fetched(client, valid):
    ids = ["wet/avg", "voorziening/digid", "organisatie/bzk", "actie/werkagenda-2024-2-5-5", "plan/iplan-bzk2"]
    properties = [item["id"] for item in client.get("/reconcile/nl/properties").json()["properties"]]
    found = extend(client, ids, *properties)
    valid("data-extension-response", found)
    filled = {name for row in found["rows"].values() for name, values in row.items() if values}
    assert len(filled) > len(properties) / 2


def test_a_preview_may_stand_in_a_frame_and_do_nothing(client):
    response = client.get("/reconcile/en/preview?id=wet/avg")
    assert "General Data Protection Regulation" in response.text
    assert 'href="/doc/wet/avg?lang=en"' in response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors http: https:" in policy
    assert "frame-ancestors 'none'" in client.get("/doc/wet/avg").headers["content-security-policy"]
    assert client.get("/reconcile/en/view?id=wet%2Favg").headers["location"] == "/doc/wet/avg?lang=en"


@pytest.mark.parametrize("template", ["flyout.html", "preview.html"])
def test_a_name_never_becomes_markup(template: str):
    evil = "<script>alert(1)</script>"
    texts = {"title": evil, "kinds": [evil], "names": [evil], "description": evil, "identifier": evil}
    html = pages.TEMPLATES.get_template(template).render(texts, page="/doc/x", language="nl", t={"name": "Spoorboek"})
    assert html.count("&lt;script&gt;") >= 4
    assert "<script>" not in html


def test_without_a_release_there_is_nothing_to_reconcile_with(project, tmp_path):
    loose = load([SMALL_WORLD], tmp_path)
    with TestClient(create_app(project, lambda: loose, Settings()), raise_server_exceptions=False) as client:
        for path in ("/reconcile", "/reconcile/nl/suggest/entity?prefix=a", "/reconcile/nl/properties"):
            response = client.get(path)
            assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)
            assert "--data" in response.json()["detail"]
        assert client.post("/reconcile", data={"queries": '{"q": {"query": "a"}}'}).status_code == 404


@pytest.mark.parametrize("command", CURL)
def test_the_commands_of_the_manual_run(command: str, served: str, tmp_path):
    curl = shutil.which("curl") or pytest.skip("curl is not there")
    words = shlex.split(command.replace("http://127.0.0.1:8000", served))
    done = subprocess.run([curl, "-sSf", *words[1:]], capture_output=True, timeout=20, check=True, cwd=tmp_path)
    answer = json.loads(done.stdout)
    first = next(iter(answer.values()))
    assert first
    assert first != {"result": []}
