"""No broken link and no broken anchor on the whole site."""

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from tests.browser.page_kinds import sitemap_paths
from tools.test_site import Site

# Filters lead to each other without end: this many pages with a query are enough to meet every form of link.
MOST_QUERIES = 150
LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "source": "src", "iframe": "src",
         "form": "action"}  # fmt: skip


@dataclass
class Document(HTMLParser):
    """The links of a page and the anchors in it."""

    text: str
    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in LINKS and (link := given.get(LINKS[tag])) is not None and not is_foreign_relation(given):
            self.links.add(link)
        for candidate in filter(None, given.get("srcset", "").split(",")):
            self.links.add(candidate.split()[0])


def is_foreign_relation(attributes: dict[str, str]) -> bool:
    """The address a page gives as its own carries the site's public name, not the test server's."""
    return attributes.get("rel") == "canonical"


def test_every_link_and_anchor_leads_somewhere(site: Site):
    problems = crawl(site)
    assert not problems, "\n" + "\n".join(sorted(problems)[:80])


def crawl(site: Site) -> set[str]:
    """What is broken, as sentences."""
    problems: set[str] = set()
    documents: dict[str, Document | None] = {}
    anchors: dict[tuple[str, str], str] = {}
    queue = deque([("/", "the start"), *((path, "the sitemap") for path in sitemap_paths(site))])
    while queue:
        path, origin = queue.popleft()
        if path in documents or ("?" in path and sum("?" in known for known in documents) >= MOST_QUERIES):
            continue
        status, text = site.get(path)
        if status != 200:
            problems.add(f"{origin} → {path}: status {status}")
        documents[path] = document = Document(text) if text[:20].lstrip().lower().startswith("<!doctype") else None
        targets = [local_target(site, path, link) for link in document.links] if document else []
        for address, anchor in filter(None, targets):
            queue.append((address, path))
            anchors.setdefault((address, anchor), path)
    for (address, anchor), origin in anchors.items():
        if anchor and (document := documents.get(address)) and anchor not in document.anchors:
            problems.add(f"{origin} → {address}#{anchor}: no such anchor")
    return problems


def local_target(site: Site, origin: str, link: str) -> tuple[str, str] | None:
    """Address and anchor of a link within the site; nothing for one that leads elsewhere."""
    absolute, anchor = urldefrag(urljoin(site.url + origin, link))
    parts = urlsplit(absolute)
    if parts.scheme not in {"http", "https"} or not absolute.startswith(site.url + "/"):
        return None
    return absolute.removeprefix(site.url), unquote(anchor)
