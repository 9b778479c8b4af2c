"""What others refer to can't be deleted from under them, and nobody is shown a broken page for trying."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from nelis.evidence.models import Finding, Source, Statistic
from sectors.models import PropositionIndexPage, PropositionPage, SectorPage

pytestmark = pytest.mark.pg


@pytest.fixture
def administrator(signed_in):
    return signed_in("Administrator")


def test_a_source_with_figures(sample_site, administrator):
    url = reverse("wagtailsnippets_evidence_source:delete", args=[sample_site.source.pk])
    assert "What depends on it: " in administrator.get(url, follow=True).content.decode()
    assert administrator.post(url).status_code in (200, 302)
    assert Source.objects.filter(pk=sample_site.source.pk).exists()


def test_several_sources_at_once(sample_site, administrator):
    free = Source.objects.create(ref="free", title="Free", kind="report")
    url = reverse("wagtail_bulk_action", args=["evidence", "source", "delete"])
    url = f"{url}?id={sample_site.source.pk}&id={free.pk}"
    assert "What depends on it: " in administrator.get(url, follow=True).content.decode()
    assert administrator.post(url).status_code in (200, 302)
    assert Source.objects.filter(pk=sample_site.source.pk).exists()
    assert Statistic.objects.filter(pk=sample_site.statistic.pk).exists()


def test_a_sector_with_findings(sample_site, administrator):
    page = sample_site.make(SectorPage, slug="other", code="other")
    Finding.objects.create(ref="X1", kind="context", statement="So.", subject=page, source=sample_site.source)
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])
    assert administrator.get(url).status_code == 200
    assert administrator.post(url).status_code in (200, 302)
    assert Page.objects.filter(pk=page.pk).exists()


def test_a_sector_that_leads_propositions(sample_site, administrator):
    sample_site.make(PropositionPage)
    sector = sample_site.pages[SectorPage]
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert administrator.post(f"{url}?id={sector.pk}").status_code in (200, 302)
    assert Page.objects.filter(pk=sector.pk).exists()


def test_a_figure_nobody_uses(sample_site, administrator):
    free = Statistic.objects.create(
        key="free", label="x", value=1, geography=sample_site.area, source=sample_site.source
    )
    url = reverse("wagtailsnippets_evidence_statistic:delete", args=[free.pk])
    administrator.post(url, {"taken_down-reason": "It was wrong."})
    assert not Statistic.objects.filter(pk=free.pk).exists()


@pytest.mark.parametrize("page_type", [PropositionPage, PropositionIndexPage])
def test_a_proposition_with_versions_and_what_is_above_it(sample_site, administrator, page_type):
    """What was published stays published. It can be taken down, which is told, but not wiped out."""
    proposition = sample_site.make(PropositionPage)
    assert proposition.versions.count() == 1
    page = sample_site.pages[page_type]
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])
    assert administrator.get(url).status_code in (200, 302)
    said = administrator.post(url, follow=True).content.decode()
    assert "P99" in said
    assert "versions" in said
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert administrator.post(f"{bulk}?id={page.pk}").status_code in (200, 302)
    assert PropositionPage.objects.filter(pk=proposition.pk).exists()
    assert proposition.versions.count() == 1


def test_a_proposition_without_versions(sample_site, administrator):
    """A draft that never was public can go."""
    above = sample_site.pages[PropositionIndexPage]
    draft = PropositionPage(
        title="Thought",
        slug="thought",
        ref="P98",
        source_title="-",
        lead_theme=sample_site.pages[SectorPage],
        live=False,
    )
    PropositionIndexPage.objects.get(pk=above.pk).add_child(instance=draft)
    administrator.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert not Page.objects.filter(pk=draft.pk).exists()
