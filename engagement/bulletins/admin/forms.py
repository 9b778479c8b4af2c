"""The form that a bulletin is written in, and the small forms of the dashboard."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.utils import get_user_display_name

from engagement.bulletins.workflow import last_edit
from nelis.core.forms import UniqueRowsForm
from nelis.core.models import User

__all__ = ["BulletinForm", "ScheduleForm", "SendNowForm", "SendTestForm"]


class BulletinForm(UniqueRowsForm):
    """The form that a bulletin is written in."""

    def loaded_state(self) -> str:
        """Return the key of the last edit: what happens to a bulletin otherwise is no edit."""
        edit = last_edit(self.instance)
        return str(edit.pk) if edit else ""


class ScheduleForm(forms.Form):
    """When it is sent. To send it now has a page of its own (``SendNowForm``)."""

    moment = forms.DateTimeField(
        label="Day and time",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Enter a day and a time, such as 2019-07-22 09:30."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        moment: datetime | None = cleaned.get("moment")
        if moment is None and "moment" not in self.errors:
            self.add_error("moment", "Choose a day and a time, or press “Send now”.")
        elif moment and moment < timezone.now():
            self.add_error("moment", "That time is past. Choose a later one, or press “Send now”.")
        return cleaned


class SendNowForm(forms.Form):
    """That it goes out now, to as many people as were shown. ``count`` is how many they are at this moment."""

    #: The list changes all the time: by up to this share, what was confirmed still holds.
    TOLERANCE = 0.1

    people = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        self.initial["people"] = count

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        shown = cleaned.get("people")
        if not self.count:
            raise forms.ValidationError("Nobody would get it now, so it isn’t sent.")
        if shown is None or abs(shown - self.count) > self.TOLERANCE * shown:
            raise forms.ValidationError("The number of recipients has changed. Look at it again, and confirm it anew.")
        return cleaned


def staff_with_email() -> Any:
    """Return the staff whom a test may be sent to: those who may use the admin, and have an address."""
    staff = User.objects.filter(is_active=True).exclude(email="")
    may = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    return staff.filter(may).distinct().order_by("first_name", "last_name", "username")


class StaffChoiceField(forms.ModelChoiceField):
    """A choice of staff by name: nobody needs to see their addresses."""

    def label_from_instance(self, obj: User) -> str:
        return get_user_display_name(obj)


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
