"""Bound parameters for an endpoint that knows no such thing: each variable of the query becomes its term.

The SPARQL Protocol has no parameters, and a VALUES clause does not reach into OPTIONAL, UNION and FILTER as they do
(and some servers pass over it). So the term itself is put wherever the variable stands: servers are quickest with that.
"""

import re
from collections.abc import Mapping

import pyoxigraph as ox

Term = ox.NamedNode | ox.Literal

# What can hide a question mark or a brace, and then what matters (SPARQL 1.1, section 19.8).
_TOKEN = re.compile(
    r"""
    (?P<skip>
        \#[^\n\r]*                                             # a comment
      | '{3}(?:(?!'{3})(?:[^\\]|\\.))*'{3} | "{3}(?:(?!"{3})(?:[^\\]|\\.))*"{3}
      | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"          # strings
      | <[^<>"{}|^`\\\x00-\x20]*>                              # an IRI
      | (?:[\w.-]*:)(?:[\w.:%-]|\\.)*                          # a prefixed name
    )
  | [?$](?P<variable>\w+)
  | (?P<bracket>[{}()])
  | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL,
)


def substitute(text: str, terms: Mapping[ox.Variable, Term]) -> str:
    """The query with a term for each of these variables; a SELECT still gives them, as `(term AS ?variable)`.

    Where SPARQL wants a variable and nothing else, in VALUES or after AS, what comes out is no SPARQL.
    """
    named = {variable.value: str(term) for variable, term in terms.items()}
    place = _Place()

    def one(match: re.Match[str]) -> str:
        place.pass_by(match)
        term = named.get(match["variable"] or "")
        return match[0] if term is None else place.written(match[0], term)

    return _TOKEN.sub(one, text)


class _Place:
    """Where in a query we are: what is open, and whether after SELECT or among the solution modifiers."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._clause = ""

    def pass_by(self, match: re.Match[str]) -> None:
        """Take the next token into account."""
        bracket, word = match["bracket"], (match["word"] or "").upper()
        if bracket in ("{", "("):
            self._open.append(bracket)
        elif bracket and self._open:
            self._open.pop()
        if bracket in ("{", "}") or word in ("WHERE", "FROM"):
            self._clause = ""
        elif word in ("SELECT", "GROUP", "ORDER"):
            self._clause = word

    def written(self, variable: str, term: str) -> str:
        """How a term stands here in place of a variable."""
        if not self._clause or self._open[-1:] == ["("]:
            return term
        if self._clause != "SELECT":
            return f"({term})"
        # The name of a subquery's column would be taken already where the SELECT around it gives the same one.
        return f"({term} AS {variable}{'_' * bool(self._open)})"
