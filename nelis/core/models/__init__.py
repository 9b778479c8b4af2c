from nelis.core.models.change_log import ChangeEntry, ChangeNote
from nelis.core.models.derived import ContentVersion, DrawnChart, SearchEntry
from nelis.core.models.glossary import GlossaryTerm
from nelis.core.models.media import SiteDocument, SiteImage, SiteRendition
from nelis.core.models.pages import BasePage, IndexPage
from nelis.core.models.site import MenuItem, SiteSettings, User
from nelis.core.models.workflow import IndependentApprovalTask

__all__ = [
    "BasePage",
    "ChangeEntry",
    "ChangeNote",
    "ContentVersion",
    "DrawnChart",
    "GlossaryTerm",
    "IndependentApprovalTask",
    "IndexPage",
    "MenuItem",
    "SearchEntry",
    "SiteDocument",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "User",
]
