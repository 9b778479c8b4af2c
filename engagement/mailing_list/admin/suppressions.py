"""Keeping an address out that may not even be on the list, and taking that back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import AddressReasonForm
from nelis.core.admin.views import StaffFormView

__all__ = ["LiftSuppressionView", "SuppressAddressView"]


class AddressActionView(StaffFormView):
    """A form that does something with an address. No link leads here with one: addresses stay out of addresses."""

    permission = "mailing_list.change_subscription"
    header_icon = "lock"
    breadcrumb_parents = (
        ("Mailing list", "mailing_list_admin:overview"),
        ("Suppressed addresses", "mailing_list_admin:suppressions"),
    )
    form_class = AddressReasonForm
    done = ""
    not_done = ""

    def act(self, address: str, reason: str, by: Any) -> bool:
        """Do it. False if there was nothing to do."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        said = form.cleaned_data
        if not self.act(said["address"], said["reason"], self.request.user):
            form.add_error("address", self.not_done)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect("mailing_list_admin:suppressions")


class SuppressAddressView(AddressActionView):
    """Somebody asked that nothing be sent to them, on the list or not."""

    page_title = "Never write to an address"
    words = (
        "A subscription with this address ends, if there is one, and nothing is ever sent to it, even if somebody "
        "signs it up. Whoever has the address is not told."
    )
    submit_label = "Never write to it"
    is_destructive = True
    done = "Nothing will ever be sent to this address."
    not_done = "This address is kept out for good already"

    def act(self, address: str, reason: str, by: Any) -> bool:
        return staff_actions.suppress_address(address, by, reason)


class LiftSuppressionView(AddressActionView):
    """A mistake, or a change of mind."""

    page_title = "Lift a suppression"
    words = (
        "Only for an address that was never to be written to, or reported our mail as unwanted, when that was a "
        "mistake or its holder has asked for it. They can sign up again then. Nobody is put on the list by it, and no "
        "import does so."
    )
    submit_label = "Lift it"
    done = "The suppression is lifted. Whoever has the address can sign up again."
    not_done = "This address isn’t kept out for good: its holder can sign up"

    def act(self, address: str, reason: str, by: Any) -> bool:
        return staff_actions.lift_suppression(address, by, reason)
