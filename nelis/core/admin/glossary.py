"""The glossary in the admin."""

from nelis.core.admin.viewsets import SiteViewSet, said
from nelis.core.models import GlossaryTerm

__all__ = ["GlossaryViewSet"]


class GlossaryViewSet(SiteViewSet):
    """Terms and what they mean."""

    model = GlossaryTerm
    icon = "list-ul"
    menu_label = "Glossary"
    list_display = ["term", said("Abbreviation", "abbreviation"), said("Meaning", "definition")]
    search_fields = ["term", "abbreviation", "definition"]
    list_filter = ["explained"]
    inspect_view_fields = ["term", "abbreviation", "definition", "see_also", "explained", "forms"]
