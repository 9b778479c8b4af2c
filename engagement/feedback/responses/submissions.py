"""Keeping what people answer: page by page, so that nothing they sent is lost, and sent in once for good."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from engagement.feedback.models import (
    Answer,
    FeedbackRound,
    FormVersion,
    OutcomeMail,
    PropositionResponse,
    Respondent,
    Response,
    RoundEvent,
    RoundSession,
)
from engagement.feedback.responses import previous_versions, throttling
from engagement.feedback.responses.keys import hash_code, new_reference, normalise_code, return_code
from engagement.feedback.responses.parsing import COMMENT_PARTS, AnswerData, ParsedPage, StanceData
from engagement.feedback.responses.queries import answers_of, find_response, stances_of
from engagement.feedback.schema import FormPage
from nelis.core.models import ContentVersion

__all__ = [
    "MAX_TABLE_SIZE",
    "ClosedError",
    "EmptyResponseError",
    "RateLimitedError",
    "SavedResponse",
    "find_by_return_code",
    "issue_return_code",
    "load_saved_response",
    "save_page",
    "save_paper_response",
    "save_respondent",
    "save_table_size",
    "submit",
    "withdraw",
]


#: More people than sit at any table.
MAX_TABLE_SIZE = 40


class ClosedError(ValueError):
    """The round takes no answers now, or these were withdrawn."""


class EmptyResponseError(ValueError):
    """Nothing is answered, so there is nothing to send."""


class RateLimitedError(ValueError):
    """More new responses came from there than may within the hour."""


@dataclass(frozen=True, slots=True)
class SavedResponse:
    """What is kept of a response: answers by the question's key, stances by the key of what is rated."""

    response: Response | None
    answers: dict[str, AnswerData]
    stances: dict[str, StanceData]
    #: The version, by its key, that each stance was given to.
    versions: dict[str, int] = field(default_factory=dict)


def load_saved_response(client_key: str) -> SavedResponse:
    """Everything kept under a key so far. Three queries; nothing is kept before the first page was sent."""
    response = find_response(client_key)
    if response is None:
        return SavedResponse(None, {}, {})
    answers = {str(one.question): AnswerData(one.text, tuple(one.chosen)) for one in answers_of(response)}
    rows = {f"p{one.proposition_id}": one for one in stances_of(response)}
    versions = {key: one.version_id for key, one in rows.items()}
    return SavedResponse(
        response, answers, {key: previous_versions.stance_data(one) for key, one in rows.items()}, versions
    )


def save_page(
    feedback_round: FeedbackRound,
    form: FormVersion,
    client_key: str,
    page: FormPage,
    read: ParsedPage,
    session: RoundSession | None = None,
    *,
    people: int = 1,
    throttle_key: str = "",
) -> Response:
    """Keep the answers of one page, in the place of what was kept for it before.

    May be called any number of times with the same answers, from several tabs at once. What was sent already can be
    changed until the round closes. What was given to another version of the form stays as it is, unless it is changed:
    a choice that the page doesn't offer, a stance on another version of its proposition. Through which session it came
    in, for how many ``people``, and by what it is counted (``limits.came_from``) is taken down with the first page.
    Raises ClosedError; CrowdedError for a first page; Response.DoesNotExist for the key of answers to another round.
    """
    begun = Response(round=feedback_round, form=form, client_key=client_key, session=session, throttle_key=throttle_key)
    _seat(begun, people)
    with transaction.atomic():
        response = _response(feedback_round, begun)
        if previous_versions.may_exist(feedback_round, form) and not _is_new(response, begun):
            read = previous_versions.without_unchanged(response, page, read)
        _keep_answers(response, form, read)
        _keep_stances(response, form, page, read)
    return response


def _is_new(response: Response, begun: Response) -> bool:
    return response.begun_at == begun.begun_at


def _seat(response: Response, people: int) -> None:
    response.people = people
    response.mode = Response.Mode.TABLE if people > 1 else Response.Mode.PERSON


def _response(feedback_round: FeedbackRound, begun: Response) -> Response:
    """The response of that key, locked until the transaction ends: ``begun`` itself, if there was none."""
    # One statement makes it, or locks what is there and says that it was saved now.
    Response.objects.bulk_create(
        [begun], update_conflicts=True, unique_fields=["client_key"], update_fields=["form", "saved_at"]
    )
    # What is raised from here on undoes it.
    response = find_response(begun.client_key)
    if response is None or response.round_id != feedback_round.pk:
        raise Response.DoesNotExist
    _make_sure_it_is_taken(feedback_round, response)
    if _is_new(response, begun) and begun.throttle_key and throttling.is_rate_limited(begun.throttle_key):
        raise RateLimitedError
    return response


def save_table_size(feedback_round: FeedbackRound, client_key: str, people: int) -> bool:
    """Keep for how many people the answers speak: a table of them, or one. Raises ClosedError.

    Gives False, and does nothing, where no page was kept yet.
    """
    with transaction.atomic():
        response = find_response(client_key, lock=True)
        if response is None or response.round_id != feedback_round.pk:
            if not feedback_round.takes_answers():
                raise ClosedError
            return False
        _make_sure_it_is_taken(feedback_round, response)
        if response.mode == Response.Mode.PAPER:
            return False
        _seat(response, people)
        response.save(update_fields=["people", "mode"])
    return True


def _keep_answers(response: Response, form: FormVersion, read: ParsedPage) -> None:
    given = {key: answer for key, answer in read.answers.items() if answer}
    emptied = read.answers.keys() - given.keys()
    if emptied:
        response.answers.filter(question__in=emptied).delete()
    Answer.objects.bulk_create(
        [
            Answer(response=response, form=form, question=key, text=answer.text, chosen=list(answer.chosen))
            for key, answer in given.items()
        ],
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["form", "text", "chosen"],
    )


def _keep_stances(response: Response, form: FormVersion, page: FormPage, read: ParsedPage) -> None:
    rated = {one.key: one for one in page.rated if one.key in read.stances}
    emptied = [one.proposition for key, one in rated.items() if not read.stances[key]]
    if emptied:
        response.stances.filter(proposition__in=emptied).delete()
    PropositionResponse.objects.bulk_create(
        [
            PropositionResponse(
                response=response,
                form=form,
                proposition_id=one.proposition,
                version_id=one.version,
                stance=read.stances[key].stance,
                **read.stances[key].parts,
            )
            for key, one in rated.items()
            if read.stances[key]
        ],
        update_conflicts=True,
        unique_fields=["response", "proposition"],
        update_fields=["form", "version", "stance", *COMMENT_PARTS],
    )


def save_respondent(feedback_round: FeedbackRound, client_key: str, said: dict[str, Any]) -> Respondent:
    """Keep what somebody says about themselves, by the names of the fields. Raises ClosedError."""
    with transaction.atomic():
        response = _taking_answers(feedback_round, client_key)
        respondent = Respondent(response=response, **said)
        respondent.update_address_hash()
        Respondent.objects.bulk_create(
            [respondent],
            update_conflicts=True,
            unique_fields=["response"],
            update_fields=[*said, "address_hash"],
        )
    return respondent


def _taking_answers(feedback_round: FeedbackRound, client_key: str) -> Response:
    """The response of that key, locked. Raises ClosedError where nothing may be added to it."""
    response = find_response(client_key, lock=True)
    if response is None or response.round_id != feedback_round.pk:
        raise ClosedError
    _make_sure_it_is_taken(feedback_round, response)
    return response


def _make_sure_it_is_taken(feedback_round: FeedbackRound, response: Any) -> None:
    """Raises ClosedError where the round takes no answers, or not this one.

    ``feedback_round`` was read when the request came in. Whether somebody closed it since, ``response`` says.
    """
    is_open = feedback_round.takes_answers() and response.round_state == FeedbackRound.State.OPEN
    if not is_open or response.state == Response.State.WITHDRAWN:
        raise ClosedError


def submit(feedback_round: FeedbackRound, client_key: str) -> Response:
    """Send the kept answers in, and give them a receipt. A second time gives the same receipt.

    Raises ClosedError; EmptyError where nothing at all is answered. Which pages were answered doesn't matter: people
    answer for the sessions that they were in.
    """
    with transaction.atomic():
        response = _taking_answers(feedback_round, client_key)
        if response.reference is None:
            response.reference, response.submitted_at = _free_reference(), timezone.now()
            response.state = Response.State.SUBMITTED
            # That there is something to send is part of the statement, and no question before it.
            says = [Exists(rows.objects.filter(response=OuterRef("pk"))) for rows in (PropositionResponse, Answer)]
            sent = {name: getattr(response, name) for name in ("reference", "submitted_at", "state")}
            if not Response.objects.filter(says[0] | says[1], pk=response.pk).update(**sent):
                raise EmptyResponseError
    return response


def _free_reference() -> str:
    while True:
        code = new_reference()
        # Forty bits: this is for the day when it happens all the same.
        if not Response.objects.filter(reference=code).exists():
            return code


def issue_return_code(response: Response) -> str:
    """A code to come back with, three groups of four. Asking again gives the same one."""
    code = return_code(response.client_key)
    response.return_code_hash = hash_code(code)
    response.save(update_fields=["return_code_hash"])
    return code


def find_by_return_code(code: str) -> Response | None:
    """The response that a return code belongs to."""
    return Response.objects.filter(return_code_hash=hash_code(code)).first() if normalise_code(code) else None


def withdraw(response: Response) -> None:
    """Take the answers out of everything that counts or shows them, and delete what was said and who said it."""
    with transaction.atomic():
        locked: Any = Response.objects.select_for_update().get(pk=response.pk)
        # What was made of the words points at them, and has no meaning without them.
        for rows in (
            locked.codings,
            locked.redactions,
            locked.quotations,
            locked.completed_codings,
            locked.adjudications,
        ):
            rows.all().delete()
        locked.approvals.all().delete()
        locked.answers.all().delete()
        locked.stances.all().delete()
        if hasattr(locked, "respondent"):
            locked.respondent.delete()
        OutcomeMail.objects.detach_responses([locked])
        locked.state, locked.withdrawn_at, locked.provenance = Response.State.WITHDRAWN, timezone.now(), ""
        locked.save(update_fields=["state", "withdrawn_at", "provenance"])
        _free_duplicates(locked)
        # Published results are made anew without them.
        if locked.round.state == FeedbackRound.State.REPORTED:
            ContentVersion.bump()


def _free_duplicates(gone: Response) -> None:
    """Count again what was found to repeat answers that are withdrawn now: else nothing of it would count for ever.

    Where there are several, they are suspected of repeating each other, so staff decide anew.
    """
    freed = list(gone.duplicates.order_by("pk"))
    if freed:
        gone.duplicates.update(duplicate_of=None)
    for one in freed:
        RoundEvent.write(gone.round, "unmarked duplicate", note=f"of {gone}, which was withdrawn", response=one)


def save_paper_response(
    response: Response, pages: Sequence[tuple[FormPage, ParsedPage]], said: dict[str, Any]
) -> Response:
    """Keep a form that was filled in on paper, sent in with a receipt of its own; or put one right that is kept.

    ``response`` says who typed it in, from where, and for which version of the form. Raises ClosedError once what came
    of the round is published, or before it was ever open, or when it was withdrawn.
    """
    with transaction.atomic():
        asked = FeedbackRound.objects.select_for_update().get(pk=response.round_id)
        if asked.state not in (FeedbackRound.State.OPEN, FeedbackRound.State.CLOSED):
            raise ClosedError
        if response.state == Response.State.WITHDRAWN:
            raise ClosedError
        response.mode, response.saved_at = Response.Mode.PAPER, timezone.now()
        if response.reference is None:
            response.reference, response.submitted_at = _free_reference(), response.saved_at
            response.state = Response.State.SUBMITTED
        response.save()
        for page, read in pages:
            _keep_answers(response, response.form, read)
            _keep_stances(response, response.form, page, read)
        Respondent.objects.update_or_create(response=response, defaults=said)
    return response
