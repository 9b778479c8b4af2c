"""How to cite a proposition."""

from datetime import date
from typing import Any

from django.utils import timezone

from nelis.core.dates import partial_date
from nelis.core.page_addresses import page_path
from nelis.evidence.citation_text import as_sentence, join_sentences, site_reference


def cite_proposition(page: Any, version: Any = None, title: str = "", today: date | None = None) -> str:
    """A proposition by reference and title, with its stage and the date it describes.

    ``version`` is the public version cited, which stays readable at an address of its own, and ``title`` what the
    proposition was called then, if something else. Without a version the citation is of the page as it stands, and
    says when that last changed.
    """
    what = as_sentence(f"{page.ref}: {title or page.title}")
    if version:
        path = f"{page_path(page)}v{version.number}/"
        published = f"published on this site on {partial_date(timezone.localdate(version.published_at))}"
        return join_sentences(
            what,
            as_sentence(f"Proposition, version {version.number}: {version.label}, {published}"),
            site_reference(path, page.ref, today),
        )
    stage = page.get_stage_display().lower() + (f", {partial_date(page.stage_date)}" if page.stage_date else "")
    last = page.last_published_at and partial_date(timezone.localdate(page.last_published_at))
    changed = f"as last changed on this site on {last}" if last else ""
    return join_sentences(
        what,
        as_sentence(f"Proposition, {stage}"),
        as_sentence(changed),
        f"As at {partial_date(page.as_of, 'month')}." if page.as_of else "As at a date that isn’t recorded.",
        site_reference(page_path(page), page.ref, today),
    )
