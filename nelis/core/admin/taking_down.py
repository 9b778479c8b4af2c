"""What staff are asked before something is unpublished or deleted that readers see: the reason, or where to go instead.

Hooks put the question between Wagtail's own confirmation and what it does, for one thing and for many at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from nelis.core.change_log import address_of
from nelis.core.models import ChangeEntry
from nelis.core.taken_down import Key, explain, key_of

__all__ = ["ask_why", "write_down"]


class TakeDownForm(forms.Form):
    """Why something is taken down, and which page readers are led to, if any: one of the two at least."""

    prefix = "taken_down"

    reason = forms.CharField(
        label="Why is it taken down?",
        max_length=200,
        required=False,
        help_text="A sentence for readers. Its address says so from now on, and so does the list of changes.",
    )
    target = forms.ModelChoiceField(
        label="Lead readers to another page",
        queryset=Page.objects.live(),
        required=False,
        widget=AdminPageChooser,
        help_text="Only if that page is about the same. Without one, the address shows your reason.",
    )

    def __init__(self, *args: Any, taken: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = {page.pk for page in taken if isinstance(page, Page)}

    def clean_target(self) -> Page | None:
        target: Page | None = self.cleaned_data["target"]
        if target is not None and target.pk in self.taken:
            raise forms.ValidationError("That page is taken down too. Choose one that stays.")
        return target

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("reason") and not cleaned.get("target"):
            self.add_error("reason", "Give the reason, or choose a page that readers are led to.")
        return cleaned


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and about which things. ``since`` is the last entry of the change log before."""

    reason: str
    target: Page | None
    keys: list[Key]
    since: int


class TakeDownView(WagtailAdminTemplateMixin, TemplateView):
    """The question, with what was sent already in hidden fields: it goes back to where it came from."""

    template_name = "admin/core/take_down.html"
    page_title = "Tell readers why"
    header_icon = "warning"
    _show_breadcrumbs = True
    form: TakeDownForm | None = None
    taken: Sequence[Any] = ()
    submit_label = ""

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.get(request)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = [
            (name, value)
            for name, values in self.request.POST.lists()
            if not name.startswith(TakeDownForm.prefix) and name != "csrfmiddlewaretoken"
            for value in values
        ]
        own = {"form": self.form, "taken": self.taken, "kept": kept, "submit_label": self.submit_label}
        return super().get_context_data(**kwargs) | own | {"is_destructive": True}


def ask_why(request: HttpRequest, objects: Iterable[Any], *, is_deleted: bool = False) -> HttpResponse | None:
    """Return the question; None once it is answered, or if readers see none of ``objects``. Call it from a hook.

    With a page that is deleted, or with the box for it ticked, goes what is below it.
    """
    if request.method != "POST" or is_name_mistyped(request):
        return None
    with_descendants = is_deleted or bool(request.POST.get("include_descendants"))
    taken = what_readers_see(objects, with_descendants=with_descendants)
    if not taken:
        return None
    is_answered = f"{TakeDownForm.prefix}-reason" in request.POST
    form = TakeDownForm(request.POST if is_answered else None, taken=taken)
    if is_answered and form.is_valid():
        since = ChangeEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        keys = [key_of(obj) for obj in taken]
        request.taken_down = Answer(form.cleaned_data["reason"], form.cleaned_data["target"], keys, since)  # type: ignore[attr-defined]
        return None
    label = "Delete" if is_deleted else "Unpublish"
    question: Any = TakeDownView.as_view(form=form, taken=taken, submit_label=label)
    return question(request)


def write_down(request: HttpRequest) -> None:
    """Write down what was answered, once it is done. Call it from the hook for afterwards."""
    answer: Answer | None = getattr(request, "taken_down", None)
    if answer is not None:
        explain(answer.keys, answer.since, answer.reason, answer.target)


def what_readers_see(objects: Iterable[Any], *, with_descendants: bool) -> list[Any]:
    """Return what is public of ``objects`` and has an address of its own; of pages, also what is below them."""
    seen: dict[Key, Any] = {}
    for obj in objects:
        things = [obj] if getattr(obj, "live", False) and address_of(obj) else []
        if with_descendants and isinstance(obj, Page):
            things += obj.get_descendants().live()
        seen |= {key_of(thing): thing for thing in things}
    return list(seen.values())


def is_name_mistyped(request: HttpRequest) -> bool:
    """Whether Wagtail will ask again for the name that is typed before many pages are deleted."""
    name = getattr(settings, "WAGTAIL_SITE_NAME", "wagtail")
    return (request.POST.get("confirm_site_name") or name) != name
