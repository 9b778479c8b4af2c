"""Rounds and answers for tests in the browser.

Each function runs on the data of a served site: ``run_on(site, feedback_data.make_reported_round)``.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings

from engagement.feedback.analysis import agreement, code_frame, coding_workflow, export_log, text_spans
from engagement.feedback.analysis.charts import staff_charts
from engagement.feedback.demonstration import open_demonstration
from engagement.feedback.models import (
    Answer,
    Code,
    Coding,
    FeedbackRound,
    FormVersion,
    OfficialResponse,
    Outcome,
    PropositionResponse,
    Quotation,
    Respondent,
    Response,
    RoundProposition,
    RoundQuestion,
    RoundSession,
    Theme,
)
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import publishing, reference_lookup
from engagement.feedback.responses import submissions, throttling
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.responses.saved_response import load_saved_response, texts_by_anchor
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.rounds import standing_round
from engagement.feedback.rounds.opening import close, open_round
from engagement.feedback.schema import COMMENT_PARTS, FormPage
from engagement.feedback.views.navigation import form_page_url, response_url
from engagement.mailing_list import subscription_service
from engagement.mailing_list.links import create_token
from engagement.mailing_list.models import Token, Topic
from nelis.core import charts
from nelis.core.models import User
from sectors.models import PropositionPage
from tests.browser.staff_accounts import make_staff

KITE_FAIR = "kite-fair"
NO_COMMENTS = dict.fromkeys(COMMENT_PARTS, "")
LONG_COMMENT = "Kites over Exampleshire need more wind, more string and more people who know how tails are made. "


def save_first_page(
    feedback_round: FeedbackRound,
    form: FormVersion,
    answers: dict[str, AnswerData] | None = None,
    stances: dict[str, StanceData] | None = None,
    session: RoundSession | None = None,
) -> str:
    """A response that was begun: its key."""
    key = new_client_key()
    page = ParsedPage(answers or {}, stances or {}, {})
    submissions.save_page(feedback_round, form, key, form.schema.pages[0], page, session)
    return key


def stances_on(page: FormPage, stance: str, comment: str = "") -> dict[str, StanceData]:
    """The same stance on every proposition of a page."""
    return {rated.key: StanceData(stance, NO_COMMENTS | {"comment": comment}) for rated in page.propositions}


def make_respondent_pages() -> dict[str, str]:
    """Open the demonstration, with a response in each state; the addresses of their pages."""
    demonstration = open_demonstration(3)
    form = demonstration.forms.get()
    first = form.schema.pages[0]

    def begin() -> str:
        answers = {question.key: AnswerData("Something is missing.") for question in first.questions}
        stances = stances_on(first, "support", "Words about it, on\ntwo lines.")
        return save_first_page(demonstration, form, answers, stances)

    def send() -> str:
        key = begin()
        submissions.submit(demonstration, key)
        return key

    def url(name: str, key: str, *arguments: Any, **query: Any) -> str:
        return response_url(name, demonstration, key, *arguments, **query)

    withdrawn = send()
    withdrawals.withdraw(load_saved_response(withdrawn).response)
    key = begin()
    standing = standing_round.get_standing_round()
    code = demonstration.sessions.first().code
    return {
        "step": url("answer", new_client_key(), 1),
        "filled": url("answer", key, 1),
        "second": url("answer", key, 2),
        "changed": url("answer", key, 1, changed=1),
        "about-you": url("about_you", key),
        "check": url("check", key),
        "check-empty": url("check", new_client_key()),
        "receipt": url("receipt", send()),
        "withdraw": url("withdraw", send()),
        "withdrawn": url("withdraw", withdrawn),
        "return": f"/feedback/{demonstration.slug}/return/",
        "wall": f"/feedback/wall/{code}/",
        "respond": form_page_url(standing, standing_round.current_form_version(standing).schema, new_client_key(), 8),
        "damaged": url("answer", "A" * 32, 1),
        "table": url("table", new_client_key(), code=code),
        "roomless": url("answer", new_client_key(), 1, code="KT0000", table=8),
        "at-table": url("answer", new_client_key(), 1, code=code, table=8),
        "long": first.questions[0].key,
        "form": str(form.number),
        **closed_round(),
        **rare_pages(demonstration, key, begin()),
    }


def closed_round() -> dict[str, str]:
    """A round that is over, with one answer in it."""
    made = FeedbackRound.objects.create(
        title="A round that is over", slug="over", intro="Over.", privacy_text="Nobody."
    )
    session = RoundSession.objects.create(round=made, title="The day")
    question = RoundQuestion.objects.create(session=session, text="Was it good?")
    opened = FeedbackRound.objects.get(pk=made.pk)
    form = open_round(opened)
    key = save_first_page(opened, form, {str(question.key): AnswerData("It was.\n\nWindy.")})
    submissions.save_respondent(opened, key, {"name": "Ada Example", "capacity": "self", "may_quote": True})
    submissions.submit(opened, key)
    close(made)
    return {
        "closed": response_url("answer", made, new_client_key(), 1),
        "closed-kept": response_url("answer", made, key, 1),
        "day": str(question.key),
    }


def rare_pages(demonstration: FeedbackRound, key: str, of_another: str) -> dict[str, str]:
    """The text of pages that no visitor brings about twice."""
    browser = Client(headers={"host": urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc})

    def text_of(response: Any, status: int) -> str:
        assert response.status_code == status, (response.status_code, response.content[:500])
        return str(response.content.decode())

    standing = standing_round.get_standing_round()
    respond_url = standing_round.current_form_version(standing).schema.pages[0].propositions[0].respond_url
    # The standing round is there from the first day on.
    with transaction.atomic():
        FeedbackRound.objects.filter(pk=standing.pk).update(is_standing=False)
        no_responses = text_of(browser.get(respond_url), 404)
        transaction.set_rollback(True)
    form = demonstration.forms.get()
    too_long = {
        "form": form.number,
        form.schema.pages[0].questions[0].key: "w" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
    }
    too_much = text_of(browser.post(response_url("answer", demonstration, key, 1), too_long), 413)
    submissions.save_respondent(demonstration, of_another, {"address": "nell@example.org"})
    chosen = subscription_service.Preferences(list(Topic.objects.filter(slug="p8")), "weekly")
    evidence = subscription_service.Evidence("web", page="/mailing-list/")
    subscription = subscription_service.create_pending("nell@example.org", chosen, evidence)
    token = create_token(subscription, Token.Purpose.PREFERENCES)
    not_mine, withdraw_mine = (f"/feedback/{name}/?t={token}" for name in ("not-mine", "withdraw-mine"))
    to_withdraw = text_of(browser.get(withdraw_mine), 200)
    assert "Withdraw it" in to_withdraw
    taken_off = text_of(browser.post(not_mine), 200)
    assert "Your address was taken off" in taken_off
    return {
        "no-responses": no_responses,
        "too-much": too_much,
        "taken-off": taken_off,
        "nothing-to-take-off": text_of(browser.post(not_mine), 200),
        "withdraw-mine": to_withdraw,
        "nothing-to-withdraw": text_of(browser.get(withdraw_mine), 200),
    }


def make_reported_round() -> str:
    """A round with answers of people and of tables, and a report of it. The reference of one response."""
    proposition = PropositionPage.objects.get(ref="P7")
    made = make_kite_fair("anonymous")
    session = RoundSession.objects.create(round=made, title="Kites")
    RoundProposition.objects.create(session=session, proposition=proposition)
    colours = {"kind": "choice", "choices": "Red\nGreen\nBlue"}
    colour = str(RoundQuestion.objects.create(session=session, text="Which colour?", **colours).key)
    RoundQuestion.objects.create(session=session, text="What is missing?", sort_order=1)
    form = open_round(FeedbackRound.objects.get(pk=made.pk))
    made.refresh_from_db()

    def respond(stance: str, chosen: str, words: str = "") -> Response:
        stances = stances_on(form.schema.pages[0], stance, words)
        key = save_first_page(made, form, {colour: AnswerData(chosen=(chosen,))}, stances)
        return submissions.submit(made, key)

    for number in range(13):
        respond(*(("support", "Red") if number < 7 else ("oppose", "Green")))
    mine = respond("support", "Blue", "Kites need wind, and a long tail.")
    tables = [respond("unsure", "Red").pk for _ in range(5)]
    Response.objects.filter(pk__in=tables).update(mode="table", people=9)
    close(made)
    code = Code.objects.create(round=made, name="Wind")
    anchor = part_anchor(proposition.pk, "comment")
    Coding.objects.create(response=mine, code=code, anchor=anchor, start=0, end=15)
    theme = Theme.objects.create(round=made, title="There is no wind", summary="Many missed the wind.")
    theme.codes.add(code)
    Theme.objects.create(round=made, title="Tails are short", summary="Some wanted longer ones.", sort_order=1)
    official = OfficialResponse.objects.create(
        round=made, you_said="The wind is missing.", decision="changed", reason="We added wind."
    )
    official.themes.add(theme)
    version = proposition.versions.get(number=1)
    Outcome.objects.create(official_response=official, proposition=proposition, version=version)
    publishing.add_quotation(Quotation(response=mine, anchor=anchor, start=0, end=15, theme=theme), None)
    publishing.report_back(made, None)
    charts.draw_pending()
    return str(mine.reference)


def make_kite_fair(publish_policy: str) -> FeedbackRound:
    """A round without sessions."""
    return FeedbackRound.objects.create(
        title="The kite fair of Exampleshire",
        slug=KITE_FAIR,
        intro="What should fly?",
        privacy_text="Two people read it.",
        publish_policy=publish_policy,
    )


def outcome_page_when_limited() -> str:
    """The page of somebody from whose network too many wrong references came. Nobody else is kept out."""
    reference_lookup.LIMIT_PER_NETWORK = reference_lookup.LIMIT_UNKNOWN_NETWORK = 0
    browser = Client(SERVER_NAME="127.0.0.1")
    response = browser.post(f"/feedback/{KITE_FAIR}/outcome/", {"reference": "0000-0000"})
    assert response.status_code == 429, response.status_code
    return response.content.decode()


def open_demonstration_round() -> list[str]:
    """Open the demonstration without answers; the codes of its sessions."""
    return [session.code for session in open_demonstration(0).sessions.all()]


def list_responses() -> list[list[object]]:
    """State, mode, people and reference of each response."""
    return [list(row) for row in Response.objects.order_by("pk").values_list("state", "mode", "people", "reference")]


def answer_page_when_crowded() -> str:
    """The page of somebody from whose network too many responses came, with what they typed."""
    throttling.MAX_PER_NETWORK = 0
    question = FeedbackRound.objects.get(slug="demonstration").newest_form().schema.pages[0].questions[0].key
    url = f"/feedback/demonstration/answer/1/?k={new_client_key()}"
    before = Response.objects.count()
    with override_settings(CLIENT_ADDRESS_HEADER="REMOTE_ADDR", ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        response = Client().post(url, {"form": "1", "code": "AA0000", question: "Words that wait."})
    assert (response.status_code, Response.objects.count()) == (429, before)
    return response.content.decode()


def hire_for_demonstration() -> int:
    """Make an officer; the key of the demonstration."""
    make_staff("officer", "Engagement officer")
    return FeedbackRound.objects.get(slug="demonstration").pk


def make_wall_room() -> dict[str, Any]:
    """Somebody who runs rounds, and a round of forty made-up responses from one room."""
    make_staff("facilitator", "Engagement officer")
    made = open_demonstration(40)
    session = made.sessions.order_by("sort_order").first()
    Response.objects.filter(round=made).update(session=session)
    return {"code": session.code, "round": made.pk, "session": session.pk}


def add_support() -> None:
    """Forty-five responses more from the same room, all for it."""
    made = FeedbackRound.objects.get(slug="demonstration")
    form = made.forms.get()
    session = made.sessions.order_by("sort_order").first()
    for _ in range(45):
        key = save_first_page(made, form, {}, stances_on(form.schema.pages[0], "strongly_support"), session)
        submissions.submit(made, key)


def make_closed_round(text: str, quoted: str) -> int:
    """Two officers and a closed round with one answer, whose first words have a code. The key of the round."""
    make_staff("officer", "Engagement officer")
    make_staff("colleague", "Engagement officer")
    made = make_kite_fair("quotes")
    session = RoundSession.objects.create(round=made, title="Kites")
    question = RoundQuestion.objects.create(session=session, text="What is missing?")
    form = open_round(FeedbackRound.objects.get(pk=made.pk))
    made.refresh_from_db()
    key = save_first_page(made, form, {str(question.key): AnswerData(text)})
    submissions.save_respondent(made, key, {"name": "Wilma Weather", "may_quote": True})
    response = submissions.submit(made, key)
    close(made)
    code = Code.objects.create(round=made, name="Wind")
    Coding.objects.create(response=response, code=code, anchor=str(question.key), start=0, end=len(quoted))
    return made.pk


def hire_for_round() -> None:
    """Who builds rounds, who publishes what came of them, and who reviews what the strategy says."""
    make_staff("officer", "Engagement officer")
    make_staff("colleague", "Engagement officer")
    make_staff("reviewer", "Analyst", "Publisher")


def add_other_answers() -> None:
    """Twelve others answer the kite fair, so that there are numbers to show."""
    made = FeedbackRound.objects.get(slug=KITE_FAIR)
    form = made.forms.get()
    for number in range(12):
        stances = stances_on(form.schema.pages[0], "oppose" if number % 2 else "support")
        submissions.submit(made, save_first_page(made, form, {}, stances))


def draw_charts() -> None:
    """Draw the charts that wait, as a periodic task does."""
    charts.draw_pending()


def make_coded_round() -> dict[str, int]:
    """A closed round with made-up answers, two coders, and something on every page for staff. The keys of it all."""
    make_staff("officer", "Engagement officer")
    make_staff("colleague", "Engagement officer")
    officer, colleague = (User.objects.get(username=name) for name in ("officer", "colleague"))
    made = open_demonstration(60)
    empty = FeedbackRound.objects.create(title="A round without answers", slug="none", intro="x", privacy_text="x")
    written = list(coding_workflow.with_text(made.responses.all()).order_by("pk"))
    PropositionResponse.objects.filter(response__in=written[:2]).update(comment=LONG_COMMENT)
    for number, response in enumerate(written[:6]):
        person = {"name": f"Ada Example {number}", "address": "ada@example.org"}
        Respondent.objects.create(response=response, capacity="self", **person)
    close(made)
    weather = Code(round=made, name="Weather", description="Wind, rain and whatever else comes from above.")
    code_frame.save_code(weather, officer)
    wind, string = Code(round=made, name="Wind", parent=weather), Code(round=made, name="String")
    for code in (wind, string):
        code_frame.save_code(code, officer)
    for number, response in enumerate(written[:5]):
        anchor, words = [*texts_by_anchor(response).items()][-1]
        for by in (officer, colleague):
            if by == officer or number % 2:
                text_spans.apply_codes(response, anchor, (0, min(12, len(words))), [wind], by)
            if number == 0:
                text_spans.apply_codes(response, anchor, (6, min(20, len(words))), [string], by)
            coding_workflow.complete_coding(response, by)
    for response in written[5:8]:
        coding_workflow.complete_coding(response, colleague)
    text_spans.redact_spans(written[0], [*texts_by_anchor(written[0])][-1], [(24, 28)], "personal", officer)
    agreement.adjudicate(written[2], wind, True, officer)
    export_log.record_export(made, {"shape": "answers", "format": "csv"}, officer)
    withdrawals.withdraw(written[-1])
    for chart in [chart for group in staff_charts(made) for chart in group]:
        charts.request_drawing(chart)
    charts.draw_pending()
    return {
        "round": made.pk,
        "empty": empty.pk,
        "code": wind.pk,
        "read": written[0].pk,
        "unread": written[9].pk,
        "second": written[6].pk,
        "withdrawn": written[-1].pk,
        "other": written[10].pk,
    }


def rewrite_response(key: int, text: str) -> None:
    """Let a response say this, and nothing else."""
    response = Response.objects.get(pk=key)
    response.stances.update(comment="")
    response.answers.exclude(text="").delete()
    question = next(question for question in response.form.schema.questions() if question.kind == "long")
    values = {"form": response.form, "text": text}
    Answer.objects.update_or_create(response=response, question=question.key, defaults=values)
