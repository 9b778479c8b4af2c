"""A round with 50,000 responses, and one file of them: run by itself, so that its memory is its own.

``python -m tests.feedback.analysis.large_export DATABASE fill`` makes them; with ``csv``, ``xlsx`` or ``json``
instead, it takes a file and prints how many bytes it had, and by how much the process grew meanwhile; with ``open``,
the open data.
"""

import json
import os
import resource
import sys

RESPONSES = 50_000
BATCH = 5_000


def main() -> None:
    database, what = sys.argv[1:]
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nelis.settings.test")
    import django

    django.setup()
    if what == "fill":
        fill()
    else:
        publish() if what == "open" else take(what)


def fill() -> None:
    from django.utils import timezone

    from engagement.feedback.models import (
        Answer,
        Code,
        Coding,
        FeedbackRound,
        Redaction,
        Respondent,
        Response,
        RoundQuestion,
        RoundSession,
    )
    from engagement.feedback.responses.keys import new_client_key
    from engagement.feedback.rounds.opening import close, open_round

    asked = FeedbackRound.objects.create(title="Many", slug="many", intro="x", privacy_text="x")
    session = RoundSession.objects.create(round=asked, title="Kites")
    questions = [RoundQuestion.objects.create(session=session, text=f"Question {n}", sort_order=n) for n in range(2)]
    form = open_round(FeedbackRound.objects.get(pk=asked.pk))
    close(asked)
    code = Code.objects.create(round=asked, name="Wind")
    for start in range(0, RESPONSES, BATCH):
        made = Response.objects.bulk_create(
            Response(
                round=asked,
                form=form,
                client_key=(key := new_client_key()),
                reference=key[:12],
                state="submitted",
                submitted_at=timezone.now(),
            )
            for _ in range(start, start + BATCH)
        )
        Respondent.objects.bulk_create(Respondent(response=one, name="Ada Example") for one in made)
        Answer.objects.bulk_create(
            Answer(response=one, form=form, question=question.key, text="Wind over Exampleshire. " * 4)
            for one in made
            for question in questions
        )
        place = {"anchor": str(questions[0].key), "start": 0, "end": 4}
        Coding.objects.bulk_create(Coding(response=one, code=code, **place) for one in made[::3])
        Redaction.objects.bulk_create(Redaction(response=one, reason="personal", **place) for one in made[::10])


def take(kind: str) -> None:
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.urls import reverse

    from engagement.feedback.models import Export, FeedbackRound
    from nelis.core.models import User

    user, _ = User.objects.get_or_create(username=f"officer-{kind}", email="officer@example.org")
    user.groups.add(Group.objects.get(name="Engagement officer"))
    client = Client()
    client.force_login(user)
    asked = FeedbackRound.objects.get(slug="many")
    empty = FeedbackRound.objects.create(title="Empty", slug=f"empty-{kind}", intro="x", privacy_text="x")
    said = {"shape": "answers", "format": kind, "personal": "on", "reason": "So"}
    # Once without any answers: everything that is loaded once is there.
    size(client.post(reverse("feedback_exports", args=[empty.pk]), said))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    number = size(client.post(reverse("feedback_exports", args=[asked.pk]), said))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    responses = Export.objects.filter(round=asked, format=kind).first().responses
    print(json.dumps({"bytes": number, "grown": grown, "responses": responses}))  # noqa: T201 - for whoever ran it


def publish() -> None:
    from django.test import Client
    from django.utils import timezone

    from engagement.feedback.models import FeedbackRound, Response

    reported = {"state": "reported", "publish_policy": "anonymous", "reported_at": timezone.now()}
    FeedbackRound.objects.create(title="None", slug="none", intro="x", privacy_text="x", **reported)
    FeedbackRound.objects.filter(slug="many").update(**reported)
    Response.objects.update(state="published")
    client = Client()
    size(client.get("/feedback/none/data/answers.csv"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = client.get("/feedback/many/data/answers.csv")
    pieces = [len(piece) for piece in response.streaming_content]
    response.close()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(json.dumps({"bytes": sum(pieces), "grown": grown, "rows": len(pieces) - 1}))  # noqa: T201 - as above


def size(response: object) -> int:
    number = sum(len(piece) for piece in response.streaming_content)
    response.close()
    return number


if __name__ == "__main__":
    main()
