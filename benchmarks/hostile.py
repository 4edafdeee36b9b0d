"""What a hostile client sends: queries that are meant to take all time or memory, to end a process or to call out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

_PREFIXES = """\
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_EVERYTHING = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"

QUERIES: Mapping[str, str] = {
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {_EVERYTHING} }}",
    "cross product, sorted": f"SELECT * {{ {_EVERYTHING} }} ORDER BY ?f ?c ?i",
    "cross product, as it is": f"SELECT * {{ {_EVERYTHING} }}",
    "unbounded path over all": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b }",
    "unbounded path over types": "SELECT (COUNT(*) AS ?n) { ?a (rdf:type/^rdf:type)* ?b }",
    "giant VALUES": "SELECT (COUNT(*) AS ?n) { VALUES ?a { "
    + "1 " * 9000
    + "} VALUES ?b { "
    + "2 " * 9000
    + "} ?c ?d ?e }",
    "REGEX bomb": "SELECT * { ?a skos:prefLabel ?b . ?c skos:prefLabel ?d "
    f'FILTER (REGEX(CONCAT(?b, ?d), "{"(x+x+)+" * 10}y")) }}',
    "REPLACE bomb": 'SELECT (STRLEN(REPLACE(REPLACE(REPLACE("xxxxxxxxxx", "x", "xxxxxxxxxxxxxxxx"), "x", '
    '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), "x", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")) AS ?n) { ?a ?b ?c }',
    "EXISTS in EXISTS": "SELECT * { ?a ?b ?c FILTER EXISTS { ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i "
    "FILTER (?c = ?i && ?f = ?a && ?d = ?h) } } }",
    "nested braces": "SELECT * " + "{" * 2500 + "}" * 2500,
    "nested parentheses": "SELECT (" + "(" * 100_000 + "1" + ")" * 100_000 + " AS ?n) {}",
    "UNION arms": "SELECT * { " + " UNION ".join(["{ ?a ?b ?c }"] * 3000) + " }",
    "negations": "SELECT * { FILTER (" + "!" * 20_000 + "true) }",
    "update": "DELETE WHERE { ?a ?b ?c }",
    "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?a ?b ?c }",
    "LOAD": "LOAD <http://127.0.0.1:{canary}/>",
    "SERVICE": "SELECT * { SERVICE <http://127.0.0.1:{canary}/> { ?a ?b ?c } }",
    "SERVICE SILENT": "SELECT * { SERVICE SILENT <http://127.0.0.1:{canary}/> { ?a ?b ?c } }",
}


def requests(canary: int, number: int) -> Mapping[str, dict[str, Any]]:
    """A request of each kind, as arguments for an HTTP client.

    `canary` is the port that a query that gets out would call; `number` makes the queries unlike all before.
    """
    typed = {"Content-Type": "application/sparql-query"}
    texts = {kind: _PREFIXES + text.replace("{canary}", str(canary)) for kind, text in QUERIES.items()}
    asked = {kind: {"data": f"{text}\n#{number}", "headers": typed} for kind, text in texts.items()}
    return {
        **asked,
        "oversized body": {"data": b"#" * 3_000_000, "headers": typed},
        "broken UTF-8": {"data": b"SELECT * { ?a ?b '\xff\xfe' }", "headers": typed},
        "null bytes": {"data": b"SELECT * \x00 { ?a ?b ?c }", "headers": typed},
        "slow body": {"data": _slowly("ASK {}" + " " * 60), "headers": typed},
        "broken form": {"data": f"query={quote('ASK {')}%f", "headers": {"Content-Type": "text/plain"}},
    }


async def _slowly(text: str) -> AsyncIterator[bytes]:
    for character in text:
        yield character.encode()
        await asyncio.sleep(0.5)
