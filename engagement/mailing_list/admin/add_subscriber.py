"""Putting somebody on the list who agreed on paper."""

from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from engagement.mailing_list import staff_actions
from engagement.mailing_list.admin.forms import AddSubscriberForm
from nelis.core.admin.views import StaffFormView

__all__ = ["AddSubscriberView"]


class AddSubscriberView(StaffFormView):
    """The form. Who is added gets a mail that says so, with the way out."""

    permission = "mailing_list.add_subscription"
    page_title = "Add somebody by hand"
    header_icon = "plus"
    breadcrumb_parents = (("Mailing list", "mailing_list_admin:overview"),)
    form_class = AddSubscriberForm
    submit_label = "Add to the list"
    intro = (
        "Only for somebody who agreed on paper, and whose form is kept. They get a mail that says so, with a link to "
        "leave. Tick only what is ticked on the form."
    )

    def form_valid(self, form: AddSubscriberForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            made = staff_actions.add(
                said["address"],
                form.preferences,
                said["evidence"],
                said["consent_date"],
                self.request.user,
                name=said["name"],
                organisation=said["organisation"],
            )
        except staff_actions.RefusedError as refused:
            form.add_error("address", str(refused))
            return self.form_invalid(form)
        messages.success(self.request, "Added. A mail that says so is on its way.")
        return redirect("mailing_list_admin:subscription", pk=made.pk)
