"""The mails that the public forms cause. What each says is decided when it is sent, and so are its secrets."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import render
from engagement.mail.transactional import composer, failure_handler
from engagement.mailing_list import abuse, personal_data, subscription_service, tokens
from engagement.mailing_list.links import UNSUBSCRIBE, absolute_url, path_with_token, permanent_url
from engagement.mailing_list.models import ConsentWording, Subscription, Suppression, Token, Topic

__all__ = ["AUTOMATIC_HEADERS", "added", "preferences", "signup"]

State = Subscription.State

#: What says to other machines that nobody typed this, so that none answers.
AUTOMATIC_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
#: What stands on the button of a mail that has one.
LABELS = {
    "confirm": "Open the page to confirm",
    "already_subscribed": "See or change your choices",
    "preferences": "See your choices",
    "data_held": "See what we hold",
    "added": "See your choices",
}


@failure_handler
def apply_delivery_outcome(mail: TransactionalEmail) -> None:
    """Whoever has no mailbox any more, or reported the mail as unwanted, is not written to again."""
    subscription_service.apply_delivery_outcome(mail)


@composer(abuse.SIGNUP)
def signup(mail: TransactionalEmail) -> Message | Skip | Defer:
    """The answer to a sign-up: a link to confirm; or, to somebody on the list already, how to change their choices.

    The subscription is made here and not by the form, which thereby does the same whoever it is about.
    """
    with transaction.atomic():
        _refresh_and_lock(mail)
        if mail.object_id:  # Composed before, and tried again.
            waiting = Subscription.objects.filter(uuid=mail.object_id).first()
            return _confirmation(waiting) if waiting and waiting.state == State.PENDING else Skip("answered")
        if why := _refusal_reason(mail):
            return _skip(mail, why)
        if abuse.domain_is_rate_limited(mail):
            return Defer(abuse.RETRY_SECONDS)
        open_one = Subscription.objects.open().filter(address_hash=mail.address_hash).first()
        if open_one and open_one.state != State.PENDING:
            _record_outcome(mail, "already")
            return _message(
                "already_subscribed", open_one.address, "You are on our mailing list already", subscription=open_one
            )
        if "topics" not in mail.data:
            # Answered before as somebody on the list, put off by the server, and they have left meanwhile.
            return _skip(mail, "answered")
        if abuse.circuit_breaker_is_open():
            return Defer(abuse.RETRY_SECONDS)
        made = _create_pending(mail)
        _record_outcome(mail, "confirm", object_id=str(made.uuid))
        return _confirmation(made)


@composer(abuse.PREFERENCES)
def preferences(mail: TransactionalEmail) -> Message | Skip | Defer:
    """The link to everything held about an address and to its choices; or that nothing is held."""
    with transaction.atomic():
        _refresh_and_lock(mail)
        if why := _refusal_reason(mail):
            return _skip(mail, why)
        if abuse.domain_is_rate_limited(mail):
            return Defer(abuse.RETRY_SECONDS)
        held = Subscription.objects.filter(address_hash=mail.address_hash)
        # The open one, else the last: somebody who left may see and erase what is still held.
        newest = held.open().first() or held.order_by("-pk").first()
        elsewhere = newest is None and personal_data.is_held_elsewhere(mail.address_hash)
        _record_outcome(mail, "link" if newest or elsewhere else "nothing")
        if elsewhere:
            link = absolute_url(
                path_with_token(
                    str(Token.Purpose.PREFERENCES.value), tokens.create_token(mail, Token.Purpose.PREFERENCES)
                )
            )
            return _message("data_held", mail.address, "Your link to what we hold about you", link=link)
        if newest is None:
            return _message("no_data_held", mail.address, "We hold nothing under this address")
        return _message("preferences", newest.address, "Your link to your mailing list choices", subscription=newest)


@composer("added")
def added(mail: TransactionalEmail) -> Message | Skip:
    """To somebody whom staff added from a paper form: that they are on the list, and the way out."""
    with transaction.atomic():
        made = Subscription.objects.filter(uuid=mail.object_id, state=State.ACTIVE).first()
        if made is None:
            return Skip("left")
        subject = "You are on our mailing list"
        return _message(
            "added", made.address, subject, subscription=made, leave=permanent_url(UNSUBSCRIBE, made.address_hash)
        )


def _refresh_and_lock(mail: TransactionalEmail) -> None:
    """What the row says at this moment, and for as long as this transaction lasts.

    It was read when it was claimed: whoever was erased since has no address in it any more.
    """
    mail.refresh_from_db(
        fields=["address", "object_id", "data"], from_queryset=TransactionalEmail.objects.select_for_update()
    )


def _refusal_reason(mail: TransactionalEmail) -> str:
    """Why nothing is sent to this address, whatever was asked for; empty if it may."""
    if not mail.address:
        return "erased"
    since = timezone.now() - subscription_service.CONFIRM_WITHIN
    if mail.created_at < since and not (mail.kind == abuse.SIGNUP and abuse.circuit_breaker_was_open_since(since)):
        # Nothing ran for so long: by now it would only puzzle.
        return "stale"
    if subscription_service.is_suppressed(mail.address_hash, Suppression.FINAL):
        return "suppressed"
    return "capped" if abuse.address_is_rate_limited(mail) else ""


def _create_pending(mail: TransactionalEmail) -> Subscription:
    """The pending subscription that a sign-up asks for."""
    said = mail.data
    choices = subscription_service.Preferences(list(Topic.objects.filter(slug__in=said["topics"])), said["frequency"])
    evidence = subscription_service.Evidence(
        "web",
        page=said["page"],
        wording=ConsentWording.objects.get(pk=said["wording"]),
        privacy_notice=said["privacy_notice"],
        at=mail.created_at,
    )
    return subscription_service.create_pending(
        mail.address, choices, evidence, name=said["name"], organisation=said["organisation"]
    )


def _confirmation(subscription: Subscription) -> Message:
    return _message(
        "confirm",
        subscription.address,
        "Confirm that you want to hear from us",
        subscription=subscription,
        purpose=Token.Purpose.CONFIRM,
    )


def _message(
    kind: str,
    to: str,
    subject: str,
    subscription: Subscription | None = None,
    purpose: Token.Purpose = Token.Purpose.PREFERENCES,
    **more: Any,
) -> Message:
    """The mail of a kind, with a new link for whom it goes to. No word in it was typed into a form."""
    context: dict[str, Any] = {"subject": subject, "subscription": subscription, "label": LABELS.get(kind, ""), **more}
    if subscription:
        context["topics"] = list(subscription.topics.all())
        context["link"] = absolute_url(path_with_token(str(purpose.value), tokens.create_token(subscription, purpose)))
    written = render(kind, context)
    return Message(to, subject, written.text, written.html, AUTOMATIC_HEADERS)


def _skip(mail: TransactionalEmail, why: str) -> Skip:
    _record_outcome(mail, why)
    return Skip(why)


def _record_outcome(mail: TransactionalEmail, outcome: str, *, object_id: str = "") -> None:
    """Write down what came of a form, and forget what was typed into it: it is in the subscription now, or unwanted."""
    abuse.record_outcome(mail, outcome)
    mail.object_id, mail.data = object_id, {"attempt": mail.data.get("attempt")}
    TransactionalEmail.objects.filter(pk=mail.pk).update(object_id=object_id, data=mail.data)
