"""One correction changes every page that shows the figure."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, streamfield

from nelis.evidence.models import Statistic
from nelis.home.models import HomePage, StandardPage
from sectors.models import SectorPage
from tests.admin.sample_site import PUBLISH, resent


@pytest.fixture
def pages(sample_site, signed_in):
    """Three pages that show the figure: in the text, among the headline figures, both."""
    administrator = signed_in("Administrator")
    shown = [
        sample_site.form(StandardPage, slug="in-text", statistic_links=inline_formset([])),
        sample_site.form(StandardPage, slug="in-figures", body=streamfield([])),
        sample_site.form(SectorPage, slug="both"),
    ]
    for data, page_type in zip(shown, (StandardPage, StandardPage, SectorPage), strict=True):
        parent = (
            sample_site.pages[HomePage] if page_type is StandardPage else sample_site.pages[SectorPage].get_parent()
        )
        url = reverse("wagtailadmin_pages:add", args=[page_type._meta.app_label, page_type._meta.model_name, parent.pk])
        assert administrator.post(url, data | PUBLISH).status_code == 302
    return [
        StandardPage.objects.get(slug="in-text"),
        StandardPage.objects.get(slug="in-figures"),
        SectorPage.objects.get(slug="both"),
    ]


def correct(client, statistic, **changes):
    url = reverse("wagtailsnippets_evidence_statistic:edit", args=[statistic.pk])
    return client.post(url, resent(client, url) | changes)


def test_a_correction_is_on_every_page_once_it_is_published(sample_site, pages, signed_in, client):
    for page in pages:
        assert "11,300" in client.get(page.url).content.decode()
    analyst = signed_in("Analyst")
    correct(analyst, sample_site.statistic, value="12400")
    for page in pages:
        assert "12,400" not in client.get(page.url).content.decode()
    correct(signed_in("Administrator", name="chief"), sample_site.statistic, **PUBLISH)
    for page in pages:
        html = client.get(page.url).content.decode()
        assert "12,400" in html
        assert "11,300" not in html


def test_a_figure_found_to_be_missing_says_so_everywhere(sample_site, pages, signed_in, client):
    correct(signed_in("Administrator", name="chief"), sample_site.statistic, status="missing", value="", **PUBLISH)
    for page in pages:
        html = client.get(page.url).content.decode()
        assert "11,300" not in html
        assert "not held" in html.lower()


def test_a_disputed_figure_brings_its_rival_everywhere(sample_site, pages, signed_in, client):
    Statistic.objects.create(
        key="F90", fact_key="jobs", label="people, as others count", value=9000, status="disputed",
        geography=sample_site.area, source=sample_site.source,
    )  # fmt: skip
    chief = signed_in("Administrator", name="chief")
    correct(chief, sample_site.statistic, status="disputed", fact_key="jobs", **PUBLISH)
    for page in pages:
        html = client.get(page.url).content.decode()
        assert "11,300" in html
        assert "9,000" in html
        assert "Disputed" in html
