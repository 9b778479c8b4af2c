"""Panels of the first page of the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from nelis.core.models import SiteSettings


class SiteOperatorPanel(Component):
    """Warn those who may change the site settings until readers are told who runs the site."""

    name = "site_operator"
    template_name = "admin/core/site_operator_panel.html"
    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        missing: list[str] = []
        address = ""
        site = Site.find_for_request(self.request)
        if site and ModelPermissionPolicy(SiteSettings).user_has_permission(self.request.user, "change"):
            settings = SiteSettings.objects.filter(site=site).first() or SiteSettings()
            missing = settings.missing_contacts
            address = reverse("wagtailsettings:edit", args=["core", "sitesettings", site.pk])
        return {"missing": missing, "address": address}
