"""The directory: organisations, places and the people to ask."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from nelis.core.models.workflow import ReviewedMixin
from nelis.core.text import SearchText

#: Where the list of organisations stands. Fixed, so that linking to one needs no query.
ORGANISATIONS_PATH = "/organisations/"


class Place(models.Model):
    """A place named in the strategy: a council area, a site, a port, a region."""

    class Kind(models.TextChoices):
        AREA = "area", "Council area"
        TOWN = "town", "Town"
        SITE = "site", "Site"
        ENTERPRISE_ZONE = "ez", "Enterprise Zone"
        PORT = "port", "Port"
        REGION = "region", "Region"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    gss_code = models.CharField(
        "official code", max_length=12, blank=True, help_text="The nine-character code, if it has one."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug", help_text="Part of its address. Permanent."),
        FieldPanel("kind"),
        FieldPanel("gss_code"),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Organisation(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A body that has a part in the strategy. Its page lists every role it has."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "Government and public bodies"
        LEP = "lep", "The LEP and its bodies"
        UNIVERSITY = "university", "Universities and research"
        CLUSTER = "cluster", "Cluster bodies"
        COMPANY = "company", "Companies"
        CONSULTANT = "consultant", "Consultants"
        FUNDER = "funder", "Funds and funders"
        PARTNER = "partner", "Partners outside the area"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160, unique=True)
    short_name = models.CharField(max_length=40, blank=True, help_text="Such as NEAA.")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    summary = models.CharField(
        max_length=300, blank=True, help_text="What the sources say it is or does, in a sentence."
    )
    url = models.URLField("address", blank=True)
    places = models.ManyToManyField(Place, blank=True, related_name="organisations")
    aliases = models.CharField("also called", max_length=200, blank=True, help_text="Other names, with commas between.")
    as_of = models.DateField("as at", null=True, blank=True, help_text="When its description was true.")
    source = models.ForeignKey("evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("short_name"),
                FieldPanel("slug", help_text="Part of its address. Permanent."),
                FieldPanel("kind"),
                FieldPanel("parent", help_text="The body it belongs to, if any."),
                FieldPanel("aliases"),
            ],
            "Who it is",
        ),
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                FieldPanel("places"),
                FieldPanel("url"),
                FieldPanel("as_of"),
                FieldPanel("source"),
            ],
            "What we know of it",
        ),
    ]

    permanent_fields = ("slug",)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{ORGANISATIONS_PATH}{self.slug}/"

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Organisation",
            ref=self.short_name,
            title=self.name,
            summary=self.summary,
            body=self.get_kind_display(),
            names=(self.short_name, *(name.strip() for name in self.aliases.split(","))),
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/organisation.html"


class Contact(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A person to ask, with the name and role a source gives and no address it doesn't."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    email = models.EmailField(blank=True, help_text="Leave empty if the sources give none.")
    remit = models.CharField(max_length=300, blank=True, help_text="What they answer for.")
    note = models.CharField(max_length=300, blank=True, help_text="A caveat shown on the card.")

    panels = [
        FieldPanel("name"),
        FieldPanel("slug", help_text="Permanent."),
        FieldPanel("role"),
        FieldPanel("organisation"),
        FieldPanel("email"),
        FieldPanel("remit"),
        FieldPanel("note"),
    ]

    permanent_fields = ("slug",)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    @property
    def anchor(self) -> str:
        """The fragment of this person's card on the contact page."""
        return self.slug

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Contact",
            ref="",
            title=self.name,
            summary=self.role,
            body=f"{self.remit} {self.organisation or ''}".strip(),
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/contact.html"
