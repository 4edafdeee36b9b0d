"""Two graphs → the second with the labels of the first for those blank nodes that stand in the same place.

A label says nothing outside its own file, so the same blank node may be `_:c14n3` in one release and `_:c14n4` in the
next. Nodes are told apart by what is said with them, again and again until that tells no more of them apart (colour
refinement); nodes of the same colour are taken to be the same. Whatever is paired, the second graph stays what it was.
"""

import hashlib
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

import pyoxigraph as ox

Node = TypeVar("Node", bound=ox.NamedNode | ox.BlankNode | ox.Literal | ox.DefaultGraph)
_Colours = dict[tuple[int, str], str]
_MOST_LOOKS = 2_000_000
"""How often statements are looked at, some tens of seconds; in a larger graph, nodes far along a chain of nodes that
are all alike may then be paired the other way round."""
_LEAST_ROUNDS = 10


def relabel(quads: Collection[ox.Quad], like: Collection[ox.Quad]) -> set[ox.Quad]:
    """The statements `quads` with the labels that `like` has for the same blank nodes, and labels of no one else."""
    ours, theirs = [[quad for quad in side if _blank(quad)] for side in (quads, like)]
    if not ours:
        return set(quads)
    colours = _refine([ours, theirs])
    free: dict[str, deque[str]] = defaultdict(deque)
    for (side, label), colour in sorted(colours.items()):
        if side == 1:
            free[colour].append(label)
    taken = {label for side, label in colours if side == 1}
    names: dict[str, str] = {}
    for (side, label), colour in sorted(colours.items()):
        if side == 0:
            names[label] = free[colour].popleft() if free[colour] else _new(label, taken)
    return {quad for quad in quads if not _blank(quad)} | {_renamed(quad, names) for quad in ours}


def apart(quads: Iterable[ox.Quad], number: int) -> Iterator[ox.Quad]:
    """The statements of the file with this number among several, with labels that no other of them has."""

    def named(node: Node) -> Node:
        return ox.BlankNode(f"f{number}_{node.value}") if isinstance(node, ox.BlankNode) else node

    return (ox.Quad(named(q.subject), q.predicate, named(q.object), named(q.graph_name)) for q in quads)


def _blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def _new(label: str, taken: set[str]) -> str:
    while label in taken:
        label += "n"
    taken.add(label)
    return label


def _renamed(quad: ox.Quad, names: dict[str, str]) -> ox.Quad:
    subject, value = (
        ox.BlankNode(names[node.value]) if isinstance(node, ox.BlankNode) else node
        for node in (quad.subject, quad.object)
    )
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)


def _refine(sides: list[list[ox.Quad]]) -> _Colours:
    """A colour for every blank node of each side, the same on both sides for what cannot be told apart."""
    nodes = {
        (side, node.value)
        for side, quads in enumerate(sides)
        for quad in quads
        for node in (quad.subject, quad.object)
        if isinstance(node, ox.BlankNode)
    }
    colours, count = dict.fromkeys(nodes, ""), 0
    for _ in range(max(_LEAST_ROUNDS, _MOST_LOOKS // max(1, sum(map(len, sides))))):
        if count == len(set(colours.values())):
            break
        count = len(set(colours.values()))
        colours = _round(sides, colours)
    return colours


def _round(sides: list[list[ox.Quad]], colours: _Colours) -> _Colours:
    said: dict[tuple[int, str], list[str]] = defaultdict(list)
    for side, quads in enumerate(sides):
        for quad in quads:
            subject, value = (
                colours[side, node.value] if isinstance(node, ox.BlankNode) else str(node)
                for node in (quad.subject, quad.object)
            )
            for way, node, other in (("of", quad.subject, value), ("to", quad.object, subject)):
                if isinstance(node, ox.BlankNode):
                    said[side, node.value].append(f"{way} {quad.predicate} {other} {quad.graph_name}")
    return {node: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest() for node, lines in said.items()}
