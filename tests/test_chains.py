"""What is hit when something changes, what it rests on, and how things are connected, with a reason for each hop."""

import csv
import io
import json

import pyoxigraph as ox
import pytest
from kg_api.questions import Questions
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import QueryError
from kg.impact import Chains
from kg.namespaces import DEF, ID, PREFIXES

THINGS = ("voorziening/digid", "voorziening/brp", "voorziening/nl-wallet", "wet/wet-digitale-overheid", "wet/eidas")


@pytest.fixture(scope="module")
def chains(project, store) -> Chains:
    return Chains(Questions(project, store).rows)


def named(store: ox.Store, pattern: str, thing: str) -> set[str]:
    query = f"SELECT ?x {{ {pattern.replace('?thing', f'<{thing}>')} FILTER(?x != <{thing}>) }}"
    return {row["x"].value for row in store.query(query, prefixes=PREFIXES)}


@pytest.mark.parametrize("name", THINGS)
def test_chains_reach_what_the_rules_infer(chains, store, name: str):
    thing = ID + name
    hit = {step.iri for step in chains.dependents(thing) if not step.leaf}
    assert hit == named(store, "?x sb:hangtIndirectAfVan ?thing", thing)
    needed = {step.iri for step in chains.dependencies(thing)}
    assert needed == named(store, "?thing sb:hangtIndirectAfVan ?x", thing)


def test_every_hop_is_in_the_graph_and_one_nearer(chains, store):
    thing = f"{ID}voorziening/digid"
    distances = {thing: 0} | {step.iri: step.distance for step in chains.dependents(thing)}
    for step in chains.dependents(thing):
        assert step.hops
        for hop in step.hops:
            assert store.query(f"ASK {{ <{hop.van}> <{hop.eigenschap}> <{hop.naar}> }}")
            assert (hop.van, distances[hop.naar]) == (step.iri, step.distance - 1)


def test_a_hop_says_why(chains):
    (step,) = (s for s in chains.dependents(f"{ID}voorziening/digid", 1) if s.iri.endswith("/mijnoverheid"))
    (hop,) = step.hops
    assert hop.eigenschap == f"{DEF}gebruikt"
    assert hop.reasons[0].verband == f"{ID}verband/mijnoverheid--gebruikt--digid"
    assert hop.reasons[0].toelichting


def test_depth_and_kind_bound_a_chain(project, store, chains):
    thing = f"{ID}voorziening/digid"
    assert {step.distance for step in chains.dependents(thing, 1)} == {1}
    only = Chains(Questions(project, store).rows, [f"{DEF}gebruikt"])
    names = {hop.eigenschap for step in only.dependents(thing) for hop in step.hops}
    assert names == {f"{DEF}gebruikt"}


def test_a_path_runs_from_end_to_end(chains):
    start, end = f"{ID}voorziening/berichten-over-uw-buurt", f"{ID}wet/wet-digitale-overheid"
    here = start
    for hop in chains.path(start, end):
        assert here in (hop.van, hop.naar)
        here = hop.naar if hop.van == here else hop.van
    assert here == end
    assert chains.path(start, start) == []
    assert chains.path(start, "urn:nowhere", 1) == []


def test_a_chain_over_too_many_things_is_refused(chains, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.impact._MOST_THINGS", 3)
    with pytest.raises(QueryError, match="smaller depth"):
        chains.dependents(f"{ID}voorziening/digid")
    with pytest.raises(QueryError, match="smaller depth"):
        chains.path(f"{ID}voorziening/digid", f"{ID}plan/werkagenda-2024")


def test_impact_over_http(client):
    body = client.get("/v1/voorzieningen/digid/impact").json()
    assert body["ding"]["naam"] == "DigiD"
    assert body["aantal"] == len(body["stappen"])
    first = body["stappen"][0]
    assert (first["afstand"], first["blad"]) == (1, False)
    assert first["via"][0]["redenen"][0]["toelichting"]
    one = client.get("/v1/voorzieningen/digid/impact?diepte=1&soort=gebruikt,betreft").json()
    assert {hop["eigenschap"] for step in one["stappen"] for hop in step["via"]} == {"sb:gebruikt", "sb:betreft"}


def test_dependencies_over_http(client):
    def refs(direction: str) -> set[str]:
        path = f"/v1/voorzieningen/mijnoverheid/afhankelijkheden?richting={direction}"
        return {step["ding"]["ref"] for step in client.get(path).json()["stappen"]}

    assert {"digid", "wet-digitale-overheid"} <= refs("naar")
    assert refs("beide") == refs("naar") | refs("van")
    assert not any(s["blad"] for s in client.get("/v1/wetten/eidas/afhankelijkheden?richting=van").json()["stappen"])


def test_a_path_over_http(client):
    body = client.get("/v1/pad?van=voorziening/mijnoverheid&naar=voorziening:digid").json()
    assert (body["aantal"], body["stappen"][0]["eigenschap"]) == (1, "sb:gebruikt")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/voorzieningen/bestaat-niet/impact", 404, "bestaat-niet"),
        ("/v1/voorzieningen/digid/impact?diepte=0", 400, "from 1 to 20"),
        ("/v1/voorzieningen/digid/impact?soort=raakt", 400, "gebruikt"),
        ("/v1/voorzieningen/digid/impact?richting=van", 400, "diepte, soort"),
        ("/v1/voorzieningen/Digid/afhankelijkheden", 400, "path.ref"),
        ("/v1/voorzieningen/digid/afhankelijkheden?richting=op", 400, "naar, van, beide"),
        ("/v1/verbanden/mijnoverheid--gebruikt--digid/impact", 404, ""),
        ("/v1/pad", 400, "van=voorziening/digid"),
        ("/v1/pad?van=wet/avg", 400, "query.naar"),
        ("/v1/pad?van=wet/avg&naar=x", 400, "'x'"),
        ("/v1/pad?van=wet/avg&naar=http://a%20b", 400, "a b"),
        ("/v1/pad?van=wet/avg&naar=wet/bestaat-niet", 404, "bestaat-niet"),
        ("/v1/pad?van=wet/avg&naar=wet/dsa&diepte=7", 400, "from 1 to 6"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(client, path: str, status: int, says: str):
    response = client.get(path, headers={"accept-language": "en"})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert says in response.json()["detail"]


def run(release, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--out", str(release.folder.parent)])
    return result.exit_code, result.output


def test_kg_impact_in_every_form(release):
    code, tree = run(release, "impact", "voorziening/digid", "--depth", "1")
    assert (code, tree.splitlines()[0]) == (0, "voorziening:digid")
    assert "voorziening:mijnoverheid gebruikt voorziening:digid (" in tree
    found = json.loads(run(release, "impact", "DIGID", "--format", "json")[1])["found"]
    rows = list(csv.DictReader(io.StringIO(run(release, "impact", "voorziening:digid", "--format", "csv")[1])))
    assert {step["thing"] for step in found} == {row["thing"] for row in rows}
    picture = run(release, "impact", "voorziening/digid", "--direction", "both", "--format", "mermaid")[1]
    assert picture.startswith("flowchart LR")
    assert '["wet:wet-digitale-overheid"]' in picture or '["Wet digitale overheid"]' in picture


def test_kg_path_says_each_hop(release):
    code, text = run(release, "path", "MijnOverheid", "wet/wet-digitale-overheid")
    assert (code, text.startswith("voorziening:mijnoverheid heeft als grondslag")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("impact", "bestaat niet"), "knows no 'bestaat niet'"),
        (("impact", "voorziening/bestaat-niet"), "knows no"),
        (("impact", "http://a b"), "knows no 'http://a b'"),
        (("impact", "voorziening/digid", "--depth", "0"), "depth"),
        (("path", "voorziening/digid", "wet/bestaat-niet"), "wet/bestaat-niet"),
        (("path", "wet/avg", "actie/werkagenda-2024-5-2-4"), "nothing connects"),
    ],
)
def test_a_wrong_thing_is_one_clear_line(release, arguments: tuple[str, ...], says: str):
    code, text = run(release, *arguments)
    assert (code, says in text) == (2, True), text
