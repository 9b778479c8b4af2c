"""The pages of the post room."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from engagement.mail import file_backend
from engagement.mail.admin.decisions import ACTIONS, DecisionError, retry_failed, settle_group, settle_manually
from engagement.mail.admin.overview import overview

__all__ = [
    "CHANGE_PERMISSION",
    "VIEW_PERMISSION",
    "EmailDeliveryView",
    "SentEmailListView",
    "SentEmailView",
    "sent_email_html",
]

VIEW_PERMISSION, CHANGE_PERMISSION = "mail.view_transactionalemail", "mail.change_transactionalemail"
#: Mails that the mailbox lists.
MAX_LISTED = 200
#: A mail may style itself and show pictures of the site. Its links open beside it, and nothing in it runs.
EMAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


class EmailDeliveryPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for those who may see the post room."""

    header_icon = "mail"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW_PERMISSION):
            refused: HttpResponse = permission_denied(request)
            return refused
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            patch_cache_control(response, no_store=True)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class EmailDeliveryView(EmailDeliveryPage):
    """How sending goes; a POST settles a mail in doubt or tries a refused one again."""

    template_name = "admin/mail/delivery.html"
    page_title = "Email delivery"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.request.user.has_perm(CHANGE_PERMISSION)
        return super().get_context_data(**kwargs) | {
            "room": overview(),
            "may_change": may_change,
            "mailbox": reverse("sent_email_list") if file_backend.is_in_use() else "",
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE_PERMISSION):
            refused: HttpResponse = permission_denied(request)
            return refused
        try:
            done, said = self.decide(request.POST, request.user)
        except (LookupError, ValueError):
            raise Http404 from None
        except DecisionError as refused:
            messages.error(request, str(refused))
            return redirect("email_delivery")
        if done:
            messages.success(request, said)
        else:
            messages.warning(request, "Nothing was changed: somebody else, or a report, has settled it already.")
        return redirect("email_delivery")

    def decide(self, said: Any, user: Any) -> tuple[bool, str]:
        """Do what the form says."""
        if "last" in said:
            return self.decide_many(said, user)
        key = int(said["mail"])
        if key > 2**62:
            raise ValueError
        if said["decision"] == "retry":
            return retry_failed(key, user), "The mail waits to be sent again."
        done = settle_manually(said["stream"], key, said["decision"], user)
        return done, f"{ACTIONS[said['decision']][1]}."

    def decide_many(self, said: Any, user: Any) -> tuple[bool, str]:
        """What the form says of all mails that belong together."""
        last = datetime.fromisoformat(said["last"])
        if last.tzinfo is None or len(said["batch"]) > 18:
            raise ValueError
        done = settle_group(said["stream"], said["batch"], said["reason"], last, said["decision"], user)
        return bool(done), f"{ACTIONS[said['decision']][1]}: {done} {'mail' if done == 1 else 'mails'}."


class SentEmailListView(EmailDeliveryPage):
    """Mails in files, the newest first."""

    template_name = "admin/mail/sent_emails.html"
    page_title = "Sent email (test)"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not file_backend.is_in_use():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = file_backend.stored_emails()
        mails = [(file.stem, parse_email(file)) for file in kept[:MAX_LISTED]]
        return super().get_context_data(**kwargs) | {
            "mails": mails,
            "count": len(kept),
            "folder": file_backend.folder(),
        }


class SentEmailView(SentEmailListView):
    """One of them: its headers, its text, and its HTML in a frame where nothing runs."""

    template_name = "admin/mail/sent_email.html"
    page_title = "Mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail = parse_email(find_file(self.kwargs["name"]))
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        return super(SentEmailListView, self).get_context_data(**kwargs) | {
            "headers": [(name, str(value)) for name, value in mail.items()],
            "subject": str(mail["Subject"]),
            "text": text.get_content() if text else "",
            "html": reverse("sent_email_html", args=[self.kwargs["name"]]) if html else "",
        }


@require_GET
@xframe_options_sameorigin
def sent_email_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for the frame."""
    if not file_backend.is_in_use():
        raise Http404
    if not request.user.has_perm(VIEW_PERMISSION):
        refused: HttpResponse = permission_denied(request)
        return refused
    html = parse_email(find_file(name)).get_body(("html",))
    # Links open beside the admin, not in the frame.
    said = '<base target="_blank">' + (html.get_content() if html else "")
    headers = {"Content-Security-Policy": EMAIL_CSP, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(said, headers=headers)


def find_file(name: str) -> Path:
    """The file of that name. Raises Http404: a name from an address never becomes a path by itself."""
    found = next((file for file in file_backend.stored_emails() if file.stem == name), None)
    if found is None:
        raise Http404
    return found


def parse_email(file: Path) -> EmailMessage:
    """The mail in a file."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
