"""The pages of feedback that search finds."""

from nelis.core.search.urls import register_section

__all__: list[str] = []

register_section(
    "feedback:rounds",
    "Have your say",
    "Consultation on the strategy: what is asked now, what people answered, and what came of it.",
)
register_section("feedback:join", "Join a session", "Answer at an event with the code that is on the screen.")
