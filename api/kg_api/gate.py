"""A visitor's query → checked → worker process → answer.

Every query starts in the quick lane. One that is not ready in half a second is stopped and asked again in the slow
lane, whose workers have the lowest priority, and goes there at once the next time. So however many long queries there
are, a short one finds a worker.
"""

import math
import re
from http import HTTPStatus

from cachetools import LRUCache

from kg_api.metrics import Metrics
from kg_api.pool import AllBusy, Pool, WorkerDied
from kg_api.problems import Problem
from kg_api.settings import Settings
from kg_api.worker import Question, Reply

# What can hide a brace or a keyword, then what the check counts (SPARQL 1.1, section 19.8). Every alternative takes a
# run of characters whole, so that the time it takes grows with the length of the text and no faster.
_TOKEN = re.compile(
    r"""
    (?P<skip>
        \#[^\n\r]*                                             # a comment
      | '{3}(?:(?!'{3})(?:[^\\]|\\.))*'{3} | "{3}(?:(?!"{3})(?:[^\\]|\\.))*"{3}
      | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"          # strings
      | [?$]\w+                                                # a variable
      | :(?:[\w.:%-]|\\.)*                                    # a name with the empty prefix
    )
  | <(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
  | (?P<open>[{(\[]) | (?P<close>[})\]])
  | (?P<word>[\w.-]+) (?: :(?:[\w.:%-]|\\.)* )?              # a keyword, a number, or a prefix and its local name
  | (?P<not>!)
    """,
    re.VERBOSE | re.DOTALL,
)
# What differs between queries that one form or program sends: comments, IRIs, strings, numbers, and the space between.
_VARYING = re.compile(
    r"""
    \#[^\n\r]* | <[^<>"{}|^`\\\x00-\x20]*> | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*" | \b[0-9][\w.]* | \s+
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_TOKENS = 20_000
_MOST_NEGATIONS = 50
_LOWEST_PRIORITY = 19
# A worker ends itself this long after the service should have ended it.
_GRACE_SECONDS = 5
_SLOW_FOR_SURE = 4
_REMEMBERED = 10_000


def check_query(text: str, settings: Settings) -> None:
    """Refuse, before any parser sees it, a query that could end its worker or leave this machine; raises Problem."""
    size = len(text.encode(errors="surrogatepass"))
    if size > settings.query_bytes:
        detail = f"the query is {size} bytes; at most {settings.query_bytes} are allowed"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
    depth = negations = 0
    calls_out = False
    for count, match in enumerate(_TOKEN.finditer(text)):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        negations += match.lastgroup == "not"
        if depth > settings.query_depth or count > _MOST_TOKENS or negations > _MOST_NEGATIONS:
            raise _refusal(
                "complexity",
                f"is too complex: at most {settings.query_depth} levels of nesting, {_MOST_TOKENS} words and "
                f"{_MOST_NEGATIONS} negations are allowed",
            )
        calls_out = _check_service(match, settings, calls_out=calls_out)


def _check_service(match: re.Match[str], settings: Settings, *, calls_out: bool) -> bool:
    """Whether the next token must be an endpoint for SERVICE; raises Problem when this token may not be there."""
    word = (match["word"] or "").upper()
    if calls_out:
        if word == "SILENT":
            return True
        if match["iri"] not in [str(endpoint) for endpoint in settings.service_endpoints]:
            raise _service_refusal(settings)
        return False
    # Parsers find a keyword at the end of another word, and before a colon that belongs to the next name.
    if "SERVICE" in word and (word != "SERVICE" or not settings.service_endpoints):
        raise _service_refusal(settings)
    return word == "SERVICE"


def _service_refusal(settings: Settings) -> Problem:
    allowed = ", ".join(f"<{endpoint}>" for endpoint in settings.service_endpoints)
    return _refusal(
        "service",
        "uses SERVICE, or a prefix that contains that word; "
        + (f"this endpoint asks only {allowed}. " if allowed else "this endpoint asks no other hosts. ")
        + "Ask the other endpoint yourself, or choose another prefix.",
    )


def _refusal(reason: str, detail: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, f"the query {detail}", reason=reason)


def _shape(text: str) -> int:
    """What queries have in common that differ only in the things and values that they name, and in their comments."""
    return hash(_VARYING.sub(" ", text))


class Lane:
    """Workers with a deadline, and a bounded number of queries that wait for them."""

    def __init__(self, place: str, settings: Settings, workers: int, niceness: int, metrics: Metrics) -> None:
        longest = math.ceil(settings.query_seconds) + _GRACE_SECONDS
        self.waiting = 0
        self.pool = Pool([place, str(settings.worker_bytes), str(niceness), str(longest)], workers)
        self._most = workers + settings.query_queue
        self._wait_seconds = settings.wait_seconds
        self._metrics = metrics

    async def ask(self, question: Question, seconds: float) -> Reply:
        """The reply of a worker, or TimeoutError; raises Problem."""
        if self.waiting >= self._most:
            raise _busy()
        self.waiting += 1
        try:
            return await self.pool.ask(question, seconds, self._wait_seconds)
        except AllBusy as error:
            raise _busy() from error
        except TimeoutError:
            self._metrics.worker_restarts.labels("time").inc()
            raise
        except WorkerDied as error:
            self._metrics.worker_restarts.labels("died").inc()
            stopped = "the query ended its worker, most likely by taking more memory than allowed"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, stopped, reason="died") from error
        finally:
            self.waiting -= 1


def _busy() -> Problem:
    detail = "too many queries are waiting; try again in a while"
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"retry-after": "5"}, reason="busy")


class Gate:
    """The two lanes, and which queries were slow before."""

    def __init__(self, place: str, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._quick = Lane(place, settings, settings.query_workers, 0, metrics)
        self._trial = Lane(place, settings, settings.query_workers, 0, metrics)
        self._slow = Lane(place, settings, settings.slow_workers, _LOWEST_PRIORITY, metrics)
        self._usual: LRUCache[int, float] = LRUCache(_REMEMBERED)

    async def ask(self, question: Question, seconds: float) -> Reply:
        """The answer to a question within `seconds`; raises Problem."""
        check_query(question.text, self._settings)
        try:
            reply = await self._ask(question, seconds)
        except TimeoutError as error:
            self._metrics.timeouts.inc()
            allowed = f"the query ran longer than the {seconds:g} seconds allowed"
            raise Problem(HTTPStatus.GATEWAY_TIMEOUT, allowed, reason="time") from error
        if reply.reason:
            raise Problem(_STATUS[reply.reason], reply.detail, reason=reply.reason)
        return reply

    async def _ask(self, question: Question, seconds: float) -> Reply:
        quick = min(seconds, self._settings.quick_seconds)
        shape = _shape(question.text)
        usual = self._usual.get(shape)
        if usual is None or usual <= self._settings.quick_seconds:
            lane = self._trial if usual is None else self._quick
            try:
                return self._noted(shape, await lane.ask(question, quick))
            except TimeoutError:
                self._note(shape, _SLOW_FOR_SURE * self._settings.quick_seconds)
                if seconds == quick:
                    raise
        self._metrics.slow.inc()
        return self._noted(shape, await self._slow.ask(question, seconds))

    def _noted(self, shape: int, reply: Reply) -> Reply:
        self._note(shape, reply.seconds)
        return reply

    def _note(self, shape: int, seconds: float) -> None:
        """One slow time does not make a shape slow that was quick for long, nor the other way round."""
        usual = self._usual.get(shape, seconds)
        self._usual[shape] = usual + (seconds - usual) / 4

    async def wait_until_ready(self) -> None:
        """Return when all workers have opened their store; raises WorkerDied."""
        await self._quick.pool.wait_until_ready()
        await self._trial.pool.wait_until_ready()
        await self._slow.pool.wait_until_ready()

    @property
    def is_ready(self) -> bool:
        """Whether a query would find a worker that has opened its store."""
        return self._quick.pool.is_ready

    @property
    def is_idle(self) -> bool:
        """Whether no query runs or waits."""
        return self._quick.waiting == self._trial.waiting == self._slow.waiting == 0

    def close(self) -> None:
        """Stop all workers at once."""
        self._quick.pool.close()
        self._trial.pool.close()
        self._slow.pool.close()


_STATUS = {
    "syntax": HTTPStatus.BAD_REQUEST,
    "evaluation": HTTPStatus.BAD_REQUEST,
    "kind": HTTPStatus.NOT_ACCEPTABLE,
    "size": HTTPStatus.BAD_REQUEST,
    "endpoint": HTTPStatus.BAD_GATEWAY,
}
