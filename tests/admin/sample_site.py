"""A small site, and the form of every page type filled in as an editor would."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from engagement.feedback.models import Question, QuestionSet
from nelis.core.models import BasePage
from nelis.evidence.models import EvidenceIndexPage, Finding, GeoArea, Source, Statistic
from nelis.home.models import (
    BoardPapersPage,
    BookPage,
    ContactPage,
    EventIndexPage,
    EventPage,
    FAQPage,
    FrameworkPage,
    GlossaryPage,
    GovernancePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NextStepsPage,
    StandardPage,
    TimelinePage,
)
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors.models import (
    ChangesPage,
    ExplorerPage,
    FindingIndexPage,
    FoundationIndexPage,
    FoundationPage,
    GapsPage,
    GrandChallengeIndexPage,
    GrandChallengePage,
    Organisation,
    OrganisationIndexPage,
    ProjectIndexPage,
    ProjectPage,
    PropositionIndexPage,
    PropositionPage,
    SectorDealIndexPage,
    SectorDealPage,
    SectorIndexPage,
    SectorPage,
    SubSectorPage,
)

#: Every page type under the parent it is made under here.
PARENTS: dict[type[BasePage], type[BasePage] | None] = {
    HomePage: None,
    StandardPage: HomePage,
    FrameworkPage: HomePage,
    FoundationIndexPage: FrameworkPage,
    FoundationPage: FoundationIndexPage,
    GrandChallengeIndexPage: FrameworkPage,
    GrandChallengePage: GrandChallengeIndexPage,
    SectorDealIndexPage: FrameworkPage,
    SectorDealPage: SectorDealIndexPage,
    SectorIndexPage: HomePage,
    SectorPage: SectorIndexPage,
    SubSectorPage: SectorPage,
    PropositionIndexPage: HomePage,
    PropositionPage: PropositionIndexPage,
    ExplorerPage: HomePage,
    ChangesPage: HomePage,
    BookPage: HomePage,
    ProjectIndexPage: HomePage,
    ProjectPage: ProjectIndexPage,
    OrganisationIndexPage: HomePage,
    EvidenceIndexPage: HomePage,
    FindingIndexPage: EvidenceIndexPage,
    GapsPage: EvidenceIndexPage,
    TargetIndexPage: HomePage,
    TargetPage: TargetIndexPage,
    GovernancePage: HomePage,
    TimelinePage: HomePage,
    NextStepsPage: HomePage,
    NewsIndexPage: HomePage,
    NewsPage: NewsIndexPage,
    EventIndexPage: HomePage,
    EventPage: EventIndexPage,
    FAQPage: HomePage,
    GlossaryPage: HomePage,
    BoardPapersPage: HomePage,
    ContactPage: HomePage,
}

#: What a page made straight in the database needs beyond title, slug and summary.
NEEDED: dict[type[BasePage], dict[str, Any]] = {
    HomePage: {"hero_statement": "A plan to 2030"},
    FrameworkPage: {"productivity": "<p>More from the same.</p>"},
    FoundationPage: {"code": "ideas", "national_aim": "To be the most inventive"},
    GrandChallengePage: {"code": "clean-growth"},
    SectorDealPage: {"code": "automotive"},
    SectorPage: {"code": "manufacturing"},
    SubSectorPage: {"code": "chemicals"},
    PropositionPage: {"ref": "P99", "source_title": "Made", "what_we_propose": "<p>Make.</p>"},
    ProjectPage: {"project_kind": "site"},
    TargetPage: {"ref": "T99", "target_kind": "level", "target_value": 5, "unit": "jobs", "deadline_year": 2024},
    NewsPage: {"date": date(2018, 12, 14)},
    EventPage: {"date": date(2019, 7, 16)},
}


#: What an editor answers when asked what changed.
NOTE = {"change_kind": "content", "change_note": "So that it says so."}
#: A press on the buttons, with that answer: for a thing readers see already.
PUBLISH = {"action-publish": "action-publish", **NOTE}
SUBMIT = {"action-submit": "action-submit", **NOTE}


def resent(client: Client, url: str) -> dict[str, Any]:
    """What a browser sends back from the form at ``url`` when nothing is changed.

    Without body text, whose fields a script builds: add ``body_of`` a form.
    """
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    html = response.content.decode()
    # A ticked box without a value sends "on".
    html = html.replace('type="checkbox"', 'type="checkbox" value="on"')
    sent = querydict_from_html(html, form_id=FORM_IDS["pages" in url])
    return {name: values[0] if len(values) == 1 else values for name, values in sent.lists()}


#: Of a snippet's form, and of a page's.
FORM_IDS = ("w-editor-form", "page-edit-form")


def body_of(form: dict[str, str]) -> dict[str, str]:
    """The part of a form that is its body text."""
    return {name: value for name, value in form.items() if name.startswith("body-")}


@dataclass
class SampleSite:
    """What there is on the small site."""

    pages: dict[type[BasePage], BasePage] = field(default_factory=dict)
    area: GeoArea = None
    source: Source = None
    statistic: Statistic = None
    organisation: Organisation = None
    questions: QuestionSet = None

    @classmethod
    def build(cls) -> "SampleSite":
        """One published page of every type that has children, with figures and sources to choose."""
        sample_site = cls()
        sample_site.area = GeoArea.objects.create(code="north-east", name="North East")
        sample_site.source = Source.objects.create(ref="s9", title="A report", kind="report", held=True)
        sample_site.statistic = Statistic.objects.create(
            key="F99",
            label="people employed",
            value=11300,
            geography=sample_site.area,
            source=sample_site.source,
            period_text="2017",
        )
        sample_site.organisation = Organisation.objects.create(slug="the-body", name="The Body", kind="lep")
        sample_site.questions = QuestionSet.objects.create(key="all", title="All questions")
        Question.objects.create(question_set=sample_site.questions, ref="Q1", text="Is it so?")
        root = Page.objects.get(depth=1)
        for page_type in PARENTS:
            if page_type is HomePage or page_type in PARENTS.values():
                sample_site.make(page_type, root)
        home = sample_site.pages[HomePage]
        site = Site.objects.get(is_default_site=True)
        site.root_page = home
        site.save()
        Page.objects.filter(depth=2).exclude(pk=home.pk).first().delete()
        home.refresh_from_db()
        return sample_site

    def make(self, page_type: type[BasePage], root: Page | None = None, **values: Any) -> BasePage:
        """A published page of ``page_type`` under the parent it belongs to here."""
        parent = PARENTS[page_type]
        if page_type is PropositionPage:
            values.setdefault("lead_theme", self.pages[SectorPage])
        above = (root or Page.objects.get(depth=1)) if parent is None else self.pages[parent]
        above = above.__class__.objects.get(pk=above.pk)
        slug = page_type.__name__.lower()
        page = page_type(
            **{"title": slug.capitalize(), "slug": slug, "summary": f"About {slug}.", "as_of": date(2019, 7, 1)}
            | NEEDED.get(page_type, {})
            | values
        )
        above.add_child(instance=page)
        page.save_revision().publish()
        page = page_type.objects.get(pk=page.pk)
        self.pages.setdefault(page_type, page)
        return page

    # --- forms ---------------------------------------------------------------------------------

    def form(self, page_type: type[BasePage], **changes: Any) -> dict[str, str]:
        """What an editor's browser sends for a new page of ``page_type``, everything filled in."""
        data = {
            "title": f"New {page_type.__name__}",
            "slug": f"new-{page_type.__name__.lower()}",
            "summary": "In a sentence.",
            "as_of": "2019-07-01",
            "body": self.body(),
            "statistic_links": inline_formset([{"statistic": self.statistic.pk}]),
            "source_links": inline_formset([{"source": self.source.pk}]),
            "comments": inline_formset([]),
        }
        data |= self.own_fields().get(page_type, {})
        return nested_form_data(data | changes)

    def body(self) -> dict[str, Any]:
        """Body text with one of each block that needs nothing uploaded."""
        return streamfield(
            [
                ("heading", {"text": "A section", "level": "2"}),
                ("text", rich_text("<p>Words with a <b>strong</b> one.</p>")),
                ("heading", {"text": "Inside it", "level": "3"}),
                ("quote", {"text": "So it is", "who": "Somebody", "where": "A speech"}),
                ("callout", {"title": "Mind", "text": rich_text("<p>This.</p>")}),
                (
                    "related_links",
                    {"title": "More", "links": streamfield([("item", self.link())])},
                ),
                ("statistic", str(self.statistic.pk)),
            ]
        )

    def link(self) -> dict[str, str]:
        return {"page": str(self.pages[HomePage].pk), "document": "", "address": "", "label": ""}

    def ties(self) -> dict[str, Any]:
        """Links to a foundation, and an organisation with a role."""
        tie = {
            "target": self.pages[SectorPage].pk,
            "basis": "inferred",
            "confidence": "low",
            "rationale": "Both are about making things.",
        }
        role = {
            "organisation": self.organisation.pk,
            "role": "lead",
            "basis": "stated",
            "confidence": "",
            "note": "",
        }
        return {
            "strategy_links": inline_formset([tie]),
            "organisation_roles": inline_formset([role]),
        }

    def line(self) -> dict[str, Any]:
        """From a finding to a proposition."""
        finding, _ = Finding.objects.get_or_create(
            ref="C9", defaults={"kind": "constraint", "statement": "It is hard.", "source": self.source}
        )
        return {
            "finding": finding.pk,
            "relation": "addresses",
            "basis": "inferred",
            "confidence": "low",
            "rationale": "It would make it easier.",
        }

    def statement(self) -> dict[str, Any]:
        """What a page said about a target, known since June 2018."""
        return {
            "measure": "gain",
            "value": "64500",
            "low": "",
            "high": "",
            "qualifier": "over",
            "reference_value": "",
            "quotation": "more than 64,500 jobs",
            "period_text": "since 2014",
            "counted_from": "",
            "period_end_from": "2017-12-31",
            "period_end_to": "2017-12-31",
            "kind": "lep",
            "published_on": "2018-06-01",
            "published_precision": "month",
            "published_text": "",
            "source": self.source.pk,
            "page_ref": "",
            "fact_key": "",
            "note": "",
        }

    def own_fields(self) -> dict[type[BasePage], dict[str, Any]]:
        sector = {"code": "new-code", "content_status": "full", "gap_note": ""} | self.ties()
        return {
            HomePage: {"hero_statement": "A plan"},
            FrameworkPage: {
                "productivity": rich_text("<p>More from the same.</p>"),
                "vision_points": inline_formset([{"text": "To be the most inventive"}]),
            },
            BookPage: {"introduction": rich_text("<p>Read on.</p>")},
            FoundationPage: {"code": "new-code", "national_aim": "An aim"},
            GrandChallengePage: {
                "code": "new-code",
                "ambition": "To lead",
                "status_note": "",
                "priority_areas": inline_formset([{"ref": "M1", "title": "Rules", "description": "New ones"}]),
            },
            SectorDealPage: {
                "code": "new-code",
                "partnership_since": "2009",
                "deal_date": "",
                "status_note": "",
                "commitments": inline_formset(
                    [{"ref": "U1", "title": "Money", "description": "For batteries", "counterpart": ""}]
                ),
            },
            SectorPage: sector | {"accent": "", "support_offer": rich_text("<p>Help.</p>"), "contact": ""},
            SubSectorPage: sector,
            PropositionPage: {
                "what_we_propose": rich_text("<p>To make more.</p>"),
                "why": rich_text("<p>Because.</p>"),
                "evidence_links": inline_formset([self.line()]),
                "why_is_ours": "on",
                "components": inline_formset([{"title": "A part", "description": "Of it"}]),
                "asks": inline_formset([{"addressee": "government", "text": "Help us", "status": "open"}]),
                "outcomes": inline_formset([{"text": "More exports", "statistic": self.statistic.pk}]),
                "ref": "P98",
                "source_title": "Made, as said then",
                "other_names": inline_formset([{"name": "The made one"}]),
                "lead_theme": self.pages[SectorPage].pk,
                "stage": "proposed",
                "stage_date": "2019-07-16",
                "cost_low": "",
                "cost_high": "",
                "start": "",
                "end": "",
            }
            | self.ties(),
            ProjectPage: {
                "project_kind": "site",
                "status": "proposed",
                "status_note": "",
                "expected": "on site by 2020",
                "place": "",
                "also_called": "",
            }
            | self.ties(),
            TargetPage: {
                "ref": "T98",
                "target_kind": "level_gain",
                "target_value": "100000",
                "unit": "jobs",
                "direction": "up",
                "baseline_year": "2014",
                "baseline_value": "",
                "deadline_year": "2024",
                "comparator": self.area.pk,
                "series": "",
                "latest": self.statistic.pk,
                "verdict": "",
                "certainty": "",
                "method": rich_text("<p>Counted.</p>"),
                "caveats": rich_text(""),
                "not_known": rich_text(""),
                "statements": inline_formset([self.statement()]),
            },
            NextStepsPage: {
                "steps": inline_formset(
                    [
                        {
                            "title": "Draft",
                            "text": "Is written",
                            "actors": "",
                            "output": "",
                            "date_text": "",
                            "status": "now",
                        }
                    ]
                ),
            },
            NewsPage: {
                "date": "2018-12-14",
                "news_kind": "news",
                "author": "Somebody",
                "original_title": "",
                "original_url": "",
            },
            EventPage: {
                "date": "2019-07-16",
                "end_date": "",
                "start_time": "",
                "end_time": "",
                "date_precision": "day",
                "date_text": "",
                "venue": "",
                "attendance": self.statistic.pk,
                "sessions": inline_formset(
                    [{"title": "Morning", "text": "", "about": "", "paper": self.source.pk, "deck": ""}]
                ),
                "question_sets": inline_formset([{"question_set": self.questions.pk}]),
            },
            BoardPapersPage: {
                "papers": inline_formset(
                    [
                        {
                            "meeting_date": "2018-09-27",
                            "paper_kind": "agenda",
                            "title": "",
                            "document": "",
                            "url": "",
                            "not_held": "on",
                        }
                    ]
                ),
            },
        }
