"""Subscribers and bulletins for tests in the browser.

Each function runs on the data of a served site: ``run_on(site, email_data.make_subscribers)``.
"""

import io
import json
import time
from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image

from engagement.bulletins import digests, streams, workflow
from engagement.bulletins.emails import sample_message
from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import take_snapshot
from engagement.complaints import workflow as complaints
from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mailing_list import abuse, subscription_service
from engagement.mailing_list.links import PREFERENCES_LINK, UNSUBSCRIBE, create_token, path_with_token, permanent_token
from engagement.mailing_list.models import CircuitBreaker, Subscription, Token, Topic
from nelis.core.change_log import create_entry
from nelis.core.models import ChangeEntry, SiteImage
from nelis.core.models.change_log import NoteData
from nelis.evidence.models import Statistic
from nelis.home.periodic_tasks import draw_charts
from sectors.models import PropositionPage
from tests.browser.staff_accounts import make_staff


def subscribe(name: str, **values: Any) -> Subscription:
    """Somebody on the list, at example.org."""
    address = f"{name}@example.org"
    return Subscription.objects.create(
        address=address, address_hash=address_hash(address), **{"state": "active", **values}
    )


def make_subscribers() -> dict[str, str]:
    """Somebody in each state; the paths of the links they were mailed."""
    evidence = subscription_service.Evidence("web", page="/mailing-list/")
    topics = list(Topic.objects.filter(slug__in=["chemicals", "p8"]))
    chosen = subscription_service.Preferences(topics, "weekly")

    def pending(name: str) -> Subscription:
        return subscription_service.create_pending(f"{name}@example.org", chosen, evidence)

    def mailed(subscription: Subscription, purpose: str) -> str:
        return path_with_token(purpose, create_token(subscription, Token.Purpose(purpose)))

    def permanent(name: str, subscription: Subscription, purpose: str = UNSUBSCRIBE) -> str:
        return path_with_token(name, permanent_token(purpose, subscription.address_hash))

    def confirmed(name: str) -> Subscription:
        subscription = pending(name)
        mailed(subscription, "confirm")
        assert subscription_service.confirm(subscription.tokens.get(), evidence)
        subscription.refresh_from_db()
        return subscription

    active, paused, gone = confirmed("active"), confirmed("paused"), confirmed("gone")
    subscription_service.pause(paused, timezone.localdate() + timedelta(days=30), evidence)
    subscription_service.unsubscribe(gone, evidence)
    used = pending("used")
    used_link = mailed(used, "confirm")
    subscription_service.confirm(used.tokens.get(), evidence)
    manage = mailed(active, "preferences")
    mail = TransactionalEmail.objects.create(
        kind=abuse.NEW_ADDRESS, address="new@example.org", object_id=str(active.uuid), state="accepted"
    )
    new_address = path_with_token("new_address", create_token(mail, Token.Purpose.NEW_ADDRESS))
    links = {
        "confirm": mailed(pending("pending"), "confirm"),
        "used": used_link,
        "manage": manage,
        "new-address": new_address,
        "paused": mailed(paused, "preferences"),
        "ended": mailed(gone, "preferences"),
        "held": manage.replace("/manage/", "/manage/held/"),
        "erase": manage.replace("/manage/", "/manage/erase/"),
        "leave": permanent("unsubscribe", active),
        "left": permanent("unsubscribed", gone),
        "late": permanent("undo_unsubscribe", active),
        "choices": permanent("preferences_link", active, PREFERENCES_LINK),
    }
    for name in ("anna", "bela", "cleo", "dora"):
        subscription = confirmed(name)
        links[f"{name}-manage"] = mailed(subscription, "preferences")
        links[f"{name}-leave"] = permanent("unsubscribe", subscription)
    return links


def old_form_token() -> str:
    """What a form carries that was shown long enough ago to have been read."""
    shown_at = time.time() - settings.SIGN_UP_SECONDS - 1
    with mock.patch("django.core.signing.time.time", return_value=shown_at):
        return abuse.new_form_token()


def make_list_for_staff() -> None:
    """Somebody who looks after the list, a list to look after, and its charts, drawn."""
    make_staff("officer", "Engagement officer")
    for number in range(60):
        at = timezone.now() - timedelta(days=number)
        subscription = subscribe(f"person{number}", created_at=at, confirmed_at=at)
        subscription.topics.set(Topic.objects.all()[: 1 + number % 3])
        evidence = subscription_service.Evidence("web", at=at)
        subscription_service.record_event(subscription, "confirmed", evidence)
    reason = "90 of the last 100 sign-ups were not confirmed."
    CircuitBreaker.objects.create(tripped_at=timezone.now(), reason=reason)
    CircuitBreaker.objects.create(
        network_hash="n" * 64, tripped_at=timezone.now(), reason=f"From one network: {reason}"
    )
    for number in range(12):
        TransactionalEmail.objects.create(
            kind=abuse.SIGNUP,
            address=f"visitor-{number}-of-the-kite-fair@kites.example.org",
            state=TransactionalEmail.State.RETRY,
            # No worker of the test takes it up.
            due_at=timezone.now() + timedelta(days=30),
            data={"network": "n" * 64},
        )
    for number in range(3):
        complaints.receive(f"You have written to me {number} times. " * 9, is_flood=True)
    draw_charts()


def draw_list_charts() -> None:
    """Draw the charts of the list, as a periodic task does."""
    draw_charts()


def make_bulletin_readers() -> int:
    """Who writes, who approves and sends, and three who read. The key of one who will have left."""
    make_staff("writer", "Content editor")
    make_staff("officer", "Engagement officer")
    topic = Topic.objects.get(slug="advanced-manufacturing")
    for name in ("anna", "bela", "cleo"):
        subscribe(name).topics.set([topic])
    return Subscription.objects.get(address="cleo@example.org").pk


def erase_subscription(key: int) -> None:
    """Somebody leaves no trace."""
    Subscription.objects.filter(pk=key).delete()


def run_maintenance() -> None:
    """What an email worker does to bulletins between emails: lists recipients, completes."""
    streams.run_maintenance()


def make_followers() -> None:
    """Staff; two who follow P8, as it happens and once a week; and one who follows another."""
    make_staff("writer", "Content editor")
    make_staff("officer", "Engagement officer")
    for name, topic, frequency in (
        ("nora", "p8", "immediate"),
        ("wanda", "p8", "weekly"),
        ("percy", "p9", "immediate"),
    ):
        subscribe(name, frequency=frequency).topics.set([Topic.objects.get(slug=topic)])


def change_proposition(slug: str, text: str, note: str) -> int:
    """An editor publishes a change, and the task that looks for changes comes by. The key of the alert."""
    page = PropositionPage.objects.get(slug=slug)
    page.what_we_propose += f"<p>{text}</p>"
    page.pending_change_note = NoteData("content", note)
    page.save_revision().publish()
    PERIODIC_TASKS["bulletins.alerts"].run()
    return Bulletin.objects.get(kind="alert").pk


def draft_next_digest() -> int:
    """A week goes by. The key of the digest."""
    day = timezone.localdate(ChangeEntry.objects.public().latest("at").at)
    return digests.draft_digest("weekly", day + timedelta(days=7)).pk


def make_every_block() -> dict[str, dict[str, str]]:
    """A bulletin with every kind of block, and a digest that tells of it and of every kind of change: HTML and text."""
    page = PropositionPage.objects.live().order_by("pk")[0]
    changes = [create_entry(page, kind, "Kites need it." if kind != "new" else "") for kind in ChangeEntry.Kind.values]
    body = [{"type": kind, "value": value} for kind, value in blocks()]
    assert {block["type"] for block in body} == set(Bulletin._meta.get_field("body").stream_block.child_blocks)
    bulletin = Bulletin.objects.create(
        subject="Kites of Exampleshire, and what became of them",
        preheader="They fly again.",
        slug="every-block",
        body=json.dumps(body),
    )
    workflow.record_creation(bulletin)
    # A digest names what was sent.
    Bulletin.objects.filter(pk=bulletin.pk).update(state="completed", started_at=timezone.now())
    bulletin = Bulletin.objects.get(pk=bulletin.pk)
    digest = digests.create_draft("weekly", slug="every-change", period_start=date(2019, 7, 15))
    entries = ChangeEntry.objects.public().filter(pk__in=[entry.pk for entry in changes])
    digests.add_items(digest, entries, [bulletin])
    digests.set_subject(digest, digests.digest_subject("weekly", digest.period_start), "News.")
    return {"bulletin": rendered(bulletin), "digest": rendered(Bulletin.objects.get(pk=digest.pk))}


def blocks() -> list[tuple[str, Any]]:
    """Every kind of block of a bulletin."""
    drawn = io.BytesIO()
    Image.new("RGB", (1400, 700), "#7a5700").save(drawn, "PNG")
    picture = SiteImage.objects.create(
        title="Kites",
        description="Two kites over Exampleshire",
        credit="Ada Example",
        file=ImageFile(drawn, "kites.png"),
    )
    first, second = PropositionPage.objects.live().order_by("pk")[:2]
    figures = [
        Statistic.objects.filter(live=True, status=status).order_by("pk").first().pk
        for status in ("confirmed", "missing", "disputed")
    ]
    rich_text = "<p>There is <b>wind</b>, and <a href='https://example.org/wind/'>more of it</a>.</p>"
    rich_text += "<ul><li>In spring</li><li>In autumn</li></ul><ol><li>Build</li><li>Fly</li></ol>"
    rows = [{"page": first.pk, "sentence": "The first."}, {"page": second.pk, "sentence": ""}]
    return [
        ("lead", "Kites are made in Exampleshire again. They are flown on the beach."),
        ("heading", "Why it matters"),
        ("text", rich_text),
        ("pages", {"title": "Three to start with", "pages": rows}),
        *(("figure", figure) for figure in figures),
        ("changes", {"title": "What changed on the site", "since": date(2019, 1, 1).isoformat(), "most": 4}),
        ("rule", None),
        ("next", {"title": "What happens next", "steps": [{"what": "The kite plan", "text": "No date is stated."}]}),
        ("button", {"label": "See the kites", "page": first.pk, "address": ""}),
        ("image", {"image": picture.pk, "caption": "A good day."}),
    ]


def rendered(bulletin: Bulletin) -> dict[str, str]:
    """The HTML and the text of the email that one reader gets."""
    message = sample_message(bulletin, take_snapshot(bulletin))
    return {"html": message.html, "text": message.text}
