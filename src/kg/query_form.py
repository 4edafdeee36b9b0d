"""The word that tells what a SPARQL query or update asks for, such as SELECT or INSERT."""

import re

GRAPHS = ("CONSTRUCT", "DESCRIBE")
"""The answer to these is a graph."""
UPDATES = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
"""An update begins with one of these (SPARQL 1.1, section 19.8, Update1)."""

_BETWEEN = r"(?:\s|\#[^\n\r]*+)*+"
# Names and a base come before it (SPARQL 1.1, section 19.8, Prologue).
_FORM = re.compile(
    rf"(?:{_BETWEEN}(?:BASE|PREFIX{_BETWEEN}[^\s:<#]*+:){_BETWEEN}<[^>]*+>)*+{_BETWEEN}([A-Z]++)\b", re.IGNORECASE
)


def form(text: str) -> str:
    """That word in capitals; nothing where there is none."""
    found = _FORM.match(text)
    return found[1].upper() if found else ""
