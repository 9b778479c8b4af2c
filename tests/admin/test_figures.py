"""Figures: kept once, shown everywhere, never without a source."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from nelis.evidence.models import Finding, Statistic
from nelis.home.models import HomePage, StandardPage
from sectors.models import SectorPage
from tests.admin.sample_site import PUBLISH, SUBMIT, resent

pytestmark = pytest.mark.pg

ADD = "wagtailsnippets_evidence_statistic:add"
EDIT = "wagtailsnippets_evidence_statistic:edit"


@pytest.fixture
def form(sample_site):
    """A figure as typed, without its source."""
    return {
        "key": "F98",
        "fact_key": "",
        "label": "firms",
        "value": "240",
        "low": "",
        "high": "",
        "qualifier": "over",
        "unit": "number",
        "whole": "",
        "display_text": "",
        "period_text": "",
        "period_start": "",
        "period_end": "",
        "geography": str(sample_site.area.pk),
        "source": "",
        "page_ref": "",
        "status": "confirmed",
        "note": "",
    }


class TestWithoutSource:
    def test_it_is_kept_as_a_draft(self, form, signed_in):
        signed_in("Analyst").post(reverse(ADD), form)
        draft = Statistic.objects.get(key="F98")
        assert draft.source is None
        assert not draft.live

    @pytest.mark.parametrize("action", [PUBLISH, SUBMIT])
    def test_it_goes_no_further(self, form, signed_in, action):
        client = signed_in("Administrator")
        response = client.post(reverse(ADD), form | action)
        assert response.context["form"].errors == {"source": ["This field is required."]}
        assert not Statistic.objects.filter(key="F98").exists()

    def test_nor_does_the_draft(self, form, signed_in):
        client = signed_in("Administrator")
        client.post(reverse(ADD), form)
        draft = Statistic.objects.get(key="F98")
        url = reverse(EDIT, args=[draft.pk])
        response = client.post(url, resent(client, url) | PUBLISH)
        assert "source" in response.context["form"].errors
        draft.refresh_from_db()
        assert not draft.live

    def test_the_database_refuses_it_in_any_case(self, sample_site):
        with pytest.raises(IntegrityError), transaction.atomic():
            Statistic.objects.create(key="F97", label="x", value=1, geography=sample_site.area, live=True)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"status": "missing"}, "value"),
        ({"status": "missing", "value": "", "display_text": "many"}, "display_text"),
        ({"value": ""}, "value"),
        ({"qualifier": "range"}, "value"),
        ({"qualifier": "range", "value": ""}, "low"),
        ({"qualifier": "range", "value": "", "low": "5", "high": "5"}, "high"),
        ({"qualifier": "named", "value": ""}, "display_text"),
        ({"status": "disputed"}, "fact_key"),
    ],
)
def test_mistakes_are_said_beside_the_field(sample_site, form, signed_in, changes, wrong):
    form |= {"source": str(sample_site.source.pk)} | changes
    response = signed_in("Analyst").post(reverse(ADD), form)
    assert wrong in response.context["form"].errors
    assert not Statistic.objects.filter(key="F98").exists()


def test_its_form_says_where_it_is_shown_and_who_disputes_it(sample_site, signed_in):
    client = signed_in("Administrator")
    client.post(
        reverse("wagtailadmin_pages:add", args=["home", "standardpage", sample_site.pages[HomePage].pk]),
        sample_site.form(StandardPage, title="Status") | PUBLISH,
    )
    statistic = sample_site.statistic
    Statistic.objects.filter(pk=statistic.pk).update(status="disputed", fact_key="jobs")
    rival = Statistic.objects.create(
        key="F96",
        fact_key="jobs",
        label="people, as others count",
        value=9000,
        status="disputed",
        geography=sample_site.area,
        source=sample_site.source,
    )
    html = client.get(reverse(EDIT, args=[rival.pk])).content.decode()
    assert "together with 1 other for the same fact" in html
    assert reverse(EDIT, args=[statistic.pk]) in html
    finding = Finding.objects.create(
        ref="X1",
        kind="context",
        statement="So it is.",
        subject=sample_site.pages[SectorPage],
        source=sample_site.source,
    )
    finding.statistics.add(statistic)
    html = client.get(reverse(EDIT, args=[statistic.pk])).content.decode()
    assert "X1: So it is." in html
    page = StandardPage.objects.get(title="Status")
    assert "everything below changes with it" in html
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Status</a>' in html


def test_rows_may_change_places(sample_site, signed_in):
    """A row takes the figure of the next, which takes another."""
    second = Statistic.objects.create(
        key="F95", label="x", value=1, geography=sample_site.area, source=sample_site.source
    )
    third = Statistic.objects.create(
        key="F94", label="y", value=2, geography=sample_site.area, source=sample_site.source
    )
    page = sample_site.make(StandardPage)
    page.statistic_links.create(statistic=sample_site.statistic, sort_order=0)
    page.statistic_links.create(statistic=second, sort_order=1)
    page.save_revision().publish()
    client = signed_in("Administrator")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = resent(client, url) | {"body-count": "0"}
    for first, last in ((second, third), (third, sample_site.statistic), (sample_site.statistic, third)):
        form |= {"statistic_links-0-statistic": str(first.pk), "statistic_links-1-statistic": str(last.pk)}
        client.post(url, form | PUBLISH)
        shown = StandardPage.objects.get(pk=page.pk).statistic_links.order_by("sort_order")
        assert [link.statistic for link in shown] == [first, last]
        form = resent(client, url) | {"body-count": "0"}


def test_the_same_figure_twice_is_refused(sample_site, signed_in):
    page = sample_site.make(StandardPage)
    client = signed_in("Content editor")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = resent(client, url) | {"body-count": "0", "statistic_links-TOTAL_FORMS": "2"}
    for row in (0, 1):
        form |= {
            f"statistic_links-{row}-id": "",
            f"statistic_links-{row}-statistic": str(sample_site.statistic.pk),
            f"statistic_links-{row}-ORDER": str(row),
            f"statistic_links-{row}-DELETE": "",
        }
    response = client.post(url, form)
    assert response.context["form"].formsets["statistic_links"].non_form_errors()
