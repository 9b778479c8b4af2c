"""What a page may weigh, and how long it may take on a slow phone with a slow connection."""

from dataclasses import dataclass, field

import brotli
import pytest

from tests.browser.visits import Visitor
from tests.browser.waiting import evaluate, wait_until

PAGES = {
    "home": "/",
    "sector": "/sectors/advanced-manufacturing/",
    "proposition": "/propositions/battery-innovation-hub/",
}
KB = 1024
#: In milliseconds.
MOST_PAINT = 1500
#: A slow visit may be the machine's fault; a page that is too slow is slow every time.
TRIES = 20
SLOW_CONNECTION = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1000 * 1000 / 8,
    "uploadThroughput": 750 * 1000 / 8,
}
SLOW_PROCESSOR = {"rate": 4}

OBSERVE = """
window.__lcp = 0; window.__cls = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.__lcp = entry.startTime; }))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.__cls += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Weights:
    """What came over the line: kind, address and bytes of each answer."""

    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def of(self, kind: str) -> float:
        return sum(size for request, size in self.sizes.items() if self.kinds[request][0] == kind)

    def total(self, *, images: bool) -> float:
        return sum(size for request, size in self.sizes.items() if images or self.kinds[request][0] != "Image")

    def listed(self) -> str:
        return "\n" + "\n".join(f"{self.sizes.get(r, 0):8.0f}  {kind} {url}" for r, (kind, url) in self.kinds.items())


@dataclass
class Visit:
    """What one visit cost."""

    weights: Weights
    html: bytes
    largest: float
    shift: float


def first_visit(visitor: Visitor, path: str, *, slowed: bool) -> Visit:
    """Open a page on a phone, with an empty cache; ``slowed``: on a slow one with a slow connection."""
    context = visitor.browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    context.add_init_script(OBSERVE)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    weights = Weights()

    def began(event: dict) -> None:
        if event["response"]["url"].startswith("http"):
            weights.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def ended(event: dict) -> None:
        if event["requestId"] in weights.kinds:
            weights.sizes[event["requestId"]] = event["encodedDataLength"]

    tools.on("Network.responseReceived", began)
    tools.on("Network.loadingFinished", ended)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slowed:
        tools.send("Network.emulateNetworkConditions", SLOW_CONNECTION)
        tools.send("Emulation.setCPUThrottlingRate", SLOW_PROCESSOR)
    page.goto(visitor.site.url + path, wait_until="networkidle")
    # Chromium reports a paint a moment after it happened.
    wait_until(page, "window.__lcp > 0")
    html = evaluate(page, "document.documentElement.outerHTML").encode()
    largest, shift = evaluate(page, "[window.__lcp || Infinity, window.__cls]")
    context.close()

    return Visit(weights, html, largest, shift)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_keeps_its_weight(visitor: Visitor, path: str):
    visit = first_visit(visitor, path, slowed=False)
    weights = visit.weights
    # Targets, results, open data and short sectors brought a third more rules. Until the sheet is split by the pages
    # that need them, it stays below this; the aim is 15 and 14.
    assert len(brotli.compress(visit.html, quality=5)) <= 16 * KB
    assert weights.of("Stylesheet") <= 19 * KB, weights.listed()
    assert weights.of("Script") <= 7 * KB, weights.listed()
    assert weights.total(images=False) <= 60 * KB, weights.listed()
    assert weights.total(images=True) <= 150 * KB, weights.listed()
    assert len(weights.kinds) <= 6, weights.listed()
    assert {url.split("/")[2] for _, url in weights.kinds.values()} == {visitor.site.url.split("/")[2]}
    assert "Font" not in {kind for kind, _ in weights.kinds.values()}


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_soon_painted_and_stays(visitor: Visitor, path: str):
    visits = (first_visit(visitor, path, slowed=True) for _ in range(TRIES))
    visit = next((visit for visit in visits if visit.largest <= MOST_PAINT), None)
    assert visit, f"no largest contentful paint within {MOST_PAINT} ms in {TRIES} visits"
    assert visit.shift <= 0.01
