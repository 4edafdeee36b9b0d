"""The words of the OpenAPI document in English, by those in Dutch, which it is written in."""

from collections.abc import Mapping
from typing import Any

ENGLISH: Mapping[str, str] = {
    "De digitale agenda van de Nederlandse overheid als kennisgraaf": (
        "The digital agenda of the Dutch government as a knowledge graph"
    ),
    (
        "Wie belooft wat, voor welk doel, op welke wet, met welke voorziening. Onofficieel: niet van het "
        "ministerie. Elke `uri` is een vast adres waar het ding ook als linked data staat. Wie iets "
        "anders dan GET, HEAD of OPTIONS doet, krijgt 405; elke fout is een `application/problem+json`, "
        "in het Nederlands of Engels naar Accept-Language. De JSON van dingen en lijsten is met "
        "`/v1/context.jsonld` ook JSON-LD."
    ): (
        "Who promises what, for which goal, on which legal basis, with which facility. Unofficial: not "
        "made by the ministry. Each `uri` is a lasting address where the thing is linked data too. Any "
        "method but GET, HEAD or OPTIONS gets 405; every error is an `application/problem+json`, in Dutch"
        " or English by Accept-Language. With `/v1/context.jsonld` the JSON of things and lists is JSON-"
        "LD as well."
    ),
    "Deze dienst": "This service",
    "De plannen": "The plans",
    "De sporen van een plan": "The tracks of a plan",
    "De prioriteiten van een spoor": "The priorities of a track",
    "De doelen": "The goals",
    "De indicatoren van de doelen": "The indicators of the goals",
    "De acties van de plannen": "The actions of the plans",
    "De resultaten: bereikt, of beoogd met een actie": "The results: achieved, or intended by an action",
    "De organisaties en groepen van organisaties": "The organisations and groups of organisations",
    "De wetten en andere rechtsregels": "The acts and other legal rules",
    "De voorzieningen: systemen, registers, websites en loketten": (
        "The facilities: systems, registers, websites and counters"
    ),
    "De afspraken: standaarden, normenkaders, codes, modellen en handreikingen": (
        "The agreements: standards, frameworks, codes, models and guides"
    ),
    "De programma's: werk in samenhang, met een einde": "The programmes: work that belongs together and has an end",
    "De verbanden: relaties tussen dingen, met hun reden en bron": (
        "The stated relations between things, with their reason and source"
    ),
    "Hoe twee dingen samenhangen": "How two things are connected",
    "De vragen die de graaf beantwoordt": "The questions that the graph answers",
    "De uitgaven van de graaf die er zijn": "The releases of the graph that there are",
    "Zoeken in alles wat een naam heeft": "Search in all that has a name",
    "Wat in de naam, afkorting, ref of het nummer staat; hoofdletters en accenten tellen niet": (
        "What is in the name, abbreviation, ref or number; capitals and accents do not count"
    ),
    "Waarop gesorteerd; een minteken keert de volgorde om": "What to sort by; a minus sign turns the order round",
    "Alleen deze velden": "These fields only",
    "Het nummer van de bladzijde": "The number of the page",
    "Hoeveel er op een bladzijde staan": "How many there are on a page",
    "De vorm; gaat voor Accept": "The form; goes before Accept",
    "Een plan": "A plan",
    "Het laatste deel van de IRI": "The last part of the IRI",
    "Onderdeel van dit plan": "Part of this plan",
    "Uitvoerder of betrokkene van de actie": "Carries out the action or is involved in it",
    "Gaat over deze voorziening, hangt ervan af of hangt ermee samen": (
        "Is about this facility, depends on it or goes with it"
    ),
    "Gaat over deze wet, hangt ervan af of hangt ermee samen": "Is about this act, depends on it or goes with it",
    "Gaat over deze afspraak, hangt ervan af of hangt ermee samen": (
        "Is about this agreement, depends on it or goes with it"
    ),
    "Gaat over dit programma, hangt ervan af of hangt ermee samen": (
        "Is about this programme, depends on it or goes with it"
    ),
    "Zeg in vol waar deze velden naar verwijzen": "Say in full what these fields refer to",
    "Een spoor": "A track",
    "Onderdeel van dit spoor": "Part of this track",
    "Een prioriteit": "A priority",
    "Onderdeel van deze prioriteit": "Part of this priority",
    "Af te ronden of bereikt in dit jaar": "Due or achieved in this year",
    "Een doel": "A goal",
    "Een indicator": "An indicator",
    "Een actie": "An action",
    "Beoogd met deze actie": "Intended by this action",
    "Van deze soort": "Of this kind",
    "Een resultaat": "A result",
    "Genoemd door een onderdeel hiervan": "Named by a part of it",
    "Met deze status": "With this status",
    "Een organisatie": "An organisation",
    "Een wet": "An act",
    "Een voorziening": "A facility",
    "Een afspraak": "An agreement",
    "Een programma": "A programme",
    "Met deze relatie": "By this relation",
    "Hoe zeker het verband is": "How certain the stated relation is",
    "Van of naar deze voorziening": "From or to this facility",
    "Van of naar deze wet": "From or to this act",
    "Van of naar deze afspraak": "From or to this agreement",
    "Van of naar dit programma": "From or to this programme",
    "Van of naar deze organisatie": "From or to this organisation",
    "Van of naar deze actie": "From or to this action",
    "Een verband": "A stated relation",
    "Wat wordt geraakt als dit verandert, stap voor stap en met reden": (
        "What is hit when this changes, hop by hop and with the reason"
    ),
    "Het hoogste aantal stappen": "The highest number of hops",
    "Alleen langs deze relaties, en wat eronder valt": "Along these relations only, and what falls under them",
    "Waar dit van afhangt, stap voor stap en met reden": "What this depends on, hop by hop and with the reason",
    "Waar het van afhangt (naar), wat ervan afhangt (van), of beide": (
        "What it depends on (naar), what depends on it (van), or both (beide)"
    ),
    "Een kortste keten tussen twee dingen, met de reden van elke stap": (
        "A shortest chain between two things, with the reason of each hop"
    ),
    "Waar de keten begint": "Where the chain begins",
    "Waar de keten eindigt": "Where the chain ends",
    "De vragen die er zijn": "The questions that there are",
    "Met deze officiële identificatie, of dit adres in een ander register": (
        "With this official identifier, or this address in another register"
    ),
    "Beheerd door deze organisatie": "Managed by this organisation",
    "Adressen die lijken op een waar niets staat": "Addresses that are like one where nothing is",
    "Gaat over deze voorziening, hangt ervan af of ermee samen, of andersom": (
        "Is about this facility, depends on it or goes with it, or the other way round"
    ),
    "Gaat over deze wet, hangt ervan af of ermee samen, of andersom": (
        "Is about this act, depends on it or goes with it, or the other way round"
    ),
    "Gaat over deze afspraak, hangt ervan af of ermee samen, of andersom": (
        "Is about this agreement, depends on it or goes with it, or the other way round"
    ),
    "Gaat over dit programma, hangt ervan af of ermee samen, of andersom": (
        "Is about this programme, depends on it or goes with it, or the other way round"
    ),
    "Soort waarde: voorziening": "Kind of value: voorziening (facility)",
    "Soort waarde: prioriteit": "Kind of value: prioriteit (priority)",
    "Soort waarde: organisatie": "Kind of value: organisatie (organisation)",
    "Soort waarde: wet": "Kind of value: wet (act)",
    "Soort waarde: plan": "Kind of value: plan",
    "Soort waarde: spoor": "Kind of value: spoor (track)",
    "Soort waarde: integer": "Kind of value: integer",
    "Soort waarde: iri": "Kind of value: iri",
    "Soort waarde: text": "Kind of value: text",
    "Soort waarde: year": "Kind of value: year",
    "De uitgaven van de graaf die er zijn, de nieuwste eerst": (
        "The releases of the graph that there are, the newest first"
    ),
    "Dingen met deze woorden in hun naam of omschrijving, de beste eerst": (
        "Things with these words in their name or description, the best first"
    ),
    "De woorden; tussen aanhalingstekens horen ze bij elkaar": (
        "The words; between quotation marks they belong together"
    ),
    "Alleen dingen van deze soort": "Things of this kind only",
    "De naam; van een belofte een korte weergave in eigen woorden": (
        "The name; of a promise a short account in our own words"
    ),
    "Andere namen die in de bronnen staan": "Other names that are in the sources",
    "Wat het is, in eigen woorden": "What it is, in our own words",
    "Het nummer dat in de bron staat": "The number that is in the source",
    "Het plan waar het in staat": "The plan that it is in",
    "Het spoor waar het onderdeel van is": "The track that it is part of",
    "De prioriteit waar het onderdeel van is": "The priority that it is part of",
    "Waar het rechtstreeks onderdeel van is": "What it is directly part of",
    "Het doel dat de indicator meet": "The goal that the indicator measures",
    "De eerste woorden, zoals ze in de bron staan": "The first words, as they are in the source",
    "De resultaten die de actie moet geven": "The results that the action should give",
    "Het jaar van het resultaat": "The year of the result",
    "De soort": "The kind",
    "De actie die het resultaat moet geven": "The action that should give the result",
    "De afkortingen": "The abbreviations",
    "De laatst bekende status": "The last known status",
    "Officiële identificaties, zoals een BWB-nummer": "Official identifiers, such as a BWB number",
    "Hetzelfde ding in een ander register": "The same thing in another register",
    "De organisatie waar zij onder valt": "The organisation that it falls under",
    "De leden, voor zover een bron ze noemt": "The members, as far as a source names them",
    "Wie de voorziening beheert": "Who manages the facility",
    "Het ding waar het verband begint": "The thing where the stated relation begins",
    "De relatie": "The relation",
    "Het ding waar het verband heen gaat": "The thing that the stated relation leads to",
    "Waarom het verband er is, in eigen woorden": "Why the stated relation is there, in our own words",
    "Of een plan of andere bron het zegt, of wij het lezen": (
        "Whether a plan or another source says it, or we read it so"
    ),
    "Andere bronnen dan het plan": "Sources other than the plan",
    "De soort probleem: een vast adres dat zegt wat het betekent en wat te doen": (
        "The kind of problem: a lasting address that says what it means and what to do"
    ),
    "Wat er mis is, en wat er wel kan": "What is wrong, and what is possible",
    "De parameter waar het aan ligt": "The parameter at fault",
    "De waarden die er zijn, of die op de gevraagde lijken": (
        "The values there are, or those like the one that was asked"
    ),
    "De naam zoals de bron hem afdrukt": "The name as the source prints it",
    "Waarom, als de relatie een verband is": "Why, where the relation is a stated one",
    "Het aantal stappen van de kortste keten": "The number of hops of the shortest chain",
    "Of de keten hier ophoudt, en niets doorgeeft": "Whether the chain ends here, and passes nothing on",
    "Welke tekst van het ding het is": "Which text of the thing it is",
    "Van elk gevonden woord het eerste teken en dat na het laatste, in Unicode-tekens vanaf 0": (
        "Of each word found its first character and the one after its last, in Unicode characters from 0"
    ),
    "Andere teksten, met woorden die de naam niet heeft": "Other texts, with words that the name does not have",
    "Hoeveel dingen er zijn, op alle bladzijden": "How many things there are, on all pages",
    "Hoeveel van elke soort, welke soort ook is gevraagd": "How many of each kind, whichever kind was asked",
    "De registers van anderen waar de vraag niet zonder kan": (
        "The registers of others that the question cannot do without"
    ),
    "Welke daarvan hier niet zijn ingelezen, zodat de vraag geen antwoord heeft": (
        "Which of those were not read in here, so that the question has no answer"
    ),
    "Registers die de vraag nodig heeft en die hier niet zijn ingelezen": (
        "Registers that the question needs and that were not read in here"
    ),
    "SHA-256 van de benoemde grafen in hun canonieke vorm (RDFC-1.0)": (
        "SHA-256 of the named graphs in their canonical form (RDFC-1.0)"
    ),
    "Het vaste adres op deze dienst": "The lasting address at this service",
    "De volledige versie van deze API": "The full version of this API",
    "De taal van `title` en `detail`": "The language of `title` and `detail`",
    (
        "Van een lijst de eerste, vorige, volgende en laatste bladzijde (RFC 8288); en van dingen de "
        "context die van de JSON ook JSON-LD maakt"
    ): (
        "Of a list the first, previous, next and last page (RFC 8288); and of things the context that "
        "makes the JSON JSON-LD as well"
    ),
    "Een parameter is onbekend, of heeft een waarde die niet kan; het antwoord zegt wat wel kan": (
        "A parameter is unknown, or has a value that cannot be; the answer says what can"
    ),
    "De graaf kent dit ding niet, of er is geen bladzijde met dit nummer": (
        "The graph does not know this thing, or there is no page with this number"
    ),
    "Dit is er niet in een vorm die Accept noemt": "This does not come in a form that Accept names",
    "Er ging hier iets mis": "Something went wrong here",
    "De dienst kan nu niet antwoorden; Retry-After zegt wanneer wel": (
        "The service cannot answer now; Retry-After says when it can"
    ),
    "De dienst leest van een andere SPARQL-server, en die gaf geen bruikbaar antwoord": (
        "The service reads from another SPARQL server, which gave no usable answer"
    ),
}
_TEXTS = ("summary", "description")
# What the graph and the questions themselves give, which is no text about the interface.
_GIVEN = ("example", "examples", "enum", "default")


def english(document: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """The document with its summaries and descriptions in English; `titles` are those of the questions, by the Dutch.

    A text that has no English stays as it is.
    """
    known = {**ENGLISH, **titles}
    return {name: _said(name, value, known) for name, value in document.items()}


def _said(name: str, value: Any, known: Mapping[str, str]) -> Any:  # noqa: ANN401
    if name in _GIVEN:
        return value
    if isinstance(value, str):
        return known.get(value, value) if name in _TEXTS else value
    if isinstance(value, Mapping):
        return {key: _said(key, part, known) for key, part in value.items()}
    return [_said("", part, known) for part in value] if isinstance(value, list) else value
