"""The page on which everybody who signs in changes their own account."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel

__all__ = ["own_account"]


class OwnAccountView(AccountView):
    """Wagtail’s page without a picture of the person: none is served, and a photograph says where it was taken."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, AvatarSettingsPanel)]


own_account = require_admin_access(OwnAccountView.as_view())
