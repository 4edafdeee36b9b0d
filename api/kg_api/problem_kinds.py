"""The kinds of problems, each with an address that says what it means and what to do: `/probleem/{name}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from kg.namespaces import BASE

Texts = Mapping[str, str]


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem (RFC 9457, section 4): its name, its status, and in both languages what to know of it."""

    name: str
    status: HTTPStatus
    title: Texts
    meaning: Texts
    remedy: Texts

    @property
    def iri(self) -> str:
        """The `type` of such a problem, which never changes."""
        return f"{BASE}probleem/{self.name}"


def _kind(name: str, status: HTTPStatus, nl: tuple[str, str, str], en: tuple[str, str, str]) -> ProblemKind:
    return ProblemKind(name, status, *({"nl": dutch, "en": english} for dutch, english in zip(nl, en, strict=True)))


_ALL = (
    _kind(
        "onjuist-verzoek",
        HTTPStatus.BAD_REQUEST,
        (
            "Zo begrijpen wij het niet",
            "Het verzoek is niet zoals dit adres het verwacht.",
            "Lees in `detail` wat er niet klopt, en verander dat.",
        ),
        (
            "We do not understand this",
            "The request is not as this address expects it.",
            "Read in `detail` what is wrong, and change that.",
        ),
    ),
    _kind(
        "onbekende-parameter",
        HTTPStatus.BAD_REQUEST,
        (
            "Onbekende parameter",
            "Dit adres heeft geen parameter met die naam. Wij slaan hem niet over: een filter met een typefout zou dan "
            "ongemerkt alles doorlaten.",
            "Kies er een uit `waarden`, of laat hem weg.",
        ),
        (
            "Unknown parameter",
            "This address has no parameter of that name. We do not skip it: a filter with a typing error would then "
            "let everything through unnoticed.",
            "Choose one of `waarden`, or leave it out.",
        ),
    ),
    _kind(
        "onbekende-waarde",
        HTTPStatus.BAD_REQUEST,
        (
            "Onbekende waarde",
            "De parameter kan deze waarde niet hebben.",
            "Kies er een uit `waarden`, waar die er zijn, of schrijf haar zoals `detail` zegt.",
        ),
        (
            "Unknown value",
            "The parameter cannot have this value.",
            "Choose one of `waarden`, where there are any, or write it as `detail` says.",
        ),
    ),
    _kind(
        "ontbrekende-parameter",
        HTTPStatus.BAD_REQUEST,
        (
            "Er ontbreekt een parameter",
            "Zonder deze parameter is er niets te antwoorden.",
            "Geef hem een waarde; `detail` heeft een voorbeeld.",
        ),
        (
            "A parameter is missing",
            "Without this parameter there is nothing to answer.",
            "Give it a value; `detail` has an example.",
        ),
    ),
    _kind(
        "onjuiste-sparql",
        HTTPStatus.BAD_REQUEST,
        (
            "Deze SPARQL-vraag kan niet",
            "De vraag heeft een fout, is te ingewikkeld, of doet iets dat deze dienst niet toestaat.",
            "`detail` noemt de fout, met regel en kolom waar dat kan. Wat mag, staat bij /sparql.",
        ),
        (
            "This SPARQL query cannot be",
            "The query has a mistake, is too complex, or does what this service does not allow.",
            "`detail` names the mistake, with line and column where it can. /sparql says what is allowed.",
        ),
    ),
    _kind(
        "alleen-lezen",
        HTTPStatus.FORBIDDEN,
        ("Alleen lezen", "Deze dienst verandert niets.", "Stel een vraag: SELECT, ASK, CONSTRUCT of DESCRIBE."),
        ("Reading only", "This service changes nothing.", "Ask a question: SELECT, ASK, CONSTRUCT or DESCRIBE."),
    ),
    _kind(
        "niet-gevonden",
        HTTPStatus.NOT_FOUND,
        (
            "Niet gevonden",
            "Op dit adres staat niets.",
            "Kijk het adres na, of begin bij het overzicht of bij /v1/openapi.json.",
        ),
        (
            "Not found",
            "There is nothing at this address.",
            "Check the address, or begin at the overview or at /v1/openapi.json.",
        ),
    ),
    _kind(
        "onbekend-ding",
        HTTPStatus.NOT_FOUND,
        (
            "Dit ding kent de graaf niet",
            "De naam kan, maar de graaf zegt er niets van.",
            "`waarden` en `near` noemen wat er op lijkt; /v1/zoek vindt dingen op woorden.",
        ),
        (
            "The graph does not know this thing",
            "It could be a name, but the graph says nothing of it.",
            "`waarden` and `near` name what is like it; /v1/zoek finds things by words.",
        ),
    ),
    _kind(
        "methode-kan-niet",
        HTTPStatus.METHOD_NOT_ALLOWED,
        ("Dat kan hier niet", "Dit adres kent deze methode niet.", "De header `Allow` noemt wat er wel kan."),
        ("Not possible here", "This address does not know this method.", "The header `Allow` names what is possible."),
    ),
    _kind(
        "vorm-kan-niet",
        HTTPStatus.NOT_ACCEPTABLE,
        (
            "Niet in deze vorm",
            "Het antwoord is er niet in een vorm die `Accept` noemt.",
            "Vraag een vorm uit `detail`.",
        ),
        ("Not in this form", "The answer does not come in a form that `Accept` names.", "Ask for a form of `detail`."),
    ),
    _kind(
        "te-langzaam",
        HTTPStatus.REQUEST_TIMEOUT,
        ("Te langzaam", "De inhoud van het verzoek kwam te langzaam binnen.", "Probeer het opnieuw."),
        ("Too slow", "The body of the request came in too slowly.", "Try again."),
    ),
    _kind(
        "vervallen",
        HTTPStatus.GONE,
        ("Vervallen", "Het ding was er, en is er niet meer.", "Zoek wat u nodig hebt op een andere naam."),
        ("Gone", "The thing was there, and is no more.", "Look for what you need under another name."),
    ),
    _kind(
        "te-groot",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ("Te groot", "Het verzoek is langer dan deze dienst leest.", "Maak het korter, of deel het op."),
        ("Too large", "The request is longer than this service reads.", "Make it shorter, or divide it."),
    ),
    _kind(
        "inhoud-kan-niet",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ("Niet als deze inhoud", "Het verzoek heeft een inhoud van een andere soort.", "Stuur wat `detail` noemt."),
        ("Not as this content", "The body of the request is of another type.", "Send what `detail` names."),
    ),
    _kind(
        "deel-is-er-niet",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        ("Dat deel is er niet", "Het bestand is korter dan waar `Range` begint.", "`detail` noemt de lengte."),
        ("There is no such part", "The file is shorter than where `Range` begins.", "`detail` names its length."),
    ),
    _kind(
        "te-veel-tegelijk",
        HTTPStatus.TOO_MANY_REQUESTS,
        (
            "Te veel tegelijk",
            "Van dit adres zijn er al zo veel vragen in behandeling als er mogen.",
            "Stuur de volgende als er een klaar is, of wacht zo lang als `Retry-After` zegt.",
        ),
        (
            "Too many at a time",
            "As many queries of this address are being answered as may be.",
            "Send the next when one of them is done, or wait as long as `Retry-After` says.",
        ),
    ),
    _kind(
        "fout",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        ("Er ging iets mis", "Er ging hier iets mis, en dat ligt niet aan u.", "Meld het aan de beheerder."),
        ("Something went wrong", "Something went wrong here that is not your doing.", "Tell who runs the service."),
    ),
    _kind(
        "onbekende-methode",
        HTTPStatus.NOT_IMPLEMENTED,
        ("Onbekende methode", "HTTP heeft geen methode van deze naam.", "Vraag met GET, of met POST waar dat kan."),
        ("Unknown method", "HTTP has no method of this name.", "Ask with GET, or with POST where that is possible."),
    ),
    _kind(
        "bron-faalt",
        HTTPStatus.BAD_GATEWAY,
        (
            "De bron geeft geen antwoord",
            "De dienst leest van een andere SPARQL-server, en die gaf geen bruikbaar antwoord.",
            "Probeer het later opnieuw.",
        ),
        (
            "No answer from behind",
            "The service reads from another SPARQL server, which gave no usable answer.",
            "Try again later.",
        ),
    ),
    _kind(
        "nu-niet",
        HTTPStatus.SERVICE_UNAVAILABLE,
        (
            "Nu even niet",
            "De dienst kan nu niet antwoorden, meestal omdat er te veel vragen wachten.",
            "Wacht zo lang als `Retry-After` zegt, en probeer het dan opnieuw.",
        ),
        (
            "Not just now",
            "The service cannot answer now, mostly since too many queries are waiting.",
            "Wait as long as `Retry-After` says, and try again.",
        ),
    ),
    _kind(
        "duurde-te-lang",
        HTTPStatus.GATEWAY_TIMEOUT,
        (
            "Het duurde te lang",
            "De vraag kostte meer tijd dan één vraag mag kosten.",
            "Vraag minder tegelijk, of bevraag een download van de graaf op een eigen server.",
        ),
        (
            "It took too long",
            "The query took more time than one query may take.",
            "Ask less at a time, or ask a download of the graph on a server of your own.",
        ),
    ),
)

KINDS: Mapping[str, ProblemKind] = {kind.name: kind for kind in _ALL}
# Of a status with more kinds the first is meant, where nothing more is said.
_BY_STATUS: Mapping[int, ProblemKind] = {kind.status: kind for kind in reversed(_ALL)}
_OF_A_QUERY = frozenset(("syntax", "complexity", "service", "ambiguous", "evaluation"))


def kind_of(status: int, reason: str) -> ProblemKind | None:
    """The kind of a problem of which only the status is known, and the word under which it is counted."""
    if status == HTTPStatus.BAD_REQUEST and reason in _OF_A_QUERY:
        return KINDS["onjuiste-sparql"]
    return _BY_STATUS.get(status)
