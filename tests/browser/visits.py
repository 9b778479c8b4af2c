"""Visit pages as somebody who has never been there, and note what a reader's browser would be made to do."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.waiting import evaluate, finish_animations
from tools.test_site import Site

PROBES = Path(__file__).parent / "probes"
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    # Only an experimental rule would use the style sheets that axe otherwise fetches once more.
    "preload": False,
}
NARROW, WIDE = 320, 1280
HEIGHT = 900

# Runs before anything of the page's own.
WATCH = """
window.__violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(`${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile || "page"})`));
"""


@dataclass
class Visit:
    """An open page and what was noticed while it loaded."""

    page: Page
    status: int = 0
    requests: list[Request] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def probe(self, name: str, *arguments: Any) -> Any:
        """Run one of the scripts in ``probes`` in the page and give what it returns."""
        return evaluate(self.page, (PROBES / f"{name}.js").read_text(), list(arguments))

    def axe(self) -> list[str]:
        """What axe finds: the rule, and where it is broken."""
        finish_animations(self.page)
        evaluate(self.page, AXE.read_text())
        found = evaluate(self.page, "options => axe.run(document, options)", AXE_OPTIONS)["violations"]
        return [
            f"axe {violation['id']}: {violation['help']} at {node['target'][0]}\n      {node['html'][:160]}"
            for violation in found
            for node in violation["nodes"][:5]
        ]

    def faults(self, origin: str) -> list[str]:
        """What a page may not do to an anonymous reader: messages, foreign requests, cookies, storage."""
        foreign = [request.url for request in self.requests if not request.url.startswith((origin, "data:", "about:"))]
        return [
            *(f"console: {message}" for message in self.messages),
            *(f"policy violation: {violation}" for violation in evaluate(self.page, "window.__violations || []")),
            *(f"third-party request: {url}" for url in foreign),
            *(f"cookie: {cookie['name']}" for cookie in self.page.context.cookies()),
            *(f"storage: {kind}" for kind in self.probe("storage")),
        ]


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account.

    One page is kept for all visits, one more for those without scripts: opening a fresh profile takes longer than
    most tests. What a page would leave behind, it may not leave: every visit asks for cookies and storage.
    """

    browser: Browser
    site: Site
    kept: dict[bool, Page] = field(default_factory=dict)

    def page(self, *, scripts: bool) -> Page:
        """A page as on a screen, that asks the server for everything."""
        if scripts not in self.kept:
            context = self.browser.new_context(java_script_enabled=scripts, reduced_motion="reduce", locale="en-GB")
            context.add_init_script(WATCH)
            self.kept[scripts] = context.new_page()
        page = self.kept[scripts]
        page.unroute_all()
        page.emulate_media(media="screen")
        return page

    @contextlib.contextmanager
    def visit(self, path: str, width: int = WIDE, *, html: str = "", scripts: bool = True) -> Iterator[Visit]:
        """Open a page of the site. With ``html``, that text stands in for what the server would answer."""
        page = self.page(scripts=scripts)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        visit = Visit(page)

        def note(message: ConsoleMessage) -> None:
            # Chromium reports the status of the page itself as an error; statuses are checked where they matter.
            pages = {request.url for request in visit.requests if request.is_navigation_request()}
            if message.type in {"error", "warning"} and not (
                "Failed to load resource" in message.text and message.location.get("url") in pages
            ):
                visit.messages.append(message.text)

        listeners = {
            "console": note,
            "pageerror": lambda error: visit.messages.append(str(error)),
            "request": lambda request: visit.requests.append(request),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        if html:
            from nelis.core.middleware.security_headers import PUBLIC_POLICY, policy_text

            headers = {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": policy_text(PUBLIC_POLICY),
            }
            page.route(self.site.url + path, lambda route: route.fulfill(body=html, headers=headers))
        try:
            response = page.goto(self.site.url + path, wait_until="load")
            visit.status = response.status if response else 0
            yield visit
        finally:
            for event, listener in listeners.items():
                page.remove_listener(event, listener)
