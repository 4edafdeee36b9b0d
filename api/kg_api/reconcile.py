"""`/reconcile`: which of our things the names in a list mean (W3C community group, Reconciliation Service API 0.2).

`/reconcile` answers in the language of Accept-Language, `/reconcile/nl` and `/reconcile/en` in theirs. JSONP, which the
standard leaves optional, is refused: every answer may be read from any origin (CORS).
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from kg import __version__
from kg.namespaces import DEF, ID, expand
from kg.reconciliation import Candidate
from kg_api import reconcile_queries
from kg_api.collections import Field
from kg_api.messages import said
from kg_api.pages import language_of
from kg_api.parameters import shown
from kg_api.problems import Problem
from kg_api.protocol import FORM, in_address, parse, read_text
from kg_api.reconcilable import PROPERTIES, Reconcilable, cells, identifier
from kg_api.reconcile_queries import MOST_BYTES, MOST_QUERIES, Extension, Query
from kg_api.serving import root, serving

router = APIRouter(prefix="/reconcile", include_in_schema=False)

Taal = Literal["nl", "en"]
# The types that a client proposes before any other.
_DEFAULT_TYPES = 12
_ASKS = ("queries", "extend")
# What a browser's library adds to an address to get past a cache, and our own choice of language.
_NO_QUESTION = {"_", "lang"}


def reconcilable(request: Request) -> Reconcilable:
    """What the served release has to reconcile with; raises Problem where there is no release."""
    current = serving(request)
    return current.questions.kept("reconcilable", lambda: Reconcilable(current))


async def _posted(request: Request) -> dict[str, list[str]]:
    """The parameters in the form of a POST; raises Problem for any other body."""
    media_type = request.headers.get("content-type", "").lower().partition(";")[0].strip()
    if media_type != FORM:
        detail = said("batch_form", type=FORM)
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, {"accept-post": FORM})
    seconds = request.app.state.current.settings.body_seconds
    return dict(parse(await read_text(request, MOST_BYTES, seconds)))


Posted = Annotated[dict[str, list[str]], Depends(_posted)]


@router.post("")
@router.post("/{taal}")
def post(request: Request, form: Posted, taal: Taal = "nl") -> JSONResponse:  # noqa: ARG001  (the path's language)
    """Candidates for a batch of names, or values of properties."""
    return _answer(request, form)


@router.get("")
@router.get("/{taal}")
def get(request: Request, taal: Taal = "nl") -> JSONResponse:  # noqa: ARG001
    """The same, or what this service can do for who asks nothing."""
    asked = dict(in_address(request))
    if set(asked) <= _NO_QUESTION:
        return _json(request, manifest(request))
    return _answer(request, asked)


def _answer(request: Request, asked: dict[str, list[str]]) -> JSONResponse:
    if "callback" in asked:
        raise Problem(HTTPStatus.BAD_REQUEST, said("no_jsonp"))
    given = [name for name in _ASKS if name in asked]
    if len(given) != 1 or len(asked[given[0]]) != 1:
        raise Problem(HTTPStatus.BAD_REQUEST, said("one_batch"))
    text = asked[given[0]][0]
    if given == ["extend"]:
        return _json(request, _extended(request, reconcile_queries.extension(text)))
    batch = reconcile_queries.batch(text)
    return _json(request, {key: {"result": _candidates(request, query)} for key, query in batch.items()})


def _json(request: Request, value: object) -> JSONResponse:
    headers = {"cache-control": "no-cache", "content-language": language_of(request), "vary": "Accept-Language"}
    return JSONResponse(value, headers=headers)


def manifest(request: Request) -> dict[str, Any]:
    """What this service can do, with addresses in the language that was asked for."""
    language = language_of(request)
    base = f"{root(request)}reconcile/{language}"
    known = reconcilable(request)
    names = {"nl": "Spoorboek: de digitale agenda van de overheid", "en": "Spoorboek: the Dutch digital agenda"}
    return {
        "versions": ["0.2"],
        "name": names[language],
        "identifierSpace": ID,
        "schemaSpace": DEF,
        "documentation": root(request),
        "serviceVersion": __version__,
        "defaultTypes": [type_of(known, iri, language) for iri in list(known.types)[:_DEFAULT_TYPES]],
        "view": {"url": f"{base}/view?id={{{{id}}}}"},
        "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 420, "height": 240},
        "suggest": {
            what: {
                "service_url": base,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": base,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
            for what in ("entity", "type", "property")
        },
        "extend": {"propose_properties": {"service_url": base, "service_path": "/properties"}, "property_settings": []},
        "batchSize": MOST_QUERIES,
    }


def type_of(known: Reconcilable, iri: str, language: str) -> dict[str, Any]:
    """A class as the standard has it, with the classes directly above it."""
    broader = known.named(known.broader(iri), language)
    return {"id": iri, "name": known.name(iri, language)} | ({"broader": broader} if broader else {})


def property_named(iri: str) -> Field:
    """The property with this identifier; raises Problem with those that there are when there is none."""
    found = PROPERTIES.get(expand(iri) or iri)
    if found is None:
        raise Problem(HTTPStatus.BAD_REQUEST, said("unknown_property", name=shown(iri), known=", ".join(PROPERTIES)))
    return found


def _candidates(request: Request, query: Query) -> list[dict[str, Any]]:
    """What a name may mean, best first."""
    known, language = reconcilable(request), language_of(request)
    wanted = _wanted(known, query)
    among = _meeting(known, query)
    if wanted is not None and query.type_strict != "should":
        among = wanted if among is None else among & wanted
    if query.query is None or not query.query.strip():
        found = [Candidate(iri, 50.0, False, None, 0.0, 0.0) for iri in sorted(among or ())] if query.properties else []
    else:
        found = known.names.like(query.query, among, wanted)
    remembered = serving(request).questions.remembered
    return [
        remembered(("candidate", candidate.iri, language), lambda iri=candidate.iri: _described(known, iri, language))
        | _scored(candidate)
        for candidate in found[: query.most]
    ]


def _wanted(known: Reconcilable, query: Query) -> set[str] | None:
    """The things of the asked types, None for all; raises Problem for a type that nothing has."""
    if not query.types:
        return None
    unknown = [iri for iri in query.types if iri not in known.types]
    if unknown:
        detail = said("unknown_type", name=shown(unknown[0]), known=", ".join(known.types))
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    things = [known.types[iri] for iri in query.types]
    return set.intersection(*things) if query.type_strict == "all" else set().union(*things)


def _meeting(known: Reconcilable, query: Query) -> set[str] | None:
    """The things that meet every condition, None where there are none."""
    meeting = [known.having(property_named(each.pid), each.values) for each in query.properties]
    return set.intersection(*meeting) if meeting else None


def _described(known: Reconcilable, iri: str, language: str) -> dict[str, Any]:
    return known.described(iri, identifier(iri), language) | {"type": known.named(known.types_of(iri), language)}


def _scored(candidate: Candidate) -> dict[str, Any]:
    features = {
        "exact_name": candidate.called is not None,
        "name_similarity": candidate.name,
        "words_found": candidate.words,
    }
    return {
        "score": candidate.score,
        "match": candidate.certain,
        "features": [{"id": name, "value": value} for name, value in features.items()],
    }


def _extended(request: Request, asked: Extension) -> dict[str, Any]:
    """The values of properties of things that were reconciled; none for a thing that we do not know."""
    known, language = reconcilable(request), language_of(request)
    properties = {wanted.id: property_named(wanted.id) for wanted in asked.properties}
    return {
        "meta": [{"id": given, "name": known.name(found.property, language)} for given, found in properties.items()],
        "rows": {thing: _row(known, thing, properties.items(), language) for thing in asked.ids},
    }


def _row(known: Reconcilable, thing: str, properties: Iterable[tuple[str, Field]], language: str) -> dict[str, Any]:
    iri = expand(thing) or thing
    return {given: cells(found, known.values(found).get(iri, ()), language) for given, found in properties}
