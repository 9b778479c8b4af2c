"""Open, edit and close a round. Its form is frozen: everybody answers the same questions about the same versions."""

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


def opening_problems(round_: FeedbackRound) -> list[str]:
    """What keeps a round from being opened, each in a sentence. Five queries, and one or two for each session."""
    problems = []
    if round_.state == FeedbackRound.State.REPORTED:
        problems.append("It is reported back. Withdraw the report first.")
    problems += form_problems(round_)
    if round_.closes_at and round_.closes_at <= timezone.now():
        problems.append("The time at which it closes is past.")
    if has_analysis(round_):
        problems.append(
            "Its answers are being coded: people who changed theirs would take the words from under the codes."
        )
    return problems


def form_problems(round_: FeedbackRound, asked_already: Collection[int] = ()) -> list[str]:
    """What is wrong with what a round asks, each in a sentence. Two queries, and one or two for each session.

    Propositions that people are ``asked_already`` about may stay, though they were withdrawn since.
    """
    sessions = [
        (session, [rated.proposition for rated in session.propositions.select_related("proposition")])
        for session in round_.sessions.all()
    ]
    problems = [] if sessions or round_.is_standing else ["It has no session."]
    pages = [page for _, propositions in sessions for page in propositions]
    versions = newest_versions(pages)
    for session, propositions in sessions:
        if not propositions and not session.questions.all():
            problems.append(f"The session “{session.title}” asks nothing.")
        problems += [
            f"{page.ref} isn’t published, so there is no version to respond to."
            for page in propositions
            if page.pk not in versions or not (page.live or page.pk in asked_already)
        ]
    # A response has one stance on a proposition: a second page about it would write over the first.
    times = Counter(page.ref for page in pages)
    problems += [f"{ref} is asked about more than once." for ref, number in times.items() if number > 1]
    return problems


def has_analysis(round_: FeedbackRound) -> bool:
    """Whether anything points at words in its answers: a code, a redaction or a quotation."""
    return any(spans.objects.filter(response__round=round_).exists() for spans in (Coding, Redaction, Quotation))


def open_round(round_: FeedbackRound, by: Any = None) -> FormVersion:
    """Open a round, or open it again: it takes answers from now on, or from its own time on. Raises CannotOpenError."""
    with transaction.atomic():
        locked = FeedbackRound.objects.select_for_update().get(pk=round_.pk)
        if problems := opening_problems(locked):
            raise CannotOpenError(" ".join(problems))
        assign_session_codes(locked)
        form = freeze_form(locked)
        locked.state = FeedbackRound.State.OPEN
        locked.save(update_fields=["state"])
        RoundEvent.write(locked, "opened", by, f"with form {form.number}")
    round_.state = locked.state
    return form


def close(round_: FeedbackRound, by: Any = None) -> bool:
    """Close a round: no answer is taken or changed any more. Return whether it was open; else nothing is done."""
    with transaction.atomic():
        locked = FeedbackRound.objects.select_for_update().get(pk=round_.pk)
        was_open = locked.state == FeedbackRound.State.OPEN
        if was_open:
            locked.state = FeedbackRound.State.CLOSED
            locked.save(update_fields=["state"])
            RoundEvent.write(locked, "closed", by)
    round_.state = locked.state
    return was_open


def apply_edit(round_: FeedbackRound, by: Any = None, what: Iterable[str] = ()) -> None:
    """Record that a round was edited, in ``what``; freeze a new form if it takes answers and asks something else.

    Raises CannotOpenError where an open round would ask what can't be asked: its caller undoes the edit then.
    """
    if round_.state == FeedbackRound.State.DRAFT:
        return
    with transaction.atomic():
        if note := ", ".join(what):
            RoundEvent.write(round_, "edited", by, note)
        round_.invalidate_results()
        if round_.state != FeedbackRound.State.OPEN:
            return
        before = round_.newest_form()
        if problems := form_problems(
            round_, {rated.proposition for rated in before.schema.propositions()} if before else ()
        ):
            raise CannotOpenError(" ".join(problems))
        assign_session_codes(round_)
        form = freeze_form(round_)
        if before is None or form.number > before.number:
            RoundEvent.write(round_, "form changed", by, f"to form {form.number}")


def freeze_form(round_: FeedbackRound) -> FormVersion:
    """Freeze the form as the round stands now: return the newest version if it says the same, else a new one."""
    content = build_schema(round_).as_data()
    # As the database will give it back.
    content = json.loads(json.dumps(content))
    digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    last = round_.newest_form()
    if last is not None and last.content_hash == digest:
        return last
    return FormVersion.objects.create(
        round=round_, number=last.number + 1 if last else 1, content=content, content_hash=digest
    )


def build_schema(round_: FeedbackRound) -> FormSchema:
    """What the round asks at present, with the newest version of every proposition.

    One that was never published has no version, and is left out; no round is opened with it (``obstacles``). Two
    queries a session, one for all versions, and one for the sectors.
    """
    pages = _standing_pages() if round_.is_standing else _session_pages(round_)
    return FormSchema(
        title=round_.title,
        intro=round_.intro,
        privacy=round_.privacy_text,
        pages=tuple(pages),
        sectors=tuple(SectorPage.objects.live().order_by("path").values_list("title", flat=True)),
    )


def _session_pages(round_: FeedbackRound) -> list[FormPage]:
    sessions = [
        (
            session,
            [rated.proposition for rated in session.propositions.select_related("proposition__lead_theme__sectorpage")],
        )
        for session in round_.sessions.select_related("about")
    ]
    versions = newest_versions(page for _, propositions in sessions for page in propositions)
    return [_page(session, propositions, versions) for session, propositions in sessions]


def _standing_pages() -> list[FormPage]:
    """A page for each proposition that is published, in the order of the list of propositions. Two queries."""
    live = list(PropositionPage.objects.live().select_related("lead_theme__sectorpage").order_by("path"))
    versions = newest_versions(live)
    propositions = [_rated(page, versions[page.pk]) for page in live if page.pk in versions]
    return [
        FormPage(key=rated.key, title=rated.title, accent=rated.accent, propositions=(rated,)) for rated in propositions
    ]


def newest_versions(propositions: Iterable[Any]) -> dict[int, PropositionVersion]:
    """The newest version of each, by the proposition's key. One query."""
    keys = [page.pk for page in propositions]
    versions = PropositionVersion.objects.filter(proposition__in=keys).order_by("number")
    return {version.proposition_id: version for version in versions}


def _page(session: RoundSession, propositions: list[Any], versions: dict[int, PropositionVersion]) -> FormPage:
    about = session.about.specific if session.about else None
    return FormPage(
        key=str(session.key),
        title=session.title,
        text=session.text,
        accent=getattr(about, "accent", "") or "",
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
        accent=_accent(proposition),
    )


def _accent(proposition: Any) -> str:
    """The colour of the sector that a proposition belongs to first of all."""
    sector = getattr(proposition.lead_theme, "sectorpage", None)
    return sector.accent if sector else ""
