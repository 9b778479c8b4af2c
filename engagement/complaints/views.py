"""The public form for a complaint, and its receipt."""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.complaints import receipt_policy, workflow
from engagement.complaints.forms import MAX_TEXT_LENGTH, ComplaintForm
from engagement.complaints.models import DAYS_TO_ACKNOWLEDGE, Complaint

__all__ = ["complain", "received"]

SALT = "engagement.complaints.receipt.2"
#: Seconds for which a receipt can be looked at again.
RECEIPT_SECONDS = 24 * 60 * 60


# Exempt from the check against forged forms, which would need a cookie: a complaint sent in somebody else's browser
# does no more than one sent in from anywhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form; and, sent in, the complaint it makes. It is saved before anything is sent."""
    if request.method != "POST":
        return _page(request, "form", {"form": ComplaintForm(initial={"key": uuid.uuid4()})})
    form = ComplaintForm(_truncated(request.POST))
    if not form.is_valid():
        return _page(request, "form", {"form": form}, status=422)
    said = form.cleaned_data
    is_mailed = bool(said["address"]) and receipt_policy.may_send_receipt(request)
    made = workflow.receive(
        said["text"], name=said["name"], address=said["address"], client_key=said["key"], receipt=is_mailed
    )
    token = signing.dumps([made.reference, bool(made.address), is_mailed], salt=SALT)
    return redirect(f"{reverse('complaint_received')}?r={token}")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The receipt: a reference, and what happens next. Only for whoever was sent here, and for a day."""
    try:
        reference, has_address, is_mailed = signing.loads(request.GET.get("r", ""), salt=SALT, max_age=RECEIPT_SECONDS)
    except (signing.BadSignature, UnicodeEncodeError):
        return _page(request, "received", {}, status=404)
    complaint = Complaint.objects.filter(reference=reference).first()
    context = {"complaint": complaint, "has_address": has_address, "is_mailed": is_mailed}
    return _page(request, "received", context, 200 if complaint else 404)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = context | {"days": DAYS_TO_ACKNOWLEDGE}
    response = TemplateResponse(request, f"complaints/{name}.html", shown, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def _truncated(data: QueryDict) -> QueryDict:
    """What was sent in, cut to what a page can show again: a little over what is allowed, so that it is refused."""
    cut = QueryDict(mutable=True)
    for name in ComplaintForm.base_fields:
        cut[name] = data.get(name, "")[: MAX_TEXT_LENGTH * 2].replace("\0", "")
    return cut
