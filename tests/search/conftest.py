"""A small site with something of each sort to find."""

from copy import deepcopy
from datetime import date
from types import SimpleNamespace

import pytest
from wagtail.models import Page, Site

from engagement.feedback.models import Question, QuestionSet
from nelis.core.models import GlossaryTerm
from nelis.core.search.index_sync import rebuild_index, sync_suspended
from nelis.evidence.models import EvidenceIndexPage, Finding, GeoArea, Source, Statistic
from nelis.home.models import (
    EventIndexPage,
    EventPage,
    GlossaryPage,
    HomePage,
    SessionQuestions,
)
from sectors.models import Commitment, SectorDealIndexPage, SectorDealPage, SectorIndexPage, SectorPage


def add(parent, model, slug, **fields):
    fields = {"title": slug.replace("-", " ").capitalize(), "summary": f"Summary of {slug}."} | fields
    return parent.add_child(instance=model(slug=slug, **fields))


@pytest.fixture(scope="module")
def site_made(made_once):
    with made_once(make_site) as made:
        yield made


@pytest.fixture
def site(site_made, db):
    """The site, its index up to date."""
    return deepcopy(site_made)


def make_site():
    with sync_suspended():
        home = add(Page.get_first_root_node(), HomePage, "start", title="Start", hero_statement="A plan to 2030")
        Site.objects.all().delete()
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
        sources = add(home, EvidenceIndexPage, "evidence")
        deals = add(home, SectorDealIndexPage, "deals")
        deal = add(deals, SectorDealPage, "automotive", code="automotive")
        commitment = Commitment(ref="U3", title="Ultra-low emissions", description="Cleaner vehicles.")
        deal.commitments.add(commitment)
        deal.save()
        sectors = add(home, SectorIndexPage, "sectors")
        sector = add(sectors, SectorPage, "manufacturing", code="manufacturing")
        glossary = add(home, GlossaryPage, "glossary")
        events = add(home, EventIndexPage, "events")
        event = add(events, EventPage, "summit", date=date(2019, 7, 16))
        questions = QuestionSet.objects.create(key="evidence", title="On the evidence")
        question = Question.objects.create(question_set=questions, ref="EQ1", text="Does it match?")
        event.question_sets.add(SessionQuestions(question_set=questions))
        event.save()
        area = GeoArea.objects.create(code="ne", name="North East")
        source = Source.objects.create(ref="S1", title="Summit slides", kind="slides", held=True)
        statistic = Statistic.objects.create(
            key="F03", label="of jobs", value="11.3", unit="percent", geography=area, source=source
        )
        finding = Finding.objects.create(
            ref="SA4", kind="strength", statement="Strong in electric vehicles.", subject=sector, source=source
        )
        term = GlossaryTerm.objects.create(term="Gross value added", abbreviation="GVA", definition="What is produced.")
    rebuild_index()
    return SimpleNamespace(**locals())


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Makes a block at whose end everything runs that waits for a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
