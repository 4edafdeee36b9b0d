"""What is compared: a thing of ours or of a register, with its kind, names, abbreviations and identifiers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.linking import names
from kg.namespaces import DEF, PREFIXES
from kg.terms import RDF_TYPE

Facts = Mapping[str, list[ox.NamedNode | ox.Literal]]

_PREF_LABEL = PREFIXES["skos"] + "prefLabel"
_ALT_LABEL = PREFIXES["skos"] + "altLabel"
_ABBREVIATION = DEF + "afkorting"
_IDENTIFIER = PREFIXES["dct"] + "identifier"
_MATCHES = (PREFIXES["skos"] + "exactMatch", PREFIXES["skos"] + "closeMatch")
_NAME_VERSION = DEF + "naamversie"
_ADDRESSES = {
    DEF + "BWB": "https://wetten.overheid.nl/",
    DEF + "CELEX": "http://publications.europa.eu/resource/celex/",
}
_TOOI = "https://identifier.overheid.nl/tooi/id/"
_HISTORICAL = "https://identifier.overheid.nl/tooi/def/ont/HistorischeVersie"
_ENDS = (
    "https://identifier.overheid.nl/tooi/def/ont/einddatum",
    PREFIXES["prov"] + "invalidatedAtTime",
    PREFIXES["schema"] + "dissolutionDate",
    PREFIXES["schema"] + "endDate",
)

KINDS = {
    DEF + "Organisatie": "organisatie",
    DEF + "Wet": "wet",
    DEF + "Voorziening": "voorziening",
    DEF + "Afspraak": "afspraak",
    DEF + "Programma": "programma",
    PREFIXES["org"] + "Organization": "organisatie",
    PREFIXES["eli"] + "LegalResource": "wet",
    PREFIXES["dcat"] + "Dataset": "dataset",
    DEF + "Projectregistratie": "project",
}
"""The kind of a thing by its class, ours and those of records; what has no kind is not compared."""
_TOOI_SORTS = {
    "ministerie": "ministerie",
    "gemeente": "gemeente",
    "provincie": "provincie",
    "waterschap": "waterschap",
    "col": "openbaar lichaam",
}


@dataclass(frozen=True)
class Name:
    """A name; `official` when it is the one by which the thing goes.

    A later or earlier name of a thing is not: it may be that of its successor, or of what was there before.
    """

    text: str
    official: bool
    field: str = _PREF_LABEL
    """The property that has it."""


@dataclass(frozen=True)
class Thing:
    """A thing to compare. One that a register has no IRI for, only a name, has an empty `iri`."""

    iri: str
    kind: str
    names: tuple[Name, ...]
    abbreviations: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    matches: frozenset[str] = frozenset()
    """What it is linked to already."""
    sort: str = ""
    """Which kind of organisation it is, where that is known."""
    current: bool = True
    """False for what its register says has ended."""

    @property
    def label(self) -> str:
        """The name by which it is shown."""
        return self.names[0].text if self.names else ""


def thing(
    iri: str,
    kind: str,
    called: Iterable[Name],
    abbreviations: Iterable[str] = (),
    identifiers: Iterable[str] = (),
    matches: Iterable[str] = (),
    *,
    ended: bool = False,
) -> Thing:
    """A thing, with what follows from its IRI and its names: which kind of organisation it is, and whether it still is.

    An IRI of TOOI says both; those of earlier versions of an organisation start with hv_.
    """
    # The name by which a thing is shown comes first, and that is its prefLabel.
    in_order = sorted(set(called), key=lambda name: (name.field != _PREF_LABEL, name.field, name.text))
    linked = frozenset(matches)
    return Thing(
        iri,
        kind,
        tuple(in_order),
        frozenset(abbreviations),
        frozenset((iri, *identifiers, *linked)),
        linked,
        _sort(iri, in_order) if kind == "organisatie" else "",
        current=not ended and "/hv_" not in iri,
    )


def named(name: str) -> Thing:
    """An organisation of which a register only gives the name."""
    return Thing("", "organisatie", (Name(name, official=True),), sort=names.sort(name))


def read(triples: Iterable[ox.Triple]) -> list[Thing]:
    """The things in these triples that can be compared, sorted by IRI."""
    facts: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        if isinstance(subject, ox.NamedNode):
            facts[subject.value][predicate.value].append(value)
    found = ((iri, _kind(about)) for iri, about in facts.items())
    return [_thing(iri, kind, facts) for iri, kind in sorted(found) if kind]


def _kind(about: Facts) -> str:
    kinds = {KINDS[value.value] for value in about.get(RDF_TYPE.value, ()) if value.value in KINDS}
    return min(kinds, default="")


def _thing(iri: str, kind: str, facts: Mapping[str, Facts]) -> Thing:
    about = facts[iri]
    ended = _HISTORICAL in {value.value for value in about[RDF_TYPE.value]} or any(about.get(end) for end in _ENDS)
    short = (value.value for value in about.get(_ABBREVIATION, ()))
    linked = (value.value for match in _MATCHES for value in about.get(match, ()))
    return thing(iri, kind, _names(about, facts), short, _identifiers(about), linked, ended=ended)


def _names(about: Facts, facts: Mapping[str, Facts]) -> Iterable[Name]:
    for value in about.get(_PREF_LABEL, ()):
        if value.language in ("nl", None):
            yield Name(value.value, official=True)
    for value in about.get(_ALT_LABEL, ()):
        if value.language in ("nl", None):
            yield Name(value.value, official=False, field=_ALT_LABEL)
    for version in about.get(_NAME_VERSION, ()):
        then = facts.get(version.value, {})
        for value in then.get(_PREF_LABEL, ()):
            if value.language == "nl":
                yield Name(value.value, official=False, field=_NAME_VERSION)


def _identifiers(about: Facts) -> Iterable[str]:
    for value in about.get(_IDENTIFIER, ()):
        yield value.value
        kind = value.datatype.value if isinstance(value, ox.Literal) else ""
        if kind in _ADDRESSES:
            yield _ADDRESSES[kind] + value.value


def _sort(iri: str, found: Iterable[Name]) -> str:
    if iri.startswith(_TOOI):
        segment = iri.removeprefix(_TOOI).partition("/")[0]
        if segment in _TOOI_SORTS:
            return _TOOI_SORTS[segment]
    return next((kind for kind in (names.sort(name.text) for name in found if name.official) if kind), "")
