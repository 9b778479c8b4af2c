"""One subscription in the admin: its page, the actions on it, and adding one by hand."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import AddSubscriberForm, EraseForm, PauseForm, ReasonForm
from engagement.mailing_list.models import ConsentEvent, StaffAction, Subscription, Suppression
from nelis.core.admin.views import ActionFormView, StaffFormView, StaffView

BREADCRUMBS = (("Mailing list", "mailing_list_admin:overview"), ("Subscriptions", "mailing_list_admin:subscriptions"))
#: Emails shown on the page.
MAILS_SHOWN = 50


class SubscriptionDetailView(StaffView):
    """Show everything about one subscription, in a fixed number of queries."""

    permission = "mailing_list.view_subscription"
    template_name = "admin/mailing_list/subscription.html"
    header_icon = "user"
    breadcrumb_parents = BREADCRUMBS

    def get_page_title(self) -> str:
        return "Subscription"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subscription = get_object_or_404(Subscription.objects.prefetch_related("topics"), pk=self.kwargs["pk"])
        same = {"address_hash": subscription.address_hash}
        suppression = Suppression.objects.filter(**same).first()
        # With what was done before its holder changed their address.
        events = ConsentEvent.objects.filter(Q(**same) | Q(subscription=subscription.uuid))
        context = {
            "subscription": subscription,
            "is_open": subscription.state in Subscription.OPEN,
            "can_pause": subscription.state in (Subscription.State.ACTIVE, Subscription.State.PAUSED),
            "is_never": suppression is not None and suppression.reason == Suppression.Reason.NEVER,
            "suppression": suppression,
            "events": events.select_related("wording"),
            "actions": StaffAction.objects.filter(subscription=subscription.uuid).select_related("by"),
            "emails": TransactionalEmail.objects.filter(**same)[:MAILS_SHOWN],
            # Kept by bulletins, which know this model.
            "deliveries": subscription.deliveries.select_related("bulletin").order_by("-pk")[:MAILS_SHOWN],
            "others": Subscription.objects.filter(**same).exclude(pk=subscription.pk),
        }
        return super().get_context_data(**kwargs) | context


class SubscriptionActionView(ActionFormView):
    """An action on one subscription."""

    permission = "mailing_list.change_subscription"
    model = Subscription
    form_class: type[forms.Form] = ReasonForm
    header_icon = "user"
    breadcrumb_parents = BREADCRUMBS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"intro": f"{self.object.address}. {self.intro}"}

    def get_success_url(self) -> str:
        return reverse("mailing_list_admin:subscription", args=[self.object.pk])


class EndView(SubscriptionActionView):
    """End a subscription, as somebody asked by letter or telephone."""

    page_title = "End the subscription"
    intro = "Nothing more is sent to this address, and no import brings it back. Its holder can sign up again."
    submit_label = "End it"
    success_message = "The subscription has ended."

    def perform(self, **data: Any) -> bool:
        return staff_actions.end(self.object, self.request.user, data["reason"])


class PauseView(SubscriptionActionView):
    """Pause a subscription until a day."""

    page_title = "Pause the subscription"
    form_class = PauseForm
    intro = "Nothing is sent before that day. Then it goes on by itself."
    submit_label = "Pause it"
    success_message = "The subscription is paused."

    def perform(self, **data: Any) -> bool:
        return staff_actions.pause(self.object, data["until"], self.request.user, data["reason"])


class SuppressView(SubscriptionActionView):
    """Suppress the address of a subscription for good."""

    page_title = "Never write to this address"
    intro = "The subscription ends, and nothing is ever sent to this address, even if somebody signs it up again."
    submit_label = "Never write to it"
    is_destructive = True
    success_message = "Nothing will ever be sent to this address."

    def perform(self, **data: Any) -> bool:
        staff_actions.suppress(self.object, self.request.user, data["reason"])
        return True


class EraseView(SubscriptionActionView):
    """Erase a person, which ends on the list of subscriptions: this one is gone."""

    permission = "mailing_list.delete_subscription"
    page_title = "Erase this person"
    form_class = EraseForm
    intro = (
        "Every subscription with this address is deleted, and the address is taken out of the account of mails. A hash "
        "from which nobody can tell the address stays, so that no import brings it back. Complaints with this address "
        "stay, too, until two years after they are answered."
    )
    submit_label = "Erase"
    is_destructive = True
    success_message = (
        "Everything that named this person is deleted, except complaints with this address, if there are any."
    )

    def perform(self, **data: Any) -> bool:
        staff_actions.erase(self.object, self.request.user, data["reason"])
        return True

    def get_success_url(self) -> str:
        return reverse("mailing_list_admin:subscriptions")


class AddSubscriberView(StaffFormView):
    """Add somebody who agreed on paper, and send them an email that says so."""

    permission = "mailing_list.add_subscription"
    page_title = "Add somebody by hand"
    header_icon = "plus"
    breadcrumb_parents = (("Mailing list", "mailing_list_admin:overview"),)
    form_class = AddSubscriberForm
    submit_label = "Add to the list"
    intro = (
        "Only for somebody who agreed on paper, and whose form is kept. They get an email that says so, with a link to "
        "leave. Tick only what is ticked on the form."
    )

    def form_valid(self, form: AddSubscriberForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            subscription = staff_actions.add(
                data["address"],
                form.preferences,
                data["evidence"],
                data["consent_date"],
                self.request.user,
                name=data["name"],
                organisation=data["organisation"],
            )
        except staff_actions.RefusedError as refusal:
            form.add_error("address", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "Added. An email that says so is on its way.")
        return redirect("mailing_list_admin:subscription", pk=subscription.pk)
