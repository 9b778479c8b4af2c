"""Rounds and question sets in the admin: their lists and forms, the dashboard of a round, and its buttons."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.snippets.views.snippets import CreateView, IndexView

from engagement.feedback.admin.base import RUN_ROUND, VIEW_ROUND, RoundMixin, RoundPostView, round_dashboard_url
from engagement.feedback.analysis import export_log
from engagement.feedback.analysis.permissions import READ_RESPONSES, RefusedError
from engagement.feedback.models import FeedbackRound, QuestionSet, Response
from engagement.feedback.privacy.retention import contact_kept_until
from engagement.feedback.rounds import opening, standing_round
from nelis.core.admin.edit_views import SiteEditView
from nelis.core.admin.views import StaffView
from nelis.core.admin.viewsets import SiteViewSet, column
from nelis.core.forms import UniqueRowsForm

#: Events shown on a dashboard: the audit log has all of them, and those of single responses.
EVENTS_SHOWN = 50
#: Rounds in these states aren't about to be opened, so what would keep them from it isn't said.
WITHOUT_OBSTACLES = (FeedbackRound.State.OPEN, FeedbackRound.State.REPORTED)
#: What only buttons change.
FIELDS_NOT_EDITED = ("state", "reported_at", "is_standing")
SENT_RESPONSES = Q(responses__state__in=Response.SENT)


class RoundForm(UniqueRowsForm):
    """A round with its sessions, and what each of them asks."""

    def clean(self) -> dict[str, Any]:
        """Refuse a proposition that two sessions ask about: a response has one stance on each."""
        cleaned: dict[str, Any] = super().clean() or {}
        seen = {}
        for session in remaining_rows(self.formsets["sessions"]):
            for row in remaining_rows(session.formsets["propositions"]):
                page, title = row.cleaned_data.get("proposition"), session.cleaned_data.get("title", "")
                if page and page.pk in seen:
                    message = f"{page.ref} is asked about already, in the session “{seen[page.pk]}”."
                    row.add_error("proposition", message)
                elif page:
                    seen[page.pk] = title
        return cleaned


def remaining_rows(rows: Any) -> list[Any]:
    """List the rows of a formset that aren't being deleted."""
    # Cleans them, which otherwise happens after the form they belong to.
    rows.is_valid()
    return [row for row in rows.forms if not row.cleaned_data.get("DELETE")]


class RoundIndexView(IndexView):
    """The list of rounds; a title leads to the dashboard."""

    def get_edit_url(self, instance: FeedbackRound) -> str:
        return round_dashboard_url(instance)


class RoundCreateView(CreateView):
    """The form for a new round."""

    def get_success_url(self) -> str:
        return round_dashboard_url(self.object)


class RoundEditView(SiteEditView):
    """The form for a round. An open round gets a new version of its form; answers to the old one stay."""

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
            current = FeedbackRound.objects.select_for_update().get(pk=self.form.instance.pk)
            for name in FIELDS_NOT_EDITED:
                # It may have been closed, or reported back, since the form began to be read.
                setattr(self.form.instance, name, getattr(current, name))
            saved: FeedbackRound = super().save_instance()
            opening.apply_edit(FeedbackRound.objects.get(pk=saved.pk), self.request.user, self.changed_labels())
        return saved

    def changed_labels(self) -> Iterator[str]:
        """Name what was changed, in the words of the form."""
        labels = {field.name: str(field.verbose_name) for field in FeedbackRound._meta.concrete_fields}
        yield from (labels[name] for name in self.form.changed_data if name in labels)
        yield from (name for name, rows in self.form.formsets.items() if has_changed_rows(rows))

    def get_success_url(self) -> str:
        return round_dashboard_url(self.object)


def has_changed_rows(rows: Any) -> bool:
    """Tell whether anything changed in the rows of a formset or below them; their order is always sent anew."""
    return any(
        {*row.changed_data} - {"ORDER"}
        or any(has_changed_rows(inner) for inner in getattr(row, "formsets", {}).values())
        for row in rows.forms
    )


class RoundViewSet(SiteViewSet):
    """Rounds: questions put to the public at one time."""

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


class QuestionSetViewSet(SiteViewSet):
    """Questions that belong together."""

    model = QuestionSet
    icon = "comment"
    menu_label = "Question sets"
    list_display = ["title", column("Key", "key", sort_key="key"), column("Questions", "question_count")]
    search_fields = ["title", "key", "questions__ref", "questions__text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).annotate(question_count=Count("questions"))


class RoundDashboardView(RoundMixin, StaffView):
    """What a round asks, how many answered, and the buttons that open and close it."""

    permission = VIEW_ROUND
    template_name = "admin/feedback/round_dashboard.html"

    def get_page_title(self) -> str:
        return self.round.title

    def get_parents(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round_, user = self.round, self.request.user
        counts = dict(round_.responses.values_list("state").annotate(Count("pk")).order_by())
        events = round_.events.filter(response=None).order_by("-at", "-pk").select_related("by")
        return super().get_context_data(**kwargs) | {
            "round": round_,
            "sessions": round_.sessions.annotate(came=Count("responses_through")),
            "forms": round_.forms.defer("content"),
            "obstacles": [] if round_.state in WITHOUT_OBSTACLES else opening.opening_problems(round_),
            "sent": sum(counts.get(state, 0) for state in Response.SENT),
            "duplicates": round_.responses.filter(state__in=Response.SENT).exclude(duplicate_of=None).count(),
            "counts": [(label, counts.get(state, 0)) for state, label in Response.State.choices],
            "may_run": user.has_perm(RUN_ROUND),
            "may_edit": user.has_perm("feedback.change_feedbackround"),
            "edit_url": reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[round_.pk]),
            "stale_exports": export_log.stale_exports(round_) if user.has_perm(READ_RESPONSES) else [],
            "contact_until": contact_kept_until(round_),
            "events": events[:EVENTS_SHOWN],
        }


class RoundStateView(RoundPostView):
    """The buttons that open and close a round, or begin the one after the standing round."""

    actions = ("open", "close", "next")
    default_action = "open"

    def get_action(self) -> str:
        step: str = self.kwargs["step"]
        return step if step in self.actions else self.default_action

    def open(self) -> str:
        """Open the round."""
        try:
            form = opening.open_round(self.round, self.request.user)
        except opening.CannotOpenError as error:
            raise RefusedError(f"It can’t be opened. {error}") from error
        return f"The round is open, with form {form.number}."

    def close(self) -> str:
        """Close the round."""
        if not opening.close(self.round, self.request.user):
            raise RefusedError("The round isn’t open, so there is nothing to close.")
        return "The round is closed. Nobody can answer or change an answer."

    def next(self) -> str:
        """Close the standing round, and open the next."""
        if not self.round.is_standing:
            raise Http404("only the standing round has one after it")
        try:
            standing_round.start_next_round(self.round, self.request.user)
        except opening.CannotOpenError as error:
            raise RefusedError(f"The next can’t be opened. {error}") from error
        return "This round is closed, and the next takes responses now."
