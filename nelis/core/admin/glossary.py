"""The glossary in the admin."""

from nelis.core.admin.viewsets import SiteViewSet, column
from nelis.core.models import GlossaryTerm

__all__ = ["GlossaryViewSet"]


class GlossaryViewSet(SiteViewSet):
    """Terms and what they mean."""

    model = GlossaryTerm
    icon = "list-ul"
    menu_label = "Glossary"
    list_display = ["term", column("Abbreviation", "abbreviation"), column("Meaning", "definition")]
    search_fields = ["term", "abbreviation", "definition"]
    list_filter = ["explained"]
    inspect_view_fields = ["term", "abbreviation", "definition", "see_also", "explained", "forms"]
