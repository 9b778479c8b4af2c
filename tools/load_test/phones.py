"""A room full of phones that answer a round at the same time, on bad Wi-Fi: for tests and measurements.

Each phone does what a browser does: follows links and redirects, fills in the form that it was sent, and tries again
when the connection is cut. Loopback only.
"""

import asyncio
import html
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

__all__ = ["Acknowledged", "PhoneResult", "Room", "Wifi", "percentile"]

TIMEOUT = 30
TRIES = 8


@dataclass(frozen=True)
class Wifi:
    """How bad it is: the share of requests that are cut off, and of people who open a second tab."""

    cut: float = 0.05
    second_tab: float = 0.10
    #: Seconds over which people begin, and the longest that one of them stays on a page.
    begin_within: float = 10.0
    think: float = 2.0
    seed: int = 7


@dataclass(frozen=True)
class Acknowledged:
    """Something the site said that it has: for which response, sent to which page, and what."""

    key: str
    page: str
    sent: tuple[tuple[str, str], ...]


@dataclass
class PhoneResult:
    """What came of one phone."""

    number: int
    typed: str
    reference: str = ""
    cuts: int = 0
    #: Answers that were broken off by the server, and asked for again.
    broken: int = 0
    acknowledged: list[Acknowledged] = field(default_factory=list)
    #: Seconds from each request to the end of its answer, or until nobody waited for one any more.
    waits: list[float] = field(default_factory=list)
    finished: float = 0.0
    error: str = ""


class ConnectionCutError(OSError):
    """The connection broke off."""


class Room:
    """``count`` phones at the site at ``url``, which join with ``code``."""

    def __init__(self, url: str, code: str, count: int, wifi: Wifi) -> None:
        parts = urlsplit(url)
        assert parts.hostname in ("127.0.0.1", "localhost"), "only this machine"  # noqa: S101 - a safeguard
        self.host, self.port = parts.hostname, parts.port or 80
        self.code, self.count, self.wifi = code, count, wifi

    def run(self) -> list[PhoneResult]:
        """Let everybody answer. Gives what came of each, in no more time than the slowest takes."""
        return asyncio.run(self._run())

    async def _run(self) -> list[PhoneResult]:
        started = time.monotonic()
        phones = [Phone(self, number) for number in range(self.count)]
        await asyncio.gather(*(phone.live(started) for phone in phones))
        return [phone.outcome for phone in phones]


class Phone:
    """One of them."""

    def __init__(self, room: Room, number: int) -> None:
        self.room = room
        self.chance = random.Random(room.wifi.seed * 100_003 + number)  # noqa: S311 - no secrets
        self.outcome = PhoneResult(number, f"Words of phone {number}")

    async def live(self, started: float) -> None:
        """Come in, answer, leave."""
        await asyncio.sleep(self.chance.uniform(0, self.room.wifi.begin_within))
        try:
            self.outcome.reference = await self.answer()
        except (TimeoutError, OSError, ValueError) as error:
            self.outcome.error = f"{type(error).__name__}: {error}"
        self.outcome.finished = time.monotonic() - started

    async def answer(self) -> str:
        """From the code in the room to the receipt, whose reference it gives. Raises ValueError on the way."""
        url, page = await self.get(f"/join/{self.room.code}/")
        two_tabs = self.chance.random() < self.room.wifi.second_tab
        for _ in range(20):
            if "/receipt/" in url:
                return find_in(r'<strong class="nb">([0-9A-Z]{4}-[0-9A-Z]{4})</strong>', page)
            await asyncio.sleep(self.chance.uniform(0, self.room.wifi.think))
            filled = self.fill(page)
            if two_tabs:
                (url, page), _ = await asyncio.gather(self.post(url, filled), self.post(url, filled))
            else:
                url, page = await self.post(url, filled)
        raise ValueError("there is no end to it")

    def fill(self, page: str) -> list[tuple[str, str]]:
        """What somebody types and ticks on a page."""
        main = find_in(r"<main.*?</main>", page, whole=True)
        given = [("form", number) for number in re.findall(r'name="form"\s+value="(\d+)"', main)]
        choices: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="radio"\s+name="([^"]+)"\s+value="([^"]*)"', main):
            choices.setdefault(name, []).append(html.unescape(value))
        given += [(name, self.chance.choice(values)) for name, values in choices.items() if name != "capacity"]
        # Beside a proposition few people write; where whole sentences fit, all of them do.
        comments = re.findall(r'<textarea[^>]*\sname="(p\d+-comment)"', main)
        given += [(name, self.outcome.typed) for name in comments if self.chance.random() < 0.2]
        given += [(name, self.outcome.typed) for name in re.findall(r'<textarea[^>]*\sname="([0-9a-f-]{36})"', main)]
        if "/about-you/" in page or 'name="may_contact"' in main:
            given.append(("organisation", self.outcome.typed))
        return given

    async def get(self, path: str) -> tuple[str, str]:
        return await self.request("GET", path, b"")

    async def post(self, path: str, filled: list[tuple[str, str]]) -> tuple[str, str]:
        return await self.request("POST", path, urlencode(filled).encode())

    async def request(self, method: str, path: str, body: bytes) -> tuple[str, str]:
        """Ask, ask again when cut off, and follow redirects. Gives the last address and what stood there."""
        for _ in range(10):
            status, headers, text = await self.insist(method, path, body)
            if method == "POST" and status in (200, 302, 303):
                self.remember(path, body)
            if status in (301, 302, 303):
                path = urljoin(path, headers["location"])
                method, body = "GET", b""
                continue
            if status != 200:
                raise ValueError(f"{status} at {path.partition('?')[0]}")
            return path, text
        raise ValueError("redirected for ever")

    def remember(self, path: str, body: bytes) -> None:
        """Take the site at its word."""
        address = urlsplit(path)
        sent = tuple((name, value) for name, values in parse_qs(body.decode()).items() for value in values)
        page = address.path.strip("/").split("/")[2]
        self.outcome.acknowledged.append(Acknowledged(parse_qs(address.query)["k"][0], page, sent))

    async def insist(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        """One answer, however often it takes."""
        for attempt in range(TRIES):
            begun = time.monotonic()
            try:
                found = await asyncio.wait_for(self.once(method, path, body), TIMEOUT)
            except ConnectionCutError:
                self.outcome.cuts += 1
            except TimeoutError:
                # Somebody waited all that time, and asks again.
                self.outcome.waits.append(time.monotonic() - begun)
                self.outcome.broken += 1
            except OSError:
                # The server was busy or on its way down: as a browser does, a little later.
                self.outcome.broken += 1
                await asyncio.sleep(0.2 * (attempt + 1))
            else:
                self.outcome.waits.append(time.monotonic() - begun)
                return found
        raise ValueError(f"no answer at {path.partition('?')[0]}")

    async def once(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], str]:
        """One request over one connection; sometimes cut off before it is all sent, or before the answer is read."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.room.host}:{self.room.port}\r\nConnection: close\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        message = f"{head}\r\n".encode() + body
        cut = self.chance.random() < self.room.wifi.cut
        early = cut and self.chance.random() < 0.5
        reader, writer = await asyncio.open_connection(self.room.host, self.room.port)
        try:
            writer.write(message[: len(message) // 2] if early else message)
            await writer.drain()
            if cut:
                # Sometimes the server has done its work by then, and sometimes not.
                await asyncio.sleep(self.chance.uniform(0, 0.05))
                raise ConnectionCutError
            return parse_response(await reader.read())
        finally:
            writer.close()


def parse_response(raw: bytes) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer. Raises OSError for one that was broken off."""
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        raise OSError("no whole answer")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "content-length" in headers and len(body) < int(headers["content-length"]):
        raise OSError("no whole answer")
    return int(first.split()[1]), headers, body.decode()


def find_in(pattern: str, text: str, *, whole: bool = False) -> str:
    """What ``pattern`` finds. Raises ValueError when it finds nothing."""
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise ValueError(f"the page has no {pattern}")
    return found[0 if whole else 1]


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
