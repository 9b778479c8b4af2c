"""The public pages of complaints: the form, and the receipt."""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.complaints import workflow
from engagement.complaints.forms import MAX_TEXT_LENGTH, ComplaintForm
from engagement.complaints.models import DAYS_TO_ACKNOWLEDGE, Complaint
from engagement.mailing_list.abuse import assess_complaint

SALT = "engagement.complaints.receipt.2"
#: How long a receipt can be looked at again.
RECEIPT_SECONDS = 24 * 60 * 60


# Exempt from the check against forged forms, which would need a cookie: a complaint sent in somebody else's browser
# does no more than one sent in from anywhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Show the form; when it is sent in, save the complaint before anything is mailed."""
    if request.method != "POST":
        return _page(request, "form", {"form": ComplaintForm(initial={"key": uuid.uuid4()})})
    form = ComplaintForm(_truncated(request.POST))
    if not form.is_valid():
        return _page(request, "form", {"form": form}, status=422)
    data = form.cleaned_data
    complaint = workflow.find(data["key"])
    # The same form sent in again is no second complaint.
    if complaint is not None:
        is_mailed = bool(complaint.address) and not complaint.is_set_apart
    else:
        verdict = assess_complaint(request)
        is_mailed = bool(data["address"]) and verdict.gets_receipt
        complaint = workflow.receive(
            data["text"],
            name=data["name"],
            address=data["address"],
            client_key=data["key"],
            receipt=is_mailed,
            is_flood=verdict.is_flood,
        )
    token = signing.dumps([complaint.reference, bool(complaint.address), is_mailed], salt=SALT)
    return redirect(f"{reverse('complaint_received')}?r={token}")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Show the reference and what happens next, to whoever was redirected here, for a day."""
    try:
        reference, has_address, is_mailed = signing.loads(request.GET.get("r", ""), salt=SALT, max_age=RECEIPT_SECONDS)
    except (signing.BadSignature, UnicodeEncodeError):
        return _page(request, "received", {}, status=404)
    complaint = Complaint.objects.filter(reference=reference).first()
    context = {"complaint": complaint, "has_address": has_address, "is_mailed": is_mailed}
    return _page(request, "received", context, 200 if complaint else 404)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = context | {"days": DAYS_TO_ACKNOWLEDGE}
    response = TemplateResponse(request, f"complaints/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def _truncated(data: QueryDict) -> QueryDict:
    """The fields of ``data``, cut to what a page can show again: to more than is allowed, so that it is refused."""
    fields = QueryDict(mutable=True)
    for name in ComplaintForm.base_fields:
        fields[name] = data.get(name, "")[: MAX_TEXT_LENGTH * 2].replace("\0", "")
    return fields
