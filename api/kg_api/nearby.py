"""Names that are like one that nothing has."""

from difflib import get_close_matches

import pyoxigraph as ox

from kg.namespaces import ID
from kg_api.questions import Questions

_MOST = 5
_LIKENESS = 0.55
_LONGEST = 100


def nearest(questions: Questions, concept: str, ref: str, language: str) -> list[dict[str, str]]:
    """The things of a concept whose ref or label is most like this ref: name and address of each, best first."""
    named = questions.rows("namen-van-begrip", begin=ox.Literal(f"{ID}{concept}/"))
    labels = {row["ding"]: row["naam"] for row in named if row["taal"] in ("", language)}
    known: dict[str, str] = {}
    for row in named:
        known.setdefault(row["ding"].rpartition("/")[2], row["ding"])
        known.setdefault(row["naam"].lower(), row["ding"])
    wanted = ref.lower()[:_LONGEST]
    begins = [name for name in sorted(known) if wanted and name.startswith(wanted)]
    found = [*begins[:_MOST], *get_close_matches(wanted, known, _MOST, _LIKENESS)]
    things = dict.fromkeys(known[name] for name in found)
    return [{"name": labels.get(iri, iri), "href": "/doc/" + iri.removeprefix(ID)} for iri in list(things)[:_MOST]]
