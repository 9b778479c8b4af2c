"""A round that was reported back, on a served site: its public pages, and those of somebody with a reference."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser.subscriber_pages import run_script
from tools.test_site import Site

#: Run on the site's own data: a round with answers of people and of tables, and a report of it. Prints a reference.
MAKE = """
import json
from engagement.feedback import answering
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.models import *
from engagement.feedback.rounds.opening import close, open_round
from engagement.feedback.responses.text_anchors import place_of_part
from engagement.feedback.responses.parsing import PARTS, Given, Read, Stance
from engagement.feedback.reporting import publishing
from nelis.core.charts import draw_waiting
from sectors.models import PropositionPage

page = PropositionPage.objects.get(ref="P7")
made = FeedbackRound.objects.create(
    title="The kite fair of Exampleshire", slug="kite-fair", intro="What should fly?",
    privacy_text="Two people read it.", publish_policy="anonymous",
)
session = RoundSession.objects.create(round=made, title="Kites")
RatedProposition.objects.create(session=session, proposition=page)
RoundQuestion.objects.create(session=session, text="Which colour?", kind="choice", choices="Red\\nGreen\\nBlue")
RoundQuestion.objects.create(session=session, text="What is missing?", sort_order=1)
form = open_round(FeedbackRound.objects.get(pk=made.pk))
made.refresh_from_db()
(part,) = form.form.pages
rated, (colour, missing) = part.rated[0], part.items

def respond(stance, chosen, words=""):
    key = new_client_key()
    parts = dict.fromkeys(PARTS, "") | {"comment": words}
    read = Read({colour.key: Given(chosen=(chosen,))}, {rated.key: Stance(stance, parts)}, {})
    answering.keep_page(made, form, key, part, read)
    return answering.send(made, key)

for _ in range(7):
    respond("support", "Red")
for _ in range(6):
    respond("oppose", "Green")
mine = respond("support", "Blue", "Kites need wind, and a long tail.")
tables = [respond("unsure", "Red") for _ in range(5)]
Response.objects.filter(pk__in=[one.pk for one in tables]).update(mode="table", people=9)
close(made)
code = Code.objects.create(round=made, name="Wind")
place = place_of_part(page.pk, "comment")
Coding.objects.create(response=mine, code=code, place=place, start=0, end=15)
theme = Theme.objects.create(round=made, title="There is no wind", summary="Many missed the wind.")
theme.codes.add(code)
Theme.objects.create(round=made, title="Tails are short", summary="Some wanted longer ones.", sort_order=1)
official = OfficialResponse.objects.create(
    round=made, you_said="The wind is missing.", decision="changed", reason="We added wind."
)
official.themes.add(theme)
Outcome.objects.create(official_response=official, proposition=page, version=page.versions.get(number=1))
publishing.quote(Quotation(response=mine, place=place, start=0, end=15, theme=theme), None)
publishing.report_back(made, None)
draw_waiting()
print(json.dumps({"reference": mine.reference}))
"""
BASE = "/feedback/kite-fair/"
#: Run on the site's own data: what somebody sees once too many wrong references came from where they are. Others aren't
#: kept out meanwhile: only this process allows none at all.
LIMITED = """
import json
from django.test import Client
from engagement.feedback.reporting import references

references.PER_NETWORK = references.FROM_ANYWHERE = 0
answer = Client(SERVER_NAME="127.0.0.1").post("/feedback/kite-fair/outcome/", {"reference": "0000-0000"})
assert answer.status_code == 429, answer.status_code
print(json.dumps(answer.content.decode()))
"""


@dataclass(frozen=True)
class ReportPage:
    """A page: its path, the status there, and what is sent to it, if anything."""

    path: str
    status: int = 200
    sends: Mapping[str, str] | None = None


KINDS = {
    "feedback-reported": ReportPage(BASE),
    "feedback-results": ReportPage(f"{BASE}results/"),
    "feedback-data": ReportPage(f"{BASE}data/"),
    "feedback-outcome": ReportPage(f"{BASE}outcome/"),
    "feedback-outcome-wrong": ReportPage(f"{BASE}outcome/", 422, {"reference": "0000-0000"}),
    "feedback-outcome-limited": ReportPage(f"{BASE}outcome/", 429, {"reference": "0000-0000"}),
    "feedback-outcome-found": ReportPage(f"{BASE}outcome/", sends={"reference": "reference"}),
    "feedback-outcome-early": ReportPage("/feedback/engagement-summit-2019/outcome/"),
    "feedback-beside": ReportPage("/propositions/driving-the-electric-revolution/"),
}


@functools.cache
def made(site: Site) -> dict[str, str]:
    """What was made, once for a site."""
    found: dict[str, str] = json.loads(run_script(site, MAKE))
    return found


@functools.cache
def limited(site: Site) -> str:
    """The page of somebody who may try no more references."""
    made(site)
    found: str = json.loads(run_script(site, LIMITED))
    return found


def sent(site: Site, kind: str) -> dict[str, str]:
    """What is sent: references differ from site to site."""
    return {name: made(site).get(value, value) for name, value in (KINDS[kind].sends or {}).items()}
