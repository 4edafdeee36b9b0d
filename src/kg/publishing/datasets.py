"""Which datasets the graph is published as: the whole, each plan, and each register of things."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import GRAPH, ID
from kg.store import Readable
from kg.terms import DEFAULT_GRAPH, RDF_TYPE, named

Texts = Mapping[str, str]
"""A text in each language."""

WHOLE = "spoorboek"
_DATA = f"{GRAPH}data/"
# A plan that is named after its year is one edition of a series.
_EDITION = re.compile(r"(?P<series>.+?)[- ](?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Series:
    """Plans that follow each other, one for each edition."""

    ref: str
    titles: Texts


@dataclass(frozen=True)
class Dataset:
    """A part of the graph, or the whole, as people look for it.

    `page` is where it is explained, below the address of the service; `graphs` are the names of its named graphs.
    """

    ref: str
    titles: Texts
    descriptions: Texts
    keywords: Texts
    page: str
    graphs: tuple[str, ...]
    plan: str | None = None
    series: Series | None = None


def datasets(store: Readable, graphs: Iterable[str]) -> list[Dataset]:
    """The whole first, then the plans by name, then the registers; one without any named graph is left out."""
    graphs = sorted(graphs)
    plans = store.quads_for_pattern(None, RDF_TYPE, named("sb:Plan"), DEFAULT_GRAPH)
    parts = [_of_plan(store, plan, graphs) for plan in sorted(quad.subject.value for quad in plans)]
    parts += [_of_register(ref, graphs) for ref in _REGISTERS]
    return [_whole(graphs), *(part for part in parts if part.graphs)]


def texts(store: Readable, iri: str, name: str) -> Texts:
    """What a property of a thing says, by language."""
    said = store.quads_for_pattern(ox.NamedNode(iri), named(name), None, DEFAULT_GRAPH)
    return {quad.object.language: quad.object.value for quad in said if quad.object.language}


def _whole(graphs: list[str]) -> Dataset:
    return Dataset(
        WHOLE,
        {
            "nl": "Spoorboek: de digitale agenda van de Nederlandse overheid als kennisgraaf",
            "en": "Spoorboek: the digital agenda of the Dutch government as a knowledge graph",
        },
        {
            "nl": "Wie belooft wat, voor welk doel, op welke wet en met welke digitale voorziening: alle plannen, "
            "partijen, wetten, afspraken, voorzieningen en programma's met hun onderlinge verbanden, de reden en "
            "de vindplaats van elk verband, de begrippen en vormen, en wat daaruit volgt. Onofficiële index; bij "
            "verschil geldt het plan.",
            "en": "Who promises what, for which goal, on which law and with which digital facility: all plans, "
            "parties, laws, agreements, facilities and programmes with the relations between them, the reason and "
            "source of each relation, the vocabulary and shapes, and what follows. Unofficial index; where they "
            "differ, the plan prevails.",
        },
        {
            "nl": "digitale overheid, digitalisering, beleid, kennisgraaf, linked data",
            "en": "digital government, digitalisation, policy, knowledge graph, linked data",
        },
        "",
        tuple(graphs),
    )


def _of_plan(store: Readable, plan: str, graphs: list[str]) -> Dataset:
    ref = plan.rpartition("/")[2]
    names, about = texts(store, plan, "skos:prefLabel"), texts(store, plan, "dct:description")
    of_plan = (f"{_DATA}{ref}/", f"{_DATA}bronpassages/{ref}", f"{_DATA}bronpassages/bronsecties-{ref}")
    return Dataset(
        ref,
        {language: f"{_INDEX[language]} {name}" for language, name in names.items()},
        {language: f"{about.get(language, '')} {text}".strip() for language, text in _PLAN_HAS.items()},
        {"nl": "digitale overheid, beleid, acties, doelen", "en": "digital government, policy, actions, goals"},
        f"doc/{plan.removeprefix(ID)}",
        tuple(graph for graph in graphs if graph.startswith(of_plan[:1]) or graph in of_plan[1:]),
        plan,
        _series(ref, names),
    )


_INDEX = {"nl": "Index op", "en": "Index to"}
_PLAN_HAS = {
    "nl": "Deze onofficiële index heeft van dit plan de indeling, opgaven, doelen, indicatoren met streefwaarden, "
    "acties met hun uitvoerders en beoogde en behaalde resultaten, elk met de regels van de bron waar het staat.",
    "en": "This unofficial index has the plan's structure, societal tasks, goals, indicators with their targets, "
    "actions with the parties involved, and results intended and achieved, each with the lines of the source that "
    "say so.",
}


def _series(ref: str, names: Texts) -> Series | None:
    edition = _EDITION.fullmatch(ref)
    without_year = {language: _EDITION.fullmatch(name) for language, name in names.items()}
    if not edition:
        return None
    titles = {language: found["series"] if found else names[language] for language, found in without_year.items()}
    return Series(edition["series"], titles)


@dataclass(frozen=True)
class _Register:
    """The texts of a register of things, and the files below `data/` that it is made of."""

    titles: Texts
    descriptions: Texts
    keywords: Texts
    files: tuple[str, ...]


_REGISTERS = {
    "organisaties": _Register(
        {"nl": "Organisaties in de digitale agenda", "en": "Organisations in the digital agenda"},
        {
            "nl": "Ministeries, uitvoeringsorganisaties, medeoverheden, toezichthouders en andere partijen die de "
            "plannen noemen, en groepen daarvan, met namen, afkortingen en waar bekend hun identificatie in TOOI.",
            "en": "Ministries, executive agencies, other authorities, supervisors and other parties that the plans "
            "name, and groups of them, with names, abbreviations and where known their TOOI identifier.",
        },
        {"nl": "overheidsorganisaties, ministeries", "en": "government organisations, ministries"},
        ("organisaties", "organisatiegroepen"),
    ),
    "wetten": _Register(
        {"nl": "Wet- en regelgeving van de digitale agenda", "en": "Legislation of the digital agenda"},
        {
            "nl": "Wetten, wetsvoorstellen, besluiten en Europese regels waarop de plannen steunen of waaraan zij "
            "werken, met hun stand op een datum en waar bekend hun BWB-, CELEX- of ELI-identificatie.",
            "en": "Acts, bills, decrees and European rules that the plans rest on or work at, with their state on "
            "a date and where known their BWB, CELEX or ELI identifier.",
        },
        {"nl": "wetgeving, Europese regelgeving", "en": "legislation, European regulation"},
        ("wetten",),
    ),
    "voorzieningen": _Register(
        {"nl": "Digitale voorzieningen van de overheid", "en": "Digital facilities of the government"},
        {
            "nl": "Stelsels, registers, inlogmiddelen, portalen en andere voorzieningen die de plannen noemen, "
            "zoals DigiD en de BRP, met hun soort, namen en beheerders.",
            "en": "Systems, registers, means of logging in, portals and other facilities that the plans name, such "
            "as DigiD and the BRP, with their kind, names and keepers.",
        },
        {"nl": "digitale infrastructuur, basisregistraties", "en": "digital infrastructure, base registers"},
        ("voorzieningen",),
    ),
    "afspraken": _Register(
        {"nl": "Standaarden en andere afspraken van de digitale agenda", "en": "Standards and other agreements"},
        {
            "nl": "Standaarden, normenkaders, codes, modellen en handreikingen die geen wet zijn en waaraan "
            "voorzieningen en acties zich houden.",
            "en": "Standards, sets of norms, codes, models and guides that are no law and that facilities and "
            "actions keep to.",
        },
        {"nl": "standaarden, normenkaders", "en": "standards, norms"},
        ("afspraken",),
    ),
    "programmas": _Register(
        {"nl": "Programma's van de digitale agenda", "en": "Programmes of the digital agenda"},
        {
            "nl": "Programma's, projecten en andere bundels werk met een einde die de plannen noemen.",
            "en": "Programmes, projects and other bundles of work with an end that the plans name.",
        },
        {"nl": "programma's, projecten", "en": "programmes, projects"},
        ("programmas",),
    ),
}


def _of_register(ref: str, graphs: list[str]) -> Dataset:
    register = _REGISTERS[ref]
    files = {_DATA + name for name in register.files}
    page = f"catalogus.html#{ref}"
    return Dataset(
        ref,
        register.titles,
        register.descriptions,
        register.keywords,
        page,
        tuple(graph for graph in graphs if graph in files),
    )
