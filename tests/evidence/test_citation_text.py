"""A citation says what the fact is, who says so, of when it is, and where it stays."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template

from nelis.evidence.citation_text import as_sentence, cite_figure, cite_finding, cite_publication
from nelis.evidence.models import Finding, GeoArea, Source, Statistic
from sectors.citation_text import cite_proposition
from sectors.models import PropositionPage, PropositionVersion
from tests.html import text_of

TODAY = date(2026, 5, 3)
AREA = GeoArea(code="X1", name="Exampleshire")


def source(**fields):
    given = {"ref": "K1", "title": "Kite review", "publisher": "Kite Board", "kind": "report", "held": True}
    return Source(**given | {"published": date(2019, 7, 1), "published_precision": "month"} | fields)


def figure(**fields):
    given = {"key": "F7", "label": "kites flown", "value": Decimal(1200), "geography": AREA, "source": source()}
    return Statistic(**given | {"period_text": "2018", "page_ref": "slide 4"} | fields)


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({}, "1,200 kites flown. 2018, Exampleshire."),
        ({"qualifier": "over"}, "Over 1,200 kites flown. 2018, Exampleshire."),
        (
            {"qualifier": "range", "unit": "gbp_million", "value": None, "low": Decimal("1.5"), "high": Decimal(4)},
            "£1.5–4m kites flown. 2018, Exampleshire.",
        ),
        (
            {"status": "missing", "value": None, "period_text": ""},
            "Figure not held: kites flown. Period not stated, Ex",
        ),
        ({"qualifier": "named", "value": None, "display_text": "Europe’s largest"}, "Europe’s largest kites flown. 20"),
    ],
)
def test_a_figure_is_cited_as_the_source_gives_it(fields, begins):
    text = cite_figure(figure(**fields), today=TODAY)
    assert text.startswith(begins)
    assert text.endswith(
        " Source: “Kite review”, Kite Board, July 2019, slide 4. As at July 2019, the date of the source. North East "
        "Local Industrial Strategy, F7, http://testserver/evidence/figures/f7/, accessed 3 May 2026."
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"period_end": date(2018, 6, 30)}, " As at 30 June 2018. "),
        ({"source": source(published=None)}, " As at a date that the source doesn’t give. "),
        # A day that stands in for an unknown one is no date.
        ({"source": source(published_precision="unknown")}, " As at a date that the source doesn’t give. "),
        ({"source": source(published_precision="year")}, " As at 2019, the date of the source. "),
    ],
)
def test_as_at_is_never_later_than_what_the_source_says(fields, text):
    assert text in cite_figure(figure(**fields), today=TODAY)


def test_our_own_dates_are_no_date_of_the_figure():
    late = datetime(2026, 5, 2, tzinfo=UTC)
    text = cite_figure(figure(last_published_at=late, first_published_at=late), today=TODAY)
    assert text.count("2026") == 1


def test_a_disputed_figure_names_its_rivals_and_not_itself():
    disputed = figure(status="disputed", fact_key="flown")
    other = figure(key="F8", value=Decimal(900), status="disputed", fact_key="flown", source=source(title="Other"))
    for cited, rival in (
        (disputed, "900 kites flown (“Other”, Kite Board, July 2019)"),
        (other, "1,200 kites flown (“Kite"),
    ):
        text = cite_figure(cited, [disputed, other], TODAY)
        assert f"Disputed: sources disagree, and nobody has reconciled them. Also given: {rival}" in text
        assert text.count("kites flown") == 2
        assert f"/evidence/figures/{cited.key.lower()}/" in text
    assert " Disputed. North East" in cite_figure(disputed, [], TODAY)
    assert " Superseded. North East" in cite_figure(figure(status="superseded"), today=TODAY)


def test_what_is_not_held_is_not_passed_off_as_read():
    assert "slide 4, which this site doesn’t hold." in cite_figure(figure(source=source(held=False)), today=TODAY)
    planned = source(held=False, status="planned", publisher="", url="https://example.org/kites")
    assert cite_publication(planned, TODAY) == (
        "“Kite review”, report, planned for July 2019. https://example.org/kites. Not held by this site. North East "
        "Local Industrial Strategy, K1, http://testserver/evidence/k1/, accessed 3 May 2026."
    )
    assert cite_figure(figure(source=None), today=TODAY).count("No source yet.") == 1


def test_a_finding_is_cited_where_it_stays():
    finding = Finding(ref="C1", kind="constraint", statement="Kites need wind.", source=source(), page_ref="slide 2")
    assert cite_finding(finding, TODAY) == (
        "Constraint: Kites need wind. In our words, from “Kite review”, Kite Board, July 2019, slide 2. As at July "
        "2019, the date of the source. North East Local Industrial Strategy, C1, "
        "http://testserver/evidence/findings/#C1, accessed 3 May 2026."
    )


@pytest.mark.django_db
def test_a_proposition_is_cited_as_it_stands_or_in_one_version(monkeypatch):
    monkeypatch.setattr("sectors.citation_text.page_path", lambda page: "/p/")
    page = PropositionPage(ref="P1", title="Kite hub", stage="proposed", stage_date=date(2019, 7, 16))
    page.as_of = date(2019, 7, 16)
    page.last_published_at = datetime(2026, 5, 2, 12, tzinfo=UTC)
    here = "North East Local Industrial Strategy, P1, http://testserver"
    assert cite_proposition(page, today=TODAY) == (
        f"P1: Kite hub. Proposition, {page.get_stage_display().lower()}, 16 July 2019. As last changed on this site on "
        f"2 May 2026. As at July 2019. {here}/p/, accessed 3 May 2026."
    )
    published = datetime(2020, 7, 1, 23, 30, tzinfo=UTC)
    version = PropositionVersion(number=2, label="In draft strategy, December 2019", published_at=published)
    assert cite_proposition(page, version, "Kite shed", TODAY) == (
        "P1: Kite shed. Proposition, version 2: In draft strategy, December 2019, published on this site on "
        f"2 July 2020. {here}/p/v2/, accessed 3 May 2026."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", ""), ("kites.", "Kites."), ("https://example.org/a", "https://example.org/a."), (" a b ", "A b.")],
)
def test_sentences(text, sentence):
    assert as_sentence(text) == sentence


def test_what_a_source_is_called_cannot_break_the_page():
    title = '<script>alert("1")</script> & Söhne'
    html = Template("{% load evidence_tags %}{% cite_figure statistic %}").render(
        Context({"statistic": figure(source=source(title=title))})
    )
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("script") is None
    assert title in text_of(soup.details.p)
    assert text_of(soup.summary) == "Cite F7"
