"""A bulletin that is handed in reaches its reviewers, and what they say reaches whoever handed it in."""

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from engagement.bulletins import digests, workflow
from engagement.bulletins.models import Bulletin
from engagement.mail.message import Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from tests.bulletins.admin_forms import dashboard, press
from tests.bulletins.conftest import shown_hash

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def told(kind="bulletin-submitted"):
    return sorted(mail.address.partition("@")[0] for mail in TransactionalEmail.objects.filter(kind=kind))


def hand_in(bulletin, user=None, **details):
    return workflow.perform("submit", bulletin, user, **details)


def test_all_who_may_approve_it_are_told_and_nobody_else(write, writer, officer, staff):
    for name, group in (("publisher", "Publisher"), ("admin", "Administrator"), ("analyst", "Analyst")):
        staff(name, group)
    staff("gone", "Publisher").delete()
    former = staff("former", "Publisher")
    former.is_active = False
    former.save()
    nameless = staff("nameless", "Publisher")
    nameless.email = ""
    nameless.save()
    bulletin = write()
    workflow.perform("edit", bulletin, officer)
    hand_in(bulletin, writer, note="The figure is new.")
    # The officer wrote on it, so nobody waits for their approval.
    assert told() == ["admin", "publisher"]
    letter = compose(TransactionalEmail.objects.filter(kind="bulletin-submitted").first())
    assert letter.subject == "To review: Kites again"
    assert f"http://testserver{dashboard(bulletin)}" in letter.text
    assert "writer has submitted a bulletin for review" in " ".join(letter.text.split())
    assert "The figure is new." in letter.text


def test_who_chose_not_to_be_told_of_pages_is_not_told_of_bulletins(write, writer, officer, staff):
    UserProfile.get_for_user(officer)
    UserProfile.objects.filter(user=officer).update(submitted_notifications=False)
    staff("publisher", "Publisher")
    hand_in(write(), writer)
    assert told() == ["publisher"]


def test_what_the_site_hands_in_reaches_them_too(topics, officer):
    digests.draft_digest("weekly")
    bulletin = Bulletin.objects.filter(state="in_review").first()
    if bulletin is None:
        bulletin = Bulletin.objects.create(subject="The week", slug="week", kind="weekly")
        hand_in(bulletin)
    assert told() == ["officer"]
    assert "The site has drafted a bulletin" in compose(TransactionalEmail.objects.get()).text


def test_once_somebody_was_quicker_nothing_is_sent(write, writer, officer, staff):
    staff("publisher", "Publisher")
    bulletin = hand_in(write(), writer)
    workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin))
    for mail in TransactionalEmail.objects.filter(kind="bulletin-submitted"):
        assert compose(mail) == Skip("reviewed")


@pytest.mark.parametrize(
    ("step", "subject", "preference"),
    [
        ("approve", "Approved: Kites again", "approved_notifications"),
        ("give_back", "Given back: Kites again", "rejected_notifications"),
    ],
)
def test_who_handed_it_in_hears_what_came_of_it(write, writer, officer, step, subject, preference):
    bulletin = hand_in(write(), writer)
    details = {"shown": shown_hash(bulletin)} if step == "approve" else {"note": "Which kites?"}
    workflow.perform(step, bulletin, officer, **details)
    letter = compose(TransactionalEmail.objects.get(kind="bulletin-reviewed"))
    assert (letter.to, letter.subject) == ("writer@example.org", subject)
    assert ("Which kites?" in letter.text) == (step == "give_back")
    UserProfile.get_for_user(writer)
    UserProfile.objects.filter(user=writer).update(**{preference: False})
    TransactionalEmail.objects.all().delete()
    workflow.perform("edit", bulletin, writer)
    bulletin = hand_in(bulletin, type(writer).objects.get(pk=writer.pk))
    details = {"shown": shown_hash(bulletin)} if step == "approve" else {"note": "Which kites?"}
    workflow.perform(step, bulletin, officer, **details)
    assert told("bulletin-reviewed") == []


@pytest.mark.once
def test_a_subject_that_can_be_no_header_is_written_without_its_signs(write, writer, officer):
    hand_in(write(subject="Kites\x92 again"), writer)
    assert compose(TransactionalEmail.objects.get()).subject == "To review: Kites  again"


def test_what_waits_stands_on_the_first_page_of_those_who_may_approve(write, signed_in, django_assert_max_num_queries):
    front = reverse("wagtailadmin_home")
    bulletin = write()
    writer, publisher = signed_in("someone", "Content editor"), signed_in("publisher", "Publisher")
    assert dashboard(bulletin) not in publisher.get(front).content.decode()
    press(writer, bulletin, "submit")
    page = publisher.get(front).content.decode()
    assert "To approve" in page
    assert dashboard(bulletin) in page
    assert "To approve" not in writer.get(front).content.decode()
