"""A catalogue in the words of schema.org, as search engines for datasets read them in a page."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.publishing.catalogue import CATALOGUE
from kg.publishing.describing import Said

# Property of schema.org → that of the catalogue: texts in the language of the page, and values as they are.
_TEXTS = {"name": "dct:title", "description": "dct:description"}
_OF_DATASET = {
    "identifier": "dct:identifier",
    "url": "dcat:landingPage",
    "version": "dcat:version",
    "datePublished": "dct:issued",
    "dateModified": "dct:modified",
    "isBasedOn": "prov:wasDerivedFrom",
}
_OF_FILE = {"contentUrl": "dcat:downloadURL", "contentSize": "dcat:byteSize", "license": "dct:license"}


def script(triples: Iterable[ox.Triple], language: str) -> str:
    """The catalogue as JSON-LD that can stand inside an element `script`: no `<` in it ends or opens anything."""
    said = Said(triples)
    catalogue = {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "DataCatalog",
        "@id": CATALOGUE.value,
        **_texts(said, CATALOGUE.value, language),
        "url": said.value(CATALOGUE.value, "foaf:homepage"),
        "license": said.value(CATALOGUE.value, "dct:license"),
        "publisher": _agent(said, said.value(CATALOGUE.value, "dct:publisher")),
        "dataset": [_dataset(said, iri, language) for iri in said.values(CATALOGUE.value, "dcat:dataset")],
    }
    return json.dumps(catalogue, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _dataset(said: Said, iri: str, language: str) -> dict[str, Any]:
    files = [_file(said, file) for file in said.values(iri, "dcat:distribution")]
    licences = {file["license"] for file in files}
    return {
        "@type": "Dataset",
        "@id": iri,
        **_texts(said, iri, language),
        **_values(said, iri, _OF_DATASET),
        "keywords": said.texts(iri, "dcat:keyword", language),
        "isAccessibleForFree": True,
        "creator": _agent(said, said.value(iri, "dct:creator")),
        "publisher": _agent(said, said.value(iri, "dct:publisher")),
        "license": sorted(licences),
        "distribution": files,
    }


def _file(said: Said, iri: str) -> dict[str, Any]:
    media_type = said.value(iri, "dcat:mediaType").partition("/media-types/")[2]
    checksum = said.value(said.value(iri, "spdx:checksum"), "spdx:checksumValue")
    return {"@type": "DataDownload", **_values(said, iri, _OF_FILE), "encodingFormat": media_type, "sha256": checksum}


def _agent(said: Said, iri: str) -> dict[str, str]:
    return {"@type": "Organization", "@id": iri, "name": said.value(iri, "foaf:name")}


def _texts(said: Said, iri: str, language: str) -> dict[str, str]:
    return {name: said.text(iri, property_, language) for name, property_ in _TEXTS.items()}


def _values(said: Said, iri: str, properties: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, property_ in properties.items() if (value := said.value(iri, property_))}
