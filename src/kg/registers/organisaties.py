"""The Register van Overheidsorganisaties (ROO), and the Woo-index that is kept in it.

Both are in one export: `organisatie` elements, with those of its units inside it, and in `woo/wooIndex` a
`documentLocatie` for each place where the organisation publishes documents of one kind. People who hold an office are
in the export as well, and are not read.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pyoxigraph as ox

from kg.namespaces import DEF, PREFIXES
from kg.registers.facts import Facts, as_it_is, dutch
from kg.registers.framework import Finding, Record, Register, address, day, label, laws, moment, own_iri, plain, text
from kg.registers.woo_categories import category
from kg.registers.xml_records import attribute, root_attribute, text_of, texts, xml_records

ADDRESS = "https://organisaties.overheid.nl/archive/exportOO.xml"
PAGES = "https://organisaties.overheid.nl/"

_THINGS = "https://identifier.overheid.nl/tooi/id/"
_TOOI = re.compile(re.escape(_THINGS) + r"([a-z]+)/[a-z]+\d+")
# The class of an organisation by the part of its TOOI address that names the list it is in.
_CLASSES = {
    "col": "CaribischOpenbaarLichaam",
    "gemeente": "Gemeente",
    "ministerie": "Ministerie",
    "oorg": "Overheidsorganisatie",
    "provincie": "Provincie",
    "so": "Samenwerkingsorganisatie",
    "waterschap": "Waterschap",
    "zbo": "Zbo",
}
_BASIS = "wettelijkeGrondslagen/wettelijkeGrondslag"
_OIN = ox.NamedNode(f"{DEF}OIN")


def read(path: Path) -> Iterator[Record | Finding]:
    """The organisations in the export; raises what `xml_records` raises."""
    for place, (element, around) in enumerate(xml_records(path, "organisatie"), 1):
        yield from _organisation(element, _nearest(around), place)


def read_woo_index(path: Path) -> Iterator[Record | Finding]:
    """The places of the Woo-index in the export; raises what `xml_records` raises."""
    for element, _ in xml_records(path, "organisatie"):
        for location in element.iterfind("{*}woo/{*}wooIndex/{*}documentLocatie"):
            yield from _location(element, location)


def _organisation(element: Element, parent: Element | None, place: int) -> Iterator[Record | Finding]:
    number, name = attribute(element, "systeemId"), text_of(element, "naam")
    if not number.isdecimal() or not name:
        missing = "name" if number.isdecimal() else "number"
        yield Finding(f"record {place}", f"the organisation has no {missing}", "report it to its keeper")
        return
    facts = Facts(number)
    facts.add("skos:prefLabel", label, name)
    facts.add("skos:altLabel", label, *(text_of(element, path) for path in ("subnaam", "titel", "citeertitel")))
    facts.add("sb:afkorting", text, text_of(element, "afkorting"))
    facts.add("dct:identifier", text, number)
    facts.add("dct:identifier", as_it_is, *_oins(element))
    facts.add("sb:soortInRegister", text, *texts(element, "types/type"))
    facts.add("rdf:type", as_it_is, _class(element))
    facts.add("skos:exactMatch", address, attribute(element, "resourceIdentifierOWMS"))
    facts.add("foaf:page", address, f"{PAGES}{number}/")
    facts.add("tooiont:begindatum", day, text_of(element, "startDatum"))
    facts.add("tooiont:einddatum", day, text_of(element, "eindDatum"))
    facts.add("dct:modified", day, text_of(element, "datumMutatie"))
    facts.add("dct:description", dutch, _description(element))
    facts.add("sb:grondslagTekst", dutch, "; ".join(texts(element, f"{_BASIS}/opschrift")))
    facts.add("dct:references", as_it_is, *laws(*_references(element)))
    facts.add("org:linkedTo", address, *(_reference(found) for found in element.iterfind("{*}relatieMetMinisterie")))
    if parent is not None:
        facts.add("org:subOrganizationOf", as_it_is, ox.NamedNode(_iri(parent)))
    yield from facts.record(REGISTER.name, _iri(element), "org:Organization")


def _location(organisation: Element, location: Element) -> Iterator[Record | Finding]:
    number, name = attribute(organisation, "systeemId"), text_of(organisation, "naam")
    kind, url = text_of(location, "informatiecategorie"), text_of(location, "url")
    page = address(url)
    if page is None or not kind:
        problem = f"'{plain(url, 80)}' is no address on the web" if kind else "the place has no kind of information"
        yield Finding(f"organisation {number}", problem, "ask the organisation to correct it in the Woo-index")
        return
    facts = Facts(f"organisation {number}")
    facts.add("skos:prefLabel", label, f"{kind}: {name}")
    facts.add("sb:soortInRegister", text, kind)
    facts.add("dct:subject", as_it_is, category(kind))
    facts.add("foaf:page", as_it_is, page)
    facts.add("dct:publisher", as_it_is, ox.NamedNode(_iri(organisation)))
    facts.add("sb:naamInBron", text, name)
    facts.add("dct:description", dutch, text_of(location, "toelichting"))
    # One organisation publishes documents of one kind at several addresses; the address tells them apart.
    apart = hashlib.sha256(url.encode()).hexdigest()[:12]
    yield from facts.record(WOO_INDEX.name, own_iri(WOO_INDEX.name, f"{number} {kind} {apart}"), "sb:Wooregistratie")


def _nearest(around: list[Element]) -> Element | None:
    """The organisation that an organisation stands in."""
    return next((element for element in reversed(around) if attribute(element, "systeemId")), None)


def _iri(element: Element) -> str:
    """The TOOI address of an organisation; one of ours by its number in the register where it has none."""
    return _reference(element) or own_iri(REGISTER.name, attribute(element, "systeemId"))


def _reference(element: Element) -> str:
    tooi = attribute(element, "resourceIdentifierTOOI")
    return tooi if _TOOI.fullmatch(tooi) else ""


def _class(element: Element) -> ox.NamedNode | None:
    found = _TOOI.fullmatch(_reference(element))
    name = _CLASSES.get(found[1]) if found else None
    return ox.NamedNode(PREFIXES["tooiont"] + name) if name else None


def _oins(element: Element) -> list[ox.Literal]:
    codes = element.iterfind("{*}identificatiecodes/{*}resourceIdentifier")
    numbers = ((code.text or "").strip() for code in codes if attribute(code, "naam").upper() == "OIN")
    return [ox.Literal(number, datatype=_OIN) for number in numbers if re.fullmatch(r"\d{20}", number)]


def _references(element: Element) -> list[str]:
    """Where the laws are that an organisation rests on, or is classed by."""
    paths = (f"{_BASIS}/referentie", f"classificaties/classificatie/{_BASIS}/referentie")
    return [found for path in paths for found in texts(element, path)]


def _description(element: Element) -> str:
    return text_of(element, "organisatieBeschrijving/beschrijvingText") or text_of(element, "takenEnBevoegdheden")


def _made(path: Path) -> str | None:
    return moment(root_attribute(path, "timestamp"))


REGISTER = Register(name="roo", address=ADDRESS, read=read, made=_made, suffix=".xml", begins=_THINGS)
WOO_INDEX = Register(name="woo-index", address=ADDRESS, read=read_woo_index, made=_made, suffix=".xml")
