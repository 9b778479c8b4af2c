"""The site as a whole: its users, its settings and its menus."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from nelis.core.edit_conflicts import ConflictPanel
from nelis.core.forms import UniqueRowsForm


class User(AbstractUser):
    """A member of staff. Visitors and subscribers never have an account."""

    instead_of_deleting = "Their name stays on what they did. Untick “Active” instead."


@register_setting(icon="cog")
class SiteSettings(ClusterableModel, BaseSiteSetting):
    """Who runs the site, the site-wide notice, the footer, the menus and the contact for security problems."""

    operator_name = models.CharField(
        "who runs this site",
        max_length=120,
        blank=True,
        help_text="The public body that answers for it, such as a combined authority. At the foot of every page.",
    )
    contact_name = models.CharField(
        "whom readers reach",
        max_length=120,
        blank=True,
        help_text="A person or a team, such as “The strategy team”. With the next three on the contact page.",
    )
    contact_email = models.EmailField("email address", blank=True, help_text="One that somebody reads.")
    contact_phone = models.CharField("telephone", max_length=40, blank=True)
    contact_address = models.CharField("postal address", max_length=250, blank=True, help_text="On one line.")
    notice_title = models.CharField(max_length=80, blank=True, help_text="A few words. Leave empty for no notice.")
    notice_text = models.CharField(
        max_length=300, blank=True, help_text="One sentence, shown under the menu of every page."
    )
    notice_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page that says what is known since. With it, the notice begins with a line: solid until then, "
        "dotted since.",
    )
    footer_heading = models.CharField(
        max_length=120,
        blank=True,
        help_text="The large line at the foot of every page, beside the key. Empty for “Key to the lines”.",
    )
    footer_text = models.TextField(
        blank=True, max_length=400, help_text="What this site is, in a sentence or two, at the foot of every page."
    )
    security_contact = models.CharField(
        max_length=200,
        blank=True,
        help_text="Where to report a security problem: mailto:… or https://…. "
        "Shown in security.txt; without it that file points to the contact page.",
    )
    search_synonyms = models.TextField(
        blank=True,
        help_text="Words that mean the same to readers, one set a line, with commas between: whoever searches for one "
        "finds what holds any of them. The abbreviations and other names of glossary terms and organisations are known "
        "without this.",
    )

    base_form_class = UniqueRowsForm
    panels = [
        ConflictPanel(),
        MultiFieldPanel(
            [
                FieldPanel("operator_name"),
                FieldPanel("contact_name"),
                FieldPanel("contact_email"),
                FieldPanel("contact_phone"),
                FieldPanel("contact_address"),
            ],
            "Who runs this site",
        ),
        MultiFieldPanel(
            [
                FieldPanel("notice_title"),
                FieldPanel("notice_text"),
                PageChooserPanel("notice_page"),
            ],
            "Site-wide notice",
        ),
        InlinePanel("menu_items", label="Menu item", heading="Menus"),
        MultiFieldPanel([FieldPanel("footer_heading"), FieldPanel("footer_text")], "Foot of page"),
        FieldPanel("security_contact"),
        FieldPanel("search_synonyms"),
    ]

    class Meta:
        verbose_name = "site settings"

    @property
    def has_notice(self) -> bool:
        return bool(self.notice_title or self.notice_text)

    @property
    def missing_contacts(self) -> list[str]:
        """What readers aren’t told of who runs the site; empty when they can name it and reach a person."""
        can_be_reached = self.contact_email or self.contact_phone or self.contact_address
        found = {
            "who runs it": self.operator_name,
            "whom readers reach": self.contact_name,
            "an email address, telephone number or postal address": can_be_reached,
        }
        return [what for what, said in found.items() if not said.strip()]


class MenuItem(Orderable):
    """One link in the main menu, on the list of all pages or at the foot of every page."""

    MAIN = "main"
    FOOT = "foot"

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="menu_items")
    menu = models.CharField(
        max_length=60,
        default=MAIN,
        help_text="“main” for the menu at the top (six at most), “foot” for the line at the foot; any other words are "
        "the heading of a group under “All pages”. A group named like a link of the main menu belongs to that link.",
    )
    label = models.CharField(max_length=60)
    question = models.CharField(
        max_length=40,
        blank=True,
        help_text="For the main menu: what readers ask who want this, such as “What is proposed”.",
    )
    page = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(
        max_length=200,
        blank=True,
        help_text="For a place that isn’t a page, such as /search/. Starts with a slash.",
    )

    panels = [
        FieldPanel("menu"),
        FieldPanel("label"),
        FieldPanel("question"),
        PageChooserPanel("page"),
        FieldPanel("path"),
    ]

    def clean(self) -> None:
        super().clean()
        if bool(self.page_id) == bool(self.path):
            raise ValidationError({"page": "Choose a page or give a path: one of the two."})
        if self.path and not self.path.startswith("/"):
            raise ValidationError({"path": "A path starts with a slash, such as /search/."})
