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

__all__ = ["ActionFormView", "ActionView", "PermissionMenuItem", "StaffFormView", "StaffView", "StaffViewMixin"]


class StaffViewMixin(WagtailAdminTemplateMixin):
    """A page of the admin for those who have ``permission``; others are sent back to the front, with a message.

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
        # What is about people stays in nobody's browser.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse(name), "label": label} for label, name in self.breadcrumb_parents]
        return [*super().get_breadcrumbs_items(), *above, {"url": "", "label": self.get_page_title()}]


class StaffView(StaffViewMixin, TemplateView):
    """A page to read."""


class StaffFormView(StaffViewMixin, FormView):
    """A page with a form. ``submit_label`` is what its button says; ``words`` stand above the form."""

    template_name = "admin/core/form.html"
    submit_label = "Save"
    words = ""
    #: For what can't be taken back.
    is_destructive = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "button": self.submit_label,
            "words": self.words,
            "is_destructive": self.is_destructive,
            "error_count": len(kwargs["form"].errors) if "form" in kwargs else 0,
        }


class ActionMixin(StaffViewMixin):
    """Performs an action on one object, says what came of it as a message, and redirects.

    A subclass defines ``perform``, and ``success_url`` or ``get_success_url``. Exceptions listed in ``refusals`` are
    shown as errors.
    """

    model: type[Model]
    success_url: Any = ""
    success_message = ""
    unchanged_message = "Nothing was changed: somebody else was quicker. This is how it stands."
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
    """A line of the menu that shows for those who have ``permission``."""

    def __init__(self, label: str, url_name: str, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(label, reverse(url_name), **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))
