"""The list of the Basiswettenbestand (BWB): every Dutch regulation with its names.

The list is one XML file in a ZIP archive: `BWBIdServiceResultaat` with `GegenereerdOp`, and a `RegelingInfo` for each
regulation. Its texts are elsewhere and are not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pyoxigraph as ox

from kg.namespaces import DEF
from kg.registers.facts import Facts, as_it_is
from kg.registers.framework import Finding, Record, Register, day, label, moment, plain, text
from kg.registers.xml_records import first_text, text_of, texts, xml_records

_NUMBER = re.compile(r"BWB[RVW]\d{7}")
_BWB = ox.NamedNode(f"{DEF}BWB")


def read(path: Path) -> Iterator[Record | Finding]:
    """The regulations in the list; raises what `xml_records` raises."""
    for place, (element, _) in enumerate(xml_records(path, "RegelingInfo"), 1):
        yield from _regulation(element, place)


def _regulation(element: Element, place: int) -> Iterator[Record | Finding]:
    number = text_of(element, "BWBId")
    names = _names(element)
    if not _NUMBER.fullmatch(number):
        yield Finding(f"record {place}", f"'{plain(number, 40)}' is no BWB number", "report it to its keeper")
        return
    if not names:
        yield Finding(number, "the regulation has no name", "look it up at wetten.overheid.nl and report it")
        return
    facts = Facts(number)
    facts.add("skos:prefLabel", label, names[0])
    facts.add("skos:altLabel", label, *names[1:])
    facts.add("sb:afkorting", text, *texts(element, "AfkortingLijst/Afkorting"))
    facts.add("dct:identifier", as_it_is, ox.Literal(number, datatype=_BWB))
    facts.add("sb:soortInRegister", text, text_of(element, "RegelingSoort"))
    facts.add("dct:modified", day, text_of(element, "DatumLaatsteWijziging"))
    facts.add("eli:first_date_entry_in_force", day, text_of(element, "InwerkingtredingsDatum"))
    facts.add("eli:date_no_longer_in_force", day, text_of(element, "VervalDatum"))
    yield from facts.record(REGISTER.name, f"https://wetten.overheid.nl/{number}", "eli:LegalResource")


def _names(element: Element) -> list[str]:
    """The names, each once: the latest official title to cite it by, other such titles, the long title, the rest.

    A regulation without any is known by its abbreviations.
    """
    titles = sorted(
        element.findall("{*}CiteertitelLijst/{*}Citeertitel"),
        key=lambda title: (text_of(title, "status") == "officieel", text_of(title, "InwerkingtredingsDatum")),
        reverse=True,
    )
    names = [text_of(title, "titel") for title in titles]
    names += [text_of(element, "OfficieleTitel"), *texts(element, "NietOfficieleTitelLijst/NietOfficieleTitel")]
    names = [name for name in map(plain, names) if name]
    return list(dict.fromkeys(names or texts(element, "AfkortingLijst/Afkorting")))


def _made(path: Path) -> str | None:
    return moment(first_text(path, "GegenereerdOp"))


REGISTER = Register(
    name="bwb",
    begins="https://wetten.overheid.nl/BWB",
    address="https://zoekservice.overheid.nl/BWBIdService/BWBIdList.xml.zip",
    read=read,
    made=_made,
    suffix=".zip",
)
