"""Every kind of mail there is: its headers byte by byte, and that fetching what it links to changes nothing.

``EMAILS`` makes one of each, by the code that makes it for a worker. A kind that isn't here fails the tests.
"""

import json
import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings as site
from django.contrib.contenttypes.models import ContentType
from django.test import Client, RequestFactory
from wagtail.models import Workflow, WorkflowState

from engagement.bulletins import digests, streams, workflow
from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.emails import send_test
from engagement.bulletins.models import Bulletin, Delivery
from engagement.bulletins.snapshot import content_hash
from engagement.complaints import workflow as complaints_workflow
from engagement.feedback.models import OutcomeMail
from engagement.feedback.reporting import notifications
from engagement.mail import transactional
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, build_envelope
from engagement.mail.streams import STREAMS
from engagement.mailing_list import abuse
from engagement.mailing_list.models import CircuitBreaker, Subscription, Topic
from nelis.core.models import ChangeEntry, GlossaryTerm, User
from tests.bulletins.conftest import TEXT, clear_snapshot_caches  # noqa: F401 - a fixture
from tests.feedback.builders import COMMENT, close_and_report, submit_answers, write_report
from tests.feedback.conftest import fair, round_made  # noqa: F401 - fixtures
from tests.mailing_list.conftest import Person, no_minimum_time  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

READER = "reader@example.org"
NAME = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
AT = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)


# --- one of each -----------------------------------------------------------------------------------


def confirm(scene):
    person = Person(READER)
    person.sign_up()
    return person.mail()


def already_subscribed(scene):
    person = Person(READER)
    person.subscribe()
    person.sign_up()
    return person.mail()


def preferences(scene):
    person = Person(READER)
    person.subscribe()
    person.request_link()
    return person.mail()


def data_held(scene):
    """To somebody who isn't on the list, and has answered a round."""
    submit_answers(scene, comment=COMMENT, address=READER)
    return no_data_held(scene)


def no_data_held(scene):
    person = Person(READER)
    person.request_link()
    return person.mail()


def new_address(scene):
    Person("old@example.org").subscribe()
    key = str(Subscription.objects.get().uuid)
    return transactional.compose(
        abuse.queue_request(abuse.NEW_ADDRESS, READER, RequestFactory().get("/"), subscription=key)
    )


def address_changed(scene):
    return transactional.compose(transactional.queue_email("address-changed", READER))


def added(scene):
    person = Person(READER)
    return transactional.compose(transactional.queue_email("added", READER, object_id=str(person.subscribe().uuid)))


def complaint(kind):
    def make(scene):
        made = complaints_workflow.receive("You have written to me twice.", address=READER)
        type(made).objects.filter(pk=made.pk).update(reference="C-TESTS")
        return transactional.compose(transactional.queue_email(kind, READER, object_id="C-TESTS"))

    return make


def staff(kind, **account):
    def make(scene):
        user = User.objects.create_user("somebody", READER, **account)
        return transactional.compose(transactional.queue_email(kind, READER, object_id=str(user.pk)))

    return make


def review_ended(scene):
    term = GlossaryTerm.objects.create(term="Kite", definition="It flies.")
    kind = ContentType.objects.get_for_model(term)
    state = WorkflowState.objects.create(
        content_type=kind, base_content_type=kind, object_id=str(term.pk), workflow=Workflow.objects.get()
    )
    words = {"by": "Adam", "reason": "Nobody is there."}
    return transactional.compose(
        transactional.queue_email("staff-review-ended", READER, object_id=str(state.pk), **words)
    )


def breaker_notice(scene):
    CircuitBreaker.objects.create(network_hash="a network", tripped_at=AT, reason="Many.")
    return transactional.compose(transactional.queue_email("circuit-breaker-notice", READER))


def bulletin(kind="bulletin", frequency="immediate"):
    """As the stream composes it for one reader."""

    def make(scene):
        made = sent(kind, frequency)
        return streams.compose(Delivery.objects.get(bulletin=made))

    return make


def bulletin_test(scene):
    return transactional.compose(send_test(written("bulletin"), READER))


def review(kind, *steps):
    """To whoever handed in a bulletin, or may approve it."""

    def make(scene):
        news = written("bulletin")
        for name in ("writer", "officer"):
            User.objects.create_superuser(name, f"{name}@example.org", "a long password")
        for step in steps:
            user = User.objects.get(username="officer" if step == "give_back" else "writer")
            workflow.perform(step, news, user, note="The date.")
        event = news.events.last()
        return transactional.compose(transactional.queue_email(kind, READER, object_id=str(event.pk)))

    return make


def written(kind):
    made = Bulletin.objects.create(
        pk=70, kind=kind, subject="A café for kites", preheader="They fly.", slug="kites", body=json.dumps(TEXT)
    )
    if kind != "bulletin":
        term = GlossaryTerm.objects.create(term="Kite", definition="It flies.")
        change = ChangeEntry.objects.create(
            at=AT, kind="content", subject=term, subject_kind="Term", title="Kite", note="It flies higher."
        )
        Bulletin.objects.filter(pk=70).update(is_public=False, body="[]", period_start=date(2026, 11, 16))
        made.refresh_from_db()
        digests.add_items(made, [change])
    workflow.record_creation(made)
    return Bulletin.objects.get(pk=70)


def sent(kind, frequency):
    made = Subscription.objects.create(
        address=READER, address_hash=address_hash(READER), state="active", frequency=frequency
    )
    made.topics.set(Topic.objects.filter(group=Topic.Group.WHOLE))
    officer = User.objects.create_superuser("officer", "officer@example.org", "a long password")
    news = written(kind)
    workflow.perform("submit", news)
    snapshot, report = check_bulletin(news)
    assert snapshot is not None, report
    workflow.perform("approve", news, officer, shown=content_hash(snapshot))
    workflow.perform("schedule", news, officer)
    streams.run_maintenance()
    return news


def outcome(scene):
    response = submit_answers(scene, comment=COMMENT, address=READER, may_contact=True)
    write_report(scene, response)
    close_and_report(scene)
    made = OutcomeMail.objects.create(round=scene.round, answered_id=response.pk, address_hash=address_hash(READER))
    return notifications.compose(OutcomeMail.objects.get(pk=made.pk))


def feedback_receipt(scene):
    response = submit_answers(scene, comment=COMMENT, address=READER, may_contact=True)
    return transactional.compose(transactional.queue_email("feedback-receipt", READER, response=response.pk))


#: Machines shall not answer.
AUTOMATIC = """\
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
"""
#: A way to leave with one press. What stands after it is the reader's address, signed with the keys of the tests.
LEAVE = """\
List-Unsubscribe: <http://testserver/mailing-list/leave/?t=W12ITSZ0n5aUETiWIxJxuZcNDtTfrBeeO-TH3XuXGvY>
"""
ONE_PRESS = """\
List-Unsubscribe-Post: List-Unsubscribe=One-Click
"""
BULLETIN = """\
Archived-At: <http://testserver/bulletins/kites/>
Feedback-ID: 70:bulletin:bulletins:testserver
List-Id: "North East Local Industrial Strategy" <bulletins.testserver>
"""
TO_MANY = """\
Precedence: bulk
"""


def drafted(kind):
    """Of what the site writes by itself, to many: it isn't on the web."""
    return f"""\
Auto-Submitted: auto-generated
Feedback-ID: 70:{kind}:bulletins:testserver
List-Id: "North East Local Industrial Strategy" <bulletins.testserver>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Precedence: bulk
"""


CAFE = "=?utf-8?q?A_caf=C3=A9_for_kites?="
#: By the stream, the kind and the mail: how one is made, its subject as it goes out, and the headers of its kind.
EMAILS = {
    ("transactional", "signup", "confirm"): (confirm, "Confirm that you want to hear from us", AUTOMATIC),
    ("transactional", "signup", "already_subscribed"): (
        already_subscribed,
        "You are on our mailing list already",
        AUTOMATIC,
    ),
    ("transactional", "preferences", "preferences"): (preferences, "Your link to your mailing list choices", AUTOMATIC),
    ("transactional", "preferences", "data_held"): (data_held, "Your link to what we hold about you", AUTOMATIC),
    ("transactional", "preferences", "no_data_held"): (no_data_held, "We hold nothing under this address", AUTOMATIC),
    ("transactional", "new-address", "new_address"): (new_address, "Confirm your new address", AUTOMATIC),
    ("transactional", "address-changed", "address_changed"): (
        address_changed,
        "Our emails go to your new address",
        AUTOMATIC,
    ),
    ("transactional", "added", "added"): (added, "You are on our mailing list", AUTOMATIC),
    ("transactional", "complaint-received", "complaint_received"): (
        complaint("complaint-received"),
        "We have received your complaint (C-TESTS)",
        AUTOMATIC,
    ),
    ("transactional", "complaint-acknowledged", "complaint_acknowledged"): (
        complaint("complaint-acknowledged"),
        "We are looking into your complaint (C-TESTS)",
        AUTOMATIC,
    ),
    # Somebody has written it, and may be answered.
    ("transactional", "complaint-answered", "complaint_answered"): (
        complaint("complaint-answered"),
        "Our answer to your complaint (C-TESTS)",
        "",
    ),
    ("transactional", "complaint-staff-notice", "complaint_staff_notice"): (
        complaint("complaint-staff-notice"),
        "New complaint C-TESTS",
        AUTOMATIC,
    ),
    ("transactional", "circuit-breaker-notice", "circuit_breaker_notice"): (
        breaker_notice,
        "Sign-ups are held back",
        AUTOMATIC,
    ),
    ("transactional", "staff-invitation", "staff_invitation"): (
        staff("staff-invitation"),
        "Your account for the North East Local Industrial Strategy",
        AUTOMATIC,
    ),
    ("transactional", "staff-password-reset", "staff_password_reset"): (
        staff("staff-password-reset", password="a long password"),
        "Choose a new password",
        AUTOMATIC,
    ),
    ("transactional", "staff-review-ended", "staff_review_ended"): (
        review_ended,
        "The review was ended: Kite",
        AUTOMATIC,
    ),
    # There is nobody to take off the list.
    ("transactional", "bulletin-test", "bulletin"): (
        bulletin_test,
        "=?utf-8?q?=5BTest=5D_A_caf=C3=A9_for_kites?=",
        BULLETIN + TO_MANY,
    ),
    ("transactional", "bulletin-submitted", "bulletin_submitted"): (
        review("bulletin-submitted", "submit"),
        "=?utf-8?q?To_review=3A_A_caf=C3=A9_for_kites?=",
        AUTOMATIC,
    ),
    ("transactional", "bulletin-reviewed", "bulletin_reviewed"): (
        review("bulletin-reviewed", "submit", "give_back"),
        "=?utf-8?q?Given_back=3A_A_caf=C3=A9_for_kites?=",
        AUTOMATIC,
    ),
    ("bulletins", "bulletin", "bulletin"): (bulletin(), CAFE, BULLETIN + ONE_PRESS + TO_MANY + LEAVE),
    ("bulletins", "alert", "bulletin"): (bulletin("alert"), CAFE, drafted("alert") + LEAVE),
    ("bulletins", "weekly", "bulletin"): (bulletin("weekly", "weekly"), CAFE, drafted("weekly") + LEAVE),
    ("bulletins", "monthly", "bulletin"): (bulletin("monthly", "monthly"), CAFE, drafted("monthly") + LEAVE),
    ("transactional", "feedback-receipt", "feedback_receipt"): (
        feedback_receipt,
        "Your answers have arrived: The kite fair",
        AUTOMATIC,
    ),
    ("feedback", "outcome", "feedback_outcome"): (outcome, "What came of your answers: The kite fair", AUTOMATIC),
}
WHOLE = """\
From: North East Local Industrial Strategy <bulletins@example.org>
Reply-To: kites@example.org
To: reader@example.org
Date: Sun, 22 Nov 2026 15:04:05 +0000
Message-ID: <0f8fad5b-d9cb-469f-a165-70867728950e@testserver>
Subject: {subject}
{own}MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_0f8fad5bd9cb469fa16570867728950e"
"""


@pytest.fixture(autouse=True)
def identity(settings):
    settings.REPLY_TO_ADDRESS = "kites@example.org"
    settings.ORGANISATION_NAME = "Exampleshire Council"
    settings.ORGANISATION_CONTACT = "1 Kite Lane, Exampleton EX1 1EX"


@pytest.fixture
def mail(request, fair, no_minimum_time):  # noqa: F811
    """The message of a kind."""
    for order, (slug, group) in enumerate([("whole", "whole"), ("box-kites", "sector")]):
        Topic.objects.get_or_create(slug=slug, defaults={"name": slug, "group": group, "order": order})
    message = request.param[0](fair)
    assert isinstance(message, Message), message
    return SimpleNamespace(message=message, subject=request.param[1], own=request.param[2])


each = pytest.mark.parametrize("mail", EMAILS.values(), ids=map("/".join, EMAILS), indirect=True)


# --- what is asserted ------------------------------------------------------------------------------


@each
def test_the_headers_of_each_kind(mail):
    head = build_envelope(mail.message, NAME, AT).data.partition(b"\r\n\r\n")[0] + b"\r\n"
    assert head.decode("ascii") == WHOLE.format(subject=mail.subject, own=mail.own).replace("\n", "\r\n")


@each
def test_each_kind_says_who_sends_it(mail):
    """By the sender's name, an address that replies reach, and who runs the site, in both forms."""
    page = BeautifulSoup(mail.message.html, "html.parser")
    page.title.decompose()
    for words in (mail.message.text, page.get_text(" ")):
        foot = " ".join(words.split())
        assert "Exampleshire Council, 1 Kite Lane, Exampleton EX1 1EX North East Local Industrial Strategy" in foot


@each
def test_both_forms_of_each_kind_say_alike_what_it_is_about(mail):
    """The line under the name of the site."""
    head = " ".join(mail.message.text.split("-----")[0].split())
    page = BeautifulSoup(mail.message.html, "html.parser")
    brand = page.find("p", class_="brand")
    kicker = brand.find_next("p", class_="mu").get_text(" ")
    assert kicker.strip()
    assert head == " ".join(f"{brand.get_text()} {kicker}".split())


@pytest.mark.once
def test_no_kind_is_forgotten():
    """A new composer, stream, kind of bulletin or template has to be in the table."""
    assert {kind for stream, kind, _ in EMAILS if stream == "transactional"} == set(transactional._composers)
    assert {stream for stream, _, _ in EMAILS} == set(STREAMS)
    assert {kind for stream, kind, _ in EMAILS if stream == "bulletins"} == set(Bulletin.Kind.values)
    templates = Path(site.BASE_DIR) / "templates/emails"
    shared = {"base", "transactional"}
    # The one of bulletins is in a folder of its own, with its parts.
    expected = {file.stem for file in templates.glob("*.txt")} - shared | {"bulletin"}
    assert {template for _, _, template in EMAILS} == expected


@each
def test_fetching_every_link_of_each_kind_changes_nothing(mail):
    """Mail programs and scanners open links before their reader does, the one to leave the list included."""
    text = "\n".join([mail.message.text, mail.message.html, *mail.message.headers.values()]).replace("&amp;", "&")
    links = set(re.findall(r'http://testserver(/[^\s"<>]*)', text))
    assert links
    if "List-Unsubscribe-Post" in mail.message.headers:
        assert any(link.startswith("/mailing-list/leave/?t=") for link in links)
    before = every_row()
    for link in sorted(links):
        for method in ("get", "head"):
            response = getattr(Client(), method)(link, follow=True)
            assert response.status_code == status_of(link, mail.message), link
    assert every_row() == before


def status_of(link, message):
    """What answers it: for the admin, its login. The web page of a bulletin that isn't sent yet isn't there yet."""
    return 404 if link.startswith("/bulletins/") and message.subject.startswith("[Test]") else 200


def every_row():
    """Of every table of these apps."""
    configs = [config for config in apps.get_app_configs() if config.name.startswith("engagement.")]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    assert len(configs) == 5
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}
