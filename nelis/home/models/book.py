"""The book's page: the whole strategy as one file, at an address of its own."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.models import BasePage
from nelis.core.richtext import plain_text
from nelis.home.book.contents import anchors_by_url, build_chapters
from nelis.home.book.queries import load_book_data
from nelis.home.book.style import book_csp, book_css
from nelis.home.book.text import make_links_self_contained

__all__ = ["BookPage"]


class BookPage(RoutablePageMixin, BasePage):
    """The whole strategy in one file that opens from a disk and prints as a report. Only its opening is edited."""

    introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="Stands before the contents list. The rest makes itself."
    )

    kind = "Book"
    template = "book/book.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "The whole strategy in one file, for keeping and printing. One for the whole site."

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "book"

    def search_body(self) -> str:
        return plain_text(self.introduction)

    @path("")
    def read(self, request: HttpRequest) -> HttpResponse:
        """The book in the browser."""
        return self.answer(request)[0]

    @path("download/")
    def download(self, request: HttpRequest) -> HttpResponse:
        """The same file to be kept, named by the day of the last change."""
        response, day = self.answer(request)
        name = f"north-east-local-industrial-strategy-{day:%Y-%m-%d}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def answer(self, request: Any) -> tuple[HttpResponse, Any]:
        """The book as a file of its own, with a policy that allows its style and nothing else; and its day."""
        gathered = load_book_data()
        found = build_chapters(gathered)
        context = {
            "page": self,
            "base": settings.BASE_URL,
            "chapters": found,
            "number": gathered.number,
            "changed": gathered.changed,
            "style": book_css(),
            "download": self.url + self.reverse_subpage("download"),
            "is_preview": getattr(request, "is_preview", False),
        }
        html = render_to_string(self.template, context, request)
        response = HttpResponse(make_links_self_contained(html, anchors_by_url(gathered, found), settings.BASE_URL))
        response["Content-Security-Policy"] = book_csp(preview=context["is_preview"])
        return response, timezone.localdate(gathered.changed) if gathered.changed else timezone.localdate()
