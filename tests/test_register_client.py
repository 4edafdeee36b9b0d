"""The client for what is elsewhere: it waits its turn, goes on where it broke off, and is not led astray."""

import gzip
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from kg.errors import DataError, FetchError
from kg.registers import client as clients
from kg.registers.client import Client, ForbiddenFetch, InterruptedFetch, Limits
from kg.registers.fetching import fetch
from tests.elsewhere import Elsewhere, elsewhere, send

CALM = Limits(interval=0, wait_seconds=5, seconds=200, tries=3)
TEXT = b"".join(b"regel %d\n" % number for number in range(20_000))


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    """How long the client would have waited, each time."""
    return []


@pytest.fixture
def client(pauses: list[float]) -> Client:
    return Client("beheer@spoorboek.example", CALM, sleep=pauses.append)


def _read(client: Client, address: str) -> bytes:
    with client.open(address) as answer:
        return b"".join(answer.chunks)


def test_it_says_who_it_is_and_how_to_reach_us(client, there):
    _read(client, there.at("/", b"x"))
    assert there.last["user-agent"].startswith("spoorboek/")
    assert "beheer@spoorboek.example" in there.last["user-agent"]


def test_what_is_given_as_contact_cannot_become_another_header(there):
    client = Client("a@b.example\r\nX-Evil: 1", CALM)
    _read(client, there.at("/", b"x"))
    assert "x-evil" not in there.last


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        (b"User-agent: *\nDisallow: /geheim", "/geheim/a", False),
        (b"User-agent: *\nDisallow: /geheim", "/open", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: spoorboek\nAllow: /", "/a", True),
        (b"User-agent: *\nDisallow: /*.csv$", "/a.csv", False),
        (b"\xff\x00 no rules at all", "/a", True),
    ],
)
def test_robots_txt_is_kept_to(client, there, rules, path, may):
    there.at("/robots.txt", rules)
    address = there.at(path, b"x")
    if may:
        assert _read(client, address) == b"x"
    else:
        with pytest.raises(FetchError, match="robots"):
            _read(client, address)
        assert there.asked == []


def test_robots_txt_of_where_it_is_led_counts_too(client, there):
    there.at("/robots.txt", b"User-agent: *\nDisallow: /geheim")
    there.at("/geheim", b"x")
    with pytest.raises(FetchError, match="robots"):
        _read(client, there.at("/a", status=302, Location="/geheim"))


def test_when_robots_txt_is_out_of_order_nothing_is_asked(client, there):
    there.at("/robots.txt", status=503)
    with pytest.raises(FetchError, match=r"robots\.txt is too busy"):
        _read(client, there.at("/a", b"x"))
    assert there.asked == []


def test_a_host_is_not_asked_again_at_once(there, pauses):
    client = Client("", Limits(interval=3, tries=1), clock=lambda: 100.0, sleep=pauses.append)
    address = there.at("/", b"x")
    _read(client, address)
    _read(client, address)
    assert pauses == [3.0, 3.0]  # after robots.txt, and after the first


def test_it_waits_as_long_as_robots_txt_asks(there, pauses):
    there.at("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n")
    client = Client("", Limits(interval=0, tries=1), clock=lambda: 100.0, sleep=pauses.append)
    address = there.at("/", b"x")
    _read(client, address)
    _read(client, address)
    assert pauses == [7.0]


@pytest.mark.parametrize("retry", ["7", "date"])
def test_when_the_other_side_is_busy_it_comes_back_when_asked_to(client, there, pauses, retry):
    answers = iter([429, 503, 200])
    after = formatdate(time.time() + 60, usegmt=True) if retry == "date" else retry
    address = there.by("/", lambda handler: send(handler, b"x", next(answers), {"Retry-After": after}))
    assert _read(client, address) == b"x"
    assert len(pauses) == 2
    assert all(pause == 7 if retry == "7" else 50 < pause <= 60 for pause in pauses)


def test_it_does_not_wait_for_ever(client, there, pauses):
    with pytest.raises(FetchError, match="come back in 86400 seconds"):
        _read(client, there.at("/", status=503, Retry_After="86400"))
    assert pauses == []


def test_it_gives_up_on_what_stays_out_of_order(client, there, pauses):
    with pytest.raises(FetchError) as error:
        _read(client, there.at("/", status=500))
    assert error.value.status == 500
    assert len(there.asked) == 3
    assert pauses == [1, 2]


def test_redirects_are_followed_and_told(client, there):
    there.at("/a", status=301, Location="/b")
    there.at("/b", status=308, Location="c#deel")
    there.at("/c", b"x")
    with client.open(there.address + "/a") as answer:
        assert answer.address == there.address + "/c"
        assert answer.moved == [there.address + "/b", there.address + "/c"]
        assert answer.moved_for_good


def test_a_redirect_for_now_is_not_one_for_good(client, there):
    there.at("/b", b"x")
    with client.open(there.at("/a", status=302, Location="/b")) as answer:
        assert not answer.moved_for_good


@pytest.mark.parametrize("path", ["/a", "/b"])
def test_a_circle_of_redirects_ends(client, there, path):
    there.at("/a", status=302, Location="/b")
    there.at("/b", status=302, Location=path)
    with pytest.raises(FetchError, match="without end"):
        _read(client, there.address + "/a")
    assert len(there.asked) <= 7


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "gopher://x",
        "http://a:b@127.0.0.1/",
        "http://[::1",
        "http://x:y/",
    ],
)
def test_a_redirect_out_of_the_web_is_refused(client, there, location):
    with pytest.raises(FetchError, match="where we do not go"):
        _read(client, there.at("/a", status=302, Location=location))


def test_a_redirect_to_another_host_follows_its_own_rules(client, there):
    with elsewhere() as other:
        other.at("/robots.txt", b"User-agent: *\nDisallow: /nee")
        other.at("/nee", b"x")
        assert _read(client, there.at("/a", status=302, Location=other.at("/ja", b"y"))) == b"y"
        with pytest.raises(FetchError, match="robots"):
            _read(client, there.at("/b", status=302, Location=other.address + "/nee"))


def test_from_the_world_no_way_leads_to_this_machine(there, pauses):
    client = Client("", CALM, private=False, sleep=pauses.append)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1"):
        port = there.address.rpartition(":")[2]
        with pytest.raises(FetchError, match="private network"):
            _read(client, f"http://{host}:{port}/")
    assert there.asked == []


def test_the_robots_txt_of_a_private_network_is_not_asked_either(client, there, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clients, "_is_public", lambda number: number == "127.0.0.1")
    inward = there.at("/a", status=302, Location="http://127.0.0.2:9/")
    with pytest.raises(ForbiddenFetch, match="private network"):
        _read(client, inward)


def test_a_name_for_the_world_and_this_machine_is_no_way_in(client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clients, "_numbers", lambda _: ["127.0.0.1", "8.8.8.8"])
    with pytest.raises(FetchError, match="private network"):
        _read(client, "http://tweezijdig.example/")


def test_robots_txt_for_many_agents_costs_no_more_than_its_length(client, there):
    agents = b"".join(b"user-agent: a%d\n" % number for number in range(2000))
    rules = b"".join(b"disallow: /%d\n" % number for number in range(2000))
    there.at("/robots.txt", agents + b"User agent: spoor*\n" + rules)
    before = time.process_time()
    assert _read(client, there.at("/a", b"x")) == b"x"
    assert time.process_time() - before < 1
    with pytest.raises(FetchError, match="robots"):
        _read(client, there.at("/1999", b"x"))


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("fec0::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::ffff:8.8.8.8", True),
    ],
)
def test_which_numbers_are_the_internet(number, public):
    assert clients._is_public(number) is public


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "x", "http://", "http://a b/", "http://u:p@127.0.0.1/", "http://\x01/"]
)
def test_what_is_no_address_is_refused(client, address):
    with pytest.raises(FetchError, match="no http or https address"):
        _read(client, address)


def test_other_characters_than_ascii_are_encoded(client, there):
    there.at("/b%C3%A9?q=%E2%82%AC", b"x")
    assert _read(client, there.address + "/bé?q=€") == b"x"
    assert clients.encoded("https://zoë.example/a%20b#c") == "https://xn--zo-ija.example/a%20b"


def test_nobody_there_is_told_in_a_line(client):
    with elsewhere() as there:
        address = there.address
    with pytest.raises(InterruptedFetch, match="gave no answer"):
        _read(client, address)


def test_a_name_that_is_too_long_is_told_in_a_line(client):
    with pytest.raises(FetchError):
        _read(client, f"http://{'a' * 70}.example/")


def test_an_answer_that_drips_ends_at_the_limit(there):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X-A: b\r\n")
            time.sleep(0.05)

    client = Client("", Limits(interval=0, wait_seconds=5, seconds=0.3, tries=1))
    start = time.monotonic()
    with pytest.raises(FetchError, match="gave no answer"):
        _read(client, there.by("/", drip))
    assert time.monotonic() - start < 2


def test_a_body_that_drips_ends_at_the_limit(there, tmp_path):
    def drip(handler):
        send(handler, b"", headers={"Content-Length": "1000"})
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    client = Client("", Limits(interval=0, wait_seconds=5, seconds=0.3, tries=3))
    start = time.monotonic()
    with pytest.raises(FetchError, match=r"broke off|took more than"):
        fetch(client, there.by("/", drip), tmp_path)
    assert time.monotonic() - start < 2


def test_a_file_is_fetched_once_while_it_stays_the_same(client, there, tmp_path):
    def answer(handler):
        same = handler.headers.get("If-None-Match") == '"een"'
        headers = {"ETag": '"een"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
        send(handler, b"" if same else TEXT, 304 if same else 200, headers)

    address = there.by("/a", answer)
    first = fetch(client, address, tmp_path)
    again = fetch(client, address, tmp_path)
    assert first.path.read_bytes() == TEXT
    assert first.changed
    assert not again.changed
    assert first.path == again.path
    assert first.made == again.made == "2026-11-22T10:00:00Z"
    assert there.last["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    there.at("/a", b"nieuw", ETag='"twee"')
    changed = fetch(client, address, tmp_path)
    assert changed.changed
    assert changed.path.read_bytes() == b"nieuw"


def _breaking(text: bytes, etag: str = '"een"', packed: bool = False):
    """Sends half of what is left each time it is asked, and then breaks off."""

    def answer(handler):
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        start = start if handler.headers.get("If-Range") == etag else 0
        headers = {"ETag": etag, "Content-Length": str(len(text) - start)}
        if packed:
            headers["Content-Encoding"] = "gzip"
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(text) - 1}/{len(text)}"
        left = text[start:]
        part = left if len(left) < len(text) // 3 else left[: len(left) // 2]
        send(handler, part, 206 if start else 200, headers)

    return answer


@pytest.mark.parametrize("packed", [False, True])
def test_what_breaks_off_is_gone_on_with(client, there, tmp_path, packed):
    sent = gzip.compress(TEXT, mtime=0) if packed else TEXT
    file = fetch(client, there.by("/a", _breaking(sent, packed=packed)), tmp_path)
    assert file.path.read_bytes() == TEXT
    starts = [headers.get("range", "bytes=0-") for _, _, headers in there.asked]
    assert starts == [
        "bytes=0-",
        f"bytes={len(sent) // 2}-",
        f"bytes={len(sent) // 2 + (len(sent) - len(sent) // 2) // 2}-",
    ]
    assert [path.name for path in tmp_path.glob("*.part*")] == []


def test_a_later_run_goes_on_where_an_earlier_one_broke_off(there, tmp_path):
    address = there.by("/a", _breaking(TEXT))
    impatient = Client("", Limits(interval=0, wait_seconds=5, seconds=20, tries=1))
    for _ in range(2):
        with pytest.raises(InterruptedFetch):
            fetch(impatient, address, tmp_path)
        assert list(tmp_path.glob("*.body")) == []
    assert fetch(impatient, address, tmp_path).path.read_bytes() == TEXT


def test_what_changed_in_between_is_fetched_anew(there, tmp_path):
    address = there.by("/a", _breaking(TEXT))
    impatient = Client("", Limits(interval=0, wait_seconds=5, seconds=20, tries=1))
    with pytest.raises(InterruptedFetch):
        fetch(impatient, address, tmp_path)
    there.at("/a", b"heel anders", ETag='"twee"')
    assert fetch(impatient, address, tmp_path).path.read_bytes() == b"heel anders"


@pytest.mark.parametrize("wrong", ["bytes 3-9/10", "", "nonsense"])
def test_another_part_than_was_asked_for_is_not_taken(client, there, tmp_path, wrong):
    parts = iter([b"begin"])

    def answer(handler):
        part = next(parts, None)
        if part:
            send(handler, part, headers={"ETag": '"een"', "Content-Length": "100"})
        elif "Range" in handler.headers:
            send(handler, b"123", 206, {"Content-Range": wrong})
        else:
            send(handler, b"heel", headers={"ETag": '"een"'})

    assert fetch(client, there.by("/a", answer), tmp_path).path.read_bytes() == b"heel"


def test_what_is_too_large_is_not_taken(there, tmp_path):
    client = Client("", Limits(interval=0, sent_bytes=1000, tries=1))
    with pytest.raises(FetchError, match="more than 1,000 bytes"):
        fetch(client, there.at("/a", TEXT), tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_a_small_file_that_unpacks_to_a_large_one_is_not_taken(there, tmp_path):
    bomb = gzip.compress(bytes(5_000_000), mtime=0)
    client = Client("", Limits(interval=0, text_bytes=1_000_000, tries=1))
    with pytest.raises(FetchError, match="unpacks to more than 1,000,000 bytes"):
        fetch(client, there.at("/a", bomb, Content_Encoding="gzip"), tmp_path)
    assert len(bomb) < 10_000
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


@pytest.mark.parametrize(
    "body", [gzip.compress(TEXT, mtime=0)[:-20], b"not packed", b"\x1f\x8b\x08\x00broken in the middle"]
)
def test_what_cannot_be_unpacked_leaves_the_file_of_before(client, there, tmp_path, body):
    before = fetch(client, there.at("/a", b"eerst"), tmp_path)
    with pytest.raises(FetchError, match="not packed as it says"):
        fetch(client, there.at("/a", body, Content_Encoding="gzip"), tmp_path)
    assert before.path.read_bytes() == b"eerst"
    assert fetch(client, there.at("/a", b"daarna"), tmp_path).path.read_bytes() == b"daarna"


def test_an_encoding_nobody_asked_for_is_refused(client, there, tmp_path):
    with pytest.raises(FetchError, match="'br', which nobody asked for"):
        fetch(client, there.at("/a", b"x", Content_Encoding="br"), tmp_path)


def test_what_is_not_there_is_told_with_its_status(client, there, tmp_path):
    with pytest.raises(FetchError, match="answered 404") as error:
        fetch(client, there.address + "/niets", tmp_path)
    assert error.value.status == 404


def test_a_damaged_cache_is_fetched_anew(client, there, tmp_path):
    address = there.at("/a", b"x", ETag='"een"')
    path = fetch(client, address, tmp_path).path
    for facts in ("{", "[]"):
        path.with_name(path.name + ".json").write_text(facts)
        assert fetch(client, address, tmp_path).path.read_bytes() == b"x"
        assert "if-none-match" not in there.last


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ETag", '"\xe9"'),
        ("Last-Modified", "Fri, 31 Dec 9999 23:59:59 -2300"),
        ("Last-Modified", "Fri, 31 Dec 99999999999999999999 23:59:59 GMT"),
        ("Last-Modified", "gisteren \xe9"),
    ],
)
def test_a_header_that_cannot_be_is_passed_over(client, there, tmp_path, header, value):
    address = there.at("/a", b"x", **{header: value})
    assert fetch(client, address, tmp_path).made is None
    assert not fetch(client, address, tmp_path).changed


def test_a_folder_that_cannot_be_written_is_told(client, there, tmp_path: Path):
    (tmp_path / "vol").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        fetch(client, there.at("/a", b"x"), tmp_path / "vol")
