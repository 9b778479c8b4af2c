"""The small forms of the desk."""

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

__all__ = ["BulletinForm", "NoteForm", "ScheduleForm", "SendTestForm"]


class BulletinForm(UniqueRowsForm):
    """What a bulletin is written in. ``seen`` is the last writing that the form was opened on."""

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = event_key(last_edit(self.instance)) if self.instance.pk else ""

    def edit_conflict(self, by: BulletinEvent | None) -> str:
        """Why it isn't saved, where somebody has written on it meanwhile. Sent once more, it takes the place of that.

        Empty when nobody has.
        """
        if by is None or self.cleaned_data["seen"] == event_key(by):
            return ""
        form: Any = self
        form.data = form.data.copy()
        form.data[self.add_prefix("seen")] = event_key(by)
        who = (by.by.get_full_name() or by.by.get_username()) if by.by else "The site"
        return (
            f"{who} changed it on {date_format(timezone.localtime(by.at), 'j F Y, H:i')}, after you opened it. Nothing "
            "of yours is saved yet; what you typed is still below. Look at how it stands now, at its desk. If you save "
            "again, yours takes its place."
        )


def event_key(event: BulletinEvent | None) -> str:
    """What tells one writing from the next."""
    return str(event.pk) if event else ""


class NoteForm(forms.Form):
    """A word on why."""

    note = forms.CharField(max_length=200, required=False)


class ScheduleForm(forms.Form):
    """When it goes out: a moment, or now."""

    moment = forms.DateTimeField(
        label="Day and time",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Enter a day and a time, such as 2019-07-22 09:30."},
    )
    now = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
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
    """Members of staff whom a test may be sent to: who may use the admin, and has an address."""
    staff = User.objects.filter(is_active=True).exclude(email="")
    may = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    return staff.filter(may).distinct().order_by("first_name", "last_name", "username")


class StaffChoiceField(forms.ModelChoiceField):
    """Somebody by name: nobody needs to see their address."""

    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name() or obj.get_username()


class SendTestForm(forms.Form):
    """Whom a test goes to: oneself, unless another is chosen."""

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
