"""The catalogue conforms to DCAT-AP-NL, is true of the release, and comes in every form and to every robot."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pyshacl
import pytest
from fastapi.testclient import TestClient
from kg_api.app import create_app
from kg_api.settings import Settings
from rdflib import SH, Graph
from typer.testing import CliRunner

from kg import release as releases
from kg import turtle
from kg.cli import app
from kg.errors import NotFoundError, SettingsError
from kg.namespaces import BASE, ID
from kg.publishing import catalogue, hydra, publication, schemaorg, sitemap
from kg.publishing.catalogue import CATALOGUE, Edition
from kg.publishing.codelists import LICENCES
from kg.publishing.datafiles import by_dataset
from kg.publishing.datasets import WHOLE, Dataset, Series
from kg.publishing.describing import Said, named
from kg.publishing.publication import Publication
from kg.publishing.void import void
from kg.release import Release

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
EDITION = Edition("0123456789ab", "2026.1", "2026-11-22", "2026-11-23")
FILE = {"bytes": 1, "sha256": "ab" * 32}
# Every kind of file that a release may have, and some that are no form of a dataset.
NAMES = (
    *(f"dumps/spoorboek.{suffix}" for suffix in ("nq", "nq.gz", "trig.gz", "jsonld.gz", "rdf.gz", "ttl", "nt")),
    *("dumps/csv/deel-1.csv", "dumps/csv/acties.csv", "datasets/deel-1.ttl"),
    *("dumps/graphs/data/deel-1.ttl", "dumps/csv/csv-metadata.json", "search.db"),
)
FILES = dict.fromkeys(NAMES, FILE)
TOLD = Publication(
    public_url="https://data.example.nl/spoor",
    publisher="https://identifier.overheid.nl/tooi/id/ministerie/mnre1034",
    publisher_name="Ministerie",
    contact_url="https://data.example.nl/contact",
)
RECOMMENDED = ("dcat-ap-nl-SHACL-aanbevolen.ttl",)
MANDATORY = (
    "dcat-ap-SHACL.ttl",
    "dcat-ap-nl-SHACL.ttl",
    "dcat-ap-nl-SHACL-klassebereik.ttl",
    "dcat-ap-nl-SHACL-klassebereik-codelijsten.ttl",
)


def text(words: str) -> dict[str, str]:
    return {"nl": words, "en": f"{words} in English"}


def dataset(number: int) -> Dataset:
    name = text(f"Deel {number}")
    return Dataset(f"deel-{number}", name, name, text("a, b"), f"doc/plan/deel-{number}", (), series=SERIES)


SERIES = Series("reeks", text("Reeks"))
ALL = Dataset(WHOLE, text("Alles"), text("Alles"), text("alles"), "", ())


def made(parts: int, told: Publication = TOLD) -> list[ox.Triple]:
    """A catalogue of the whole and so many parts."""
    datasets = [ALL, *map(dataset, range(1, parts + 1))]
    files = by_dataset([part.ref for part in datasets], FILES)
    return catalogue.catalogue(datasets, {"deel-1": [f"{ID}brondocument/x"]}, files, EDITION, told)


def read(release: releases.Release) -> list[ox.Triple]:
    return turtle.read(release.folder / "catalogus.ttl")


@pytest.fixture(scope="module", params=["300", "."], ids=["3.0.0", "3.0.1"])
def profile(request: pytest.FixtureRequest, standards: Path) -> Path:
    """The folder with the official shapes of one version of DCAT-AP-NL."""
    return standards / "dcat-ap-nl" / request.param


def findings(triples: Iterable[ox.Triple], profile: Path, files: Iterable[str]) -> set[tuple[str, str]]:
    """What the shapes in these files find: the thing, and the property that is wrong."""
    shapes = Graph()
    for name in files:
        shapes.parse(profile / name)
    # The EU shapes of 3.0.1 refer to two property shapes that nobody wrote.
    for triple in shapes.triples((None, SH.property, None)):
        if (triple[2], SH.path, None) not in shapes:
            shapes.remove(triple)
    data = Graph().parse(data=turtle.write(triples), format="turtle")
    results = pyshacl.validate(data, shacl_graph=shapes)[1]
    return {
        (str(results.value(result, SH.focusNode)), str(results.value(result, SH.resultPath)))
        for result in results.subjects(SH.resultSeverity)
    }


@pytest.mark.parametrize("files", [MANDATORY, RECOMMENDED], ids=["mandatory", "recommended"])
def test_the_catalogue_conforms_to_the_official_shapes(release, profile: Path, files: tuple[str, ...]):
    assert findings(read(release), profile, files) == set()
    assert findings(made(2), profile, files) == set()


def test_every_page_of_a_long_catalogue_conforms(profile: Path):
    pages = [hydra.page(made(5), number, 2) for number in (1, 2, 3)]
    assert [findings(page, profile, MANDATORY) for page in pages] == [set()] * 3


@pytest.mark.parametrize(
    ("of", "broken"),
    [
        ("bestand-dumps-spoorboek-nq", "dct:license"),
        ("spoorboek", "dct:accessRights"),
        ("spoorboek", "dcat:contactPoint"),
        ("dienst-rest", "dcat:endpointDescription"),
    ],
)
def test_the_shapes_notice_what_is_missing(release, profile: Path, of: str, broken: str):
    subject = catalogue.node(of)
    triples = [t for t in read(release) if not (t.subject == subject and t.predicate == named(broken))]
    assert findings(triples, profile, MANDATORY) == {(subject.value, named(broken).value)}


def test_the_shapes_notice_an_entry_without_a_class(release, profile: Path):
    theme = ox.NamedNode("http://publications.europa.eu/resource/authority/data-theme/GOVE")
    found = findings([t for t in read(release) if t.subject != theme], profile, MANDATORY)
    assert (catalogue.node(WHOLE).value, named("dcat:theme").value) in found


def test_there_is_a_dataset_for_the_whole_each_plan_and_each_register(release):
    said = Said(read(release))
    refs = {iri.rpartition("#")[2] for iri in said.of_kind("dcat:Dataset")}
    plans = {"werkagenda-2024", "iplan-bzk2"}
    assert refs == {WHOLE, *plans, "organisaties", "wetten", "voorzieningen", "afspraken", "programmas"}
    assert {iri.rpartition("#")[2] for iri in said.of_kind("dcat:DatasetSeries")} == {"reeks-werkagenda"}
    assert said.value(catalogue.node("werkagenda-2024").value, "dcat:inSeries").endswith("#reeks-werkagenda")
    assert said.values(catalogue.node("iplan-bzk2").value, "prov:wasDerivedFrom") == [f"{ID}brondocument/iplan-bzk2"]


def test_every_distribution_is_a_file_of_the_release(release):
    said, files = Said(read(release)), release.manifest["files"]
    begin = f"{BASE}releases/{release.version}/"
    assert len(said.of_kind("dcat:Distribution")) >= 9
    for iri in said.of_kind("dcat:Distribution"):
        file = files[said.value(iri, "dcat:downloadURL").removeprefix(begin)]
        checksum = said.value(said.value(iri, "spdx:checksum"), "spdx:checksumValue")
        assert (said.value(iri, "dcat:byteSize"), checksum) == (str(file["bytes"]), file["sha256"])


def test_a_file_belongs_to_the_dataset_that_it_is_named_after():
    owned = by_dataset([WHOLE, "deel-1"], FILES)
    assert set(owned["deel-1"]) == {"datasets/deel-1.ttl", "dumps/csv/deel-1.csv"}
    assert "dumps/csv/acties.csv" in owned[WHOLE]
    assert {name for files in owned.values() for name in files} == {
        name for name in FILES if not name.startswith(("dumps/graphs", "search")) and not name.endswith(".json")
    }
    said = Said(made(1))
    packed = catalogue.node("bestand-dumps-spoorboek-trig-gz").value
    assert said.value(packed, "dcat:mediaType").endswith("/application/trig")
    assert said.value(packed, "dcat:compressFormat").endswith("/application/gzip")


def test_the_file_of_a_dataset_holds_its_named_graphs(release, store):
    graphs = [ox.NamedNode(f"{BASE}graph/data/{name}") for name in ("organisaties", "organisatiegroepen")]
    stored = {quad.triple for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}
    assert set(turtle.read(release.folder / "datasets" / "organisaties.ttl")) == stored


def test_the_catalogue_says_what_the_edition_says(release, store):
    edition = {quad.predicate.value: quad.object.value for quad in store if quad.subject.value == f"{ID}uitgave/2026-1"}
    said, whole = Said(read(release)), catalogue.node(WHOLE).value
    for name in ("dct:issued", "dct:modified"):
        assert said.value(whole, name) == edition[named(name).value]
    assert edition[named("dct:license").value].endswith("publicdomain/zero/1.0/")
    assert Publication().licence == "cc0"


def test_no_node_of_catalogue_or_void_is_blank(release):
    for name in ("catalogus.ttl", "void.ttl"):
        assert not any(
            isinstance(term, ox.BlankNode) for triple in turtle.read(release.folder / name) for term in triple
        )


def test_settings_end_up_in_the_catalogue():
    said = Said(made(1))
    whole = catalogue.node(WHOLE).value
    assert said.value(whole, "dct:publisher") == "https://identifier.overheid.nl/tooi/id/ministerie/mnre1034"
    assert said.value(said.value(whole, "dct:publisher"), "foaf:name") == "Ministerie"
    assert said.value(said.value(whole, "dct:creator"), "foaf:name") == "Spoorboek"
    assert (
        said.value(catalogue.node("dienst-sparql").value, "dcat:endpointURL") == "https://data.example.nl/spoor/sparql"
    )
    assert said.value(catalogue.node("contact").value, "vcard:hasURL") == "https://data.example.nl/contact"
    assert Publication().gaps
    assert Publication(public_url="https://a.example/", contact_email="wij@a.nl").gaps == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"KG_THEMES": "GOVE NIETS"}, "KG_THEMES=GOVE NIETS: 'NIETS' is not known; choose from AGRI"),
        ({"KG_THEMES": " "}, "KG_THEMES"),
        ({"KG_LICENCE": "gratis"}, "choose from cc0"),
        ({"KG_FREQUENCY": "soms"}, "choose from DAILY"),
        ({"KG_ACCESS_RIGHTS": "ja"}, "choose from PUBLIC"),
        ({"KG_LANGUAGES": "nl"}, "choose from NLD"),
        ({"KG_PUBLIC_URL": "data.example.nl"}, "KG_PUBLIC_URL=data.example.nl: "),
        ({"KG_PUBLIC_URL": "https://data.example.nl/?a=b"}, "neither ? nor #"),
        ({"KG_CONTACT_EMAIL": "wij"}, "KG_CONTACT_EMAIL=wij: "),
        ({"KG_PUBLISHER": "https://a.nl/x"}, "say in KG_PUBLISHER_NAME what they are called"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_one_line_that_says_what_may_be_there(monkeypatch, settings: dict[str, str], says: str):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        publication.read(Publication)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_setting_counts_as_unset(monkeypatch):
    before = publication.read(Publication)
    for name in ("KG_PUBLIC_URL", "KG_PUBLISHER", "KG_THEMES"):
        monkeypatch.setenv(name, "")
    assert publication.read(Publication) == before


def test_other_settings_give_another_version(project):
    assert releases.version_of(project, TOLD) != releases.version_of(project, Publication())


def test_a_short_catalogue_has_one_page_and_a_long_one_hangs_together():
    assert hydra.page(made(3), 1) == made(3)
    whole, size = made(250), 100
    pages = [hydra.page(whole, number, size) for number in (1, 2, 3)]
    shown = [Said(page).values(CATALOGUE.value, "dcat:dataset") for page in pages]
    assert [len(datasets) for datasets in shown] == [100, 100, 51]
    assert sorted(chain(*shown)) == sorted(Said(whole).values(CATALOGUE.value, "dcat:dataset"))
    view = CATALOGUE.value + "?pagina="
    assert Said(pages[1]).value(CATALOGUE.value, "hydra:totalItems") == "251"
    neighbours = {"hydra:first": "1", "hydra:previous": "1", "hydra:next": "3", "hydra:last": "3"}
    assert {name: Said(pages[1]).value(f"{view}2", name).removeprefix(view) for name in neighbours} == neighbours
    assert (Said(pages[0]).value(f"{view}1", "hydra:previous"), Said(pages[2]).value(f"{view}3", "hydra:next")) == (
        "",
        "",
    )
    for number in (0, 4):
        with pytest.raises(NotFoundError):
            hydra.page(whole, number, size)


@pytest.mark.parametrize(("path", "file"), [("/catalogus", "catalogus.ttl"), ("/.well-known/void", "void.ttl")])
def test_every_form_says_the_same(client, release, path: str, file: str):
    said = set(turtle.read(release.folder / file))
    for suffix in ("ttl", "jsonld", "json", "nt", "rdf"):
        response = client.get(f"{path}.{suffix}")
        media_type = response.headers["content-type"].partition(";")[0]
        assert {q.triple for q in ox.parse(response.content, format=ox.RdfFormat.from_extension(suffix))} == said, (
            suffix
        )
        negotiated = client.get(path, headers={"accept": media_type})
        assert (negotiated.content, negotiated.headers["etag"]) == (response.content, response.headers["etag"])
        assert f'<{BASE}{path[1:]}>; rel="canonical"' in response.headers["link"]
        assert {"Accept", "Accept-Language"} <= set(response.headers["vary"].split(", "))
        again = client.get(f"{path}.{suffix}", headers={"if-none-match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert len(client.get(f"{path}.csv").text.splitlines()) > len(said)


def test_the_files_of_the_release_say_the_same_and_need_nothing_from_elsewhere(release):
    said = set(read(release))
    for suffix in ("jsonld", "rdf"):
        assert set(turtle.read(release.folder / f"catalogus.{suffix}")) == said
    context = json.loads((release.folder / "catalogus.jsonld").read_text(encoding="utf-8"))["@context"]
    assert all(isinstance(namespace, str) for namespace in context.values())


def test_a_client_without_wishes_gets_void_as_data_and_a_browser_the_catalogue(client):
    assert client.get("/.well-known/void").headers["content-type"].startswith("text/turtle")
    response = client.get("/.well-known/void", headers=BROWSER)
    assert (response.status_code, response.headers["location"]) == (303, "/catalogus")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_shows_every_dataset_file_and_service(client, release, language: str):
    html = client.get("/catalogus", params={"lang": language}, headers=BROWSER).text
    said = Said(read(release))
    for kind in ("dcat:Dataset", "dcat:DataService"):
        for iri in said.of_kind(kind):
            assert f'id="{iri.rpartition("#")[2]}"' in html
            assert said.text(iri, "dct:description", language).partition("'")[0] in html
    for iri in said.of_kind("dcat:Distribution"):
        assert f'href="/{said.value(iri, "dcat:downloadURL").removeprefix(BASE)}"' in html


@pytest.mark.parametrize("path", ["/catalogus.exe", "/catalogus?pagina=2", "/.well-known/void.exe", "/sitemap-9.xml"])
def test_what_is_not_there_is_not_found(client, path: str):
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_a_page_must_be_a_number(client):
    assert client.get("/catalogus?pagina=0").status_code == 400


def test_void_counts_what_is_in_the_store(release, store):
    said = Said(turtle.read(release.folder / "void.ttl"))
    whole = catalogue.node(WHOLE).value
    default = [quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    type_ = named("rdf:type")
    counted = {
        "void:triples": len(default),
        "void:distinctSubjects": len({triple.subject for triple in default}),
        "void:distinctObjects": len({triple.object for triple in default}),
        "void:properties": len({triple.predicate for triple in default}),
        "void:entities": len({triple.subject for triple in default if triple.predicate == type_}),
    }
    assert {name: int(said.value(whole, name)) for name in counted} == counted
    for graph, size in release.manifest["graphs"].items():
        assert said.value(graph, "void:triples") == str(size)
        assert graph in said.values(whole, "void:subset")
    actions = next(iri for iri in said.values(whole, "void:classPartition") if "class-Actie-" in iri)
    things = {triple.subject for triple in default if triple.predicate == type_ and triple.object == named("sb:Actie")}
    assert said.value(actions, "void:entities") == str(len(things))
    links = {
        (said.value(iri, "void:linkPredicate"), said.value(said.value(iri, "void:objectsTarget"), "void:uriSpace"))
        for iri in said.of_kind("void:Linkset")
    }
    assert (named("skos:exactMatch").value, "https://identifier.overheid.nl/") in links


def test_void_has_room_for_words_of_any_kind():
    words = ["urn:a", "http://a.example", "http://a.example/b/c", "http://a.example#d", "mailto:x@a.example"]
    answers = {
        "void-klassen": [{"klasse": word, "aantal": "1"} for word in words],
        "void-eigenschappen": [{"eigenschap": word, "aantal": "1"} for word in words],
        "void-totalen": [{"waarden": "1", "onderwerpen": "1", "dingen": "1"}],
        "void-koppelingen": [],
        "bekend": [],
    }
    said = Said(void(lambda name, **_: answers[name], {"urn:graph": 1}, 1, [ALL], {}, EDITION, TOLD))
    whole = catalogue.node(WHOLE).value
    assert said.values(whole, "void:vocabulary") == ["http://a.example#", "http://a.example/b/"]
    assert len(said.values(whole, "void:propertyPartition")) == len(words)


def test_void_names_examples_that_exist_and_dumps_that_are_there(client, release):
    said = Said(turtle.read(release.folder / "void.ttl"))
    whole = catalogue.node(WHOLE).value
    assert len(said.values(whole, "void:exampleResource")) == 5
    for iri in said.values(whole, "void:exampleResource"):
        assert client.get("/doc/" + iri.removeprefix(ID)).status_code == 200
    dumps = [url for iri in said.of_kind("void:Dataset") for url in said.values(iri, "void:dataDump")]
    begin = f"{BASE}releases/{release.version}/"
    assert len(dumps) >= 9
    assert {url.removeprefix(begin) for url in dumps} <= set(release.manifest["files"])


def test_robots_are_told_what_to_leave_alone_and_where_the_map_is(client, project, release):
    assert "Disallow: /sparql\n" in client.get("/robots.txt").text
    assert client.get("/robots.txt", headers={"host": "evil.example"}).text.endswith(f"Sitemap: {BASE}sitemap.xml\n")
    settings = Settings(public_url="https://data.example.nl")
    with TestClient(create_app(project, lambda: release, settings)) as known:
        assert known.get("/robots.txt").text.endswith("Sitemap: https://data.example.nl/sitemap.xml\n")


def test_the_map_leads_to_pages_that_are_there(client):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = client.get("/sitemap.xml")
    assert client.get("/sitemap.xml", headers={"if-none-match": index.headers["etag"]}).status_code == 304
    parts = [entry.text for entry in ElementTree.fromstring(index.content).iter(f"{space}loc")]
    assert parts == [f"{BASE}sitemap-1.xml"]
    root = ElementTree.fromstring(client.get("/sitemap-1.xml").content)
    pages = [entry.text.removeprefix(BASE) for entry in root.iter(f"{space}loc")]
    assert {"", "catalogus", "def", "doc/voorziening/digid"} <= set(pages)
    assert len(set(pages)) == len(pages) > 1000
    for page in pages[:: len(pages) // 20]:
        assert client.get(f"/{page}", headers=BROWSER).status_code == 200


def test_a_map_of_many_pages_comes_in_parts():
    paths = [f"doc/wet/{number}&" for number in range(sitemap.MOST * 2 + 1)]
    files = dict(sitemap.sitemaps(paths, "https://a.example/", "2026-11-22"))
    assert list(files) == ["sitemap.xml", *(f"sitemap-{number}.xml" for number in (1, 2, 3))]
    sizes = {name: len(ElementTree.fromstring(content)) for name, content in files.items()}
    assert list(sizes.values()) == [3, sitemap.MOST, sitemap.MOST, 1]


@pytest.mark.parametrize("path", ["/", "/catalogus"])
def test_a_page_has_the_catalogue_for_search_engines(client, release, path: str):
    html = client.get(path, params={"lang": "en"}, headers=BROWSER).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found = json.loads(script)
    assert found["@type"] == "DataCatalog"
    assert len(found["dataset"]) == len(Said(read(release)).of_kind("dcat:Dataset"))
    whole = next(entry for entry in found["dataset"] if entry["@id"].endswith(f"#{WHOLE}"))
    assert whole["name"].startswith("Spoorboek: the digital agenda")
    assert {file["encodingFormat"] for file in whole["distribution"]} >= {"application/n-quads", "text/turtle"}
    assert list(ox.parse(script, format=ox.RdfFormat.JSON_LD))


def test_a_name_never_ends_the_script():
    evil = Dataset("x", text("</script><script>alert(1)//<!--"), text("x"), text("x"), "", ())
    script = schemaorg.script(catalogue.catalogue([evil], {}, {}, EDITION, TOLD), "nl")
    assert "<" not in script
    assert json.loads(script)["dataset"][0]["name"] == "</script><script>alert(1)//<!--"


@pytest.mark.parametrize(("name", "suffix"), [("turtle", "ttl"), ("jsonld", "jsonld"), ("rdf", "rdf")])
def test_export_gives_the_catalogue_of_the_release(release, tmp_path: Path, name: str, suffix: str):
    kept = release.folder / f"catalogus.{suffix}"
    out, build = tmp_path / f"uit.{suffix}", release.folder.parent
    result = CliRunner().invoke(app, ["export", "dcat", "--format", name, "--out", str(out), "--build", str(build)])
    assert result.exit_code == 0
    assert out.read_bytes() == kept.read_bytes()
    assert list(tmp_path.iterdir()) == [out]
    assert "built without KG_CONTACT_EMAIL" in result.stderr
    printed = CliRunner().invoke(app, ["export", "dcat", "--format", name, "--build", str(build)])
    assert printed.stdout_bytes == kept.read_bytes()


def licence_named(client: TestClient, language: str) -> list[tuple[str, str]]:
    page = client.get("/probleem", params={"lang": language}, headers=BROWSER).text
    return re.findall(r'<a href="([^"]*)" rel="license">(.*?)</a>', page)


def test_every_page_names_the_licence_of_the_catalogue(client, release, project, tmp_path: Path):
    assert licence_named(client, "nl") == licence_named(client, "en") == [(f"{LICENCES.base}cc0", "CC0 1.0")]
    shutil.copytree(release.folder, tmp_path / release.version, copy_function=os.link)
    path = tmp_path / release.version / "catalogus.ttl"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    other = f"{LICENCES.base}naamsvermelding40"
    path.write_text(text.replace(f"<{LICENCES.base}cc0>", f"<{other}>"), encoding="utf-8")
    with TestClient(create_app(project, lambda: Release(path.parent), Settings())) as client:
        assert licence_named(client, "nl") == [(other, "Naamsvermelding 4.0 (CC BY)")]
        assert licence_named(client, "en") == [(other, "Attribution 4.0 (CC BY)")]
        described = client.get("/v1/openapi.json?lang=en").json()
        assert described["info"]["license"] == {"name": "Attribution 4.0 (CC BY)", "url": other}


def test_without_an_edition_there_is_no_catalogue_and_it_says_so(small_world, project, tmp_path: Path):
    data = small_world.root / "data" / "wereld.ttl"
    blocks = data.read_text(encoding="utf-8").split("\n\n")
    kept = [block for block in blocks if "a sb:Uitgave" not in block]
    assert len(kept) < len(blocks)
    data.write_text("\n\n".join(kept), encoding="utf-8")
    release = releases.build(small_world, tmp_path)
    assert not list(release.folder.glob("catalogus.*"))
    result = CliRunner().invoke(app, ["export", "dcat", "--build", str(tmp_path)])
    assert result.exit_code == 2
    assert "has no catalogue" in result.stderr
    with TestClient(create_app(project, lambda: release, Settings())) as client:
        for path in ("/catalogus", "/catalogus.ttl", "/.well-known/void", "/sitemap.xml", "/sitemap-1.xml"):
            response = client.get(path)
            assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json"), path
        assert "Sitemap:" not in client.get("/robots.txt").text
        assert "ld+json" not in client.get("/", headers=BROWSER).text.partition("</head>")[0]


def test_loose_files_have_no_catalogue(project, tmp_path: Path):
    (tmp_path / "x.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    release = releases.load([tmp_path / "x.ttl"], tmp_path)
    with TestClient(create_app(project, lambda: release, Settings())) as client:
        assert client.get("/catalogus").status_code == 404
        assert client.get("/", headers=BROWSER).status_code == 200


def test_every_distribution_can_be_fetched_and_is_what_the_catalogue_says(client, release):
    said = Said(read(release))
    for iri in said.of_kind("dcat:Distribution"):
        response = client.get("/" + said.value(iri, "dcat:downloadURL").removeprefix(BASE))
        checksum = said.value(said.value(iri, "spdx:checksum"), "spdx:checksumValue")
        assert hashlib.sha256(response.content).hexdigest() == checksum, iri
