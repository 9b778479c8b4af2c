"""One subscription: what it says, how it came about, what was sent, and what staff can do with it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import EraseForm, PauseForm, ReasonForm
from engagement.mailing_list.models import ConsentEvent, StaffAction, Subscription, Suppression
from nelis.core.admin.views import StaffFormView, StaffView

__all__ = ["EndView", "EraseView", "PauseView", "SubscriptionDetailView", "SuppressView"]

BREADCRUMBS = (("Mailing list", "mailing_list_admin:overview"), ("Subscriptions", "mailing_list_admin:subscriptions"))
#: Mails shown on the page.
MAILS_SHOWN = 50


class SubscriptionDetailView(StaffView):
    """Everything about one subscription. The number of queries does not depend on what there is."""

    permission = "mailing_list.view_subscription"
    template_name = "admin/mailing_list/subscription.html"
    header_icon = "user"
    breadcrumb_parents = BREADCRUMBS

    def get_page_title(self) -> str:
        return "Subscription"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = get_object_or_404(Subscription.objects.prefetch_related("topics"), pk=self.kwargs["pk"])
        same = {"address_hash": one.address_hash}
        kept_out = Suppression.objects.filter(**same).first()
        context = {
            "one": one,
            "is_open": one.state in Subscription.OPEN,
            "can_pause": one.state in (Subscription.State.ACTIVE, Subscription.State.PAUSED),
            "never": kept_out is not None and kept_out.reason == Suppression.Reason.NEVER,
            "kept_out": kept_out,
            "events": ConsentEvent.objects.filter(**same).select_related("wording"),
            "acts": StaffAction.objects.filter(subscription=one.uuid).select_related("by"),
            "service_mails": TransactionalEmail.objects.filter(**same)[:MAILS_SHOWN],
            # The account of bulletins, which is kept a room above, and is tied to this row.
            "deliveries": one.deliveries.select_related("bulletin").order_by("-pk")[:MAILS_SHOWN],
            "others": Subscription.objects.filter(**same).exclude(pk=one.pk),
        }
        return super().get_context_data(**kwargs) | context


class SubscriptionActionView(StaffFormView):
    """A form that does something with one subscription."""

    permission = "mailing_list.change_subscription"
    form_class: type[forms.Form] = ReasonForm
    header_icon = "user"
    breadcrumb_parents = BREADCRUMBS
    done = ""
    not_done = "Nothing was changed: somebody else was quicker. This is how it stands."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Looked up only for those who may see that it is there.
        self.one = None
        if request.user.has_perm(self.permission):
            self.one = get_object_or_404(Subscription, pk=kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.one is not None  # noqa: S101 - the permission was asked for before
        return super().get_context_data(**kwargs) | {"words": f"{self.one.address}. {self.words}"}

    def act(self, one: Subscription, said: dict[str, Any], by: Any) -> bool:
        """Do it. False if there was nothing to do any more."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        assert self.one is not None  # noqa: S101 - the permission was asked for before
        if self.act(self.one, form.cleaned_data, self.request.user):
            messages.success(self.request, self.done)
        else:
            messages.warning(self.request, self.not_done)
        if Subscription.objects.filter(pk=self.one.pk).exists():
            return redirect("mailing_list_admin:subscription", pk=self.one.pk)
        return redirect(reverse("mailing_list_admin:subscriptions"))


class EndView(SubscriptionActionView):
    """Somebody asked, by letter or telephone, to get no more."""

    page_title = "End the subscription"
    words = "Nothing more is sent to this address, and no import brings it back. Its holder can sign up again."
    submit_label = "End it"
    done = "The subscription has ended."

    def act(self, one: Subscription, said: dict[str, Any], by: Any) -> bool:
        return staff_actions.end(one, by, said["reason"])


class PauseView(SubscriptionActionView):
    """Nothing for a while."""

    page_title = "Pause the subscription"
    form_class = PauseForm
    words = "Nothing is sent before that day. Then it goes on by itself."
    submit_label = "Pause it"
    done = "The subscription is paused."

    def act(self, one: Subscription, said: dict[str, Any], by: Any) -> bool:
        return staff_actions.pause(one, said["until"], by, said["reason"])


class SuppressView(SubscriptionActionView):
    """Never again."""

    page_title = "Never write to this address"
    words = "The subscription ends, and nothing is ever sent to this address, even if somebody signs it up again."
    submit_label = "Never write to it"
    is_destructive = True
    done = "Nothing will ever be sent to this address."

    def act(self, one: Subscription, said: dict[str, Any], by: Any) -> bool:
        staff_actions.suppress(one, by, said["reason"])
        return True


class EraseView(SubscriptionActionView):
    """The right to be forgotten."""

    permission = "mailing_list.delete_subscription"
    page_title = "Erase this person"
    form_class = EraseForm
    words = (
        "Every subscription with this address is deleted, and the address is taken out of the account of mails. A hash "
        "from which nobody can tell the address stays, so that no import brings it back. Complaints with this address "
        "stay, too, until two years after they are answered."
    )
    submit_label = "Erase"
    is_destructive = True
    done = "Everything that named this person is deleted, except complaints with this address, if there are any."

    def act(self, one: Subscription, said: dict[str, Any], by: Any) -> bool:
        staff_actions.erase(one, by, said["reason"])
        return True
