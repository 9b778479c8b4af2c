"""What editors write is words, never markup that runs: on the site and in the admin."""

import json
from datetime import date

import pytest
from django import forms
from django.urls import reverse
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import streamfield

from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound, QuestionSet
from engagement.mailing_list.models import Topic
from nelis.core.models import GlossaryTerm
from nelis.evidence.models import (
    EvidenceIndexPage,
    Finding,
    GeoArea,
    Indicator,
    Series,
    SeriesBreak,
    Source,
    Statistic,
)
from nelis.home.models import (
    FAQ,
    ContactPage,
    FAQPage,
    GlossaryPage,
    GovernanceBody,
    GovernancePage,
    HomePage,
    StandardPage,
    TimelineEvent,
    TimelinePage,
)
from sectors.models import Contact, FindingIndexPage, GapsPage, Organisation, OrganisationIndexPage, Place, SectorPage
from tests.admin.sample_site import PARENTS, PUBLISH
from tests.admin.test_pages import add_url, parent_of

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

PAYLOAD = '"><img src=x onerror=run()>'


def assert_harmless(response):
    html = response.content.decode()
    assert response.status_code == 200
    assert "onerror=run()" in html, "what was written isn't shown at all, so this proves nothing"
    assert "<img src=x" not in html
    assert "javascript:run" not in html


def takes_it(field):
    is_plain = type(field) is forms.CharField and not isinstance(field.widget, DraftailRichTextArea)
    return is_plain and (field.max_length or 999) >= len(PAYLOAD)


def spoilt(sample_site, page_type):
    """The form of a page with the payload in every field of text."""
    form_class = page_type.get_edit_handler().get_form_class()
    body = streamfield(
        [
            ("heading", {"text": PAYLOAD, "level": "2"}),
            ("quote", {"text": PAYLOAD, "who": PAYLOAD, "where": PAYLOAD}),
            (
                "related_links",
                {"title": PAYLOAD, "links": streamfield([("item", sample_site.link() | {"label": PAYLOAD})])},
            ),
        ]
    )
    data = sample_site.form(page_type, body=body)
    data |= {name: PAYLOAD for name, field in form_class.base_fields.items() if takes_it(field) and name in data}
    for prefix, formset in form_class.formsets.items():
        for name, field in formset.form.base_fields.items():
            if takes_it(field) and f"{prefix}-0-{name}" in data:
                data[f"{prefix}-0-{name}"] = PAYLOAD
    # Words that mean something, in fields that must hold one of them.
    return data | {name: data[name] for name in ("slug",) if name in data}


PAGE_TYPES = [page_type for page_type in PARENTS if page_type is not HomePage]


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.__name__)
def test_pages(sample_site, signed_in, client, page_type):
    administrator = signed_in("Administrator")
    data = spoilt(sample_site, page_type)
    response = administrator.post(add_url(parent_of(sample_site, page_type), page_type), data | PUBLISH)
    assert response.status_code == 302, response.context["form"].errors
    page = page_type.objects.get(slug=f"new-{page_type.__name__.lower()}")
    assert page.title == PAYLOAD
    assert_harmless(client.get(page.url))
    assert_harmless(administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))


@pytest.fixture
def spoilt_things(sample_site):
    """One of each kind of thing, with the payload in its words."""
    area = GeoArea.objects.create(code="x", name=PAYLOAD, derivation=PAYLOAD)
    source = Source.objects.create(ref="x", title=PAYLOAD, publisher=PAYLOAD, kind="report", not_held_note=PAYLOAD)
    statistic = Statistic.objects.create(
        key="x", label=PAYLOAD, qualifier="named", display_text=PAYLOAD, note=PAYLOAD, period_text=PAYLOAD,
        geography=area, source=source, fact_key="same",
    )  # fmt: skip
    organisation = Organisation.objects.create(
        slug="x", name=PAYLOAD, short_name=PAYLOAD, kind="lep", summary=PAYLOAD, aliases=PAYLOAD, source=source
    )
    body = GovernanceBody(slug="x", name=PAYLOAD, tier="decision", role=PAYLOAD, chair=PAYLOAD, meets=PAYLOAD)
    body.memberships.create(organisation=organisation, on_behalf_of=PAYLOAD)
    body.save()
    questions = QuestionSet(key="x", title=PAYLOAD, intro=PAYLOAD)
    questions.questions.create(ref="x", text=PAYLOAD)
    questions.save()
    indicator = Indicator.objects.create(code="x", name=PAYLOAD, definition=PAYLOAD, known_as=PAYLOAD, source=source)
    series = Series.objects.create(key="x", indicator=indicator, area=area, source=source, licence=PAYLOAD)
    return [
        area,
        indicator,
        series,
        SeriesBreak.objects.create(key="x", series=series, on=date(2018, 1, 1), note=PAYLOAD),
        source,
        statistic,
        organisation,
        body,
        questions,
        Finding.objects.create(
            ref="x", kind="context", statement=PAYLOAD, subject=sample_site.pages[SectorPage], source=source
        ),
        Place.objects.create(slug="x", name=PAYLOAD, kind="site"),
        Contact.objects.create(slug="x", name=PAYLOAD, role=PAYLOAD, remit=PAYLOAD, note=PAYLOAD),
        FAQ.objects.create(slug="x", question=PAYLOAD, answer="<p>Yes.</p>", category=PAYLOAD, source=source),
        GlossaryTerm.objects.create(term=PAYLOAD, definition=PAYLOAD),
        Bulletin.objects.create(subject=PAYLOAD, preheader=PAYLOAD, slug="x"),
        TimelineEvent.objects.create(
            ref="x", track="other", title=PAYLOAD, best_estimate=PAYLOAD, precision="range", confidence="low",
            note=PAYLOAD, source=source,
        ),
        FeedbackRound.objects.create(title=PAYLOAD, slug="x", intro=PAYLOAD, privacy_text=PAYLOAD),
        Topic.objects.create(slug="x", name=PAYLOAD, group="sector", hint=PAYLOAD),
    ]  # fmt: skip


def test_every_kind_of_thing_is_tried(spoilt_things):
    assert {type(thing) for thing in spoilt_things} == set(get_snippet_models())


@pytest.mark.parametrize(
    "page_type",
    [
        ContactPage,
        EvidenceIndexPage,
        FAQPage,
        FindingIndexPage,
        GapsPage,
        GlossaryPage,
        GovernancePage,
        OrganisationIndexPage,
        TimelinePage,
    ],
    ids=lambda page_type: page_type.__name__,
)
def test_things_on_pages(sample_site, spoilt_things, client, page_type):
    page = sample_site.pages.get(page_type) or sample_site.make(page_type)
    # Of a kind that every page for findings shows.
    Finding.objects.update(kind="constraint")
    assert_harmless(client.get(page.url))


def test_a_sector_with_all_of_it(sample_site, spoilt_things, client):
    page = sample_site.pages[SectorPage]
    by_type = {type(thing): thing for thing in spoilt_things}
    page.statistic_links.create(statistic=by_type[Statistic])
    page.source_links.create(source=by_type[Source])
    page.organisation_roles.create(organisation=by_type[Organisation], role="key", basis="stated")
    page.contact = by_type[Contact]
    page.save_revision().publish()
    assert_harmless(client.get(page.url))
    assert_harmless(client.get(f"{sample_site.make(OrganisationIndexPage).url}x/"))


def test_things_in_the_admin(sample_site, spoilt_things, signed_in):
    administrator = signed_in("Administrator")
    for thing in spoilt_things:
        names = thing.snippet_viewset
        assert_harmless(administrator.get(reverse(names.get_url_name("list"))))
        for view in ("edit", "inspect", "usage"):
            assert_harmless(administrator.get(reverse(names.get_url_name(view), args=[thing.pk])))


def contentstate(text, entity=None):
    """What the text editor sends: not HTML, but anybody can send anything."""
    ranges = [{"offset": 0, "length": 4, "key": 0}] if entity else []
    block = {
        "key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": ranges,
    }  # fmt: skip
    return json.dumps({"blocks": [block], "entityMap": {"0": entity} if entity else {}})


@pytest.mark.parametrize(
    "address", ["javascript:run()", "JaVaScRiPt:run()", " javascript:run()", "data:text/html,run()"]
)
def test_links_that_run_come_to_nothing(sample_site, signed_in, client, address):
    administrator = signed_in("Administrator")
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}
    body = streamfield([("text", contentstate(f"Link {PAYLOAD}", link))])
    url = add_url(sample_site.pages[HomePage], StandardPage)
    assert administrator.post(url, sample_site.form(StandardPage, body=body) | PUBLISH).status_code == 302
    page = StandardPage.objects.get(slug="new-standardpage")
    response = client.get(page.url)
    assert_harmless(response)
    assert 'run()"' not in response.content.decode().replace("onerror=run()", "")


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "IMAGE", "mutability": "IMMUTABLE", "data": {"id": 1, "src": "x", "format": "left", "alt": "x"}},
        {"type": "EMBED", "mutability": "IMMUTABLE", "data": {"url": "https://example.org/film"}},
    ],
)
def test_the_text_editor_takes_no_images_and_no_embeds(sample_site, signed_in, client, entity):
    administrator = signed_in("Administrator")
    state = json.loads(contentstate("Here", entity))
    state["blocks"][0]["type"] = "atomic"
    body = streamfield([("text", json.dumps(state))])
    administrator.post(
        add_url(sample_site.pages[HomePage], StandardPage), sample_site.form(StandardPage, body=body) | PUBLISH
    )
    page = StandardPage.objects.filter(slug="new-standardpage").first()
    if page is not None:
        stored = page.body[0].value.source
        assert "<embed" not in stored
        assert "<img" not in stored


@pytest.mark.parametrize("style", ["header-two", "header-four", "code-block", "blockquote"])
def test_nor_headings_of_its_own(sample_site, signed_in, style):
    administrator = signed_in("Administrator")
    state = json.loads(contentstate("A heading"))
    state["blocks"][0]["type"] = style
    body = streamfield([("text", json.dumps(state))])
    administrator.post(
        add_url(sample_site.pages[HomePage], StandardPage), sample_site.form(StandardPage, body=body) | PUBLISH
    )
    page = StandardPage.objects.filter(slug="new-standardpage").first()
    assert page is None or not any(tag in page.body[0].value.source for tag in ("<h", "<code", "<blockquote", "<pre"))
