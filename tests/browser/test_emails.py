"""Mails in a browser, narrow and wide, light and dark; and from what somebody follows to the mail that tells of it."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import subscriber_pages
from tests.browser.staff import page_faults
from tests.browser.visits import HEIGHT, NARROW, PROBES
from tests.browser.waiting import evaluate, text_of, wait_until
from tools import test_site
from tools.test_site import Site

pytestmark = pytest.mark.slow

#: Run on the site's own data: a bulletin with every kind of block, and a digest that tells of it and of every kind of
#: change. Prints what a reader of all of it gets.
MAKE = """
import io
import json
from datetime import date
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image
from engagement.bulletins import digests, workflow
from engagement.bulletins.snapshot import take_snapshot
from engagement.bulletins.emails import sample_message
from engagement.bulletins.models import Bulletin
from nelis.core.change_log import create_entry
from nelis.core.models import ChangeEntry, SiteImage
from nelis.evidence.models import Statistic
from sectors.models import PropositionPage

pages = list(PropositionPage.objects.live().order_by("pk"))
changed = [create_entry(pages[0], kind, "Kites need it." if kind != "new" else "") for kind in ChangeEntry.Kind.values]
drawn = io.BytesIO()
Image.new("RGB", (1400, 700), "#7a5700").save(drawn, "PNG")
picture = SiteImage.objects.create(
    title="Kites", description="Two kites over Exampleshire", credit="Ada Example", file=ImageFile(drawn, "kites.png")
)
held, missing, disputed = (
    Statistic.objects.filter(live=True, status=status).order_by("pk").first().pk
    for status in ("confirmed", "missing", "disputed")
)
rich = "<p>There is <b>wind</b>, and <a href='https://example.org/wind/'>more of it</a>.</p>"
rich += "<ul><li>In spring</li><li>In autumn</li></ul><ol><li>Build</li><li>Fly</li></ol>"
row = lambda page, sentence: {"page": page.pk, "sentence": sentence}
body = [
    ("lead", "Kites are made in Exampleshire again. They are flown on the beach."),
    ("heading", "Why it matters"),
    ("text", rich),
    ("pages", {"title": "Three to start with", "pages": [row(pages[0], "The first."), row(pages[1], "")]}),
    ("figure", held),
    ("figure", missing),
    ("figure", disputed),
    ("changes", {"title": "What changed on the site", "since": date(2019, 1, 1).isoformat(), "most": 4}),
    ("rule", None),
    ("next", {"title": "What happens next", "steps": [{"what": "The kite plan", "text": "No date is stated."}]}),
    ("button", {"label": "See the kites", "page": pages[0].pk, "address": ""}),
    ("image", {"image": picture.pk, "caption": "A good day."}),
]
wanted = set(Bulletin._meta.get_field("body").stream_block.child_blocks)
assert {kind for kind, _ in body} == wanted, wanted
bulletin = Bulletin.objects.create(
    subject="Kites of Exampleshire, and what became of them",
    preheader="They fly again.",
    slug="every-block",
    body=json.dumps([{"type": kind, "value": value} for kind, value in body]),
)
workflow.record_creation(bulletin)
# A digest names what was sent.
Bulletin.objects.filter(pk=bulletin.pk).update(state="completed", started_at=timezone.now())
bulletin = Bulletin.objects.get(pk=bulletin.pk)
digest = digests.create_draft("weekly", slug="every-change", period_start=date(2019, 7, 15))
digests.add_items(digest, ChangeEntry.objects.public().filter(pk__in=[entry.pk for entry in changed]), [bulletin])
digests.set_subject(digest, digests.digest_subject("weekly", digest.period_start), "News.")

def mailed(made):
    message = sample_message(made, take_snapshot(made))
    return {"html": message.html, "text": message.text}

print(json.dumps({"bulletin": mailed(bulletin), "digest": mailed(Bulletin.objects.get(pk=digest.pk))}))
"""
#: What a reader of each has to find in it, in this order.
SAYS = {
    "bulletin": [
        "Kites of Exampleshire, and what became of them",
        "Kites are made in Exampleshire again.",
        "Why it matters",
        "There is wind, and more of it",
        "In autumn",
        "Fly",
        "Three to start with",
        "The first.",
        "Figure not held",
        "Disputed",
        "What changed on the site",
        "Kites need it.",
        "What happens next",
        "The kite plan. No date is stated.",
        "See the kites",
        "A good day. Ada Example",
    ],
    "digest": ["The week of 15 July 2019", "Bulletins sent", "Kites of Exampleshire", "What changed", "Kites need it."],
}


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because these tests write in it."""
    with test_site.serve(tmp_path_factory.mktemp("mails")) as running:
        yield running


@pytest.fixture(scope="module")
def mails(own_site: Site) -> dict[str, dict[str, str]]:
    """By their names: the HTML and the text of each mail."""
    return json.loads(subscriber_pages.run_script(own_site, MAKE))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 600])
@pytest.mark.parametrize("name", SAYS)
def test_every_part_of_a_mail_in_a_browser(
    browser: Browser, mails: dict[str, dict[str, str]], name: str, width: int, scheme: str
):
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(mails[name]["html"])
    said = text_of(page.locator("body"))
    places = [said.find(words) for words in SAYS[name]]
    assert min(places) >= 0, dict(zip(SAYS[name], places, strict=True))
    assert places == sorted(places)
    assert evaluate(page, (PROBES / "overflow.js").read_text(), []) == []
    pictures = page.locator("img")
    expect(pictures).to_have_count(1 if name == "bulletin" else 0)
    if name == "bulletin":
        expect(pictures).to_have_attribute("alt", "Two kites over Exampleshire")
        wait_until(page, "document.images[0].complete && document.images[0].naturalWidth > 0")
        assert evaluate(page, "document.images[0].getBoundingClientRect().right <= innerWidth")
    # Last, because axe sets styles of its own.
    assert page_faults(page, "html") == []
    context.close()


def test_the_text_says_all_of_it_too(mails: dict[str, dict[str, str]]):
    for name, parts in SAYS.items():
        text = re.sub(r"\s+", " ", mails[name]["text"]).lower()
        for words in parts:
            # Its address is written out in between.
            assert words.lower().replace(", and more of it", "") in text, words
