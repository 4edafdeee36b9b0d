"""The exports of registers elsewhere: what is read of each, and what a broken or hostile file does.

The TOOI lists are real ones. The other samples are written here, in the form that public code reads, and everything in
them is made up but the identifiers of laws and organisations.
"""

import json
import struct
import tracemalloc
import zipfile
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.namespaces import PREFIXES, compact
from kg.project import Project
from kg.registers import data_overheid, organisaties, rdf_files, xml_records
from kg.registers.framework import Finding, Record, TruncatedError, day, moment
from kg.registers.importing import import_file
from kg.registers.known import REGISTERS
from kg.registers.woo_categories import category

ROO = """<?xml version="1.0" encoding="UTF-8"?>
<p:overheidsorganisaties xmlns:p="https://organisaties.overheid.nl/static/schema/oo/export/2.6.9"
    p:timestamp="2026-11-20T03:00:00">
<p:organisaties>
  <p:organisatie p:systeemId="101" p:resourceIdentifierTOOI="https://identifier.overheid.nl/tooi/id/gemeente/gm0344"
      p:resourceIdentifierOWMS="http://standaarden.overheid.nl/owms/terms/Utrecht_(gemeente)">
    <p:naam>Gemeente
      Voorbeeld</p:naam>
    <p:afkorting>VB</p:afkorting>
    <p:types><p:type>Gemeente</p:type></p:types>
    <p:startDatum>1995-01-01</p:startDatum>
    <p:datumMutatie>onlangs</p:datumMutatie>
    <p:identificatiecodes>
      <p:resourceIdentifier p:naam="OIN">00000001003214345000</p:resourceIdentifier>
      <p:resourceIdentifier p:naam="kvk">50200097</p:resourceIdentifier>
    </p:identificatiecodes>
    <p:relatieMetMinisterie
        p:resourceIdentifierTOOI="https://identifier.overheid.nl/tooi/id/ministerie/mnre1034">BZK</p:relatieMetMinisterie>
    <p:wettelijkeGrondslagen><p:wettelijkeGrondslag>
      <p:opschrift>Gemeentewet</p:opschrift><p:referentie>https://wetten.overheid.nl/BWBR0005416</p:referentie>
    </p:wettelijkeGrondslag></p:wettelijkeGrondslagen>
    <p:classificaties><p:classificatie p:type="Woo"><p:wettelijkeGrondslagen><p:wettelijkeGrondslag>
      <p:opschrift>Wet open overheid</p:opschrift>
      <p:referentie>https://wetten.overheid.nl/jci1.3:c:BWBR0045754&amp;artikel=3.3</p:referentie>
    </p:wettelijkeGrondslag></p:wettelijkeGrondslagen></p:classificatie></p:classificaties>
    <p:organisatieBeschrijving><p:beschrijvingText>Doet werk.</p:beschrijvingText></p:organisatieBeschrijving>
    <p:woo><p:wooIndex>
      <p:documentLocatie>
        <p:informatiecategorie>Jaarplannen en jaarverslagen</p:informatiecategorie>
        <p:url>https://voorbeeld.example.nl/jaarplannen</p:url>
      </p:documentLocatie>
      <p:documentLocatie>
        <p:informatiecategorie>Iets van eigen vinding</p:informatiecategorie>
        <p:url>https://voorbeeld.example.nl/iets</p:url>
      </p:documentLocatie>
      <p:documentLocatie>
        <p:informatiecategorie>Convenanten</p:informatiecategorie>
        <p:url>zie de website</p:url>
      </p:documentLocatie>
    </p:wooIndex></p:woo>
    <p:functies><p:functie><p:naam>Burgemeester</p:naam><p:medewerkers><p:medewerker>
      <p:naam>A. Persoon</p:naam></p:medewerker></p:medewerkers></p:functie></p:functies>
    <p:organisaties>
      <p:organisatie p:systeemId="102">
        <p:naam>Afdeling Proeven</p:naam>
        <p:types><p:type>Organisatieonderdeel</p:type></p:types>
      </p:organisatie>
    </p:organisaties>
  </p:organisatie>
  <p:organisatie><p:naam>Zonder nummer</p:naam></p:organisatie>
</p:organisaties>
</p:overheidsorganisaties>
"""

BWB = """<?xml version="1.0" encoding="UTF-8"?>
<__NS1:BWBIdServiceResultaat xmlns:__NS1="http://schemas.overheid.nl/bwbidservice">
<__NS1:GegenereerdOp>2026-11-20</__NS1:GegenereerdOp>
<__NS1:RegelingInfoLijst>
  <__NS1:RegelingInfo>
    <__NS1:BWBId>BWBR0040940</__NS1:BWBId>
    <__NS1:DatumLaatsteWijziging>2021-07-01</__NS1:DatumLaatsteWijziging>
    <__NS1:OfficieleTitel>Wet van 16 mei 2018, een lang opschrift</__NS1:OfficieleTitel>
    <__NS1:CiteertitelLijst>
      <__NS1:Citeertitel><__NS1:titel>Een oude naam</__NS1:titel><__NS1:status>officieel</__NS1:status>
        <__NS1:InwerkingtredingsDatum>2017-01-01</__NS1:InwerkingtredingsDatum></__NS1:Citeertitel>
      <__NS1:Citeertitel><__NS1:titel>UAVG-wet</__NS1:titel><__NS1:status>redactioneel</__NS1:status>
        <__NS1:InwerkingtredingsDatum>2019-01-01</__NS1:InwerkingtredingsDatum></__NS1:Citeertitel>
      <__NS1:Citeertitel><__NS1:titel>Uitvoeringswet Algemene verordening gegevensbescherming</__NS1:titel>
        <__NS1:status>officieel</__NS1:status>
        <__NS1:InwerkingtredingsDatum>2018-05-25</__NS1:InwerkingtredingsDatum></__NS1:Citeertitel>
    </__NS1:CiteertitelLijst>
    <__NS1:NietOfficieleTitelLijst><__NS1:NietOfficieleTitel>Privacywet</__NS1:NietOfficieleTitel></__NS1:NietOfficieleTitelLijst>
    <__NS1:AfkortingLijst><__NS1:Afkorting>UAVG</__NS1:Afkorting></__NS1:AfkortingLijst>
    <__NS1:RegelingSoort>wet</__NS1:RegelingSoort>
  </__NS1:RegelingInfo>
  <__NS1:RegelingInfo><__NS1:BWBId>geen nummer</__NS1:BWBId></__NS1:RegelingInfo>
  <__NS1:RegelingInfo><__NS1:BWBId>BWBR0045754</__NS1:BWBId></__NS1:RegelingInfo>
</__NS1:RegelingInfoLijst>
</__NS1:BWBIdServiceResultaat>
"""

CKAN = {
    "help": "https://data.overheid.nl/data/api/3/action/help_show?name=package_search",
    "success": True,
    "result": {
        "count": 2,
        "results": [
            {
                "name": "voorbeeld-van-een-dataset",
                "title": "Voorbeeld van  een dataset",
                "notes": "<p>Naar de Woo (BWBR0045754).</p>",
                "identifier": "https://data.example.nl/id/1",
                "publisher": "http://standaarden.overheid.nl/owms/terms/Logius",
                "authority": "http://standaarden.overheid.nl/owms/terms/Logius",
                "organization": {"title": "Logius", "name": "logius"},
                "theme": ["http://standaarden.overheid.nl/owms/terms/Bestuur"],
                "tags": [{"name": "proef"}, {"name": "voorbeeld"}],
                "license_id": "http://creativecommons.org/publicdomain/zero/1.0/",
                "url": "geen adres",
                "modified": "05-03-2026",
                "metadata_modified": "2026-11-19T10:00:00.123456",
                "resources": [{"url": "https://data.example.nl/1.csv"}],
            },
            {"name": "../../etc/passwd", "title": "Een naam die geen naam is"},
            "geen dataset",
        ],
    },
}

DCAT_START = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""

DCAT = f"""{DCAT_START}
<https://data.example.nl/1> dct:title "The example"@en , "Het voorbeeld"@nl .
<https://data.example.nl/catalogus> a dcat:Catalog ; dct:title "Niet dit"@nl .
<https://data.example.nl/1> a dcat:Dataset ;
    dct:identifier "https://data.example.nl/1" ;
    dct:description "Bij BWBR0048156."@nl ;
    dct:publisher <https://identifier.overheid.nl/tooi/id/oorg/oorg10117> ;
    dcat:keyword "proef"@nl ;
    dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj> ;
    dcat:distribution [ dcat:accessURL <https://data.example.nl/1.csv> ] .
<https://identifier.overheid.nl/tooi/id/oorg/oorg10117> foaf:name "Logius" .
[] a dcat:Dataset ; dct:identifier "Nummer 7" ; dct:title "Zonder adres" .
[] a dcat:Dataset ; dct:title "Zonder adres en nummer" .
"""

PROJECTS = {
    "metrics": {"kengetallen": {"aantal": 2}, "ministeries": [], "projecten": {}},
    "results": [
        {
            "ProjectId": "673367a3-435c-4072-ba19-4a36528c3191",
            "Naam": "Vernieuwing van een voorbeeld",
            "MinisterieNaam": "Binnenlandse Zaken en Koninkrijksrelaties",
            "OrganisatieNaam": "Logius",
            "Onderwerp": "Identiteit;Veiligheid",
            "ProjectStatus": "In uitvoering",
            "SoortICTActiviteit": None,
            "StartDatum": "2023-01-01",
            "PeilDatum": "2026-06-30",
            "ProjectVersieWijzigingsDatum": "2026-09-01T12:00:00",
            "SchattingTotaleKostenHuidigJaar": 12.5,
        },
        {"ProjectId": "7", "Naam": "Zonder UUID"},
    ],
    "total_count": 2,
}


@pytest.fixture
def saved(tmp_path: Path):
    """A function that saves an export."""

    def save(name: str, content: str | bytes | dict) -> Path:
        path = tmp_path / name
        if isinstance(content, dict | list):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


@pytest.fixture
def zipped(tmp_path: Path):
    """A function that saves files in a ZIP archive."""

    def save(**members: str) -> Path:
        path = tmp_path / "BWBIdList.xml.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(f"{name}.xml", content)
        return path

    return save


def read(name: str, path: Path) -> tuple[list[Record], list[Finding]]:
    items = list(REGISTERS[name].read(path))
    return [item for item in items if isinstance(item, Record)], [item for item in items if isinstance(item, Finding)]


def facts(record: Record) -> dict[str, set[str]]:
    """What a record says, by short name of the word."""
    found = defaultdict(set)
    for triple in record.triples:
        term = triple.object
        found[compact(triple.predicate.value)].add(
            compact(term.value) if isinstance(term, ox.NamedNode) else term.value
        )
    return found


# What is read of each register


@pytest.mark.parametrize(
    ("name", "organisations"), [("ministeries", 21), ("provincies", 12), ("caribische-openbare-lichamen", 3)]
)
def test_every_organisation_of_a_tooi_list_is_a_record(standards, name, organisations):
    path = standards / "tooi" / f"rwc_{name.replace('-', '_')}_compleet_1.json"
    records, findings = read(f"tooi-{name}", path)
    assert (len(records), findings) == (organisations, [])
    assert REGISTERS[f"tooi-{name}"].made(path) == "2021-11-15"


def test_a_tooi_list_keeps_former_names_apart(standards):
    records, _ = read("tooi-ministeries", standards / "tooi" / "rwc_ministeries_compleet_1.json")
    by_iri = {record.iri.rpartition("/")[2]: facts(record) for record in records}
    now, before = by_iri["mnre1058"], by_iri["hv_04793043"]
    assert {"sb:Registratie", "org:Organization", "tooiont:Ministerie"} == now["rdf:type"]
    assert now["dct:identifier"] == {"mnre1058"}
    assert "http://standaarden.overheid.nl/owms/terms/minjenv" in now["skos:exactMatch"]
    assert before["skos:prefLabel"] == {"ministerie van Justitie"}
    assert before["prov:specializationOf"] == {"https://identifier.overheid.nl/tooi/id/ministerie/mnre1058"}
    assert not before["skos:exactMatch"] | before["dct:identifier"]


def test_an_organisation_has_its_names_codes_laws_and_place(saved):
    path = saved("exportOO.xml", ROO)
    (unit, organisation), findings = read("roo", path)
    found = facts(organisation)
    assert organisation.iri == "https://identifier.overheid.nl/tooi/id/gemeente/gm0344"
    assert found["skos:prefLabel"] == {"Gemeente Voorbeeld"}
    assert found["rdf:type"] == {"sb:Registratie", "org:Organization", "tooiont:Gemeente"}
    assert found["dct:identifier"] == {"101", "00000001003214345000"}
    assert found["dct:references"] == {
        "https://wetten.overheid.nl/BWBR0005416",
        "https://wetten.overheid.nl/BWBR0045754",
    }
    assert found["sb:grondslagTekst"] == {"Gemeentewet"}
    assert found["org:linkedTo"] == {"https://identifier.overheid.nl/tooi/id/ministerie/mnre1034"}
    assert found["foaf:page"] == {"https://organisaties.overheid.nl/101/"}
    assert unit.iri == "https://w3id.org/spoorboek/id/registratie/roo-102"
    assert facts(unit)["org:subOrganizationOf"] == {organisation.iri}
    assert [(finding.where, finding.lost) for finding in findings] == [("101", False), ("record 3", True)]
    assert REGISTERS["roo"].made(path) == "2026-11-20T03:00:00"


def test_nothing_is_read_of_people(saved):
    records, _ = read("roo", saved("exportOO.xml", ROO))
    assert "Persoon" not in str(records)
    assert "Burgemeester" not in str(records)


def test_each_place_of_the_woo_index_is_a_record(saved):
    records, findings = read("woo-index", saved("exportOO.xml", ROO))
    plans, other = (facts(record) for record in records)
    assert plans["rdf:type"] == {"sb:Registratie", "sb:Wooregistratie"}
    assert plans["dct:subject"] == {"https://identifier.overheid.nl/tooi/def/thes/kern/c_c6cd1213"}
    assert plans["dct:publisher"] == {"https://identifier.overheid.nl/tooi/id/gemeente/gm0344"}
    assert plans["foaf:page"] == {"https://voorbeeld.example.nl/jaarplannen"}
    assert not other["dct:subject"]
    assert "zie de website" in findings[0].problem


def test_the_kinds_of_the_woo_are_those_of_tooi(standards):
    kinds = json.loads((standards / "tooi" / "woo-informatiecategorieen.json").read_text())
    assert {kind["uri"]: category(kind["naam_meervoud"]).value for kind in kinds} == {
        kind["uri"]: kind["uri"] for kind in kinds
    }


def test_a_law_has_its_latest_official_title_and_every_other_name(zipped):
    path = zipped(BWBIdList=BWB)
    (law,), findings = read("bwb", path)
    found = facts(law)
    assert law.iri == "https://wetten.overheid.nl/BWBR0040940"
    assert found["skos:prefLabel"] == {"Uitvoeringswet Algemene verordening gegevensbescherming"}
    assert {"Een oude naam", "UAVG-wet", "Privacywet"} < found["skos:altLabel"]
    assert (found["sb:afkorting"], found["sb:soortInRegister"]) == ({"UAVG"}, {"wet"})
    assert ox.Literal("BWBR0040940", datatype=ox.NamedNode(PREFIXES["sb"] + "BWB")) in [t.object for t in law.triples]
    assert [finding.where for finding in findings] == ["record 2", "BWBR0045754"]
    assert REGISTERS["bwb"].made(path) == "2026-11-20"


def test_a_dataset_of_ckan_has_its_publisher_themes_and_laws(saved):
    (dataset,), findings = read("data-overheid-nl", saved("search.json", CKAN))
    found = facts(dataset)
    assert dataset.iri == "https://data.overheid.nl/dataset/voorbeeld-van-een-dataset"
    assert found["rdf:type"] == {"sb:Registratie", "dcat:Dataset"}
    assert found["skos:prefLabel"] == {"Voorbeeld van een dataset"}
    assert found["dct:description"] == {"Naar de Woo (BWBR0045754)."}
    assert found["dct:references"] == {"https://wetten.overheid.nl/BWBR0045754"}
    assert found["dcat:keyword"] == {"proef", "voorbeeld"}
    assert found["dct:publisher"] == {"http://standaarden.overheid.nl/owms/terms/Logius"}
    assert (found["sb:naamInBron"], found["dct:modified"]) == ({"Logius"}, {"2026-03-05"})
    assert [finding.lost for finding in findings] == [False, True, True]


def test_one_dataset_of_ckan_is_read_as_well(saved):
    answer = {"success": True, "result": CKAN["result"]["results"][0]}
    (dataset,), _ = read("data-overheid-nl", saved("show.json", answer))
    assert dataset.iri.endswith("/voorbeeld-van-een-dataset")


@pytest.mark.parametrize(
    "form", [ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD, ox.RdfFormat.N_TRIPLES]
)
def test_a_catalogue_gives_the_same_in_every_form(saved, form):
    content = ox.serialize(ox.parse(DCAT, format=ox.RdfFormat.TURTLE), format=form)
    records, findings = read("data-overheid-nl", saved(f"catalogus.{form.file_extension}", content))
    numbered, dataset = sorted(records, key=lambda record: record.iri, reverse=True)
    found = facts(dataset)
    assert dataset.iri == "https://data.example.nl/1"
    assert (found["skos:prefLabel"], found["skos:altLabel"]) == ({"Het voorbeeld"}, {"The example"})
    assert found["sb:naamInBron"] == {"Logius"}
    assert found["dct:references"] == {
        "https://wetten.overheid.nl/BWBR0048156",
        "http://data.europa.eu/eli/reg_impl/2023/138/oj",
    }
    assert numbered.iri == "https://w3id.org/spoorboek/id/registratie/data-overheid-nl-nummer-7"
    assert len(findings) == 1


def test_a_dataset_named_by_no_web_address_gets_one_of_ours(saved):
    (dataset,), _ = read(
        "data-overheid-nl", saved("c.ttl", DCAT_START + '<urn:uuid:7> a dcat:Dataset ; dct:title "A" .')
    )
    assert dataset.iri == "https://w3id.org/spoorboek/id/registratie/data-overheid-nl-urn-uuid-7"


def test_a_large_catalogue_is_brought_together_in_parts(saved, monkeypatch):
    monkeypatch.setattr(data_overheid, "_AT_A_TIME", 2)
    records, _ = read("data-overheid-nl", saved("catalogus.ttl", DCAT))
    assert len(records) == 2


def test_a_project_has_its_organisation_state_and_dates(saved):
    (project,), findings = read("rijks-ict-dashboard", saved("project.json", PROJECTS))
    found = facts(project)
    assert project.iri == "https://rijksictdashboard.nl/ict-activiteiten/673367a3-435c-4072-ba19-4a36528c3191"
    assert found["rdf:type"] == {"sb:Registratie", "sb:Projectregistratie"}
    assert found["sb:naamInBron"] == {"Logius", "Binnenlandse Zaken en Koninkrijksrelaties"}
    assert found["dcat:keyword"] == {"Identiteit", "Veiligheid"}
    assert (found["sb:statusInRegister"], found["dct:modified"]) == ({"In uitvoering"}, {"2026-09-01"})
    assert len(findings) == 1


# Together with the graph


EXPORTS = {
    "bwb": (
        "BWBIdList.xml",
        BWB.replace("geen nummer", "BWBR0045754").replace(
            "<__NS1:RegelingInfo><__NS1:BWBId>BWBR0045754</__NS1:BWBId></__NS1:RegelingInfo>", ""
        ),
    ),
    "data-overheid-nl": ("catalogus.ttl", DCAT.replace('[] a dcat:Dataset ; dct:title "Zonder adres en nummer" .', "")),
    "rijks-ict-dashboard": ("project.json", {**PROJECTS, "results": PROJECTS["results"][:1]}),
    "roo": ("exportOO.xml", ROO.replace("<p:organisatie><p:naam>Zonder nummer</p:naam></p:organisatie>", "")),
    "woo-index": ("exportOO.xml", ROO.replace("zie de website", "https://voorbeeld.example.nl/c")),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_read_keeps_the_rules_for_records(saved, tmp_path, project: Project, name):
    imported = import_file(REGISTERS[name], saved(*EXPORTS[name]), tmp_path / "build", project)
    assert (imported.records > 0, imported.lost) == (True, 0)


def test_every_register_is_described_in_the_graph(files):
    described = {
        compact(triple.subject.value).partition(":")[2]
        for file in files.data
        for triple in file.triples
        if compact(triple.predicate.value) == "rdf:type" and compact(triple.object.value) == "sb:Register"
    }
    assert REGISTERS.keys() <= described


def test_every_register_is_in_the_documentation(project: Project):
    text = (project.root / "docs" / "linking.md").read_text(encoding="utf-8")
    assert [name for name, register in REGISTERS.items() if f"`{name}`" not in text] == []
    assert [register.address for register in REGISTERS.values() if register.address.partition("?")[0] not in text] == []


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026-03-05T10:00:00Z", "2026-03-05"),
        ("05-03-2026", "2026-03-05"),
        ("2026-02-30", None),
        ("2026-3-5", None),
        ("gisteren", None),
        (None, None),
    ],
)
def test_a_day_is_a_day_of_the_calendar(said, on):
    assert day(said) == (on and ox.Literal(on, datatype=ox.NamedNode(PREFIXES["xsd"] + "date")))


@pytest.mark.parametrize(
    ("said", "at"),
    [("2026-11-20T03:00:00+01:00", "2026-11-20T03:00:00+01:00"), ("2026-11-20 03:00", "2026-11-20"), ("nu", None)],
)
def test_a_moment_is_written_as_xml_schema_does(said, at):
    assert moment(said) == at


# Broken and hostile files


@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("roo", "exportOO.xml", ROO[:-200]),
        ("woo-index", "exportOO.xml", ROO[:900]),
        ("bwb", "BWBIdList.xml", BWB[:-60]),
        (
            "tooi-ministeries",
            "lijst.json",
            '[{"@id": "https://identifier.overheid.nl/tooi/id/ministerie/mnre1034", "@ty',
        ),
        ("data-overheid-nl", "search.json", json.dumps(CKAN)[:-80]),
        ("data-overheid-nl", "catalogus.rdf", f'<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}"><rdf:Description>'),
        ("rijks-ict-dashboard", "project.json", json.dumps(PROJECTS)[:-120]),
    ],
)
def test_an_export_that_ends_early_is_said_to(saved, name, file, content):
    with pytest.raises(TruncatedError, match="before it is complete"):
        read(name, saved(file, content))


@pytest.mark.parametrize(
    "name", ["roo", "woo-index", "bwb", "tooi-ministeries", "data-overheid-nl", "rijks-ict-dashboard"]
)
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("leeg", b""),
        ("tekst", b"geen export"),
        ("nul.json", b"\0" * 100),
        ("pagina.html", b"<html><body>Storing<p></body></html>"),
        ("regel.jsonld", b'[{"@id": "https://example.org/1", "https://example.org/p": "een\nregel"}]'),
    ],
)
def test_what_is_no_export_is_one_clear_error(saved, name, file, content):
    with pytest.raises(DataError) as error:
        read(name, saved(file, content))
    assert "\n" not in str(error.value)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("name", "file", "content"),
    [
        ("roo", "exportOO.xml", ROO.replace("?>\n", f"?>\n{ENTITIES}", 1)),
        ("roo", "utf16.xml", ROO.replace("?>\n", f"?>\n{ENTITIES}", 1).replace("UTF-8", "UTF-16").encode("utf-16")),
        ("bwb", "BWBIdList.xml", BWB.replace("?>\n", f"?>\n<!-- eerst dit -->{ENTITIES}", 1)),
        ("data-overheid-nl", "catalogus.rdf", f'{ENTITIES}<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}"/>'),
        ("data-overheid-nl", "catalogus.xml", f'{ENTITIES}<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}"/>'),
    ],
)
def test_a_document_type_is_refused(saved, name, file, content):
    with pytest.raises(DataError, match="document type"):
        read(name, saved(file, content))


@pytest.mark.parametrize("encoding", ["geen-codering", "shift_jis", "utf-7", "hex"])
def test_an_unknown_encoding_is_one_clear_error(saved, encoding):
    with pytest.raises(DataError):
        read("roo", saved("exportOO.xml", ROO.replace("UTF-8", encoding)))


@pytest.mark.parametrize("context", ["https://example.org/context.jsonld", "file:///etc/passwd", "http://127.0.0.1/"])
@pytest.mark.parametrize("name", ["tooi-ministeries", "data-overheid-nl"])
def test_a_context_from_elsewhere_is_refused(saved, name, context):
    with pytest.raises(DataError, match="by itself"):
        read(name, saved("lijst.jsonld", {"@context": context, "@id": "https://example.org/1", "name": "x"}))


def test_an_archive_must_hold_one_whole_list(zipped, saved):
    path = zipped(een=BWB, twee=BWB)
    with pytest.raises(DataError, match="2 XML files"):
        read("bwb", path)
    with pytest.raises(TruncatedError, match="no complete ZIP archive"):
        read("bwb", saved("half.zip", path.read_bytes()[:-100]))


def test_an_archive_with_a_list_of_files_without_end_is_refused(tmp_path, zipped):
    many = zipped(BWBIdList=BWB)
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(5000):
            archive.writestr(f"{number}-{'x' * 200}", "")
    with pytest.raises(DataError, match="list of files is longer"):
        read("bwb", many)
    # One that begins as an archive, and ends by saying that almost all of it is the list.
    size = 2**30
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size - 100, 78, 0)
    with (tmp_path / "leeg.xml.zip").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(size)
        file.seek(size - len(end))
        file.write(end)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="list of files is longer"):
            read("bwb", tmp_path / "leeg.xml.zip")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_was_damaged_is_refused(zipped):
    path = zipped(BWBIdList=BWB)
    content = bytearray(path.read_bytes())
    content[200:220] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(DataError):
        read("bwb", path)


def test_a_record_without_end_is_refused(zipped, monkeypatch):
    monkeypatch.setattr(xml_records, "LARGEST_RECORD", 200_000)
    path = zipped(BWBIdList=BWB.replace("een lang opschrift", "x" * 5_000_000))
    assert path.stat().st_size < 20_000
    with pytest.raises(DataError, match="without a whole record"):
        read("bwb", path)


def test_a_file_without_end_is_refused(zipped, monkeypatch):
    monkeypatch.setattr(xml_records, "LARGEST_FILE", 200_000)
    law = BWB[BWB.index("  <__NS1:RegelingInfo>") : BWB.index("  <__NS1:RegelingInfo><")]
    with pytest.raises(DataError, match="bytes of XML"):
        read("bwb", zipped(BWBIdList=BWB.replace(law, law * 400)))


def test_elements_in_elements_without_end_are_refused(saved):
    deep = ROO.replace("<p:afkorting>VB", "<p:a>" * 5000 + "</p:a>" * 5000 + "<p:afkorting>VB")
    with pytest.raises(DataError, match="deep"):
        read("roo", saved("exportOO.xml", deep))


def test_a_catalogue_without_end_in_depth_is_refused(saved):
    deep = "<rdf:Description><rdf:value>" * 5000 + "</rdf:value></rdf:Description>" * 5000
    with pytest.raises(DataError, match="deep"):
        read("data-overheid-nl", saved("catalogus.rdf", f'<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}">{deep}</rdf:RDF>'))


def test_an_archive_in_the_place_of_a_catalogue_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(xml_records, "LARGEST_FILE", 200_000)
    with zipfile.ZipFile(tmp_path / "catalogus.rdf", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", f"<a>{' ' * 1_000_000}</a>")
    with pytest.raises(DataError, match="bytes of XML"):
        read("data-overheid-nl", tmp_path / "catalogus.rdf")


def test_a_statement_about_a_statement_is_passed_over(saved):
    about = '<<( <urn:a> <urn:b> "c" )>>'
    said = f"<https://data.example.nl/1> dct:identifier {about} ; dct:publisher {about} ."
    records, _ = read("data-overheid-nl", saved("catalogus.ttl", DCAT + said))
    assert "<<" not in str(records)


def test_a_list_is_read_without_keeping_what_was_read(saved):
    law = BWB[BWB.index("  <__NS1:RegelingInfo>") : BWB.index("  <__NS1:RegelingInfo><")]
    path = saved("BWBIdList.xml", BWB.replace(law, law * 100))
    most = max(len(around[-1]) for _, around in xml_records.xml_records(path, "RegelingInfo"))
    # The parser is ahead of the reader by what it read at a time, 64 KiB at most.
    assert most < 100


def test_a_name_that_is_no_list_of_tooi_says_which_there_are():
    assert {name for name in REGISTERS if name.startswith("tooi-")} >= {"tooi-ministeries", "tooi-zbo"}


def test_a_list_is_not_taken_for_another(saved):
    nodes = [{"@id": "https://identifier.overheid.nl/tooi/set/rwc_gemeenten_compleet/5", "@type": ["urn:x:lijst"]}]
    path = saved("lijst.json", nodes)
    assert read("tooi-gemeenten", path) == ([], [])
    with pytest.raises(DataError, match="is the list tooi-gemeenten, not tooi-zbo"):
        read("tooi-zbo", path)


def test_an_organisation_without_a_name_is_one_finding(saved):
    nodes = [
        {
            "@id": "https://identifier.overheid.nl/tooi/id/zbo/zb1",
            f"{PREFIXES['tooiont']}organisatiecode": [{"@value": "zb1"}],
        },
        {
            "@id": "https://identifier.overheid.nl/tooi/set/x/1",
            f"{PREFIXES['tooiont']}titel": [{"@value": "Een lijst"}],
        },
    ]
    records, (finding,) = read("tooi-zbo", saved("lijst.json", nodes))
    assert (records, finding.where) == ([], "https://identifier.overheid.nl/tooi/id/zbo/zb1")


def test_two_places_of_one_kind_have_two_names(saved):
    again = ROO.replace("Iets van eigen vinding", "Jaarplannen en jaarverslagen")
    records, _ = read("woo-index", saved("exportOO.xml", again))
    assert len({record.iri for record in records}) == 2


def test_a_format_is_known_by_its_extension(tmp_path):
    with pytest.raises(DataError, match="no RDF format"):
        rdf_files.rdf_format(tmp_path / "catalogus.docx")
    assert organisaties.WOO_INDEX.address == organisaties.REGISTER.address
