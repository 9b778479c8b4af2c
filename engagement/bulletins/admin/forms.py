"""The form that a bulletin is written in, and the small forms of the dashboard."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as date_format

from engagement.bulletins.models import BulletinEvent
from engagement.bulletins.workflow import last_edit
from nelis.core.forms import UniqueRowsForm
from nelis.core.models import User

__all__ = ["BulletinForm", "ScheduleForm", "SendTestForm"]


class BulletinForm(UniqueRowsForm):
    """The form that a bulletin is written in. ``seen`` is the key of the last edit when the form was opened."""

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edit = last_edit(self.instance) if self.instance.pk else None
        self.fields["seen"].initial = str(edit.pk) if edit else ""

    def edit_conflict(self, edit: BulletinEvent | None) -> str:
        """Return who has edited the bulletin meanwhile, as a message; empty when nobody has.

        The form takes note of that edit: submitted once more, it replaces it.
        """
        if edit is None or self.cleaned_data["seen"] == str(edit.pk):
            return ""
        form: Any = self
        form.data = form.data.copy()
        form.data[self.add_prefix("seen")] = str(edit.pk)
        editor = (edit.by.get_full_name() or edit.by.get_username()) if edit.by else "The site"
        return (
            f"{editor} changed it on {date_format(timezone.localtime(edit.at), 'j F Y, H:i')}, after you opened it. "
            "Nothing of yours is saved yet; what you typed is still below. Look at how it stands now, on its "
            "dashboard. If you save again, yours takes its place."
        )


class ScheduleForm(forms.Form):
    """When it is sent: at a moment, or now."""

    moment = forms.DateTimeField(
        label="Day and time",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Enter a day and a time, such as 2019-07-22 09:30."},
    )
    now = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Take one of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        moment: datetime | None = cleaned.get("moment")
        if cleaned.get("now"):
            cleaned["moment"] = timezone.now()
        elif moment is None and "moment" not in self.errors:
            self.add_error("moment", "Choose a day and a time, or press “Send now”.")
        elif moment and moment < timezone.now():
            self.add_error("moment", "That time is past. Choose a later one, or press “Send now”.")
        return cleaned


def staff_with_email() -> Any:
    """Return the staff whom a test may be sent to: those who may use the admin, and have an address."""
    staff = User.objects.filter(is_active=True).exclude(email="")
    may = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    return staff.filter(may).distinct().order_by("first_name", "last_name", "username")


class StaffChoiceField(forms.ModelChoiceField):
    """A choice of staff by name: nobody needs to see their addresses."""

    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name() or obj.get_username()


class SendTestForm(forms.Form):
    """Whom a test is sent to: oneself, unless a colleague is chosen."""

    to = StaffChoiceField(
        User.objects.none(),
        label="To",
        empty_label=None,
        error_messages={
            "required": "Choose who gets the test.",
            "invalid_choice": "Choose somebody who has an account here, with an email address.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = staff_with_email()  # type: ignore[attr-defined]
        self.initial.setdefault("to", user.pk)
