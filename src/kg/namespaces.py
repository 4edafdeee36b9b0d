"""Prefixes and IRIs: the only table of them.

Things have IRIs `id/{concept}/{ref}` under the base, following the pattern of the Dutch URI strategy;
each concept is a prefix of its own, so `voorziening:digid`, `voorziening/digid` and the full IRI are one thing.
"""

import re

BASE = "https://w3id.org/spoorboek/"
DEF = f"{BASE}def#"
SHAPES = f"{BASE}shapes#"
ID = f"{BASE}id/"
GRAPH = f"{BASE}graph/"
INFERRED = f"{GRAPH}inferred/"
REGISTER = f"{GRAPH}register/"

CONCEPTS = (
    "actie",
    "afspraak",
    "betrokkenheid",
    "brondocument",
    "bronopmerking",
    "bronpassage",
    "bronsectie",
    "coalitie",
    "doel",
    "indicator",
    "meting",
    "naamversie",
    "opgave",
    "organisatie",
    "pijler",
    "plan",
    "prioriteit",
    "programma",
    "register",
    "registratie",
    "resultaat",
    "spoor",
    "streefwaarde",
    "termijn",
    "toestand",
    "uitgave",
    "verband",
    "voorziening",
    "webbron",
    "wet",
)

LISTS = (
    "precisie",
    "rol",
    "soort-afspraak",
    "soort-bronopmerking",
    "soort-partij",
    "soort-programma",
    "soort-resultaat",
    "soort-voorziening",
    "soort-wet",
    "status",
    "vergelijking",
    "zekerheid",
)

PREFIXES = {
    "sb": DEF,
    "sbsh": SHAPES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "tooiont": "https://identifier.overheid.nl/tooi/def/ont/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{concept: f"{ID}{concept}/" for concept in CONCEPTS},
    **{name: f"{ID}{name}/" for name in LISTS},
}

# A name without anything that Turtle or SPARQL would want escaped.
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def expand(name: str) -> str | None:
    """The IRI that `https://…`, `<https://…>`, `voorziening:digid` or `voorziening/digid` stands for, else None."""
    name = name.strip().removeprefix("<").removesuffix(">")
    if name.startswith(("http://", "https://")):
        return name
    for separator in (":", "/"):
        prefix, found, local = name.partition(separator)
        if found and prefix in PREFIXES and _LOCAL.fullmatch(local):
            return PREFIXES[prefix] + local
    return None


def compact(iri: str) -> str:
    """Shorten an IRI to `prefix:name` where the table has its prefix; otherwise return it as it is."""
    # A namespace ends with a slash or a hash, and no name has either.
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:end])
    return f"{prefix}:{iri[end:]}" if prefix and _LOCAL.fullmatch(iri, end) else iri
