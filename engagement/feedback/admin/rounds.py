"""Building a round, and its desk: what it asks, how many answered, and the buttons that open and close it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from engagement.feedback.analysis import export_log
from engagement.feedback.analysis.permissions import READ_RESPONSES
from engagement.feedback.models import FeedbackRound, Response
from engagement.feedback.privacy.retention_dates import contact_kept_until
from engagement.feedback.rounds import opening, standing_round
from nelis.core.admin.views import StaffView
from nelis.core.admin.viewsets import SiteViewSet, column
from nelis.core.forms import UniqueRowsForm

__all__ = [
    "ROUNDS_BREADCRUMB",
    "RoundActionView",
    "RoundDashboardView",
    "RoundMixin",
    "RoundViewSet",
    "round_dashboard_url",
]

#: Steps shown on a desk: the record has all of them, and those of single responses.
EVENTS_SHOWN = 50
#: Nothing is said of what keeps these from being opened: nobody wants to.
WITHOUT_OBSTACLES = (FeedbackRound.State.OPEN, FeedbackRound.State.REPORTED)
#: What only the buttons of the desks change.
FIELDS_NOT_EDITED = ("state", "reported_at", "is_standing")
VIEW_ROUND, RUN_ROUND = "feedback.view_feedbackround", "feedback.run_feedbackround"


def round_dashboard_url(feedback_round: FeedbackRound) -> str:
    """Where a round is opened, followed and closed."""
    return reverse("feedback_dashboard", args=[feedback_round.pk])


class RoundForm(UniqueRowsForm):
    """A round with its sessions, and what each of them asks."""

    def clean(self) -> dict[str, Any]:
        """Everything else, then all sessions together: a response has one stance on a proposition."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen = {}
        for session in remaining_rows(self.formsets["sessions"]):
            for row in remaining_rows(session.formsets["propositions"]):
                page, title = row.cleaned_data.get("proposition"), session.cleaned_data.get("title", "")
                if page and page.pk in seen:
                    row.add_error(
                        "proposition",
                        f"{page.ref} is asked about already, in the session “{seen[page.pk]}”.",
                    )
                elif page:
                    seen[page.pk] = title
        return cleaned


def remaining_rows(rows: Any) -> list[Any]:
    """The rows of a form that aren't being taken out."""
    # Has them read, which comes after what they belong to otherwise.
    rows.is_valid()
    return [row for row in rows.forms if not row.cleaned_data.get("DELETE")]


class RoundIndexView(IndexView):
    """The list. A title leads to the desk."""

    def get_edit_url(self, instance: FeedbackRound) -> str:
        return round_dashboard_url(instance)


class RoundCreateView(CreateView):
    """A new round."""

    def get_success_url(self) -> str:
        return round_dashboard_url(self.object)


class RoundEditView(EditView):
    """Building on. What is asked by a round that is open gets a new version; answers to the old one stay."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except opening.CannotOpenError as error:
            # Nothing of it was saved. What was typed is still on the page.
            form.add_error(None, f"The round is open, and couldn’t be answered like that. {error}")
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self) -> FeedbackRound:
        with transaction.atomic():
            now = FeedbackRound.objects.select_for_update().get(pk=self.form.instance.pk)
            for name in FIELDS_NOT_EDITED:
                # It may have been closed, or reported back, since the form began to be read.
                setattr(self.form.instance, name, getattr(now, name))
            saved: FeedbackRound = super().save_instance()
            opening.apply_edit(FeedbackRound.objects.get(pk=saved.pk), self.request.user, self.changed())
        return saved

    def changed(self) -> Iterator[str]:
        """What was changed, in the words of the form."""
        labels = {field.name: str(field.verbose_name) for field in FeedbackRound._meta.concrete_fields}
        yield from (labels[name] for name in self.form.changed_data if name in labels)
        yield from (name for name, rows in self.form.formsets.items() if has_changed_rows(rows))

    def get_success_url(self) -> str:
        return round_dashboard_url(self.object)


def has_changed_rows(rows: Any) -> bool:
    """Whether anything was typed into the rows of a form, or into rows of theirs. Their numbers are sent anew."""
    return any(
        {*row.changed_data} - {"ORDER"}
        or any(has_changed_rows(inner) for inner in getattr(row, "formsets", {}).values())
        for row in rows.forms
    )


class RoundViewSet(SiteViewSet):
    """Questions put to the public at one time."""

    model = FeedbackRound
    icon = "comment"
    menu_label = "Feedback rounds"
    menu_order = 245
    add_to_admin_menu = True
    index_view_class, add_view_class, edit_view_class = RoundIndexView, RoundCreateView, RoundEditView
    list_display = [
        "title",
        column("State", "get_state_display", sort_key="state"),
        column("Opens", "opens_at", sort_key="opens_at"),
        column("Closes", "closes_at", sort_key="closes_at"),
        column("Sent", "sent"),
    ]
    list_filter = ["state"]
    search_fields = ["title", "slug"]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = RoundForm
        return handler

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(sent=Count("responses", filter=SENT_RESPONSES))


SENT_RESPONSES = Q(responses__state__in=Response.SENT)


#: The page above those of a round.
ROUNDS_BREADCRUMB = (("Feedback rounds", "wagtailsnippets_feedback_feedbackround:list"),)


class RoundMixin:
    """For pages about one round, whose key is in the address."""

    header_icon = "comment"
    breadcrumb_parents: Iterable[tuple[str, str]] = ROUNDS_BREADCRUMB
    kwargs: dict[str, Any]

    @cached_property
    def round(self) -> FeedbackRound:
        """The one it is about."""
        return get_object_or_404(FeedbackRound, pk=self.kwargs["pk"])


class RoundDashboardView(RoundMixin, StaffView):
    """The page itself."""

    permission = VIEW_ROUND
    template_name = "admin/feedback/round_dashboard.html"

    def get_page_title(self) -> str:
        return self.round.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        by_state = dict(self.round.responses.values_list("state").annotate(Count("pk")).order_by())
        context |= {
            "round": self.round,
            "sessions": self.round.sessions.annotate(came=Count("responses_through")),
            "forms": self.round.forms.defer("content"),
            "obstacles": [] if self.round.state in WITHOUT_OBSTACLES else opening.opening_problems(self.round),
            "sent": sum(by_state.get(state, 0) for state in Response.SENT),
            "duplicates": self.round.responses.filter(state__in=Response.SENT).exclude(duplicate_of=None).count(),
            "counts": [(label, by_state.get(state, 0)) for state, label in Response.State.choices],
            "may_run": user.has_perm(RUN_ROUND),
            "may_edit": user.has_perm("feedback.change_feedbackround"),
            "edit_url": reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[self.round.pk]),
            "held": export_log.stale_exports(self.round) if user.has_perm(READ_RESPONSES) else [],
            "contact_until": contact_kept_until(self.round),
            "events": self.round.events.filter(response=None)
            .order_by("-at", "-pk")
            .select_related("by")[:EVENTS_SHOWN],
        }
        return context


class RoundActionView(View):
    """The buttons: ``open``, ``close`` or, for the standing round, ``next``."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Do it, and go back to the desk with a word on what happened."""
        if not request.user.has_perms([VIEW_ROUND, RUN_ROUND]):
            raise PermissionDenied
        asked = get_object_or_404(FeedbackRound, pk=pk)
        if step == "close":
            if opening.close(asked, request.user):
                messages.success(request, "The round is closed. Nobody can answer or change an answer.")
            else:
                messages.error(request, "The round isn’t open, so there is nothing to close.")
        elif step == "next":
            self._begin_next(request, asked)
        else:
            self._open(request, asked)
        return redirect(round_dashboard_url(asked))

    def _begin_next(self, request: HttpRequest, asked: FeedbackRound) -> None:
        if not asked.is_standing:
            raise Http404("only the standing round has one after it")
        try:
            standing_round.start_next_round(asked, request.user)
        except opening.CannotOpenError as error:
            messages.error(request, f"The next can’t be opened. {error}")
        else:
            messages.success(request, "This round is closed, and the next takes responses now.")

    def _open(self, request: HttpRequest, asked: FeedbackRound) -> None:
        try:
            form = opening.open_round(asked, request.user)
        except opening.CannotOpenError as error:
            messages.error(request, f"It can’t be opened. {error}")
        else:
            messages.success(request, f"The round is open, with form {form.number}.")
