"""Search by words, over everything that has a name: an SQLite index that is built with the release.

`build` takes a store and writes the index; `search` takes its path and words, and gives the things that have all of
them, best first, with the places of the words in their texts. Case and diacritics do not count, and a word is found
inside a longer one: *uitwisseling* finds *gegevensuitwisseling*. Words between double quotes belong together.

Two full-text tables hold the same folded text: `delen` every three characters in a row, for parts of words, and
`woorden` whole words, for their rank, and for numbers and words of one or two characters, which are only found where a
word starts: 2.5 finds 2.5.1 and not 1.2.5. An official identifier, or the address of the same thing elsewhere, is found
as a whole.
"""

import re
import sqlite3
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError, ReleaseError
from kg.namespaces import DEF, ID, PREFIXES
from kg.sorting import natural
from kg.terms import DEFAULT_GRAPH, RDF_TYPE

KINDS = (
    *("voorziening", "wet", "organisatie", "afspraak", "programma"),
    *("plan", "spoor", "prioriteit", "doel", "actie", "indicator", "resultaat", "opgave", "pijler", "coalitie"),
    *("register", "naamversie", "uitgave"),
    *("verband", "brondocument", "webbron", "bronsectie", "bronopmerking", "bronpassage"),
    "registratie",
)
"""The concepts that are found, those that people look for first."""
FIELDS: Mapping[str, str] = {
    "naam": PREFIXES["skos"] + "prefLabel",
    "afkorting": DEF + "afkorting",
    "nummer": DEF + "nummer",
    "andereNaam": PREFIXES["skos"] + "altLabel",
    "vindplaats": DEF + "vindplaats",
    "aanhef": DEF + "aanhef",
    "omschrijving": PREFIXES["dct"] + "description",
    "toelichting": DEF + "toelichting",
    "identificatie": PREFIXES["dct"] + "identifier",
    "elders": PREFIXES["skos"] + "exactMatch",
}
"""The texts that are searched, with the property that has them; what a thing is called comes first."""
_SOURCES = KINDS[KINDS.index("verband") :]
"""Why we know something, and what others say; these come after the things themselves."""
_RECORD = ox.NamedNode(f"{DEF}Registratie")
"""The class of what a register elsewhere says, under whatever IRI that register gives it."""
_LASTING = KINDS[: KINDS.index("plan")]
"""What people look for by name: what most refers to comes first. What is of a plan keeps the order of its plan."""
_NAMES = ("naam", "afkorting", "nummer", "andereNaam", "vindplaats", "aanhef")
_WHOLE = ("identificatie", "elders")
"""What officially stands for a thing, and is found as a whole alone: a part of it is one of many others too."""
MAX_LENGTH = 200
"""The longest text to look for, in characters."""
MAX_WORDS = 16

Span = tuple[int, int]
"""The first and the last of some numbers in a row."""
_ALL = (0, sys.maxsize)

_SCHEMA = """
PRAGMA journal_mode = OFF;
CREATE TABLE soort (soort TEXT NOT NULL, eerste INTEGER NOT NULL, laatste INTEGER NOT NULL);
CREATE TABLE ding (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE tekst (
    ding INTEGER, volgorde INTEGER, veld TEXT NOT NULL, taal TEXT NOT NULL, tekst TEXT NOT NULL,
    PRIMARY KEY (ding, volgorde)
) WITHOUT ROWID;
CREATE TABLE sleutel (sleutel TEXT, ding INTEGER, PRIMARY KEY (sleutel, ding)) WITHOUT ROWID;
CREATE VIRTUAL TABLE delen USING fts5(
    naam, overig, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE woorden USING fts5(
    naam, overig, content = '', columnsize = 0, prefix = '1 2',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '.'"
);
"""
# Everything in one piece, so that the bytes do not depend on how it came about.
_FINISH = """
INSERT INTO delen (delen) VALUES ('optimize');
INSERT INTO woorden (woorden) VALUES ('optimize');
VACUUM;
"""
_OF_KIND = """
SELECT iri, veld, taal, tekst FROM soort JOIN ding ON id BETWEEN eerste AND laatste JOIN tekst ON ding = id
WHERE soort = ? ORDER BY id, volgorde
"""
_THING = "SELECT iri, soort FROM ding JOIN soort ON id BETWEEN eerste AND laatste WHERE id = ?"
_TEXTS = "SELECT veld, taal, tekst FROM tekst WHERE ding = ? ORDER BY volgorde"
_CALLED = "SELECT ding FROM sleutel WHERE sleutel = ? ORDER BY ding"
_BEGINNING = """
SELECT DISTINCT ding FROM sleutel
WHERE sleutel >= ?1 AND sleutel < ?1 || char(0x10ffff) AND ding BETWEEN ?2 AND ?3 ORDER BY ding
"""
_WORDS = "SELECT rowid FROM woorden WHERE woorden MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid"
_PARTS = "SELECT rowid FROM delen WHERE delen MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid"

_PART = 3
"""The shortest word of which a part in the middle of another is found."""
_NUMBER = re.compile(r"\d+(\.\d+)*")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True)
class Text:
    """A text of a thing: which one, in which language ("" for none), and where in it the words were found.

    `places` are pairs of the first character and the one after the last, counted in Unicode code points.
    """

    field: str
    language: str
    text: str
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Hit:
    """A thing that was found: what it is called, its number in its plan, and texts with words that its name lacks."""

    iri: str
    kind: str
    name: Text
    number: str | None
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Found:
    """One page of hits; `total` is how many there are of the asked kind, `kinds` how many of each kind."""

    total: int
    kinds: Mapping[str, int]
    hits: Sequence[Hit]


@dataclass
class _Thing:
    iri: str
    kind: str
    texts: list[Text] = field(default_factory=list)
    references: int = 0

    @property
    def ref(self) -> str:
        return self.iri.rpartition("/")[2]

    @property
    def order(self) -> tuple:
        """By kind, then what most refers to, then by ref, in which 10 comes after 9."""
        return KINDS.index(self.kind), -self.references, natural(self.ref), self.iri

    def folded(self, *, names: bool) -> str:
        """Its names, or its other texts that are found by a part, a line each."""
        texts = (text for text in self.texts if text.field not in _WHOLE)
        return "\n".join(fold(text.text) for text in texts if (text.field in _NAMES) == names)

    def called(self) -> set[str]:
        """All that means this thing and no part of it: its names, its identifiers, its ref, its IRI, `actie 2.5.1`."""
        names = [text.text for text in self.texts if text.field in (*_NAMES, *_WHOLE)]
        numbers = [f"{self.kind} {text.text}" for text in self.texts if text.field == "nummer"]
        return {fold_name(name) for name in (*names, *numbers, self.ref, f"{self.kind}/{self.ref}", self.iri)}


def build(store: ox.Store, path: Path) -> None:
    """Write the index of a store to a new file; the same things and the same SQLite give the same bytes."""
    things = sorted(_things(store), key=lambda thing: thing.order)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_SCHEMA)
        database.execute("BEGIN")
        _fill(database, things)
        database.execute("COMMIT")
        database.executescript(_FINISH)


def _things(store: ox.Store) -> Iterable[_Thing]:
    """Everything of our kinds with a text; its texts in the order of FIELDS, Dutch before English.

    Of what others say only names and identifiers: their texts together are longer than all of ours.
    """
    things: dict[str, _Thing] = {}
    records = {quad.subject.value for quad in store.quads_for_pattern(None, RDF_TYPE, _RECORD, DEFAULT_GRAPH)}
    for name, iri in FIELDS.items():
        quads = store.quads_for_pattern(None, ox.NamedNode(iri), None, DEFAULT_GRAPH)
        said = [(quad.subject.value, getattr(quad.object, "language", None) or "", quad.object.value) for quad in quads]
        for subject, language, text in sorted(said, key=lambda row: (row[0], row[1] != "nl", row)):
            kind = "registratie" if subject in records else subject.removeprefix(ID).partition("/")[0]
            if kind in KINDS and (kind != "registratie" or name in (*_NAMES, *_WHOLE)):
                things.setdefault(subject, _Thing(subject, kind)).texts.append(Text(name, language, text))
    for iri, thing in things.items():
        if thing.kind in _LASTING:
            thing.references = sum(1 for _ in store.quads_for_pattern(None, None, ox.NamedNode(iri), DEFAULT_GRAPH))
    return things.values()


def _fill(database: sqlite3.Connection, things: Sequence[_Thing]) -> None:
    # Things of one kind have numbers in a row, so that a number says the kind and an order by number is one by kind.
    first = 1
    for kind, count in Counter(thing.kind for thing in things).items():
        database.execute("INSERT INTO soort VALUES (?, ?, ?)", (kind, first, first + count - 1))
        first += count
    for number, thing in enumerate(things, 1):
        database.execute("INSERT INTO ding VALUES (?, ?)", (number, thing.iri))
        texts = ((number, place, text.field, text.language, text.text) for place, text in enumerate(thing.texts))
        database.executemany("INSERT INTO tekst VALUES (?, ?, ?, ?, ?)", texts)
        database.executemany("INSERT INTO sleutel VALUES (?, ?)", ((key, number) for key in sorted(thing.called())))
        names, rest = thing.folded(names=True), thing.folded(names=False)
        database.execute("INSERT INTO delen (rowid, naam, overig) VALUES (?, ?, ?)", (number, names, rest))
        database.execute(
            "INSERT INTO woorden (rowid, naam, overig) VALUES (?, ?, ?)", (number, _words(names), _words(rest))
        )


def search(
    index: Path, words: str, kind: str | None = None, language: str = "nl", first: int = 0, size: int = 20
) -> Found:
    """The things in which all words occur, from number `first` on and `size` at most.

    First what is called exactly that, then what has a name that begins so, then what has the words in its names (as
    whole words, as the start of words, as parts), then what has them elsewhere; in each of these in the order of KINDS
    with what most refers to before others of its kind, but sources after all else. Raises QueryError when there is too
    much to look for, and ReleaseError when the index cannot be read.
    """
    terms = _terms(words)
    if not terms:
        return Found(0, {}, [])
    with _opened(index) as (database, spans):
        name = fold_name(words.replace('"', " "))
        called = [row[0] for row in database.execute(_CALLED, (name,))]
        found = sorted({*called, *_with_parts(database, terms, "", _ALL)})
        slices = {
            name: slice(bisect_left(found, low), bisect_right(found, high)) for name, (low, high) in spans.items()
        }
        counts = {name: part.stop - part.start for name, part in slices.items() if part.stop > part.start}
        asked = set(found[slices[kind]] if kind in slices else [] if kind else found)
        total = len(asked)
        ranked = chain(called, *(_ranked(database, name, terms, span) for span in _order(spans, kind)))
        hits = [_hit(database, i, terms, language) for i in islice(_each_once(ranked, asked), first, first + size)]
    return Found(total, counts, hits)


def texts(index: Path, kinds: Iterable[str]) -> Iterator[tuple[str, Text]]:
    """Every text of the things of these kinds, with the IRI of its thing: in the order of `kinds`, then of the index.

    Raises ReleaseError when the index cannot be read.
    """
    with _opened(index) as (database, _):
        for kind in kinds:
            for iri, name, language, text in database.execute(_OF_KIND, (kind,)):
                yield iri, Text(name, language, text)


@contextmanager
def _opened(index: Path) -> Iterator[tuple[sqlite3.Connection, Mapping[str, Span]]]:
    """The index, with the numbers of each kind in it.

    It never changes, so SQLite need not look for locks, and opening it takes a fraction of a search.
    """
    with _clear_errors(index):
        database = sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    with closing(database):
        with _clear_errors(index):
            spans = {name: (low, high) for name, low, high in database.execute("SELECT * FROM soort ORDER BY eerste")}
        yield database, spans


@contextmanager
def _clear_errors(index: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise ReleaseError(f"{index} cannot be read: {error}. Build the release again.") from error


def _terms(words: str) -> list[str]:
    """The folded words, and phrases between double quotes, without signs around them.

    Raises QueryError when there are too many, or the text is too long.
    """
    if len(words) > MAX_LENGTH:
        raise QueryError(f"{len(words)} characters are too many to look for; {MAX_LENGTH} is the most")
    found = (fold_name(phrase or word) for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', words))
    terms = list(dict.fromkeys(term for term in found if term))
    if len(terms) > MAX_WORDS:
        raise QueryError(f"{len(terms)} words are too many to look for; {MAX_WORDS} is the most")
    return terms


def _order(spans: Mapping[str, Span], kind: str | None) -> list[Span]:
    """The numbers to go through, in order: those of the asked kind, or else those of sources last."""
    if kind:
        return [spans[kind]] if kind in spans else []
    first_source = min((low for name, (low, _) in spans.items() if name in _SOURCES), default=sys.maxsize)
    return [(0, first_source - 1), (first_source, sys.maxsize)]


def _ranked(database: sqlite3.Connection, name: str, terms: Sequence[str], span: Span) -> Iterator[int]:
    """The numbers of what has all terms in names, and then of what has them anywhere; many come more than once.

    What has a name that begins with `name`, all that was asked, comes first.

    No further than the reader goes: what stands on the first page of many costs little.
    """
    yield from _ids(database, _BEGINNING, name, span)
    words = [_words(term) for term in terms]
    yield from _ids(database, _WORDS, _all_of(words, "{naam} :"), span)
    yield from _ids(database, _WORDS, _all_of(words, "{naam} :", "*"), span)
    yield from _with_parts(database, terms, "{naam} :", span)
    yield from _with_parts(database, terms, "", span)


def _each_once(ids: Iterable[int], asked: set[int]) -> Iterator[int]:
    """Those of the numbers that are asked for, in their order; empties `asked` on the way."""
    for number in ids:
        if number in asked:
            asked.remove(number)
            yield number


def _with_parts(database: sqlite3.Connection, terms: Sequence[str], columns: str, span: Span) -> Iterable[int]:
    """The things with all terms, the long ones anywhere and the others at the start of a word; in order."""
    parts = [term for term in terms if _is_part(term)]
    heads = [_words(term) for term in terms if not _is_part(term)]
    with_parts = _ids(database, _PARTS, _all_of(parts, columns), span) if parts else iter(())
    with_heads = _ids(database, _WORDS, _all_of(heads, columns, "*"), span) if heads else iter(())
    if parts and heads:
        return sorted(set(with_parts).intersection(with_heads))
    return with_parts if parts else with_heads


def _is_part(term: str) -> bool:
    """Whether a term counts in the middle of a word too."""
    return len(term) >= _PART and not _NUMBER.fullmatch(term)


def _all_of(terms: Iterable[str], columns: str, after: str = "") -> str:
    """An expression of FTS5 for all of these strings; in quotes, so that nothing in them means anything."""
    quoted = (f'"{term.replace(chr(34), " ")}"{after}' for term in terms)
    return f"{columns} ({' AND '.join(quoted)})"


def _ids(database: sqlite3.Connection, statement: str, expression: str, span: Span) -> Iterator[int]:
    return (row[0] for row in database.execute(statement, (expression, *span)))


def _hit(database: sqlite3.Connection, number: int, terms: Sequence[str], language: str) -> Hit:
    iri, kind = database.execute(_THING, (number,)).fetchone()
    texts = [Text(*row[:3], places=_places(row[2], terms)) for row in database.execute(_TEXTS, (number,))]
    named = [text for text in texts if text.field in ("naam", "vindplaats")] or texts
    name = min(named, key=lambda text: (text.field != named[0].field, text.language != language))
    return Hit(
        iri,
        kind,
        name,
        next((text.text for text in texts if text.field == "nummer"), None),
        tuple(_new(terms, name, (text for text in texts if text is not name))),
    )


def _new(terms: Iterable[str], name: Text, texts: Iterable[Text]) -> Iterator[Text]:
    """The texts, in their order, in each of which some term occurs that none before had."""
    missing = _lacks(name.text, terms)
    for text in texts:
        here = missing - _lacks(text.text, missing)
        if here:
            missing -= here
            yield text


def _lacks(text: str, terms: Iterable[str]) -> set[str]:
    folded = fold(text)
    return {term for term in terms if not re.search(_pattern(term), folded)}


def _places(text: str, terms: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where the terms stand in a text, in order; places that touch are one."""
    # The character of the text that each folded one comes from, and the end.
    origins = [i for i, character in enumerate(text) for _ in _fold(character)] + [len(text)]
    folded = fold(text)
    found = sorted(
        (origins[match.start()], origins[match.end()])
        for term in terms
        for match in re.finditer(_pattern(term), folded)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return tuple(merged)


def _pattern(term: str) -> str:
    """What to look for in a folded text."""
    return re.escape(term) if _is_part(term) else rf"(?<![^\W_])(?<!\d\.){re.escape(term)}"


def fold(text: str) -> str:
    """A text as it is compared: lower case, no diacritics, no invisible characters, every dash a hyphen."""
    # Most texts are plain, and then this is much quicker.
    return text.lower() if text.isascii() and text.isprintable() else "".join(map(_fold, text))


def fold_name(text: str) -> str:
    """A whole name as it is compared: folded, with single spaces, without signs around it."""
    return _EDGES.sub("", " ".join(fold(text).split()))


def _words(folded: str) -> str:
    """A folded text for `woorden`, where a dot belongs to a word only between digits."""
    return re.sub(r"(?<!\d)\.|\.(?!\d)", " ", folded)


@lru_cache(maxsize=10_000)
def _fold(character: str) -> str:
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kinds = ((unicodedata.category(part), part) for part in decomposed)
    return "".join("-" if kind == "Pd" else part for kind, part in kinds if kind[0] not in "CM")
