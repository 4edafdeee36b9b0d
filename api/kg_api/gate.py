"""A visitor's query → checked → worker process → answer.

There are three lanes. A query of a shape that was not seen before starts in the trial lane; when it is not ready in
half a second it is stopped, and asked again in the slow lane, whose workers have the lowest priority. The next query of
that shape goes at once to the slow lane, or to the quick lane, whichever its shape usually needs. So short queries of a
known shape do not wait for long ones, however much those differ in a name or a number. New shapes share the trial lane.

Who asks what is being answered already waits for that answer. No client takes more than a number of places in a lane.
"""

import math
import re
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from cachetools import LRUCache
from starlette.types import Receive

from kg.query_form import UPDATES, form
from kg_api.flight import Flight
from kg_api.messages import Said, said
from kg_api.metrics import Metrics
from kg_api.nursery import Nursery
from kg_api.pool import AllBusy, CannotStart, Pool, WorkerDied
from kg_api.problems import Problem
from kg_api.settings import Settings
from kg_api.worker import Question, Reply

# Tokens of SPARQL (SPARQL 1.1, section 19.8) as far as they can hide a bracket or a keyword. Every repetition keeps
# what it took (`*+`), and a quote that opens no string is a token of its own, so the time grows with the length only.
_LOCAL = r"(?:(?:[\w:%]|\\[-_~.!$&'()*+,;=/?\#@%])(?:[\w.:%-]|\\[-_~.!$&'()*+,;=/?\#@%])*+)?"
_TOKEN = re.compile(
    rf"""
    (?P<varying>
        \#[^\n\r]*                                              # a comment
      | '{{3}}(?:(?!'{{3}})(?:[^\\]|\\.))*+'{{3}} | "{{3}}(?:(?!"{{3}})(?:[^\\]|\\.))*+"{{3}}
      | '(?:[^'\\\n\r]|\\.)*+' | "(?:[^"\\\n\r]|\\.)*+"        # strings
      | [?$]\w+                                                 # a variable
      | :{_LOCAL}                                               # a name with the empty prefix
    )
  | <(?P<iri>(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+)>
  | (?P<open>[{{(\[]) | (?P<close>[}})\]])
  | (?P<word>[\w.-]+)(?P<name>:{_LOCAL})?                     # a keyword, a number, or a prefix with its local name
  | (?P<not>!)
  | (?P<odd>['"\\])                                            # what belongs to no string and no name
    """,
    re.VERBOSE | re.DOTALL,
)
# What differs between queries that one form or program sends: the same tokens, and numbers, found in one quick pass.
_DIFFERING = re.compile(
    rf"""
    \#[^\n\r]* | '[^'\\\n\r]*+' | "[^"\\\n\r]*+" | [?$]\w+ | <[^<>"{{}}|^`\\\x00-\x20]*+>
  | (?<![\w.-])[\w.-]*+:{_LOCAL} | (?<![\w.-])\d[\w.-]*+
    """,
    re.VERBOSE,
)
# A query without any of these words and without a backslash, which could spell one, calls out to nobody.
_NOTABLE = re.compile(r"\\|SERVICE|NOW|RAND|UUID")
# Between parentheses `<` may mean "less than", and then a quote or a comment may begin before the next `>`.
_COULD_BE_LESS_THAN = re.compile(r"(?![A-Za-z][\w+.-]*://).*['\#]", re.DOTALL)
# Their answers differ from one time to the next.
_CHANGING = {"NOW", "RAND", "UUID", "STRUUID", "SERVICE"}
_MOST_TOKENS = 20_000
_MOST_NEGATIONS = 50
_LOWEST_PRIORITY = 19
# A worker ends itself this long after the service should have ended it.
_GRACE_SECONDS = 5
# A query that was stopped counts as one of so many times what the quick lane allows.
_STOPPED_TIMES = 2
_REMEMBERED = 10_000
# Over before it would pay to look whether its client is still there, or whether others ask the same.
_INSTANT_SECONDS = 0.005


@dataclass(frozen=True)
class Checked:
    """What the check found: what queries of a kind have in common, and whether the answer stays the same."""

    shape: int
    is_lasting: bool


def check_query(text: str, settings: Settings) -> Checked:
    """Refuse, before any parser sees it, a query that could end its worker or leave this machine; raises Problem."""
    size = len(text.encode(errors="surrogatepass"))
    if size > settings.query_bytes:
        detail = said("long_query", size=size, most=settings.query_bytes)
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, reason="size")
    if form(text) in UPDATES:
        raise Problem(HTTPStatus.FORBIDDEN, said("read_only"), reason="update")
    is_lasting = _is_plain(text, settings) or _Check(settings).run(text)
    return Checked(hash(_DIFFERING.sub("", text)), is_lasting)


def _is_plain(text: str, settings: Settings) -> bool:
    """Whether a query is harmless however its tokens are read, as most are; that is known at once."""
    opened = sum(map(text.count, "{(["))
    is_simple = len(text) <= _MOST_TOKENS and opened <= settings.query_depth and text.count("!") <= _MOST_NEGATIONS
    return is_simple and not _NOTABLE.search(text.upper())


class _Check:
    """One walk over the tokens of a query."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: list[str] = []
        self._negations = 0
        self._calls_out = False
        self._is_lasting = True
        self._after_operand = False

    def run(self, text: str) -> bool:
        """Look at every token; returns whether the answer stays the same, and raises Problem."""
        for count, token in enumerate(_TOKEN.finditer(text)):
            kind = token.lastgroup
            if count > _MOST_TOKENS or kind == "odd":
                raise self._too_complex() if count > _MOST_TOKENS else _odd(text, token)
            self._look(token, kind)
        return self._is_lasting

    def _look(self, token: re.Match[str], kind: str) -> None:
        if kind in ("open", "close", "not"):
            self._count(token[0], kind)
        elif kind == "iri":
            self._look_at_iri(token["iri"])
        elif kind in ("word", "name"):
            self._look_at_word(token["word"].upper())
        if self._calls_out and kind not in ("word", "name"):
            self._expect_endpoint(token["iri"])
        if token[0][0] != "#":
            self._after_operand = kind in ("iri", "word", "name", "varying") or token[0] in (")", "]")

    def _look_at_iri(self, iri: str) -> None:
        if self._after_operand and self._open[-1:] == ["("] and _COULD_BE_LESS_THAN.match(iri):
            raise _refusal("ambiguous", said("ambiguous", text=iri[:40]))

    def _count(self, sign: str, kind: str) -> None:
        if kind == "open":
            self._open.append(sign)
        elif kind == "close" and self._open:
            self._open.pop()
        self._negations += kind == "not"
        if len(self._open) > self._settings.query_depth or self._negations > _MOST_NEGATIONS:
            raise self._too_complex()

    def _look_at_word(self, word: str) -> None:
        if word in _CHANGING:
            self._is_lasting = False
        if self._calls_out and word != "SILENT":
            raise _service_refusal(self._settings)
        # Parsers find a keyword at the end of another word, and before a colon that belongs to the next name.
        if "SERVICE" in word:
            if word != "SERVICE" or not self._settings.service_endpoints:
                raise _service_refusal(self._settings)
            self._calls_out = True

    def _expect_endpoint(self, iri: str | None) -> None:
        if iri not in [str(endpoint) for endpoint in self._settings.service_endpoints]:
            raise _service_refusal(self._settings)
        self._calls_out = False

    def _too_complex(self) -> Problem:
        most = {"depth": self._settings.query_depth, "words": _MOST_TOKENS, "negations": _MOST_NEGATIONS}
        return _refusal("complexity", said("complexity", **most))


def _odd(text: str, token: re.Match[str]) -> Problem:
    line = text.count("\n", 0, token.start()) + 1
    return _refusal("syntax", said("odd_sign", sign=token[0], line=line))


def _service_refusal(settings: Settings) -> Problem:
    allowed = ", ".join(f"<{endpoint}>" for endpoint in settings.service_endpoints)
    return _refusal("service", said("service_but", allowed=allowed) if allowed else said("service"))


def _refusal(reason: str, detail: Said) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, detail, reason=reason)


class Lane:
    """Workers with a deadline, and a bounded number of queries that wait for them, also for each client."""

    def __init__(self, name: str, pool: Pool, settings: Settings, metrics: Metrics) -> None:
        self.name = name
        self.pool = pool
        self.waiting = 0
        self._most = pool.size + settings.query_queue
        self._places: dict[str, int] = {}
        self._most_places = settings.queries_per_client
        self._wait_seconds = settings.wait_seconds
        self._metrics = metrics

    async def ask(self, question: Question, seconds: float, client: str) -> Reply:
        """The reply of a worker, or TimeoutError; raises Problem."""
        if self.waiting >= self._most:
            raise _busy()
        places = self._places.get(client, 0)
        if places >= self._most_places:
            raise _too_many(places)
        self._places[client] = places + 1
        self.waiting += 1
        try:
            return await self.pool.ask(question, seconds, self._wait_seconds)
        except AllBusy as error:
            raise _busy() from error
        except CannotStart as error:
            self._metrics.worker_restarts.labels("start").inc()
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE, said("cannot_start"), {"retry-after": "5"}, reason="start"
            ) from error
        except TimeoutError:
            self._metrics.worker_restarts.labels("time").inc()
            raise
        except WorkerDied as error:
            self._metrics.worker_restarts.labels("died").inc()
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, said("worker_died"), reason="died") from error
        finally:
            self.waiting -= 1
            self._places[client] -= 1
            if not self._places[client]:
                del self._places[client]


def _too_many(places: int) -> Problem:
    detail = said("too_many_of_one", places=places)
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, {"retry-after": "5"}, reason="client")


def _busy() -> Problem:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, said("busy"), {"retry-after": "5"}, reason="busy")


class Asking(NamedTuple):
    """A question, what the check found in it, how long it may run, and who asks."""

    question: Question
    checked: Checked
    seconds: float
    client: str


class Gate:
    """The three lanes, and how long queries of a shape usually take."""

    def __init__(self, place: str, settings: Settings, metrics: Metrics, *, in_memory: bool = False) -> None:
        self._settings = settings
        self._metrics = metrics
        self._nursery = Nursery(
            place,
            settings.worker_bytes,
            math.ceil(settings.query_seconds) + _GRACE_SECONDS,
            may_call_out=bool(settings.service_endpoints) or place.startswith(("http://", "https://")),
            in_memory=in_memory,
        )
        self._quick = self._lane("quick", settings.query_workers, 0)
        self._trial = self._lane("trial", settings.query_workers, 0)
        self._slow = self._lane("slow", settings.slow_workers, _LOWEST_PRIORITY)
        self.lanes = (self._quick, self._trial, self._slow)
        self._usual: LRUCache[int, float] = LRUCache(_REMEMBERED)
        self._flights: dict[Hashable, Flight[Reply | None]] = {}

    def _lane(self, name: str, workers: int, niceness: int) -> Lane:
        return Lane(name, Pool(self._nursery, niceness, workers), self._settings, self._metrics)

    async def ask(self, question: Question, seconds: float, client: str, receive: Receive) -> Reply:
        """The answer to a question that may run for `seconds`, unless `receive` says first that the client is gone.

        `client` is whose places in the lanes it takes. Raises Problem, and ClientDisconnect.
        """
        checked = check_query(question.text, self._settings)
        try:
            reply = await self._ask(Asking(question, checked, seconds, client), receive)
        except TimeoutError as error:
            self._metrics.timeouts.inc()
            raise Problem(
                HTTPStatus.GATEWAY_TIMEOUT, said("out_of_time", seconds=f"{seconds:g}"), reason="time"
            ) from error
        if reply.reason:
            raise Problem(_STATUS[reply.reason], said(f"reply_{reply.reason}", why=reply.detail), reason=reply.reason)
        return reply._replace(is_lasting=checked.is_lasting)

    async def _ask(self, asking: Asking, receive: Receive) -> Reply:
        usual = self._usual.get(asking.checked.shape)
        if usual is not None and usual <= _INSTANT_SECONDS:
            reply = await self._quickly(asking)
        elif usual is None or usual <= self._settings.quick_seconds:
            reply = await self._shared(self._quickly, asking, receive)
        else:
            reply = None
        return reply or await self._shared(self._slowly, asking, receive)

    async def _shared(
        self, work: Callable[[Asking], Awaitable[Reply | None]], asking: Asking, receive: Receive
    ) -> Reply | None:
        """What `work` gives, once for all who ask the same at the same time; it stops when all of them are gone."""
        key = (work, asking.question, asking.seconds) if asking.checked.is_lasting else object()
        while True:
            flight = self._flights.get(key)
            is_own = flight is None or flight.is_over
            if is_own:
                flight = self._flights[key] = Flight(work(asking))
            else:
                self._metrics.shared.inc()
            try:
                return await flight.wait(receive)
            except Problem as problem:
                # That another client has no places left says nothing of this one.
                if is_own or problem.reason != "client":
                    raise
            finally:
                if flight.is_over and self._flights.get(key) is flight:
                    del self._flights[key]

    async def _quickly(self, asking: Asking) -> Reply | None:
        """The reply, or None when it is not there in the time that the quick and the trial lane allow."""
        shape, quick = asking.checked.shape, self._settings.quick_seconds
        lane = self._quick if shape in self._usual else self._trial
        try:
            return await self._timed(lane, asking, min(asking.seconds, quick))
        except TimeoutError:
            if asking.seconds <= quick:
                # That says more about the client's patience than about the query.
                raise
            self._note(shape, _STOPPED_TIMES * quick)
            return None

    async def _slowly(self, asking: Asking) -> Reply:
        self._metrics.slow.inc()
        return await self._timed(self._slow, asking, asking.seconds)

    async def _timed(self, lane: Lane, asking: Asking, seconds: float) -> Reply:
        reply = await lane.ask(asking.question, seconds, asking.client)
        self._note(asking.checked.shape, reply.seconds)
        return reply

    def _note(self, shape: int, seconds: float) -> None:
        """It takes three slow times in a row to make a shape slow that was quick for long, and the other way round."""
        usual = self._usual.get(shape, seconds)
        self._usual[shape] = usual + (seconds - usual) / 4

    async def wait_until_ready(self) -> None:
        """Return when all workers have opened their store, after a fresh start where needed; raises CannotStart."""
        for lane in self.lanes:
            await lane.pool.wait_until_ready()

    @property
    def is_idle(self) -> bool:
        """Whether no query runs or waits."""
        return not any(lane.waiting for lane in self.lanes)

    def close(self) -> None:
        """Stop all workers at once."""
        for lane in self.lanes:
            lane.pool.close()
        self._nursery.close()


_STATUS = {
    "syntax": HTTPStatus.BAD_REQUEST,
    "evaluation": HTTPStatus.BAD_REQUEST,
    "kind": HTTPStatus.NOT_ACCEPTABLE,
    "size": HTTPStatus.BAD_REQUEST,
    "endpoint": HTTPStatus.BAD_GATEWAY,
}
