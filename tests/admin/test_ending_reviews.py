"""No review is a dead end: whoever may publish past it can end it, and decisions say what came of them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from nelis.home.models import StandardPage
from tests.admin.sample_site import PUBLISH, SUBMIT, resent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve", "workflow-action-extra-data": "{}"}


@pytest.fixture(params=["page", "figure"])
def thing(request, sample_site):
    return sample_site.make(StandardPage) if request.param == "page" else sample_site.statistic


@pytest.fixture
def author(signed_in):
    return signed_in("Content editor", "Analyst", name="author").person


def post(client, thing, **data):
    """Send the form of the thing once more, as its page has it."""
    return client.post(edit_url(thing), resent(client, edit_url(thing)) | {"body-count": "0"} | data, follow=True)


def submit(thing, by):
    client = Client()
    client.force_login(by)
    change = {"summary": "Better."} if isinstance(thing, StandardPage) else {"label": "people at work"}
    post(client, thing, **change, **SUBMIT)
    thing.refresh_from_db()
    return thing.current_workflow_state


def edit_url(thing):
    name = "wagtailadmin_pages" if isinstance(thing, StandardPage) else "wagtailsnippets_evidence_statistic"
    return reverse(f"{name}:edit", args=[thing.pk])


def test_an_administrator_takes_over(thing, author, signed_in):
    state = submit(thing, author)
    administrator = signed_in("Administrator")
    url = reverse("staff_end_review", args=[state.pk])
    assert url in administrator.get(edit_url(thing)).text
    assert administrator.post(url, {"reason": ""}).status_code == 200
    assert administrator.post(url, {"reason": "Alan is away."}).url == edit_url(thing)
    thing.refresh_from_db()
    assert thing.current_workflow_state is None
    assert url not in administrator.get(edit_url(thing)).text
    message = compose(TransactionalEmail.objects.get(address=author.email))
    assert "Alan is away." in message.text
    assert edit_url(thing) in message.text
    # It is a draft like any other.
    post(administrator, thing, **PUBLISH)
    thing.refresh_from_db()
    assert thing.live
    assert not thing.has_unpublished_changes


@pytest.mark.parametrize("group", ["Content editor", "Analyst", "Publisher", "Engagement officer"])
def test_nobody_else_ends_it(thing, author, signed_in, group):
    state = submit(thing, author)
    client = signed_in(group, name="other")
    url = reverse("staff_end_review", args=[state.pk])
    assert client.post(url, {"reason": "So."}).url == reverse("wagtailadmin_home")
    thing.refresh_from_db()
    assert thing.current_workflow_state == state
    assert url not in client.get(edit_url(thing)).text


def test_a_stuck_one_is_on_the_first_page_of_administrators(thing, author, signed_in):
    state = submit(thing, author)
    url = reverse("staff_end_review", args=[state.pk])
    administrator, publisher = signed_in("Administrator"), signed_in("Publisher")
    assert url not in administrator.get("/admin/").text
    TaskState.objects.update(started_at=timezone.now() - timedelta(days=8))
    assert url in administrator.get("/admin/").text
    assert url not in publisher.get("/admin/").text


def test_a_decision_says_what_came_of_it(thing, author, signed_in):
    submit(thing, author)
    clients = signed_in("Analyst", name="other-analyst"), signed_in("Publisher")
    said = [post(client, thing, **APPROVE).text for client in clients]
    assert "is approved in this step. Next: Approved by a publisher." in said[0]
    assert "is approved and published." in said[1]
    subject, body = next((email.subject, email.body) for email in mail.outbox if email.subject.startswith("Published"))
    thing.refresh_from_db()
    assert str(thing) in subject
    assert edit_url(thing) in body
