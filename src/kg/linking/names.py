"""Names made comparable: what two registers write in different ways of one thing, and what makes two things of it."""

import re
from functools import lru_cache

from kg.search import fold

# What an organisation is, as its name begins; two names that begin with different ones are two organisations.
_SORTS = {
    "ministerie": ("ministerie van", "ministerie voor", "ministerie"),
    "minister": ("minister van", "minister voor", "minister"),
    "staatssecretaris": ("staatssecretaris van", "staatssecretaris voor", "staatssecretaris"),
    "gemeente": ("gemeente",),
    "provincie": ("provincie", "provinsje"),
    "waterschap": ("hoogheemraadschap van", "hoogheemraadschap", "waterschap", "wetterskip"),
    "openbaar lichaam": ("openbaar lichaam",),
    "veiligheidsregio": ("veiligheidsregio",),
    "omgevingsdienst": ("omgevingsdienst",),
    "rechtbank": ("rechtbank",),
    "programma": ("programma",),
}
_LEGAL_FORMS = re.compile(r"^(stichting|vereniging|cooperatie)\s+(?=\S)|\s+(b v|n v|bv|nv|u a)$")
_ARTICLES = re.compile(r"\b(de|het|een|the|van|voor|der|den|in|of|for|op)\b")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SIGNS = re.compile(r"[^\w]+")
_NUMBER = re.compile(r"\b\d+\b")
# Words by which names that are otherwise alike are those of different things.
_TELLING = frozenset(
    (
        *(
            "nieuw",
            "nieuwe",
            "herziening",
            "herziene",
            "gewijzigd",
            "wijziging",
            "wijzigingswet",
            "ontwerp",
            "voormalig",
        ),
        *("uitvoeringswet", "uitvoeringsbesluit", "uitvoeringsregeling", "invoeringswet", "invoeringsbesluit"),
        *("aanpassingswet", "aanvullingswet", "implementatiewet", "implementatie", "intrekkingswet", "verzamelwet"),
        *("uitvoeringsverordening", "tijdelijke", "caribisch", "caribische", "cn", "bes", "koninkrijk"),
        *("noord", "zuid", "oost", "west", "midden", "eerste", "tweede", "raad", "commissie", "i", "ii", "iii", "iv"),
    )
)
_RULES = ("wetboek", "besluit", "regeling", "verordening", "richtlijn", "verdrag", "wet", "act")


@lru_cache(maxsize=200_000)
def plain(name: str) -> str:
    """A name without case, diacritics and signs: what two writings of one official name have in common."""
    return " ".join(_SIGNS.sub(" ", fold(name).replace("&", " en ").replace("_", " ")).split())


@lru_cache(maxsize=200_000)
def core(name: str) -> str:
    """A name without its kind of organisation, legal form, articles and what stands between brackets."""
    found = plain(_BRACKETS.sub(" ", name)) or plain(name)
    for beginnings in _SORTS.values():
        for beginning in beginnings:
            if found.startswith(f"{beginning} "):
                found = found.removeprefix(f"{beginning} ")
                break
    short = " ".join(_ARTICLES.sub(" ", _LEGAL_FORMS.sub("", found)).split())
    return short or found


@lru_cache(maxsize=200_000)
def bare(name: str) -> str:
    """The core of a name without its numbers."""
    return " ".join(word for word in core(name).split() if not word.isdigit())


def in_order(text: str) -> str:
    """The words of a text in the order of the alphabet, so that their order in it does not count."""
    return " ".join(sorted(text.split()))


@lru_cache(maxsize=200_000)
def sort(name: str) -> str:
    """Which kind of organisation a name begins with; empty where it does not say."""
    found = f"{plain(name)} "
    return next((kind for kind, heads in _SORTS.items() if any(found.startswith(f"{h} ") for h in heads)), "")


@lru_cache(maxsize=200_000)
def numbers(name: str) -> frozenset[str]:
    """The numbers in a name, years for the most part."""
    return frozenset(_NUMBER.findall(plain(_BRACKETS.sub(" ", name))))


@lru_cache(maxsize=200_000)
def telling(name: str) -> frozenset[str]:
    """The words in a name that tell it from one that is otherwise alike."""
    return _TELLING.intersection(plain(name).split())


@lru_cache(maxsize=200_000)
def rule_form(name: str) -> str:
    """Which form of rule a name ends a word with: an act, a decree, a directive; empty where it does not say."""
    endings = (form for word in plain(_BRACKETS.sub(" ", name)).split() for form in _RULES if word.endswith(form))
    return next(endings, "")


def trigrams(text: str) -> set[str]:
    """Every three characters in a row, with the edges of the text."""
    padded = f" {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
