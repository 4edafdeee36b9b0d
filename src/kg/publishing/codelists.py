"""The entries of the code lists that a catalogue may use: those of the EU, and the licences of Geonovum.

DCAT-AP-NL says which list goes with which property; its shapes ask for each entry's class and, of some, its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_EU = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True)
class CodeList:
    """Entries by their code: what stands before the code in their IRI, their class, their names in nl and en."""

    base: str
    kind: str
    names: Mapping[str, tuple[str, str]]

    def iri(self, code: str) -> str:
        """The IRI of an entry."""
        return self.base + code


THEMES = CodeList(
    f"{_EU}data-theme/",
    "skos:Concept",
    {
        "AGRI": ("Landbouw, visserij, bosbouw en voeding", "Agriculture, fisheries, forestry and food"),
        "ECON": ("Economie en financiën", "Economy and finance"),
        "EDUC": ("Onderwijs, cultuur en sport", "Education, culture and sport"),
        "ENER": ("Energie", "Energy"),
        "ENVI": ("Milieu", "Environment"),
        "GOVE": ("Overheid en publieke sector", "Government and public sector"),
        "HEAL": ("Gezondheid", "Health"),
        "INTR": ("Internationale vraagstukken", "International issues"),
        "JUST": ("Justitie, rechtsstelsel en openbare veiligheid", "Justice, legal system and public safety"),
        "REGI": ("Regio's en steden", "Regions and cities"),
        "SOCI": ("Bevolking en samenleving", "Population and society"),
        "TECH": ("Wetenschap en technologie", "Science and technology"),
        "TRAN": ("Vervoer", "Transport"),
    },
)
ACCESS_RIGHTS = CodeList(
    f"{_EU}access-right/",
    "dct:RightsStatement",
    {
        "PUBLIC": ("openbaar", "public"),
        "RESTRICTED": ("beperkt toegankelijk", "restricted"),
        "NON_PUBLIC": ("niet openbaar", "non-public"),
    },
)
FREQUENCIES = CodeList(
    f"{_EU}frequency/",
    "dct:Frequency",
    {
        "DAILY": ("dagelijks", "daily"),
        "WEEKLY": ("wekelijks", "weekly"),
        "MONTHLY": ("maandelijks", "monthly"),
        "QUARTERLY": ("elk kwartaal", "quarterly"),
        "ANNUAL": ("jaarlijks", "annual"),
        "IRREG": ("onregelmatig", "irregular"),
    },
)
LANGUAGES = CodeList(
    f"{_EU}language/",
    "dct:LinguisticSystem",
    {"NLD": ("Nederlands", "Dutch"), "ENG": ("Engels", "English"), "FRY": ("Fries", "Frisian")},
)
COUNTRIES = CodeList(f"{_EU}country/", "dct:Location", {"NLD": ("Nederland", "Netherlands")})
LICENCES = CodeList(
    "https://definities.geostandaarden.nl/dcat-ap-nl/id/waardelijst/licenties/",
    "dct:LicenseDocument",
    {
        "cc0": ("CC0 1.0", "CC0 1.0"),
        "public_domain_mark": ("Public Domain Mark", "Public Domain Mark"),
        "naamsvermelding40": ("Naamsvermelding 4.0 (CC BY)", "Attribution 4.0 (CC BY)"),
        "naamsvermelding_gelijkdelen40": (
            "Naamsvermelding-GelijkDelen 4.0 (CC BY-SA)",
            "Attribution-ShareAlike 4.0 (CC BY-SA)",
        ),
        "niet_open": ("niet open", "not open"),
    },
)
FILE_TYPES = CodeList(
    f"{_EU}file-type/",
    "dct:MediaTypeOrExtent",
    {
        "CSV": ("CSV", "CSV"),
        "JSON_LD": ("JSON-LD", "JSON-LD"),
        "RDF_N_QUADS": ("N-Quads", "N-Quads"),
        "RDF_N_TRIPLES": ("N-Triples", "N-Triples"),
        "RDF_TRIG": ("TriG", "TriG"),
        "RDF_TURTLE": ("Turtle", "Turtle"),
        "RDF_XML": ("RDF/XML", "RDF/XML"),
    },
)
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

FILES = {
    "csv": "CSV",
    "jsonld": "JSON_LD",
    "nq": "RDF_N_QUADS",
    "nt": "RDF_N_TRIPLES",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "ttl": "RDF_TURTLE",
}
"""Suffix of a file → its code in FILE_TYPES; a compressed file goes by the suffix before `.gz`."""
