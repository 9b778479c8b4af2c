"""People who read answers, and answers to read."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from engagement.feedback.models import Code, FeedbackRound, Respondent, Response
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.rounds.opening import close
from engagement.feedback.schema import COMMENT_PARTS
from nelis.core.models import User

OFFICER, ANALYST, EDITOR = "Engagement officer", "Analyst", "Content editor"


def make_staff(group: str = OFFICER, name: str = "") -> User:
    """A member of staff."""
    user = User.objects.create_user(name or group, f"{name or 'somebody'}@example.org", "a long password")
    user.groups.add(Group.objects.get(name=group))
    return user


def client_for(user: User) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(user)
    return client


def signed_in(group: str) -> Client:
    """Somebody of that group, signed in."""
    return client_for(make_staff(group))


def submit_response(
    fair: SimpleNamespace, text: str = "", *, comment: str = "", stance: str = "support", **who: Any
) -> Response:
    """A response that was sent: ``text`` to a question, ``comment`` on the first proposition, and who answered."""
    key = new_client_key()
    first = fair.form.schema.pages[0]
    said = StanceData(stance, dict.fromkeys(COMMENT_PARTS, "") | {"comment": comment})
    read = ParsedPage({str(fair.why.key): AnswerData(text)}, {first.propositions[0].key: said}, {})
    response = submissions.save_page(fair.round, fair.form, key, first, read)
    if who:
        Respondent.objects.create(response=response, **who)
    return submissions.submit(fair.round, key)


def close_round(fair: SimpleNamespace) -> FeedbackRound:
    """The round, closed."""
    close(fair.round)
    return FeedbackRound.objects.get(pk=fair.round.pk)


def make_codes(fair: SimpleNamespace, *names: str) -> list[Code]:
    """Codes of the round, beside each other."""
    return [Code.objects.create(round=fair.round, name=name) for name in names]
