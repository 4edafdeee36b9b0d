"""What to say of an error, in both languages; which one is decided when the answer is written."""

from collections.abc import Mapping
from typing import NamedTuple

_MESSAGES: Mapping[str, Mapping[str, str]] = {
    "unknown_parameter": {
        "nl": "onbekende parameter: {name}; er zijn: {known}",
        "en": "unknown parameter: {name}; there are: {known}",
    },
    "no_parameters": {
        "nl": "onbekende parameter: {name}; dit adres heeft er geen",
        "en": "unknown parameter: {name}; this path takes none",
    },
    "given_twice": {"nl": "query.{name}: geef hem één keer", "en": "query.{name}: give it once"},
    "no_value": {
        "nl": "query.{name}: er staat geen waarde; laat hem weg, of geef er een",
        "en": "query.{name}: it has no value; leave it out, or give it one",
    },
    "no_text": {
        "nl": "query.{name}: er staan tekens in die geen tekst zijn",
        "en": "query.{name}: it has characters that are no text",
    },
    "too_long": {
        "nl": "query.{name}: langer dan {most} tekens",
        "en": "query.{name}: longer than {most} characters",
    },
    "too_many_words": {
        "nl": "query.{name}: meer dan {most} woorden",
        "en": "query.{name}: more than {most} words",
    },
    "no_thing_known": {
        "nl": "query.{name}: de graaf kent geen '{value}'",
        "en": "query.{name}: the graph knows no '{value}'",
    },
    "no_thing_but_near": {
        "nl": "query.{name}: de graaf kent geen '{value}'; bedoelt u {known}?",
        "en": "query.{name}: the graph knows no '{value}'; do you mean {known}?",
    },
    "no_ref_but_near": {
        "nl": "{name}: '{value}' is geen ref: 1 tot {most} kleine letters, cijfers en koppeltekens. Wel: {known}",
        "en": "{name}: '{value}' is no ref: 1 to {most} lower case letters, digits and hyphens. There are: {known}",
    },
    "no_ref": {
        "nl": "{name}: '{value}' is geen ref: 1 tot {most} kleine letters, cijfers en koppeltekens",
        "en": "{name}: '{value}' is no ref: 1 to {most} lower case letters, digits and hyphens",
    },
    "no_number": {
        "nl": "query.{name}: '{value}' is geen heel getal van {least} tot {most}",
        "en": "query.{name}: '{value}' is no whole number from {least} to {most}",
    },
    "no_choice": {
        "nl": "query.{name}: geen '{value}'; er zijn: {known}",
        "en": "query.{name}: no '{value}'; there are: {known}",
    },
    "no_choices": {
        "nl": "query.{name}: geen '{value}'; er zijn er geen",
        "en": "query.{name}: no '{value}'; there are none",
    },
    "no_year": {
        "nl": "query.{name}: '{value}' is geen jaar: schrijf het als 2024. Genoemd zijn: {known}",
        "en": "query.{name}: '{value}' is no year: write it as 2024. There are: {known}",
    },
    "no_type": {
        "nl": "query.{name}: '{value}' is geen {type}; probeer bijvoorbeeld {sample}",
        "en": "query.{name}: '{value}' is no {type}; try for example {sample}",
    },
    "no_name_but_near": {
        "nl": "query.{name}: '{value}' is geen naam van een ding; bedoelt u {known}?",
        "en": "query.{name}: '{value}' is no name of a thing; do you mean {known}?",
    },
    "no_name": {
        "nl": "query.{name}: '{value}' is geen naam van een ding; schrijf hem als voorziening/digid",
        "en": "query.{name}: '{value}' is no name of a thing; write it as voorziening/digid",
    },
    "thing_missing": {
        "nl": "query.{name}: geef een ding, zoals {name}=voorziening/digid",
        "en": "query.{name}: give a thing, such as {name}=voorziening/digid",
    },
    "value_missing": {
        "nl": "query.{name}: deze is nodig; bijvoorbeeld {name}={sample}",
        "en": "query.{name}: it is needed; for example {name}={sample}",
    },
    "no_such_page": {
        "nl": "query.{name}: bladzijde {number} is er niet; er zijn er {pages}",
        "en": "query.{name}: there is no page {number}; there are {pages}",
    },
    "no_item": {
        "nl": "{name}: geen {concept} '{value}' in de graaf; zie /v1/{collection}",
        "en": "{name}: no {concept} '{value}' in the graph; see /v1/{collection}",
    },
    "no_item_of_few": {
        "nl": "{name}: geen {concept} '{value}' in de graaf; er zijn: {known}",
        "en": "{name}: no {concept} '{value}' in the graph; there are: {known}",
    },
    "no_item_but_near": {
        "nl": "{name}: geen {concept} '{value}' in de graaf; bedoelt u {known}? Alle staan op /v1/{collection}",
        "en": "{name}: no {concept} '{value}' in the graph; do you mean {known}? All are at /v1/{collection}",
    },
    "no_question": {
        "nl": "path.name: geen vraag '{value}'; er zijn: {known}",
        "en": "path.name: no question '{value}'; there are: {known}",
    },
    "no_search": {
        "nl": "hier valt niet te zoeken: dat kan bij een uitgave, niet met --data of --endpoint",
        "en": "no search here: it comes with a release, not with --data or --endpoint",
    },
    "no_such_form": {"nl": "dit komt als {types}", "en": "this comes as {types}"},
    "nothing_here": {"nl": "op {path} staat niets", "en": "there is nothing at {path}"},
    "nothing_at_v1": {
        "nl": "op {path} staat niets; /v1/docs laat zien wat er is",
        "en": "there is nothing at {path}; /v1/docs shows what there is",
    },
    "encoded_slash": {
        "nl": "in {path} staat een / of \\ als %2F of %5C; schrijf het adres zonder",
        "en": "{path} has a / or \\ written as %2F or %5C; write the address without",
    },
    "no_such_method": {
        "nl": "{method} kan niet op {path}; wel {allowed}",
        "en": "{method} is not possible at {path}; {allowed} are",
    },
    "not_possible": {"nl": "{method} {path} kan niet: {why}", "en": "{method} {path} is not possible: {why}"},
    "unknown_method": {
        "nl": "deze methode is er geen van HTTP; deze dienst kent GET, HEAD, OPTIONS en op enkele adressen POST",
        "en": "this method is none of HTTP; this service knows GET, HEAD, OPTIONS and at some addresses POST",
    },
    "no_http": {
        "nl": "dit is niet te lezen als een verzoek van HTTP/1.1",
        "en": "this cannot be read as a request of HTTP/1.1",
    },
    "crowded": {
        "nl": "er zijn al zoveel verbindingen als deze dienst aankan; probeer het straks opnieuw",
        "en": "there are as many connections as this service takes; try again in a while",
    },
    "asks_nothing": {
        "nl": "{place} vraagt niets; geef 'query', of anders 'properties'",
        "en": "{place} asks nothing; give 'query', or else 'properties'",
    },
    "cannot_be": {"nl": "{place} heeft een waarde die niet kan", "en": "{place} has a value that cannot be"},
    "has_too_many": {"nl": "{place} heeft meer dan {limit} delen", "en": "{place} has more than {limit} parts"},
    "is_empty": {"nl": "{place} is leeg", "en": "{place} is empty"},
    "is_missing": {"nl": "{place} ontbreekt", "en": "{place} is missing"},
    "is_no_json": {
        "nl": "{place} is geen JSON: het gaat mis op regel {line}, teken {column}",
        "en": "{place} is no JSON: it goes wrong on line {line}, column {column}",
    },
    "is_no_list": {"nl": "{place} is geen lijst", "en": "{place} is no list"},
    "is_no_number": {"nl": "{place} is geen heel getal", "en": "{place} is no whole number"},
    "is_no_object": {"nl": "{place} is geen JSON-object", "en": "{place} is no JSON object"},
    "is_no_text": {"nl": "{place} is geen tekst", "en": "{place} is no text"},
    "is_no_value": {
        "nl": "{place} is geen tekst, getal, waar of onwaar, of ding, en geen lijst daarvan",
        "en": "{place} is no text, number, true or false, or thing, and no list of those",
    },
    "is_none_of": {"nl": "{place} is geen van {known}", "en": "{place} is none of {known}"},
    "is_too_large": {"nl": "{place} is meer dan {limit}", "en": "{place} is more than {limit}"},
    "is_too_long": {"nl": "{place} is langer dan {limit} tekens", "en": "{place} is longer than {limit} characters"},
    "is_too_much": {"nl": "{place} hoort hier niet", "en": "{place} does not belong here"},
    "is_too_small": {"nl": "{place} is minder dan {limit}", "en": "{place} is less than {limit}"},
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
    "read_only": {
        "nl": "deze dienst leest alleen, en verandert niets",
        "en": "this service is read-only and takes no updates",
    },
    "no_graph": {
        "nl": "er is geen graaf <{iri}>; /sparql zonder vraag noemt ze",
        "en": "there is no graph <{iri}>; /sparql without a query lists them",
    },
    "query_body": {"nl": "stuur de vraag in UTF-8, als {types}", "en": "send the query in UTF-8, as {types}"},
    "long_body": {
        "nl": "wat u stuurt is langer dan {most} bytes",
        "en": "the body is longer than {most} bytes",
    },
    "slow_body": {
        "nl": "het sturen duurde langer dan de {seconds} seconden die daarvoor zijn",
        "en": "the body took longer than the {seconds} seconds allowed",
    },
    "no_utf8": {"nl": "wat u stuurt is geen UTF-8: {why}", "en": "the body is not UTF-8: {why}"},
    "unreadable_parameters": {
        "nl": "de parameters zijn niet te lezen, waarvan er {most} mogen zijn: {why}",
        "en": "the parameters cannot be read, of which there may be {most}: {why}",
    },
    "exactly_one": {
        "nl": "geef precies één '{name}', en geen lege",
        "en": "give exactly one '{name}', and not an empty one",
    },
    "no_iri": {"nl": "'{name}': '{value}' is geen volledige IRI", "en": "'{name}': '{value}' is no absolute IRI"},
    "no_format": {"nl": "'format' kan niet; er zijn: {known}", "en": "'format' should be one of {known}"},
    "no_timeout": {
        "nl": "'timeout' is een aantal seconden boven 0; meer dan {most} is er niet",
        "en": "'timeout' should be a number of seconds above 0; at most {most} are given",
    },
    "long_query": {
        "nl": "de vraag is {size} bytes lang; dat mogen er {most} zijn",
        "en": "the query is {size} bytes; at most {most} are allowed",
    },
    "ambiguous": {
        "nl": "de vraag heeft '<{text}>' waar '<' kleiner dan kan betekenen; zet er een spatie achter",
        "en": "the query has '<{text}>' where '<' may mean less than; put a space after it",
    },
    "complexity": {
        "nl": "de vraag is te ingewikkeld: meer dan {depth} lagen, {words} woorden of "
        "{negations} ontkenningen mag niet",
        "en": "the query is too complex: at most {depth} levels of nesting, {words} words and {negations} "
        "negations are allowed",
    },
    "odd_sign": {
        "nl": "de vraag heeft op regel {line} een {sign} die geen tekst begint of eindigt",
        "en": "the query has a {sign} on line {line} that begins or ends no text",
    },
    "service": {
        "nl": "de vraag gebruikt SERVICE, of een prefix met dat woord erin; deze dienst vraagt niets aan andere. Vraag "
        "het daar zelf, of kies een andere prefix",
        "en": "the query uses SERVICE, or a prefix that contains that word; this endpoint asks no other hosts. Ask the "
        "other endpoint yourself, or choose another prefix",
    },
    "service_but": {
        "nl": "de vraag gebruikt SERVICE, of een prefix met dat woord erin; deze dienst vraagt alleen iets aan "
        "{allowed}. Vraag het elders zelf, of kies een andere prefix",
        "en": "the query uses SERVICE, or a prefix that contains that word; this endpoint asks only {allowed}. Ask the "
        "other endpoint yourself, or choose another prefix",
    },
    "cannot_start": {
        "nl": "er kon geen proces starten voor de vraag; probeer het straks opnieuw",
        "en": "no process to run the query could be started; try again in a while",
    },
    "worker_died": {
        "nl": "de vraag beëindigde haar proces, waarschijnlijk door meer geheugen te nemen dan er mag",
        "en": "the query ended its worker, most likely by taking more memory than allowed",
    },
    "busy": {
        "nl": "er wachten te veel vragen; probeer het straks opnieuw",
        "en": "too many queries are waiting; try again in a while",
    },
    "out_of_time": {
        "nl": "de vraag duurde langer dan de {seconds} seconden die er zijn",
        "en": "the query ran longer than the {seconds} seconds allowed",
    },
    "reply_syntax": {"nl": "de vraag is niet te lezen: {why}", "en": "the query cannot be read: {why}"},
    "reply_evaluation": {"nl": "de vraag is niet te beantwoorden: {why}", "en": "the query cannot be answered: {why}"},
    "reply_kind": {
        "nl": "deze vorm past niet bij deze soort vraag; het antwoord komt als {why}",
        "en": "this form does not fit this kind of query; its answer comes as {why}",
    },
    "reply_size": {
        "nl": "het antwoord is langer dan {why} bytes; zet er een LIMIT op",
        "en": "the answer is longer than {why} bytes. Add a LIMIT.",
    },
    "reply_endpoint": {
        "nl": "de SPARQL-server erachter gaf geen bruikbaar antwoord: {why}",
        "en": "the SPARQL server behind this one gave no usable answer: {why}",
    },
    "not_published": {
        "nl": "wat hier wordt aangeboden heeft geen {name}: dat heeft alleen een uitgave die 'kg build' heeft gemaakt",
        "en": "what is served here has no {name}: only a release that 'kg build' has made has one",
    },
    "batch_form": {
        "nl": "stuur 'queries' of 'extend' als {type}",
        "en": "send 'queries' or 'extend' as {type}",
    },
    "no_jsonp": {
        "nl": "geen JSONP hier: laat 'callback' weg; de antwoorden zijn vanaf elke herkomst te lezen (CORS)",
        "en": "no JSONP here: leave out 'callback'; the answers may be read from any origin (CORS)",
    },
    "one_batch": {
        "nl": "geef één 'queries' of één 'extend', met JSON erin",
        "en": "give one 'queries' or one 'extend', with JSON in it",
    },
    "no_reconciling": {
        "nl": "hier valt niets te koppelen: dat kan bij een uitgave, niet met --data of --endpoint",
        "en": "nothing to reconcile with here: that comes with a release, not with --data or --endpoint",
    },
    "not_opened": {
        "nl": "de processen voor vragen hebben de graaf nog niet geopend",
        "en": "the workers have not opened the store yet",
    },
    "unknown_property": {
        "nl": "onbekende eigenschap: {name}; er zijn: {known}",
        "en": "unknown property: {name}; there are: {known}",
    },
    "unknown_type": {
        "nl": "onbekende soort: {name}; er zijn: {known}",
        "en": "unknown type: {name}; there are: {known}",
    },
    "long_batch": {
        "nl": "{count} vragen zijn te veel voor één keer; {most} is het meeste",
        "en": "{count} queries are too many for one batch; {most} is the most",
    },
    "long_conditions": {
        "nl": "{count} waarden van eigenschappen zijn te veel voor één keer; {most} is het meeste",
        "en": "{count} values of properties are too many for one batch; {most} is the most",
    },
    "no_release": {"nl": "er is geen uitgave '{name}'", "en": "there is no release '{name}'"},
    "no_file": {
        "nl": "uitgave {version} heeft geen bestand '{name}'",
        "en": "release {version} has no file '{name}'",
    },
    "no_such_part": {"nl": "het bestand heeft {size} bytes", "en": "the file has {size} bytes"},
    "compressed_query": {
        "nl": "stuur de vraag zoals zij is, niet ingepakt",
        "en": "send the query as it is, not compressed",
    },
    "too_many_of_one": {
        "nl": "van uw adres zijn er {places} vragen in behandeling of in de rij; stuur de volgende als er een klaar is",
        "en": "{places} requests from your address are being answered or waiting; send the next when one is done",
    },
    "bug": {
        "nl": "er ging hier iets mis, en dat ligt niet aan u",
        "en": "something went wrong here that is not your doing",
    },
    "QueryError": {"nl": "zo kan deze vraag niet: {why}", "en": "{why}"},
    "NotFoundError": {"nl": "dat is er niet: {why}", "en": "{why}"},
    "DataError": {"nl": "een bestand van de graaf is niet te gebruiken: {why}", "en": "{why}"},
    "ReleaseError": {"nl": "de uitgave is niet te gebruiken: {why}", "en": "{why}"},
    "EndpointError": {"nl": "de SPARQL-server erachter gaf geen bruikbaar antwoord: {why}", "en": "{why}"},
}


class Said(NamedTuple):
    """A message of the table, with what it speaks of; as plain text it is English."""

    name: str
    values: Mapping[str, object]

    def text(self, language: str) -> str:
        """The message in a language."""
        return _MESSAGES[self.name][language].format_map(self.values)

    def __str__(self) -> str:
        return self.text("en")


def said(name: str, /, **values: object) -> Said:
    """What to say about an error."""
    return Said(name, values)
