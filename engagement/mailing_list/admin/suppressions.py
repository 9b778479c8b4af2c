"""Keeping an address out that may not even be on the list, and taking that back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from wagtail.admin import messages

from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import AddressReasonForm
from nelis.core.admin.views import ActionFormView

__all__ = ["LiftSuppressionView", "SuppressAddressView"]


class AddressActionView(ActionFormView):
    """An action on an address that is typed in. No link leads here with one: addresses stay out of URLs."""

    permission = "mailing_list.change_subscription"
    header_icon = "lock"
    breadcrumb_parents = (
        ("Mailing list", "mailing_list_admin:overview"),
        ("Suppressed addresses", "mailing_list_admin:suppressions"),
    )
    form_class = AddressReasonForm
    success_url = reverse_lazy("mailing_list_admin:suppressions")

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        if not self.perform(**form.cleaned_data):
            form.add_error("address", self.unchanged_message)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())


class SuppressAddressView(AddressActionView):
    """Somebody asked that nothing be sent to them, on the list or not."""

    page_title = "Never write to an address"
    intro = (
        "A subscription with this address ends, if there is one, and nothing is ever sent to it, even if somebody "
        "signs it up. Whoever has the address is not told."
    )
    submit_label = "Never write to it"
    is_destructive = True
    success_message = "Nothing will ever be sent to this address."
    unchanged_message = "This address is kept out for good already"

    def perform(self, **data: Any) -> bool:
        return staff_actions.suppress_address(data["address"], self.request.user, data["reason"])


class LiftSuppressionView(AddressActionView):
    """A mistake, or a change of mind."""

    page_title = "Lift a suppression"
    intro = (
        "Only for an address that was never to be written to, or reported our mail as unwanted, when that was a "
        "mistake or its holder has asked for it. They can sign up again then. Nobody is put on the list by it, and no "
        "import does so."
    )
    submit_label = "Lift it"
    success_message = "The suppression is lifted. Whoever has the address can sign up again."
    unchanged_message = "This address isn’t kept out for good: its holder can sign up"

    def perform(self, **data: Any) -> bool:
        return staff_actions.lift_suppression(data["address"], self.request.user, data["reason"])
