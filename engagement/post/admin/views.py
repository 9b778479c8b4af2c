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

from engagement.post import files
from engagement.post.admin.decisions import ACTIONS, RefusedError, retry, settle_by_hand, settle_many
from engagement.post.admin.overview import overview

__all__ = ["CHANGE", "VIEW", "MailView", "MailboxView", "PostRoomView", "mail_html"]

VIEW, CHANGE = "post.view_servicemail", "post.change_servicemail"
#: Mails that the mailbox lists.
LISTED = 200
#: A mail may style itself and show pictures of the site. Its links open beside it, and nothing in it runs.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


class PostPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for those who may see the post room."""

    header_icon = "mail"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW):
            refused: HttpResponse = permission_denied(request)
            return refused
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            patch_cache_control(response, no_store=True)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class PostRoomView(PostPage):
    """How sending goes; a POST settles a mail in doubt or tries a refused one again."""

    template_name = "editing/post_room.html"
    page_title = "Post room"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = self.request.user.has_perm(CHANGE)
        return super().get_context_data(**kwargs) | {
            "room": overview(),
            "may_change": may_change,
            "mailbox": reverse("post_mailbox") if files.in_use() else "",
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            refused: HttpResponse = permission_denied(request)
            return refused
        try:
            done, said = self.decide(request.POST, request.user)
        except (LookupError, ValueError):
            raise Http404 from None
        except RefusedError as refused:
            messages.error(request, str(refused))
            return redirect("post_room")
        if done:
            messages.success(request, said)
        else:
            messages.warning(request, "Nothing was changed: somebody else, or a report, has settled it already.")
        return redirect("post_room")

    def decide(self, said: Any, user: Any) -> tuple[bool, str]:
        """Do what the form says."""
        if "last" in said:
            return self.decide_many(said, user)
        key = int(said["mail"])
        if key > 2**62:
            raise ValueError
        if said["decision"] == "retry":
            return retry(key, user), "The mail waits to be sent again."
        done = settle_by_hand(said["lane"], key, said["decision"], user)
        return done, f"{ACTIONS[said['decision']][1]}."

    def decide_many(self, said: Any, user: Any) -> tuple[bool, str]:
        """What the form says of all mails that belong together."""
        last = datetime.fromisoformat(said["last"])
        if last.tzinfo is None or len(said["batch"]) > 18:
            raise ValueError
        done = settle_many(said["lane"], said["batch"], said["reason"], last, said["decision"], user)
        return bool(done), f"{ACTIONS[said['decision']][1]}: {done} {'mail' if done == 1 else 'mails'}."


class MailboxView(PostPage):
    """Mails in files, the newest first."""

    template_name = "editing/mailbox.html"
    page_title = "Mailbox"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not files.in_use():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = files.kept()
        mails = [(file.stem, read(file)) for file in kept[:LISTED]]
        return super().get_context_data(**kwargs) | {"mails": mails, "count": len(kept), "folder": files.folder()}


class MailView(MailboxView):
    """One of them: its headers, its text, and its HTML in a frame where nothing runs."""

    template_name = "editing/mailbox_mail.html"
    page_title = "Mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail = read(find(self.kwargs["name"]))
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        return super(MailboxView, self).get_context_data(**kwargs) | {
            "headers": [(name, str(value)) for name, value in mail.items()],
            "subject": str(mail["Subject"]),
            "text": text.get_content() if text else "",
            "html": reverse("post_mail_html", args=[self.kwargs["name"]]) if html else "",
        }


@require_GET
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for the frame."""
    if not files.in_use():
        raise Http404
    if not request.user.has_perm(VIEW):
        refused: HttpResponse = permission_denied(request)
        return refused
    html = read(find(name)).get_body(("html",))
    # Links open beside the admin, not in the frame.
    said = '<base target="_blank">' + (html.get_content() if html else "")
    headers = {"Content-Security-Policy": MAIL_POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(said, headers=headers)


def find(name: str) -> Path:
    """The file of that name. Raises Http404: a name from an address never becomes a path by itself."""
    found = next((file for file in files.kept() if file.stem == name), None)
    if found is None:
        raise Http404
    return found


def read(file: Path) -> EmailMessage:
    """The mail in a file."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
