"""A picture of every page type at two widths, into docs/screens/: `make screens`.

The pictures show the content as loaded, on the site as `make run` serves it. Of each type they show the page
with most to see: the longest. Colours are reduced to a palette, which the design hardly uses up, so that the
folder stays small.
"""

import argparse
import contextlib
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools import chromium
from tools.test_site import ROOT, Site, environment, serve

FOLDER = ROOT / "docs" / "screens"
WIDTHS = (320, 1280)
COLOURS = 32
#: Pages are cut below this, in pixels: the foot of a very long list shows nothing new.
LONGEST = 7000
OTHERS = {
    "organisation": "/organisations/newcastle-university/",
    "publication": "/evidence/s1/",
    "publication-not-held": "/evidence/evidence-base/",
    "figure": "/evidence/figures/f08/",
    "version": "/propositions/driving-the-electric-revolution/v1/",
    "version-history": "/propositions/driving-the-electric-revolution/history/",
    "mailing-list": "/mailing-list/?topic=p8",
    "mailing-list-link": "/mailing-list/link/",
    "mailing-list-broken-link": "/mailing-list/confirm/?t=broken",
    "bulletin-archive": "/bulletins/",
    "complaint": "/data-protection-complaint/",
    "feedback-rounds": "/feedback/",
    "feedback-round": "/feedback/engagement-summit-2019/",
    "feedback-join": "/join/",
    "open-data": "/data/",
    "api": "/api/",
    "search-results": "/search/?q=battery",
    "search-nothing": "/search/?q=batery+plnat",
    "search-empty": "/search/",
    "error-404": "/propositions/driving-the-electric-revolutoin/",
    "list-unknown-filter": "/propositions/?stage=finished",
}


def main() -> None:
    """Take all pictures, or those of the kinds named."""
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("kinds", nargs="*", help="such as sectorpage; all when none is named")
    wanted = set(parser.parse_args().kinds)
    chromium.ensure()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nelis-screens-") as temporary, serve(Path(temporary)) as site:
        content = longest_of_each_type(site)
        if not wanted:
            for outdated in FOLDER.glob("*.png"):
                outdated.unlink()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
            # The round with made-up answers is pictured while it is open, and then reported back.
            take_all(browser, site, open_demonstration(site), wanted)
            take_all(browser, site, {**content, **OTHERS, **reported_demonstration(site)}, wanted)
            browser.close()
    total = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {total / 1e6:.1f} MB")


def longest_of_each_type(site: Site) -> dict[str, str]:
    """The address of the longest page of each type, by the type's short name."""
    best: dict[str, tuple[int, str]] = {}
    for page in site.pages:
        kind = page.kind.rsplit(".", 1)[-1].lower()
        length = len(site.get(page.path)[1])
        best[kind] = max(best.get(kind, (0, "")), (length, page.path))
    return {kind: path for kind, (_, path) in sorted(best.items())}


def open_demonstration(site: Site) -> dict[str, str]:
    """The wall of a room in which a round with made-up answers is open."""
    code = re.findall(r"code (\w+)", manage(site, "demo_round"))[0]
    return {"feedback-wall": f"/feedback/wall/{code}/"}


def reported_demonstration(site: Site) -> dict[str, str]:
    """Pages of the same round once it is reported back, and of one that takes answers."""
    manage(site, "demo_round", "--report")
    manage(site, "shell", "--no-imports", "--command", "from nelis.core.charts import draw_waiting; draw_waiting()")
    return {
        "feedback-respond": "/propositions/driving-the-electric-revolution/respond/",
        "feedback-results": "/feedback/demonstration/results/",
        "feedback-open-data": "/feedback/demonstration/data/",
        "feedback-outcome": "/feedback/demonstration/outcome/",
        "feedback-beside": "/propositions/digital-free-zones/",
    }


def manage(site: Site, *command: str) -> str:
    """Run a command on the site's own data. What it says."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(site.folder) | {"DJANGO_SETTINGS_MODULE": "nelis.settings.local", "BASE_URL": site.url},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def take_all(browser: Browser, site: Site, kinds: dict[str, str], wanted: set[str]) -> None:
    """Pictures of the pages in ``kinds``, or of those that are wanted."""
    for kind, path in kinds.items():
        if not wanted or kind in wanted:
            take(browser, site, kind, path)


def take(browser: Browser, site: Site, kind: str, path: str) -> None:
    """One page at every width."""
    for width in WIDTHS:
        with contextlib.closing(browser.new_page(viewport={"width": width, "height": 900})) as page:
            page.goto(site.url + path, wait_until="load")
            height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
            picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        fewer = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        fewer.save(FOLDER / f"{kind}-{width}.png", optimize=True)
    print(f"{kind:<28} {path}", flush=True)


if __name__ == "__main__":
    main()
