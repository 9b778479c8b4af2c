"""The page “Email delivery”, and the pages “Sent email (test)” of machines without a mail server."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from engagement.mail import file_backend
from engagement.mail.admin.decisions import ACTIONS, DecisionError, settle_group, settle_manually
from engagement.mail.admin.overview import overview
from engagement.mail.models import DeliveryState
from nelis.core.admin.views import StaffView

__all__ = [
    "CHANGE_PERMISSION",
    "VIEW_PERMISSION",
    "EmailDeliveryView",
    "SentEmailListView",
    "SentEmailView",
    "sent_email_html",
]

VIEW_PERMISSION, CHANGE_PERMISSION = "mail.view_transactionalemail", "mail.change_transactionalemail"
#: Emails listed under “Sent email (test)”.
MAX_LISTED = 200
#: An email may have styles and show pictures of the site. Its links open in a new tab, and nothing in it runs.
EMAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


class EmailDeliveryView(StaffView):
    """How sending goes; a POST settles an unknown email or sends a refused one again."""

    permission = VIEW_PERMISSION
    header_icon = "mail"
    template_name = "admin/mail/delivery.html"
    page_title = "Email delivery"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "overview": overview(),
            "may_change": self.request.user.has_perm(CHANGE_PERMISSION),
            "sent_emails_url": reverse("sent_email_list") if file_backend.is_in_use() else "",
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE_PERMISSION):
            raise PermissionDenied
        decide = decide_about_group if "last" in request.POST else decide_about_one
        try:
            is_changed, message = decide(request.POST, request.user)
        except (LookupError, ValueError):
            raise Http404 from None
        except DecisionError as error:
            messages.error(request, str(error))
            return redirect("email_delivery")
        if is_changed:
            messages.success(request, message)
        else:
            messages.warning(request, "Nothing was changed: somebody else, or a report, has settled it already.")
        return redirect("email_delivery")


def decide_about_one(form: Any, user: Any) -> tuple[bool, str]:
    """Do what the form says about one email. Returns whether that changed anything, and a message."""
    key = int(form["email"])
    if key > 2**62:
        raise ValueError
    is_changed = settle_manually(form["stream"], key, form["decision"], user)
    return is_changed, f"{ACTIONS[form['decision']][1]}."


def decide_about_group(form: Any, user: Any) -> tuple[bool, str]:
    """Do what the form says about all emails of a group: unknown ones, unless it says otherwise."""
    last = datetime.fromisoformat(form["last"])
    if last.tzinfo is None or len(form["group"]) > 18:
        raise ValueError
    state = form.get("state", DeliveryState.UNKNOWN)
    number = settle_group(form["stream"], form["group"], form["reason"], last, form["decision"], user, state)
    return bool(number), f"{ACTIONS[form['decision']][1]}: {number} {'email' if number == 1 else 'emails'}."


class SentEmailListView(StaffView):
    """Emails in files, the newest first."""

    permission = VIEW_PERMISSION
    header_icon = "mail"
    template_name = "admin/mail/sent_emails.html"
    page_title = "Sent email (test)"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not file_backend.is_in_use():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = file_backend.stored_emails()
        emails = [(file.stem, file_backend.parse_email(file)) for file in files[:MAX_LISTED]]
        context = {"emails": emails, "count": len(files), "folder": file_backend.folder()}
        return super().get_context_data(**kwargs) | context


class SentEmailView(SentEmailListView):
    """One email: its headers, its text, and its HTML in a frame where nothing runs."""

    template_name = "admin/mail/sent_email.html"
    page_title = "Email"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        email = find_email(self.kwargs["name"])
        text, html = email.get_body(("plain",)), email.get_body(("html",))
        return super(SentEmailListView, self).get_context_data(**kwargs) | {
            "headers": [(name, str(value)) for name, value in email.items()],
            "subject": str(email["Subject"]),
            "text": text.get_content() if text else "",
            "html_url": reverse("sent_email_html", args=[self.kwargs["name"]]) if html else "",
        }


@require_GET
@xframe_options_sameorigin
def sent_email_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of an email, for the frame."""
    if not file_backend.is_in_use():
        raise Http404
    if not request.user.has_perm(VIEW_PERMISSION):
        raise PermissionDenied
    html = find_email(name).get_body(("html",))
    # Links open in a new tab, not in the frame.
    content = '<base target="_blank">' + (html.get_content() if html else "")
    headers = {"Content-Security-Policy": EMAIL_CSP, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(content, headers=headers)


def find_email(name: str) -> Any:
    """The stored email of that name. Raises Http404: a name from a URL never becomes a path by itself."""
    file = next((file for file in file_backend.stored_emails() if file.stem == name), None)
    if file is None:
        raise Http404
    return file_backend.parse_email(file)
