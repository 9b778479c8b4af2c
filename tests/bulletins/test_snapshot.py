"""The snapshot: good plain text, HTML with its styles in it, parts for who chose them, headers to the byte."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from engagement.bulletins import streams
from engagement.bulletins.models import Bulletin, Delivery, NewsItem
from engagement.bulletins.snapshot import SnapshotError, join_names, message_template, take_snapshot
from nelis.core.models import ChangeEntry, GlossaryTerm
from nelis.evidence.models import GeoArea, Source, Statistic
from tests.bulletins.conftest import template_for

pytestmark = pytest.mark.pg


GOLDEN = """\
North East Local Industrial Strategy
Bulletin, July 2019. You chose: Kites.
------------------------------------------------------------

KITES AGAIN

Kites are made in Exampleshire again.


Why now

Because there is wind.

-  In spring
-  In autumn

See the kites:
https://example.org/kites/


What happens next

-  A draft. No date is stated.

------------------------------------------------------------
You asked for this bulletin about Kites, as it happens.
We don’t track whether you open this or what you select.

Read it on the web:
http://testserver/bulletins/kites-again/

Change topics or how often:
⟦choices⟧

Stop these messages:
⟦leave⟧

North East Local Industrial Strategy
http://testserver/
"""


def test_the_text_reads_well(write):
    assert template_for(write("kites"), "kites").text == GOLDEN


def test_no_line_of_text_is_too_long(write):
    words = "Kites and more kites, all of them made in Exampleshire by hand. " * 5
    made = template_for(
        write(body=[{"type": "text", "value": f"<p>{words}</p>"}, {"type": "lead", "value": words}]), chose=words
    )
    assert all(len(line) <= 64 for line in made.text.splitlines())


def test_the_html_has_its_styles_in_it(write):
    html = template_for(write(), "kites").html
    soup = BeautifulSoup(html, "html.parser")
    assert "padding:13px 22px" in str(soup.find("a", string="See the kites")).replace(": ", ":")
    sheets = [style.get_text() for style in soup.find_all("style")]
    assert len(sheets) == 2
    assert all("prefers-color-scheme: dark" in sheet for sheet in sheets)
    assert soup.h1.get_text() == "Kites again"
    assert [h2.get_text() for h2 in soup.find_all("h2")] == ["Why now", "What happens next"]


def test_nothing_in_it_tells_us_who_reads_it(write):
    html = template_for(write(), "kites").html
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find_all(["img", "script", "link", "iframe", "form"])
    assert "url(" not in html
    for link in soup.find_all("a"):
        assert link["href"] in (
            *("https://example.org/kites/", "⟦choices⟧", "⟦leave⟧"),
            *("http://testserver/bulletins/kites-again/", "http://testserver/"),
        )
    assert "We don’t track whether you open this or what you select." in html


@pytest.mark.once
def test_what_an_author_may_not_write(write):
    for fields in ({"subject": "⟦leave⟧"}, {"body": [{"type": "lead", "value": "See ⟦chose⟧"}], "slug": "b"}):
        with pytest.raises(SnapshotError):
            take_snapshot(write(**fields))


@pytest.mark.once
def test_markup_is_words(write):
    payload = '"><img src=x onerror=run()>'
    body = [
        {"type": "lead", "value": payload},
        {"type": "heading", "value": payload},
        {"type": "button", "value": {"label": payload, "page": None, "address": "https://example.org/"}},
        {"type": "next", "value": {"title": payload, "steps": [{"what": payload, "text": payload}]}},
    ]
    snapshot = take_snapshot(write(subject=payload, preheader=payload, body=body))
    made = message_template(snapshot, frozenset(), "immediate", payload, payload)
    for html in (made.html, snapshot["web"]):
        assert html.count("onerror=run()") >= 5
        assert not BeautifulSoup(html, "html.parser").find_all("img")


@pytest.mark.once
def test_topics_in_a_row():
    assert join_names([]) == "no topics"
    assert join_names(["The whole strategy"]) == "the whole strategy"
    assert join_names(["Kites", "Bells", "The rest"]) == "Kites, Bells and the rest"


@pytest.fixture
def figure(db):
    source = Source.objects.create(ref="s1", title="A count of kites", kind="report", held=True)
    area = GeoArea.objects.create(code="x", name="Exampleshire")

    def figure(key, **fields):
        values = {"label": "kites made", "period_text": "2018", "geography": area, "source": source} | fields
        return Statistic.objects.create(key=key, **values)

    return figure


def shown(write, statistic):
    bulletin = write(body=[{"type": "figure", "value": statistic.pk}])
    made = template_for(bulletin)
    return " ".join(made.text.split()), BeautifulSoup(made.html, "html.parser"), take_snapshot(bulletin)["web"]


def test_a_figure_that_is_held(write, figure):
    text, html, web = shown(write, figure("K1", value=12000, qualifier="over"))
    assert "over 12,000 kites made 2018. Exampleshire. Source: A count of kites. http://testserver/evidence/" in text
    assert "1px solid" in html.find(string=re.compile("12,000")).find_parent("td")["style"]
    assert 'href="/evidence/figures/k1/"' in web


def test_a_figure_that_is_not_held(write, figure):
    text, html, web = shown(write, figure("K1", status="missing", note="The page has a gap."))
    assert "Figure not held kites made 2018. Exampleshire. Source: A count of kites. The page has a gap." in text
    assert "2px dotted" in html.find(string=re.compile("Figure not held")).find_parent("td")["style"]
    assert 'class="fig f6 none"' in web


def test_a_disputed_figure_brings_its_rival(write, figure):
    figure("K2", value=9, status="disputed", fact_key="kites")
    text, html, web = shown(write, figure("K1", value=7, status="disputed", fact_key="kites"))
    assert "Disputed: two different figures for the same fact. 7 kites made" in text
    assert "9 kites made" in text
    assert "5px double" in html.find(string="Disputed.").find_parent("td")["style"]
    assert web.count('class="v"') == 2


@pytest.fixture
def digest(topics, db, monkeypatch):
    """A weekly digest of three changes: one for kites, one for bells, one for the whole strategy alone."""
    topics_of_change = {}
    made = Bulletin.objects.create(kind="weekly", subject="The week of 8 July 2019", slug="w", is_public=False)
    for number, slug in enumerate(("kites", "bells", "whole")):
        term = GlossaryTerm.objects.create(term=f"Term {number}", definition="So.")
        change = ChangeEntry.objects.create(
            kind="content", subject=term, subject_kind="Term", title=f"About {slug}", note=f"New {slug}."
        )
        topics_of_change[change.pk] = {topics[slug].pk}
        NewsItem.objects.create(bulletin=made, kind="weekly", change=change)
    monkeypatch.setattr(
        "engagement.bulletins.news_items.topics_for",
        lambda entries: {entry.pk: topics_of_change[entry.pk] for entry in entries},
    )
    return made


@pytest.mark.parametrize(
    ("slugs", "expected"),
    [
        (["kites"], {"kites"}),
        (["kites", "bells"], {"kites", "bells"}),
        (["whole"], {"kites", "bells", "whole"}),
        ([], set()),
    ],
)
def test_each_gets_the_parts_they_chose(digest, slugs, expected):
    made = template_for(digest, *slugs, frequency="weekly")
    for text in (made.text, made.html):
        assert {slug for slug in ("kites", "bells", "whole") if f"New {slug}." in text} == expected
        assert ("What changed" in text) == bool(expected)
        assert "<!--" not in text
        assert set(re.findall("⟦(.*?)⟧", text)) == {"leave", "choices"}


def test_the_audience_of_a_digest_is_who_gets_a_part(digest):
    assert take_snapshot(digest)["audience"] == {"frequencies": ("weekly",), "topics": ("bells", "kites", "whole")}


def test_the_table_stays_whole_without_some_parts(digest):
    soup = BeautifulSoup(template_for(digest, "bells").html, "html.parser")
    assert not soup.find_all(lambda tag: tag.name == "tr" and tag.parent.name not in ("table", "tbody"))
    assert soup.find("a", string=re.compile("Change topics")) is not None


COMMON = {
    "List-Unsubscribe": "<{leave}>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Id": '"North East Local Industrial Strategy" <bulletins.testserver>',
    "Precedence": "bulk",
}


@pytest.mark.parametrize("kind", ["bulletin", "alert", "weekly", "monthly"])
def test_headers_of_each_kind(kind, subscribe, sending, monkeypatch):
    frequency = {"weekly": "weekly", "monthly": "monthly"}.get(kind, "immediate")
    subscribe("ada", frequency=frequency)
    monkeypatch.setattr("engagement.bulletins.news_items.topics_for", lambda entries: {})
    bulletin = sending(kind=kind, is_public=kind == "bulletin")
    message = streams.compose(Delivery.objects.get(bulletin=bulletin))
    leave = message.headers["List-Unsubscribe"].strip("<>")
    assert leave.startswith("http://testserver/mailing-list/leave/")
    expected = {name: value.format(leave=leave) for name, value in COMMON.items()}
    expected["Feedback-ID"] = f"{bulletin.pk}:{kind}:bulletins:testserver"
    if kind == "bulletin":
        expected["Archived-At"] = "<http://testserver/bulletins/kites-again/>"
    else:
        expected["Auto-Submitted"] = "auto-generated"
    assert dict(message.headers) == expected


def test_a_snapshot_is_json(write):
    snapshot = take_snapshot(write("kites"))
    assert json.loads(json.dumps(snapshot, sort_keys=True))["subject"] == "Kites again"
