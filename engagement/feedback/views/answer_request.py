"""What a request for a page of somebody's response is about: looked up once, and handed on from there."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from engagement.feedback.models import FeedbackRound, FormVersion, Response, RoundSession
from engagement.feedback.responses.keys import is_valid_key
from engagement.feedback.rounds.session_codes import GuessingError, enter_code
from engagement.feedback.rounds.standing_round import current_form_version
from engagement.feedback.schema import FormPage, FormSchema

__all__ = ["AnswerRequest"]

#: What travels in the URL from page to page until the first one is saved: how somebody came in.
ENTRY_PARAMETERS = ("code", "table")


@dataclass(frozen=True)
class AnswerRequest:
    """A request for a page of a response: the round, the key, the version of the form, and the page of it."""

    request: HttpRequest
    round_: FeedbackRound
    key: str
    has_valid_key: bool
    #: The newest version of the form; None for a round that was never open.
    newest: FormVersion | None
    #: The version that this request is about: the newest, or the one that a posted page was typed into.
    form: FormVersion | None
    #: The page of ``form``, and its number from 1; None where it has no such page, or none is asked for.
    page: FormPage | None = None
    step: int = 0
    #: The proposition that the page is about, in the standing round.
    proposition_id: int | None = None
    #: More was posted than is read.
    is_too_big: bool = False

    @classmethod
    def resolve(
        cls,
        request: HttpRequest,
        slug: str = "",
        step: int = 0,
        *,
        standing_round: FeedbackRound | None = None,
        proposition_id: int | None = None,
    ) -> "AnswerRequest":
        """Look up what a request is about: a page (``step``) of the public round with that slug, or no page of it; or
        the page of the standing round about a proposition. Raises Http404 where there is no such round.

        One query; three for the standing round, and one more where an earlier version of the form was posted.
        """
        versions = FormVersion.objects.select_related("round").defer("content").order_by("number")
        if standing_round is None:
            newest = versions.filter(round__slug=slug).exclude(round__state=FeedbackRound.State.DRAFT).last()
            round_ = newest.round if newest else get_object_or_404(FeedbackRound.objects.public(), slug=slug)
        if standing_round or round_.is_standing:
            round_ = standing_round or round_
            newest = current_form_version(round_)
        key = request.GET.get("k", "")
        answer = cls(request, round_, key, is_valid_key(key), newest, newest, None, step, proposition_id)
        if not (step or proposition_id) or newest is None:
            return answer
        if request.method == "POST":
            try:
                number = request.POST.get("form", "")
            except RequestDataTooBig:
                return replace(answer.with_form(newest), is_too_big=True)
            if number != str(newest.number):
                is_number = number.isascii() and number.isdecimal() and len(number) < 5
                form = versions.filter(round=round_, number=int(number)).first() if is_number else None
                return answer.with_form(form)
        return answer.with_form(newest)

    def with_form(self, form: FormVersion | None) -> "AnswerRequest":
        """The same request about another version of the form."""
        if form is None:
            return replace(self, form=None, page=None)
        pages, step = form.schema.pages, self.step
        if self.proposition_id:
            step = form.schema.step_of_proposition(self.proposition_id) or 0
        return replace(self, form=form, step=step, page=pages[step - 1] if 1 <= step <= len(pages) else None)

    @property
    def schema(self) -> FormSchema:
        """What the newest version of the form asks. Raises Http404 for a round that was never open."""
        if self.newest is None:
            raise Http404("no form")
        return self.newest.schema

    @cached_property
    def response(self) -> Response | None:
        """The response with the key, if it is one to this round. One query, when it is first needed."""
        responses = Response.objects.filter(client_key=self.key, round=self.round_)
        return responses.first() if self.has_valid_key else None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the response was withdrawn: every page of it says so, and nothing else."""
        return self.response is not None and self.response.state == Response.State.WITHDRAWN

    def session(self, code: str) -> RoundSession | None:
        """The session of the round with a code; None, too, where too many wrong ones came from the network."""
        try:
            return enter_code(self.request, code, self.round_)
        except GuessingError:
            return None

    @property
    def entry_parameters(self) -> dict[str, Any]:
        """What the URL says of how somebody came in."""
        return {name: value for name, value in self.request.GET.items() if name in ENTRY_PARAMETERS}
