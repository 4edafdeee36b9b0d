"""Names that are like one that nothing has."""

from collections.abc import Mapping

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from kg.labels import best_label
from kg.namespaces import ID
from kg_api.collections import COLLECTIONS
from kg_api.questions import Questions

_MOST = 5
_LIKENESS = 55
_LONGEST = 100


def nearest(questions: Questions, concept: str, ref: str, language: str) -> list[dict[str, str]]:
    """The things of a concept whose ref or label is most like this ref: name and address of each, best first."""
    known = questions.kept(("names", concept), lambda: _names(questions, concept))
    wanted = ref.lower()[:_LONGEST]
    begins = [name for name in sorted(known) if wanted and name.startswith(wanted)]
    found = [*begins[:_MOST], *(name for name, *_ in _like(wanted, known))]
    things = list(dict.fromkeys(known[name] for name in found))[:_MOST]
    return [{"name": _label(questions, iri, language), "href": "/doc/" + iri.removeprefix(ID)} for iri in things]


_ADDRESSES = (*COLLECTIONS, "pad", "zoek", "vragen", "releases", "docs", "openapi.json", "context.jsonld")


def like_address(path: str) -> list[dict[str, str]]:
    """The addresses of `/v1` that are like one where nothing is."""
    _, version, name, *_ = (*path.split("/"), "", "")
    found = _like(name.lower()[:_LONGEST], dict.fromkeys(_ADDRESSES, "")) if version == "v1" and name else []
    return [{"name": name, "href": f"/v1/{name}"} for name, *_ in found]


def _like(wanted: str, known: Mapping[str, str]) -> list[tuple[str, float, int]]:
    return process.extract(wanted, list(known), scorer=fuzz.ratio, limit=_MOST, score_cutoff=_LIKENESS)


def _names(questions: Questions, concept: str) -> Mapping[str, str]:
    """The things of a concept by ref and by each name, in small letters."""
    known: dict[str, str] = {}
    for row in questions.rows("namen-van-begrip", begin=ox.Literal(f"{ID}{concept}/")):
        known.setdefault(row["ding"].rpartition("/")[2], row["ding"])
        known.setdefault(row["naam"].lower(), row["ding"])
    return known


def _label(questions: Questions, iri: str, language: str) -> str:
    return best_label(questions.store, ox.NamedNode(iri), language)
