"""`/v1`: every collection in every form, its filters held against the graph, and what is refused."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from kg_api import items, parameters, rest
from kg_api.app import create_app
from kg_api.collections import COLLECTIONS, Collection
from kg_api.questions import Questions
from kg_api.settings import Settings
from starlette.testclient import TestClient

from kg.namespaces import ID, PREFIXES
from kg.project import Project
from kg.release import load

EVERY = pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=COLLECTIONS)
FILTERS = [(collection, item) for collection in COLLECTIONS.values() for item in collection.filters]


def refs(client: TestClient, path: str, **asked: str) -> list[str]:
    """The refs on every page of a list."""
    name, found = path.rpartition("/")[2], []
    number = pages = 1
    while number <= pages:
        body = client.get(path, params={"paginaGrootte": "500", "pagina": str(number), **asked}).json()
        found += [thing["ref"] for thing in body[name]]
        number, pages = number + 1, body["paginas"]
    assert len(found) == len(set(found)) == body["aantal"]
    return found


@EVERY
def test_a_collection_holds_each_of_its_things_once(client, store, collection: Collection):
    classes = " ".join(f"sb:{name}" for name in collection.classes)
    query = f"SELECT DISTINCT ?x {{ VALUES ?c {{ {classes} }} ?x a ?c FILTER(STRSTARTS(STR(?x), '{ID}')) }}"
    known = {row["x"].value.rpartition("/")[2] for row in store.query(query, prefixes=PREFIXES)}
    assert set(refs(client, f"/v1/{collection.name}")) == known


@EVERY
def test_an_item_says_what_the_list_says_and_more(client, collection: Collection):
    item = client.get(f"/v1/{collection.name}/{collection.example}").json()
    assert item["uri"] == f"{ID}{collection.concept}/{collection.example}"
    assert set(collection.parts) <= set(item)
    things = client.get(f"/v1/{collection.name}", params={"q": collection.example}).json()[collection.name]
    (listed,) = (thing for thing in things if thing["ref"] == collection.example)
    assert listed == {name: value for name, value in item.items() if name not in collection.parts}


@EVERY
def test_the_fields_stand_in_the_query_that_reads_them(collection: Collection, project: Project):
    files = [project.root / "queries" / "service" / f"{name}.rq" for name in (collection.query, "gehelen")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    names = {
        f"{prefix}:{field.property.removeprefix(iri)}"
        for field in collection.fields
        for prefix, iri in PREFIXES.items()
        if field.property.startswith(iri) and prefix in ("sb", "skos", "dct")
    }
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize(("collection", "item"), FILTERS, ids=[f"{c.name}-{f.name}" for c, f in FILTERS])
def test_every_filter_narrows_its_list_and_refuses_what_is_not_there(client, collection, item):
    path = f"/v1/{collection.name}"
    assert set() < set(refs(client, path, **{item.name: item.sample})) <= set(refs(client, path))
    refused = client.get(path, params={item.name: "bestaat-niet"})
    assert refused.status_code == (404 if item.concept or item.name == "identificatie" else 400)
    body = refused.json()
    assert (body["parameter"], body["type"].rpartition("/")[2][:8]) == (item.name, "onbekend")
    assert body.get("waarden") or "/v1/" in body["detail"] or item.name == "identificatie"


def test_filters_hold_against_the_plan(client):
    assert refs(client, "/v1/prioriteiten", spoor="werkagenda-2024-2")[-1] == "werkagenda-2024-2-6"
    assert "werkagenda-2024-1-2-6" in refs(client, "/v1/acties", voorziening="digid", spoor="werkagenda-2024-1")
    assert "mijnoverheid" in refs(client, "/v1/voorzieningen", voorziening="digid")
    assert "nl-wallet" in refs(client, "/v1/voorzieningen", soort="wallet")
    assert "mijnoverheid" in refs(client, "/v1/voorzieningen", beheerder="logius")
    assert refs(client, "/v1/wetten", identificatie="32016R0679") == ["avg"]
    assert refs(client, "/v1/wetten", identificatie="http://data.europa.eu/eli/reg/2016/679/oj") == ["avg"]
    assert refs(client, "/v1/organisaties", identificatie="00000001822477348000") == ["logius"]
    assert "wet-digitale-overheid" in refs(client, "/v1/wetten", voorziening="digid")
    assert "werkagenda-2024-1-2-4-r2" in refs(client, "/v1/resultaten", voorziening="mijnoverheid")
    assert refs(client, "/v1/resultaten", actie="werkagenda-2024-2-5-5")[0] == "werkagenda-2024-2-5-5-r1"
    assert "mijnoverheid--gebruikt--digid" in refs(client, "/v1/verbanden", soort="gebruikt", voorziening="digid")


@pytest.mark.parametrize(
    ("path", "status", "near"),
    [
        ("/v1/acties?voorziening=DigiD", 400, "digid"),
        ("/v1/acties?spoor=2.5", 400, "werkagenda-2024-2"),
        ("/v1/acties?jaar=straks", 400, "2024"),
        ("/v1/doelen?jaar=24", 400, "2025"),
        ("/v1/wetten?soort=EU", 400, "eu-verordening"),
        ("/v1/wetten?identificatie=32016R0678", 404, "32016R0679"),
        ("/v1/voorzieningen/DigiD", 400, "digid"),
        ("/v1/pad?van=DigiD&naar=wet/avg", 400, "voorziening/digid"),
        ("/v1/pad?van=voorziening/digit&naar=wet/avg", 404, "voorziening/digid"),
        ("/v1/vragen/wat-raakt-voorziening?voorziening=voorziening/digit", 404, "voorziening/digid"),
    ],
)
def test_a_value_that_is_wrong_brings_those_there_are(client, path: str, status: int, near: str):
    response = client.get(path)
    assert response.status_code == status
    assert near in response.json()["waarden"]
    assert near in response.json()["detail"]


def test_a_value_like_nothing_brings_none(client):
    for wrong in ("zzzzzzzz", "x/y/z", "kleur/rood", "wet/zzzzqqqq", "https://example.org/id/voorziening/digid"):
        assert "waarden" not in client.get("/v1/pad", params={"van": wrong, "naar": "wet/avg"}).json()


def test_a_name_is_found_without_capitals_and_accents(client):
    assert "digid" in refs(client, "/v1/voorzieningen", q="DIGID")
    assert refs(client, "/v1/acties", q="beinvloed") == refs(client, "/v1/acties", q="BEÏNVLOED")
    assert refs(client, "/v1/acties", q="bestaat nergens") == []


def test_a_list_can_be_sorted_both_ways(client):
    forth = refs(client, "/v1/wetten", sorteer="ref")
    assert refs(client, "/v1/wetten", sorteer="-ref") == forth[::-1]
    years = [thing["jaar"] for thing in client.get("/v1/resultaten?sorteer=-jaar,naam").json()["resultaten"]]
    assert years == sorted(years, reverse=True)
    for order in ("nummer", "-nummer"):
        numbered = [
            "nummer" in thing for thing in client.get(f"/v1/acties?sorteer={order}&paginaGrootte=500").json()["acties"]
        ]
        assert numbered == sorted(numbered, reverse=True)
        assert any(numbered)


def test_pages_link_to_each_other(client):
    first = client.get("/v1/acties?paginaGrootte=20&plan=werkagenda-2024")
    seen, response = [], first
    while True:
        seen += [actie["ref"] for actie in response.json()["acties"]]
        if "next" not in response.links:
            break
        response = client.get(response.links["next"]["url"])
    assert len(seen) == len(set(seen)) == first.json()["aantal"] == 104
    assert "prev" not in first.links
    assert response.url == client.get(first.links["last"]["url"]).url
    assert client.get(response.links["first"]["url"]).json() == first.json()


def test_only_the_fields_that_are_asked_for(client):
    body = client.get("/v1/acties?velden=ref,naam&paginaGrootte=1").json()
    assert set(body["acties"][0]) == {"ref", "naam"}
    assert set(client.get("/v1/wetten/avg?velden=naam,vindplaatsen").json()) == {"naam", "vindplaatsen"}


def test_what_a_field_refers_to_in_full(client):
    plain = client.get("/v1/acties/werkagenda-2024-2-5-5").json()["prioriteit"]
    full = client.get("/v1/acties/werkagenda-2024-2-5-5?expand=prioriteit,plan").json()
    assert "nummer" not in plain
    assert full["prioriteit"]["nummer"] == "2.5"
    assert "omschrijving" in full["plan"]
    assert client.get("/v1/acties/werkagenda-2024-2-5-5").json()["prioriteit"] == plain


@EVERY
def test_whatever_can_be_said_in_full_is(client, collection: Collection):
    for name in items.expandable(collection):
        path = f"/v1/{collection.name}?paginaGrootte=500"
        plain, full = (client.get(p).json()[collection.name] for p in (path, f"{path}&expand={name}"))
        assert plain != full, name


@EVERY
def test_a_list_as_csv(client, collection: Collection):
    response = client.get(f"/v1/{collection.name}?paginaGrootte=5", headers={"accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(response.text)))
    body = client.get(f"/v1/{collection.name}?paginaGrootte=5&formaat=json", headers={"accept": "text/csv"}).json()
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["ref"] for row in rows] == [thing["ref"] for thing in body[collection.name]]
    assert list(rows[0]) == items.names_of(collection, whole=False)


@EVERY
def test_every_route_says_what_is_wrong(client, collection: Collection):
    path = f"/v1/{collection.name}"
    item = f"{path}/{collection.example}"
    for wrong, status, says in (
        (f"{path}/bestaat-niet", 404, "bestaat-niet"),
        (f"{path}/A", 400, "path.ref"),
        (f"{path}/a%2F..%2Fb", 404, ""),
        (f"{path}/%00", 400, "path.ref"),
        (f"{path}/{'x' * 5000}", 400, "path.ref"),
        (f"{path}/", 404, ""),
        (f"{item}?kleur=rood", 400, "there are: velden, expand"),
        (f"{path}?kleur=rood", 400, "pagina"),
        (f"{path}?q=", 400, "no value"),
        (f"{path}?q=%20%20", 400, "no value"),
        (f"{path}?q=%00", 400, "no text"),
        (f"{path}?q=%FF", 400, "no text"),
        (f"{path}?q=a&q=b", 400, "once"),
        (f"{path}?q={'x' * 600}", 400, "longer"),
        (f"{path}?pagina=0", 400, "whole number"),
        (f"{path}?pagina=-1", 400, "whole number"),
        (f"{path}?pagina=%D9%A1", 400, "whole number"),
        (f"{path}?pagina=99999", 404, "there are"),
        (f"{path}?paginaGrootte=501", 400, "from 1 to 500"),
        (f"{path}?sorteer=kleur", 400, "-ref"),
        (f"{path}?velden=kleur", 400, "ref, uri"),
        (f"{path}?expand=kleur", 400, "there are"),
        (f"{path}?formaat=xml", 400, "json, csv"),
    ):
        response = client.get(wrong, headers={"accept-language": "en"})
        assert response.status_code == status, wrong
        assert response.headers["content-type"] == "application/problem+json"
        assert says in response.json()["detail"], wrong
        assert len(response.json()["detail"]) < 2000
    assert client.get(path, headers={"accept": "image/png"}).status_code == 406
    assert client.post(path).status_code == client.delete(item).status_code == 405


def test_every_question_of_the_library_answers_over_http(client, project: Project):
    library = client.get("/v1/vragen").json()
    assert library["aantal"] == len(library["vragen"]) == len(project.query_files())
    for question in library["vragen"]:
        asked = {parameter["naam"]: parameter["voorbeeld"] for parameter in question["parameters"]}
        body = client.get(f"/v1/vragen/{question['naam']}", params=asked).json()
        table = client.get(f"/v1/vragen/{question['naam']}", params={**asked, "formaat": "csv"}).text
        rows = list(csv.reader(io.StringIO(table)))
        assert body["aantal"] == len(body["rijen"]) == len(rows) - 1
        assert rows[0] == body["kolommen"]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/vragen/bestaat-niet", 404, "welke-streefwaarden"),
        ("/v1/vragen/wat-raakt-voorziening", 400, "voorziening=voorziening/digid"),
        ("/v1/vragen/wat-raakt-voorziening?voorziening=digid", 400, "no iri"),
        ("/v1/vragen/wat-raakt-voorziening?voorziening=voorziening/bestaat-niet", 404, "bestaat-niet"),
        ("/v1/vragen/wat-raakt-voorziening?voorziening=wet/avg", 400, "no voorziening"),
        ("/v1/vragen/wat-raakt-voorziening?kleur=rood", 400, "voorziening, formaat"),
        ("/v1/vragen/welke-streefwaarden?formaat=xml", 400, "json, csv"),
        ("/v1/vragen?q=1", 400, "takes none"),
        ("/v1/releases?q=1", 400, "takes none"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(client, path: str, status: int, says: str):
    response = client.get(path, headers={"accept-language": "en"})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert says in response.json()["detail"]


def test_the_release_that_is_served(client, release):
    (served,) = client.get("/v1/releases").json()["releases"]
    assert (served["ref"], served["huidig"]) == (release.version, True)
    assert {file["naam"] for file in served["bestanden"]} == set(release.manifest["files"])


def test_a_graph_of_other_data_has_empty_lists(project, tmp_path):
    (tmp_path / "ander.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    app = create_app(project, lambda: load([tmp_path / "ander.ttl"], _new(tmp_path)), Settings())
    with TestClient(app, raise_server_exceptions=False) as other:
        assert other.get("/v1/wetten").json() == {
            "wetten": [],
            "aantal": 0,
            "pagina": 1,
            "paginaGrootte": rest.PAGE_SIZE,
            "paginas": 1,
        }
        assert other.get("/v1/wetten/avg").status_code == 404
        assert other.get("/v1/openapi.json").status_code == 200


def _new(folder):
    (folder / "store").mkdir(exist_ok=True)
    return folder / "store"


def test_near_names_help_out():
    known = {f"ding-{n}": f"Ding {n}" for n in range(100)} | {"logius": "Logius"}
    assert parameters.near("logis", known)[0] == "logius"
    assert parameters.near("zzzzzz", known) == []


def test_what_many_ask_for_at_once_is_made_once(project, store):
    questions, made, together = Questions(project, store), [], threading.Barrier(8)

    def ask(_: int) -> str:
        together.wait(20)
        return questions.kept("key", lambda: made.append(1) or "kept")

    with ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(ask, range(8))) == {"kept"}
    assert made == [1]


def test_what_visitors_ask_is_remembered_within_some_bytes(project, store):
    questions, made = Questions(project, store, 10_000), []

    def ask(key: object, answer: object) -> None:
        assert questions.remembered(key, lambda: made.append(key) or answer) == answer

    rows = [{"naam": "x" * 1000, "nummer": "1"} for _ in range(3)]
    for _ in range(2):
        ask("rows", rows)
        # As large as all the room, or its key is.
        ask("large", b"x" * 10_000)
        ask("y" * 10_000, b"")
    assert made == ["rows", "large", "y" * 10_000, "large", "y" * 10_000]
    for number in range(3):
        ask(number, frozenset([f"{number}" * 2000]))
    # What was asked longest ago made room.
    ask("rows", rows)
    ask(2, frozenset(["2" * 2000]))
    assert made[5:] == [0, 1, 2, "rows"]


def test_what_could_not_be_made_is_tried_again(project, store):
    questions = Questions(project, store)
    with pytest.raises(ZeroDivisionError):
        questions.kept("key", lambda: 1 / 0)
    assert questions.kept("key", lambda: 2) == 2
