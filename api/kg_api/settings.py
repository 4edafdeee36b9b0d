"""The limits of the service, each an environment variable `KG_…`."""

from typing import Annotated

from pydantic import AnyHttpUrl, BeforeValidator, Field, IPvAnyNetwork
from pydantic_settings import NoDecode

from kg.publishing.publication import Publication, words


class Settings(Publication):
    """What visitors may ask of the service, and who publishes what it serves; see docs/settings.md."""

    query_workers: int = Field(default=2, ge=1, le=64)
    """Processes that run visitors' queries at first."""
    quick_seconds: float = Field(default=0.5, gt=0, le=600)
    """How long a query may keep one of these; after that it goes to the slow lane."""
    slow_workers: int = Field(default=2, ge=1, le=64)
    """Processes of the slow lane, which leave the others the right of way."""
    query_seconds: float = Field(default=10, gt=0, le=600)
    """How long one query may run there."""
    query_queue: int = Field(default=200, ge=0, le=10_000)
    """Queries that may wait in each lane; one more is told to come back later."""
    queries_per_client: int = Field(default=50, ge=1, le=10_000)
    """Queries of one address that may run or wait in each lane, and other requests; one more is told to come back."""
    requests_per_client: int = Field(default=2, ge=1, le=1000)
    """Other requests of one address that are worked on at a time; the next ones wait."""
    trusted_proxies: Annotated[list[IPvAnyNetwork], NoDecode, BeforeValidator(words)] = Field(default_factory=list)
    """Proxies whose word is taken for the address that a request comes from."""
    wait_seconds: float = Field(default=5, gt=0, le=600)
    """How long a query may wait for a worker before it is told to come back later."""
    query_bytes: int = Field(default=64_000, ge=100)
    """The longest query text, in bytes of UTF-8."""
    query_depth: int = Field(default=60, ge=5, le=200)
    """How deep braces, brackets and parentheses may nest; far below what ends a worker."""
    answer_bytes: int = Field(default=20_000_000, ge=1000)
    """The largest answer; a larger one is an error, never cut off."""
    worker_bytes: int = Field(default=1_500_000_000, ge=50_000_000)
    """The memory that queries may take in one worker, beside what the open store has."""
    memory_triples: int = Field(default=110_000, ge=0)
    """A graph of at most so many triples is held in memory too, where queries take half the time."""
    cache_bytes: int = Field(default=100_000_000, ge=0)
    """Room for answers to SPARQL that were given before, and as much for what else was worked out; 0 keeps none."""
    body_seconds: float = Field(default=10, gt=0, le=600)
    """How long a client may take to send its query, and again to send what is left of it after an answer."""
    send_seconds: float = Field(default=10, gt=0, le=600)
    """How long a client may read next to nothing of its answer before it is cut off."""
    unread_bytes: int = Field(default=500_000_000, ge=1_000_000)
    """The most that clients together may leave unread; those that are longest behind are then cut off."""
    connections: int = Field(default=1000, ge=10)
    """Connections at one time; one more is told to come back later."""
    release_seconds: float = Field(default=1, gt=0, le=3600)
    """How often the service looks for a newer release."""
    service_endpoints: Annotated[list[AnyHttpUrl], NoDecode, BeforeValidator(words)] = Field(default_factory=list)
    """Endpoints that a query may name with SERVICE."""
    log_requests: bool = True
    """Whether each request gets a line in the log."""
