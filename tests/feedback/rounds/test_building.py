"""A round built from what there is: a copy of another, and questions of question sets."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import FeedbackRound, Question, QuestionSet, RoundEvent, RoundQuestion, RoundSession
from engagement.feedback.rounds.building import copy_round
from engagement.feedback.rounds.opening import build_schema, close, open_round
from tests.feedback.builders import submit_answers
from tests.feedback.staff import ANALYST, signed_in

pytestmark = pytest.mark.pg


@pytest.fixture
def sets(db: None) -> list[Question]:
    group = QuestionSet.objects.create(key="kites", title="On kites")
    return [
        Question.objects.create(question_set=group, ref=ref, text=f"What of {ref}?", sort_order=order)
        for order, ref in enumerate(("KQ1", "KQ2", "KQ2a"))
    ]


def asked(round_: FeedbackRound) -> list[tuple]:
    """What a round asks, without the keys that are its own."""
    return [
        (
            *(page.title, page.text, page.accent, page.propositions),
            [(q.text, q.hint, q.kind, q.ref, q.choices, q.required, q.max_length) for q in page.questions],
        )
        for page in build_schema(round_).pages
    ]


class TestCopy:
    def test_it_asks_the_same_under_keys_of_its_own(self, olive: Client, fair: SimpleNamespace):
        submit_answers(fair, comment="It flies.")
        FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy="quotes", suppression_threshold=7)
        answer = olive.post(reverse("feedback_copy", args=[fair.round.pk]), follow=True)
        assert answer.status_code == 200
        copy = FeedbackRound.objects.exclude(pk=fair.round.pk).get()
        assert copy.title == "Copy of The kite fair"
        assert (copy.state, copy.opens_at, copy.closes_at, copy.reported_at) == ("draft", None, None, None)
        assert (copy.publish_policy, copy.suppression_threshold) == ("quotes", 7)
        assert answer.redirect_chain[-1][0].endswith(f"/edit/{copy.pk}/")
        original = FeedbackRound.objects.get(pk=fair.round.pk)
        assert asked(copy) == asked(original)
        for model, path in ((RoundSession, "round"), (RoundQuestion, "session__round")):
            keys = [set(model.objects.filter(**{path: one}).values_list("key", flat=True)) for one in (original, copy)]
            assert len(keys[0]) == len(keys[1]) > 0
            assert not keys[0] & keys[1]
        assert not copy.responses.exists()
        assert not copy.sessions.exclude(code=None).exists()

    def test_a_copy_can_be_opened_and_copied_again(self, fair: SimpleNamespace):
        first = copy_round(fair.round, None)
        second = copy_round(first, None)
        assert len({fair.round.slug, first.slug, second.slug}) == 3
        open_round(FeedbackRound.objects.get(pk=second.pk))
        codes = list(RoundSession.objects.exclude(code=None).values_list("code", flat=True))
        assert len(codes) == len(set(codes)) > 2

    def test_a_long_title_and_a_closed_round(self, fair: SimpleNamespace):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(title="K" * 160, slug="k" * 60)
        close(fair.round)
        copy = copy_round(FeedbackRound.objects.get(pk=fair.round.pk), None)
        copy.full_clean()
        assert copy.state == "draft"

    def test_not_the_standing_round_and_not_by_whoever_may_add_none(self, olive: Client, fair: SimpleNamespace):
        signed_in(ANALYST).post(reverse("feedback_copy", args=[fair.round.pk]))
        FeedbackRound.objects.filter(pk=fair.round.pk).update(is_standing=True)
        olive.post(reverse("feedback_copy", args=[fair.round.pk]))
        assert FeedbackRound.objects.count() == 1


class TestQuestionSets:
    def url(self, fair: SimpleNamespace) -> str:
        return reverse("feedback_take_questions", args=[fair.round.pk])

    def test_they_come_after_those_that_are_there(self, olive: Client, fair: SimpleNamespace, sets: list[Question]):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state="draft")
        page = BeautifulSoup(olive.get(self.url(fair)).content, "html.parser")
        assert {str(one.pk) for one in sets} <= {box["value"] for box in page.select("input[name=questions]")}
        sent = {"session": fair.sessions[0].pk, "questions": [sets[0].pk, sets[2].pk]}
        assert olive.post(self.url(fair), sent).status_code == 302
        rows = list(fair.sessions[0].questions.values_list("ref", "text", "kind"))
        assert rows == [
            ("", "What is missing?", "long"),
            ("KQ1", "What of KQ1?", "long"),
            ("KQ2a", "What of KQ2a?", "long"),
        ]
        # Taken again, nothing stands there twice.
        again = olive.post(self.url(fair), sent | {"questions": [sets[0].pk]}, follow=True)
        assert "1 stood there already" in again.content.decode()
        assert fair.sessions[0].questions.count() == 3

    def test_an_open_round_gets_a_new_form(self, olive: Client, fair: SimpleNamespace, sets: list[Question]):
        olive.post(self.url(fair), {"session": fair.sessions[1].pk, "questions": [sets[1].pk]})
        form = FeedbackRound.objects.get(pk=fair.round.pk).newest_form()
        assert form.number == 2
        assert "What of KQ2?" in [one.text for one in form.schema.questions()]
        assert RoundEvent.objects.filter(round=fair.round, action="form changed").exists()

    @pytest.mark.parametrize("questions", [[], ["0"], ["x"]])
    def test_nothing_ticked_is_said_beside_it(
        self, olive: Client, fair: SimpleNamespace, sets: list[Question], questions: list[str]
    ):
        answer = olive.post(self.url(fair), {"session": fair.sessions[1].pk, "questions": questions})
        assert answer.status_code == 422
        page = BeautifulSoup(answer.content, "html.parser")
        assert page.title.text.strip().startswith("Error: ")
        assert page.find(id="id_questions_error").text
        assert page.select_one("select[name=session] option[selected]")["value"] == str(fair.sessions[1].pk)

    def test_a_closed_round_and_sessions_of_others_take_none(
        self, olive: Client, fair: SimpleNamespace, sets: list[Question]
    ):
        other = copy_round(fair.round, None)
        sent = {"session": other.sessions.first().pk, "questions": [sets[0].pk]}
        assert olive.post(self.url(fair), sent).status_code == 422
        close(fair.round)
        assert olive.post(self.url(fair), sent | {"session": fair.sessions[0].pk}).status_code == 422
        assert "Add these questions" not in olive.get(self.url(fair)).content.decode()
        assert not RoundQuestion.objects.filter(ref="KQ1").exists()
