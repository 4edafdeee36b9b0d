"""What a release has to reconcile with: things by name, their types, their properties and the values of these."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pyoxigraph as ox

from kg import search
from kg.labels import best_label, in_language
from kg.namespaces import DEF, ID, expand
from kg.reconciliation import FIELDS, Names
from kg.search import KINDS, fold_name
from kg.terms import DEFAULT_GRAPH, named
from kg_api.collections import BY_CONCEPT, Field, Kind
from kg_api.messages import said
from kg_api.problems import Problem
from kg_api.serving import Serving
from kg_api.texts import PROPERTY_TEXTS, TEXTS

CONCEPTS = KINDS[: KINDS.index("naamversie")]
"""The concepts of things that people have in lists of their own; what says why or where is none of these."""
_SAME = {"elders": "identificatie"}
"""An address elsewhere says for certain which thing is meant, as an identifier does."""
_REFERENCES = (Kind.REFERENCE, Kind.REFERENCES)
_ALSO: Mapping[str, tuple[Field, ...]] = {
    # They have no collection of their own, and have a name and a place in a plan as goals do.
    **dict.fromkeys(("opgave", "pijler", "coalitie"), BY_CONCEPT["doel"].fields),
    "actie": (Field("uitvoerders", DEF + "uitvoerder", Kind.REFERENCES, ""),),
    "voorziening": (Field("steuntOp", DEF + "steuntOp", Kind.REFERENCES, ""),),
    "afspraak": (Field("steuntOp", DEF + "steuntOp", Kind.REFERENCES, ""),),
    "wet": (Field("steuntOp", DEF + "steuntOp", Kind.REFERENCES, ""),),
}


def _properties_of(concepts: Iterable[str]) -> Mapping[str, Field]:
    fields = (known for name in concepts for known in (*_fields_of(name), *_ALSO.get(name, ())))
    return {known.property: known for known in fields}


def _fields_of(concept: str) -> tuple[Field, ...]:
    return BY_CONCEPT[concept].fields if concept in BY_CONCEPT else ()


PROPERTIES = _properties_of(CONCEPTS)
"""Every property that may be asked for, by its IRI."""


@dataclass
class Value:
    """A value of a property: a text with its language, if any, or the IRI of a thing with its names by language."""

    text: str
    language: str
    names: dict[str, str] = field(default_factory=dict)


class Reconcilable:
    """The things of one release, by name and by type; made once for each release."""

    def __init__(self, serving: Serving) -> None:
        if serving.search is None:
            raise Problem(HTTPStatus.NOT_FOUND, said("no_reconciling"))
        self._questions = serving.questions
        self.store = serving.questions.store
        texts = [
            (iri, _SAME.get(text.field, text.field), text.text) for iri, text in search.texts(serving.search, CONCEPTS)
        ]
        named = {iri for iri, _, _ in texts}
        self.names = Names(row for row in texts if row[1] in FIELDS)
        things: defaultdict[str, set[str]] = defaultdict(set)
        self._types: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._questions.rows("soorten"):
            if row["ding"] in named:
                things[row["soort"]].add(row["ding"])
                self._types[row["ding"]].append(row["soort"])
        # In the order in which people look for them, and what a thing is before what else it counts as.
        self.types: Mapping[str, set[str]] = dict(sorted(things.items(), key=lambda kind: _place(*kind)))
        for types in self._types.values():
            types.sort(key=list(self.types).index)

    def types_of(self, iri: str) -> list[str]:
        """The classes of a thing, the one that it is named after first."""
        return self._types.get(iri, [])

    def broader(self, iri: str) -> list[str]:
        """The classes directly above a class, of those that things have."""
        word = named("rdfs:subClassOf")
        quads = list(self.store.quads_for_pattern(ox.NamedNode(iri), word, None, DEFAULT_GRAPH))
        return sorted(other for other in (quad.object.value for quad in quads) if other in self.types and other != iri)

    def properties_of(self, iri: str) -> list[Field]:
        """The properties that things of a class may have."""
        concepts = {_concept(thing) for thing in self.types[iri]}
        return list(_properties_of(name for name in CONCEPTS if name in concepts).values())

    def name(self, iri: str, language: str) -> str:
        """What a thing, a class or a property is called."""
        return (
            TEXTS[PROPERTY_TEXTS[iri]][language]
            if iri in PROPERTY_TEXTS
            else best_label(self.store, ox.NamedNode(iri), language)
        )

    def description(self, iri: str, language: str) -> str | None:
        """What a thing is, or what a class or property means; in the other language where it is not said in this."""
        property_ = "skos:definition" if iri.startswith(DEF) else "dct:description"
        return in_language(self.store, ox.NamedNode(iri), named(property_), language)

    def described(self, iri: str, identifier: str, language: str) -> dict[str, str]:
        """A thing, a class or a property in the words of the standard: its identifier, its name, what it is."""
        description = self.description(iri, language)
        named = {"id": identifier, "name": self.name(iri, language)}
        return named | ({"description": description} if description else {})

    def named(self, iris: Iterable[str], language: str) -> list[dict[str, str]]:
        """Classes by IRI and name."""
        return [{"id": iri, "name": self.name(iri, language)} for iri in iris]

    def values(self, property_: Field) -> Mapping[str, Sequence[Value]]:
        """The values of a property, by the IRI of the thing that has them."""
        return self._questions.kept(("values", property_.property), lambda: self._values(property_))

    def _values(self, property_: Field) -> Mapping[str, Sequence[Value]]:
        found: defaultdict[str, dict[tuple[str, str], Value]] = defaultdict(dict)
        for row in self._questions.rows("waarden", eigenschap=ox.NamedNode(property_.property)):
            key = row["waarde"], row.get("taal", "")
            value = found[row["ding"]].setdefault(key, Value(*key))
            if "naam" in row:
                value.names.setdefault(row["naamTaal"], row["naam"])
        return {iri: list(values.values()) for iri, values in found.items()}

    def having(self, property_: Field, asked: Iterable[str]) -> set[str]:
        """The things of which a property has one of the asked values: a text, or a thing by IRI or name."""
        index = self._questions.kept(("having", property_.property), lambda: self._index(property_))
        wanted = {iri for text in asked for iri in (text, expand(text), *self.names.called(text)) if iri}
        # Many writings of one name are one name; without that each would cost all the things that have it.
        return set().union(*(index.get(name, ()) for name in set(map(fold_name, wanted))))

    def _index(self, property_: Field) -> Mapping[str, set[str]]:
        """The things that have a value, by its text or IRI and by its names, as these are compared."""
        having: defaultdict[str, set[str]] = defaultdict(set)
        for iri, values in self.values(property_).items():
            for value in values:
                for text in (value.text, *value.names.values()):
                    having[fold_name(text)].add(iri)
        return having


def cells(property_: Field, values: Iterable[Value], language: str) -> list[dict[str, Any]]:
    """The values of a property as data extension gives them; of texts in two languages those in the asked one."""
    values = list(values)
    if property_.kind in _REFERENCES:
        return [
            {"id": identifier(value.text), "name": value.names.get(language) or min(value.names.values())}
            if value.text.startswith(ID) and value.names
            else {"str": value.text}
            for value in values
        ]
    in_language = [value for value in values if value.language in ("", language)] or values
    if property_.kind is Kind.NUMBER:
        return [{"int": int(value.text)} for value in in_language]
    return [{"str": value.text} for value in in_language]


def identifier(iri: str) -> str:
    """A thing as this service names it: `voorziening/digid`, what its IRI has after the identifier space."""
    return iri.removeprefix(ID)


def _concept(iri: str) -> str:
    return identifier(iri).partition("/")[0]


def _place(class_: str, things: Collection[str]) -> tuple[int, bool, int]:
    """Where a class comes: by the first concept of its things, first what is named after that, then by how many."""
    first = min(CONCEPTS.index(_concept(thing)) for thing in things)
    return first, not class_.removeprefix(DEF).lower().startswith(CONCEPTS[first]), -len(things)
