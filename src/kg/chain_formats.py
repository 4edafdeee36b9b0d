"""Chains of things as text: a tree for people, JSON, CSV, a picture in Mermaid."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from kg.impact import Hop, Step
from kg.namespaces import compact

_COLUMNS = ("distance", "thing", "name", "leaf", "from", "relation", "to", "why", "where")


def tree(thing: str, steps: Sequence[Step]) -> str:
    """Each thing under what it was reached by, with the relation and the reason; what lies below it only once."""
    lines = [compact(thing), *_branches(thing, steps, 1, set())]
    return "\n".join([*lines, f"({len(steps)} things)"])


def _branches(thing: str, steps: Sequence[Step], distance: int, shown: set[str]) -> list[str]:
    if thing in shown:
        return []
    shown.add(thing)
    lines: list[str] = []
    for step in (step for step in steps if step.distance == distance):
        hops = [hop for hop in step.hops if thing in (hop.van, hop.naar)]
        if hops:
            lines.append(f"{'  ' * distance}{step.naam or ''} [{compact(step.iri)}]: {'; '.join(map(_said, hops))}")
            lines += _branches(step.iri, steps, distance + 1, shown)
    return lines


def _said(hop: Hop) -> str:
    """The relation as the thing at its start says it, with the reason where one is stated."""
    reason = f" ({hop.reasons[0].toelichting})" if hop.reasons else ""
    return f"{compact(hop.van)} {hop.eigenschap_naam} {compact(hop.naar)}{reason}"


def chain(hops: Sequence[Hop]) -> str:
    """A path, a hop on each line."""
    return "\n".join(map(_said, hops))


def as_json(thing: str, steps: Sequence[Step]) -> str:
    """The things with their hops, and of each hop its reasons."""
    found = [
        {"thing": step.iri, "name": step.naam, "distance": step.distance, "leaf": step.leaf, "hops": _hops(step)}
        for step in steps
    ]
    return json.dumps({"thing": thing, "found": found}, ensure_ascii=False, indent=2)


def _hops(step: Step) -> list[dict[str, object]]:
    return [
        {
            "from": hop.van,
            "relation": hop.eigenschap,
            "to": hop.naar,
            "reasons": [
                {"verband": r.verband, "why": r.toelichting, "certainty": r.zekerheid, "where": r.vindplaatsen}
                for r in hop.reasons
            ],
        }
        for hop in step.hops
    ]


def as_csv(_thing: str, steps: Sequence[Step]) -> str:
    """A line for each hop."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for step, hop in ((found, hop) for found in steps for hop in found.hops):
        why = "; ".join(reason.toelichting for reason in hop.reasons)
        where = "; ".join(place for reason in hop.reasons for place in reason.vindplaatsen)
        leaf = "yes" if step.leaf else "no"
        name = step.naam or ""
        writer.writerow([step.distance, step.iri, name, leaf, hop.van, hop.eigenschap_naam, hop.naar, why, where])
    return output.getvalue().rstrip("\n")


def mermaid(thing: str, steps: Sequence[Step]) -> str:
    """A flowchart from what depends to what it depends on."""
    names = {thing: compact(thing)} | {step.iri: step.naam or compact(step.iri) for step in steps}
    ids = {iri: f"n{number}" for number, iri in enumerate(names)}
    boxes = [f'    {ids[iri]}["{name.replace(chr(34), "#quot;")}"]' for iri, name in names.items()]
    hops = dict.fromkeys((hop.van, hop.eigenschap_naam, hop.naar) for step in steps for hop in step.hops)
    arrows = [f"    {ids[van]} -->|{name}| {ids[naar]}" for van, name, naar in hops]
    return "\n".join(["flowchart LR", *boxes, *arrows])


FORMATS: Mapping[str, Callable[[str, Sequence[Step]], str]] = {
    "tree": tree,
    "json": as_json,
    "csv": as_csv,
    "mermaid": mermaid,
}
