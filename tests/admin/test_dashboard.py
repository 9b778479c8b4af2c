"""The first page of the admin: what waits for whoever looks, where their work stands, and what goes on."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from engagement.bulletins.models import Bulletin, BulletinEvent
from engagement.feedback.models import FeedbackRound
from engagement.mail.models import TaskRun, TransactionalEmail
from engagement.mail.transactional import queue_email
from nelis.core.models import User
from nelis.evidence.models import Source
from nelis.home.models import StandardPage
from nelis.staff.dashboard import operation, reviews
from nelis.staff.models import FailedSignIn
from tests.html import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = "/admin/"


def parts(client):
    """The text of each part of the page, by its heading."""
    page = BeautifulSoup(client.get(HOME).text, "html.parser")
    panels = [panel for panel in page.find_all("section", class_="w-panel") if panel.find("h2")]
    return {re.sub(r" \d+$", "", text_of(panel.find("h2"))): panel for panel in panels}


def said(client, heading):
    panel = parts(client).get(heading)
    return text_of(panel) if panel else ""


def submit(thing, by):
    thing.save_revision(user=by)
    return thing.get_workflow().start(thing, by)


@pytest.fixture
def page(sample_site):
    return sample_site.make(StandardPage)


def test_what_waits_leads_to_where_it_is_decided(page, person, signed_in):
    submit(page, person("Content editor"))
    analyst = signed_in("Analyst")
    waiting = parts(analyst)["Waits for you"]
    link = waiting.find("a", href=reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert page.title in link.text
    assert "Figures checked by an analyst" in text_of(waiting)
    assert "Handed in by content-editor" in text_of(waiting)
    # The second step is for publishers.
    assert "Nothing waits for you" in said(signed_in("Publisher"), "Waits for you")


def test_ones_own_is_listed_apart_with_where_it_stands(page, signed_in):
    """Somebody who is in the group that decides, too."""
    analyst = signed_in("Analyst", "Content editor")
    state = submit(page, analyst.person)
    assert "Nothing waits for you" in said(analyst, "Waits for you")
    assert "In review" in said(analyst, "You handed in")
    assert "Now: Figures checked by an analyst" in said(analyst, "You handed in")
    state.current_task_state.reject(comment="Say where the slides are.")
    assert "Change asked for" in said(analyst, "You handed in")
    assert "“Say where the slides are.”" in said(analyst, "You handed in")


def test_what_was_decided_stays_for_a_week(page, signed_in, person):
    editor = signed_in("Content editor")
    state = submit(page, editor.person)
    for group in ("Analyst", "Publisher"):
        state.refresh_from_db()
        state.current_task_state.approve(user=person(group))
    page.refresh_from_db()
    assert page.live
    assert "Published" in said(editor, "You handed in")
    WorkflowState.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert "Published" not in said(editor, "You handed in")


def test_drafts_of_pages_and_of_other_things(page, sample_site, signed_in):
    editor = signed_in("Content editor")
    page.save_revision(user=editor.person)
    source = Source.objects.first()
    source.save_revision(user=editor.person)
    drafts = said(editor, "Your drafts")
    assert page.title in drafts
    assert str(source) in drafts
    assert "Your drafts" not in parts(signed_in("Analyst"))


def test_bulletins_wait_for_others_than_their_authors(signed_in):
    officer, colleague = signed_in("Engagement officer", name="eve"), signed_in("Publisher")
    bulletin = Bulletin.objects.create(subject="Kites", slug="kites", author=officer.person, state="in_review")
    BulletinEvent.objects.create(bulletin=bulletin, by=officer.person, action="submitted")
    assert "Kites" in said(colleague, "Waits for you")
    assert "Kites" not in said(officer, "Waits for you")
    assert "In review" in said(officer, "You handed in")


def test_what_comes_next(page, signed_in, person):
    soon = timezone.now() + timedelta(days=2)
    page.go_live_at = soon
    page.save_revision(user=person("Administrator"), approved_go_live_at=soon).publish()
    FeedbackRound.objects.create(title="Kites", slug="kites", state="open", closes_at=soon + timedelta(days=1))
    officer = signed_in("Engagement officer")
    text = said(officer, "Next")
    assert text.index("Goes live") < text.index("Closes")
    assert "0 today, 0 in all" in said(officer, "Rounds open")


def test_mail_and_tasks_are_for_those_who_look_after_them(signed_in):
    TaskRun.objects.create(name="links.check", outcome="Failed: TimeoutError", finished_at=timezone.now())
    queue_email("address-changed", "reader@example.org")
    text = said(signed_in("Engagement officer"), "Mail and tasks")
    assert "Mails on their way: 1" in text
    assert "links.check" in text
    TaskRun.objects.all().delete()
    TransactionalEmail.objects.all().delete()
    assert "All is well" in said(signed_in("Administrator"), "Mail and tasks")
    assert "Mail and tasks" not in parts(signed_in("Content editor"))


def test_accounts_are_for_administrators(signed_in):
    invited = User.objects.create_user("new", "new@example.org")
    for _ in range(operation.MANY_FAILURES):
        FailedSignIn.objects.create(step="password", account=invited, account_hash="x")
    text = said(signed_in("Administrator"), "Accounts")
    assert "Invitation of new" in text
    assert f"Failed sign-ins to new within a day: {operation.MANY_FAILURES}" in text
    assert "Accounts" not in parts(signed_in("Publisher"))


def test_a_fault_of_one_part_leaves_the_rest(page, person, signed_in, monkeypatch):
    submit(page, person("Content editor"))

    def broken(self):
        raise RuntimeError("broken")

    monkeypatch.setattr(reviews.HandedInPart, "rows", broken)
    monkeypatch.setattr("sectors.admin_views.work_queue", lambda: broken(None))
    analyst = signed_in("Analyst")
    found = parts(analyst)
    assert "can’t be shown at present" in text_of(found["You handed in"])
    assert page.title in text_of(found["Waits for you"])
    assert analyst.get(HOME).text.count("can’t be shown at present") == 2


def test_it_asks_no_more_for_more_work(sample_site, person, signed_in):
    author = person("Content editor")
    clients = [signed_in("Analyst"), signed_in("Administrator")]
    asked = {}
    for size in (2, 6):
        while WorkflowState.objects.count() < size:
            number = WorkflowState.objects.count()
            submit(sample_site.make(StandardPage, title=f"Page {number}", slug=f"page-{number}"), author)
        for client in clients:
            client.get(HOME)
            with CaptureQueriesContext(connection) as queries:
                client.get(HOME)
            asked.setdefault(client.person.username, []).append(len(queries))
    for counts in asked.values():
        assert counts[0] == counts[1] <= 90, asked
