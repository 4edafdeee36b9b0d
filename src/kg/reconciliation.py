"""Names as they stand in a list elsewhere → the things that they may mean, best first, and whether that is certain.

A name means a thing for certain when the thing is called exactly that and no other thing in question is. Everything
else is likeness: names are compared by every three letters in a row, of which the rare ones count most (a trigram
index with inverse document frequencies). So neither a typing error nor another order of the words hides a thing, and
*ministerie* tells less than *bzk*.
"""

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from kg.namespaces import ID
from kg.search import fold, fold_name

OFFICIAL = ("identificatie", "naam", "afkorting", "andereNaam")
"""The kinds of name that say for certain which thing is meant, where only one thing has it; the best first."""
NUMBER = "nummer"
"""A number in a plan: each plan has a 1, so it only says so among things of a kind that was asked for."""
FIELDS = (*OFFICIAL, "aanhef", NUMBER)
"""All kinds of name that are looked at."""

LONGEST = 200
"""The characters of a name that are compared; a longer one is like what begins as it does."""
_LEAST = 30
_EXACTLY: Mapping[str, float] = {**dict.fromkeys(OFFICIAL, 100.0), "aanhef": 95.0, NUMBER: 90.0}
_MOST_COMPARED = 100
_WORD = re.compile(r"[^\W_]+")

Grams = frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """A thing that a name may mean, with a score from 0 to 100.

    `called` is the kind of name that is exactly the same, if one is. Both from 0 to 1: `name` says how much is the same
    of its most similar name and of what was asked, `words` how much of what was asked occurs in any of its names.
    """

    iri: str
    score: float
    certain: bool
    called: str | None
    name: float
    words: float


class Names:
    """What things are called, held in memory in order to compare it."""

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        """Take an IRI, a kind of name from FIELDS, and the name, as many times as there are names."""
        self._called: defaultdict[str, dict[str, str]] = defaultdict(dict)
        texts: dict[str, set[str]] = {}
        for iri, field, name in sorted(names, key=lambda row: FIELDS.index(row[1])):
            self._called[fold_name(name)].setdefault(iri, field)
            if field not in ("identificatie", NUMBER):
                texts.setdefault(iri, set()).add(name)
        self.things = sorted(texts)
        self._texts = texts
        for iri in self.things:
            for name in (iri, iri.removeprefix(ID)):
                self._called[fold_name(name)][iri] = "identificatie"
        self._grams = [[_grams(name) for name in sorted(texts[iri])] for iri in self.things]
        self._shortest = [min(map(len, grams)) for grams in self._grams]
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for place, grams in enumerate(self._grams):
            for gram in set().union(*grams):
                self._having[gram].append(place)
        most = len(self.things) + 1
        self._rarest = math.log(most)
        self._weights = {gram: math.log(most / len(places)) for gram, places in self._having.items()}

    def called(self, name: str) -> Mapping[str, str]:
        """The things that are called exactly this, capitals and diacritics aside, and by which kind of name."""
        return self._called.get(fold_name(name), {})

    def all(self, iri: str) -> Iterable[str]:
        """Every name of a thing but its numbers and identifiers, in all languages."""
        return sorted(self._texts.get(iri, ()))

    def like(
        self, name: str, among: Container[str] | None = None, wanted: Container[str] | None = None
    ) -> list[Candidate]:
        """What a name may mean, best first, of the things in `among`, or of all.

        Only one in `wanted` can be certain, and the others get half their score; None stands for all, of any kind.
        """
        exact = {iri: field for iri, field in self.called(name).items() if among is None or iri in among}
        rivals = [iri for iri in exact if wanted is None or iri in wanted]
        telling = OFFICIAL if wanted is None else (*OFFICIAL, NUMBER)
        likenesses = self._likenesses(name, exact, among)
        found = []
        for iri, (whole, words) in likenesses.items():
            score = _EXACTLY[exact[iri]] if iri in exact else 99 * (0.4 * whole + 0.6 * words)
            if score < _LEAST:
                continue
            if wanted is not None and iri not in wanted:
                score /= 2
            certain = rivals == [iri] and exact[iri] in telling
            found.append(Candidate(iri, round(score, 1), certain, exact.get(iri), round(whole, 3), round(words, 3)))
        return sorted(found, key=lambda candidate: (-candidate.score, -candidate.name, candidate.iri))

    def _likenesses(
        self, name: str, exact: Iterable[str], among: Container[str] | None
    ) -> dict[str, tuple[float, float]]:
        """How much the names of the most similar things are the same, with those that are called exactly this."""
        asked = _grams(name[:LONGEST])
        total = sum(self._weights.get(gram, self._rarest) for gram in asked)
        # A place for each thing rather than for each that is found: this loop is most of the time that a name takes.
        shared = [0.0] * len(self.things)
        for gram in asked:
            weight = self._weights.get(gram, self._rarest)
            for place in self._having.get(gram, ()):
                shared[place] += weight
        found = (place for place, weight in enumerate(shared) if weight)
        in_question = [place for place in found if among is None or self.things[place] in among]
        likenesses = dict.fromkeys(exact, (0.0, 0.0))
        for place in heapq.nlargest(
            _MOST_COMPARED, in_question, key=lambda place: (shared[place], -self._shortest[place])
        ):
            whole = max(2 * len(asked & grams) / (len(asked) + len(grams)) for grams in self._grams[place])
            likenesses[self.things[place]] = whole, shared[place] / total
        return likenesses


def _grams(name: str) -> Grams:
    """Every three characters in a row of its words, and their beginnings and ends."""
    padded = (f"  {word} " for word in _WORD.findall(fold(name)))
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))
