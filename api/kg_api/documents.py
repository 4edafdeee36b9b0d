"""A document in every form that it has: which form a request asks for, and the answer with its headers."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from kg import jsonld, turtle
from kg.jsonld import Fact
from kg.namespaces import BASE, PREFIXES
from kg_api.formats import FORMS, HTML, Form, content_type, negotiate
from kg_api.messages import said
from kg_api.pages import language_of
from kg_api.problems import Problem

_PROVENANCE = PREFIXES["prov"] + "has_provenance"
_BY_SUFFIX: Mapping[str, Form] = {form.suffix: form for form in FORMS}
_BY_TYPE: Mapping[str, Form] = {form.media_type: form for form in FORMS}


def divide(name: str) -> tuple[str, Form | None]:
    """`digid.ttl` as `digid` and the form of its suffix, if it has one."""
    stem, _, suffix = name.rpartition(".")
    form = _BY_SUFFIX.get(suffix) if stem else None
    return (stem, form) if form else (name, None)


def of_suffix(request: Request, suffix: str) -> Form | None:
    """The form with this suffix, None without one; raises Problem when there is none with it."""
    form = _BY_SUFFIX.get(suffix)
    if suffix and not form:
        raise Problem(HTTPStatus.NOT_FOUND, said("nothing_here", path=request.url.path))
    return form


def agreed(request: Request, form: Form | None, forms: Sequence[Form] = FORMS) -> Form:
    """The form of the suffix, or else what Accept asks for; raises Problem when there is no such form.

    Of forms that are as good to the client, the first is taken.
    """
    if form:
        return form
    media_type = negotiate(request.headers.get("accept"), {form.media_type: form.suffix for form in forms})
    if media_type is None:
        types = ", ".join(form.media_type for form in forms)
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, said("no_such_form", types=types))
    return _BY_TYPE[media_type]


def write(triples: Iterable[ox.Triple], form: Form, rules: Mapping[Fact, str] | None = None) -> bytes:
    """Triples as text; `rules` says which of them are inferred and by which rule, where a form has room for that."""
    if form.suffix == "csv":
        return _table(triples, rules or {})
    if form.suffix in ("json", "jsonld"):
        return jsonld.write(triples, rules)
    return turtle.write(triples, ox.RdfFormat.from_extension(form.suffix))


def _table(triples: Iterable[ox.Triple], rules: Mapping[Fact, str]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("subject", "property", "value", "language", "datatype", "rule"))
    for subject, predicate, value in triples:
        literal = value if isinstance(value, ox.Literal) else None
        rule = rules.get((subject.value, predicate.value, value.value), "")
        datatype = literal.datatype.value if literal else ""
        language = (literal and literal.language) or ""
        rows.writerow((subject.value, predicate.value, value.value, language, datatype, rule))
    return text.getvalue().encode()


def answer(request: Request, path: str, form: Form, body: bytes, about: str | None) -> Response:
    """The document at `path` in a form, or 304 for who has it; `about` is the IRI of what it describes."""
    etag = f'"{hashlib.sha256(form.media_type.encode() + body).hexdigest()[:32]}"'
    headers = {
        "cache-control": "no-cache",
        "content-type": content_type(form.media_type),
        "etag": etag,
        "link": _links(path, form, about),
        "vary": "Accept, Accept-Language",
    }
    if form.media_type == HTML:
        headers["content-language"] = language_of(request)
    if has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers)


def has(condition: str, etag: str) -> bool:
    """Whether If-None-Match names this ETag (RFC 9110, section 13.1.2: compared without W/)."""
    tags = {tag.strip().removeprefix("W/") for tag in condition.split(",")}
    return etag in tags or "*" in tags


def _links(path: str, form: Form, about: str | None) -> str:
    """The other forms, the words that they use, and the lasting addresses of the document and of its subject.

    Of a thing, too, the form that says of each statement by which rule it was inferred (PROV-AQ, section 3.1).
    """
    others = [f'<{path}.{f.suffix}>; rel="alternate"; type="{f.media_type}"' for f in FORMS if f != form]
    canonical = f'<{BASE}{path.removeprefix("/")}>; rel="canonical"'
    subject = [f'<{about}>; rel="about"', f'<{path}.json>; rel="{_PROVENANCE}"'] if about else []
    return ", ".join([canonical, '</def>; rel="describedby"', *subject, *others])
