"""`/v1/{collection}/{ref}/impact`, `…/afhankelijkheden` and `/v1/pad`: chains of things with the reason of each hop."""

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kg.impact import MOST_HOPS, Chains, Hop, Reason, Step
from kg.namespaces import DEF, ID, compact
from kg.store import knows
from kg.terms import node
from kg_api import items, listing, parameters, rest
from kg_api.collections import COLLECTIONS, Collection
from kg_api.messages import said
from kg_api.questions import Questions
from kg_api.serving import serving

router = APIRouter(prefix="/v1", include_in_schema=False)

WITH_CHAINS = tuple(collection for collection in COLLECTIONS.values() if collection.name != "verbanden")
DIRECTIONS = ("naar", "van", "beide")
MOST_IN_PATH = 6


def impact(request: Request, collection: Collection, ref: str) -> Response:
    """What is hit when a thing changes."""
    asked = parameters.read(request, ("diepte", "soort"))
    questions: Questions = serving(request).questions
    thing = rest.named(questions, collection, ref).value
    return JSONResponse(impact_of(questions, thing, asked))


def impact_of(questions: Questions, thing: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What is hit when a thing changes, as an answer says it."""
    return _said(questions, thing, _chains(questions, asked).dependents(thing, _depth(asked)))


def dependencies(request: Request, collection: Collection, ref: str) -> Response:
    """What a thing depends on, or the other way round, without what is merely about it."""
    asked = parameters.read(request, ("diepte", "soort", "richting"))
    questions: Questions = serving(request).questions
    thing = rest.named(questions, collection, ref).value
    return JSONResponse(dependencies_of(questions, thing, asked))


def dependencies_of(questions: Questions, thing: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a thing depends on, or the other way round, as an answer says it."""
    direction = parameters.choice(asked, "richting", DIRECTIONS)
    chains, depth = _chains(questions, asked), _depth(asked)
    steps = chains.dependencies(thing, depth) if direction != "van" else []
    if direction != "naar":
        steps += chains.dependents(thing, depth, leaves=False)
    return _said(questions, thing, steps)


@router.get("/pad")
def path(request: Request) -> Response:
    """A shortest chain between two things."""
    asked = parameters.read(request, ("van", "naar", "diepte", "soort"))
    return JSONResponse(path_of(serving(request).questions, asked))


def path_of(questions: Questions, asked: Mapping[str, str]) -> dict[str, Any]:
    """A shortest chain between two things, as an answer says it."""
    start, end = (_thing(questions, asked, name) for name in ("van", "naar"))
    depth = parameters.integer(asked, "diepte", MOST_IN_PATH, 1, MOST_IN_PATH)
    hops = _chains(questions, asked).path(start, end, depth)
    said = {"van": _short(questions, start), "naar": _short(questions, end)}
    return {**said, "stappen": [_hop(hop) for hop in hops], "aantal": len(hops)}


def kinds(questions: Questions) -> list[str]:
    """The names of the relations that a chain can follow."""
    return [iri.removeprefix(DEF) for iri in _all(questions).relations if iri.startswith(DEF)]


def _all(questions: Questions) -> Chains:
    return questions.kept("chains", lambda: Chains(questions.rows))


def _chains(questions: Questions, asked: Mapping[str, str]) -> Chains:
    named = parameters.choices(asked, "soort", kinds(questions)) if "soort" in asked else []

    def rows(name: str, **terms: ox.NamedNode) -> list[dict[str, str]]:
        return questions.remembered((name, *terms.items()), lambda: questions.rows(name, **terms))

    return Chains(rows, [DEF + name for name in named], _all(questions).relations)


def _depth(asked: Mapping[str, str]) -> int:
    return parameters.integer(asked, "diepte", MOST_HOPS, 1, MOST_HOPS)


def _thing(questions: Questions, asked: Mapping[str, str], name: str) -> str:
    """The IRI of a thing that a parameter names as `voorziening/digid`."""
    if name not in asked:
        raise parameters.wrong(name, said("thing_missing", name=name), kind="ontbrekende-parameter")
    thing = node(asked[name])
    if thing is None:
        like = listing.similar(questions, asked[name])
        message = "no_name_but_near" if like else "no_name"
        detail = said(message, name=name, value=parameters.shown(asked[name]), known=", ".join(like))
        raise parameters.wrong(name, detail, like)
    if not knows(questions.store, thing):
        raise parameters.unknown(name, asked[name], listing.similar(questions, thing.value.removeprefix(ID)))
    return thing.value


def _said(questions: Questions, thing: str, steps: list[Step]) -> dict[str, Any]:
    return {"ding": _short(questions, thing), "stappen": [_step(step) for step in steps], "aantal": len(steps)}


def _short(questions: Questions, iri: str) -> dict[str, str]:
    found = questions.rows("naam", ding=ox.NamedNode(iri))
    return items.reference(iri, found[0]["naam"] if found else None)


def _step(step: Step) -> dict[str, Any]:
    said = {"ding": items.reference(step.iri, step.naam), "afstand": step.distance, "blad": step.leaf}
    return said | {"via": [_hop(hop) for hop in step.hops]}


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "van": items.reference(hop.van, None),
        "eigenschap": compact(hop.eigenschap),
        "eigenschapNaam": hop.eigenschap_naam,
        "naar": items.reference(hop.naar, None),
        "redenen": [_reason(reason) for reason in hop.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    certainty = {"zekerheid": reason.zekerheid} if reason.zekerheid else {}
    return {
        "verband": items.reference(reason.verband, None),
        "toelichting": reason.toelichting,
        **certainty,
        "vindplaatsen": list(reason.vindplaatsen),
    }


def _add(collection: Collection) -> None:
    def hit(request: Request, ref: str) -> Response:
        return impact(request, collection, ref)

    def needed(request: Request, ref: str) -> Response:
        return dependencies(request, collection, ref)

    router.add_api_route(f"/{collection.name}/{{ref}}/impact", hit, methods=["GET"])
    router.add_api_route(f"/{collection.name}/{{ref}}/afhankelijkheden", needed, methods=["GET"])


for _collection in WITH_CHAINS:
    _add(_collection)
