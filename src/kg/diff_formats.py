"""What changed between two graphs as text: Markdown for people, JSON for programs, RDF Patch for stores.

RDF Patch is the text format of Apache Jena (https://jena.apache.org/documentation/rdf-patch/).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

import pyoxigraph as ox

from kg.diff import Changed, Diff, Thing, Value
from kg.namespaces import PREFIXES, compact

_WORDS = {
    "nl": {
        "title": "Wat er veranderde van {before} naar {after}",
        "same": "Niets: beide grafen zeggen hetzelfde.",
        "statements": "Uitspraken: {removed} weg, {added} erbij; {moved} alleen naar een ander bestand.",
        "things": "Dingen",
        "terms": "Begrippen",
        "shapes": "Vormen",
        "added": "Erbij",
        "removed": "Weg",
        "changed": "Veranderd",
        "inferred": "Wat regels vonden",
        "answers": "Antwoorden die anders zijn",
        "rule": "Regel",
        "question": "Vraag",
        "gone": "weg",
        "come": "erbij",
    },
    "en": {
        "title": "What changed from {before} to {after}",
        "same": "Nothing: both graphs say the same.",
        "statements": "Statements: {removed} gone, {added} new; {moved} only moved to another file.",
        "things": "Things",
        "terms": "Terms",
        "shapes": "Shapes",
        "added": "Added",
        "removed": "Removed",
        "changed": "Changed",
        "inferred": "What rules found",
        "answers": "Answers that changed",
        "rule": "Rule",
        "question": "Question",
        "gone": "gone",
        "come": "new",
    },
}
_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")
_STRING = PREFIXES["xsd"] + "string"


def markdown(diff: Diff, language: str) -> str:
    """A document with a chapter each for things, terms, shapes, inferred facts and answers; empty ones are left out."""
    t = _WORDS[language]
    lines = [f"# {t['title'].format(before=_plain(diff.before), after=_plain(diff.after))}", ""]
    if diff.is_empty:
        return "\n".join([*lines, t["same"], ""])
    counts = {"removed": len(diff.removed), "added": len(diff.added), "moved": diff.moved}
    lines += [t["statements"].format(**counts), ""]
    for area, things in diff.areas.items():
        lines += _chapter(t, t[area], things)
    lines += _table(t, "inferred", "rule", [(_plain(rule), *counts) for rule, counts in diff.inferred.items()])
    answers = [(f"{_plain(a.title)} (`{a.question}`)", a.removed, a.added) for a in diff.answers]
    return "\n".join(lines + _table(t, "answers", "question", answers))


def _chapter(t: Mapping[str, str], title: str, things: Sequence[Thing]) -> list[str]:
    lines = [f"## {title}", ""] if things else []
    for change in ("added", "removed", "changed"):
        found = [thing for thing in things if thing.change == change]
        if found:
            lines += [f"### {t[change]} ({len(found)})", "", *(line for thing in found for line in _entry(thing)), ""]
    return lines


def _entry(thing: Thing) -> Iterable[str]:
    kind = f"{_plain(thing.kind)}: " if thing.kind else ""
    yield f"- {kind}**{_plain(thing.name)}** `{compact(thing.iri)}`"
    if thing.change == "changed":
        yield from (f"  - {_plain(changed.name)}: {_said(changed)}" for changed in thing.properties)


def _said(changed: Changed) -> str:
    """One value for another as an arrow; else each with a sign of its own."""
    if len(changed.removed) == len(changed.added) == 1:
        return f"{_shown(changed.removed[0])} → {_shown(changed.added[0])}"
    signed = [f"- {_shown(value)}" for value in changed.removed] + [f"+ {_shown(value)}" for value in changed.added]
    return "; ".join(signed)


def _shown(value: Value) -> str:
    if value.iri:
        return f"{_plain(value.text)} `{compact(value.iri)}`"
    kind = f" ({value.language})" if value.language else ""
    return f"“{_plain(value.text)}”{kind}"


def _plain(text: str) -> str:
    """A text on one line in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _table(t: Mapping[str, str], title: str, column: str, rows: Sequence[tuple[str, int, int]]) -> list[str]:
    if not rows:
        return []
    head = [f"## {t[title]}", "", f"| {t[column]} | {t['gone']} | {t['come']} |", "|---|--:|--:|"]
    return [*head, *(f"| {name} | {gone} | {come} |" for name, gone, come in rows), ""]


def as_json(diff: Diff, _language: str) -> str:
    """One object with everything that `Diff` has; statements as counts, since the RDF Patch has them."""
    said = {
        "before": diff.before,
        "after": diff.after,
        "same": diff.is_empty,
        "statements": {"removed": len(diff.removed), "added": len(diff.added), "moved": diff.moved},
        **{area: [asdict(thing) for thing in things] for area, things in diff.areas.items()},
        "inferred": {rule: {"removed": gone, "added": come} for rule, (gone, come) in diff.inferred.items()},
        "answers": [asdict(answered) for answered in diff.answers],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def rdf_patch(diff: Diff, _language: str) -> str:
    """One transaction that makes the second graph of the first, blank nodes by the labels of the first."""
    return "".join(["TX .\n", *_rows("D", diff.removed), *_rows("A", diff.added), "TC .\n"])


def _rows(code: str, quads: Sequence[ox.Quad]) -> Iterable[str]:
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).decode()
    return (f"{code} {line}\n" for line in text.split("\n") if line)


FORMATS: Mapping[str, Callable[[Diff, str], str]] = {"markdown": markdown, "json": as_json, "rdfpatch": rdf_patch}
