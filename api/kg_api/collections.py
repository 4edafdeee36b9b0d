"""The collections of `/v1`: which things each holds, their fields, and the filters one may put on it. Nothing else."""

from dataclasses import dataclass, replace
from enum import StrEnum

from kg.namespaces import DEF, PREFIXES, expand


class Kind(StrEnum):
    """What the value of a field looks like in JSON."""

    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    REFERENCE = "reference"
    REFERENCES = "references"
    ADDRESSES = "addresses"


@dataclass(frozen=True)
class Field:
    """A field of a thing and the property that gives its value, or the class that a whole it is part of must have."""

    name: str
    property: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class Filter:
    """A filter: the query that finds what it lets through, and the IRI that its value is the end of.

    Of one that takes a term from a list, `predicate` is the property whose value it is.
    """

    name: str
    query: str
    base: str
    about: str
    sample: str
    predicate: str = ""

    @property
    def concept(self) -> str | None:
        """The concept of the things that it takes; None for a year, an identifier or a term from a list."""
        return CONCEPT_OF.get(self.name)


@dataclass(frozen=True)
class Collection:
    """The things of one concept, as the plural that is in the path; `query` reads the fields of one."""

    name: str
    concept: str
    classes: tuple[str, ...]
    title: str
    example: str
    fields: tuple[Field, ...]
    filters: tuple[Filter, ...]
    parts: tuple[str, ...]
    sorted_by: str = "naam"
    query: str = "velden-van-element"

    @property
    def sortings(self) -> tuple[str, ...]:
        """The names of the fields by which a list may be sorted."""
        names = {field.name for field in self.fields}
        return ("ref", *(name for name in ("naam", "nummer", "jaar") if name in names))


CONCEPT_OF = {
    "plan": "plan",
    "spoor": "spoor",
    "prioriteit": "prioriteit",
    "uitvoerder": "organisatie",
    "organisatie": "organisatie",
    "beheerder": "organisatie",
    "voorziening": "voorziening",
    "wet": "wet",
    "afspraak": "afspraak",
    "programma": "programma",
    "actie": "actie",
}


def _field(name: str, prefixed: str, kind: Kind, about: str) -> Field:
    prefix, _, local = prefixed.partition(":")
    return Field(name, PREFIXES[prefix] + local, kind, about)


_NAAM = _field("naam", "skos:prefLabel", Kind.TEXT, "De naam; van een belofte een korte weergave in eigen woorden")
_NUMMER = _field("nummer", "sb:nummer", Kind.TEXT, "Het nummer dat in de bron staat")
_OMSCHRIJVING = _field("omschrijving", "dct:description", Kind.TEXT, "Wat het is, in eigen woorden")
_AFKORTING = _field("afkorting", "sb:afkorting", Kind.TEXTS, "De afkortingen")
_ANDERS = _field("andereNamen", "skos:altLabel", Kind.TEXTS, "Andere namen die in de bronnen staan")
_PLAN = _field("plan", "sb:Plan", Kind.REFERENCE, "Het plan waar het in staat")
_SPOOR = _field("spoor", "sb:Spoor", Kind.REFERENCE, "Het spoor waar het onderdeel van is")
_PRIORITEIT = _field("prioriteit", "sb:Prioriteit", Kind.REFERENCE, "De prioriteit waar het onderdeel van is")
_ONDERDEEL = _field("onderdeelVan", "sb:onderdeelVan", Kind.REFERENCES, "Waar het rechtstreeks onderdeel van is")
_SOORT = _field("soort", "sb:soort", Kind.REFERENCES, "De soort")
_STATUS = _field("status", "sb:status", Kind.REFERENCES, "De laatst bekende status")
_IDENTIFICATIE = _field(
    "identificaties", "dct:identifier", Kind.TEXTS, "Officiële identificaties, zoals een BWB-nummer"
)
_ELDERS = _field("elders", "skos:exactMatch", Kind.ADDRESSES, "Hetzelfde ding in een ander register")
_JAAR = _field("jaar", "sb:jaar", Kind.NUMBER, "Het jaar van het resultaat")

_OF_PLAN = (_PLAN, _SPOOR, _PRIORITEIT)
_OF_REGISTER = (_NAAM, _AFKORTING, _ANDERS, _OMSCHRIJVING, _SOORT, _STATUS, _IDENTIFICATIE, _ELDERS)


def _things(name: str, query: str, about: str, sample: str) -> Filter:
    return Filter(name, query, PREFIXES[CONCEPT_OF[name]], about, sample)


_IN_PLAN = _things("plan", "filter-deel-van", "Onderdeel van dit plan", "werkagenda-2024")
_IN_SPOOR = _things("spoor", "filter-deel-van", "Onderdeel van dit spoor", "werkagenda-2024-2")
_IN_PRIORITEIT = _things("prioriteit", "filter-deel-van", "Onderdeel van deze prioriteit", "werkagenda-2024-2-5")
_PLACES = (_IN_PLAN, _IN_SPOOR, _IN_PRIORITEIT)
_NAMED = "Genoemd door een onderdeel hiervan"
_NAMED_IN = tuple(_things(place.name, "filter-genoemd-in", _NAMED, place.sample) for place in _PLACES)
_BY = _things("uitvoerder", "filter-uitvoerder", "Uitvoerder of betrokkene van de actie", "logius")


def _identified(sample: str) -> Filter:
    about = "Met deze officiële identificatie, of dit adres in een ander register"
    return Filter("identificatie", "filter-identificatie", "", about, sample)


_MANAGED_BY = _things("beheerder", "filter-beheerder", "Beheerd door deze organisatie", "logius")


def _this(name: str) -> str:
    return f"{'dit' if name == 'programma' else 'deze'} {name}"


_ABOUT = {
    "voorziening": "digid",
    "wet": "wet-digitale-overheid",
    "afspraak": "bio",
    "programma": "levensgebeurtenissen",
}
_TOUCHES = tuple(
    _things(name, "filter-raakt", f"Gaat over {_this(name)}, hangt ervan af of hangt ermee samen", sample)
    for name, sample in _ABOUT.items()
)


def _goes_with(**samples: str) -> tuple[Filter, ...]:
    """What goes with a thing, whichever of the two says so: a law names no facility that rests on it."""
    about = "Gaat over {}, hangt ervan af of ermee samen, of andersom"
    return tuple(
        _things(name, "filter-hoort-bij", about.format(_this(name)), sample)
        for name, sample in (_ABOUT | samples).items()
    )


_IN_YEAR = Filter("jaar", "filter-jaar", "", "Af te ronden of bereikt in dit jaar", "2024")


def _terms(name: str, base: str, about: str, sample: str, prefixed: str) -> Filter:
    return Filter(name, "filter-eigenschap", base, about, sample, expand(prefixed))


def _kinds(concept: str, sample: str) -> Filter:
    return _terms("soort", PREFIXES[f"soort-{concept}"], "Van deze soort", sample, "sb:soort")


_HAS_STATUS = _terms("status", PREFIXES["status"], "Met deze status", "van-kracht", "sb:status")


_RELATIONS = (
    _terms("soort", DEF, "Met deze relatie", "gebruikt", "sb:eigenschap"),
    _terms("zekerheid", PREFIXES["zekerheid"], "Hoe zeker het verband is", "plan", "sb:zekerheid"),
    *(
        _things(name, "filter-verband-met", f"Van of naar {_this(name)}", sample)
        for name, sample in (
            ("voorziening", "digid"),
            ("wet", "wet-digitale-overheid"),
            ("afspraak", "bio"),
            ("programma", "levensgebeurtenissen"),
            ("organisatie", "logius"),
            ("actie", "werkagenda-2024-2-5-5"),
        )
    ),
)

_ALL = (
    Collection(
        "plannen",
        "plan",
        ("Plan",),
        "De plannen",
        "werkagenda-2024",
        (_NAAM, _ANDERS, _OMSCHRIJVING),
        (),
        ("betrokkenen", "relaties", "vindplaatsen"),
    ),
    Collection(
        "sporen",
        "spoor",
        ("Spoor",),
        "De sporen van een plan",
        "werkagenda-2024-2",
        (_NUMMER, _NAAM, _ANDERS, _PLAN),
        (_IN_PLAN, _BY, *_TOUCHES),
        ("relaties", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "prioriteiten",
        "prioriteit",
        ("Prioriteit",),
        "De prioriteiten van een spoor",
        "werkagenda-2024-2-5",
        (_NUMMER, _NAAM, _ANDERS, _PLAN, _SPOOR),
        (_IN_PLAN, _IN_SPOOR, _BY, *_TOUCHES),
        ("relaties", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "doelen",
        "doel",
        ("Doel",),
        "De doelen",
        "werkagenda-2024-2-5-d1",
        (_NUMMER, _NAAM, _ANDERS, _OMSCHRIJVING, *_OF_PLAN, _ONDERDEEL),
        (*_PLACES, _IN_YEAR, *_TOUCHES),
        ("relaties", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "indicatoren",
        "indicator",
        ("Indicator",),
        "De indicatoren van de doelen",
        "werkagenda-2024-2-5-d1-i1",
        (_NAAM, _OMSCHRIJVING, *_OF_PLAN, _field("meet", "sb:meet", Kind.REFERENCES, "Het doel dat de indicator meet")),
        (*_PLACES, _IN_YEAR, *_TOUCHES),
        ("streefwaarden", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "acties",
        "actie",
        ("Actie",),
        "De acties van de plannen",
        "werkagenda-2024-2-5-5",
        (
            _NUMMER,
            _NAAM,
            _field("aanhef", "sb:aanhef", Kind.TEXT, "De eerste woorden, zoals ze in de bron staan"),
            _OMSCHRIJVING,
            *_OF_PLAN,
            _ONDERDEEL,
            _field("beoogdeResultaten", "sb:beoogdResultaat", Kind.REFERENCES, "De resultaten die de actie moet geven"),
        ),
        (*_PLACES, _BY, _IN_YEAR, *_TOUCHES),
        ("deelnames", "relaties", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "resultaten",
        "resultaat",
        ("Resultaat",),
        "De resultaten: bereikt, of beoogd met een actie",
        "werkagenda-2024-2-5-b1",
        (
            _NAAM,
            _OMSCHRIJVING,
            _JAAR,
            _SOORT,
            *_OF_PLAN,
            _field("actie", "sb:Actie", Kind.REFERENCE, "De actie die het resultaat moet geven"),
        ),
        (
            *_PLACES,
            _things("actie", "filter-deel-van", "Beoogd met deze actie", "werkagenda-2024-2-5-5"),
            _BY,
            _IN_YEAR,
            _kinds("resultaat", "product"),
            *_TOUCHES,
        ),
        ("relaties", "streefwaarden", "vindplaatsen"),
        "ref",
    ),
    Collection(
        "organisaties",
        "organisatie",
        ("Organisatie", "Organisatiegroep"),
        "De organisaties en groepen van organisaties",
        "logius",
        (
            *_OF_REGISTER,
            _field("valtOnder", "sb:valtOnder", Kind.REFERENCES, "De organisatie waar zij onder valt"),
            _field("leden", "sb:lid", Kind.REFERENCES, "De leden, voor zover een bron ze noemt"),
        ),
        (
            *_NAMED_IN,
            _kinds("partij", "ministerie"),
            replace(_HAS_STATUS, sample="opgericht"),
            _identified("https://identifier.overheid.nl/tooi/id/ministerie/mnre1034"),
        ),
        ("relaties", "vindplaatsen"),
        query="velden-uit-register",
    ),
    Collection(
        "wetten",
        "wet",
        ("Wet",),
        "De wetten en andere rechtsregels",
        "wet-digitale-overheid",
        _OF_REGISTER,
        (
            *_NAMED_IN,
            _kinds("wet", "wet"),
            _HAS_STATUS,
            _identified("32016R0679"),
            *_goes_with(programma="programma-open-overheid"),
        ),
        ("betrokkenen", "relaties", "vindplaatsen"),
        query="velden-uit-register",
    ),
    Collection(
        "voorzieningen",
        "voorziening",
        ("Voorziening",),
        "De voorzieningen: systemen, registers, websites en loketten",
        "digid",
        (*_OF_REGISTER, _field("beheerder", "sb:beheerder", Kind.REFERENCES, "Wie de voorziening beheert")),
        (
            *_NAMED_IN,
            _kinds("voorziening", "register"),
            replace(_HAS_STATUS, sample="in-gebruik"),
            _MANAGED_BY,
            *_goes_with(afspraak="interbestuurlijke-datastrategie"),
        ),
        ("betrokkenen", "relaties", "vindplaatsen"),
        query="velden-uit-register",
    ),
    Collection(
        "afspraken",
        "afspraak",
        ("Afspraak",),
        "De afspraken: standaarden, normenkaders, codes, modellen en handreikingen",
        "bio",
        _OF_REGISTER,
        (
            *_NAMED_IN,
            _kinds("afspraak", "standaard"),
            _HAS_STATUS,
            *_goes_with(voorziening="brp", programma="programma-open-overheid"),
        ),
        ("betrokkenen", "relaties", "vindplaatsen"),
        query="velden-uit-register",
    ),
    Collection(
        "programmas",
        "programma",
        ("Programma",),
        "De programma's: werk in samenhang, met een einde",
        "levensgebeurtenissen",
        (_NAAM, _AFKORTING, _ANDERS, _OMSCHRIJVING, _SOORT),
        (
            *_NAMED_IN,
            _kinds("programma", "programma"),
            *_goes_with(voorziening="digitale-werkomgeving-rijk", wet="wet-open-overheid", programma="bzk-transparant"),
        ),
        ("betrokkenen", "relaties", "vindplaatsen"),
        query="velden-uit-register",
    ),
    Collection(
        "verbanden",
        "verband",
        ("Verband",),
        "De verbanden: relaties tussen dingen, met hun reden en bron",
        "mijnoverheid--gebruikt--digid",
        (
            _field("van", "sb:van", Kind.REFERENCE, "Het ding waar het verband begint"),
            _field("eigenschap", "sb:eigenschap", Kind.REFERENCE, "De relatie"),
            _field("naar", "sb:naar", Kind.REFERENCE, "Het ding waar het verband heen gaat"),
            _field("toelichting", "sb:toelichting", Kind.TEXT, "Waarom het verband er is, in eigen woorden"),
            _field(
                "zekerheid", "sb:zekerheid", Kind.REFERENCE, "Of een plan of andere bron het zegt, of wij het lezen"
            ),
            _field("bronnen", "sb:bron", Kind.REFERENCES, "Andere bronnen dan het plan"),
        ),
        _RELATIONS,
        ("vindplaatsen",),
        "ref",
        "velden-van-verband",
    ),
)

COLLECTIONS = {collection.name: collection for collection in _ALL}
BY_CONCEPT = {collection.concept: collection for collection in _ALL}
