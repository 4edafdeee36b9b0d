"""The fixed words of the pages and of errors, in both languages."""

from collections.abc import Mapping
from http import HTTPStatus

TEXTS = {
    "name": {"nl": "Spoorboek", "en": "Spoorboek"},
    "tagline": {
        "nl": "De digitale agenda van de overheid: wie belooft wat, op welke wet, met welke voorziening",
        "en": "The government's digital agenda: who promises what, on which law, with which facility",
    },
    "unofficial": {
        "nl": "Onofficiële index op de Werkagenda Waardengedreven Digitaliseren 2024; niet van het ministerie.",
        "en": "Unofficial index to the Dutch Werkagenda Waardengedreven Digitaliseren 2024; not by the ministry.",
    },
    "skip": {"nl": "Naar de inhoud", "en": "Skip to content"},
    "other_language": {"nl": "English", "en": "Nederlands"},
    "overview": {"nl": "Overzicht", "en": "Overview"},
    "tracks": {"nl": "Sporen en prioriteiten", "en": "Tracks and priorities"},
    "number": {"nl": "Nummer", "en": "Number"},
    "priority": {"nl": "Prioriteit", "en": "Priority"},
    "actions": {"nl": "Acties", "en": "Actions"},
    "parties": {"nl": "Partijen", "en": "Parties"},
    "known": {"nl": "Wat de graaf kent", "en": "What the graph knows"},
    "kind": {"nl": "Soort", "en": "Kind"},
    "count": {"nl": "Aantal", "en": "Number"},
    "facts": {"nl": "Wat er is vastgelegd", "en": "What is written down"},
    "references": {"nl": "Wat hiernaar verwijst", "en": "What refers to it"},
    "follows": {"nl": "Wat daaruit volgt", "en": "What follows from it"},
    "follows_references": {"nl": "Waar dit uit anderen volgt", "en": "Where it follows from others"},
    "property": {"nl": "Eigenschap", "en": "Property"},
    "value": {"nl": "Waarde", "en": "Value"},
    "inferred": {"nl": "afgeleid met regel", "en": "inferred by rule"},
    "identifier": {"nl": "Vaste IRI", "en": "Lasting IRI"},
    "as_data": {"nl": "Als data", "en": "As data"},
    "ask": {"nl": "Zelf een vraag stellen", "en": "Ask a question of your own"},
    "ask_how": {
        "nl": "Schrijf een SPARQL-vraag (SELECT, ASK, CONSTRUCT of DESCRIBE). Programma's gebruiken hetzelfde adres.",
        "en": "Write a SPARQL query (SELECT, ASK, CONSTRUCT or DESCRIBE). Programs use the same address.",
    },
    "query": {"nl": "SPARQL-vraag", "en": "SPARQL query"},
    "answer_as": {"nl": "Antwoord als", "en": "Answer as"},
    "run": {"nl": "Vraag stellen", "en": "Ask"},
    "as_table": {"nl": "tabel (SELECT, ASK)", "en": "table (SELECT, ASK)"},
    "as_graph": {"nl": "graaf (CONSTRUCT, DESCRIBE)", "en": "graph (CONSTRUCT, DESCRIBE)"},
    "dependencies": {"nl": "Verbanden, met de reden", "en": "Relations, with the reason"},
    "relation": {"nl": "Verband", "en": "Relation"},
    "reason": {"nl": "Reden", "en": "Reason"},
    "certainty": {"nl": "Zekerheid", "en": "Certainty"},
    "more": {"nl": "meer", "en": "more"},
    "other_shapes": {"nl": "Hulpvormen", "en": "Helper shapes"},
    "this": {"nl": "dit", "en": "this"},
    "sources": {"nl": "Waar het staat", "en": "Where it is said"},
    "lines": {"nl": "regels", "en": "lines"},
    "technical": {"nl": "Technische gegevens", "en": "Technical details"},
    "show_rest": {"nl": "nog {count}", "en": "{count} more"},
    "near": {"nl": "Bedoelde u dit?", "en": "Did you mean this?"},
    "to_overview": {"nl": "Naar het overzicht", "en": "To the overview"},
    "vocabulary": {"nl": "Begrippen", "en": "Vocabulary"},
    "vocabulary_intro": {
        "nl": "De woorden waarmee Spoorboek alles vastlegt. Elk woord heeft een vaste IRI die naar zijn plek op deze "
        "pagina leidt.",
        "en": "The words in which Spoorboek writes everything down. Each word has a lasting IRI that leads to its "
        "place on this page.",
    },
    "parts": {"nl": "Delen", "en": "Parts"},
    "classes": {"nl": "Klassen", "en": "Classes"},
    "object_properties": {"nl": "Eigenschappen tussen dingen", "en": "Properties between things"},
    "datatype_properties": {"nl": "Eigenschappen met een waarde", "en": "Properties with a value"},
    "lists": {"nl": "Waardelijsten", "en": "Value lists"},
    "datatypes": {"nl": "Datatypes", "en": "Datatypes"},
    "concept": {"nl": "Begrip", "en": "Concept"},
    "definition": {"nl": "Betekenis", "en": "Meaning"},
    "broader": {"nl": "valt onder", "en": "is below"},
    "narrower": {"nl": "hieronder", "en": "below it"},
    "inverse": {"nl": "omgekeerd", "en": "the other way round"},
    "disjoint": {"nl": "nooit ook", "en": "never also"},
    "chain": {"nl": "volgt uit", "en": "follows from"},
    "elsewhere": {"nl": "verwant elders", "en": "akin elsewhere"},
    "where_used": {"nl": "waar het mag staan", "en": "where it may stand"},
    "defined_in": {"nl": "deel", "en": "part"},
    "shapes": {"nl": "Vormen", "en": "Shapes"},
    "shapes_intro": {
        "nl": "Waaraan de graaf moet voldoen. Elke vorm zegt wat er te doen is als iets er niet aan voldoet.",
        "en": "What the graph must conform to. Each shape says what to do when something does not.",
    },
    "about_things": {"nl": "geldt voor", "en": "is about"},
    "severity": {"nl": "Ernst", "en": "Severity"},
    "release": {"nl": "Uitgave", "en": "Release"},
    "search": {"nl": "Zoeken", "en": "Search"},
    "search_words": {"nl": "Zoekwoorden", "en": "Words to look for"},
    "search_how": {
        "nl": "Een woord wordt ook midden in een ander gevonden; een nummer of afkorting mag ook: 2.5.1, BRP, Woo.",
        "en": "A word is found inside another too; a number or abbreviation will also do: 2.5.1, BRP, Woo.",
    },
    "found": {"nl": "Gevonden", "en": "Found"},
    "all": {"nl": "alles", "en": "all"},
    "pages": {"nl": "Bladzijden", "en": "Pages"},
    "page": {"nl": "bladzijde", "en": "page"},
    "previous": {"nl": "Vorige", "en": "Previous"},
    "next": {"nl": "Volgende", "en": "Next"},
    "field_naam": {"nl": "Naam", "en": "Name"},
    "field_afkorting": {"nl": "Afkorting", "en": "Abbreviation"},
    "field_nummer": {"nl": "Nummer", "en": "Number"},
    "field_andereNaam": {"nl": "Andere naam", "en": "Other name"},
    "field_vindplaats": {"nl": "Vindplaats", "en": "Place in the source"},
    "field_aanhef": {"nl": "Eerste woorden in de bron", "en": "First words in the source"},
    "field_omschrijving": {"nl": "Omschrijving", "en": "Description"},
    "field_toelichting": {"nl": "Toelichting", "en": "Explanation"},
    "as_of": {"nl": "peildatum", "en": "as of"},
}

# The titles of error pages.
STATUS: Mapping[HTTPStatus, Mapping[str, str]] = {
    HTTPStatus.BAD_REQUEST: {"nl": "Zo begrijpen wij het niet", "en": "We do not understand this"},
    HTTPStatus.NOT_FOUND: {"nl": "Niet gevonden", "en": "Not found"},
    HTTPStatus.METHOD_NOT_ALLOWED: {"nl": "Dat kan hier niet", "en": "Not possible here"},
    HTTPStatus.NOT_ACCEPTABLE: {"nl": "Niet in deze vorm", "en": "Not in this form"},
    HTTPStatus.GONE: {"nl": "Vervallen", "en": "Gone"},
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {"nl": "Te groot", "en": "Too large"},
    HTTPStatus.TOO_MANY_REQUESTS: {"nl": "Te veel tegelijk", "en": "Too many at a time"},
    HTTPStatus.INTERNAL_SERVER_ERROR: {"nl": "Er ging iets mis", "en": "Something went wrong"},
    HTTPStatus.BAD_GATEWAY: {"nl": "De bron geeft geen antwoord", "en": "No answer from behind"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"nl": "Nu even niet", "en": "Not just now"},
    HTTPStatus.GATEWAY_TIMEOUT: {"nl": "Het duurde te lang", "en": "It took too long"},
}

_MESSAGES = {
    "unknown_thing": {"nl": "de graaf beschrijft '{name}' niet", "en": "the graph does not describe '{name}'"},
    "unknown_concept": {
        "nl": "de graaf beschrijft '{name}' niet: '{concept}' is geen begrip. Begrippen zijn {concepts}",
        "en": "the graph does not describe '{name}': '{concept}' is no concept. Concepts are {concepts}",
    },
    "unknown_part": {
        "nl": "'{name}' is geen deel van de begrippen. Delen zijn {parts}",
        "en": "'{name}' is no part of the vocabulary. Parts are {parts}",
    },
    "gone": {
        "nl": "'{name}' is vervallen en er is niets voor in de plaats gekomen",
        "en": "'{name}' is gone and nothing has come in its place",
    },
    "no_such_form": {"nl": "dit komt als {types}", "en": "this comes as {types}"},
    "nothing_here": {"nl": "op {path} staat niets", "en": "there is nothing at {path}"},
    "bug": {
        "nl": "er ging hier iets mis, en dat ligt niet aan u",
        "en": "something went wrong here that is not your doing",
    },
}


def message(name: str, language: str, /, **values: object) -> str:
    """What to say about an error, in a language."""
    return _MESSAGES[name][language].format(**values)
