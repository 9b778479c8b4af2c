"""The small forms of the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from nelis.core.models import User

__all__ = ["NoteForm", "ScheduleForm", "TestForm"]


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


def colleagues() -> Any:
    """Members of staff whom a test may be sent to: who may use the admin, and has an address."""
    staff = User.objects.filter(is_active=True).exclude(email="")
    may = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    return staff.filter(may).distinct().order_by("first_name", "last_name", "username")


class Colleague(forms.ModelChoiceField):
    """Somebody by name: nobody needs to see their address."""

    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name() or obj.get_username()


class TestForm(forms.Form):
    """Whom a test goes to: oneself, unless another is chosen."""

    to = Colleague(
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
        self.fields["to"].queryset = colleagues()  # type: ignore[attr-defined]
        self.initial.setdefault("to", user.pk)
