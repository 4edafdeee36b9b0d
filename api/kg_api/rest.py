"""`/v1`: the acties of the plans as plain JSON, by the Dutch API Design Rules (NLGov REST API Design Rules 2)."""

from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from kg.errors import NotFoundError, QueryError
from kg.namespaces import ID, compact
from kg.store import knows
from kg_api.questions import Questions
from kg_api.serving import serving

VERSION = "1.0.0"

router = APIRouter(prefix="/v1", tags=["acties"])

Ref = Annotated[str, Path(pattern="^[a-z0-9-]{1,100}$", examples=["werkagenda-2024-2-5-5"])]
RefFilter = Annotated[str | None, Query(pattern="^[a-z0-9-]{1,100}$")]


class Verwijzing(BaseModel):
    """A thing in a few words: its ref, its IRI and its name."""

    ref: str
    uri: str
    naam: str


class Deelname(BaseModel):
    """A party of an actie, as the plan prints it."""

    partij: Verwijzing
    naam_in_bron: str = Field(alias="naamInBron")
    rol: str | None = None
    beperkt_tot: Verwijzing | None = Field(default=None, alias="beperktTot")
    toelichting: str | None = None

    model_config = ConfigDict(populate_by_name=True)


class Relatie(BaseModel):
    """What the actie does to, or needs of, another thing."""

    eigenschap: str = Field(examples=["sb:levert"])
    eigenschap_naam: str = Field(alias="eigenschapNaam", examples=["levert"])
    ding: Verwijzing

    model_config = ConfigDict(populate_by_name=True)


class Actie(BaseModel):
    """An actie in a list."""

    ref: str = Field(examples=["werkagenda-2024-2-5-5"])
    uri: str
    nummer: str = Field(examples=["2.5.5"])
    naam: str
    prioriteit: Verwijzing


class ActieInVol(Actie):
    """One actie with its parties, its relations and its places in the source."""

    deelnames: list[Deelname]
    relaties: list[Relatie]
    vindplaatsen: list[str]


class Acties(BaseModel):
    """A list of acties and how many there are."""

    acties: list[Actie]
    aantal: int


@router.get(
    "/acties",
    summary="De acties van de Werkagenda: alle, of die van een prioriteit of partij",
    operation_id="haalActies",
    response_model_exclude_none=True,
)
def list_acties(request: Request, prioriteit: RefFilter = None, uitvoerder: RefFilter = None) -> Acties:
    """The acties in the order of the plan; `prioriteit` and `uitvoerder` take a ref, and both must then hold."""
    unknown = sorted(set(request.query_params) - {"prioriteit", "uitvoerder"})
    if unknown:
        raise QueryError(f"unknown filter: {', '.join(unknown)}; there are prioriteit and uitvoerder")
    questions: Questions = serving(request).questions
    filters = {"prioriteit": _thing(questions, "prioriteit", prioriteit)}
    filters["partij"] = _thing(questions, "organisatie", uitvoerder)
    name = "acties-van-partij" if uitvoerder else "acties"
    rows = questions.rows(name, **{key: node for key, node in filters.items() if node})
    acties = [_actie(row) for row in rows]
    return Acties(acties=acties, aantal=len(acties))


@router.get("/acties/{ref}", summary="Een actie", operation_id="haalActie", response_model_exclude_none=True)
def get_actie(request: Request, ref: Ref) -> ActieInVol:
    """One actie with its parties, relations and places in the source."""
    questions: Questions = serving(request).questions
    actie = _thing(questions, "actie", ref)
    found = questions.rows("acties", actie=actie)
    if not found:
        raise NotFoundError(f"actie '{ref}' belongs to no prioriteit; see /doc/actie/{ref}")
    deelnames = questions.rows("deelnames", actie=actie)
    relaties = questions.rows("relaties", actie=actie)
    return ActieInVol(
        **_actie(found[0]).model_dump(),
        deelnames=[_deelname(deelname) for deelname in deelnames],
        relaties=[_relatie(relatie) for relatie in relaties],
        vindplaatsen=[place["vindplaats"] for place in questions.rows("vindplaatsen", actie=actie)],
    )


def _thing(questions: Questions, concept: str, ref: str | None) -> ox.NamedNode | None:
    """The thing with this ref; raises NotFoundError when the graph does not describe it."""
    if ref is None:
        return None
    node = ox.NamedNode(f"{ID}{concept}/{ref}")
    if not knows(questions.store, node):
        raise NotFoundError(f"no {concept} '{ref}' in the graph")
    return node


def _reference(uri: str, naam: str) -> Verwijzing:
    return Verwijzing(ref=uri.rpartition("/")[2], uri=uri, naam=naam)


def _actie(row: dict[str, Any]) -> Actie:
    return Actie(
        ref=row["actie"].rpartition("/")[2],
        uri=row["actie"],
        nummer=row["nummer"],
        naam=row["naam"],
        prioriteit=_reference(row["prioriteit"], row["prioriteitNaam"]),
    )


def _deelname(row: dict[str, Any]) -> Deelname:
    return Deelname(
        partij=_reference(row["partij"], row["partijNaam"]),
        naam_in_bron=row["naamInBron"],
        rol=row.get("rolNaam"),
        beperkt_tot=_reference(row["voor"], row["voorNaam"]) if "voor" in row else None,
        toelichting=row.get("toelichting"),
    )


def _relatie(row: dict[str, Any]) -> Relatie:
    return Relatie(
        eigenschap=compact(row["eigenschap"]),
        eigenschap_naam=row["eigenschapNaam"],
        ding=_reference(row["ding"], row["dingNaam"]),
    )
