"""A visitor's query → checked → worker process → answer."""

import asyncio
import re
from concurrent.futures import TimeoutError as FutureTimeout
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path

from pebble import CONSTS, ProcessExpired, ProcessPool

from kg_api import worker
from kg_api.problems import Problem
from kg_api.settings import Settings

# What can hide a brace or a keyword, then what the check counts (SPARQL 1.1, section 19.8). Every alternative takes a
# run of characters whole, so that the time it takes grows with the length of the text and no faster.
_TOKEN = re.compile(
    r"""
    (?P<skip>
        \#[^\n\r]*                                             # a comment
      | '{3}(?:(?!'{3})(?:[^\\]|\\.))*'{3} | "{3}(?:(?!"{3})(?:[^\\]|\\.))*"{3}
      | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"          # strings
      | <[^<>"{}|^`\\\x00-\x20]*>                              # an IRI
      | [?$]\w+                                                # a variable
      | :(?:[\w.:%-]|\\.)*                                    # a name with the empty prefix
    )
  | (?P<open>[{(\[]) | (?P<close>[})\]])
  | (?P<word>[\w.-]+) (?: :(?:[\w.:%-]|\\.)* )?              # a keyword, a number, or a prefix and its local name
  | (?P<not>!)
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_TOKENS = 20_000
_MOST_NEGATIONS = 50
# Native code does not hear SIGTERM, so there is nothing to wait for before SIGKILL.
CONSTS.term_timeout = 0.1


def check_query(text: str, settings: Settings) -> None:
    """Refuse, before any parser sees it, a query that could end its worker or leave this machine; raises Problem."""
    size = len(text.encode(errors="surrogatepass"))
    if size > settings.query_bytes:
        raise Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"the query is {size} bytes; at most {settings.query_bytes} are allowed",
        )
    depth = negations = 0
    for count, match in enumerate(_TOKEN.finditer(text)):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        negations += match.lastgroup == "not"
        if depth > settings.query_depth or count > _MOST_TOKENS or negations > _MOST_NEGATIONS:
            raise _refusal(
                f"is too complex: at most {settings.query_depth} levels of nesting, {_MOST_TOKENS} words and "
                f"{_MOST_NEGATIONS} negations are allowed"
            )
        # Parsers find a keyword at the end of another word, and before a colon that belongs to the next name.
        if match.lastgroup == "word" and "SERVICE" in match["word"].upper():
            raise _refusal(
                "uses SERVICE, or a prefix that contains that word; this endpoint asks no other hosts. Ask the other "
                "endpoint yourself, or choose another prefix."
            )


def _refusal(reason: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, f"the query {reason}")


class Gate:
    """Worker processes with a deadline and a memory limit; a worker that dies is replaced."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self._settings = settings
        self._waiting = 0
        self._pool = ProcessPool(
            max_workers=settings.query_workers,
            initializer=worker.start,
            initargs=(str(store), settings.worker_bytes),
            context=get_context("spawn"),
        )

    def warm_up(self) -> None:
        """Start the workers now rather than at the first query."""
        for _ in range(self._settings.query_workers):
            self._pool.schedule(worker.answer, args=["ASK {}", "json", None, 1000])

    async def ask(self, text: str, result_format: str | None, graph_format: str | None) -> tuple[str, bytes]:
        """The name of the format that fits the kind of query, and the answer in it; raises Problem."""
        check_query(text, self._settings)
        if self._waiting >= self._settings.query_workers + self._settings.query_queue:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too many queries are waiting; try again in a while",
                {"retry-after": "5"},
            )
        self._waiting += 1
        try:
            return await self._answer(text, result_format, graph_format)
        finally:
            self._waiting -= 1

    async def _answer(self, text: str, result_format: str | None, graph_format: str | None) -> tuple[str, bytes]:
        future = self._pool.schedule(
            worker.answer,
            args=[text, result_format, graph_format, self._settings.answer_bytes],
            timeout=self._settings.query_seconds,
        )
        try:
            return await asyncio.wrap_future(future)
        except (FutureTimeout, TimeoutError) as error:
            allowed = f"the query ran longer than the {self._settings.query_seconds:g} seconds allowed"
            raise Problem(HTTPStatus.GATEWAY_TIMEOUT, allowed) from error
        except worker.Refused as error:
            raise Problem(_STATUS[error.reason], error.detail) from error
        except (ProcessExpired, MemoryError) as error:
            stopped = "the query ended its worker, most likely by taking more memory than allowed"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, stopped) from error

    def close(self) -> None:
        """Stop the workers."""
        self._pool.stop()
        self._pool.join()


_STATUS = {
    "syntax": HTTPStatus.BAD_REQUEST,
    "evaluation": HTTPStatus.BAD_REQUEST,
    "kind": HTTPStatus.NOT_ACCEPTABLE,
    "size": HTTPStatus.BAD_REQUEST,
}
