"""Opening a round: its form is frozen, so that everybody answers the same questions about the same versions."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.models import (
    Coding,
    FeedbackRound,
    FormVersion,
    Quotation,
    Redaction,
    RoundEvent,
    RoundSession,
)
from engagement.feedback.rounds.session_codes import assign_session_codes
from engagement.feedback.schema import FormPage, FormSchema, Question, RatedProposition, proposition_key
from sectors.models import PropositionPage, PropositionVersion, SectorPage

__all__ = [
    "CannotOpenError",
    "apply_edit",
    "build_schema",
    "close",
    "freeze_form",
    "open_round",
    "opening_problems",
]


class CannotOpenError(ValueError):
    """The round can't be opened as it is. Its message says why."""


def opening_problems(feedback_round: FeedbackRound) -> list[str]:
    """What keeps a round from being opened, each in a sentence. Five queries, and one or two for each session."""
    found = []
    if feedback_round.state == FeedbackRound.State.REPORTED:
        found.append("It is reported back. Take the report back first.")
    found += form_problems(feedback_round)
    if feedback_round.closes_at and feedback_round.closes_at <= timezone.now():
        found.append("The time at which it closes is past.")
    if has_analysis(feedback_round):
        found.append(
            "Its answers are being coded: people who changed theirs would take the words from under the codes."
        )
    return found


def form_problems(feedback_round: FeedbackRound, asked_already: Collection[int] = ()) -> list[str]:
    """What is wrong with what a round asks, each in a sentence. Two queries, and one or two for each session.

    Propositions that people are ``asked_already`` about may stay, though they were withdrawn since.
    """
    asks = [
        (session, [one.proposition for one in session.propositions.select_related("proposition")])
        for session in feedback_round.sessions.all()
    ]
    found = [] if asks or feedback_round.is_standing else ["It has no session."]
    pages = [page for _, propositions in asks for page in propositions]
    versions = newest_versions(pages)
    for session, propositions in asks:
        if not propositions and not session.questions.all():
            found.append(f"The session “{session.title}” asks nothing.")
        found += [
            f"{page.ref} isn’t published, so there is no version to respond to."
            for page in propositions
            if page.pk not in versions or not (page.live or page.pk in asked_already)
        ]
    # A response has one stance on a proposition: a second page about it would write over the first.
    times = Counter(page.ref for page in pages)
    found += [f"{ref} is asked about more than once." for ref, number in times.items() if number > 1]
    return found


def has_analysis(feedback_round: FeedbackRound) -> bool:
    """Whether anything points at words in its answers: a code, a redaction or a quotation."""
    return any(
        spans.objects.filter(response__round=feedback_round).exists() for spans in (Coding, Redaction, Quotation)
    )


def open_round(feedback_round: FeedbackRound, by: Any = None) -> FormVersion:
    """Take answers from now on, or from the round's own time on; again, if it is closed. Raises CannotOpenError."""
    with transaction.atomic():
        locked = FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)
        if problems := opening_problems(locked):
            raise CannotOpenError(" ".join(problems))
        assign_session_codes(locked)
        form = freeze_form(locked)
        locked.state = FeedbackRound.State.OPEN
        locked.save(update_fields=["state"])
        RoundEvent.write(locked, "opened", by, f"with form {form.number}")
    feedback_round.state = locked.state
    return form


def close(feedback_round: FeedbackRound, by: Any = None) -> bool:
    """Take no more answers, and let none be changed. Does nothing to a round that isn't open: whether it was."""
    with transaction.atomic():
        locked = FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)
        was_open = locked.state == FeedbackRound.State.OPEN
        if was_open:
            locked.state = FeedbackRound.State.CLOSED
            locked.save(update_fields=["state"])
            RoundEvent.write(locked, "closed", by)
    feedback_round.state = locked.state
    return was_open


def apply_edit(feedback_round: FeedbackRound, by: Any = None, what: Iterable[str] = ()) -> None:
    """A round was edited, in ``what``. If it takes answers, its form gets a new version where it asks anything else.

    Raises CannotOpenError where an open round would ask what can't be asked: its caller undoes the edit then.
    """
    if feedback_round.state == FeedbackRound.State.DRAFT:
        return
    with transaction.atomic():
        if note := ", ".join(what):
            RoundEvent.write(feedback_round, "edited", by, note)
        feedback_round.invalidate_results()
        if feedback_round.state != FeedbackRound.State.OPEN:
            return
        before = feedback_round.newest_form()
        if problems := form_problems(
            feedback_round, {one.proposition for one in before.schema.propositions()} if before else ()
        ):
            raise CannotOpenError(" ".join(problems))
        assign_session_codes(feedback_round)
        form = freeze_form(feedback_round)
        if before is None or form.number > before.number:
            RoundEvent.write(feedback_round, "form changed", by, f"to form {form.number}")


def freeze_form(feedback_round: FeedbackRound) -> FormVersion:
    """The form as the round stands now: the last version if it says the same, else a new one."""
    content = build_schema(feedback_round).as_data()
    # As the database will give it back.
    content = json.loads(json.dumps(content))
    digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    last = feedback_round.newest_form()
    if last is not None and last.content_hash == digest:
        return last
    return FormVersion.objects.create(
        round=feedback_round, number=last.number + 1 if last else 1, content=content, content_hash=digest
    )


def build_schema(feedback_round: FeedbackRound) -> FormSchema:
    """What the round asks at present, with the newest version of every proposition.

    One that was never published has no version, and is left out; no round is opened with it (``obstacles``). Two
    queries a session, one for all versions, and one for the sectors.
    """
    pages = _standing_pages() if feedback_round.is_standing else _session_pages(feedback_round)
    return FormSchema(
        title=feedback_round.title,
        intro=feedback_round.intro,
        privacy=feedback_round.privacy_text,
        pages=tuple(pages),
        sectors=tuple(SectorPage.objects.live().order_by("path").values_list("title", flat=True)),
    )


def _session_pages(feedback_round: FeedbackRound) -> list[FormPage]:
    sessions = [
        (
            session,
            [one.proposition for one in session.propositions.select_related("proposition__lead_theme__sectorpage")],
        )
        for session in feedback_round.sessions.select_related("about")
    ]
    versions = newest_versions(page for _, propositions in sessions for page in propositions)
    return [_page(session, propositions, versions) for session, propositions in sessions]


def _standing_pages() -> list[FormPage]:
    """A page for each proposition that is published, in the order of the list of propositions. Two queries."""
    live = list(PropositionPage.objects.live().select_related("lead_theme__sectorpage").order_by("path"))
    versions = newest_versions(live)
    rated = [_rated(page, versions[page.pk]) for page in live if page.pk in versions]
    return [FormPage(key=one.key, title=one.title, hue=one.hue, propositions=(one,)) for one in rated]


def newest_versions(propositions: Iterable[Any]) -> dict[int, PropositionVersion]:
    """The newest version of each, by the proposition's key. One query."""
    keys = [page.pk for page in propositions]
    return {
        one.proposition_id: one for one in PropositionVersion.objects.filter(proposition__in=keys).order_by("number")
    }


def _page(session: RoundSession, propositions: list[Any], versions: dict[int, PropositionVersion]) -> FormPage:
    about = session.about.specific if session.about else None
    return FormPage(
        key=str(session.key),
        title=session.title,
        text=session.text,
        hue=getattr(about, "hue", "") or "",
        propositions=tuple(_rated(page, versions[page.pk]) for page in propositions if page.pk in versions),
        questions=tuple(
            Question(
                key=str(question.key),
                text=question.text,
                kind=question.kind,
                hint=question.hint,
                ref=question.ref,
                choices=question.offered_choices(),
                required=question.is_required,
                max_length=question.max_length,
            )
            for question in session.questions.all()
        ),
    )


def _rated(proposition: Any, version: PropositionVersion) -> RatedProposition:
    return RatedProposition(
        key=proposition_key(proposition.pk),
        proposition=proposition.pk,
        version=version.pk,
        number=version.number,
        ref=proposition.ref,
        title=version.title,
        summary=proposition.summary,
        url=f"{proposition.url}v{version.number}/",
        hue=_hue(proposition),
    )


def _hue(proposition: Any) -> str:
    """The colour of the sector that a proposition belongs to first of all."""
    sector = getattr(proposition.lead_theme, "sectorpage", None)
    return sector.hue if sector else ""
