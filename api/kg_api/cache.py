"""Answers that were given before, within a budget of bytes."""

import asyncio
import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field

from cachetools import LRUCache
from starlette.responses import Response

from kg_api.codings import WORTH_COMPRESSING, compress


@dataclass
class Answer:
    """The name of a format, the body in it, a digest of it, and its compressed forms once someone asked for those."""

    format: str
    body: bytes
    digest: str = field(init=False)
    responses: dict[tuple[str, str | None], Response] = field(default_factory=dict, init=False)
    """What was sent before, by media type and coding: the same is sent again."""
    _compressed: dict[str, asyncio.Task[bytes | None]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256(self.body).hexdigest()[:32]

    async def compressed(self, coding: str) -> bytes | None:
        """The body in a coding, made once however many ask for it; None where that does not pay."""
        if len(self.body) <= WORTH_COMPRESSING:
            return None
        making = self._compressed.get(coding)
        if making is None:
            making = self._compressed[coding] = asyncio.create_task(asyncio.to_thread(self._compress, coding))
        return making.result() if making.done() else await asyncio.shield(making)

    def _compress(self, coding: str) -> bytes | None:
        compressed = compress(self.body, coding)
        return compressed if len(compressed) <= len(self.body) / 2 else None


class AnswerCache:
    """The answers that were asked for last; the key must name everything that an answer depends on."""

    def __init__(self, budget: int) -> None:
        # Two compressed forms may come later, each at most half as long: counting the body twice covers them.
        self._answers: LRUCache[Hashable, Answer] = LRUCache(budget, lambda answer: 2 * len(answer.body) + 1000)

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept under this key, if it still is."""
        return self._answers.get(key)

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, unless it is larger than the whole budget."""
        if self._answers.getsizeof(answer) <= self._answers.maxsize:
            self._answers[key] = answer
