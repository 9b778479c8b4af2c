"""How to cite a proposition."""

from datetime import date
from typing import Any

from nelis.core.templatetags.design import as_known
from nelis.evidence.cite import here, joined, sentence

__all__ = ["cite_proposition"]


def cite_proposition(page: Any, version: str = "", path: str = "", today: date | None = None) -> str:
    """A proposition by reference and title, with its stage and the date it describes.

    ``version`` is the label of the public version cited and ``path`` the address of that version. Without them the
    citation is of the page as it stands, and says when that last changed.
    """
    stage = page.get_stage_display().lower() + (f", {as_known(page.stage_date)}" if page.stage_date else "")
    if not version and page.last_published_at:
        version = f"as last changed on this site on {as_known(page.last_published_at)}"
    return joined(
        sentence(f"{page.ref}: {page.title}"),
        sentence(f"Proposition, {stage}"),
        sentence(version),
        f"As at {as_known(page.as_of, 'month')}." if page.as_of else "As at a date that isn’t recorded.",
        here(path or _path(page), page.ref, today),
    )


def _path(page: Any) -> str:
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""
