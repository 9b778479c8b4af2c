"""Every page type can be written, saved as a draft, corrected and published in the admin."""

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import Page

from nelis.core.models import BasePage
from nelis.home.models import BookPage, HomePage, StandardPage
from tests.admin.sample_site import PARENTS, PUBLISH, body_of, resent

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

PAGE_TYPES = list(PARENTS)
ids = [page_type.__name__ for page_type in PAGE_TYPES]


def all_page_types():
    return {model for model in apps.get_models() if issubclass(model, BasePage)}


def test_every_page_type_is_tried_here():
    assert set(PAGE_TYPES) == all_page_types()


def parent_of(sample_site, page_type):
    """The page to make one under. One-of-a-kind pages make room for themselves."""
    for page in page_type.objects.all() if page_type.max_count else ():
        if page_type is not HomePage:
            Page.objects.get(pk=page.pk).delete()
    parent = PARENTS[page_type]
    return Page.objects.get(depth=1) if parent is None else parent.objects.get(pk=sample_site.pages[parent].pk)


def add_url(parent, page_type):
    return reverse("wagtailadmin_pages:add", args=[page_type._meta.app_label, page_type._meta.model_name, parent.pk])


@pytest.mark.parametrize("page_type", [t for t in PAGE_TYPES if t is not HomePage], ids=ids[1:])
def test_made_saved_published_and_read_back(sample_site, signed_in, page_type):
    client = signed_in("Administrator")
    parent = parent_of(sample_site, page_type)
    url = add_url(parent, page_type)

    assert client.get(url).status_code == 200
    response = client.post(url, sample_site.form(page_type))
    draft = page_type.objects.filter(slug=f"new-{page_type.__name__.lower()}").first()
    assert draft is not None, response.context and response.context["form"].errors
    assert not draft.live

    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    form = resent(client, edit) | body_of(sample_site.form(page_type))
    response = client.post(edit, form | PUBLISH)
    draft.refresh_from_db()
    assert draft.live, response.context["form"].errors
    if page_type is BookPage:
        # It makes its text itself.
        assert "Read on." in draft.introduction
        return
    assert [link.statistic for link in draft.statistic_links.all()] == [sample_site.statistic]
    assert [link.source for link in draft.source_links.all()] == [sample_site.source]
    assert [block.block_type for block in draft.body][:3] == ["heading", "text", "heading"]


class TestGaps:
    """A draft may have gaps; what is handed in or published may not."""

    @pytest.fixture
    def url(self, sample_site):
        return add_url(sample_site.pages[HomePage], StandardPage)

    def test_a_draft(self, sample_site, signed_in, url):
        signed_in("Content editor").post(url, sample_site.form(StandardPage, summary=""))
        assert StandardPage.objects.get(slug="new-standardpage").summary == ""

    @pytest.mark.parametrize("action", ["action-submit", "action-publish"])
    def test_no_further(self, sample_site, signed_in, url, action):
        response = signed_in("Administrator").post(url, sample_site.form(StandardPage, summary="") | {action: action})
        assert response.context["form"].errors == {"summary": ["This field is required."]}

    def test_not_even_with_many_at_once(self, sample_site, signed_in, url):
        administrator = signed_in("Administrator")
        administrator.post(url, sample_site.form(StandardPage, summary=""))
        page = StandardPage.objects.get(slug="new-standardpage")
        action = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        response = administrator.post(f"{action}?id={page.pk}")
        assert response.status_code in (200, 302)
        page.refresh_from_db()
        assert not page.live

    def test_an_earlier_version_with_gaps(self, sample_site, signed_in, url):
        """Publishing an old revision from the history goes through the form too."""
        administrator = signed_in("Administrator")
        administrator.post(url, sample_site.form(StandardPage, summary=""))
        page = StandardPage.objects.get(slug="new-standardpage")
        revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, page.latest_revision_id])
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        form = resent(administrator, revert) | body_of(sample_site.form(StandardPage))
        response = administrator.post(edit, form | PUBLISH)
        assert "summary" in response.context["form"].errors
