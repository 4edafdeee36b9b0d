"""The limits of the service, each an environment variable `KG_…`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a visitor's query may cost; see docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="KG_", extra="ignore")

    query_workers: int = Field(default=2, ge=1, le=64)
    """Processes that run visitors' queries."""
    query_seconds: float = Field(default=10, gt=0, le=600)
    """How long one query may run."""
    query_queue: int = Field(default=20, ge=0, le=1000)
    """Queries that may wait for a worker; one more is told to come back later."""
    query_bytes: int = Field(default=64_000, ge=100)
    """The longest query text, in bytes of UTF-8."""
    query_depth: int = Field(default=60, ge=5, le=200)
    """How deep braces, brackets and parentheses may nest; far below what ends a worker."""
    answer_bytes: int = Field(default=20_000_000, ge=1000)
    """The largest answer; a larger one is an error, never cut off."""
    worker_bytes: int = Field(default=2_000_000_000, ge=512_000_000)
    """Address space of one worker process."""
