"""A copy of a page is a draft with a reference of its own; what can't be copied isn't offered."""

import re

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from engagement.bulletins.models import Bulletin
from nelis.core.models import BasePage, ChangeEntry
from nelis.core.models.references import PermanentReferenceMixin
from nelis.home.models import HomePage, StandardPage
from nelis.progress.models import TargetPage
from sectors.models import (
    FoundationPage,
    OrganisationRole,
    PropositionPage,
    PropositionVersion,
    SectorPage,
    StrategyLink,
    SubSectorPage,
)
from tests.admin.sample_site import PUBLISH, body_of, resent
from tests.admin.test_pages import add_url, parent_of

pytestmark = pytest.mark.once

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]
COPIED = [model for model in PAGE_TYPES if model.max_count is None]
#: Those that every run copies; the others take longer together.
QUICK = {PropositionPage, SectorPage, TargetPage}


def name(model):
    return model.__name__


def written(sample_site, client, page_type):
    """A page of ``page_type`` with everything filled in, published by ``client``."""
    parent = parent_of(sample_site, page_type)
    client.post(add_url(parent, page_type), sample_site.form(page_type))
    page = page_type.objects.get(slug=f"new-{page_type.__name__.lower()}")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(edit, resent(client, edit) | body_of(sample_site.form(page_type)) | PUBLISH)
    page.refresh_from_db()
    assert page.live
    return page


def copy(client, page, slug, **changes):
    """Send the form that copies ``page``, everything ticked that it offers."""
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = client.get(address).context["form"]
    ticked = {field: "on" for field in form.fields if not field.startswith("new_")}
    sent = {"new_title": f"Copy of {page.title}", "new_slug": slug, "new_parent_page": page.get_parent().pk}
    return client.post(address, sent | ticked | changes)


@pytest.mark.parametrize(
    "page_type",
    [
        pytest.param(page_type, id=name(page_type), marks=() if page_type in QUICK else pytest.mark.slow)
        for page_type in COPIED
    ],
)
def test_copied_twice_as_a_draft(sample_site, signed_in, page_type):
    client = signed_in("Administrator")
    page = written(sample_site, client, page_type)
    entries = ChangeEntry.objects.count()
    for slug in ("one-more", "and-another"):
        response = copy(client, page, slug)
        assert response.status_code == 302, response.context["form"].errors
    one, other = page_type.objects.get(slug="one-more"), page_type.objects.get(slug="and-another")
    assert not one.live
    assert not other.live
    assert one.alias_of_id is None
    assert ChangeEntry.objects.count() == entries
    assert client.get(reverse("wagtailadmin_pages:edit", args=[one.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:view_draft", args=[one.pk])).status_code == 200
    if issubclass(page_type, PermanentReferenceMixin):
        references = {getattr(copied, page_type.reference_field) for copied in (page, one, other)}
        assert len(references) == 3
        assert all(references)
        latest = one.get_latest_revision_as_object()
        assert getattr(latest, page_type.reference_field) == getattr(one, page_type.reference_field)
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize("role", ["Content editor", "Engagement officer"])
def test_by_those_who_may_add_pages(sample_site, signed_in, role):
    page = sample_site.make(PropositionPage)
    assert copy(signed_in(role), page, "one-more").status_code == 302
    assert PropositionPage.objects.get(slug="one-more").ref == "P100"


def test_with_what_is_below_it(sample_site, signed_in):
    sector = sample_site.pages[SectorPage]
    sample_site.make(SubSectorPage)
    sample_site.make(SubSectorPage, slug="boats", code="boats")
    client = signed_in("Administrator")
    for slug in ("one-more", "and-another"):
        assert copy(client, sector, slug).status_code == 302
        copied = SectorPage.objects.get(slug=slug)
        assert [page.specific.code for page in copied.get_children()] == [
            page.code for page in SubSectorPage.objects.child_of(copied)
        ]
        assert not copied.get_descendants().live().exists()
    codes = SubSectorPage.objects.values_list("code", flat=True)
    assert len(set(codes)) == 6
    assert Page.find_problems() == ([], [], [], [], [])


class TestAProposition:
    """What was said of the original isn't said of its copy."""

    @pytest.fixture
    def original(self, sample_site, signed_in):
        return written(sample_site, signed_in("Administrator"), PropositionPage)

    @pytest.fixture
    def copied(self, original, signed_in):
        copy(signed_in(name="root", superuser=True), original, "one-more")
        return PropositionPage.objects.get(slug="one-more")

    def test_its_words_come_along(self, original, copied):
        for page in (copied, copied.get_latest_revision_as_object()):
            assert page.what_we_propose == original.what_we_propose
            assert [part.title for part in page.components.all()] == ["A part"]
            assert [ask.text for ask in page.asks.all()] == ["Help us"]

    def test_links_evidence_names_and_versions_do_not(self, original, copied):
        for page in (copied, copied.get_latest_revision_as_object()):
            assert not page.evidence_links.all()
            assert not page.strategy_links.all()
            assert not page.organisation_roles.all()
            assert not page.other_names.all()
            assert page.source_title == ""
        assert PropositionVersion.objects.filter(proposition=original).count() == 1
        assert not PropositionVersion.objects.filter(proposition=copied).exists()
        assert not ChangeEntry.objects.of(copied).exists()

    def test_the_original_keeps_them(self, original, copied):
        assert original.evidence_links.count() == 1
        assert StrategyLink.objects.filter(page=original).count() == 1
        assert OrganisationRole.objects.filter(page=original).count() == 1

    def test_it_is_published_when_it_is_complete(self, copied, client, person):
        client.force_login(person("Administrator", name="ada"))
        edit = reverse("wagtailadmin_pages:edit", args=[copied.pk])
        form = resent(client, edit) | {"body-count": "0"}
        response = client.post(edit, form | PUBLISH)
        assert "source_title" in response.context["form"].errors
        client.post(edit, form | PUBLISH | {"source_title": "Said so"})
        copied.refresh_from_db()
        assert copied.live
        assert [version.number for version in copied.versions.all()] == [1]
        assert [entry.kind for entry in ChangeEntry.objects.of(copied)] == [ChangeEntry.Kind.NEW]

    def test_it_goes_down_by_no_time_of_the_original(self, original, signed_in):
        original.expire_at = original.last_published_at
        original.save_revision()
        copy(signed_in("Content editor"), original, "one-more")
        copied = PropositionPage.objects.get(slug="one-more").get_latest_revision_as_object()
        assert copied.expire_at is None


class TestReferences:
    """The next that is free."""

    def test_after_the_highest(self, sample_site):
        sample_site.make(TargetPage, ref="T7")
        assert TargetPage().free_reference() == "T8"
        sample_site.make(TargetPage, slug="another", ref="T120")
        assert TargetPage().free_reference() == "T121"

    def test_the_lowest_when_the_next_is_too_long(self, sample_site):
        sample_site.make(TargetPage, ref="T99999")
        assert TargetPage().free_reference() == "T1"

    def test_a_code_is_the_slug(self, sample_site):
        assert FoundationPage(slug="places").free_reference() == "places"
        sample_site.make(FoundationPage, code="places")
        assert FoundationPage(slug="places").free_reference() == "places-1"
        assert len(FoundationPage(slug="x" * 200).free_reference()) == 35

    def test_two_drafts_may_wait_for_theirs(self, sample_site, signed_in):
        client = signed_in("Content editor")
        parent = parent_of(sample_site, PropositionPage)
        for slug in ("one", "two"):
            client.post(add_url(parent, PropositionPage), sample_site.form(PropositionPage, ref="", slug=slug))
        assert list(PropositionPage.objects.order_by("slug").values_list("ref", flat=True)) == ["P1", "P2"]


class TestNotOffered:
    """What couldn't come of it."""

    @pytest.mark.parametrize("page_type", [model for model in PAGE_TYPES if model not in COPIED], ids=name)
    def test_of_one_of_a_kind(self, sample_site, signed_in, page_type):
        client = signed_in(name="root", superuser=True)
        page = sample_site.pages.get(page_type) or sample_site.make(page_type)
        # Looked up as Wagtail's own views do.
        assert not Page.objects.get(pk=page.pk).permissions_for_user(client.person).can_copy()
        pages = Page.objects.count()
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        sent = {"new_title": "Again", "new_slug": "again", "new_parent_page": page.get_parent().pk}
        assert client.get(address).status_code == 302
        assert client.post(address, sent | {"alias": "on", "publish_copies": "on"}).status_code == 302
        assert Page.objects.count() == pages

    def test_a_published_copy_and_an_alias(self, sample_site, signed_in):
        page = sample_site.make(StandardPage)
        client = signed_in(name="root", superuser=True)
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        assert not {"alias", "publish_copies"} & set(client.get(address).context["form"].fields)
        copy(client, page, "again", alias="on", publish_copies="on")
        copied = StandardPage.objects.get(slug="again")
        assert copied.alias_of_id is None
        assert not copied.live

    def test_the_menu_of_a_page(self, sample_site, signed_in):
        client = signed_in("Administrator")
        home, page = sample_site.pages[HomePage], sample_site.make(StandardPage)
        offered = re.compile(r"/admin/pages/\d+/copy/")
        assert offered.search(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode())
        assert not offered.search(client.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).content.decode())

    # A bulletin has no permanent reference: its copy is a draft of its own (tests/bulletins/test_duplicating.py).
    @pytest.mark.parametrize("model", [model for model in get_snippet_models() if model is not Bulletin], ids=name)
    def test_of_a_snippet(self, model):
        with pytest.raises(NoReverseMatch):
            reverse(model.snippet_viewset.get_url_name("copy"), args=[1])
