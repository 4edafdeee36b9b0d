"""Names of ours in the texts of records: as whole words, the longest name first, abbreviations with their capitals."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kg.linking import names
from kg.linking.things import Thing
from kg.namespaces import DEF, PREFIXES

KINDS = frozenset(("wet", "voorziening"))
"""What is looked for in texts: laws and facilities."""
FIELDS = (DEF + "grondslagTekst", DEF + "bronnenTekst", PREFIXES["dct"] + "description")
"""The texts in which is looked."""

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"(https?://|www\.)\S*", re.IGNORECASE)
# A word, and whether it goes on from the one before: in wetten.overheid.nl the website Overheid.nl is not named.
# After a full stop that only lacks its space a word has a capital.
_PLACED = re.compile(r"(?P<bound>(?<=[.@])[a-z]\w*)|(?P<free>\w+)")
# A name after one of these is part of the name of another rule: the decree under an act, the act under a regulation.
_NAMES_ANOTHER = frozenset(
    (
        *("uitvoeringswet", "uitvoeringsbesluit", "uitvoeringsregeling", "uitvoeringsverordening", "invoeringswet"),
        *("aanpassingswet", "implementatiewet", "besluit", "regeling", "wijzigingswet", "invoeringsbesluit"),
    )
)


@dataclass(frozen=True)
class Written:
    """A name as texts have it."""

    text: str
    exact: bool
    """Whether capitals count, as they do for an abbreviation: the Woo is no woo, the Who no who."""


class Vocabulary:
    """Which things each name may mean, looked up by its first word."""

    def __init__(self, meanings: Mapping[Written, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Written]]] = defaultdict(list)
        self.meanings = {written: tuple(sorted(set(iris))) for written, iris in meanings.items()}
        for written in self.meanings:
            words = tuple(names.plain(written.text).split())
            if words:
                self._by_first[words[0]].append((words, written))
        for found in self._by_first.values():
            found.sort(key=lambda one: (-len(one[0]), not one[1].exact, one[1].text))

    def found_in(self, text: str) -> set[Written]:
        """The names that stand in a text; where one holds another, only the longer."""
        words_of = list(_PLACED.finditer(_ADDRESS.sub(" ", text).replace("_", " ")))
        raw, free = [match[0] for match in words_of], [bool(match["free"]) for match in words_of]
        plain = [names.plain(word) for word in raw]
        found, place = set(), 0
        while place < len(plain):
            length = 1
            for words, written in self._by_first.get(plain[place], ()):
                if self._stands(words, written, plain, raw, place):
                    length = len(words)
                    if free[place] and not (place and plain[place - 1] in _NAMES_ANOTHER):
                        found.add(written)
                    break
            place += length
        return found

    @staticmethod
    def _stands(words: tuple[str, ...], written: Written, plain: list[str], raw: list[str], place: int) -> bool:
        if tuple(plain[place : place + len(words)]) != words:
            return False
        return not written.exact or raw[place : place + len(words)] == _WORD.findall(written.text)


def vocabulary(ours: Iterable[Thing], more: Iterable[tuple[str, str]] = ()) -> Vocabulary:
    """The names and abbreviations of the things that are looked for, and more pairs of a name and what it means."""
    meanings: dict[Written, set[str]] = defaultdict(set)
    # Two writings of one name are one; the first, which is the official one, stands for both.
    known: dict[str, Written] = {}
    pairs = [pair for thing in ours if thing.kind in KINDS for pair in _names(thing)]
    pairs += [(_written(name, ()), iri) for name, iri in more]
    for written, iri in pairs:
        key = written.text if written.exact else names.plain(written.text)
        meanings[known.setdefault(key, written)].add(iri)
    return Vocabulary(meanings)


def _names(thing: Thing) -> Iterable[tuple[Written, str]]:
    for name in thing.names:
        yield _written(name.text, thing.abbreviations), thing.iri
    for short in sorted(thing.abbreviations):
        yield Written(short, exact=True), thing.iri


def _written(name: str, abbreviations: AbstractSet[str] | tuple[()]) -> Written:
    """A name with which capitals count when it is an abbreviation, or a short word with capitals after the first."""
    return Written(name, exact=name in abbreviations or (len(name) <= 6 and name[1:] != name[1:].lower()))
