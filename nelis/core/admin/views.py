"""Base classes for admin pages of our own: to read, with a form, and for actions on one object."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin


class StaffViewMixin(WagtailAdminTemplateMixin):
    """Show an admin page to users with ``permission``; send others back to the admin's front page with a message.

    ``breadcrumb_parents`` are the pages above it: (label, URL name).
    """

    permission: str
    breadcrumb_parents: Iterable[tuple[str, str]] = ()
    request: HttpRequest
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        # These pages are about people: no browser may keep them.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        parents = [{"url": reverse(name), "label": label} for label, name in self.breadcrumb_parents]
        return [*super().get_breadcrumbs_items(), *parents, {"url": "", "label": self.get_page_title()}]


class StaffView(StaffViewMixin, TemplateView):
    """A page without a form."""


class StaffFormView(StaffViewMixin, FormView):
    """A page with a form. ``intro`` stands above it."""

    template_name = "admin/core/form.html"
    submit_label = "Save"
    intro = ""
    #: Whether what the button does can't be undone: the button is then red.
    is_destructive = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "submit_label": self.submit_label,
            "intro": self.intro,
            "is_destructive": self.is_destructive,
        }


class ActionMixin(StaffViewMixin):
    """Performs an action on one object, says what came of it as a message, and redirects.

    A subclass defines ``perform``, and ``success_url`` or ``get_success_url``. Exceptions listed in ``refusals`` are
    shown as errors.
    """

    model: type[Model]
    success_url: Any = ""
    success_message = ""
    unchanged_message = "Nothing was changed: somebody else has changed it. This page shows the current state."
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    @cached_property
    def object(self) -> Any:
        """The object of the action. Not to be used before ``dispatch`` has checked the permission."""
        return get_object_or_404(self.model, pk=self.kwargs["pk"])

    def perform(self, **data: Any) -> bool:
        """Perform the action; ``data`` is what the form holds, if there is one. False if there was nothing to do."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        return str(self.success_url)

    def perform_and_redirect(self, **data: Any) -> HttpResponse:
        """Perform the action, add the message, and redirect."""
        try:
            is_done = self.perform(**data)
        except self.refusals as refusal:
            messages.error(self.request, str(refusal))
        else:
            if is_done:
                messages.success(self.request, self.success_message)
            else:
                messages.warning(self.request, self.unchanged_message)
        return redirect(self.get_success_url())


class ActionView(ActionMixin, View):
    """An action behind a button: only POST performs it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.perform_and_redirect()


class ActionFormView(ActionMixin, StaffFormView):
    """An action that needs a form, such as one for the reason."""

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        return self.perform_and_redirect(**form.cleaned_data)


class PermissionMenuItem(MenuItem):
    """A menu item that is shown to users with ``permission``."""

    def __init__(self, label: str, url_name: str, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(label, reverse(url_name), **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))
