"""The catalogue of a release as the delivery API of data.overheid.nl wants it: one JSON document for each dataset.

That API ("Datastore API" 0.9.0, alpha) takes the properties of DCAT-AP-NL 3.0 under names such as `dctTitle`. Its
texts have no languages, so they are the Dutch ones, and it has no place for the licence, size and checksum of a file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.publishing.describing import Said

Payload = dict[str, Any]

_LANGUAGE = "nl"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
REQUIRED = (
    *("dctIdentifier", "dctTitle", "dctDescription", "dctAccessRights"),
    *("dctCreator", "dctPublisher", "dcatContactPoint", "dcatTheme"),
)
"""What the API refuses to be without."""
MOST_IN_DESCRIPTION = 2000


def payloads(triples: Iterable[ox.Triple]) -> list[Payload]:
    """What to send for each dataset of a catalogue, in the order of its triples."""
    said = Said(triples)
    return [_filled(said, dataset, _DATASET) for dataset in said.of_kind("dcat:Dataset")]


def problems(payload: Payload) -> list[str]:
    """Why the API would refuse this, in words; the catalogue's own shapes look at everything else."""
    missing = [f"{name} is missing" for name in REQUIRED if name not in payload]
    length = len("".join(payload.get("dctDescription", ())))
    if length > MOST_IN_DESCRIPTION:
        missing.append(f"dctDescription has {length} characters; {MOST_IN_DESCRIPTION} is the most")
    return missing


Writer = Callable[[Said, str, str], Any]
Fields = Mapping[str, tuple[str, Writer]]


def _filled(said: Said, subject: str, fields: Fields) -> Payload:
    """The fields of which something is said, in the order of the table."""
    values = ((name, write(said, subject, property_)) for name, (property_, write) in fields.items())
    return {name: value for name, value in values if value}


def _one(said: Said, subject: str, name: str) -> str:
    return said.value(subject, name)


def _many(said: Said, subject: str, name: str) -> list[str]:
    return said.values(subject, name)


def _text(said: Said, subject: str, name: str) -> list[str]:
    """A text in Dutch, as a list of one."""
    return said.texts(subject, name, _LANGUAGE)[:1]


def _texts(said: Said, subject: str, name: str) -> list[str]:
    return said.texts(subject, name, _LANGUAGE)


def _moment(said: Said, subject: str, name: str) -> str:
    """A date with the time that the API would give it, midnight UTC."""
    value = said.value(subject, name)
    return f"{value}T00:00:00Z" if _DATE.fullmatch(value) else value


def _agents(said: Said, subject: str, name: str) -> list[Payload]:
    return [_filled(said, agent, {"foafName": ("foaf:name", _text)}) for agent in said.values(subject, name)]


def _agent(said: Said, subject: str, name: str) -> Payload | None:
    return next(iter(_agents(said, subject, name)), None)


def _contact(said: Said, subject: str, name: str) -> Payload | None:
    return next((_filled(said, contact, _CONTACT) for contact in said.values(subject, name)), None)


def _places(said: Said, subject: str, name: str) -> list[Payload]:
    return [{"dctLocation": iri} for iri in said.values(subject, name)]


def _files(said: Said, subject: str, name: str) -> list[Payload]:
    return [_filled(said, file, _DISTRIBUTION) for file in said.values(subject, name)]


_CONTACT: Fields = {
    "vcardFn": ("vcard:fn", _one),
    "vcardHasEmail": ("vcard:hasEmail", _one),
    "vcardHasUrl": ("vcard:hasURL", _one),
}
_DISTRIBUTION: Fields = {
    "dcatAccessUrl": ("dcat:accessURL", _one),
    "dcatDownloadUrl": ("dcat:downloadURL", _one),
    "dctTitle": ("dct:title", _text),
    "dctDescription": ("dct:description", _text),
    "dctFormat": ("dct:format", _one),
}
_DATASET: Fields = {
    "dctIdentifier": ("dct:identifier", _one),
    "dctTitle": ("dct:title", _text),
    "dctDescription": ("dct:description", _text),
    "dctAccessRights": ("dct:accessRights", _one),
    "dctAccrualPeriodicity": ("dct:accrualPeriodicity", _one),
    "dctConformsTo": ("dct:conformsTo", _many),
    "dctCreator": ("dct:creator", _agents),
    "dctPublisher": ("dct:publisher", _agent),
    "dcatContactPoint": ("dcat:contactPoint", _contact),
    "dctIssued": ("dct:issued", _moment),
    "dctModified": ("dct:modified", _moment),
    "dcatKeyword": ("dcat:keyword", _texts),
    "dcatLandingPage": ("dcat:landingPage", _many),
    "dctLanguage": ("dct:language", _many),
    "foafPage": ("foaf:page", _many),
    "dctSource": ("prov:wasDerivedFrom", _many),
    "dctSpatial": ("dct:spatial", _places),
    "dcatInSeries": ("dcat:inSeries", _many),
    "dctRelation": ("dct:isPartOf", _many),
    "dcatTheme": ("dcat:theme", _many),
    "dcatVersion": ("dcat:version", _one),
    "dcatDistribution": ("dcat:distribution", _files),
}
