"""What depends on a thing, what it depends on, and how two things are connected: hop by hop, each with its reasons.

What leans on a thing is followed for as long as something leans on that (`sb:steuntOp`). What waits for it
(`sb:wachtOp`) is followed for one hop, at its own end of the chain, for through an action that delivers something
everything would soon wait for everything. What is about a hit thing is hit too, and passes nothing on: a leaf.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from kg.errors import NotFoundError, QueryError
from kg.namespaces import DEF, compact
from kg.store import Rows
from kg.terms import node

MOST_HOPS = 20
_MOST_THINGS = 5000
_LEANS, _DEPENDS, _ABOUT = DEF + "steuntOp", DEF + "hangtAfVan", DEF + "betreft"
# A relation that follows from its inverse has its reason there.
_INVERSES = {DEF + "geleverdDoor": DEF + "levert", DEF + "voorbereidDoor": DEF + "bereidtVoor"}

Relations = Mapping[str, tuple[str, frozenset[str]]]


@dataclass(frozen=True)
class Reason:
    """Why a hop is there: the stated relation, its words, how certain it is, and where the source says so."""

    verband: str
    toelichting: str
    zekerheid: str | None
    vindplaatsen: tuple[str, ...]


@dataclass(frozen=True)
class Hop:
    """One thing that depends on, is about or goes with another."""

    van: str
    eigenschap: str
    eigenschap_naam: str
    naar: str
    reasons: tuple[Reason, ...] = ()


@dataclass
class Step:
    """A thing that was reached, after how many hops, and the last of these; a leaf passes nothing on."""

    iri: str
    naam: str | None
    distance: int
    leaf: bool = False
    hops: list[Hop] = field(default_factory=list)


@dataclass(frozen=True)
class _Link:
    """A direct relation as seen from one of its ends."""

    hop: Hop
    other: str
    naam: str | None
    broader: frozenset[str]


class Chains:
    """The chains of one graph, which `rows` asks its prepared questions; with `kinds`, by those relations only."""

    def __init__(self, rows: Rows, kinds: Iterable[str] = (), relations: Relations | None = None) -> None:
        self._rows = rows
        self._kinds = set(kinds)
        self._known = relations
        self._hops_to: dict[str, list[_Link]] = {}
        self._hops_from: dict[str, list[_Link]] = {}

    @cached_property
    def relations(self) -> Relations:
        """Each relation that can be followed: its label, and the relations that it falls under, itself included."""
        if self._known is not None:
            return self._known
        found: dict[str, tuple[str, set[str]]] = {}
        for row in self._rows("eigenschappen"):
            found.setdefault(row["eigenschap"], (row["naam"], set()))[1].add(row["boven"])
        return {iri: (name, frozenset(broader)) for iri, (name, broader) in found.items()}

    def dependents(self, thing: str, depth: int = MOST_HOPS, *, leaves: bool = True) -> list[Step]:
        """What is hit when a thing changes, nearest first."""
        found = self._spread([thing], depth, self._to, lambda distance: _LEANS if distance > 1 else _DEPENDS)
        hit = {thing: Step(thing, None, 0), **found}
        for step in list(hit.values()) if leaves else ():
            for link in self._to(step.iri) if step.distance < depth else ():
                if _ABOUT in link.broader and link.other not in hit:
                    leaf = found.setdefault(link.other, Step(link.other, link.naam, step.distance + 1, leaf=True))
                    if leaf.distance == step.distance + 1:
                        leaf.hops.append(link.hop)
        return self._reasoned(found.values())

    def dependencies(self, thing: str, depth: int = MOST_HOPS) -> list[Step]:
        """What a thing depends on, nearest first; what it waits for is a leaf."""
        leaning = self._spread([thing], depth, self._from, lambda _: _LEANS)
        found = dict(leaning)
        for step in [Step(thing, None, 0), *leaning.values()]:
            for link in self._from(step.iri) if step.distance < depth else ():
                if _DEPENDS in link.broader and _LEANS not in link.broader and link.other not in {thing, *leaning}:
                    leaf = found.setdefault(link.other, Step(link.other, link.naam, step.distance + 1, leaf=True))
                    if leaf.distance == step.distance + 1:
                        leaf.hops.append(link.hop)
        return self._reasoned(found.values())

    def path(self, start: str, end: str, depth: int = MOST_HOPS) -> list[Hop]:
        """A shortest chain of relations between two things, whichever way each points; empty when there is none.

        Raises QueryError when it would have to look at too many things.
        """
        came_by: dict[str, _Link | None] = {start: None}
        edge = [start]
        for _ in range(depth):
            if end in came_by:
                break
            edge = [link.other for iri in edge for link in self._around(iri) if self._is_new(came_by, link)]
        return self._back(came_by, start, end) if end in came_by else []

    def _is_new(self, came_by: dict[str, _Link | None], link: _Link) -> bool:
        if link.other in came_by:
            return False
        if len(came_by) >= _MOST_THINGS:
            raise QueryError(f"more than {_MOST_THINGS} things lie between; ask for a smaller depth, or fewer kinds")
        came_by[link.other] = link
        return True

    def _back(self, came_by: Mapping[str, _Link | None], start: str, end: str) -> list[Hop]:
        hops: list[Hop] = []
        while end != start:
            link = came_by[end]
            hops.append(self._with_reasons(link.hop))
            end = link.hop.naar if link.hop.van == end else link.hop.van
        return hops[::-1]

    def _spread(
        self, start: list[str], depth: int, links: Callable[[str], list[_Link]], follow: Callable[[int], str]
    ) -> dict[str, Step]:
        """What is reached from the start, each thing by all hops of its shortest chains."""
        found: dict[str, Step] = {}
        edge = start
        for distance in range(1, depth + 1):
            reached: dict[str, Step] = {}
            for link in (link for iri in edge for link in links(iri) if follow(distance) in link.broader):
                if link.other not in found and link.other not in start:
                    step = reached.setdefault(link.other, Step(link.other, link.naam, distance))
                    step.hops.append(link.hop)
            found |= reached
            edge = list(reached)
            if len(found) > _MOST_THINGS:
                raise QueryError(
                    f"more than {_MOST_THINGS} things are reached; ask for a smaller depth, or fewer kinds"
                )
        return found

    def _around(self, iri: str) -> list[_Link]:
        return self._from(iri) + self._to(iri)

    def _to(self, iri: str) -> list[_Link]:
        if iri not in self._hops_to:
            rows = self._rows("stap-naar", naar=ox.NamedNode(iri))
            self._hops_to[iri] = self._links(rows, "van", lambda other, name, label: Hop(other, name, label, iri))
        return self._hops_to[iri]

    def _from(self, iri: str) -> list[_Link]:
        if iri not in self._hops_from:
            rows = self._rows("stap-van", van=ox.NamedNode(iri))
            self._hops_from[iri] = self._links(rows, "naar", lambda other, name, label: Hop(iri, name, label, other))
        return self._hops_from[iri]

    def _links(self, rows: list[dict[str, str]], end: str, hop: Callable[[str, str, str], Hop]) -> list[_Link]:
        """The relations to each other thing, without those that only repeat a more precise one."""
        names: dict[str, set[str]] = {}
        labels: dict[str, str | None] = {}
        for row in rows:
            if row["eigenschap"] in self.relations:
                names.setdefault(row[end], set()).add(row["eigenschap"])
                labels[row[end]] = row.get("anderNaam")
        return [
            _Link(hop(other, name, self.relations[name][0]), other, labels[other], self.relations[name][1])
            for other, found in names.items()
            for name in sorted(found)
            if self._is_precise(name, found) and (not self._kinds or self._kinds & self.relations[name][1])
        ]

    def _is_precise(self, name: str, found: set[str]) -> bool:
        return not any(name in self.relations[other][1] for other in found if other != name)

    def _reasoned(self, steps: Iterable[Step]) -> list[Step]:
        for step in steps:
            step.hops = [self._with_reasons(hop) for hop in step.hops]
        return sorted(steps, key=lambda step: (step.distance, step.leaf, step.naam or "", step.iri))

    def _with_reasons(self, hop: Hop) -> Hop:
        """The hop with what the stated relations between its ends say of it."""
        reasons = self._stated(hop.van, hop.eigenschap, hop.naar)
        if hop.eigenschap in _INVERSES:
            reasons += self._stated(hop.naar, _INVERSES[hop.eigenschap], hop.van)
        return Hop(hop.van, hop.eigenschap, hop.eigenschap_naam, hop.naar, reasons)

    def _stated(self, van: str, eigenschap: str, naar: str) -> tuple[Reason, ...]:
        found: dict[str, list[dict[str, str]]] = {}
        for row in self._rows("redenen", van=ox.NamedNode(van), naar=ox.NamedNode(naar)):
            if row["eigenschap"] == eigenschap:
                found.setdefault(row["verband"], []).append(row)
        return tuple(_reason(rows) for rows in found.values())


def _reason(rows: list[dict[str, str]]) -> Reason:
    places = tuple(dict.fromkeys(row["vindplaats"] for row in rows if "vindplaats" in row))
    return Reason(rows[0]["verband"], rows[0]["toelichting"], rows[0].get("zekerheid"), places)


def named(ask: Rows, words: str) -> str:
    """The IRI of the thing that an IRI, `voorziening/digid`, `voorziening:digid` or a name stands for.

    Raises NotFoundError when there is none, and QueryError when several have that name.
    """
    thing = node(words)
    if thing and ask("bekend", ding=thing):
        return thing.value
    found = [row["ding"] for row in ask("genoemd", naam=ox.Literal(words))]
    if len(found) > 1:
        raise QueryError(f"'{words}' fits more than one thing: {', '.join(map(compact, found))}")
    if not found:
        raise NotFoundError(f"the graph knows no '{words}'; give an IRI, voorziening/digid, or a whole name")
    return found[0]
