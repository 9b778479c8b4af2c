"""Suppressed addresses in the admin: how many, looking one up, suppressing one, and lifting that."""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from wagtail.admin import messages

from engagement.mail.addresses import address_hash
from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import AddressForm, AddressReasonForm
from engagement.mailing_list.models import StaffAction, Suppression
from nelis.core.admin.views import ActionFormView, StaffFormView

LIST = (("Mailing list", "mailing_list_admin:overview"),)


class SuppressionsView(StaffFormView):
    """Show how many addresses are suppressed and why, and look one up. They can't be listed."""

    permission = "mailing_list.view_suppression"
    template_name = "admin/mailing_list/suppressions.html"
    page_title = "Suppressed addresses"
    header_icon = "lock"
    breadcrumb_parents = LIST
    form_class = AddressForm
    submit_label = "Look it up"
    intro = (
        "No import and nobody by hand brings these addresses back. Only a keyed hash of each is kept, so they can’t be "
        "listed, but you can ask about one. That you asked is written down; the address isn’t."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = dict(Suppression.objects.order_by().values_list("reason").annotate(Count("pk")))
        reasons = [(label, counts.get(reason, 0)) for reason, label in Suppression.Reason.choices]
        return super().get_context_data(**kwargs) | {"reasons": reasons, "total": sum(counts.values())}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        address = form.cleaned_data["address"]
        found = Suppression.objects.filter(address_hash=address_hash(address)).first()
        StaffAction.write(None, StaffAction.Action.CHECKED, self.request.user)
        return self.render_to_response(self.get_context_data(form=form, asked=address, found=found, now=timezone.now()))


class AddressActionView(ActionFormView):
    """An action on an address that is typed in. No link leads here with one: addresses stay out of URLs."""

    permission = "mailing_list.change_subscription"
    header_icon = "lock"
    breadcrumb_parents = (*LIST, ("Suppressed addresses", "mailing_list_admin:suppressions"))
    form_class = AddressReasonForm
    success_url = reverse_lazy("mailing_list_admin:suppressions")

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        if not self.perform(**form.cleaned_data):
            form.add_error("address", self.unchanged_message)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())


class SuppressAddressView(AddressActionView):
    """Suppress an address for good, on the list or not."""

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
    """Lift a suppression that is for good."""

    page_title = "Lift a suppression"
    intro = (
        "Only for an address that was never to be written to, or reported our email as unwanted, when that was a "
        "mistake or its holder has asked for it. They can sign up again then. Nobody is put on the list by it, and no "
        "import does so."
    )
    submit_label = "Lift it"
    success_message = "The suppression is lifted. Whoever has the address can sign up again."
    unchanged_message = "This address isn’t kept out for good: its holder can sign up"

    def perform(self, **data: Any) -> bool:
        return staff_actions.lift_suppression(data["address"], self.request.user, data["reason"])
