"""Save what people answer, page by page, and submit a response once for good."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
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
from engagement.feedback.responses.merging import (
    control_values,
    merge,
    merged_page,
    merged_respondent,
    respondent_values,
)
from engagement.feedback.responses.parsing import ParsedPage
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.schema import COMMENT_PARTS, FormPage

__all__ = [
    "MAX_TABLE_SIZE",
    "ClosedError",
    "ConflictError",
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


class ConflictError(SubmissionError):
    """Something else was saved since the page was shown, in another tab or on another device.

    ``merged`` is the page with what was typed into it, and elsewhere with what is saved now; ``conflicts`` has what is
    saved in the controls (or fields) that were changed here and there.
    """

    def __init__(self, conflicts: Mapping[str, str], merged: Any, saved: Mapping[str, str]) -> None:
        super().__init__("changed since it was shown")
        self.conflicts, self.merged, self.saved = conflicts, merged, saved


class OtherRoundError(SubmissionError):
    """The key is that of a response to another round."""


def _do_nothing(response: Response) -> None:
    """Nothing hangs on it."""


def save_page(
    round_: FeedbackRound,
    form: FormVersion,
    client_key: str,
    page: FormPage,
    parsed: ParsedPage,
    session: RoundSession | None = None,
    *,
    shown: Mapping[str, str] | None = None,
    keep: Collection[str] = (),
    people: int = 1,
    throttle_key: str = "",
) -> Response:
    """Save what was changed on one page. The first page creates the response.

    May be called any number of times with the same answers, from several tabs at once, and after the response was
    submitted. What the page ``shown`` to the person had (see ``merging``) and came back unchanged isn’t touched: not
    what another tab saved meanwhile, and not what was given to another version of the form. ``keep`` names controls
    whose saved value was chosen over what is typed. The session, for how many ``people`` it speaks, and
    ``throttle_key`` are saved with the first page alone. Two queries more where something of the page is saved already.
    Raises ClosedError, ConflictError, OtherRoundError, and RateLimitedError for a first page.
    """
    started = Response(round=round_, form=form, client_key=client_key, session=session, throttle_key=throttle_key)
    started.people, started.mode = people, Response.Mode.TABLE if people > 1 else Response.Mode.PERSON
    with transaction.atomic():
        # One statement inserts the response, or locks the one that is there. What is raised later undoes it.
        Response.objects.bulk_create(
            [started], update_conflicts=True, unique_fields=["client_key"], update_fields=["form", "saved_at"]
        )
        # The round as it is now: somebody may have closed it since the request came in.
        responses = Response.objects.select_related("round").annotate(has_saved=_has_saved(page))
        response: Any = responses.get(client_key=client_key)
        if response.round_id != round_.pk:
            raise OtherRoundError
        if not response.round.takes_answers() or response.state == Response.State.WITHDRAWN:
            raise ClosedError
        is_new = response.begun_at == started.begun_at
        if is_new and throttle_key and throttling.is_rate_limited(throttle_key):
            raise RateLimitedError
        saved = SavedResponse.of(response) if response.has_saved else SavedResponse(response)
        # What a page showed of a response that was deleted since is nowhere any more.
        _save_answers(response, form, page, _changed(page, parsed, saved, {} if is_new else shown or {}, keep))
    return response


def _has_saved(page: FormPage) -> Q:
    """Whether anything of a page is saved, as part of the statement that reads the response."""
    questions = [question.key for question in page.questions]
    propositions = [rated.proposition for rated in page.propositions]
    answers = Answer.objects.filter(response=OuterRef("pk"), question__in=questions)
    stances = PropositionResponse.objects.filter(response=OuterRef("pk"), proposition__in=propositions)
    return Q(Exists(answers)) | Q(Exists(stances))


def _changed(
    page: FormPage, parsed: ParsedPage, saved: SavedResponse, shown: Mapping[str, str], keep: Collection[str]
) -> ParsedPage:
    """``parsed`` without the answers and stances in which nothing was changed. Raises ConflictError."""
    before = control_values(page, saved)
    found = merge(control_values(page, parsed), before, shown, keep)
    if found.conflicts:
        names = found.changed | found.conflicts.keys()
        raise ConflictError(found.conflicts, merged_page(parsed, saved, names), before)
    merged = merged_page(parsed, saved, found.changed)
    # A proposition’s stance and comments are one row, which belongs to one version: any change moves all of it there.
    keys = {name if name in parsed.answers else name.partition("-")[0] for name in found.changed}
    answers = {key: answer for key, answer in merged.answers.items() if key in keys}
    return ParsedPage(answers, {key: stance for key, stance in merged.stances.items() if key in keys}, {})


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
    responses = Response.objects.select_for_update(of=("self",)).select_related("round", "respondent")
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


def save_respondent(
    round_: FeedbackRound,
    client_key: str,
    values: Mapping[str, Any],
    shown: Mapping[str, str] | None = None,
    *,
    on_new_address: Callable[[Response], Any] = _do_nothing,
) -> Respondent:
    """Save what somebody says about themselves, by the names of the fields: what differs from what was ``shown``.

    ``on_new_address`` is called in the same transaction if the response was submitted before, and there is an address
    to which we may write, and couldn’t until now. Raises ClosedError; ConflictError where another tab saved something
    else since.
    """
    with transaction.atomic():
        response = _lock_open_response(round_, client_key)
        if response is None:
            raise ClosedError
        saved = getattr(response, "respondent", None) or Respondent(response=response)
        before = {name: getattr(saved, name) for name in values}
        found = merge(respondent_values(values), respondent_values(before), shown or {})
        merged = merged_respondent(values, before, found.changed | found.conflicts.keys())
        if found.conflicts:
            raise ConflictError(found.conflicts, merged, respondent_values(before))
        respondent = Respondent(response=response, **merged)
        respondent.update_address_hash()
        Respondent.objects.bulk_create(
            [respondent],
            update_conflicts=True,
            unique_fields=["response"],
            update_fields=[*values, "address_hash"],
        )
        response.respondent = respondent
        is_new = not before.get("may_contact") or respondent.address != before.get("address")
        if response.reference and respondent.may_be_written_to and is_new:
            on_new_address(response)
    return respondent


def submit(
    round_: FeedbackRound, client_key: str, *, on_submitted: Callable[[Response], Any] = _do_nothing
) -> Response:
    """Submit a response, and give it a reference and a return code. A second time gives the same ones.

    ``on_submitted`` is called in the same transaction, the first time. Raises ClosedError; EmptyResponseError where
    nothing at all is answered. Which pages were answered doesn’t matter: people answer for the sessions they were in.
    """
    with transaction.atomic():
        response = _lock_open_response(round_, client_key)
        if response is None:
            raise ClosedError
        if response.reference is None:
            _set_submitted(response)
            response.return_code_hash = hash_code(return_code(client_key))
            # That there is something to submit is part of the statement, and no query before it.
            has_rows = [Exists(rows.objects.filter(response=OuterRef("pk"))) for rows in (PropositionResponse, Answer)]
            names = ("reference", "submitted_at", "state", "return_code_hash")
            submitted = {name: getattr(response, name) for name in names}
            if not Response.objects.filter(has_rows[0] | has_rows[1], pk=response.pk).update(**submitted):
                raise EmptyResponseError
            on_submitted(response)
    return response


def _set_submitted(response: Response) -> None:
    reference = new_reference()
    # Forty bits: this is for the day when it happens all the same.
    while Response.objects.filter(reference=reference).exists():
        reference = new_reference()
    response.reference, response.submitted_at, response.state = reference, timezone.now(), Response.State.SUBMITTED


def issue_return_code(response: Response) -> str:
    """A code to come back with, three groups of four. Asking again gives the same one, and writes nothing."""
    code = return_code(response.client_key)
    if response.return_code_hash != hash_code(code):
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
