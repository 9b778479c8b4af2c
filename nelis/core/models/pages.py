"""The base classes of all page types."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.models import Page, PageViewRestriction

from nelis.core.edit_conflicts import ConflictPanel
from nelis.core.forms import CHANGE_HEADING, DraftCopyForm, ReviewedPageForm, change_panel
from nelis.core.models.references import NOT_COPIED
from nelis.core.models.workflow import ReviewedRevisionsMixin
from nelis.core.page_permissions import PagePermissions
from nelis.core.page_views import add_page_context
from nelis.core.text import Priority, SearchText

#: Content that describes a date further back than this says so in a notice.
STALE_AFTER = timedelta(days=365)


class BasePage(ReviewedRevisionsMixin, Page):
    """A page with a summary and the date it describes.

    Subclasses set ``content_panels`` (the first tab of the editor) and may add tabs through ``extra_tabs``, a list
    of ``(heading, panels)``.
    """

    summary = models.CharField(
        max_length=300,
        help_text="One or two plain sentences. Used at the top of the page, in listings, in search "
        "results and when the page is shared.",
    )
    as_of = models.DateField(
        "as at",
        null=True,
        blank=True,
        help_text="The date this content describes. Older than twelve months shows a notice.",
    )
    review_due = models.DateField(
        null=True, blank=True, help_text="When somebody should read this page again. Not shown."
    )
    is_historic = models.BooleanField(
        "historical record",
        default=False,
        help_text="Tick for a page kept as it was, not updated any more. The page says so.",
    )

    slug: str

    #: What listings and search call pages of this type, and filter by.
    kind: ClassVar[str] = "Page"
    #: The type of these pages in link previews (Open Graph).
    og_type: ClassVar[str] = "website"
    #: Whether what is below a page of this type, such as its versions, is cited by its address: no other page takes it.
    is_cited_by_address: ClassVar[bool] = False
    search_priority: ClassVar[Priority] = Priority.OTHER
    #: Whether glossary terms are explained where they first appear on pages of this type.
    explains_terms: ClassVar[bool] = True
    #: Relations that every view of the page needs: ``routing.serve`` fetches them with the page.
    page_select_related: ClassVar[tuple[str, ...]] = ()
    #: Tabs of the editor between content and dates: each a heading and its panels.
    extra_tabs: ClassVar[list[tuple[str, list[Any]]]] = []

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            "Search engines and address",
        )
    ]
    record_panels = [
        MultiFieldPanel(
            [
                FieldPanel("as_of"),
                FieldPanel("is_historic"),
                FieldPanel("review_due"),
            ],
            "Dates and upkeep",
        )
    ]
    settings_panels = [*Page.settings_panels]

    base_form_class = ReviewedPageForm
    copy_form_class = DraftCopyForm
    exclude_fields_in_copy = NOT_COPIED

    show_in_menus_default = False

    class Meta:
        abstract = True

    # --- editing -------------------------------------------------------------------------------

    def permissions_for_user(self, user: Any) -> PagePermissions:
        """Return what ``user`` may do with this page."""
        return PagePermissions(user, self)

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Return the tabs of the editor: content, those of the type, dates, promotion, settings, the change note."""
        if "_tabs" not in cls.__dict__:
            tabs = [ObjectList([ConflictPanel(), *cls.content_panels], heading="Content")]
            tabs += [ObjectList(panels, heading=heading) for heading, panels in cls.extra_tabs]
            tabs += [
                ObjectList(cls.record_panels, heading="Dates"),
                ObjectList(cls.promote_panels, heading="Promote"),
                ObjectList(cls.settings_panels, heading="Settings"),
                ObjectList([change_panel()], heading=CHANGE_HEADING),
            ]
            cls._tabs = TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)
        return cls._tabs

    def get_view_restrictions(self) -> Any:
        """Return none, without a query: no page is closed (``nelis.core.privacy``)."""
        return PageViewRestriction.objects.none()

    def clean(self) -> None:
        # In small letters, an address is found however somebody types it.
        self.slug = self.slug.lower()
        super().clean()

    def minimal_clean(self) -> None:
        self.slug = self.slug.lower()
        super().minimal_clean()

    # --- what readers see ----------------------------------------------------------------------

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        add_page_context(self, request, context)
        return context

    @property
    def reference(self) -> str:
        """The reference that people cite, such as P7; empty for pages without one."""
        return getattr(self, "ref", "") or ""

    @property
    def page_title(self) -> str:
        """The title for the browser tab, with the reference first."""
        return self.seo_title or f"{self.reference} {self.title}".strip()

    @property
    def description(self) -> str:
        """The description for search engines and link previews."""
        return self.search_description or self.summary

    def is_stale(self, today: date | None = None) -> bool:
        """Return whether the date this page describes is more than twelve months before ``today``."""
        if self.as_of is None:
            return False
        return (today or timezone.localdate()) - self.as_of > STALE_AFTER

    def breadcrumbs(self) -> list[Page]:
        """Return the ancestors of this page from home down."""
        chain = getattr(self, "_chain", None)
        if chain is None:
            chain = list(self.get_ancestors().defer_streamfields())
        return [page for page in chain if page.depth > 1]

    def get_url_parts(self, request: Any = None) -> tuple[int, str | None, str | None] | None:
        """Return the site and the address in two parts, as Wagtail does; the first is always ``BASE_URL``."""
        parts = super().get_url_parts(request)
        return (parts[0], settings.BASE_URL, parts[2]) if parts and parts[2] is not None else parts

    def json_ld(self, request: Any = None) -> dict[str, Any]:
        """Return this page as schema.org data, for search engines."""
        url = self.get_full_url(request)
        data = {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "name": self.page_title,
            "description": self.description,
            "url": url,
            "inLanguage": "en-GB",
        }
        if self.first_published_at:
            data["datePublished"] = self.first_published_at.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        return data

    # --- search --------------------------------------------------------------------------------

    def search_text(self) -> SearchText:
        """Return what search finds this page by. Subclasses extend ``search_body``."""
        return SearchText(
            # Nobody would filter by a kind of which there is one page.
            kind="Page" if self.max_count == 1 else self.kind,
            ref=self.reference,
            title=self.title,
            summary=self.summary,
            body=self.search_body(),
            priority=self.search_priority,
        )

    def search_body(self) -> str:
        """Return the page's text beyond its title and summary, as plain text."""
        return ""


class IndexPage(BasePage):
    """A page that lists its children, and can be filtered by the query string."""

    kind = "List"

    class Meta:
        abstract = True

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Serve the list; with status 404 when the query string names a choice or page that doesn't exist.

        The page is shown all the same, with a notice on what was left out, so that a mistyped filter still helps.
        """
        return apply_listing_status(super().serve(request, *args, **kwargs))


def apply_listing_status(response: Any) -> Any:
    """Give ``response`` the status of the listing in its context, if there is one."""
    listing = (getattr(response, "context_data", None) or {}).get("listing")
    if listing is not None:
        response.status_code = listing.status
    return response
