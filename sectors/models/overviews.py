"""Pages that list or count what is recorded elsewhere. Only their introduction is edited."""

from typing import ClassVar

from nelis.core.page_views import RoutedPageMixin
from nelis.evidence.models import EvidencedIndexPage


class FindingIndexPage(EvidencedIndexPage):
    """All findings with what each led to, filtered by the query string."""

    template = "pages/finding_index.html"
    parent_page_types = ["evidence.EvidenceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Lists every finding and what it led to. One for the whole site."

    class Meta:
        verbose_name = "list of findings"


class GapsPage(EvidencedIndexPage):
    """What is missing: findings without an answer, figures not held, and more."""

    template = "pages/gaps.html"
    parent_page_types = ["evidence.EvidenceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Lists what is missing, computed from all that is published. One for the whole site."

    class Meta:
        verbose_name = "list of gaps"


class ExplorerPage(RoutedPageMixin, EvidencedIndexPage):
    """Counts of propositions by two dimensions that the reader chooses, as a page, CSV or JSON."""

    kind = "Explorer"
    template = "pages/explorer.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Sets any two parts of the strategy against each other. One for the whole site."

    class Meta:
        verbose_name = "explorer"


class ChangesPage(EvidencedIndexPage):
    """Everything that was published or taken down, with the reason."""

    template = "pages/changes.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Lists every change that readers are told of. One for the whole site."

    class Meta:
        verbose_name = "list of changes"


class OrganisationIndexPage(RoutedPageMixin, EvidencedIndexPage):
    """All organisations by kind; below it, a page for each with its roles."""

    template = "pages/organisation_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Lists the organisations and gives each a page. One for the whole site."

    class Meta:
        verbose_name = "list of organisations"
