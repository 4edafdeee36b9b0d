"""Search: parts of compounds, diacritics, abbreviations and numbers; the best first; any input; true pages."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.settings import Settings

from kg import search as searching
from kg.errors import QueryError, ReleaseError
from kg.namespaces import DEF, ID, PREFIXES
from kg.release import Release, load
from kg.remote import RemoteRelease
from kg.search import FIELDS, KINDS, MAX_LENGTH, MAX_WORDS, Hit, build, fold, search

PROBLEM = "application/problem+json"
WORLD = """
    actie:a-1 sb:nummer "2.5.1" .
    actie:a-1 skos:prefLabel "Veilige gegevensuitwisseling regelen"@nl , "Regulate safe data exchange"@en .
    actie:a-2 sb:nummer "2.5.10" ; skos:prefLabel "Beïnvloeding van verkiezingen tegengaan"@nl .
    actie:a-3 sb:nummer "1.2.5" ; skos:prefLabel "Iets anders"@nl ; sb:aanhef "Uitwisseling met IDEEËN" .
    voorziening:brp skos:prefLabel "Basisregistratie Personen"@nl ; sb:afkorting "BRP" .
    voorziening:brp-v skos:prefLabel "BRP-V"@nl ; dct:description "Uitwisseling van gegevens"@nl .
    voorziening:ai skos:prefLabel "Loket voor AI"@nl .
    wet:woo skos:prefLabel "Wet open overheid"@nl ; sb:afkorting "Woo" ; skos:altLabel "100% \\"open\\" wet"@nl .
    wet:woo dct:identifier "BWBR0045754"^^sb:BWB ; skos:exactMatch <https://example.org/eli/woo/oj> .
    bronpassage:p-1-2 sb:vindplaats "Uitwisseling, kop" .
    verband:v sb:toelichting "Wisselt gegevens uit, zegt de BRP"@nl .
    betrokkenheid:b sb:naamInBron "BRP" ; sb:toelichting "BRP" .
    soort-wet:verdrag skos:prefLabel "BRP"@nl .
"""


def store_of(turtle: str) -> ox.Store:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    store = ox.Store()
    store.load(prefixes + turtle, format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a small world."""
    path = tmp_path_factory.mktemp("search") / "search.db"
    build(store_of(WORLD), path)
    return path


def refs(index: Path, words: str, **asked: object) -> list[str]:
    return [hit.iri.removeprefix(ID) for hit in search(index, words, **asked).hits]


def marked(hit: Hit) -> set[str]:
    """What is found in the texts of a hit."""
    return {text.text[start:end] for text in (hit.name, *hit.texts) for start, end in text.places}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        # A whole word of an action's names, a part of one, a description; a source after all of these.
        ("uitwisseling", ["actie/a-3", "actie/a-1", "voorziening/brp-v", "bronpassage/p-1-2"]),
        ("gegevens uitwisseling", ["actie/a-1", "voorziening/brp-v"]),
        ('"gegevens uitwisseling"', []),
        ('"uitwisseling van"', ["voorziening/brp-v"]),
        ("beinvloeding", ["actie/a-2"]),
        ("BEI\u0308NVLOEDING", ["actie/a-2"]),
        ("ideeen", ["actie/a-3"]),
        ("safe exchange", ["actie/a-1"]),
        ("brp", ["voorziening/brp", "voorziening/brp-v", "verband/v"]),
        ("Woo", ["wet/woo"]),
        ("(Woo)", ["wet/woo"]),
        ("woo-", ["wet/woo"]),
        ("2.5.1", ["actie/a-1", "actie/a-2"]),
        ("2.5", ["actie/a-1", "actie/a-2"]),
        ("5", []),
        ("actie 2.5.1", ["actie/a-1"]),
        ("2.5.1 gegevens", ["actie/a-1"]),
        ("ai", ["voorziening/ai"]),
        ("b", ["voorziening/brp", "voorziening/brp-v", "actie/a-2", "verband/v"]),
        ("voorziening/brp", ["voorziening/brp"]),
        (f"{ID}wet/woo", ["wet/woo"]),
        ("a-2", ["actie/a-2"]),
        ('100% "open" wet', ["wet/woo"]),
        (" bwbr0045754", ["wet/woo"]),
        ("BWBR004575", []),
        ("https://example.org/eli/woo/oj", ["wet/woo"]),
        ("example.org/eli", []),
        ("overheids", []),
    ],
)
def test_what_is_found_and_in_which_order(world: Path, words: str, found: list[str]):
    assert refs(world, words) == found


RANKS = """
    voorziening:hulp skos:prefLabel "DigiHulp"@nl ; skos:altLabel "Digi hulp"@nl .
    voorziening:id skos:prefLabel "DigiD"@nl .
    voorziening:id-2 skos:prefLabel "DigiD 2"@nl .
    voorziening:loket skos:prefLabel "Loket Digi"@nl .
    wet:w skos:prefLabel "Digiwet"@nl .
    actie:a-10 skos:prefLabel "DigiD uitbreiden"@nl ; sb:gebruikt voorziening:id , voorziening:loket .
    actie:a-9 skos:prefLabel "DigiD beheren"@nl ; sb:gebruikt voorziening:id ; sb:wachtOp actie:a-10 .
    actie:a-8 skos:prefLabel "Inloggen"@nl ; sb:gebruikt voorziening:loket ; sb:wachtOp actie:a-10 .
    actie:a-7 skos:prefLabel "Balies"@nl ; sb:betreft voorziening:loket .
"""


def test_what_begins_so_and_what_most_refers_to_come_first(tmp_path: Path):
    build(store_of(RANKS), tmp_path / "search.db")
    # Within a plan its own order counts, in which 10 comes after 9; a word in the middle of a name comes last.
    named = ["voorziening/id", "voorziening/hulp", "voorziening/id-2", "wet/w", "actie/a-9", "actie/a-10"]
    assert refs(tmp_path / "search.db", "digi") == [*named, "voorziening/loket"]
    assert refs(tmp_path / "search.db", "digid") == ["voorziening/id", "voorziening/id-2", "actie/a-9", "actie/a-10"]
    assert refs(tmp_path / "search.db", "digid 2")[0] == "voorziening/id-2"
    assert refs(tmp_path / "search.db", "Digi hulp") == ["voorziening/hulp"]


def test_places_are_those_of_the_text_as_it_is_written(world: Path):
    def first(words: str) -> Hit:
        return search(world, words).hits[0]

    assert marked(first("beinvloeding")) == {"Beïnvloeding"}
    assert marked(first("ideeen")) == {"IDEEËN"}
    assert marked(first("gegevens uit")) == {"gegevensuit"}
    assert marked(first("2.5")) == {"2.5"}
    assert marked(search(world, "2.5").hits[1]) == {"2.5"}
    assert marked(first("Loket ai")) == {"Loket", "AI"}


def test_a_text_is_shown_only_for_words_that_the_name_lacks(world: Path):
    (hit,) = search(world, "veilige").hits
    assert (hit.name.text, hit.texts) == ("Veilige gegevensuitwisseling regelen", ())
    (hit,) = search(world, "veilige safe 2.5.1").hits
    assert [(text.field, text.language) for text in hit.texts] == [("naam", "en"), ("nummer", "")]


def test_an_identifier_is_shown_when_it_was_looked_for(world: Path):
    (hit,) = search(world, "BWBR0045754").hits
    assert [(text.field, text.text, text.places) for text in hit.texts] == [
        ("identificatie", "BWBR0045754", ((0, 11),)),
    ]


def test_the_name_is_in_the_asked_language_where_there_is_one(world: Path):
    assert search(world, "2.5.1", language="en").hits[0].name.text == "Regulate safe data exchange"
    assert search(world, "beinvloeding", language="en").hits[0].name.language == "nl"


def test_a_kind_narrows_down_and_the_counts_stay(world: Path):
    found = search(world, "uitwisseling", "actie")
    assert [hit.kind for hit in found.hits] == ["actie", "actie"]
    assert (found.total, found.kinds) == (2, {"voorziening": 1, "actie": 2, "bronpassage": 1})


@pytest.mark.parametrize(
    "text", ["", " ", '"', '""', "*", "-", "NOT", "a AND", "NEAR(a b)", "naam : a", "^a", "{naam}"]
)
@pytest.mark.parametrize("around", ["{}", "a {}", '"{}', "{}*", "'{}--", "brp {}\0"])
def test_what_means_something_to_the_index_means_nothing_here(world: Path, text: str, around: str):
    assert search(world, around.format(text)).total <= 11


def test_any_characters_are_safe(world: Path):
    chance = random.Random(5)
    signs = "\"'*^(){}[]:+-.,;\\/%_ \0\n\t\u00ad\u0301\ud800\U0001f600\U0001e900\u3042ßijİaeä1²٣brpBRP"
    for _ in range(2000):
        words = "".join(chance.choices(signs, k=chance.randrange(1, 12)))
        for hit in search(world, words).hits:
            assert all(place for place in marked(hit))


def test_too_much_to_look_for_is_refused(world: Path):
    assert search(world, "x" * MAX_LENGTH).total == 0
    with pytest.raises(QueryError, match="characters are too many"):
        search(world, "x" * (MAX_LENGTH + 1))
    with pytest.raises(QueryError, match="words are too many"):
        search(world, " ".join(map(str, range(MAX_WORDS + 1))))


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_an_index_that_cannot_be_read_is_a_clear_error(tmp_path: Path, content: bytes | None):
    path = tmp_path / "search.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReleaseError, match="Build the release again"):
        search(path, "brp")


def test_folding_keeps_what_tells_words_apart():
    assert fold("Curaçao \u2013 Één\u00adoog Straße ﬁets İ") == "curacao - eenoog strasse fiets i"


def test_the_same_store_gives_the_same_bytes(release: Release, tmp_path: Path):
    """In a process of its own with another hash seed, from the store on disk instead of the one in memory."""
    code = (
        "import sys; from pathlib import Path; from kg.search import build; from kg.store import open_store\n"
        "build(open_store(sys.argv[1]), Path(sys.argv[2]))"
    )
    again = tmp_path / "again.db"
    subprocess.run(
        [sys.executable, "-c", code, release.place, again], env={"PYTHONHASHSEED": "7", **_path()}, check=True
    )
    assert again.read_bytes() == release.search.read_bytes()


def _path() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(searching.__file__).parents[1])}


# On the shipped graph.


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("DigiD", "voorziening/digid"),
        ("BRP", "voorziening/brp"),
        ("Woo", "wet/wet-open-overheid"),
        ("avg", "wet/avg"),
        ("BZK", "organisatie/bzk"),
        ("2.5.1", "actie/werkagenda-2024-2-5-1"),
        ("2.5", "prioriteit/werkagenda-2024-2-5"),
        ("spoor 2", "spoor/werkagenda-2024-2"),
        ("wet open overheid", "wet/wet-open-overheid"),
        ("curacao", "organisatie/curacao"),
        ("digi", "voorziening/digid"),
        ("basis", "voorziening/brp"),
        ("wet d", "wet/wet-digitale-overheid"),
        ("mijn", "voorziening/mijnoverheid"),
        ("32016R0679", "wet/avg"),
        ("00000001003214345000", "organisatie/bzk"),
    ],
)
def test_what_people_mean_comes_first(release: Release, words: str, first: str):
    assert refs(release.search, words)[0] == first


def test_everything_with_a_name_is_found_by_it(release: Release, store: ox.Store):
    """By its Dutch or English name, as it is written; among all that have that name."""
    chance = random.Random(3)
    names = [
        quad
        for quad in store.quads_for_pattern(None, ox.NamedNode(FIELDS["naam"]), None, ox.DefaultGraph())
        if quad.subject.value.startswith(ID) and quad.subject.value.removeprefix(ID).split("/")[0] in KINDS
    ]
    for quad in chance.sample(sorted(names, key=str), 200):
        assert quad.subject.value.removeprefix(ID) in refs(release.search, quad.object.value, size=100), quad


def test_a_part_of_a_word_is_found_wherever_a_plain_scan_finds_it(release: Release, store: ox.Store):
    """`wissel` in no matter which text of which thing, against a look at all texts."""
    has = {
        quad.subject.value
        for iri in FIELDS.values()
        for quad in store.quads_for_pattern(None, ox.NamedNode(iri), None, ox.DefaultGraph())
        if "wissel" in fold(quad.object.value) and quad.subject.value.removeprefix(ID).split("/")[0] in KINDS
    }
    found = search(release.search, "wissel", size=1000)
    assert {hit.iri for hit in found.hits} == has
    assert found.total == len(has) > 5


def test_pages_together_are_the_whole(client: TestClient):
    whole = client.get("/v1/zoek", params={"q": "wallet", "paginaGrootte": 100}).json()
    assert whole["aantal"] == len(whole["resultaten"]) == sum(soort["aantal"] for soort in whole["soorten"]) > 30
    address, seen = "/v1/zoek?q=wallet&paginaGrootte=9", []
    while address:
        response = client.get(address)
        assert response.json()["aantal"] == whole["aantal"]
        seen += response.json()["resultaten"]
        links = {rel: link for link, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers["link"])}
        assert {"first", "last"} <= set(links)
        address = links.get("next")
    assert seen == whole["resultaten"]


def test_the_json_of_a_result(client: TestClient):
    body = client.get("/v1/zoek", params={"q": "cybersecurity 2.5", "soort": "prioriteit"}).json()
    assert set(body) == {"aantal", "pagina", "paginaGrootte", "paginas", "soorten", "resultaten"}
    assert body["resultaten"][0] == {
        "ref": "werkagenda-2024-2-5",
        "uri": f"{ID}prioriteit/werkagenda-2024-2-5",
        "soort": "prioriteit",
        "nummer": "2.5",
        "naam": {"veld": "naam", "taal": "nl", "tekst": "Versterken cybersecurity", "posities": [[11, 24]]},
        "teksten": [{"veld": "nummer", "tekst": "2.5", "posities": [[0, 3]]}],
    }


def test_a_result_speaks_the_language_that_is_asked_for(client: TestClient):
    response = client.get("/v1/zoek?q=2.5.1", headers={"accept-language": "en"})
    assert response.json()["resultaten"][0]["naam"]["taal"] == "en"
    assert response.headers["vary"].startswith("Accept-Language")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/zoek", 400, "query.q"),
        ("/v1/zoek?q=", 400, "query.q"),
        (f"/v1/zoek?q={'x' * 201}", 400, "query.q"),
        (f"/zoek?q={'x' * 201}", 400, "query.q"),
        ("/v1/zoek?q=" + "+".join("abcdefghijklmnopqrs"), 400, "more than 16 words"),
        ("/v1/zoek?q=brp&soort=kleur", 400, "voorziening, wet"),
        ("/v1/zoek?q=brp&kleur=rood", 400, "unknown parameter: kleur"),
        ("/v1/zoek?q=brp&pagina=0", 400, "query.pagina"),
        ("/v1/zoek?q=brp&pagina=een", 400, "query.pagina"),
        ("/v1/zoek?q=brp&pagina=99", 404, "there are 1"),
        ("/v1/zoek?q=brp&pagina=99999999999999999999", 400, "query.pagina"),
        ("/v1/zoek?q=brp&paginaGrootte=101", 400, "paginaGrootte"),
        ("/zoek?q=brp&pagina=99", 404, "there are 1"),
        ("/zoek?q=brp&soort=kleur", 400, "query.soort"),
    ],
)
def test_a_wrong_search_is_a_problem_document(client: TestClient, path: str, status: int, says: str):
    response = client.get(path, headers={"accept-language": "en"})
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
    assert says in response.json()["detail"]


def test_what_is_no_release_of_ours_is_not_searched(project, served: str, tmp_path: Path):
    file = tmp_path / "a.ttl"
    file.write_text(f"<{ID}wet/a> <{DEF}afkorting> 'A' .\n", encoding="utf-8")
    for source in (load([file], tmp_path), RemoteRelease(f"{served}/sparql", 5)):
        with TestClient(create_app(project, lambda found=source: found, Settings())) as client:
            for path in ("/v1/zoek?q=a", "/zoek"):
                response = client.get(path)
                assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)
                assert "--data" in response.json()["detail"]
            assert "/zoek" not in client.get("/").text


def test_the_page_marks_what_was_found_and_leads_to_it(client: TestClient):
    html = client.get("/zoek?q=cybersecurity&soort=prioriteit").text
    assert '<a href="/doc/prioriteit/werkagenda-2024-2-5"><span>Versterken <mark>cybersecurity</mark></span>' in html
    assert '<a href="/zoek?q=cybersecurity&amp;soort=prioriteit" aria-current="true">prioriteit</a>' in html
    assert '<a href="/zoek?q=cybersecurity">alles</a>' in html
    assert '<a href="/v1/zoek?q=cybersecurity&amp;soort=prioriteit&amp;pagina=1">JSON</a>' in html


def test_the_page_speaks_english_and_goes_on_doing_so(client: TestClient):
    html = client.get("/zoek?q=woo&lang=en").text
    assert '<html lang="en">' in html
    assert '<input type="hidden" name="lang" value="en">' in html
    assert '<a href="/zoek?q=woo&amp;pagina=2&amp;lang=en" rel="next">Next</a>' in html
    assert 'href="/zoek?q=woo&amp;lang=nl"' in html


def test_the_page_shows_what_a_visitor_wrote_as_text(client: TestClient):
    html = client.get("/zoek", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in html
    assert "&#34;&gt;&lt;script&gt;" in html


def test_the_empty_page_is_a_form(client: TestClient):
    html = client.get("/zoek").text
    assert '<input type="search" id="q" name="q" value=""' in html
    assert "Gevonden" not in html


def test_every_page_has_a_search_box(client: TestClient):
    for path in ("/", "/doc/voorziening/digid", "/sparql"):
        html = client.get(path, headers={"accept": "text/html"}).text
        assert html.count('<form action="/zoek" role="search"') == 1
