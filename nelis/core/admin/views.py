"""Pages of the admin that no kind of thing has by itself: what they share."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

__all__ = ["PermissionMenuItem", "StaffFormView", "StaffView", "StaffViewMixin"]


class StaffViewMixin(WagtailAdminTemplateMixin):
    """A page of the admin for those who have ``permission``; others are sent back to the front, with a message.

    ``above`` are the pages it lies below: (label, name of the address).
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
    """A page with a form. ``button`` is what its button says; ``words`` stand above the form."""

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


class PermissionMenuItem(MenuItem):
    """A line of the menu that shows for those who have ``permission``."""

    def __init__(self, label: str, url_name: str, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(label, reverse(url_name), **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))
