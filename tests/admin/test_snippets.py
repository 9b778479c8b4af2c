"""Lists, forms and previews of everything that isn't a page."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import DraftStateMixin, PreviewableMixin
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound
from nelis.evidence.models import Indicator, Statistic
from nelis.home.models import TimelineEvent
from sectors.models import SectorPage
from tests.admin.sample_site import PUBLISH, SUBMIT, resent

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

MODELS = get_snippet_models()


def forms(sample_site):
    """What an editor types for a new one of each kind, with words that its preview must show."""
    source = str(sample_site.source.pk)
    indicator, _ = Indicator.objects.get_or_create(code="kite-rate", defaults={"name": "Kite rate"})
    return {
        "evidence.source": (
            {"ref": "s8", "title": "A review", "kind": "review", "published_precision": "year", "held": "on"},
            "A review",
        ),
        "evidence.statistic": (
            {
                "key": "F8",
                "label": "lorries made",
                "value": "7",
                "qualifier": "exact",
                "unit": "number",
                "status": "confirmed",
                "geography": sample_site.area.pk,
                "source": source,
            },
            "lorries made",
        ),
        "evidence.finding": (
            {
                "ref": "SX1",
                "kind": "strength",
                "statement": "It is strong.",
                "parts": streamfield([("part", {"label": "a", "text": "In part."})]),
                "subject": sample_site.pages[SectorPage].pk,
                "source": source,
            },
            "In part.",
        ),
        "evidence.geoarea": (
            {"code": "uk", "name": "The UK", "other_codes": inline_formset([{"code": "K1", "note": "Official."}])},
            None,
        ),
        "evidence.indicator": (
            {"code": "kites", "name": "Kites", "unit": "number", "kind": "count", "decimals": "0"},
            None,
        ),
        "evidence.series": (
            {
                "key": "kites-x",
                "indicator": indicator.pk,
                "area": sample_site.area.pk,
                "frequency": "yearly",
                "origin": "supplied",
                "source": source,
                "parts": inline_formset([]),
            },
            None,
        ),
        "evidence.seriesbreak": (
            {"key": "b1", "indicator": indicator.pk, "on": "2015-01-01", "note": "More are counted."},
            None,
        ),
        "sectors.organisation": ({"slug": "b", "name": "A Board", "kind": "lep", "summary": "It sits."}, "It sits."),
        "sectors.place": ({"slug": "p", "name": "A Place", "kind": "site"}, None),
        "sectors.contact": ({"slug": "c", "name": "A Person", "role": "Chair", "remit": "All of it."}, "All of it."),
        "home.governancebody": (
            {
                "slug": "g",
                "name": "A Group",
                "tier": "advisory",
                "role": "It advises.",
                "confidence": "high",
                "sort_order": "0",
                "memberships": inline_formset([{"organisation": sample_site.organisation.pk, "on_behalf_of": ""}]),
            },
            None,
        ),
        "home.timelineevent": (
            {
                "ref": "X1",
                "title": "It began",
                "track": "other",
                "kind": "milestone",
                "best_estimate": "May 2019",
                "start": "2019-05-01",
                "end": "2019-06-30",
                "precision": "range",
                "confidence": "low",
                "status": "happened",
                "sort_order": "0",
            },
            "It began",
        ),
        "home.faq": (
            {
                "slug": "q",
                "question": "Why?",
                "answer": rich_text("<p>Because.</p>"),
                "category": "All",
                "sort_order": "0",
            },
            "Because.",
        ),
        "core.glossaryterm": ({"term": "Deal", "definition": "What two agree."}, "What two agree."),
        "feedback.questionset": (
            {"key": "k", "title": "A set", "questions": inline_formset([{"ref": "K1", "text": "Is it?"}])},
            None,
        ),
        "bulletins.bulletin": (
            {"subject": "Kites again", "slug": "kites", "body": streamfield([("lead", "They fly.")])},
            "They fly.",
        ),
        "feedback.feedbackround": (
            {
                "title": "Kite fair",
                "slug": "kite-fair",
                "intro": "What should be flown?",
                "privacy_text": "Two people read it.",
                "publish_policy": "nothing",
                "suppression_threshold": "5",
                "contact_months": "12",
                "sessions": inline_formset(
                    [
                        {
                            "title": "Kites",
                            "propositions": inline_formset([]),
                            "questions": inline_formset([{"text": "Why?", "kind": "long", "max_length": "500"}]),
                        }
                    ]
                ),
            },
            "What should be flown?",
        ),
        "mailing_list.topic": ({"slug": "t", "name": "Boats", "group": "sector", "order": "5", "is_open": "on"}, None),
    }


def name(model):
    return model._meta.label_lower


def url(model, view, *args):
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_made_listed_found_inspected_and_published(sample_site, signed_in, model):
    client = signed_in("Administrator")
    data, _ = forms(sample_site)[name(model)]
    known = set(model.objects.values_list("pk", flat=True))
    assert client.get(url(model, "add")).status_code == 200
    response = client.post(url(model, "add"), nested_form_data(data))
    assert response.status_code == 302, response.context["form"].errors
    made = model.objects.exclude(pk__in=known).get()
    edit = url(model, "edit", made.pk)
    if issubclass(model, DraftStateMixin):
        assert not made.live
        form = resent(client, edit) | ({"parts-count": "0"} if name(model) == "evidence.finding" else {})
        response = client.post(edit, form | PUBLISH)
        made.refresh_from_db()
        assert made.live, response.context["form"].errors
    shown = str(made)[:20]
    # Every field that is searched, and every column that sorts, is one the database knows.
    for query in ({}, {"q": shown.split()[-1].strip(",.:")}, {"ordering": "pk"}):
        response = client.get(url(model, "list"), query)
        assert response.status_code == 200
    assert client.get(url(model, "list"), {"q": "zzzz"}).context["object_list"].count() == 0
    assert client.get(url(model, "inspect", made.pk)).status_code == 200
    assert client.get(url(model, "usage", made.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_every_column_and_filter_works(sample_site, signed_in, model):
    client = signed_in("Content editor")
    listing = client.get(url(model, "list"))
    for column in listing.context["table"].columns.values():
        if column.sort_key:
            assert client.get(url(model, "list"), {"ordering": column.sort_key}).status_code == 200
    for field in listing.context["filters"].filters if listing.context["filters"] else ():
        for value in ("x", "true", "1"):
            assert client.get(url(model, "list"), {field: value}).status_code == 200


def test_a_list_costs_the_same_however_long(sample_site, signed_in):
    client = signed_in("Analyst")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url(Statistic, "list"))
        return len(queries)

    for number in range(5):
        Statistic.objects.create(
            key=f"N{number}", label="x", value=1, geography=sample_site.area, source=sample_site.source
        )
    cost()
    few = cost()
    for number in range(5, 30):
        Statistic.objects.create(
            key=f"N{number}", label="x", value=1, geography=sample_site.area, source=sample_site.source
        )
    assert cost() == few


PREVIEWED = [model for model in MODELS if issubclass(model, PreviewableMixin)]


def test_everything_that_is_drafted_has_a_preview():
    # A bulletin is approved and sent, and a round is opened; neither is published.
    others = {Bulletin, FeedbackRound}
    assert {model for model in MODELS if issubclass(model, DraftStateMixin)} | others == set(PREVIEWED)


@pytest.mark.parametrize("model", PREVIEWED, ids=name)
def test_previewed_while_it_is_written(sample_site, signed_in, model):
    client = signed_in("Administrator")
    data, words = forms(sample_site)[name(model)]
    preview = url(model, "preview_on_add")
    assert client.post(preview, nested_form_data(data)).json() == {"is_valid": True, "is_available": True}
    html = client.get(preview).content.decode()
    assert words in html
    assert "<wagtail-userbar" in html


@pytest.mark.parametrize("model", PREVIEWED, ids=name)
def test_previewed_almost_empty(sample_site, signed_in, model):
    """A draft has gaps. So do its neighbours: nothing else is there to draw an axis from."""
    client = signed_in("Administrator")
    data, _ = forms(sample_site)[name(model)]
    needed = {
        "term",
        "key",
        "ref",
        "slug",
        "geography",
        "kind",
        "qualifier",
        "unit",
        "status",
        "track",
        "precision",
        "confidence",
        "sort_order",
        "value",
        "published_precision",
    }
    sparse = {field: value for field, value in nested_form_data(data).items() if field in needed or "count" in field}
    if name(model) == "bulletins.bulletin":
        sparse = {"subject": "Kites", "slug": "kites", "body-count": "0"}
    if name(model) == "feedback.feedbackround":
        sparse = nested_form_data(data | {"intro": "x", "sessions": inline_formset([])})
    if name(model) == "evidence.finding":
        sparse = {field: value for field, value in sparse.items() if not field.startswith("parts")} | {
            "parts-count": "0"
        }
    preview = url(model, "preview_on_add")
    assert client.post(preview, sparse).json()["is_available"]
    assert client.get(preview).status_code == 200


def test_a_disputed_figure_is_previewed_with_its_rival(sample_site, signed_in):
    client = signed_in("Administrator")
    Statistic.objects.filter(pk=sample_site.statistic.pk).update(status="disputed", fact_key="jobs")
    data, _ = forms(sample_site)["evidence.statistic"]
    preview = url(Statistic, "preview_on_add")
    client.post(preview, nested_form_data(data | {"status": "disputed", "fact_key": "jobs"}))
    html = client.get(preview).content.decode()
    assert "lorries made" in html
    assert sample_site.statistic.label in html


def test_a_timeline_event_is_previewed_among_the_others(sample_site, signed_in):
    TimelineEvent.objects.create(
        ref="X9", title="Before", track="other", best_estimate="2018", precision="range", confidence="low",
        start=date(2018, 7, 1), end=date(2018, 7, 31),
    )  # fmt: skip
    client = signed_in("Administrator")
    data, _ = forms(sample_site)["home.timelineevent"]
    preview = url(TimelineEvent, "preview_on_add")
    client.post(preview, nested_form_data(data))
    assert "July 2018" in client.get(preview).content.decode()


def test_the_list_says_what_waits(sample_site, signed_in):
    client = signed_in("Analyst")
    listing = lambda: client.get(url(Statistic, "list")).content.decode()  # noqa: E731
    assert "in review" not in listing()
    edit = url(Statistic, "edit", sample_site.statistic.pk)
    client.post(edit, resent(client, edit) | {"label": "people at work"})
    assert "Published, draft" in listing()
    client.post(edit, resent(client, edit) | SUBMIT)
    assert "Published, in review" in listing()


def test_what_is_waiting_is_sent_to_the_workflow(sample_site, signed_in):
    client = signed_in("Content editor")
    for model in MODELS:
        if not issubclass(model, DraftStateMixin) or model is Statistic:
            continue
        data, _ = forms(sample_site)[name(model)]
        user = client.person
        if not user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}"):
            continue
        response = client.post(url(model, "add"), nested_form_data(data) | SUBMIT)
        assert response.status_code == 302, response.context["form"].errors
        assert model.objects.order_by("-pk").first().workflow_in_progress
