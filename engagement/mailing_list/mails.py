"""The mails that the public forms cause. What each says is decided when it is sent, and so are its secrets."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.mailing_list import changes, guards, people, tokens
from engagement.mailing_list.links import LEAVE, absolute, permanent_url, with_token
from engagement.mailing_list.models import Subscription, Suppression, Token, Topic, Wording
from engagement.post.letters import Later, Letter, Skip
from engagement.post.models import ServiceMail
from engagement.post.render import render
from engagement.post.service import composes, when_reported

__all__ = ["HEADERS", "added", "join", "manage"]

State = Subscription.State

#: What says to other machines that nobody typed this, so that none answers.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
#: What stands on the button of a mail that has one.
LABELS = {
    "confirm": "Open the page to confirm",
    "already": "See or change your choices",
    "manage": "See your choices",
    "held": "See what we hold",
    "added": "See your choices",
}


@when_reported
def heed(mail: ServiceMail) -> None:
    """Whoever has no mailbox any more, or reported the mail as unwanted, is not written to again."""
    changes.heed(mail)


@composes(guards.JOIN)
def join(mail: ServiceMail) -> Letter | Skip | Later:
    """The answer to a sign-up: a link to confirm; or, to somebody on the list already, how to change their choices.

    The subscription is made here and not by the form, which thereby does the same whoever it is about.
    """
    with transaction.atomic():
        _read_anew(mail)
        if mail.about:  # Composed before, and tried again.
            waiting = Subscription.objects.filter(uuid=mail.about).first()
            return _confirmation(waiting) if waiting and waiting.state == State.PENDING else Skip("answered")
        if why := _refusal(mail):
            return _skipped(mail, why)
        if guards.domain_is_crowded(mail):
            return Later(guards.LOOK_AGAIN)
        open_one = Subscription.objects.open().filter(address_hash=mail.address_hash).first()
        if open_one and open_one.state != State.PENDING:
            _note(mail, "already")
            return _letter("already", open_one.address, "You are on our mailing list already", subscription=open_one)
        if "topics" not in mail.data:
            # Answered before as somebody on the list, put off by the server, and they have left meanwhile.
            return _skipped(mail, "answered")
        if guards.confirmations_are_held():
            return Later(guards.LOOK_AGAIN)
        made = _begin(mail)
        _note(mail, "confirm", about=str(made.uuid))
        return _confirmation(made)


@composes(guards.MANAGE)
def manage(mail: ServiceMail) -> Letter | Skip | Later:
    """The link to everything held about an address and to its choices; or that nothing is held."""
    with transaction.atomic():
        _read_anew(mail)
        if why := _refusal(mail):
            return _skipped(mail, why)
        if guards.domain_is_crowded(mail):
            return Later(guards.LOOK_AGAIN)
        held = Subscription.objects.filter(address_hash=mail.address_hash)
        # The open one, else the last: somebody who left may see and erase what is still held.
        newest = held.open().first() or held.order_by("-pk").first()
        elsewhere = newest is None and people.is_named_elsewhere(mail.address_hash)
        _note(mail, "link" if newest or elsewhere else "nothing")
        if elsewhere:
            link = absolute(with_token(str(Token.Purpose.MANAGE.value), tokens.mint(mail, Token.Purpose.MANAGE)))
            return _letter("held", mail.address, "Your link to what we hold about you", link=link)
        if newest is None:
            return _letter("nothing", mail.address, "We hold nothing under this address")
        return _letter("manage", newest.address, "Your link to your mailing list choices", subscription=newest)


@composes("added")
def added(mail: ServiceMail) -> Letter | Skip:
    """To somebody whom staff added from a paper form: that they are on the list, and the way out."""
    with transaction.atomic():
        made = Subscription.objects.filter(uuid=mail.about, state=State.ACTIVE).first()
        if made is None:
            return Skip("left")
        subject = "You are on our mailing list"
        return _letter("added", made.address, subject, subscription=made, leave=permanent_url(LEAVE, made.address_hash))


def _read_anew(mail: ServiceMail) -> None:
    """What the row says at this moment, and for as long as this transaction lasts.

    It was read when it was claimed: whoever was erased since has no address in it any more.
    """
    mail.refresh_from_db(fields=["address", "about", "data"], from_queryset=ServiceMail.objects.select_for_update())


def _refusal(mail: ServiceMail) -> str:
    """Why nothing is sent to this address, whatever was asked for; empty if it may."""
    if not mail.address:
        return "erased"
    since = timezone.now() - changes.CONFIRM_WITHIN
    if mail.created_at < since and not (mail.kind == guards.JOIN and guards.were_held_since(since)):
        # Nothing ran for so long: by now it would only puzzle.
        return "stale"
    if changes.is_kept_out(mail.address_hash, Suppression.FINAL):
        return "suppressed"
    return "capped" if guards.address_is_capped(mail) else ""


def _begin(mail: ServiceMail) -> Subscription:
    """The pending subscription that a sign-up asks for."""
    said = mail.data
    choices = changes.Choices(list(Topic.objects.filter(slug__in=said["topics"])), said["frequency"])
    evidence = changes.Evidence(
        "web",
        page=said["page"],
        wording=Wording.objects.get(pk=said["wording"]),
        privacy_notice=said["privacy_notice"],
        at=mail.created_at,
    )
    return changes.ask(mail.address, choices, evidence, name=said["name"], organisation=said["organisation"])


def _confirmation(subscription: Subscription) -> Letter:
    return _letter(
        "confirm",
        subscription.address,
        "Confirm that you want to hear from us",
        subscription=subscription,
        purpose=Token.Purpose.CONFIRM,
    )


def _letter(
    kind: str,
    to: str,
    subject: str,
    subscription: Subscription | None = None,
    purpose: Token.Purpose = Token.Purpose.MANAGE,
    **more: Any,
) -> Letter:
    """The mail of a kind, with a new link for whom it goes to. No word in it was typed into a form."""
    context: dict[str, Any] = {"subject": subject, "subscription": subscription, "label": LABELS.get(kind, ""), **more}
    if subscription:
        context["topics"] = list(subscription.topics.all())
        context["link"] = absolute(with_token(str(purpose.value), tokens.mint(subscription, purpose)))
    written = render(kind, context)
    return Letter(to, subject, written.text, written.html, HEADERS)


def _skipped(mail: ServiceMail, why: str) -> Skip:
    _note(mail, why)
    return Skip(why)


def _note(mail: ServiceMail, outcome: str, *, about: str = "") -> None:
    """Write down what came of a form, and forget what was typed into it: it is in the subscription now, or unwanted."""
    guards.note(mail, outcome)
    mail.about, mail.data = about, {"attempt": mail.data.get("attempt")}
    ServiceMail.objects.filter(pk=mail.pk).update(about=about, data=mail.data)
