"""What a client of the Reconciliation API asks, read from JSON and bounded: a batch of names, or values to fetch."""

from http import HTTPStatus
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from kg.namespaces import expand
from kg_api.messages import said
from kg_api.problems import Problem
from kg_api.refusals import refusal

MOST_QUERIES = 50
"""Names in one batch; clients read it in the manifest."""
MOST_BYTES = 500_000
"""The longest body, in bytes as they are sent."""
MOST_CANDIDATES = 100
_CANDIDATES = 10
_MOST_IDS = 1000
_MOST_PROPERTIES = 40
_MOST_VALUES = 100
_MOST_GIVEN = 2000
"""Values of properties in one batch: one for each property of each query."""

Text = Annotated[str, Field(max_length=10_000)]
M = TypeVar("M")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Entity(_Strict):
    """A thing that was reconciled before."""

    id: Text
    name: Text | None = None


Given = bool | int | float | Text | Entity


class Condition(_Strict):
    """A property, and one or more values of which a candidate should have one."""

    pid: Text
    v: Given | Annotated[list[Given], Field(max_length=_MOST_VALUES)]

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.v) if isinstance(self.v, list) else 1

    @property
    def values(self) -> list[str]:
        """The values as texts, in which a thing is its IRI."""
        values = self.v if isinstance(self.v, list) else [self.v]
        return [text for value in values for text in _texts(value)]


def _texts(value: Given) -> list[str]:
    if isinstance(value, Entity):
        return [expand(value.id) or value.id]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


class Query(_Strict):
    """A name to find things for; at least it, or a condition, is there."""

    query: Text | None = None
    type: Text | Annotated[list[Text], Field(max_length=_MOST_PROPERTIES)] | None = None
    limit: Annotated[int, Field(ge=1)] = _CANDIDATES
    properties: Annotated[list[Condition], Field(max_length=_MOST_PROPERTIES)] = []
    type_strict: Literal["any", "should", "all"] = "any"

    @model_validator(mode="after")
    def _asks_something(self) -> "Query":
        if self.query is None and not self.properties:
            raise PydanticCustomError("asks_nothing", "neither 'query' nor 'properties'")
        return self

    @property
    def types(self) -> list[str]:
        """The IRIs of the asked types."""
        types = [self.type] if isinstance(self.type, str) else self.type or []
        return [expand(name) or name for name in types if name]

    @property
    def most(self) -> int:
        """How many candidates to give."""
        return min(self.limit, MOST_CANDIDATES)


class Wanted(_Strict):
    """A property to fetch; this service has no settings for it."""

    id: Text
    settings: dict | None = None


class Extension(_Strict):
    """The things of which to fetch properties."""

    ids: Annotated[list[Text], Field(max_length=_MOST_IDS)]
    properties: Annotated[list[Wanted], Field(max_length=_MOST_PROPERTIES)]


_BATCH = TypeAdapter(dict[str, Query])
_EXTENSION = TypeAdapter(Extension)


def batch(text: str) -> dict[str, Query]:
    """The queries by their keys; raises Problem when there are too many, or they are not what the standard says."""
    found = _read("queries", text, TypeAdapter(dict[str, object]))
    if len(found) > MOST_QUERIES:
        detail = said("long_batch", count=len(found), most=MOST_QUERIES)
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
    queries = _read("queries", text, _BATCH)
    values = sum(condition.count for query in queries.values() for condition in query.properties)
    if values > _MOST_GIVEN:
        detail = said("long_conditions", count=values, most=_MOST_GIVEN)
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
    return queries


def extension(text: str) -> Extension:
    """What to fetch; raises Problem when it is not what the standard says."""
    return _read("extend", text, _EXTENSION)


def _read(name: str, text: str, kind: TypeAdapter[M]) -> M:
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        found = refusal(error.errors(include_url=False, include_input=False), name)
        raise Problem(HTTPStatus.BAD_REQUEST, found) from error
