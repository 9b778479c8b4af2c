"""Pages of every type of the site's own, each with as many things on it as a test asks for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.core.files.base import ContentFile
from django.utils import timezone

from engagement.feedback.models import Question, QuestionSet
from nelis.core.models import ChangeEntry, GlossaryTerm, MenuItem, SiteDocument, SiteSettings
from nelis.evidence.models import GeoArea, PageSource, PageStatistic, Source, Statistic
from nelis.home import models as home
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors import models as strategy

FIRST = date(2018, 7, 1)
ACCENTS = ("brass", "plum", "blue", "green", "")


def add(parent, model, slug, **fields):
    """A published page below ``parent``."""
    fields = {"title": slug.replace("-", " ").capitalize(), "summary": f"Summary of {slug}."} | fields
    return parent.add_child(instance=model(slug=slug, **fields))


def link_to(page):
    """Rich text, as stored, with a link to ``page``."""
    return f'<p>See <a linktype="page" id="{page.pk}">{page.title}</a>.</p>'


def statistic(key, **fields):
    """A published figure with its source and place."""
    area, _ = GeoArea.objects.get_or_create(code="X1", defaults={"name": "Exampleshire"})
    source, _ = Source.objects.get_or_create(ref=f"src-{key}", defaults={"title": f"Source of {key}", "kind": "report"})
    return Statistic.objects.create(
        key=key,
        **({"label": f"things {key}", "value": Decimal(12), "geography": area, "source": source} | fields),
    )


def furnish(page, n):
    """``n`` figures in the text, among the headline figures and in dispute; ``n`` texts with links; ``n`` sources."""
    for i in range(n):
        headline = statistic(f"{page.slug}-h{i}")
        PageStatistic.objects.create(page=page, statistic=headline, sort_order=i)
        rival = {"status": "disputed", "fact_key": f"{page.slug}-fact-{i}"}
        disputed = statistic(f"{page.slug}-d{i}", **rival)
        statistic(f"{page.slug}-r{i}", **rival)
        PageStatistic.objects.create(page=page, statistic=disputed, sort_order=n + i)
        PageSource.objects.create(page=page, source=disputed.source, sort_order=i)
    linked = [page.get_parent(), page]
    page.body = [
        block
        for i in range(n)
        for block in (
            ("heading", {"text": f"Part {i}", "level": "2"}),
            ("text", link_to(linked[i % 2])),
            ("callout", {"title": "Mind this", "text": link_to(linked[i % 2])}),
            ("statistic", statistic(f"{page.slug}-t{i}", status="disputed", fact_key=f"{page.slug}-text-{i}")),
        )
    ]
    page.save()
    return page


def menus(site):
    """A menu at the top and one at the foot."""
    settings = SiteSettings.objects.create(site=site, notice_title="As at July 2019", notice_page=site.root_page)
    for number, menu in enumerate(("main", "About this site")):
        MenuItem.objects.create(settings=settings, menu=menu, label=menu, page=site.root_page, sort_order=number)


def home_page(root, n):
    """The strategy with ``n`` of everything, its targets, steps, news and events."""
    below = {
        "foundations": (strategy.FoundationIndexPage, strategy.FoundationPage, {"national_aim": "An aim"}),
        "challenges": (strategy.GrandChallengeIndexPage, strategy.GrandChallengePage, {}),
        "deals": (strategy.SectorDealIndexPage, strategy.SectorDealPage, {}),
    }
    national = []
    for name, (index, model, fields) in below.items():
        parent = add(root, index, f"{name}-{n}")
        for i in range(n):
            slug = f"{name}-{n}-{i}"
            national.append(add(parent, model, slug, code=slug, **fields))
    sector_index = add(root, strategy.SectorIndexPage, f"sectors-{n}")
    propositions = add(root, strategy.PropositionIndexPage, f"propositions-{n}")
    for i in range(n):
        sector = add(
            sector_index, strategy.SectorPage, f"sector-{n}-{i}", code=f"sector-{n}-{i}", accent=ACCENTS[i % 5]
        )
        add(sector, strategy.SubSectorPage, f"branch-{n}-{i}", code=f"branch-{n}-{i}")
        add(
            propositions,
            strategy.PropositionPage,
            f"proposition-{n}-{i}",
            ref=f"P{n}{i}",
            source_title="As first published",
            what_we_propose="<p>Something.</p>",
            lead_theme=sector,
        )
        strategy.StrategyLink.objects.create(page=sector, target=national[i], basis="stated")
    targets = add(root, TargetIndexPage, f"targets-{n}")
    steps = add(root, home.NextStepsPage, f"steps-{n}")
    news = add(root, home.NewsIndexPage, f"news-{n}")
    events = add(root, home.EventIndexPage, f"events-{n}")
    for i in range(n):
        latest = statistic(f"home-{n}-{i}", period_end=date(2018, 6, 30), period_text="to June 2018")
        add(
            targets,
            TargetPage,
            f"target-{n}-{i}",
            ref=f"T{n}{i}",
            target_kind="level_gain",
            target_value=100,
            unit="things",
            baseline_year=2014,
            deadline_year=2024,
            latest=latest,
        )
        home.Step.objects.create(page=steps, title=f"Step {i}", text="What is done.", sort_order=i)
        add(news, home.NewsPage, f"item-{n}-{i}", date=FIRST + timedelta(days=i))
        add(events, home.EventPage, f"event-{n}-{i}", date=FIRST + timedelta(days=i))
    return root


def standard_page(root, n):
    """A page of text with pages of different types below it, read from one of them."""
    page = add(root, home.StandardPage, f"about-{n}")
    for i in range(n):
        add(page, home.StandardPage, f"part-{n}-{i}")
    add(page, home.BoardPapersPage, f"papers-below-{n}")
    add(page, home.GovernancePage, f"governance-below-{n}")
    return furnish(page, n)


def framework_page(root, n):
    page = add(root, home.FrameworkPage, f"strategy-{n}", productivity=link_to(root))
    for i in range(n):
        home.VisionPoint.objects.create(page=page, text=f"Aim {i}", sort_order=i)
    foundations = add(page, strategy.FoundationIndexPage, f"five-{n}")
    for i in range(n):
        add(foundations, strategy.FoundationPage, f"five-{n}-{i}", code=f"five-{n}-{i}", national_aim="An aim")
    return furnish(page, n)


def governance_page(root, n):
    page = add(root, home.GovernancePage, f"who-{n}")
    tiers = home.GovernanceBody.Tier.values
    for i in range(n):
        body = home.GovernanceBody.objects.create(
            slug=f"body-{n}-{i}",
            name=f"Body {n} {i}",
            tier=tiers[i % 3],
            role="Does something.",
            confidence="medium" if i % 2 else "high",
            confidence_note="We read it so.",
            source=Source.objects.create(ref=f"gov-{n}-{i}", title="Slides", kind="slides"),
        )
        organisation = strategy.Organisation.objects.create(slug=f"org-{n}-{i}", name=f"Org {n} {i}", kind="lep")
        home.Membership.objects.create(body=body, organisation=organisation)
    return furnish(page, n)


def timeline_page(root, n):
    page = add(root, home.TimelinePage, f"timeline-{n}")
    steps = add(root, home.NextStepsPage, f"ahead-{n}")
    for i in range(n):
        source = Source.objects.create(ref=f"tl-{n}-{i}", title="Slides", kind="slides")
        home.TimelineEvent.objects.create(
            ref=f"E{n}{i}",
            track="evidence",
            kind="bar" if i % 3 == 0 else "milestone",
            title=f"Thing {i}",
            best_estimate="autumn 2018",
            start=FIRST + timedelta(days=7 * i),
            end=FIRST + timedelta(days=7 * i + 40),
            precision="range",
            confidence="low",
            related_page=steps,
            source=source,
            sort_order=i,
        )
        home.Step.objects.create(page=steps, title=f"Step {i}", text="What is done.", sort_order=i)
    return furnish(page, n)


def next_steps_page(root, n):
    page = add(root, home.NextStepsPage, f"next-{n}")
    for i in range(n):
        home.Step.objects.create(page=page, title=f"Step {i}", text="What is done.", actors="Somebody", sort_order=i)
    return furnish(page, n)


def news_page(root, n):
    index = add(root, home.NewsIndexPage, f"press-{n}")
    return furnish(add(index, home.NewsPage, f"piece-{n}", date=FIRST, author="Somebody"), n)


def change_entries(page, n):
    """``n`` entries on one day in the list of changes, about ``page``."""
    for i in range(n):
        ChangeEntry.objects.create(
            at=datetime(2020, 3, 2, 12, tzinfo=UTC),
            kind="content",
            content_type=page.cached_content_type,
            object_id=page.pk,
            subject_kind="Page",
            title=f"Change {i}",
        )


def news_index_page(root, n):
    index = add(root, home.NewsIndexPage, f"papers-{n}")
    for i in range(n):
        kind = "leader_view" if i % 2 else "news"
        add(index, home.NewsPage, f"piece-{n}-{i}", date=FIRST + timedelta(days=30 * i), news_kind=kind)
    change_entries(index, n)
    return furnish(index, n)


def event_page(root, n):
    index = add(root, home.EventIndexPage, f"gatherings-{n}")
    page = add(index, home.EventPage, f"summit-{n}", date=FIRST, attendance=statistic(f"came-{n}"))
    for i in range(n):
        source = Source.objects.create(ref=f"ev-{n}-{i}", title="Slides", kind="slides")
        home.EventSession.objects.create(page=page, title=f"Session {i}", about=index, paper=source, sort_order=i)
        questions = QuestionSet.objects.create(key=f"set-{n}-{i}", title=f"Set {i}")
        Question.objects.create(question_set=questions, ref=f"Q{n}{i}", text="Is it so?")
        home.SessionQuestions.objects.create(page=page, question_set=questions, sort_order=i)
    return furnish(page, n)


def event_index_page(root, n):
    index = add(root, home.EventIndexPage, f"diary-{n}")
    for i in range(n):
        day = timezone.localdate() + timedelta(days=i - n // 2)
        add(index, home.EventPage, f"diary-{n}-{i}", date=day)
    return furnish(index, n)


def faq_page(root, n):
    page = add(root, home.FAQPage, f"questions-{n}")
    for i in range(n):
        source = Source.objects.create(ref=f"faq-{n}-{i}", title="Page", kind="web_page")
        home.FAQ.objects.create(
            slug=f"faq-{n}-{i}",
            question=f"Is it so, {i}?",
            answer=link_to(page if i % 2 else root),
            category=f"Category {i % 4}",
            source=source,
        )
    return furnish(page, n)


def glossary_page(root, n):
    page = add(root, home.GlossaryPage, f"terms-{n}")
    terms = [
        GlossaryTerm.objects.create(term=f"{chr(97 + i % 26)}-term {n} {i}", definition="It is.") for i in range(n)
    ]
    for one, other in pairwise(terms):
        one.see_also.add(other)
    return furnish(page, n)


def board_papers_page(root, n):
    page = add(root, home.BoardPapersPage, f"board-{n}")
    for i in range(n):
        document = SiteDocument.objects.create(
            title=f"Paper {i}", file=ContentFile(b"%PDF-1.4", name=f"paper-{n}-{i}.pdf"), file_size=8
        )
        home.BoardPaper.objects.create(
            page=page, meeting_date=FIRST + timedelta(days=i), paper_kind="agenda", document=document, sort_order=i
        )
    return furnish(page, n)


def contact_page(root, n):
    page = add(root, home.ContactPage, f"contact-{n}")
    for i in range(n):
        organisation = strategy.Organisation.objects.create(slug=f"cont-{n}-{i}", name=f"Cont {n} {i}", kind="lep")
        strategy.Contact.objects.create(
            slug=f"person-{n}-{i}", name=f"Person {i}", role="Head", organisation=organisation
        )
    return furnish(page, n)


BUILDERS = {
    "home": home_page,
    "standard": standard_page,
    "framework": framework_page,
    "governance": governance_page,
    "timeline": timeline_page,
    "next steps": next_steps_page,
    "news": news_page,
    "news index": news_index_page,
    "event": event_page,
    "event index": event_index_page,
    "questions": faq_page,
    "glossary": glossary_page,
    "board papers": board_papers_page,
    "contact": contact_page,
}
