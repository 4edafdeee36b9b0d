"""Pairs of things that may be the same, each with a confidence and its reasons.

Names are compared in the ways of `names`, from the same official name down to names that are alike. To compare every
name with every other would take hours, so a pair is looked at only when the two share an identifier, a name, an
abbreviation, or one of the rarest three-letter pieces of a name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from kg.linking import names
from kg.linking.things import Name, Thing
from kg.namespaces import DEF, PREFIXES
from kg.sssom import CLOSE_MATCH, EXACT_MATCH, LEXICAL, SIMILAR

PREDICATES = {
    ("organisatie", "organisatie"): EXACT_MATCH,
    ("wet", "wet"): EXACT_MATCH,
    ("voorziening", "dataset"): CLOSE_MATCH,
    ("programma", "project"): CLOSE_MATCH,
}
"""Which kinds go together, and what a pair of them is; a register and the dataset made of it are close, not one."""

SAME_IDENTIFIER = "same identifier"
SAME_OFFICIAL_NAME = "same official name, and a kind that fits"
MOST = 5
"""How many candidates a thing gets at most."""
LIKENESS = 0.84
"""From which likeness on two names are candidates."""
MEASURE = "https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html#ratio"
_PIECES = 8
_MOST_NEAR = 5000
_LIKEST = 20
_AGREEING = 0.03
_ENDED = 0.8
_IDENTIFIER = PREFIXES["dct"] + "identifier"
_ABBREVIATION = DEF + "afkorting"


@dataclass(frozen=True)
class Candidate:
    """A pair with what speaks for it."""

    ours: Thing
    theirs: Thing
    predicate: str
    confidence: float
    subject_field: str
    object_field: str
    matched: str
    reasons: tuple[str, ...]
    justification: str = LEXICAL
    score: float | None = None
    """Likeness of the two names, where that is the evidence."""
    rule: str = ""
    """By which rule it is accepted without a person; empty for a proposal."""

    @property
    def order(self) -> tuple:
        """The best first, then by IRI or name."""
        return (-self.confidence, self.theirs.iri, self.theirs.label)


def candidates(ours: Sequence[Thing], theirs: Sequence[Thing]) -> list[Candidate]:
    """For each thing of ours the likeliest things of theirs, best first.

    A thing that is linked to one of theirs already gets none. One rule accepts a pair without a person: an identifier
    that both have, or the same official name with a kind that fits, and no other thing on either side for which the
    same holds.
    """
    index = _Index(theirs)
    known = {thing.iri for thing in theirs if thing.iri}
    found: list[Candidate] = []
    for thing in ours:
        if not (thing.matches & known):
            pairs = (_compared(thing, theirs[place]) for place in index.near(thing))
            found += [candidate for candidate in pairs if candidate]
    return _best(_without_rivals(found))


def _without_rivals(found: list[Candidate]) -> list[Candidate]:
    """Take the rule from pairs of which a thing fits another as well; an identifier goes before a name."""
    settled = {end for one in found if one.rule == SAME_IDENTIFIER for end in _ends(one)}
    left = [
        _for_a_person(one, "an identifier says otherwise")
        if one.rule == SAME_OFFICIAL_NAME and settled.intersection(_ends(one))
        else one
        for one in found
    ]
    taken = Counter(end for one in left if one.rule for end in _ends(one))
    return [
        _for_a_person(one, "more than one thing fits") if any(taken[end] > 1 for end in _ends(one)) else one
        for one in left
    ]


def _ends(candidate: Candidate) -> list[tuple[str, str, str]]:
    """What may be accepted only once; a party may have many names in a register, but a name means one party."""
    theirs = ("theirs", candidate.theirs.iri, candidate.theirs.label)
    return [theirs, ("ours", candidate.ours.iri, "")] if candidate.theirs.iri else [theirs]


def _for_a_person(candidate: Candidate, reason: str) -> Candidate:
    if not candidate.rule:
        return candidate
    return replace(candidate, rule="", reasons=(*candidate.reasons, reason))


def _best(found: Iterable[Candidate]) -> list[Candidate]:
    by_thing: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in found:
        by_thing[candidate.ours.iri].append(candidate)
    return [candidate for iri in sorted(by_thing) for candidate in _likeliest(by_thing[iri])]


def _likeliest(of_one: list[Candidate]) -> list[Candidate]:
    """What a rule accepted, and for a register that goes by names all of that; else the best few."""
    accepted = [candidate for candidate in of_one if candidate.rule]
    open_ones = sorted((candidate for candidate in of_one if not candidate.rule), key=lambda one: one.order)
    if any(candidate.theirs.iri for candidate in accepted):
        return accepted
    return [*accepted, *open_ones[:MOST]]


class _Index:
    """Where in a list of things each key stands, and each name that is like another."""

    def __init__(self, things: Sequence[Thing]) -> None:
        self._keys: dict[str, list[int]] = defaultdict(list)
        self._things: dict[str, list[int]] = defaultdict(list)
        for place, thing in enumerate(things):
            for key in _keys(thing):
                self._keys[key].append(place)
            for name in {names.bare(name.text) for name in thing.names}:
                self._things[name].append(place)
        self._names = sorted(self._things)
        self._in_order = [names.in_order(name) for name in self._names]
        self._pieces: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for piece in names.trigrams(name):
                self._pieces[piece].append(number)

    def near(self, thing: Thing) -> list[int]:
        """The places of the things that are worth comparing, in order."""
        found = {place for key in _keys(thing) for place in self._keys.get(key, ())}
        for name in {names.bare(name.text) for name in thing.names}:
            for number in self._alike(name):
                found.update(self._things[self._names[number]])
        # What so many things are called tells none of them apart.
        return sorted(found)[:_MOST_NEAR]

    def _alike(self, name: str) -> set[int]:
        """The numbers of the names that are like this one, with their words as they stand or in any order."""
        near = self._sharing(name)
        asked = ((name, self._names), (names.in_order(name), self._in_order))
        found = (
            process.extract(
                text, {i: all_names[i] for i in near}, scorer=fuzz.ratio, score_cutoff=LIKENESS * 100, limit=_LIKEST
            )
            for text, all_names in asked
        )
        return {number for names_found in found for _, _, number in names_found}

    def _sharing(self, name: str) -> set[int]:
        """The numbers of the names that share one of the rarest pieces of a name, while they are not too many."""
        known = sorted((len(self._pieces[piece]), piece) for piece in names.trigrams(name) if piece in self._pieces)
        found: set[int] = set()
        for count, piece in known[:_PIECES]:
            if len(found) + count > _MOST_NEAR:
                break
            found.update(self._pieces[piece])
        return found


def _keys(thing: Thing) -> set[str]:
    """Under which a thing is looked up: identifiers as they are, names and abbreviations without case and signs."""
    texts = [*(name.text for name in thing.names), *thing.abbreviations]
    return {*thing.identifiers, *map(names.plain, texts), *(names.core(name.text) for name in thing.names)}


def _compared(ours: Thing, theirs: Thing) -> Candidate | None:
    """The pair with its best evidence; None where the kinds do not go together or nothing speaks for it."""
    predicate = PREDICATES.get((ours.kind, theirs.kind))
    if predicate is None:
        return None
    shared = sorted(ours.identifiers & theirs.identifiers)
    if shared:
        reason = f"both have the identifier {shared[0]}"
        rule = SAME_IDENTIFIER if predicate == EXACT_MATCH else ""
        return Candidate(ours, theirs, predicate, 1, _IDENTIFIER, _IDENTIFIER, shared[0], (reason,), rule=rule)
    if ours.sort and theirs.sort and ours.sort != theirs.sort:
        return None
    return _by_name(ours, theirs, predicate)


def _by_name(ours: Thing, theirs: Thing, predicate: str) -> Candidate | None:
    evidence = [found for a in ours.names for b in theirs.names if (found := _names(a, b, ours.kind))]
    short = _abbreviation(ours, theirs)
    best = max([*evidence, *short], key=lambda one: (one.confidence, one.matched), default=None)
    if best is None:
        return None
    confidence, reasons = best.confidence, [best.reason]
    if short and best not in short:
        confidence, reasons = min(confidence + _AGREEING, 0.99), [*reasons, short[0].reason]
    if not theirs.current:
        confidence, reasons = confidence * _ENDED, [*reasons, "ended, says the register"]
    automatic = best.official and theirs.current and predicate == EXACT_MATCH
    return Candidate(
        *(ours, theirs, predicate, round(confidence, 3), best.subject_field, best.object_field, best.matched),
        *(tuple(reasons), SIMILAR if best.score is not None else LEXICAL, best.score),
        SAME_OFFICIAL_NAME if automatic else "",
    )


@dataclass(frozen=True)
class _Evidence:
    confidence: float
    reason: str
    subject_field: str
    object_field: str
    matched: str
    official: bool = False
    score: float | None = None


def _names(a: Name, b: Name, kind: str) -> _Evidence | None:
    """What two names say of two things."""
    fields = (a.field, b.field)
    if names.plain(a.text) == names.plain(b.text):
        official = a.official and b.official
        reason = "same official name" if official else "same name"
        return _Evidence(0.95 if official else 0.9, reason, *fields, names.plain(a.text), official)
    if not _may_be_one(a.text, b.text, kind):
        return None
    years = {names.numbers(a.text), names.numbers(b.text)}
    if len(years) == 2 and frozenset() not in years:
        return None
    left, right = names.bare(a.text), names.bare(b.text)
    without = ", one of them with a number" if len(years) == 2 else ""
    if left and left == right:
        return _Evidence(0.7 if without else 0.85, f"same name but for small words{without}", *fields, left)
    likeness = max(fuzz.ratio(left, right), fuzz.ratio(names.in_order(left), names.in_order(right))) / 100
    if likeness < LIKENESS:
        return None
    confidence = likeness * (0.7 if without else 0.8)
    return _Evidence(confidence, f"names are alike{without}", *fields, "", score=round(likeness, 3))


def _may_be_one(a: str, b: str, kind: str) -> bool:
    """Whether nothing in two unequal names says that they are those of two things."""
    sorts = {names.sort(a), names.sort(b)} - {""}
    forms = {names.rule_form(a), names.rule_form(b)} - {""} if kind == "wet" else set()
    return names.telling(a) == names.telling(b) and len(sorts) < 2 and len(forms) < 2


def _abbreviation(ours: Thing, theirs: Thing) -> list[_Evidence]:
    """Evidence from abbreviations, also where one stands as the name of the other."""
    found = []
    for a, b, subject_field, object_field in (
        (ours.abbreviations, theirs.abbreviations, _ABBREVIATION, _ABBREVIATION),
        (ours.abbreviations, {name.text for name in theirs.names}, _ABBREVIATION, PREFIXES["skos"] + "prefLabel"),
        ({name.text for name in ours.names}, theirs.abbreviations, PREFIXES["skos"] + "prefLabel", _ABBREVIATION),
    ):
        both = {names.plain(text) for text in a} & {names.plain(text) for text in b}
        found += [_Evidence(0.6, f"same abbreviation {one}", subject_field, object_field, one) for one in sorted(both)]
    return found[:1]
