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
from kg_api.collections import BY_CONCEPT, COLLECTIONS, Collection, Filter
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
    return dict(sorted(found.items(), key=lambda pair: natural(pair[1].plain["ref"])))


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
        _sort(found, name.removeprefix("-"), backwards=name.startswith("-"))
    return found


def _sort(found: list[Member], name: str, *, backwards: bool) -> None:
    """Put 4.3.9 before 4.3.10, or the other way round, and in either order a thing without the value last."""
    found.sort(key=lambda member: natural(member.plain.get(name, "")), reverse=backwards)
    found.sort(key=lambda member: name not in member.plain)


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
    return questions.remembered(key, lambda: frozenset(row["ding"] for row in questions.rows(item.query, **terms)))


def _filters(collection: Collection, asked: Mapping[str, str]) -> list[Filter]:
    return [item for item in collection.filters if item.name in asked]


def _sortings(collection: Collection) -> list[str]:
    return [sign + name for name in collection.sortings for sign in ("", "-")]


def _searched(asked: Mapping[str, str]) -> str:
    value = asked.get("q", "")
    if len(value) > MOST_SEARCHED:
        raise parameters.wrong("q", said("too_long", name="q", most=MOST_SEARCHED))
    return value


def _term(questions: Questions, collection: Collection, item: Filter, value: str) -> ox.NamedNode | ox.Literal:
    """The RDF term for the value of a filter; raises Problem with the values that exist when there is no such one."""
    if item.name == "jaar":
        return _year(questions, collection, item, value)
    if item.name == "identificatie":
        return _identifier(questions, collection, item, value)
    if item.base != DEF or not re.fullmatch(r"[A-Za-z]{1,100}", value):
        parameters.ref(value, f"query.{item.name}", lambda value: _known(questions, collection, item, value))
    node = ox.NamedNode(item.base + value)
    if not knows(questions.store, node):
        raise _no_such(questions, collection, item, value)
    return node


def _year(questions: Questions, collection: Collection, item: Filter, value: str) -> ox.Literal:
    if not re.fullmatch(r"[0-9]{4}", value):
        known = _years(questions, collection)
        detail = said("no_year", name=item.name, value=parameters.shown(value), known=", ".join(known))
        raise parameters.wrong(item.name, detail, known)
    return ox.Literal(value, datatype=XSD_GYEAR)


def _identifier(questions: Questions, collection: Collection, item: Filter, value: str) -> ox.Literal:
    known = questions.kept(("identifiers", collection.name), lambda: _identifiers(questions, collection))
    if value not in known:
        raise parameters.unknown(item.name, value, parameters.closest(value, known))
    return ox.Literal(value)


def _identifiers(questions: Questions, collection: Collection) -> dict[str, str]:
    """What identifies the things of a collection elsewhere, each as its own name."""
    things = members(questions, collection)
    return {row["waarde"]: row["waarde"] for row in questions.rows("identificaties") if row["ding"] in things}


def _years(questions: Questions, collection: Collection) -> list[str]:
    """The years that things of a collection name; a question of its own, since the filter compares with one given."""
    things = members(questions, collection)
    rows = questions.kept("years", lambda: questions.rows("jaren"))
    return sorted({row["waarde"] for row in rows if row["ding"] in things})


def _known(questions: Questions, collection: Collection, item: Filter, value: str) -> list[str]:
    """The values of a filter, or those that are like this one when they are many."""
    return like(questions, item.concept, value) if item.concept else values(questions, collection, item)


def like(questions: Questions, concept: str, value: str) -> list[str]:
    """The refs of the things of a concept, or when they are many those that are like this one or whose name is."""
    return parameters.near(value, _names(questions, BY_CONCEPT[concept]))


def _names(questions: Questions, collection: Collection) -> Mapping[str, str]:
    """The names of the things of a collection by ref."""
    return {member.keys["ref"]: member.keys.get("naam", "") for member in members(questions, collection).values()}


def similar(questions: Questions, thing: str) -> list[str]:
    """What is like a name such as `voorziening/digit` that nothing has; of a bare ref, the things that have it."""
    concept, _, ref = thing.rpartition("/")
    if concept:
        known = _names(questions, BY_CONCEPT[concept]) if concept in BY_CONCEPT else {}
        return [f"{concept}/{name}" for name in parameters.closest(ref, known)]
    ref = ref.casefold()
    names = [f"{known}/{ref}" for known in BY_CONCEPT] if parameters.REF.fullmatch(ref) else []
    return [name for name in names if knows(questions.store, ox.NamedNode(ID + name))]


def _no_such(questions: Questions, collection: Collection, item: Filter, value: str) -> parameters.Problem:
    if item.concept:
        other = BY_CONCEPT[item.concept]
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
    known = _names(questions, collection)
    found = parameters.near(ref, known)
    message = "no_item" if not found else "no_item_of_few" if len(found) == len(known) else "no_item_but_near"
    named = {"name": name, "concept": collection.concept, "collection": collection.name}
    detail = said(message, value=parameters.shown(ref), known=", ".join(found), **named)
    return parameters.wrong(name.partition(".")[2], detail, found, "onbekend-ding", HTTPStatus.NOT_FOUND)
