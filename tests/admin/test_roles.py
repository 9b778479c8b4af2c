"""Who may do what: every role against what the admin offers."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page
from wagtail.snippets.models import get_snippet_models

from engagement.complaints import workflow
from engagement.complaints.admin import urls as complaints_urls
from engagement.feedback.admin import urls as feedback_urls
from engagement.feedback.models import (
    Code,
    FeedbackRound,
    FormVersion,
    OfficialResponse,
    Response,
    RoundSession,
    Theme,
)
from engagement.mailing_list.admin import urls as mailing_list_urls
from engagement.mailing_list.models import CircuitBreaker, Subscription
from nelis.core.models import SiteSettings
from nelis.home.models import HomePage, StandardPage

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

EDITOR, ANALYST, OFFICER = "Content editor", "Analyst", "Engagement officer"
PUBLISHER, ADMINISTRATOR = "Publisher", "Administrator"
ROLES = [EDITOR, ANALYST, OFFICER, PUBLISHER, ADMINISTRATOR]
EVERYBODY = set(ROLES)

#: Who may add and change each kind of snippet. Everybody may look at all of them.
ADDS = {
    "evidence.source": {EDITOR, ANALYST, ADMINISTRATOR},
    "evidence.statistic": {ANALYST, ADMINISTRATOR},
    "evidence.finding": {EDITOR, ANALYST, ADMINISTRATOR},
    "evidence.geoarea": {ANALYST, ADMINISTRATOR},
    "sectors.organisation": {EDITOR, OFFICER, ADMINISTRATOR},
    "sectors.place": {EDITOR, ADMINISTRATOR},
    "sectors.contact": {EDITOR, OFFICER, ADMINISTRATOR},
    "home.governancebody": {ADMINISTRATOR},
    "home.timelineevent": {EDITOR, ADMINISTRATOR},
    "home.faq": {EDITOR, OFFICER, ADMINISTRATOR},
    "core.glossaryterm": {EDITOR, ADMINISTRATOR},
    "feedback.questionset": {OFFICER, ADMINISTRATOR},
    "feedback.feedbackround": {OFFICER, ADMINISTRATOR},
    "bulletins.bulletin": {EDITOR, OFFICER, ADMINISTRATOR},
    "mailing_list.topic": {OFFICER, ADMINISTRATOR},
}
CHANGES = {name: who | {PUBLISHER} for name, who in ADDS.items()} | {
    name: {ADMINISTRATOR}
    for name in ("evidence.geoarea", "sectors.place", "home.governancebody", "feedback.questionset")
}
CHANGES["feedback.feedbackround"] = {OFFICER, ADMINISTRATOR}
# Who approves a bulletin has nothing to write in it.
CHANGES["bulletins.bulletin"] = ADDS["bulletins.bulletin"]
CHANGES["mailing_list.topic"] = ADDS["mailing_list.topic"]

#: Addresses of the admin, with who is let in.
ADDRESSES = {
    "wagtailadmin_home": EVERYBODY,
    "wagtailadmin_explore_root": EVERYBODY,
    "wagtailadmin_account": EVERYBODY,
    "gaps": EVERYBODY,
    "email_delivery": {OFFICER, ADMINISTRATOR},
    "wagtailimages:index": {EDITOR, OFFICER, ADMINISTRATOR},
    "wagtailimages:add": {EDITOR, OFFICER, ADMINISTRATOR},
    "wagtailimages:add_multiple": {EDITOR, OFFICER, ADMINISTRATOR},
    "wagtaildocs:index": {EDITOR, ANALYST, OFFICER, ADMINISTRATOR},
    "wagtaildocs:add": {EDITOR, ANALYST, OFFICER, ADMINISTRATOR},
    "wagtailusers_users:index": {ADMINISTRATOR},
    "wagtailusers_users:add": {ADMINISTRATOR},
    "wagtailusers_groups:index": {ADMINISTRATOR},
    "wagtailusers_groups:add": {ADMINISTRATOR},
    "wagtailsites:index": {ADMINISTRATOR},
    "wagtailsites:add": {ADMINISTRATOR},
    "wagtailredirects:index": {ADMINISTRATOR},
    "wagtailredirects:add": {ADMINISTRATOR},
    "wagtailadmin_collections:index": {ADMINISTRATOR},
    "wagtailadmin_workflows:index": {ADMINISTRATOR},
    "wagtailadmin_workflows:add": {ADMINISTRATOR},
    "wagtailadmin_workflows:task_index": {ADMINISTRATOR},
    "wagtailadmin_reports:locked_pages": {PUBLISHER, ADMINISTRATOR},
    "wagtailadmin_reports:workflow": EVERYBODY,
    "wagtailadmin_reports:site_history": EVERYBODY,
    "wagtailadmin_reports:aging_pages": EVERYBODY,
    # People's data is seen by no more people than need it.
    **{
        name: {OFFICER, ADMINISTRATOR}
        for name in (
            "mailing_list_admin:overview",
            "mailing_list_admin:suppressions",
            "mailing_list_admin:suppress_address",
            "mailing_list_admin:lift_suppression",
            "mailing_list_admin:subscriptions",
            "mailing_list_admin:subscriptions_results",
            "mailing_list_admin:export",
            "mailing_list_admin:add",
            "mailing_list_admin:import",
            "mailing_list_admin:import_sample",
            "complaints_admin:complaints",
            "complaints_admin:log",
            "complaints_admin:set_apart",
            "complaints_admin:discard_set_apart",
        )
    },
}
#: The same, of one person: whose row it is makes no difference.
OF_ONE = (
    *(f"mailing_list_admin:{name}" for name in ("subscription", "end", "pause", "suppress", "erase")),
    *(f"complaints_admin:{name}" for name in ("complaint", "acknowledge", "answer", "note", "take_back")),
)
#: About the circuit breaker of one network.
OF_A_NETWORK = ("mailing_list_admin:reset_network", "mailing_list_admin:discard_network")
#: About one round, with who is let in. Who reads answers needn't be one who sees who gave them.
READERS = {ANALYST, OFFICER, ADMINISTRATOR}
OF_A_ROUND = {
    **{
        f"feedback_{name}": READERS
        for name in (
            *(
                "responses",
                "statistics",
                "code_frame",
                "coding",
                "agreement",
                "duplicates",
                "representation",
                "exports",
                "audit_log",
            ),
            *("response", "code"),
        )
    },
    **{
        f"feedback_{name}": {OFFICER, ADMINISTRATOR}
        for name in (
            *(
                "wall",
                "paper_forms",
                "paper_form_blank",
                "paper_form_add",
                "paper_form",
                "report",
                "report_preview",
                "theme_add",
                "theme",
            ),
            *("official_response_add", "official_response", "quotations"),
        )
    },
    **{f"feedback_{name}": EVERYBODY for name in ("posters", "posters_print", "poster_print", "poster_svg")},
}
#: What only takes something that is sent in: the same, for who may send it.
BUTTONS = {
    f"feedback_{name}": {OFFICER, ADMINISTRATOR}
    for name in ("wall_action", "replace_code", "paper_form_withdraw", "report_action")
}


def let_in(response):
    """Whether the page was shown. Wagtail sends people without permission back to the front."""
    if response.status_code == 302:
        assert response.url in (reverse("wagtailadmin_home"), reverse("wagtailadmin_login")), response.url
        return False
    assert response.status_code in (200, 403)
    return response.status_code == 200


def who(signed_in, ask):
    return {role for role in ROLES if let_in(ask(signed_in(role)))}


def test_these_are_the_groups(db):
    assert set(Group.objects.values_list("name", flat=True)) == EVERYBODY


def test_nobody_is_let_in_without_a_group(db, signed_in, client):
    assert client.get(reverse("wagtailadmin_home")).status_code == 302
    assert signed_in(name="visitor").get(reverse("wagtailadmin_home")).status_code == 302


@pytest.mark.parametrize("name", ADDRESSES)
def test_addresses(db, signed_in, name):
    assert who(signed_in, lambda client: client.get(reverse(name))) == ADDRESSES[name]


@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_about_one_person(db, signed_in, name):
    subscription = Subscription.objects.create(address="anna@example.org", address_hash="0" * 64, state="active")
    complaint = workflow.receive("Something is wrong")
    url = reverse(name, args=[(subscription if "mailing" in name else complaint).pk])
    said = {"reason": "So", "note": "So", "sure": "on", "until": "2999-01-01", "outcome": "So"}
    allowed = {OFFICER, ADMINISTRATOR}
    assert who(signed_in, lambda client: client.get(url)) == allowed
    for role in set(ROLES) - allowed:
        assert signed_in(role, name=f"{role} again").post(url, said).url == reverse("wagtailadmin_home")
    subscription.refresh_from_db()
    assert subscription.state == "active"
    assert complaint.events.count() == 1


@pytest.fixture
def of_a_round(db):
    """The address of each page about a round that was closed, by its name."""
    asked = FeedbackRound.objects.create(title="Kites", slug="kites", intro="x", privacy_text="x", state="closed")
    session = RoundSession.objects.create(round=asked, title="Kites", code="KT7194")
    content = {"title": "", "intro": "", "privacy": "", "pages": []}
    form = FormVersion.objects.create(round=asked, number=1, content=content)
    sent = {"round": asked, "form": form, "state": "submitted"}
    response = Response.objects.create(client_key="x", reference="K7QM-4T2X", **sent)
    paper = Response.objects.create(client_key="y", reference="K7QM-4T2Y", mode="paper", **sent)
    numbers = {
        "feedback_response": response.pk,
        "feedback_code": Code.objects.create(round=asked, name="Wind").pk,
        "feedback_theme": Theme.objects.create(round=asked, title="Wind", summary="Wind").pk,
        "feedback_official_response": OfficialResponse.objects.create(
            round=asked, you_said="Wind", decision="noted", reason="So"
        ).pk,
    }

    def address(name):
        known = {"pk": asked.pk, "session": session.pk, "response": paper.pk, "number": numbers.get(name)}
        taken = {part.split(":")[-1] for part in re.findall(r"<([^>]+)>", ROUTES[name])}
        return reverse(name, kwargs={"pk": asked.pk} | {part: known[part] for part in taken})

    address.round = asked
    return address


def routes(patterns, above=""):
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, above + str(one.pattern))
        else:
            yield one.name, above + str(one.pattern)


ROUTES = dict(routes(feedback_urls.urlpatterns))


def seen(response):
    """Whether somebody got past the door, even if there is nothing behind it."""
    return response.status_code == 404 or let_in(response)


@pytest.mark.parametrize("name", OF_A_ROUND)
def test_a_page_about_a_round(of_a_round, signed_in, name):
    url = of_a_round(name)
    assert {role for role in ROLES if seen(signed_in(role).get(url))} == OF_A_ROUND[name]
    does = {"do": "done", "name": "Rain", "shape": "answers", "format": "csv", "sort_order": "0", "title": "Rain"}
    for role in set(ROLES) - OF_A_ROUND[name]:
        response = signed_in(role, name=f"{role} again").post(url, does)
        # Some pages take nothing from anybody.
        assert response.status_code == 405 or response.url == reverse("wagtailadmin_home")
    asked = of_a_round.round
    assert not asked.exports.exists()
    assert [code.name for code in asked.codes.all()] == ["Wind"]
    assert [theme.title for theme in asked.themes.all()] == ["Wind"]


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_about_a_round(of_a_round, signed_in, name):
    for role in set(ROLES) - BUTTONS[name]:
        response = signed_in(role, name=f"{role} again").post(of_a_round(name), {"do": "publish"})
        assert response.status_code == 302
        assert response.url == reverse("wagtailadmin_home")
    assert not of_a_round.round.events.exists()


def test_the_heap_of_responses_to_code(of_a_round, signed_in):
    for role in ROLES:
        response = signed_in(role).get(of_a_round("feedback_next_response"))
        assert (response.url != reverse("wagtailadmin_home")) == (role in READERS), role


def test_nobody_else_lets_confirmations_go_out(db, signed_in):
    breaker = CircuitBreaker.objects.create(tripped_at=timezone.now())
    network = CircuitBreaker.objects.create(network_hash="a network", tripped_at=timezone.now())
    for role in ROLES:
        client = signed_in(role)
        client.post(reverse("mailing_list_admin:reset_circuit_breaker"))
        client.post(reverse("mailing_list_admin:reset_network", args=[network.pk]))
        network.refresh_from_db()
        assert (network.tripped_at is None) == (role in {OFFICER, ADMINISTRATOR}), role
        response = client.get(reverse("mailing_list_admin:discard_network", args=[network.pk]))
        assert let_in(response) == (role in {OFFICER, ADMINISTRATOR}), role
        breaker.refresh_from_db()
        assert (breaker.tripped_at is None) == (role in {OFFICER, ADMINISTRATOR}), role
        CircuitBreaker.objects.update(tripped_at=timezone.now())


def test_every_staff_page_is_in_the_matrix():
    """A new address of ours fails until somebody has said who is let in."""
    named = {*ADDRESSES, *OF_ONE, *OF_A_NETWORK}
    named |= {"mailing_list_admin:reset_circuit_breaker", "mailing_list_admin:import_preview"}
    for urls in (mailing_list_urls, complaints_urls):
        assert {f"{urls.app_name}:{pattern.name}" for pattern in urls.urlpatterns} <= named
    assert set(ROUTES) == {*OF_A_ROUND, *BUTTONS, "feedback_next_response"}


def test_every_snippet_is_in_the_matrix():
    assert {model._meta.label_lower for model in get_snippet_models()} == set(ADDS) == set(CHANGES)


def permissions_of(role, model):
    """What a role may do with a kind of snippet: add, change and so on."""
    held = Group.objects.get(name=role).permissions.filter(content_type__app_label=model._meta.app_label)
    names = held.values_list("codename", flat=True)
    return {name.partition("_")[0] for name in names if name.partition("_")[2] == model._meta.model_name}


@pytest.mark.parametrize("label", ADDS)
def test_snippets(sample_site_once, db, signed_in, label):
    model = next(model for model in get_snippet_models() if model._meta.label_lower == label)
    names = model.snippet_viewset
    assert who(signed_in, lambda c: c.get(reverse(names.get_url_name("list")))) == EVERYBODY
    for role in ROLES:
        may = permissions_of(role, model)
        assert ("add" in may) == (role in ADDS[label]), role
        assert ("change" in may) == (role in CHANGES[label]), role
        assert ("delete" in may) == (role == ADMINISTRATOR), role
        assert "view" in may, role
        has_drafts = issubclass(model, DraftStateMixin)
        assert ("publish" in may) == (has_drafts and role == ADMINISTRATOR), role


@pytest.mark.parametrize("action", ["edit", "delete", "unpublish", "history", "inspect"])
def test_a_figure(sample_site, signed_in, action):
    expected = {
        "edit": CHANGES["evidence.statistic"],
        "delete": {ADMINISTRATOR},
        "unpublish": {ADMINISTRATOR},
        "history": CHANGES["evidence.statistic"],
        "inspect": EVERYBODY,
    }[action]
    url = reverse(f"wagtailsnippets_evidence_statistic:{action}", args=[sample_site.statistic.pk])
    assert who(signed_in, lambda client: client.get(url)) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("edit", EVERYBODY),
        ("history", EVERYBODY),
        ("copy", EVERYBODY),
        ("delete", {ADMINISTRATOR}),
        ("unpublish", {ADMINISTRATOR}),
        ("move", {ADMINISTRATOR}),
        ("privacy", {ADMINISTRATOR}),
    ],
)
def test_a_published_page(sample_site, signed_in, action, expected):
    page = sample_site.make(StandardPage)
    name = {"privacy": "set_privacy"}.get(action, action)
    url = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
    assert who(signed_in, lambda client: client.get(url)) == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_copy_is_a_new_page_and_a_draft(sample_site, signed_in, role):
    """The form is shown to whoever edits the page; copying takes the right to add."""
    page = sample_site.make(StandardPage)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": sample_site.pages[HomePage].pk,
        "publish_copies": "on",
    }
    signed_in(role).post(url, form)
    copy = StandardPage.objects.filter(slug="copy").first()
    assert (copy is not None) == (role in {EDITOR, OFFICER, ADMINISTRATOR})
    assert copy is None or copy.live == (role == ADMINISTRATOR)


def test_pages_below(sample_site, signed_in):
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", sample_site.pages[HomePage].pk])
    assert who(signed_in, lambda client: client.get(url)) == {EDITOR, OFFICER, ADMINISTRATOR}


def test_publishing_many_at_once(sample_site, signed_in):
    """The bulk action asks for the same permission as the button."""
    page = sample_site.make(StandardPage, live=False)
    Page.objects.filter(pk=page.pk).update(live=False)
    for role in ROLES:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        signed_in(role).post(f"{url}?id={page.pk}", {"next": "/admin/"})
        assert Page.objects.get(pk=page.pk).live == (role == ADMINISTRATOR), role


def test_the_site_settings(sample_site, signed_in):
    site = SiteSettings.for_site(sample_site.pages[HomePage].get_site())
    url = reverse("wagtailsettings:edit", args=["core", "sitesettings", site.site_id])
    assert who(signed_in, lambda client: client.get(url)) == {ADMINISTRATOR}
