"""A thing of a collection as plain JSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.namespaces import DEF, ID, compact
from kg_api.collections import BY_CONCEPT, Collection, Kind
from kg_api.questions import Questions

# What these refer to, a term of a list, a property or a source, is in no collection, so a reference says it all.
_SAID_IN_FULL = {DEF + name for name in ("soort", "status", "zekerheid", "eigenschap", "bron")}
_PART_OF = DEF + "onderdeelVan"
Row = Mapping[str, str]


def summary(questions: Questions, collection: Collection, iri: str, fields: Iterable[str] = ()) -> dict[str, Any]:
    """A thing as it is in a list: its ref, its IRI and its fields, or only those that are asked for."""
    thing = questions.remembered(("summary", iri), lambda: _summary(questions, collection, iri))
    wanted = set(fields) or set(thing)
    return {name: value for name, value in thing.items() if name in wanted}


def _summary(questions: Questions, collection: Collection, iri: str) -> dict[str, Any]:
    rows: dict[str, list[Row]] = {}
    for row in questions.rows(collection.query, ding=ox.NamedNode(iri)):
        rows.setdefault(row["eigenschap"], []).append(row)
    for row in _wholes(questions, rows.get(_PART_OF, ())):
        rows.setdefault(row["eigenschap"], []).append(row)
    values = {f.name: _VALUES[f.kind](rows[f.property]) for f in collection.fields if f.property in rows}
    return {"ref": iri.rpartition("/")[2], "uri": iri, **values}


def _wholes(questions: Questions, parents: Iterable[Row]) -> Iterable[Row]:
    """The plan, track, priority and action that a part of these is within; many things have the same."""
    found = {(row["eigenschap"], row["waarde"]): row for p in parents for row in _whole(questions, p["waarde"])}
    return found.values()


def _whole(questions: Questions, iri: str) -> list[Row]:
    return questions.remembered(("whole", iri), lambda: questions.rows("gehelen", deel=ox.NamedNode(iri)))


def item(questions: Questions, collection: Collection, iri: str, fields: Iterable[str] = ()) -> dict[str, Any]:
    """A thing by itself: what a list says of it, and its parts."""
    wanted = set(fields)
    parts = [name for name in collection.parts if not wanted or name in wanted]
    return summary(questions, collection, iri, wanted) | {name: PARTS[name](questions, iri) for name in parts}


def expand(questions: Questions, thing: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The thing with what these fields refer to said in full."""
    return thing | {name: _expanded(questions, thing[name]) for name in names if name in thing}


def _expanded(questions: Questions, value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_expanded(questions, part) for part in value]
    collection = BY_CONCEPT.get(value["concept"])
    return value | summary(questions, collection, value["uri"]) if collection else value


def names_of(collection: Collection, *, whole: bool) -> list[str]:
    """The names of the fields of a thing in a list or, when `whole`, by itself."""
    return ["ref", "uri", *(field.name for field in collection.fields), *(collection.parts if whole else ())]


def expandable(collection: Collection) -> list[str]:
    """The names of the fields that refer to things of a collection, of which there is more to say."""
    references = (field for field in collection.fields if field.kind in (Kind.REFERENCE, Kind.REFERENCES))
    return [field.name for field in references if field.property not in _SAID_IN_FULL]


def reference(iri: str, naam: str | None) -> dict[str, str]:
    """A thing in a few words: its ref, its concept, its IRI and its name."""
    concept, _, ref = (
        iri.removeprefix(ID).rpartition("/") if iri.startswith(ID) else ("begrip", "", iri.rpartition("#")[2])
    )
    return {"ref": ref, "concept": concept, "uri": iri} | ({"naam": naam} if naam else {})


_VALUES: dict[Kind, Callable[[list[Row]], Any]] = {
    Kind.TEXT: lambda rows: rows[0]["waarde"],
    Kind.TEXTS: lambda rows: _once(row["waarde"] for row in rows),
    Kind.NUMBER: lambda rows: int(rows[0]["waarde"]),
    Kind.REFERENCE: lambda rows: _reference(rows[0]),
    Kind.REFERENCES: lambda rows: list({row["waarde"]: _reference(row) for row in rows}.values()),
    Kind.ADDRESSES: lambda rows: _once(row["waarde"] for row in rows),
}


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _reference(row: Row) -> dict[str, str]:
    return reference(row["waarde"], row.get("naam"))


def _involved(questions: Questions, iri: str) -> list[dict[str, Any]]:
    return [_deelname(row) for row in questions.rows("deelnames", van=ox.NamedNode(iri))]


def _deelname(row: Row) -> dict[str, Any]:
    said = {"naamInBron": row.get("naamInBron"), "rol": row.get("rolNaam"), "toelichting": row.get("toelichting")}
    limit = {"beperktTot": reference(row["voor"], row.get("voorNaam"))} if "voor" in row else {}
    party = {"uri": row["deelname"], "partij": reference(row["partij"], row["partijNaam"])}
    return party | _present(said) | limit


def _relations(questions: Questions, iri: str) -> list[dict[str, Any]]:
    return [_relation(row) for row in questions.rows("relaties", van=ox.NamedNode(iri))]


def _relation(row: Row) -> dict[str, Any]:
    return {
        "eigenschap": compact(row["eigenschap"]),
        "eigenschapNaam": row["eigenschapNaam"],
        "ding": reference(row["ding"], row["dingNaam"]),
    } | _present({"toelichting": row.get("waarom")})


def _targets(questions: Questions, iri: str) -> list[dict[str, Any]]:
    return [_target(row) for row in questions.rows("streefwaarden", ding=ox.NamedNode(iri))]


def _target(row: Row) -> dict[str, Any]:
    numbers = {name: float(row[name]) for name in ("waarde", "waardeTot") if name in row}
    texts = _present({name: row.get(name) for name in ("waardeTekst", "eenheid", "populatie", "vergelijking")})
    year = {"richtjaar": int(row["richtjaar"])} if "richtjaar" in row else {}
    return {"uri": row["streefwaarde"]} | numbers | texts | year


def _places(questions: Questions, iri: str) -> list[str]:
    return _once(row["vindplaats"] for row in questions.rows("vindplaatsen", ding=ox.NamedNode(iri)))


def _present(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


PARTS: Mapping[str, Callable[[Questions, str], list[Any]]] = {
    "deelnames": _involved,
    "betrokkenen": _involved,
    "relaties": _relations,
    "streefwaarden": _targets,
    "vindplaatsen": _places,
}
