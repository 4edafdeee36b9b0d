"""The one client by which anything is fetched from elsewhere: polite to the other side, safe for this one.

Polite: says who it is and how to reach us, keeps to robots.txt (RFC 9309), waits between two requests to one host, and
comes back when it is asked to (Retry-After, RFC 9110 section 10.2.3). Safe: http and https alone, a bound on every
size, time and number, and no way from an address out in the world to one on this machine or its own network.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore2
from protego import Protego

from kg.errors import FetchError, one_line
from kg.registers import robots
from kg.registers.robots import AGENT

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 500, 502, 503, 504})
_ROBOTS_BYTES = 512 * 1024
"""RFC 9309, section 2.5: at least this much of a robots.txt is read."""
_HEADER = re.compile(r"[\x21-\x7e]+")
_AS_IS = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True)
class Limits:
    """How much, how long, how often."""

    sent_bytes: int = 1_000_000_000
    """Of one answer, as it is sent."""
    text_bytes: int = 2_000_000_000
    """Of one answer, once it is unpacked."""
    seconds: float = 1800
    """For one address, with all its redirects and retries."""
    wait_seconds: float = 30
    """For the next part of an answer."""
    pause_seconds: float = 120
    """The longest time that we wait because the other side asks for it."""
    interval: float = 1
    """Between two requests to one host; robots.txt may ask for more."""
    redirects: int = 5
    tries: int = 5


@dataclass
class Answer:
    """An answer whose body is still to be read."""

    address: str
    """Where it came from in the end."""
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    chunks: Iterable[bytes]
    """The body as it is sent; raises InterruptedFetch where it breaks off."""
    moved: list[str] = field(default_factory=list)
    """The addresses that it was redirected to, one after the other."""
    moved_for_good: bool = False
    """Whether each of these redirects was a lasting one (301, 308)."""


class InterruptedFetch(FetchError):  # noqa: N818  (it says what happened)
    """The connection broke, or no answer came in time; a second try may do better."""


class ForbiddenFetch(FetchError):  # noqa: N818
    """We stay away of our own accord: robots.txt asks it, or the address is on a private network."""


class Client:
    """Asks addresses elsewhere. `contact` is an address of mail or a page; `private` lets it ask its own network.

    `clock` and `sleep` are those of the system, but for tests.
    """

    def __init__(
        self,
        contact: str = "",
        limits: Limits = Limits(),
        *,
        private: bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits
        words = _HEADER.findall(contact)
        self.agent = " ".join([f"{AGENT}/{version('spoorboek')}", f"(+https://w3id.org/spoorboek/; {' '.join(words)})"])
        self.agent = self.agent.replace("; )", ")")
        self._private = private
        self._clock = clock
        self._sleep = sleep
        self._robots: dict[str, Protego] = {}
        self._free_from: dict[str, float] = {}

    @contextmanager
    def open(
        self,
        address: str,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        deadline: float | None = None,
    ) -> Iterator[Answer]:
        """The answer of an address, after redirects and, when it is busy, after waiting.

        Any status may come out but those for busy. Raises FetchError where the address may not or cannot be asked, and
        InterruptedFetch where another try may help. The deadline is one that `deadline` gave.
        """
        deadline = self.deadline() if deadline is None else deadline
        asked = method, encoded(address), headers or {}, deadline
        with self._patient(*asked, robots=True, private=self._private) as answer:
            yield answer

    def deadline(self) -> float:
        """The moment by which an address must have answered, if it is asked from now on."""
        return self._clock() + self.limits.seconds

    @contextmanager
    def _patient(
        self, method: str, address: str, headers: Mapping[str, str], deadline: float, *, robots: bool, private: bool
    ) -> Iterator[Answer]:
        """Ask until the other side is not busy."""
        for tried in range(1, self.limits.tries + 1):
            with self._followed(method, address, headers, deadline, robots=robots, private=private) as answer:
                if answer.status not in _BUSY:
                    yield answer
                    return
                pause = _retry_after(answer.headers) or 2.0 ** (tried - 1)
            if pause > self.limits.pause_seconds or tried == self.limits.tries:
                break
            self.wait(pause, address, deadline)
        again = f"; it asks to come back in {pause:.0f} seconds" if pause > self.limits.pause_seconds else ""
        raise FetchError(f"{address} is too busy or out of order ({answer.status}){again}. Try later.", answer.status)

    def wait(self, seconds: float, address: str, deadline: float) -> None:
        """Wait, unless that would take too long; then raises FetchError."""
        if self._clock() + seconds > deadline:
            raise FetchError(f"{address} took more than {self.limits.seconds:.0f} seconds. Try later.")
        self._sleep(seconds)

    @contextmanager
    def _followed(
        self, method: str, address: str, headers: Mapping[str, str], deadline: float, *, robots: bool, private: bool
    ) -> Iterator[Answer]:
        """Follow redirects; each of them keeps the same rules as the first address."""
        private = private and _is_private(_parts(address)[1])
        moved: list[str] = []
        for_good = True
        while True:
            here = moved[-1] if moved else address
            if robots:
                self._keep_to_robots(here, deadline, private=private)
            with self._asked(method, here, headers, deadline, private=private) as answer:
                target = answer.headers.get("location")
                if answer.status not in _REDIRECTS or target is None:
                    answer.moved, answer.moved_for_good = moved, bool(moved) and for_good
                    yield answer
                    return
                for_good = for_good and answer.status in (301, 308)
            moved.append(_target(address, here, target))
            if len(moved) > self.limits.redirects or moved[-1] in moved[:-1]:
                raise FetchError(f"{address} redirects without end, the last time to {moved[-1]}.", answer.status)

    def _keep_to_robots(self, address: str, deadline: float, *, private: bool) -> None:
        """Raise FetchError where robots.txt asks us to stay away."""
        scheme, host, port = _parts(address)
        origin = f"{scheme}://{host}:{port}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(urljoin(address, "/robots.txt"), deadline, private=private)
        if not self._robots[origin].can_fetch(address, AGENT):
            raise ForbiddenFetch(
                f"{address} may not be asked: robots.txt of {host} says so. Ask its keeper for the data."
            )

    def _read_robots(self, address: str, deadline: float, *, private: bool) -> Protego:
        with self._patient("GET", address, {}, deadline, robots=False, private=private) as answer:
            if answer.status != 200:
                return robots.rules("")
            text = bytearray()
            for chunk in answer.chunks:
                text += chunk
                if len(text) > _ROBOTS_BYTES:
                    break
            return robots.rules(text[:_ROBOTS_BYTES].decode(errors="replace"))

    @contextmanager
    def _asked(
        self, method: str, address: str, headers: Mapping[str, str], deadline: float, *, private: bool
    ) -> Iterator[Answer]:
        """One request, on a connection of its own."""
        self._take_turn(address, deadline)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self.limits.wait_seconds)
        network = _Network(deadline, self._clock, private=private)
        sent = {"User-Agent": self.agent, "Accept": "*/*", "Connection": "close", **headers}
        with ExitStack() as stack:
            try:
                pool = stack.enter_context(httpcore2.ConnectionPool(_tls(), network_backend=network))
                stream = pool.stream(method, address, headers=sent, extensions={"timeout": timeouts})
                response = stack.enter_context(stream)
            except _FAILURES as error:
                raise InterruptedFetch(f"{address} gave no answer: {_reason(error)}. Try later.") from error
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            yield Answer(address, response.status, found, _clearly(response.iter_stream(), address))

    def _take_turn(self, address: str, deadline: float) -> None:
        """Wait until this host may be asked again."""
        scheme, host, port = _parts(address)
        now = self._clock()
        if (free_from := self._free_from.get(host, now)) > now:
            self.wait(free_from - now, address, deadline)
        rules = self._robots.get(f"{scheme}://{host}:{port}")
        asked = (rules and rules.crawl_delay(AGENT)) or 0
        self._free_from[host] = self._clock() + min(max(self.limits.interval, asked), self.limits.pause_seconds)


_FAILURES = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
    OSError,
)


@cache
def _tls() -> ssl.SSLContext:
    """What the system trusts; reading all its certificates takes a while."""
    return httpcore2.default_ssl_context()


def _clearly(chunks: Iterable[bytes], address: str) -> Iterator[bytes]:
    try:
        yield from chunks
    except _FAILURES as error:
        raise InterruptedFetch(f"{address} broke off: {_reason(error)}. Try again.") from error


def _reason(error: BaseException) -> str:
    return one_line(error) or type(error).__name__


def encoded(address: str) -> str:
    """An address as it is sent: without its fragment, other characters than those of ASCII encoded (RFC 3987)."""
    try:
        parts = urlsplit(address)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise FetchError(f"'{address[:200]}' is no http or https address that can be asked") from error
    path, query = (quote(part, safe=_AS_IS) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def _parts(address: str) -> tuple[str, str, int]:
    """Scheme, host and port; raises FetchError for what is no address on the web."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        if not parts.hostname or parts.username is not None or not _HEADER.fullmatch(address):
            raise ValueError("no host, a name of a user, or a character that belongs encoded")
    except (ValueError, KeyError) as error:
        raise FetchError(f"'{address[:200]}' is no http or https address that can be asked") from error
    return parts.scheme, parts.hostname, port


def _target(start: str, here: str, location: str) -> str:
    """Where a redirect leads; raises FetchError for another scheme or an address that is none."""
    try:
        target = encoded(urljoin(here, location.strip()))
        _parts(target)
    except (FetchError, ValueError) as error:
        raise FetchError(f"{start} redirects to '{location[:200]}', where we do not go.") from error
    return target


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that an answer asks to wait; 0 where it says nothing, or nothing that can be read."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _is_private(host: str) -> bool:
    """Whether a name stands for nothing but this machine and networks that are not the internet.

    One that stands for both is no way in: it was made for that.
    """
    try:
        return not any(map(_is_public, _numbers(host)))
    except OSError:
        return False


def _numbers(host: str) -> list[str]:
    """The IP addresses of a host, in the order in which the system would try them; raises OSError where it has none."""
    try:
        return list(dict.fromkeys(entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))
    except UnicodeError as error:
        raise OSError(f"'{host}' cannot be the name of a host") from error


def _is_public(number: str) -> bool:
    """Whether an IP address is one of the internet; IPv6 forms of an IPv4 address count as that address."""
    found = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        packed = int(found)
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64 or packed < 2**32:
            inner = ipaddress.IPv4Address(packed & 0xFFFFFFFF)
        if found.is_site_local:
            return False
        found = inner or found
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class _Network(httpcore2.NetworkBackend):
    """Connects to what a name stands for when that may be asked, and lets nothing go on after the deadline.

    The name is looked up once, so that the number that was checked is the number that is asked.
    """

    def __init__(self, deadline: float, clock: Callable[[], float], *, private: bool) -> None:
        self._deadline = deadline
        self._clock = clock
        self._private = private
        self._system = httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> "_Stream":  # noqa: ANN401
        numbers = _numbers(host)
        if not self._private and not all(map(_is_public, numbers)):
            raise ForbiddenFetch(f"{host} is an address on a private network ({numbers[0]}); we do not go there.")
        for number in numbers[:-1]:
            try:
                return self._stream(self._system.connect_tcp(number, port, self._left(timeout), **options))
            except (httpcore2.NetworkError, httpcore2.TimeoutException):
                continue
        return self._stream(self._system.connect_tcp(numbers[-1], port, self._left(timeout), **options))

    def _stream(self, stream: httpcore2.NetworkStream) -> "_Stream":
        return _Stream(stream, self._left)

    def _left(self, timeout: float | None) -> float:
        """The seconds that one step may take."""
        left = self._deadline - self._clock()
        if left <= 0:
            raise httpcore2.ReadTimeout("it took too long")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    """A connection that ends at the deadline, however little by little the other side sends."""

    def __init__(self, stream: httpcore2.NetworkStream, left: Callable[[float | None], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401
        return self._stream.get_extra_info(info)
