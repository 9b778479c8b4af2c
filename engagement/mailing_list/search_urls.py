"""The pages of the mailing list that search finds."""

from nelis.core.search.urls import register_section

__all__: list[str] = []

register_section(
    "mailing_list:signup",
    "Mailing list",
    "Choose what to be told about by email: bulletins, and changes to the strategy.",
)
register_section(
    "mailing_list:request_link",
    "Leave the mailing list, or change what it sends",
    "Ask for a link by which you unsubscribe, choose other bulletins, or see what we hold about you.",
)
