"""People who read answers, and answers to read."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from engagement.feedback import answering
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import Code, FeedbackRound, Respondent, Response
from engagement.feedback.opening import close
from engagement.feedback.reading import PARTS, Given, Read, Stance
from nelis.core.models import User

OFFICER, ANALYST, EDITOR = "Engagement officer", "Analyst", "Content editor"


def person(group: str = OFFICER, name: str = "") -> User:
    """A member of staff."""
    user = User.objects.create_user(name or group, f"{name or 'somebody'}@example.org", "a long password")
    user.groups.add(Group.objects.get(name=group))
    return user


def browser(user: User) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(user)
    return client


def signed_in(group: str) -> Client:
    """Somebody of that group, signed in."""
    return browser(person(group))


def answered(
    fair: SimpleNamespace, text: str = "", *, comment: str = "", stance: str = "support", **who: Any
) -> Response:
    """A response that was sent: ``text`` to a question, ``comment`` on the first proposition, and who answered."""
    key = new_client_key()
    first = fair.form.form.pages[0]
    said = Stance(stance, dict.fromkeys(PARTS, "") | {"comment": comment})
    read = Read({str(fair.why.key): Given(text)}, {first.rated[0].key: said}, {})
    response = answering.keep_page(fair.round, fair.form, key, first, read)
    if who:
        Respondent.objects.create(response=response, **who)
    return answering.send(fair.round, key)


def over(fair: SimpleNamespace) -> FeedbackRound:
    """The round, closed."""
    close(fair.round)
    return FeedbackRound.objects.get(pk=fair.round.pk)


def codes(fair: SimpleNamespace, *names: str) -> list[Code]:
    """Codes of the round, beside each other."""
    return [Code.objects.create(round=fair.round, name=name) for name in names]
