"""Answers that were given before, within a budget of bytes."""

import asyncio
import gzip
import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field

from cachetools import LRUCache

# Below this an answer fits in one packet of the network, compressed or not.
_WORTH_COMPRESSING = 1400


@dataclass
class Answer:
    """The name of a format, the body in it, a digest of it, and its compressed form once someone asked for that."""

    format: str
    body: bytes
    digest: str = field(init=False)
    compressed: bytes | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256(self.body).hexdigest()[:32]

    async def as_gzip(self) -> bytes | None:
        """The compressed body; None where that does not pay."""
        if self.compressed is None and len(self.body) > _WORTH_COMPRESSING:
            # zlib lets other threads run meanwhile. No time in the header: same body, same bytes.
            self.compressed = await asyncio.to_thread(gzip.compress, self.body, 6, mtime=0)
        return self.compressed


class AnswerCache:
    """The answers that were asked for last; the key must name everything that an answer depends on."""

    def __init__(self, budget: int) -> None:
        # A compressed form comes later and is smaller than the body: counting that twice keeps within the budget.
        self._answers: LRUCache[Hashable, Answer] = LRUCache(budget, lambda answer: 2 * len(answer.body) + 1000)

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept under this key, if it still is."""
        return self._answers.get(key)

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, unless it is larger than the whole budget."""
        if self._answers.getsizeof(answer) <= self._answers.maxsize:
            self._answers[key] = answer
