"""Nothing is deleted from under what depends on it, at any address of the admin that deletes; and the reason is said.

Every relation to everything that the admin deletes is tried: a new one is, too.
"""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from wagtail.models import Site
from wagtail.snippets.models import get_snippet_models

from engagement.feedback.models import FeedbackRound, PropositionResponse, Response
from engagement.mailing_list.models import Subscription, Topic
from nelis.core.deletion import count_dependants, referring_fields
from nelis.core.models import SiteDocument, SiteImage, User
from nelis.evidence.models import Statistic
from nelis.home.models import HomePage
from sectors.models import PropositionIndexPage, PropositionPage, SectorPage
from tests.admin.object_factory import ObjectFactory

pytestmark = pytest.mark.pg

#: What isn't a snippet, with the names of the addresses that delete it.
OTHERS = {
    User: "wagtailusers_users:delete",
    Group: "wagtailusers_groups:delete",
    Site: "wagtailsites:delete",
    SiteImage: "wagtailimages:delete",
    SiteDocument: "wagtaildocs:delete",
}
# A bulletin is never deleted.
MODELS = [*(model for model in get_snippet_models() if model.__name__ != "Bulletin"), *OTHERS]


@pytest.fixture
def factory(sample_site):
    return ObjectFactory(sample_site)


@pytest.fixture
def root(signed_in):
    return signed_in(superuser=True, name="root")


def addresses(obj):
    """The form that deletes ``obj``, and the bulk action, if there is one."""
    model = type(obj)
    name = OTHERS.get(model) or model.snippet_viewset.get_url_name("delete")
    yield reverse(name, args=[obj.pk])
    if model not in (Group, Site):
        bulk = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
        yield f"{bulk}?id={obj.pk}"


def relations():
    """Every field that may refer to something that the admin deletes; of each model the first quickly."""
    for model in MODELS:
        for number, field in enumerate(referring_fields(model)):
            name = f"{model.__name__}-{field.model.__name__}.{field.name}"
            yield pytest.param(model, field, id=name, marks=[pytest.mark.slow] if number else [])


@pytest.mark.parametrize(("model", "field"), list(relations()))
def test_what_something_depends_on_stays(factory, root, model, field):
    obj = factory.make(model)
    row = factory.refer_to(obj, field)
    for url in addresses(obj):
        asked = root.get(url, follow=True).content.decode()
        said = root.post(url, follow=True, headers={"referer": "http://testserver/admin/"})
        assert said.status_code == 200, url
        connection.check_constraints()
        assert model._default_manager.filter(pk=obj.pk).exists(), url
        kept = field.model._base_manager.get(pk=row.pk)
        assert getattr(kept, field.attname) == obj.pk, url
        # Wagtail's own words, or ours.
        assert "prevent it from being deleted" in asked or "What depends on it: 1 " in said.content.decode(), url
        assert sum(count_dependants(obj).values()) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_nothing_depends_on_goes(factory, root, model):
    for number in range(2):
        obj = factory.make(model)
        if model is Site:
            obj.hostname, obj.is_default_site = "other.example.org", False
            obj.save()
        urls = list(addresses(obj))
        if number >= len(urls):
            return
        asked = root.get(urls[number])
        assert asked.status_code == 200
        assert "referenced 0 times" in asked.content.decode() or "referenced" not in asked.content.decode()
        root.post(urls[number], {"taken_down-reason": "It is over."})
        connection.check_constraints()
        assert not model._default_manager.filter(pk=obj.pk).exists()


def test_a_topic_that_people_chose(factory, signed_in):
    administrator = signed_in("Administrator")
    topic = factory.make(Topic, name="Kites")
    for _ in range(2):
        factory.make(Subscription, state="active").topics.add(topic)
    url = reverse(Topic.snippet_viewset.get_url_name("delete"), args=[topic.pk])
    page = administrator.get(url, follow=True).content.decode()
    assert "“Kites” can’t be deleted. What depends on it: 2 subscriptions. Untick “Can be chosen” instead" in page
    administrator.post(url)
    assert Topic.objects.get(pk=topic.pk).subscriptions.count() == 2


def test_a_round_with_answers(factory, signed_in):
    administrator = signed_in("Administrator")
    round_ = factory.make(FeedbackRound, title="Kites")
    factory.make(Response, round=round_)
    url = reverse(FeedbackRound.snippet_viewset.get_url_name("delete"), args=[round_.pk])
    assert "“Kites” can’t be deleted. What depends on it: 1 " in administrator.get(url, follow=True).content.decode()
    assert administrator.post(url).status_code == 302
    assert Response.objects.filter(round=round_).exists()


def test_what_is_named_in_the_text_of_a_page_only(factory, root):
    statistic = factory.make(Statistic)
    home = HomePage.objects.get()
    home.body = [("statistic", statistic)]
    home.save()
    for url in addresses(statistic):
        assert "What depends on it: 1 page." in root.post(url, follow=True).content.decode()
        assert Statistic.objects.filter(pk=statistic.pk).exists()


def test_the_first_page_of_a_site_stays(sample_site, root):
    """The site would go with it."""
    home = HomePage.objects.get()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    for url in (reverse("wagtailadmin_pages:delete", args=[home.pk]), f"{bulk}?id={home.pk}"):
        said = root.post(url, {"confirm_site_name": settings.WAGTAIL_SITE_NAME}, follow=True).content.decode()
        assert "it is the home page" in said
        assert Site.objects.get().root_page_id == home.pk


def test_what_only_the_database_knows(factory, sample_site, root):
    """A draft that a stance refers to: the error of the database is said in words."""
    version = sample_site.make(PropositionPage).versions.get()
    above = PropositionIndexPage.objects.get()
    sector = sample_site.pages[SectorPage]
    proposition = PropositionPage(title="x", slug="x", ref="P98", source_title="x", lead_theme=sector, live=False)
    above.add_child(instance=proposition)
    factory.make(PropositionResponse, proposition=proposition, version=version)
    url = reverse("wagtailadmin_pages:delete", args=[proposition.pk])
    said = root.post(url, follow=True, headers={"referer": f"http://testserver{url}"}).content.decode()
    assert "Nothing was deleted. What depends on it: 1 proposition response." in said
    assert PropositionPage.objects.filter(pk=proposition.pk).exists()
