"""Which things of a collection a request asks for, in which order."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from http import HTTPStatus

import pyoxigraph as ox

from kg.namespaces import DEF, ID
from kg.queries import XSD_GYEAR
from kg.search import fold
from kg.sorting import natural
from kg.store import knows
from kg_api import parameters
from kg_api.collections import COLLECTIONS, Collection, Filter
from kg_api.messages import said
from kg_api.questions import Questions

SEARCHED = ("ref", "naam", "afkorting", "nummer", "jaar")
MOST_SEARCHED = 100


@dataclass(frozen=True)
class Member:
    """A thing: its IRI, what a list is sorted and searched by, and the same without capitals and accents.

    `text` is all of that together, to be searched at once.
    """

    iri: str
    keys: Mapping[str, str]
    plain: Mapping[str, str]
    text: str


def members(questions: Questions, collection: Collection) -> Mapping[str, Member]:
    """The things of a collection by IRI, in the order of their refs."""
    return questions.kept(("members", collection.name), lambda: _members(questions, collection))


def _members(questions: Questions, collection: Collection) -> Mapping[str, Member]:
    start = f"{ID}{collection.concept}/"
    found: dict[str, Member] = {}
    for name in collection.classes:
        for row in sorted(questions.rows("leden", klasse=ox.NamedNode(DEF + name)), key=_row_key):
            iri = row["ding"]
            if iri not in found and iri.startswith(start) and parameters.REF.fullmatch(iri, len(start)):
                found[iri] = _member(iri, {**row, "ref": iri.removeprefix(start)})
    return dict(sorted(found.items(), key=lambda pair: _key(pair[1], "ref")))


def _row_key(row: Mapping[str, str]) -> list[str]:
    return [row.get(name, "") for name in SEARCHED]


def _member(iri: str, keys: Mapping[str, str]) -> Member:
    plain = {name: fold(keys[name]) for name in SEARCHED if name in keys}
    return Member(iri, keys, plain, "\n".join(plain.values()))


def find(questions: Questions, collection: Collection, asked: Mapping[str, str]) -> list[str]:
    """The IRIs of the things that all filters let through, sorted; raises Problem for a value that cannot be."""
    terms = [(item, _term(questions, collection, item, asked[item.name])) for item in _filters(collection, asked)]
    order = parameters.choices(asked, "sorteer", _sortings(collection)) or [collection.sorted_by]
    search = fold(_searched(asked))
    found = _ordered(questions, collection, order)
    for item, term in terms:
        let_through = _let_through(questions, item, term)
        found = [member for member in found if member.iri in let_through]
    return [member.iri for member in found if search in member.text]


def _ordered(questions: Questions, collection: Collection, order: list[str]) -> list[Member]:
    """All things of a collection in an order; those that people ask for most are kept."""
    if len(order) == 1:
        return questions.kept(("order", collection.name, *order), lambda: _sorted(questions, collection, order))
    return _sorted(questions, collection, order)


def _sorted(questions: Questions, collection: Collection, order: list[str]) -> list[Member]:
    found = list(members(questions, collection).values())
    # They come sorted by ref.
    for name in reversed(order if order != ["ref"] else []):
        found.sort(key=lambda member: _key(member, name.removeprefix("-")), reverse=name.startswith("-"))
    return found


def prepare(questions: Questions) -> None:
    """Read every collection in its own order, and the values of filters."""
    for collection in COLLECTIONS.values():
        _ordered(questions, collection, [collection.sorted_by])
        for item in collection.filters:
            if item.predicate:
                values(questions, collection, item)


def _let_through(questions: Questions, item: Filter, term: ox.NamedNode | ox.Literal) -> Set[str]:
    terms = {"waarde": term} | ({"eigenschap": ox.NamedNode(item.predicate)} if item.predicate else {})
    key = (item.query, *terms.values())
    return questions.kept(key, lambda: frozenset(row["ding"] for row in questions.rows(item.query, **terms)))


def _filters(collection: Collection, asked: Mapping[str, str]) -> list[Filter]:
    return [item for item in collection.filters if item.name in asked]


def _sortings(collection: Collection) -> list[str]:
    return [sign + name for name in collection.sortings for sign in ("", "-")]


def _searched(asked: Mapping[str, str]) -> str:
    value = asked.get("q", "")
    if len(value) > MOST_SEARCHED:
        raise parameters.wrong("q", said("too_long", name="q", most=MOST_SEARCHED))
    return value


def _key(member: Member, name: str) -> tuple[bool, list[tuple[int, int | str]]]:
    """What sorts 4.3.9 before 4.3.10, and a thing without the value last."""
    return name not in member.plain, natural(member.plain.get(name, ""))


def _term(questions: Questions, collection: Collection, item: Filter, value: str) -> ox.NamedNode | ox.Literal:
    """The RDF term for the value of a filter; raises Problem with the values that exist when there is no such one."""
    if item.name == "jaar":
        if not re.fullmatch(r"[0-9]{4}", value):
            raise parameters.wrong(item.name, said("no_year", name=item.name, value=parameters.shown(value)))
        return ox.Literal(value, datatype=XSD_GYEAR)
    if item.base != DEF or not re.fullmatch(r"[A-Za-z]{1,100}", value):
        parameters.ref(value, f"query.{item.name}")
    node = ox.NamedNode(item.base + value)
    if not knows(questions.store, node):
        raise _no_such(questions, collection, item, value)
    return node


def _no_such(questions: Questions, collection: Collection, item: Filter, value: str) -> parameters.Problem:
    if item.concept:
        other = next(found for found in COLLECTIONS.values() if found.concept == item.concept)
        return no_thing(questions, other, value, f"query.{item.name}")
    return parameters.no_choice(item.name, value, values(questions, collection, item))


def values(questions: Questions, collection: Collection, item: Filter) -> list[str]:
    """The values of a filter, which takes a term from a list, that let something of the collection through."""
    return questions.kept(("values", collection.name, item.name), lambda: _values(questions, collection, item))


def _values(questions: Questions, collection: Collection, item: Filter) -> list[str]:
    rows = (
        row
        for name in collection.classes
        for row in questions.rows(
            "waarden-van-klasse", klasse=ox.NamedNode(DEF + name), eigenschap=ox.NamedNode(item.predicate)
        )
    )
    return sorted({row["waarde"].removeprefix(item.base) for row in rows})


def no_thing(questions: Questions, collection: Collection, ref: str, name: str) -> parameters.Problem:
    """The problem that there is no such thing, with those that there are or that look like it."""
    known = {member.keys["ref"]: member.keys.get("naam", "") for member in members(questions, collection).values()}
    like = parameters.near(ref, known)
    message = "no_item" if not like else "no_item_of_few" if len(like) == len(known) else "no_item_but_near"
    named = {"name": name, "concept": collection.concept, "collection": collection.name}
    detail = said(message, value=parameters.shown(ref), known=", ".join(like), **named)
    return parameters.wrong(name.partition(".")[2], detail, like, "onbekend-ding", HTTPStatus.NOT_FOUND)
