"""A long catalogue in pages: DCAT says what is in them, Hydra how they follow each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.publishing.catalogue import CATALOGUE
from kg.publishing.describing import describe, in_order, typed
from kg.terms import named

SIZE = 100
"""Datasets on one page."""

_DATASET = named("dcat:dataset")
# Properties that may only lead to what the same document describes: the shapes ask for the class of their values.
_DESCRIBED = {_DATASET, named("dcat:servesDataset")}


def page(triples: Sequence[ox.Triple], number: int, size: int = SIZE) -> list[ox.Triple]:
    """Page `number` of a catalogue, from 1, with everything that its datasets refer to.

    A catalogue of one page comes back as it is. Raises NotFoundError for a page that is not there.
    """
    datasets, last = _datasets(triples), pages(triples, size)
    if not 1 <= number <= last:
        raise NotFoundError(f"the catalogue has no page {number}; it has {last}")
    if last == 1:
        return list(triples)
    elsewhere = set(datasets) - set(datasets[(number - 1) * size : number * size])
    shown = [t for t in triples if not (t.predicate in _DESCRIBED and t.object in elsewhere)]
    return in_order([*_reached(shown, elsewhere), *_view(number, last, len(datasets))], CATALOGUE)


def pages(triples: Sequence[ox.Triple], size: int = SIZE) -> int:
    """How many pages a catalogue has; one that is empty is still a page."""
    return max(1, -(-len(_datasets(triples)) // size))


def _datasets(triples: Sequence[ox.Triple]) -> list:
    return [triple.object for triple in triples if triple.subject == CATALOGUE and triple.predicate == _DATASET]


def _reached(triples: Sequence[ox.Triple], closed: set) -> Iterator[ox.Triple]:
    """What one comes to from the catalogue without going through what is on other pages."""
    about = defaultdict(list)
    for triple in triples:
        about[triple.subject].append(triple)
    seen, ahead = set(closed), [CATALOGUE]
    while ahead:
        node = ahead.pop()
        if node in seen:
            continue
        seen.add(node)
        yield from about[node]
        ahead += [triple.object for triple in about[node] if isinstance(triple.object, ox.NamedNode)]


def _view(number: int, last: int, total: int) -> Iterator[ox.Triple]:
    yield from describe(CATALOGUE, "hydra:Collection", {"hydra:totalItems": typed(total, "xsd:integer")})
    facts = {"hydra:first": _page(1), "hydra:last": _page(last)}
    if number > 1:
        facts["hydra:previous"] = _page(number - 1)
    if number < last:
        facts["hydra:next"] = _page(number + 1)
    yield ox.Triple(CATALOGUE, named("hydra:view"), _page(number))
    yield from describe(_page(number), "hydra:PartialCollectionView", facts)


def _page(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{CATALOGUE.value}?pagina={number}")
