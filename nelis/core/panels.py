"""Parts of the editor that every kind of thing shares."""

from django import forms
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

__all__ = ["CHANGE_HEADING", "change_panel"]

CHANGE_HEADING = "What changed"


def change_panel() -> MultiFieldPanel:
    """What readers are told of a change. Shown only for what they see already: the form leaves it out otherwise."""
    return MultiFieldPanel(
        [
            FieldPanel(
                "change_kind",
                widget=forms.RadioSelect,
                help_text="Asked when the change is published or handed in for review. A change of substance and a "
                "correction stand in the public list of changes.",
            ),
            FieldPanel("change_note", help_text="One sentence for readers: what is different now, and why."),
        ],
        CHANGE_HEADING,
    )
