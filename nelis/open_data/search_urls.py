"""What search finds of the open data: the pages for people."""

from nelis.core.search.urls import register_section

__all__: list[str] = []

register_section(
    "open_data",
    "Open data",
    "Every series and figure to download as CSV and JSON, the whole strategy in one file, and what is not held.",
)
register_section(
    "api_documentation",
    "API",
    "Everything that is published as JSON for other programs: addresses, parameters and fields.",
)
