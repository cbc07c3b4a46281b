"""What the bytes of a robots.txt mean for us, as RFC 9309 says and the wild web needs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import blake2b

from protego import Protego

from archive.store.hosts import Robots
from crawler.discovery.text_encoding import as_utf8

READ_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
LONGEST_CRAWL_DELAY = 60.0  # seconds; a site that asks for a day would never be read
MANY_RULES = 10_000  # more of them are odd enough to be told
CLOSED_STATUS = {429}
# Crawlers whose robots.txt groups speak of training and mining, as their makers document them.
AI_AGENTS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User"),
    *("Claude-Web", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot"),
    *("Google-CloudVertexBot", "Google-Extended", "GPTBot", "ImagesiftBot", "img2dataset", "Kangaroo Bot"),
    *("Meta-ExternalAgent", "meta-externalfetcher", "OAI-SearchBot", "Omgili", "Omgilibot"),
    *("PanguBot", "PerplexityBot", "Timpibot", "VelenPublicWebCrawler", "Webzio-Extended", "YouBot"),
)
# Nothing is tried twice: a line of 50,000 spaces took 8 s, one of 360,000 seven minutes.
LINE = re.compile(r"^[ \t]*+([A-Za-z-][A-Za-z -]*+)[ \t]*+:[ \t]*+([^#\r\n]*+)", re.MULTILINE)
HTML = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """What one host allows. `closed` says why nothing may be asked, else `None`; no `protego` allows all.

    `cause` is what failed, where robots.txt could not be had.
    """

    protego: Protego | None = None
    closed: str | None = None
    cause: Exception | None = None

    def allows(self, url: str, agent: str) -> bool:
        """Whether the rules let an agent ask for an address."""
        return self.protego is None or self.protego.can_fetch(url, agent)


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """An answer to a request for robots.txt; `status` is `None` where there was none, and why."""

    origin: str
    status: int | None
    body: bytes = b""
    content_type: str | None = None
    why: str = ""


def read_robots(answer: RobotsAnswer, agent: str) -> tuple[Rules, Robots]:
    """The rules an answer gives, and what they mean for us as the archive keeps it.

    5xx, 429 and no answer: nothing may be asked until it can be read. Other answers than 200 (4xx), and a web
    page in its place, name no rules.
    """
    if answer.status is None:
        return closed(answer, f"robots.txt could not be fetched ({answer.why})")
    if answer.status >= 500 or answer.status in CLOSED_STATUS:
        return closed(answer, f"robots.txt answered {answer.status}: not crawled until it can be read")
    if answer.status != 200:
        return Rules(), Robots("all", answer.status, f"HTTP {answer.status}: no rules")
    seen = Robots("all", 200, body_hash=blake2b(answer.body, digest_size=16).hexdigest())
    if HTML.match(answer.body.lstrip(b"\xef\xbb\xbf")):
        return Rules(), with_detail(seen, "a web page instead of rules")
    text = as_text(answer.body, answer.content_type)
    protego = Protego.parse(text)
    return Rules(protego), with_detail(as_read(protego, text, answer, agent, seen), *oddities(text, answer))


def closed(answer: RobotsAnswer, why: str) -> tuple[Rules, Robots]:
    """Nothing may be asked, and why."""
    return Rules(closed=why), Robots("closed", answer.status, why)


def as_text(body: bytes, content_type: str | None) -> str:
    """The part of the file that is read, up to its last whole line, whatever it is encoded in."""
    part = body[:READ_BYTES]
    if len(body) > READ_BYTES and (end := part.rfind(b"\n")) > 0:
        part = part[: end + 1]
    return as_utf8(part, content_type).decode("utf-8", "replace")


def as_read(protego: Protego, text: str, answer: RobotsAnswer, agent: str, seen: Robots) -> Robots:
    """What the rules mean, with the delay and the signals they state for us."""
    stated = group_lines(text, agent)
    written = next((value for name, value in stated if name == "crawl-delay" and value), None)
    signals = next((value for name, value in stated if name in ("content-signal", "content-usage")), None)
    return Robots(
        means_of(protego, stated, answer.origin, agent),
        seen.status,
        body_hash=seen.body_hash,
        crawl_delay=written[:40] if written else None,
        delay_seconds=kept_delay(protego.crawl_delay(agent)),
        ai_agents=tuple(sorted(shut_out(protego, text, answer.origin))),
        signals=signals[:200] if signals else None,
    )


def means_of(protego: Protego, stated: list[tuple[str, str]], origin: str, agent: str) -> str:
    """Whether all, a part or nothing of the site may be asked by the agent."""
    if not any(name == "disallow" and value for name, value in stated):
        return "all"
    is_shut = any(name == "disallow" and value in ("/", "/*") for name, value in stated)
    has_exceptions = any(name == "allow" and value for name, value in stated)
    return "nothing" if is_shut and not has_exceptions and not may_enter(protego, origin, agent) else "part"


def may_enter(protego: Protego, origin: str, agent: str) -> bool:
    """Whether an agent may ask for the front page."""
    return protego.can_fetch(f"{origin}/", agent)


def kept_delay(stated: float | None) -> float | None:
    """The delay we keep of a stated one, in seconds; `None` for none that can be read."""
    return min(float(stated), LONGEST_CRAWL_DELAY) if stated and stated > 0 else None


def group_lines(text: str, agent: str) -> list[tuple[str, str]]:
    """The lines of the groups that speak to an agent, or to all where none does; names in lower case."""
    mine: list[tuple[str, str]] = []
    everyones: list[tuple[str, str]] = []
    named: set[str] = set()
    in_rules = False
    for name, value in lines_of(text):
        if name == "user-agent":
            named = {value.lower()} if in_rules else named | {value.lower()}
            in_rules = False
            continue
        in_rules = True
        if agent.lower() in named:
            mine.append((name, value))
        if "*" in named:
            everyones.append((name, value))
    is_named = any(name == "user-agent" and value.lower() == agent.lower() for name, value in lines_of(text))
    return mine if is_named else everyones


def lines_of(text: str) -> list[tuple[str, str]]:
    """Every line of the form `name: value`, the name in lower case."""
    return [(match[1].rstrip().lower(), match[2].strip()) for match in LINE.finditer(text)]


def shut_out(protego: Protego, text: str, origin: str) -> list[str]:
    """The crawlers of AI companies that the file names and allows nothing on the front page."""
    named = {value.lower() for name, value in lines_of(text) if name == "user-agent"}
    return [one for one in AI_AGENTS if one.lower() in named and not may_enter(protego, origin, one)]


def oddities(text: str, answer: RobotsAnswer) -> list[str]:
    """What is odd about the file, for a person."""
    delays = [value for name, value in lines_of(text) if name == "crawl-delay"]
    odd = []
    if len(answer.body) > READ_BYTES:
        odd.append(f"{len(answer.body)} bytes, of which the first {READ_BYTES} are read")
    if text.count("\n") > MANY_RULES:
        odd.append(f"{text.count(chr(10))} lines")
    if unreadable := next((value for value in delays if number_of(value) is None), None):
        odd.append(f"Crawl-delay {unreadable[:40]!r} is no number")
    if long := next((value for value in delays if (number_of(value) or 0) > LONGEST_CRAWL_DELAY), None):
        odd.append(f"Crawl-delay {long[:40]} is kept as {LONGEST_CRAWL_DELAY:g} s")
    return odd


def number_of(value: str) -> float | None:
    """The number a value is, or `None`."""
    try:
        return float(value)
    except ValueError:
        return None


def with_detail(robots: Robots, *odd: str) -> Robots:
    """A reading with what is odd about the file."""
    return replace(robots, detail="; ".join(odd))
