"""The steps that staff take, as forms."""

from django import forms

__all__ = ["AcknowledgeForm", "AnswerForm", "NoteForm"]

NO_PERSONAL_DATA = "Only staff see it. It is kept for good: write no name and no address into it."


class NoteForm(forms.Form):
    """What was done about it."""

    use_required_attribute = False
    note = forms.CharField(
        label="Note", max_length=300, help_text=NO_PERSONAL_DATA, error_messages={"required": "Write a note"}
    )


class AcknowledgeForm(forms.Form):
    """That somebody has read it."""

    use_required_attribute = False
    note = forms.CharField(
        label="Note for colleagues, if any", max_length=300, required=False, help_text=NO_PERSONAL_DATA
    )


class AnswerForm(AcknowledgeForm):
    """What came of it."""

    outcome = forms.CharField(
        label="Answer",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Goes to whoever complained, as it stands here, if they gave an address.",
        error_messages={"required": "Write the answer"},
    )
    field_order = ["outcome", "note"]
