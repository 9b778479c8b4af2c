"""The pages of the mailing list that search finds."""

from nelis.core.search.urls import register_section

__all__: list[str] = []

register_section(
    "mailing_list:signup",
    "Mailing list",
    "Choose what to be told about by email: bulletins, and changes to the strategy.",
)
register_section(
    "mailing_list:unsubscribe",
    "Leave the mailing list",
    "Unsubscribe, so that no more bulletins or other emails are sent to you.",
)
register_section(
    "mailing_list:request_link",
    "Change what the mailing list sends you",
    "Ask for a link to your preferences, and to what we hold about you.",
)
