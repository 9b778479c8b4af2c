"""Save what people answer, page by page, and submit a response once for good."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from engagement.feedback.models import (
    Answer,
    FeedbackRound,
    FormVersion,
    PropositionResponse,
    Respondent,
    Response,
    RoundSession,
)
from engagement.feedback.responses import throttling
from engagement.feedback.responses.keys import hash_code, new_reference, normalise_code, return_code
from engagement.feedback.responses.parsing import ParsedPage
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.schema import COMMENT_PARTS, FormPage

__all__ = [
    "MAX_TABLE_SIZE",
    "ClosedError",
    "EmptyResponseError",
    "OtherRoundError",
    "RateLimitedError",
    "SubmissionError",
    "find_by_return_code",
    "issue_return_code",
    "save_page",
    "save_paper_response",
    "save_respondent",
    "save_table_size",
    "submit",
]

#: More people than sit at any table.
MAX_TABLE_SIZE = 40


class SubmissionError(ValueError):
    """What was posted can’t be saved or submitted."""


class ClosedError(SubmissionError):
    """The round takes no answers now, or the response was withdrawn."""


class EmptyResponseError(SubmissionError):
    """Nothing is answered, so there is nothing to submit."""


class RateLimitedError(SubmissionError):
    """More new responses came from that network than may within the hour."""


class OtherRoundError(SubmissionError):
    """The key is that of a response to another round."""


def save_page(
    round_: FeedbackRound,
    form: FormVersion,
    client_key: str,
    page: FormPage,
    parsed: ParsedPage,
    session: RoundSession | None = None,
    *,
    people: int = 1,
    throttle_key: str = "",
    is_only_version: bool = False,
) -> Response:
    """Save the answers of one page in place of what was saved for it before. The first page creates the response.

    May be called any number of times with the same answers, from several tabs at once, and after the response was
    submitted. What was given to another version of the form stays as it is unless it is changed; two queries look for
    that, if ``form`` isn’t the only version. The session, for how many ``people`` it speaks, and ``throttle_key`` are
    saved with the first page alone. Raises ClosedError, OtherRoundError, and RateLimitedError for a first page.
    """
    started = Response(round=round_, form=form, client_key=client_key, session=session, throttle_key=throttle_key)
    started.people, started.mode = people, Response.Mode.TABLE if people > 1 else Response.Mode.PERSON
    with transaction.atomic():
        # One statement inserts the response, or locks the one that is there. What is raised later undoes it.
        Response.objects.bulk_create(
            [started], update_conflicts=True, unique_fields=["client_key"], update_fields=["form", "saved_at"]
        )
        # The round as it is now: somebody may have closed it since the request came in.
        response = Response.objects.select_related("round").get(client_key=client_key)
        if response.round_id != round_.pk:
            raise OtherRoundError
        if not response.round.takes_answers() or response.state == Response.State.WITHDRAWN:
            raise ClosedError
        is_new = response.begun_at == started.begun_at
        if is_new and throttle_key and throttling.is_rate_limited(throttle_key):
            raise RateLimitedError
        if not is_new and not is_only_version:
            parsed = _without_unchanged(response, page, parsed)
        _save_answers(response, form, page, parsed)
    return response


def _without_unchanged(response: Response, page: FormPage, parsed: ParsedPage) -> ParsedPage:
    """``parsed`` without what was left as the page showed it, where the page couldn’t show it as it was given.

    That is a choice that isn’t offered any more, and a stance on another version of its proposition: what somebody
    left alone is still what they said of that version.
    """
    saved = SavedResponse.of(response)
    answers, stances = dict(parsed.answers), dict(parsed.stances)
    for question in page.questions:
        answer = saved.answers.get(question.key)
        chosen, offered = set(answer.chosen if answer else ()), set(question.choices)
        if chosen - offered and chosen & offered == set(answers[question.key].chosen):
            del answers[question.key]
    for rated in page.propositions:
        is_other_version = saved.versions.get(rated.key, rated.version) != rated.version
        if is_other_version and stances.get(rated.key) == saved.stances[rated.key]:
            del stances[rated.key]
    return replace(parsed, answers=answers, stances=stances)


def _save_answers(response: Response, form: FormVersion, page: FormPage, parsed: ParsedPage) -> None:
    """Save what was answered on a page; delete the answers and stances that were emptied."""
    answers = {key: answer for key, answer in parsed.answers.items() if answer.text or answer.chosen}
    if emptied := parsed.answers.keys() - answers.keys():
        response.answers.filter(question__in=emptied).delete()
    Answer.objects.bulk_create(
        [
            Answer(response=response, form=form, question=key, text=answer.text, chosen=list(answer.chosen))
            for key, answer in answers.items()
        ],
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["form", "text", "chosen"],
    )
    rated = [(rated, parsed.stances[rated.key]) for rated in page.propositions if rated.key in parsed.stances]
    stances = [(rated, stance) for rated, stance in rated if stance.stance or any(stance.parts.values())]
    if emptied_propositions := {rated.proposition for rated, _ in rated} - {rated.proposition for rated, _ in stances}:
        response.stances.filter(proposition__in=emptied_propositions).delete()
    PropositionResponse.objects.bulk_create(
        [
            PropositionResponse(
                response=response,
                form=form,
                proposition_id=rated.proposition,
                version_id=rated.version,
                stance=stance.stance,
                **stance.parts,
            )
            for rated, stance in stances
        ],
        update_conflicts=True,
        unique_fields=["response", "proposition"],
        update_fields=["form", "version", "stance", *COMMENT_PARTS],
    )


def _lock_open_response(round_: FeedbackRound, client_key: str) -> Response | None:
    """Lock the response to the round with that key; None where no page was saved yet. Raises ClosedError.

    What is locked is the response, until the caller’s transaction ends; the round is read as it is now.
    """
    responses = Response.objects.select_for_update(of=("self",)).select_related("round")
    response = responses.filter(client_key=client_key, round=round_).first()
    if not (response.round if response else round_).takes_answers():
        raise ClosedError
    if response and response.state == Response.State.WITHDRAWN:
        raise ClosedError
    return response


def save_table_size(round_: FeedbackRound, client_key: str, people: int) -> bool:
    """Save for how many people a response speaks: a table of them, or one. False where no page was saved yet.

    Raises ClosedError.
    """
    with transaction.atomic():
        response = _lock_open_response(round_, client_key)
        if response is None or response.mode == Response.Mode.PAPER:
            return False
        response.people, response.mode = people, Response.Mode.TABLE if people > 1 else Response.Mode.PERSON
        response.save(update_fields=["people", "mode"])
    return True


def save_respondent(round_: FeedbackRound, client_key: str, values: dict[str, Any]) -> Respondent:
    """Save what somebody says about themselves, by the names of the fields. Raises ClosedError."""
    with transaction.atomic():
        response = _lock_open_response(round_, client_key)
        if response is None:
            raise ClosedError
        respondent = Respondent(response=response, **values)
        respondent.update_address_hash()
        Respondent.objects.bulk_create(
            [respondent],
            update_conflicts=True,
            unique_fields=["response"],
            update_fields=[*values, "address_hash"],
        )
    return respondent


def submit(round_: FeedbackRound, client_key: str) -> Response:
    """Submit a response, and give it a reference. A second time gives the same reference.

    Raises ClosedError; EmptyResponseError where nothing at all is answered. Which pages were answered doesn’t matter:
    people answer for the sessions that they were in.
    """
    with transaction.atomic():
        response = _lock_open_response(round_, client_key)
        if response is None:
            raise ClosedError
        if response.reference is None:
            _set_submitted(response)
            # That there is something to submit is part of the statement, and no query before it.
            has_rows = [Exists(rows.objects.filter(response=OuterRef("pk"))) for rows in (PropositionResponse, Answer)]
            submitted = {name: getattr(response, name) for name in ("reference", "submitted_at", "state")}
            if not Response.objects.filter(has_rows[0] | has_rows[1], pk=response.pk).update(**submitted):
                raise EmptyResponseError
    return response


def _set_submitted(response: Response) -> None:
    reference = new_reference()
    # Forty bits: this is for the day when it happens all the same.
    while Response.objects.filter(reference=reference).exists():
        reference = new_reference()
    response.reference, response.submitted_at, response.state = reference, timezone.now(), Response.State.SUBMITTED


def issue_return_code(response: Response) -> str:
    """A code to come back with, three groups of four. Asking again gives the same one."""
    code = return_code(response.client_key)
    response.return_code_hash = hash_code(code)
    response.save(update_fields=["return_code_hash"])
    return code


def find_by_return_code(code: str) -> Response | None:
    """The response that a return code belongs to."""
    return Response.objects.filter(return_code_hash=hash_code(code)).first() if normalise_code(code) else None


def save_paper_response(
    response: Response, pages: Sequence[tuple[FormPage, ParsedPage]], values: Mapping[str, Any]
) -> Response:
    """Save and submit a form that was filled in on paper; or correct one that is saved.

    ``response`` says who typed it in, from where, and for which version of the form; ``values`` who answered. Raises
    ClosedError once the round is reported back, before it was ever open, or when the response was withdrawn.
    """
    with transaction.atomic():
        round_ = FeedbackRound.objects.select_for_update().get(pk=response.round_id)
        if round_.state not in (FeedbackRound.State.OPEN, FeedbackRound.State.CLOSED):
            raise ClosedError
        if response.state == Response.State.WITHDRAWN:
            raise ClosedError
        response.mode, response.saved_at = Response.Mode.PAPER, timezone.now()
        if response.reference is None:
            _set_submitted(response)
        response.save()
        for page, parsed in pages:
            _save_answers(response, response.form, page, parsed)
        Respondent.objects.update_or_create(response=response, defaults=values)
    return response
