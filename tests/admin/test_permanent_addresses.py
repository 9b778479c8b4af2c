"""What code, citations and mails name by its address isn't offered for editing, and nothing else takes it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, reverse
from django.urls import resolve as resolve_url
from wagtail.models import Page

from nelis.core.page_addresses import FIXED_PATHS, slug_problem
from nelis.evidence.models import EvidenceIndexPage
from nelis.evidence.paths import EVIDENCE_PATH, FINDINGS_SEGMENT
from nelis.home.models import HomePage, StandardPage
from sectors.models import Organisation, PropositionPage
from sectors.models.directory import ORGANISATIONS_PATH
from tests.admin.sample_site import PUBLISH, body_of, resent

pytestmark = pytest.mark.once


@pytest.fixture
def administrator(signed_in):
    return signed_in("Administrator")


@pytest.fixture
def evidence(sample_site):
    page = EvidenceIndexPage.objects.get(pk=sample_site.pages[EvidenceIndexPage].pk)
    page.slug = "evidence"
    page.save()
    return page


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def published(client, sample_site, page, **values):
    """What comes of publishing a page from its form with other values."""
    form = resent(client, edit_url(page)) | body_of(sample_site.form(type(page))) | values
    return client.post(edit_url(page), form | PUBLISH)


def test_every_path_that_templates_and_urls_name_is_fixed():
    """A page that stands where one of them leads would be lost to it by a rename."""
    named = {EVIDENCE_PATH, f"{EVIDENCE_PATH}{FINDINGS_SEGMENT}/", ORGANISATIONS_PATH}
    for template in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        named |= set(re.findall(r"href=\"(/[\w/-]+/)", template.read_text()))
    for path in re.findall(r"path\(\"([\w-]+/)[\w<]", Path(settings.BASE_DIR, "nelis/urls.py").read_text()):
        named.add(f"/{path}")
    assert named >= {"/privacy/", "/propositions/", "/events/"}
    assert {path for path in named if is_a_page(path)} <= FIXED_PATHS


def is_a_page(path):
    # Addresses of the site itself begin so, whether or not it answers there.
    own = ("/_health/", "/admin/", "/charts/", "/data-protection-complaint/", "/media/", "/post/", "/styleguide/")
    try:
        return not path.startswith(own) and resolve_url(path).url_name == "wagtail_serve"
    except Resolver404:
        return False


def test_a_fixed_slug_is_not_offered(sample_site, administrator, evidence):
    assert 'name="slug"' not in re.sub(
        r"<input[^>]*disabled[^>]*>", "", administrator.get(edit_url(evidence)).content.decode()
    )
    response = published(administrator, sample_site, evidence, slug="sources", title="Sources")
    evidence.refresh_from_db()
    assert evidence.title == "Sources", response.context["form"].errors
    assert evidence.url == "/evidence/"


@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_fixed_page_is_not_moved(sample_site, administrator, evidence, is_bulk):
    target = sample_site.make(StandardPage)
    if is_bulk:
        url = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'move'])}?id={evidence.pk}"
        response = administrator.post(url, {"chooser": sample_site.pages[HomePage].pk}, follow=True)
    else:
        url = reverse("wagtailadmin_pages:move_confirm", args=[evidence.pk, target.pk])
        response = administrator.post(url, follow=True)
    assert "can’t be moved" in response.content.decode()
    assert Page.objects.get(pk=evidence.pk).url == "/evidence/"


def test_other_pages_are_renamed_in_small_letters(sample_site, administrator):
    page = sample_site.make(StandardPage)
    published(administrator, sample_site, page, slug="Renamed-Page")
    assert Page.objects.get(pk=page.pk).url == "/renamed-page/"


def test_nobody_takes_an_address_of_the_site_itself(sample_site, administrator):
    page = sample_site.make(StandardPage)
    response = published(administrator, sample_site, page, slug="Feedback")
    assert "The site itself answers" in response.context["form"].errors["slug"][0]
    assert Page.objects.get(pk=page.pk).url == page.url
    home = sample_site.pages[HomePage]
    own = ("search", "join", "mailing-list", "bulletins", "data-protection-complaint")
    assert all(slug_problem(slug, home, page) for slug in own)
    assert not slug_problem("searching", home, page)


def test_nobody_takes_the_address_of_a_proposition(sample_site, administrator, django_capture_on_commit_callbacks):
    """Its versions and answers are cited there."""
    first, second = sample_site.make(PropositionPage), sample_site.make(PropositionPage, slug="second", ref="P97")
    with django_capture_on_commit_callbacks(execute=True):
        published(administrator, sample_site, first, slug="renamed")
    response = published(administrator, sample_site, second, slug=first.slug)
    assert "is cited there" in response.context["form"].errors["slug"][0]
    with django_capture_on_commit_callbacks(execute=True):
        published(administrator, sample_site, first, slug=first.slug)
    assert Page.objects.get(pk=first.pk).url == first.url


def test_references_of_what_was_published(sample_site, administrator):
    proposition = sample_site.make(PropositionPage)
    published(administrator, sample_site, proposition, ref="P1", title="Renamed")
    proposition.refresh_from_db()
    assert (proposition.ref, proposition.title) == ("P99", "Renamed")
    for thing, name in (
        (sample_site.source, "ref"),
        (sample_site.statistic, "key"),
        (sample_site.organisation, "slug"),
    ):
        url = reverse(f"wagtailsnippets_{thing._meta.label_lower.replace('.', '_')}:edit", args=[thing.pk])
        before = getattr(thing, name)
        response = administrator.post(url, resent(administrator, url) | {name: "other"} | PUBLISH)
        assert response.status_code == 302, response.context["form"].errors
        thing.refresh_from_db()
        assert getattr(thing, name) == before


def test_a_slug_of_what_is_no_page_is_kept_in_small_letters(sample_site, administrator):
    url = reverse("wagtailsnippets_sectors_organisation:add")
    sent = {"name": "The Kite Club", "slug": "Kite-Club", "kind": "lep", "action-publish": "action-publish"}
    response = administrator.post(url, resent(administrator, url) | sent)
    assert response.status_code == 302, response.context["form"].errors
    assert Organisation.objects.get(name="The Kite Club").get_absolute_url() == "/organisations/kite-club/"
