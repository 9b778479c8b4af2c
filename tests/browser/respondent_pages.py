"""Somebody who answers a round on a served site: the pages of each step, each with a response of its own."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser.subscriber_pages import run_script
from tools.test_site import Site

#: Run on the site's own data: opens the demonstration, makes a response in each state, and prints where they are.
MAKE = """
import json
from urllib.parse import urlsplit
from django.conf import settings
from django.db import transaction
from django.test import Client
from engagement.feedback import answering, standing
from engagement.feedback.demonstration import open_demonstration
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.models import FeedbackRound, RoundQuestion, RoundSession
from engagement.feedback.rounds.opening import close, open_round
from engagement.feedback.responses.parsing import PARTS, Given, Read, Stance
from engagement.feedback.views.navigation import address, page_address
from engagement.mailing_list import subscription_service, tokens
from engagement.mailing_list.models import Token, Topic

made = open_demonstration(3)
form = made.forms.get()
first, second = form.form.pages

def begun():
    key = new_client_key()
    words = dict.fromkeys(PARTS, "") | {"comment": "Words about it, on\\ntwo lines."}
    stances = {one.key: Stance("support", words) for one in first.rated}
    answers = {item.key: Given("Something is missing.") for item in first.items}
    answering.keep_page(made, form, key, first, Read(answers, stances, {}))
    return key

def sent():
    key = begun()
    answering.send(made, key)
    return key

taken_back = sent()
answering.withdraw(answering.kept(taken_back).response)
over = FeedbackRound.objects.create(title="A round that is over", slug="over", intro="Over.", privacy_text="Nobody.")
session = RoundSession.objects.create(round=over, title="The day")
RoundQuestion.objects.create(session=session, text="Was it good?")
opened = FeedbackRound.objects.get(pk=over.pk)
over_form, late = open_round(opened), new_client_key()
(day,) = over_form.form.pages
answering.keep_page(opened, over_form, late, day, Read({day.items[0].key: Given("It was.\\n\\nWindy.")}, {}, {}))
answering.keep_respondent(opened, late, {"name": "Ada Example", "capacity": "self", "may_quote": True})
answering.send(opened, late)
close(over)
key = begun()
one_by_one = standing.standing_round()
each = standing.current(one_by_one).form
code = made.sessions.first().code
browser = Client(headers={"host": urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc})

def text_of(answered, status):
    assert answered.status_code == status, (answered.status_code, answered.content[:500])
    return answered.content.decode()

# What no visitor brings about: the standing round is there from the first day on.
with transaction.atomic():
    FeedbackRound.objects.filter(pk=one_by_one.pk).update(is_standing=False)
    no_responses = text_of(browser.get(each.pages[0].rated[0].respond_url), 404)
    transaction.set_rollback(True)
much = "w" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
too_much = text_of(browser.post(address("answer", made, key, 1), {"form": form.number, first.items[0].key: much}), 413)
nell, theirs = "nell@example.org", begun()
answering.keep_respondent(made, theirs, {"address": nell})
chosen = subscription_service.Preferences(list(Topic.objects.filter(slug="p8")), "weekly")
row = subscription_service.create_pending(nell, chosen, subscription_service.Evidence("web", page="/mailing-list/"))
not_mine = "/feedback/not-mine/?t=" + tokens.create_token(row, Token.Purpose.PREFERENCES)
taken_off = text_of(browser.post(not_mine), 200)
assert "Your address was taken off" in taken_off
nothing_to_take_off = text_of(browser.post(not_mine), 200)
print(json.dumps({
    "step": address("answer", made, new_client_key(), 1),
    "filled": address("answer", made, key, 1),
    "second": address("answer", made, key, 2),
    "changed": address("answer", made, key, 1, changed=1),
    "about-you": address("about_you", made, key),
    "check": address("check", made, key),
    "check-empty": address("check", made, new_client_key()),
    "receipt": address("receipt", made, sent()),
    "withdraw": address("withdraw", made, sent()),
    "withdrawn": address("withdraw", made, taken_back),
    "closed": address("answer", over, new_client_key(), 1),
    "closed-kept": address("answer", over, late, 1),
    "return": f"/feedback/{made.slug}/return/",
    "wall": f"/feedback/wall/{made.sessions.first().code}/",
    "respond": page_address(one_by_one, each, new_client_key(), 8),
    "damaged": address("answer", made, "A" * 32, 1),
    "table": address("table", made, new_client_key(), code=code),
    "roomless": address("answer", made, new_client_key(), 1, code="KT0000", table=8),
    "at-table": address("answer", made, new_client_key(), 1, code=code, table=8),
    "no-responses": no_responses,
    "too-much": too_much,
    "taken-off": taken_off,
    "nothing-to-take-off": nothing_to_take_off,
    "day": day.items[0].key,
    "long": first.items[0].key,
    "form": str(form.number),
}))
"""


@dataclass(frozen=True)
class RespondentPage:
    """A page: which of those above, the status there, and what is sent to it, if anything.

    Of some (``is_text``) the text itself was made above, since a visitor can't bring them about again.
    """

    link: str
    status: int = 200
    sends: Mapping[str, str] | None = None
    is_text: bool = False


KINDS = {
    "feedback-step": RespondentPage("step"),
    "feedback-filled": RespondentPage("filled"),
    "feedback-second": RespondentPage("second"),
    "feedback-changed": RespondentPage("changed"),
    "feedback-wrong": RespondentPage("step", 422, {"form": "1", "long": "x" * 600}),
    "feedback-later": RespondentPage("step", sends={"form": "1", "later": "1"}),
    "feedback-about-you": RespondentPage("about-you"),
    "feedback-about-you-wrong": RespondentPage("about-you", 422, {"address": "kite", "may_contact": "on"}),
    "feedback-check": RespondentPage("check"),
    "feedback-check-empty": RespondentPage("check-empty"),
    "feedback-receipt": RespondentPage("receipt"),
    "feedback-withdraw": RespondentPage("withdraw"),
    "feedback-withdrawn": RespondentPage("withdrawn"),
    "feedback-closed": RespondentPage("closed", 410),
    "feedback-closed-kept": RespondentPage("closed-kept", 410),
    "feedback-closed-typed": RespondentPage("closed", 410, {"form": "1", "day": "It was windy, and I am late."}),
    "feedback-too-much": RespondentPage("too-much", 413, is_text=True),
    "feedback-no-responses": RespondentPage("no-responses", 404, is_text=True),
    "feedback-not-mine": RespondentPage("taken-off", is_text=True),
    "feedback-not-mine-nothing": RespondentPage("nothing-to-take-off", is_text=True),
    "feedback-roomless": RespondentPage("roomless", 422, {"form": "1", "code": "KT0000"}),
    "feedback-respond": RespondentPage("respond"),
    "feedback-respond-wrong": RespondentPage("respond", 422, {"form": "1"}),
    "feedback-damaged": RespondentPage("damaged", 422, {"form": "1"}),
    "feedback-table": RespondentPage("table"),
    "feedback-table-wrong": RespondentPage("table", 422, {"people": "1"}),
    "feedback-at-table": RespondentPage("at-table"),
    "feedback-return": RespondentPage("return"),
    "feedback-wall": RespondentPage("wall"),
    "feedback-return-wrong": RespondentPage("return", 422, {"code": "0000"}),
}


@functools.cache
def paths(site: Site) -> dict[str, str]:
    """Where everything is, made once for a site."""
    found: dict[str, str] = json.loads(run_script(site, MAKE))
    return found


def sent(site: Site, step: RespondentPage) -> dict[str, str]:
    """What is sent: the names of questions differ from site to site."""
    return {paths(site)[name] if name in ("long", "day") else name: value for name, value in (step.sends or {}).items()}
